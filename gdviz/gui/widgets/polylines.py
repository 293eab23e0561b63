"""Many thick, smooth lines that grow while it plays, at the cost of their new pieces alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.gui.widgets.in_view_item import InViewItem, blank_picture, device_size, on_pixels, reported
from gdviz.gui.widgets.ink import TAIL, strength
from gdviz.gui.widgets.strokes import strokes

PIECE = 40
"""Segments that are stroked together; a noisy line of a thousand takes ten times as long in one piece."""

WIDEST = 2.0
"""A line is taken to cover the view as if it were no wider than so many times the narrowest."""

ROUND_FROM = 4.0
"""The corners of lines that are so many pixels wide are seen."""


@dataclass(frozen=True, slots=True, eq=False)
class Polyline:
    """A line: points in plot coordinates, shape (n, 2), and how to draw it (width in pixels)."""

    points: NDArray[np.float64]
    color: QColor
    width: float


class Polylines(InViewItem):
    """Draws lines up to a row each.

    Stroking smooth lines is what costs, and more than in proportion to their length: noisy ones are drawn in pieces of
    some points, and where a line lies on itself it is drawn once. What is drawn stays in a picture, until the view,
    the lines or an earlier row ask for a new one. As soon as lines grow, each gets a picture of its own, to which only
    its new pieces are added: later lines lie on earlier ones, however they grow.

    Args:
        fading: draw lines that would cover much of the view thinner and see-through, beneath the others, with their
            last steps as they are; however often such a line crosses itself, the view is seen through it.
    """

    def __init__(self, *, fading: bool = False) -> None:
        super().__init__()
        self._fading = fading
        self._strengths: list[float] = []
        self._lines: Sequence[Polyline] = ()
        self._rows: list[int] = []
        self._drawn: list[int] = []
        self._pictures: list[QPixmap] = []
        self._transform = QTransform()

    def set_lines(self, lines: Sequence[Polyline], rows: Sequence[int] | None = None) -> None:
        """Draw other lines, up to these rows or, where there are none, to their ends."""
        self._lines, self._rows = lines, []
        self._pictures, self._drawn, self._strengths = [], [], []
        self.set_rows([len(line.points) - 1 for line in lines] if rows is None else rows)
        self.update()  # where there are none left, too

    def set_rows(self, rows: Sequence[int]) -> None:
        """Draw each line from its first point to that of its row."""
        before, self._rows = self._rows, list(rows)
        if len(before) != len(self._rows) or any(row < old for row, old in zip(self._rows, before, strict=True)):
            self.update()
            return
        for line, row, old in zip(self._lines, self._rows, before, strict=True):
            if row > old:
                since = max(0, old - TAIL) if self._fading else old
                self.update(self._around(line.points[since : row + 1], line.width))

    def _around(self, points: NDArray[np.float64], width: float) -> QRectF:
        """The part of the plot that a piece of line covers."""
        (left, low), (right, high) = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
        pixel_width, pixel_height = self.pixel_size()
        margin = width + 1.0
        return QRectF(left, low, right - left, high - low).adjusted(
            -margin * pixel_width, -margin * pixel_height, margin * pixel_width, margin * pixel_height
        )

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Add what is new to the picture, and draw the picture."""
        if not self._lines:
            return
        transform = painter.combinedTransform()
        size = device_size(painter)
        usable = len(self._drawn) == len(self._lines) and transform == self._transform
        usable = usable and all(picture.size() == size for picture in self._pictures)
        steps = [row - drawn for row, drawn in zip(self._rows, self._drawn, strict=False)]
        if transform != self._transform or not self._strengths:
            self._transform = transform
            self._strengths = self._measured() if self._fading else [1.0] * len(self._lines)
        if not usable or any(step < 0 for step in steps):
            self._begin(len(self._lines) if self._faint() else 1, size)
        elif any(steps) and len(self._pictures) < len(self._lines):
            self._begin(len(self._lines), size)
        ratio = painter.device().devicePixelRatioF()
        if self._drawn != self._rows:
            self._draw_new_pieces(ratio)
        with on_pixels(painter):
            self._lay(painter, ratio)

    def _begin(self, pictures: int, size: QSize) -> None:
        self._pictures = [blank_picture(size) for _ in range(pictures)]
        self._drawn = [0] * len(self._lines)

    def _measured(self) -> list[float]:
        """How strong each line is drawn, as far as it will go: one that is to cover much is faint from the start."""
        view = self._transform.mapRect(self.boundingRect())
        corner, size = (view.left(), view.top()), (view.width(), view.height())
        most = WIDEST * self._narrowest  # more of a lower one is mostly beneath the others
        return [strength(self._pixels(line.points) - corner, size, min(line.width, most)) for line in self._lines]

    @property
    def _narrowest(self) -> float:
        """The width of the top one, where lower ones are wider, so that they show on both sides."""
        return min(line.width for line in self._lines)

    def _faint(self) -> list[int]:
        """The numbers of the lines that are drawn faint."""
        return [number for number, strong in enumerate(self._strengths) if strong < 1.0]

    def _lay(self, painter: QPainter, ratio: float) -> None:
        """Draw the pictures, the faint ones first."""
        faint = self._faint()
        for number in faint:
            painter.setOpacity(self._strengths[number])
            painter.drawPixmap(0, 0, self._pictures[number])
        painter.setOpacity(1.0)
        for number, picture in enumerate(self._pictures):
            if number in faint:
                self._draw_tail(painter, number, ratio)
            else:
                painter.drawPixmap(0, 0, picture)

    def _draw_tail(self, painter: QPainter, number: int, ratio: float) -> None:
        line, row = self._lines[number], self._rows[number]
        tail = self._pixels(line.points[max(0, row - TAIL) : row + 1])
        for _, run in strokes(tail, np.zeros(len(tail), np.intp)):
            _stroke(painter, run, line.color, self._narrowest * ratio)

    def _pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        t = self._transform
        return points * (t.m11(), t.m22()) + (t.dx(), t.dy())

    def _draw_new_pieces(self, ratio: float) -> None:
        new = [
            line.points[drawn : row + 1 if row > drawn else drawn]
            for line, row, drawn in zip(self._lines, self._rows, self._drawn, strict=True)
        ]
        self._drawn = list(self._rows)
        points, numbers = np.concatenate(new), np.repeat(np.arange(len(new)), [len(piece) for piece in new])
        for number, runs in groupby(strokes(self._pixels(points), numbers), key=itemgetter(0)):
            line, strong = self._lines[number], self._strengths[number]
            brush = QPainter(self._pictures[min(number, len(self._pictures) - 1)])
            for _, run in runs:
                _stroke(brush, run, line.color, max(1.0, line.width * strong) * ratio)
            brush.end()


def _stroke(brush: QPainter, run: NDArray[np.float64], color: QColor, width: float) -> None:
    """Draw a line in pieces; points and width in pixels of what is drawn on."""
    pen = QPen(color, width)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if width > ROUND_FROM else Qt.PenJoinStyle.BevelJoin)
    brush.setRenderHint(QPainter.RenderHint.Antialiasing)
    brush.setPen(pen)
    for start in range(0, len(run) - 1, PIECE):
        piece = run[start : start + PIECE + 1]
        brush.drawPolyline(pg.functions.arrayToQPolygonF(piece[:, 0], piece[:, 1]))
