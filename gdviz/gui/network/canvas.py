"""The canvas: boundary, points and brush, drawn; presses and drags of the mouse, told."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPaintEvent, QPen, QWheelEvent
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsItem

from gdviz.gui.network.boundary_item import BoundaryItem
from gdviz.gui.network.geometry import from_canvas, inside, probability_at, to_canvas
from gdviz.gui.network.points_item import PointsItem
from gdviz.gui.network.state import AXES, EXTENT
from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import Plot
from gdviz.network.points import GREEN, RED, Points
from gdviz.training.messages import Extent, Float32Array

EDGE = 0.015
"""Free share around the extent, so that points at its edge are whole."""


class Canvas(Plot):
    """Draws what it is told to, and tells where the mouse paints; the points themselves are the store's.

    Signals:
        pressed(int, float, float): a button went down for this label at a place in canvas units.
        dragged(float, float): the mouse moved to here with the button down.
        released(): the button came up.
        hovered(object): (x1, x2, probability or None) under the cursor; None when it left.
        sized(int): the wheel asks for a brush larger (+1) or smaller (-1).
        painted(): the canvas has been drawn; whatever was shown before is on the screen.
    """

    pressed = Signal(int, float, float)
    dragged = Signal(float, float)
    released = Signal()
    hovered = Signal(object)
    sized = Signal(int)
    painted = Signal()

    def __init__(self, look: Look) -> None:
        self._boundary = BoundaryItem()
        self._dots = PointsItem(look)
        self._circle = QGraphicsEllipseItem()
        self._hard = False
        self._radius = 0.5
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)
        self._button: Qt.MouseButton | None = None
        self._at: QPointF | None = None
        self._axes = AXES
        super().__init__("network.canvas", "Canvas of the points", look)
        self.setAccessibleDescription(
            "Left button paints red points, right button or Shift and left button green ones; wheel sizes the brush"
        )
        self.setMouseEnabled(x=False, y=False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        box = self.getViewBox()
        box.setDefaultPadding(0.0)
        items: tuple[QGraphicsItem, ...] = (self._boundary, self._dots, self._circle)
        for depth, item in enumerate(items):
            item.setZValue(depth * 10)
            box.addItem(item, ignoreBounds=True)
        self._circle.hide()
        self.show_extent(EXTENT, AXES)

    @property
    def extent(self) -> Extent:
        """What the canvas covers."""
        return self._extent

    def show_extent(self, extent: Extent, axes: tuple[str, str]) -> None:
        """Cover another extent, with these names at the axes."""
        self._extent = extent
        self.getViewBox().setRange(xRange=extent[:2], yRange=extent[2:], padding=EDGE)
        self._axes = axes
        self.name_axes()

    def show_points(self, points: Points, test: NDArray[np.bool_]) -> None:
        """Draw these points, shape (n,), those of the test hollow."""
        self._dots.show_points(points, test, self._extent)

    def show_boundary(self, boundary: Float32Array | None, extent: Extent) -> None:
        """Draw this probability of green; None draws none."""
        self._boundary.show_boundary(boundary, extent)
        self._tell_hover()

    def set_hard(self, hard: bool) -> None:
        """Two colours instead of all between them."""
        self._hard = hard
        self._color_boundary()

    def set_radius(self, radius: float | None) -> None:
        """Show a brush of this radius, in canvas units, under the cursor; None shows a plain cursor."""
        self._radius = radius or 0.0
        self.viewport().setCursor(Qt.CursorShape.CrossCursor)
        self._draw_circle()

    def place_of(self, x: float, y: float) -> QPointF:
        """Where a place in canvas units is, in pixels of the viewport."""
        x1, x2 = from_canvas(units=np.array([x, y]), extent=self._extent)
        return QPointF(self.mapFromScene(self.getViewBox().mapViewToScene(QPointF(x1, x2))))

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        super().restyle()
        self.getPlotItem().layout.setContentsMargins(0, self.look.pixels(0.5), self.look.pixels(0.5), 0)
        self.getAxis("left").setWidth(self.look.pixels(6.5))
        self.getAxis("bottom").setHeight(self.look.pixels(5.25))
        self._circle.setPen(self._cosmetic(1.5))
        self._dots.restyle()
        self._color_boundary()

    def name_axes(self) -> None:
        """Name the axes as fully as there is room for."""
        room = self.width() - self.look.pixels(8)
        width = QFontMetrics(self.look.font(0.9)).horizontalAdvance
        names = [name if width(name) <= room else plain for name, plain in zip(self._axes, AXES, strict=True)]
        self.label(*names)
        for side in ("left", "bottom"):
            self.getAxis(side).resizeEvent()  # pyqtgraph centres a name only then

    def _color_boundary(self) -> None:
        positions = np.linspace(0.0, 1.0, 256)
        if self._hard:
            positions = np.round(positions)
        colors = self.look.boundary_map().map(positions, mode="byte")[:, :3]
        self._boundary.set_colors(colors, self._cosmetic(self.look.line_width))

    def _cosmetic(self, width: float) -> QPen:
        pen = QPen(QColor(self.look.theme.text), width)
        pen.setCosmetic(True)
        return pen

    # Mouse: pyqtgraph's own panning and menus stay out of it

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Left paints red; right, or Shift and left, green."""
        if self._button is not None and not event.buttons() & self._button:
            self._release()  # it came up where we were not told: the window had lost the mouse
        label = _label(event)
        at = self._units(event.position())
        if self._button is None and label is not None and at is not None:
            self._button = event.button()
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.pressed.emit(label, *at)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The brush follows; with the button down it paints."""
        self._at = event.position()
        self._draw_circle()
        self._tell_hover()
        if self._button is not None:
            self.dragged.emit(*self._units(event.position(), beyond=True))  # type: ignore[misc]  # beyond is never None
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The stroke ends with the button that began it."""
        if event.button() == self._button:
            self._release()
        event.accept()

    def _release(self) -> None:
        self._button = None
        self.released.emit()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A quick second click is a click."""
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel sizes the brush."""
        turn = event.angleDelta().y()
        if turn:
            self.sized.emit(1 if turn > 0 else -1)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self._at = None
        self._draw_circle()
        self.hovered.emit(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, then tell that it is done."""
        super().paintEvent(event)
        self.painted.emit()

    def _view_at(self, position: QPointF) -> tuple[float, float]:
        place = self.getViewBox().mapSceneToView(self.mapToScene(position.toPoint()))
        return place.x(), place.y()

    def _units(self, position: QPointF, *, beyond: bool = False) -> tuple[float, float] | None:
        xy = np.array(self._view_at(position))
        if not beyond and not inside(xy=xy[None], extent=self._extent)[0]:
            return None
        x, y = to_canvas(xy=xy, extent=self._extent)
        return float(x), float(y)

    def _draw_circle(self) -> None:
        at = self._units(self._at) if self._at is not None else None
        self._circle.setVisible(at is not None and self._radius > 0.0)
        if at is not None and self._radius > 0.0:
            corners = np.array(at) + np.array([[-self._radius], [self._radius]])
            (left, low), (right, high) = from_canvas(units=corners, extent=self._extent)
            self._circle.setRect(left, low, right - left, high - low)

    def _tell_hover(self) -> None:
        if self._at is None:
            return
        x1, x2 = self._view_at(self._at)
        if not inside(xy=np.array([[x1, x2]]), extent=self._extent)[0]:
            self.hovered.emit(None)
            return
        shown = self._boundary.boundary
        chance = None
        if shown is not None:
            chance = probability_at(boundary=shown, extent=self._boundary.extent, x1=x1, x2=x2)
        self.hovered.emit((x1, x2, chance))


def _label(event: QMouseEvent) -> int | None:
    if event.button() == Qt.MouseButton.RightButton:
        return GREEN
    if event.button() == Qt.MouseButton.LeftButton:
        return GREEN if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else RED
    return None
