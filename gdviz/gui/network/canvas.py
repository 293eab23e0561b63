"""The canvas: boundary, points, questions and tool, drawn; what is under the cursor, told."""

from __future__ import annotations

from html import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QPaintEvent, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsItem, QGraphicsRectItem

from gdviz.gui.network.boundary_item import BoundaryItem
from gdviz.gui.network.geometry import HALF, FloatArray, Position, from_canvas, inside
from gdviz.gui.network.marks_item import MarksItem, mark_size
from gdviz.gui.network.output import Output
from gdviz.gui.network.pointed_plot import PointedPlot
from gdviz.gui.network.points_item import PointsItem, halo
from gdviz.gui.network.state import AXES, EXTENT
from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import with_alpha
from gdviz.network.points import Points
from gdviz.training.messages import Extent

EDGE = 0.015
"""Free share around the extent, so that points at its edge are whole."""

BOUNDARY, HALOS, POINTS, MISTAKES, QUESTIONS, TOOL = range(0, 60, 10)
"""What is drawn above what."""


class Canvas(PointedPlot):
    """Draws what it is told to; the points themselves are the store's.

    Signals:
        hovered(object): (x1, x2, probability or None) under the cursor; None when it left.
        painted(): the canvas has been drawn; whatever was shown before is on the screen.
    """

    hovered = Signal(object)
    painted = Signal()

    def __init__(self, look: Look) -> None:
        self._boundary = BoundaryItem()
        self._halos = MarksItem(look, halo, reach=1.35)
        self._dots = PointsItem(look)
        self._selected_dots = PointsItem(look, are_selected=True)
        self._shown: tuple[Points, NDArray[np.bool_], tuple[float, float] | None] | None = None
        self._selected: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._circle = QGraphicsEllipseItem()
        self._band = QGraphicsRectItem()
        self._hard = False
        self._radius = 0.0
        self._at: QPointF | None = None
        self._output: Output | None = None
        self._axes = AXES
        super().__init__("network.canvas", "Canvas of the points", look)
        self.setAccessibleDescription(
            "Left button paints in the chosen colour, right button or Shift and left button in the other one; "
            "wheel sizes the brush"
        )
        for depth, item in (
            (BOUNDARY, self._boundary),
            (HALOS, self._halos),
            (POINTS, self._dots),
            (POINTS, self._selected_dots),
            (TOOL, self._circle),
            (TOOL, self._band),
        ):
            self.add_item(item, depth)
        self._circle.hide()
        self._band.hide()
        self.pointed.connect(self._point)
        self.show_extent(EXTENT, AXES)

    def add_item(self, item: QGraphicsItem, depth: int) -> None:
        """Draw one more item, at one of the depths above; it does not change what the canvas covers."""
        item.setZValue(depth)
        self.box.addItem(item, ignoreBounds=True)

    @property
    def reach(self) -> float:
        """How far from a point it is still meant, canvas units."""
        side = float(self.box.width())
        return 0.9 * mark_size(side=side, look=self.look) * 2 * HALF / max(side, 1.0)

    def show_extent(self, extent: Extent, axes: tuple[str, str]) -> None:
        """Cover another extent, with these names at the axes."""
        self._extent = extent
        self.box.setRange(xRange=extent[:2], yRange=extent[2:], padding=EDGE)
        self._axes = axes
        self.name_axes()

    def show_points(
        self, points: Points, test: NDArray[np.bool_], value_range: tuple[float, float] | None = None
    ) -> None:
        """Draw points by their labels or by their values.

        Args:
            points: all there are.
            test: which of them are test points, drawn hollow, shape (n,).
            value_range: the values at the ends of the colour scale, where values are shown; None shows the labels.
        """
        self._shown = (points, test, value_range)
        self._draw_points()

    def show_selected(self, points: NDArray[np.bool_], questions: FloatArray) -> None:
        """Highlight these points, shape (n,), and questions at these places, shape (k, 2), x1 and x2."""
        self._selected = points
        self._draw_points()
        self._halos.show_marks(questions, np.zeros(len(questions), np.int64), self._extent)

    def _draw_points(self) -> None:
        """Those that are selected are drawn apart, so that moving them leaves the others as they are."""
        if self._shown is None:
            return
        points, test, value_range = self._shown
        held = self._selected
        if len(held) != len(points):  # the selection has heard of the new points, or the points of it
            return
        for item, which in ((self._dots, ~held), (self._selected_dots, held)):
            item.show_points(points.kept(which), test[which], self._extent, value_range)

    def show_output(self, output: Output | None) -> None:
        """Draw what a network says, and tell it under the cursor; None draws none."""
        self._output = output
        if output is None:
            self._boundary.show_boundary(None, self.extent)
        else:
            self._boundary.show_boundary(output.frame.boundary, output.frame.extent)
        self._tell_hover()

    @property
    def boundary_item(self) -> BoundaryItem:
        """The output, as it is drawn."""
        return self._boundary

    def set_scale(self, ends: tuple[float, float], levels: tuple[float, ...] | None = None) -> None:
        """What the ends of the colours stand for, and which lines are drawn; None draws the one in the middle."""
        self._boundary.set_scale(ends, levels)

    def set_hard(self, hard: bool) -> None:
        """Two colours instead of all between them."""
        self._hard = hard
        self._color_boundary()

    def set_radius(self, radius: float | None) -> None:
        """Show a brush of this radius, in canvas units, under the cursor; None shows none."""
        self._radius = radius or 0.0
        self._draw_circle()

    @property
    def radius(self) -> float | None:
        """Of the brush under the cursor, in canvas units; None where there is none."""
        return self._radius or None

    @property
    def shows_brush(self) -> bool:
        """Whether there is a brush under the cursor, rather than a plain one."""
        return self._radius > 0.0

    def set_pointer(self, shape: Qt.CursorShape) -> None:
        """Show the cursor in this shape."""
        if self.viewport().cursor().shape() != shape:
            self.viewport().setCursor(shape)

    def show_band(self, corner: Position, other: Position) -> None:
        """Draw a rubber band between two opposite corners, canvas units."""
        self._band.setRect(self._rect(np.array([corner, other])))
        self._band.show()

    def hide_band(self) -> None:
        """Draw none."""
        self._band.hide()

    def place_of(self, x: float, y: float) -> QPointF:
        """Where a place in canvas units is, in pixels of the viewport."""
        x1, x2 = from_canvas(units=np.array([x, y]), extent=self._extent)
        return QPointF(self.mapFromScene(self.box.mapViewToScene(QPointF(x1, x2))))

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        super().restyle()
        self.centralLayout.setContentsMargins(0, self.look.pixels(0.5), self.look.pixels(0.5), 0)
        self.getAxis("left").setWidth(self.look.pixels(6.5))
        self.getAxis("bottom").setHeight(self.look.pixels(5.25))
        self._circle.setPen(self._cosmetic(1.5))
        self._band.setPen(self._cosmetic(1.5))
        self._band.setBrush(with_alpha(self.look.theme.accent, 0.15))
        for item in (self._halos, self._dots, self._selected_dots):
            item.restyle()
        self._color_boundary()

    def name_axes(self) -> None:
        """Name the axes as fully as there is room for; the formulas and the diagram say x1 and x2."""
        room = self.width() - self.look.pixels(8)
        width = QFontMetrics(self.look.font(0.9)).horizontalAdvance

        def fitting(name: str, plain: str) -> str:
            names = (plain,) if name == plain else (f"{plain}: {name}", name, plain)
            return next((each for each in names if width(each) <= room), plain)

        self.label(*(escape(fitting(name, plain)) for name, plain in zip(self._axes, AXES, strict=True)))
        for side in ("left", "bottom"):
            self.getAxis(side).resizeEvent()  # pyqtgraph centres a name only then

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, then tell that it is done."""
        super().paintEvent(event)
        self.painted.emit()

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

    def _rect(self, corners: FloatArray) -> QRectF:
        first, second = from_canvas(units=corners, extent=self._extent)
        return QRectF(QPointF(*first), QPointF(*second)).normalized()

    def _point(self, position: QPointF | None) -> None:
        """The brush follows."""
        self._at = position
        self._draw_circle()
        if position is None:
            self.hovered.emit(None)
        else:
            self._tell_hover()

    def _draw_circle(self) -> None:
        shown = self._radius > 0.0 and self._at is not None and self.is_inside(self._at)
        self._circle.setVisible(shown)
        if shown and self._at is not None:
            corners = np.array(self.units_at(self._at)) + np.array([[-self._radius], [self._radius]])
            self._circle.setRect(self._rect(corners))

    def _tell_hover(self) -> None:
        if self._at is None:
            return
        x1, x2 = self.view_at(self._at)
        if not inside(xy=np.array([[x1, x2]]), extent=self._extent)[0]:
            self.hovered.emit(None)
            return
        self.hovered.emit((x1, x2, self._output.at(x1, x2) if self._output is not None else None))
