"""The points as markers: a disc for red, a triangle for green; discs in the colours of values; hollow for the test."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gdviz.gui.network.marks_item import DrawMark, MarksItem
from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import with_alpha
from gdviz.network.points import GREEN, Points
from gdviz.training.messages import Extent

COLORS = 64
"""Different colours of values."""

HALO = 1.05
"""Radius of the halo of a selected point, as a share of its mark's size."""


def marker(painter: QPainter, kind: int, size: float, look: Look) -> None:
    """Red, red of the test, green, green of the test: kinds 0 to 3."""
    label, hollow = divmod(kind, 2)
    color, rim, radius = look.labels[label], QColor(look.theme.plot), size / 2

    def shape(radius: float) -> None:
        if label == GREEN:
            corner = radius * 1.2
            painter.drawPolygon(
                QPolygonF([QPointF(0, -corner), QPointF(corner, corner * 0.8), QPointF(-corner, corner * 0.8)])
            )
        else:
            painter.drawEllipse(QPointF(0, 0), radius, radius)

    pen = partial(QPen, j=Qt.PenJoinStyle.RoundJoin, c=Qt.PenCapStyle.RoundCap, s=Qt.PenStyle.SolidLine)
    painter.setPen(pen(rim, 3.0 if hollow else 2.0))
    painter.setBrush(rim if hollow else color)
    shape(radius)
    if hollow:
        painter.setPen(pen(color, max(1.5, size / 6)))
        shape(radius - size / 12)


def value_marker(painter: QPainter, kind: int, size: float, look: Look) -> None:
    """The lowest value, that of the test, the next value and so on: kinds 0 to 2 ``COLORS`` - 1."""
    step, hollow = divmod(kind, 2)
    color = look.boundary_map().map(step / (COLORS - 1), mode="qcolor")
    radius = 0.58 * size
    painter.setPen(QPen(QColor(look.theme.text), 1.25))
    painter.setBrush(color)
    painter.drawEllipse(QPointF(0, 0), radius, radius)
    if hollow:
        painter.setBrush(QColor(look.theme.plot))
        painter.drawEllipse(QPointF(0, 0), radius / 2, radius / 2)


def halo(painter: QPainter, kind: int, size: float, look: Look) -> None:
    """What lies behind a selected question."""
    painter.setPen(QPen(QColor(look.theme.text), 1.5))
    painter.setBrush(with_alpha(look.theme.accent, 0.85))
    painter.drawEllipse(QPointF(0, 0), 1.25 * size, 1.25 * size)


def selected(draw: DrawMark) -> DrawMark:
    """The same mark with a halo around it, wide enough for the ring of a mistake to lie within."""

    def drawn(painter: QPainter, kind: int, size: float, look: Look) -> None:
        draw(painter, kind, size, look)
        width = max(2.0, size / 5)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, pen in ((look.theme.text, width + 2.0), (look.theme.accent, width)):
            painter.setPen(QPen(QColor(color), pen))
            painter.drawEllipse(QPointF(0, 0), HALO * size, HALO * size)

    return drawn


def ring(painter: QPainter, kind: int, size: float, look: Look) -> None:
    """What goes around a mistake."""
    radius, width = 0.82 * size, max(1.5, size / 8)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for color, pen in ((look.theme.plot, width + 1.5), (look.theme.text, width)):
        painter.setPen(QPen(QColor(color), pen))
        painter.drawEllipse(QPointF(0, 0), radius, radius)


class PointsItem(MarksItem):
    """Draws points by their labels or by their values."""

    def __init__(self, look: Look, *, are_selected: bool = False) -> None:
        """Args: are_selected: whether they have halos."""
        self._styled: Callable[[DrawMark], DrawMark] = selected if are_selected else lambda draw: draw
        super().__init__(look, self._styled(marker), kinds=4, reach=HALO + 0.25 if are_selected else 0.65)
        self._has_values = False

    def show_points(
        self,
        points: Points,
        test: NDArray[np.bool_],
        extent: Extent,
        value_range: tuple[float, float] | None = None,
    ) -> None:
        """Draw points by their labels or by their values.

        Args:
            points: all there are.
            test: which of them are test points, drawn hollow, shape (n,).
            extent: what the canvas covers.
            value_range: the values at the ends of the colour scale; None shows the labels.
        """
        has_values = value_range is not None
        if has_values != self._has_values:
            self._has_values = has_values
            draw, kinds = (value_marker, 2 * COLORS) if has_values else (marker, 4)
            self.set_kinds(self._styled(draw), kinds)
        colors = points.labels.astype(np.int64) if value_range is None else color_of(points.values, value_range)
        self.show_marks(points.xy, 2 * colors + test, extent)


def color_of(values: NDArray[np.float64], value_range: tuple[float, float]) -> NDArray[np.int64]:
    """The number of the colour, 0 to ``COLORS`` - 1, of each value, shape (n,); beyond the ends that of the end."""
    low, high = value_range
    share = (values - low) / (high - low) if high > low else np.full(len(values), 0.5)
    return np.asarray(np.clip(np.round(share * (COLORS - 1)), 0, COLORS - 1)).astype(np.int64)
