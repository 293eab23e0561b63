"""The lecture's four steps in one line, the present one lit."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QHelpEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from gdviz.gui.descent.step_card.text import PHASE_TIPS, PHASES
from gdviz.gui.theme import Look


class PhaseLine(QWidget):
    """Shows which phase of gradient descent is at hand."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.phases")
        self._look = look
        self.phase = 0
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._resize)
        self._resize()
        self.show_phase(1)

    def show_phase(self, phase: int) -> None:
        """Light a phase, 1 to 4."""
        if phase != self.phase:
            self.phase = phase
            self.setAccessibleName(f"{PHASE_TIPS[phase - 1]} ({phase} of {len(PHASES)})")
            self.update()

    def event(self, event: QEvent) -> bool:
        """The tool tip tells the phase under the cursor in full."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            tips = [tip for tip, box in zip(PHASE_TIPS, self._boxes(), strict=True) if box.contains(event.pos())]
            QToolTip.showText(event.globalPos(), tips[0] if tips else "", self)
            return True
        return super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Four names in a row."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        theme = self._look.theme
        for number, (name, box) in enumerate(zip(PHASES, self._boxes(), strict=True), start=1):
            lit = number == self.phase
            painter.setFont(self._font(bold=lit))
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(theme.accent if lit else theme.raised))
            painter.drawRoundedRect(box, box.height() / 2, box.height() / 2)
            painter.setPen(QColor(theme.on_accent if lit else theme.muted))
            painter.drawText(box, Qt.AlignmentFlag.AlignCenter, f"{number} {name}")

    def _boxes(self) -> list[QRectF]:
        """The room shared out by the lengths of the names."""
        metrics = QFontMetricsF(self._font(bold=True))
        gap = self._look.pixels(0.5)
        widths = [metrics.horizontalAdvance(f"{number} {name}") for number, name in enumerate(PHASES, start=1)]
        spare = (self.width() - gap * (len(widths) - 1) - sum(widths)) / len(widths)
        boxes, left = [], 0.0
        for width in widths:
            boxes.append(QRectF(left, 0, width + spare, self.height()))
            left += width + spare + gap
        return boxes

    def _font(self, *, bold: bool) -> QFont:
        return self._look.font(0.85, bold=bold)

    def _resize(self) -> None:
        self.setFixedHeight(round(QFontMetricsF(self._font(bold=True)).height()) + self._look.pixels(1))
        self.update()
