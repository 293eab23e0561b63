"""A tangent and an arrow, drawn in pixels: as long and as sharp at any zoom."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.gui.widgets.in_view_item import FAR, InViewItem, reported

Place = tuple[float, float]


class CurveMarks(InViewItem):
    """Draws the tangent at a place of the plot, and an arrow from one place to another."""

    def __init__(self) -> None:
        super().__init__()
        self._tangent: tuple[Place, float] | None = None
        self._arrow: tuple[Place, Place] | None = None
        self._tangent_pen, self._arrow_pen = QPen(), QPen()
        self._half, self._head, self._ball = 60.0, 10.0, 8.0

    @property
    def tangent(self) -> tuple[Place, float] | None:
        """Where the tangent is, and its slope; None while there is none."""
        return self._tangent

    @property
    def arrow(self) -> tuple[Place, Place] | None:
        """Where the arrow begins and ends; None while there is none."""
        return self._arrow

    def set_style(self, tangent: QColor, arrow: QColor, *, width: float, half: float, head: float, ball: float) -> None:
        """Colours, and lengths in pixels: a line's width, half a tangent, the arrow's head and the ball's radius."""
        self._tangent_pen = QPen(tangent, 0.75 * width, c=Qt.PenCapStyle.RoundCap)
        self._arrow_pen = QPen(arrow, 2 * width, c=Qt.PenCapStyle.RoundCap, j=Qt.PenJoinStyle.RoundJoin)
        self._half, self._head, self._ball = half, head, ball
        self.update()

    def set_marks(self, tangent: tuple[Place, float] | None, arrow: tuple[Place, Place] | None) -> None:
        """Draw these; None draws none."""
        self._tangent, self._arrow = tangent, arrow
        self.update()

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw in pixels."""
        transform = painter.transform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if self._tangent is not None:
            self._draw_tangent(painter, transform, *self._tangent)
        if self._arrow is not None:
            self._draw_arrow(painter, transform.map(QPointF(*self._arrow[0])), transform.map(QPointF(*self._arrow[1])))
        painter.restore()

    def _draw_tangent(self, painter: QPainter, transform: QTransform, place: Place, slope: float) -> None:
        middle = transform.map(QPointF(*place))
        if not _near(middle) or not math.isfinite(slope):
            return
        right, up = transform.m11(), transform.m22() * slope
        share = self._half / math.hypot(right, up)
        reach = QPointF(right * share, up * share)
        painter.setPen(self._tangent_pen)
        painter.drawLine(middle - reach, middle + reach)

    def _draw_arrow(self, painter: QPainter, start: QPointF, end: QPointF) -> None:
        length = math.hypot(end.x() - start.x(), end.y() - start.y())
        if length <= self._ball or not (_near(start) and math.isfinite(length)):  # it would hide under the ball
            return
        along = QPointF((end.x() - start.x()) / length, (end.y() - start.y()) / length)
        across = QPointF(-along.y(), along.x())
        tip = start + along * min(length, FAR)
        head = min(self._head, length)
        painter.setPen(self._arrow_pen)
        painter.drawLine(start, tip - along * (head * 0.6))
        painter.setBrush(self._arrow_pen.color())
        corner = tip - along * head
        painter.drawPolygon(QPolygonF([tip, corner + across * (head * 0.45), corner - across * (head * 0.45)]))


def _near(place: QPointF) -> bool:
    return abs(place.x()) < FAR and abs(place.y()) < FAR  # False for NaN as well
