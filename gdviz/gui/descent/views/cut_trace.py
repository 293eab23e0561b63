"""Where the surface is cut, on the contours."""

from __future__ import annotations

import math

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.descent.surface import FloatArray
from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import InViewItem, reported
from gdviz.gui.widgets.plot import with_alpha

DASH, GAP = 5.0, 4.0
"""In pixels."""


class CutTrace(InViewItem):
    """A thin dashed line from one point to another; none at first."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.ends: FloatArray | None = None

    def show_ends(self, ends: FloatArray | None) -> None:
        """Draw the line between two points, shape (2, 2); None draws none."""
        if ends is None and self.ends is None:
            return
        self.prepareGeometryChange()
        self.ends = ends
        self.update()

    def boundingRect(self) -> QRectF:
        """Around what is seen of the line."""
        seen = self._seen()
        if seen is None:
            return QRectF()
        width, height = self.pixel_size()
        return QRectF(*seen).normalized().adjusted(-width, -height, width, height)

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw what is seen of it: the dashes of a line far beyond the view would take their time."""
        seen = self._seen()
        if seen is not None:
            pen: QPen = pg.mkPen(with_alpha(self._look.theme.text, 0.8), width=1, style=Qt.PenStyle.CustomDashLine)
            pen.setDashPattern([DASH, GAP])
            painter.setPen(pen)
            painter.drawLine(*seen)

    def _seen(self) -> tuple[QPointF, QPointF] | None:
        """The ends of the part that is in view; None where there is none."""
        view = self._in_view
        if self.ends is None or view.isEmpty():
            return None
        (x, y), (end_x, end_y) = self.ends.tolist()
        along = (end_x - x, end_y - y)
        first, last = 0.0, 1.0
        for start, towards, low, high in (
            (x, along[0], view.left(), view.right()),
            (y, along[1], view.top(), view.bottom()),
        ):
            if towards:
                enters, leaves = sorted(((low - start) / towards, (high - start) / towards))
                first, last = max(first, enters), min(last, leaves)
            elif not low <= start <= high:
                return None
        if not (math.isfinite(first + last) and first < last):
            return None
        return (
            QPointF(x + first * along[0], y + first * along[1]),
            QPointF(x + last * along[0], y + last * along[1]),
        )
