"""A learning rate against the step, drawn small."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import reported


class RateCurve(QWidget):
    """Draws rates over their floor, and where among them things stand."""

    def __init__(self, name: str, look: Look) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("Learning rate against the step")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look = look
        self._rates: NDArray[np.float64] = np.zeros(2)
        self._share = 0.0

    def show_rates(self, rates: NDArray[np.float64]) -> None:
        """Draw these, shape (k,), k at least 2."""
        self._rates = rates
        self.setFixedHeight(self._look.pixels(8))
        self.setToolTip(f"from {short(float(rates[0]))} to {short(float(rates[-1]))}")
        self.update()

    def show_share(self, share: float) -> None:
        """Things stand at this share of the way, 0 to 1."""
        if share != self._share:
            self._share = share
            self.update()

    @reported
    def paintEvent(self, event: QPaintEvent) -> None:
        """The curve over its floor, with a line at the present step."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        box = QRectF(self.rect()).adjusted(2, 4, -2, -4)
        painter.setPen(QPen(QColor(theme.border), 1))
        painter.drawLine(box.bottomLeft(), box.bottomRight())
        high = float(self._rates.max()) or 1.0
        x = box.left() + box.width() * np.linspace(0, 1, len(self._rates))
        y = box.bottom() - box.height() * self._rates / high
        painter.setPen(QPen(QColor(theme.accent), self._look.line_width))
        painter.drawPolyline(QPolygonF([QPointF(a, b) for a, b in zip(x.tolist(), y.tolist(), strict=True)]))
        now = box.left() + box.width() * min(1.0, self._share)
        painter.setPen(QPen(QColor(theme.text), 1))
        painter.drawLine(QPointF(now, box.top()), QPointF(now, box.bottom()))
