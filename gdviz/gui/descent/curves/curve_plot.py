"""The loss as a curve of one parameter, with balls that roll on it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor

from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.curves.curve_marks import CurveMarks, Place
from gdviz.gui.descent.curves.fading_dots import FadingDots
from gdviz.gui.descent.views.fan_dots import DOT_SIZE
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import Readout, in_corner
from gdviz.gui.widgets.markers import Markers
from gdviz.gui.widgets.plot import Plot, with_alpha
from gdviz.gui.widgets.polylines import Polyline, Polylines
from gdviz.gui.widgets.zoom_box import ZoomBox

CLOSEST, FARTHEST = 1e-5, 20.0
"""The least and the most that zooming shows, in sizes of the frame."""


class PlaceBox(ZoomBox):
    """A view box in which the left button chooses a place on the axis; the right or middle one pans, the wheel zooms.

    Signals:
        moved(float): the left button is down here.
        dropped(): it was let go.
    """

    moved = Signal(float)
    dropped = Signal()

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """A click with the left button chooses a place."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self._move(event.pos())
            self.dropped.emit()

    def mouseDragEvent(self, event, axis=None) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """A drag with the left button chooses places; with another it pans."""
        event.accept()
        if event.button() == Qt.MouseButton.LeftButton:
            self._move(event.pos())
            if event.isFinish():
                self.dropped.emit()
        elif any(self.mouseEnabled()):
            delta = self.mapToView(event.lastPos()) - self.mapToView(event.pos())
            self.translateBy(x=delta.x(), y=delta.y())
            self.sigRangeChangedManually.emit(self.mouseEnabled())

    def _move(self, position: QPointF) -> None:
        width = self.viewPixelSize()[0]
        digits = max(0, math.ceil(-math.log10(width)))  # no finer than a pixel
        self.moved.emit(round(self.mapToView(position).x(), digits))


