"""A schedule's learning rate against the step, drawn small."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.descent.schedules import rate
from gdviz.descent.spec import Change
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look


class ScheduleCurve(QWidget):
    """Draws the selected racer's learning rate over all steps, and where the race stands."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.schedule_curve")
        self.setAccessibleName("Learning rate against the step")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._session, self._look = session, look
        self._shown: tuple[Change, int] | None = None
        self._rates = np.zeros(1)
        session.step_changed.connect(self.update)

    def show_change(self, change: Change) -> None:
        """Draw these settings."""
        steps = self._session.spec.steps
        if (change, steps) != self._shown:
            self._shown = (change, steps)
            grid = np.unique(np.linspace(0, max(steps - 1, 1), 200).astype(int))
            self._rates = rate(change.schedule, change.optimizer.learning_rate, grid)
        self.setFixedHeight(self._look.pixels(8))
        self.setToolTip(f"from {short(float(self._rates[0]))} to {short(float(self._rates[-1]))}")
        self.update()

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
        now = box.left() + box.width() * min(1.0, self._session.step / max(self._session.spec.steps, 1))
        painter.setPen(QPen(QColor(theme.text), 1))
        painter.drawLine(QPointF(now, box.top()), QPointF(now, box.bottom()))
