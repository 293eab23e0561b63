"""A map of coloured cells over two axes, on which a cell can be pointed at and picked."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Signal
from PySide6.QtGui import QColor

from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.maps.basin_colors import Image
from gdviz.gui.descent.maps.picking import Marks, PickPlot
from gdviz.gui.theme import Look

CLOSEST, FARTHEST = 0.02, 5.0
"""The least and the most that zooming shows, in sizes of the map: its cells do not become finer."""

Cell = tuple[int, int]
"""Row and column of a map."""


class MapPlot(PickPlot):
    """Draws a map, numbered places, a ring at the present one and a frame around the cell under the cursor.

    Signals:
        pointed(object): the cell under the mouse or the keyboard's cursor; None is none.
        picked(float, float): a place was clicked, or Return was pressed on it, in the plot's coordinates.
    """

    pointed = Signal(object)
    picked = Signal(float, float)

    def __init__(self, name: str, title: str, look: Look) -> None:
        super().__init__(name, title, look)
        self._x: FloatArray = np.empty(0)
        self._y: FloatArray = np.empty(0)
        self._cell: Cell | None = None
        self._ring_at: tuple[float, float] | None = None
        self._ring_color = QColor()
        self._places: list[pg.TextItem] = []
        self._numbered: Sequence[tuple[str, float, float]] = ()
        self._image = pg.ImageItem(autoDownsample=False)
        self._disks = Marks()
        self._ring = Marks()
        self._cursor = Marks("s")
        for depth, item in enumerate((self._image, self._disks, self._ring, self._cursor)):
            item.setZValue(depth * 10)
            self.addItem(item, ignoreBounds=True)
        self.scene().sigMouseMoved.connect(self._hover)
        self.box.clicked.connect(self._click)
        self.moved.connect(self._move)
        self.used.connect(self._use)

    def show_map(self, image: Image, x: FloatArray, y: FloatArray) -> None:
        """Draw cells; x and y are the middles of columns and rows, evenly spaced."""
        self._x, self._y = x, y
        self._image.setImage(image, levels=(0, 255))
        self._image.setRect(_frame(x, y))
        self._image.show()
        self.point_at(self._cell)

    def clear_map(self) -> None:
        """Draw no cells and no places."""
        self._image.hide()
        self._x = self._y = np.empty(0)
        self.set_places(())
        self.point_at(None)

    def fit(self, *, square: bool) -> None:
        """Bring the whole map into view; square where a length is as long upwards as sideways."""
        self.box.setAspectLocked(square)
        if len(self._x) and len(self._y):
            frame = _frame(self._x, self._y)
            self.box.limit_zoom(frame.width(), frame.height(), closest=CLOSEST, farthest=FARTHEST)
            self.box.setRange(rect=frame, padding=0.0)

    def set_places(self, places: Sequence[tuple[str, float, float]]) -> None:
        """Number places: text, x and y each."""
        self._numbered = places
        theme = self.look.theme
        while len(self._places) > len(places):
            self.removeItem(self._places.pop())
        while len(self._places) < len(places):
            self._places.append(pg.TextItem(anchor=(0.5, 0.5)))
            self._places[-1].setZValue(15)
            self.addItem(self._places[-1], ignoreBounds=True)
        for item, (text, x, y) in zip(self._places, places, strict=True):
            item.setText(text, color=theme.text)
            item.setFont(self.look.font(0.85, bold=True))
            item.setPos(x, y)
        self._disks.setData(
            [x for _, x, _ in places],
            [y for _, _, y in places],
            size=self.look.pixels(2.5),
            brush=pg.mkBrush(theme.panel),
            pen=pg.mkPen(theme.text, width=1),
        )

    def set_ring(self, place: tuple[float, float] | None, color: QColor) -> None:
        """Ring the place in use."""
        self._ring_at, self._ring_color = place, color
        self._ring.setData(
            [] if place is None else [place[0]],
            [] if place is None else [place[1]],
            size=self.look.pixels(2.25),
            pen=pg.mkPen(self.look.theme.text, width=3),
            brush=pg.mkBrush(color),
        )

    def restyle(self) -> None:
        """Take colours and sizes from the look; the image is drawn anew by its owner."""
        super().restyle()
        if hasattr(self, "_cursor"):  # not yet while the base class is being built
            self.set_places(self._numbered)
            self.set_ring(self._ring_at, self._ring_color)
            self.point_at(self._cell)

    def point_at(self, cell: Cell | None) -> None:
        """Frame a cell, or none, and say which."""
        if cell is not None and not (cell[0] < len(self._y) and cell[1] < len(self._x)):
            cell = None
        self._cell = cell
        self._cursor.setData(
            [] if cell is None else [self._x[cell[1]]],
            [] if cell is None else [self._y[cell[0]]],
            size=self.look.pixels(1.5),
            pen=pg.mkPen(self.look.theme.text, width=2),
            brush=pg.mkBrush(None),
        )
        self.pointed.emit(cell)

    def cell_at(self, x: float, y: float) -> Cell | None:
        """The cell that covers a place of the plot; None outside the map."""
        if not len(self._x) or not len(self._y):
            return None
        frame = _frame(self._x, self._y)
        if not frame.contains(x, y):
            return None
        row = int((y - frame.top()) / frame.height() * len(self._y))
        column = int((x - frame.left()) / frame.width() * len(self._x))
        return min(row, len(self._y) - 1), min(column, len(self._x) - 1)

    def _hover(self, position: QPointF) -> None:
        point = self.box.mapSceneToView(position)
        inside = self.box.sceneBoundingRect().contains(position)
        self.point_at(self.cell_at(point.x(), point.y()) if inside else None)

    def _click(self, position: QPointF) -> None:
        point = self.box.mapSceneToView(position)
        if self.cell_at(point.x(), point.y()) is None:
            return
        digits = [max(0, math.ceil(-math.log10(size))) for size in self.box.viewPixelSize()]  # no finer than a pixel
        self.picked.emit(round(point.x(), digits[0]), round(point.y(), digits[1]))

    def _move(self, right: int, up: int) -> None:
        if not len(self._x):
            return
        if self._cell is None:
            self.point_at((len(self._y) // 2, len(self._x) // 2) if self._ring_at is None else self._nearest())
            return
        row, column = self._cell[0] + up, self._cell[1] + right
        self.point_at((min(max(row, 0), len(self._y) - 1), min(max(column, 0), len(self._x) - 1)))

    def _nearest(self) -> Cell:
        assert self._ring_at is not None
        x, y = self._ring_at
        return int(np.abs(self._y - y).argmin()), int(np.abs(self._x - x).argmin())

    def _use(self) -> None:
        if self._cell is not None:
            row, column = self._cell
            self.picked.emit(float(self._x[column]), float(self._y[row]))


def _frame(x: FloatArray, y: FloatArray) -> QRectF:
    """What the cells cover: half a cell beyond the middles of the outer ones."""
    (left, width), (low, height) = _edge(x), _edge(y)
    return QRectF(left, low, width, height)


def _edge(middles: FloatArray) -> tuple[float, float]:
    """Where a row of cells begins, and its length."""
    size = float(middles[-1] - middles[0]) / max(len(middles) - 1, 1) or 1.0
    return float(middles[0]) - size / 2, size * len(middles)