class CurvePlot(Plot):
    """A curve, known minima, visited points, a tangent, an arrow and balls.

    Signals:
        moved(float): a person points at this place on the axis.
        dropped(): and is done with it.
        told(bool): what is under the cursor is told, or is no longer.
    """

    moved = Signal(float)
    dropped = Signal()
    told = Signal(bool)

    def __init__(self, name: str, title: str, look: Look) -> None:
        """Args: name: object name; title: accessible name; look: to follow."""
        self.box = PlaceBox()
        super().__init__(name, title, look, view=self.box)
        self.describe: Callable[[float], str] | None = None
        self._mark_color = QColor()
        self._places: FloatArray = np.empty((0, 2))
        self._colors: Sequence[QColor] = ()
        self._curve = pg.PlotCurveItem(connect="finite")
        self._minima = Markers(pxMode=True, symbol="x")
        self._trail = Polylines()
        self._dots = FadingDots()
        self._fan = Markers(pxMode=True)
        self._ring = Markers(pxMode=True)
        self.marks = CurveMarks()
        self._balls, self._away = Markers(pxMode=True), Markers(pxMode=True)
        items = (
            *(self._curve, self._minima, self._trail, self._dots, self._fan),
            *(self._ring, self.marks, self._balls, self._away),
        )
        for depth, item in enumerate(items):
            item.setZValue(10 * depth)
            self.addItem(item, ignoreBounds=True)
        self._readout = Readout(f"{name}.readout")
        in_corner(self, self._readout)
        self.box.sigRangeChanged.connect(self._point_to_balls_outside)
        self.box.moved.connect(self.moved)
        self.box.dropped.connect(self.dropped)
        self.scene().sigMouseMoved.connect(self._hover)
        self.restyle()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        super().restyle()
        if not hasattr(self, "_readout"):  # not yet while the base class is being built
            return
        theme, look = self.look.theme, self.look
        self._curve.setPen(pg.mkPen(theme.contour, width=look.line_width + 1))
        self._minima.setPen(pg.mkPen(theme.text, width=2))
        self._minima.setBrush(pg.mkBrush(theme.text))
        self._minima.setSize(look.pixels(1.5))
        self._readout.setStyleSheet(f"background: {with_alpha(theme.plot, 0.7).name(QColor.NameFormat.HexArgb)};")
        self._style_marks()

    def show_curve(self, x: FloatArray, loss: FloatArray) -> None:
        """Draw another curve; NaN is a gap."""
        self._curve.setData(x, loss)

    def mark_minima(self, *, marked: bool) -> None:
        """Whether the minima are marked."""
        self._minima.setVisible(marked)

    def show_minima(self, points: FloatArray) -> None:
        """Mark minima, shape (n, 2)."""
        self._minima.setData(pos=points)

    def show_trail(self, points: FloatArray, color: QColor, row: int) -> None:
        """Join visited points, shape (n, 2), up to a row."""
        self._trail.set_lines([Polyline(points, with_alpha(color, 0.8), max(1.5, 0.75 * self.look.line_width))], [row])

    def set_row(self, row: int) -> None:
        """Join the visited points up to another row."""
        self._trail.set_rows([row])

    def show_dots(self, visited: Sequence[tuple[ArrayLike, QColor]]) -> None:
        """Draw visited points, shape (n, 2) each, the last ones of each the clearest."""
        self._dots.set_dots(visited, self.look.pixels(0.85))

    def show_fan(self, points: FloatArray, color: QColor) -> None:
        """Draw a dot for each run of a fan, shape (n, 2)."""
        points = points[np.isfinite(points).all(axis=1)]
        if len(points) or len(self._fan.data):
            self._fan.setData(
                pos=points,
                size=self.look.pixels(DOT_SIZE),
                pen=pg.mkPen(self.look.theme.plot, width=1),
                brush=pg.mkBrush(color),
            )

    def show_balls(self, places: Sequence[Place], colors: Sequence[QColor]) -> None:
        """Draw balls; the last one, which lies on top, has the arrow's colour and is larger; in a hole none."""
        sizes = [self.look.pixels(1.75)] * len(places)
        if places:
            sizes[-1] = self.look.pixels(2.25)
            self._mark_color = colors[-1]
        points = np.reshape(places, (-1, 2))
        there = np.flatnonzero(np.isfinite(points).all(axis=1)).tolist()
        self._balls.setData(
            pos=points[there],
            size=[sizes[index] for index in there],
            brush=[pg.mkBrush(colors[index]) for index in there],
            pen=pg.mkPen(self.look.theme.plot, width=2),
        )
        self._places, self._colors = np.reshape(places, (-1, 2)), colors
        self._point_to_balls_outside()

    def _point_to_balls_outside(self) -> None:
        """An arrowhead at the edge for each ball that is beyond it."""
        low, high = np.transpose(self.box.viewRange())
        outside = ((self._places < low) | (self._places > high)).any(axis=1)
        if not (outside.any() or len(self._away.data)):
            return
        chosen, margin = np.flatnonzero(outside), np.array(self.box.viewPixelSize()) * self.look.pixels(1)
        self._away.setData(
            pos=np.clip(self._places[chosen], low + margin, high - margin),
            symbol=[_arrowhead(place, low, high) for place in self._places[chosen]],
            size=self.look.pixels(1.75),
            brush=[pg.mkBrush(self._colors[index]) for index in chosen.tolist()],
            pen=pg.mkPen(self.look.theme.plot, width=2),
        )

    def show_marks(
        self, tangent: tuple[Place, float] | None, arrow: tuple[Place, Place] | None, ring: Place | None = None
    ) -> None:
        """Draw a tangent, by its place and slope, and an arrow to a ring, by its ends; or the ring alone."""
        self._style_marks()
        self._ring.setData(
            pos=np.reshape((ring or []) if arrow is None else arrow[1], (-1, 2)),
            size=self.look.pixels(1.75),
            pen=pg.mkPen(self._mark_color, width=2),
            brush=pg.mkBrush(None),
        )
        self.marks.set_marks(tangent, arrow)

    def show_frame(self, left: float, right: float, low: float, high: float) -> None:
        """Bring this part of the plane into view, and let the wheel not lose it."""
        self.box.limit_zoom(right - left, high - low, closest=CLOSEST, farthest=FARTHEST)
        self.box.setRange(xRange=(left, right), yRange=(low, high), padding=0.0)

    def _style_marks(self) -> None:
        look = self.look
        self.marks.set_style(
            QColor(look.theme.text),
            self._mark_color,
            width=look.line_width,
            half=look.pixels(9),
            head=look.pixels(1.75),
            ball=look.pixels(1.125),
        )

    def _hover(self, position: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(position)
        text = self.describe(self.box.mapSceneToView(position).x()) if inside and self.describe is not None else ""
        self._tell(text)

    def _tell(self, text: str) -> None:
        self._readout.setText(text)
        self.told.emit(bool(text))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self._tell("")


def _arrowhead(place: FloatArray, low: FloatArray, high: FloatArray) -> str:
    """The symbol that points from inside a rectangle to a place outside: up or down where it is above or below."""
    if place[1] > high[1]:
        return "t1"
    if place[1] < low[1]:
        return "t"
    return "t2" if place[0] > high[0] else "t3"
