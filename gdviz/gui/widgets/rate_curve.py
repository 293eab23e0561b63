"""A learning rate against the step, drawn small."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.gui.numbers import short, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import reported

_BESIDE = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_ALONG = (Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignHCenter, Qt.AlignmentFlag.AlignRight)


class RateCurve(QWidget):
    """Draws rates over 0, with values at the axes, and where among them things stand."""

    def __init__(self, name: str, look: Look) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Learning rate against the step")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look = look
        self._rates: NDArray[np.float64] = np.zeros(2)
        self._ends = (0, 1)
        self._share = 0.0

    def show_rates(self, rates: NDArray[np.float64], first: int, last: int) -> None:
        """Draw rates from a first step to a last one, shape (k,), k at least 2."""
        self._rates, self._ends = rates, (first, last)
        self.setFixedHeight(self._look.pixels(9))
        self.setToolTip(f"from {short(float(rates[0]))} to {short(float(rates[-1]))}")
        self.update()

    def show_share(self, share: float) -> None:
        """Things stand at this share of the way, 0 to 1."""
        if share != self._share:
            self._share = share
            self.update()

    @reported
    def paintEvent(self, event: QPaintEvent) -> None:
        """The curve over its axes, with a line at the present step."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(self._look.font(0.8))
        theme, metrics = self._look.theme, painter.fontMetrics()
        high = float(self._rates.max()) or 1.0
        top = short(high)
        left = 2 + max(map(metrics.horizontalAdvance, ("0", top))) + self._look.pixels(0.5)
        box = QRectF(self.rect()).adjusted(left, metrics.height() / 2, -2, -metrics.height() - 2)
        painter.setPen(QColor(theme.muted))
        for text, middle in ((top, box.top()), ("0", box.bottom())):
            painter.drawText(QRectF(0, middle - 50, left - self._look.pixels(0.5), 100), _BESIDE, text)
        below = QRectF(box.left(), box.bottom() + 2, box.width(), metrics.height())
        for text, side in zip((whole(self._ends[0]), "step", whole(self._ends[1])), _ALONG, strict=True):
            painter.drawText(below, side, text)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawPolyline([box.topLeft(), box.bottomLeft(), box.bottomRight()])
        x = box.left() + box.width() * np.linspace(0, 1, len(self._rates))
        y = box.bottom() - box.height() * self._rates / high
        painter.setPen(QPen(QColor(theme.accent), self._look.line_width))
        painter.drawPolyline(QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]))
        now = box.left() + box.width() * min(1.0, self._share)
        painter.setPen(QPen(QColor(theme.text), 1))
        painter.drawLine(QPointF(now, box.top()), QPointF(now, box.bottom()))
