"""One step of the explanation: its words, its formulas, and the same with numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QFrame, QLabel, QVBoxLayout

from gdviz.gui.network.explain.chain import Step
from gdviz.gui.theme import Look
from gdviz.gui.widgets.formula_label import FormulaLabel, Formulas

MOST_LINES = 3
WIDE = 70
"""In grid units."""


class WhyBlock(QFrame):
    """A step; the newest is raised. Its bar is coloured on the way back, and quiet on the way forward."""

    def __init__(self, number: int, formulas: Formulas, look: Look) -> None:
        super().__init__()
        self.setObjectName(f"network.why{number}")
        self._look = look
        self._newest = False
        self.step: Step | None = None
        self.title = QLabel()
        self.title.setWordWrap(True)
        self._rows = QVBoxLayout(self)
        self._rows.addWidget(self.title)
        self.lines = [(FormulaLabel(formulas, look, 1.1), FormulaLabel(formulas, look)) for _ in range(MOST_LINES)]
        self._pairs = [QBoxLayout(QBoxLayout.Direction.TopToBottom) for _ in self.lines]
        for pair, labels in zip(self._pairs, self.lines, strict=True):
            for label in labels:
                pair.addWidget(label, 1)
            self._rows.addLayout(pair)
        look.changed.connect(self._restyle)
        self._restyle()

    def show_step(self, step: Step, *, newest: bool, fast: bool) -> None:
        """Show a step; while numbers change ``fast``, only results are told, in plain text."""
        self.step = step
        self.title.setText(step.title)
        for index, (formula, numbers) in enumerate(self.lines):
            there = index < len(step.lines)
            formula.setVisible(there)
            numbers.setVisible(there)
            if there:
                line = step.lines[index]
                formula.show_formula(line.formula)
                if fast:
                    numbers.show_text(line.text)
                else:
                    numbers.show_formula(line.numbers)
        self.setAccessibleName(step.title + ": " + "; ".join(line.text for line in step.lines))
        if newest != self._newest:
            self._newest = newest
            self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Numbers stand beside their formula where there is room, otherwise below."""
        super().resizeEvent(event)
        wide = self.width() >= self._look.pixels(WIDE)
        for pair in self._pairs:
            pair.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The ground, and the bar at the left."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self._look.pixels(0.5)
        theme = self._look.theme
        if self._newest:
            painter.setBrush(QColor(theme.raised))
            painter.drawRoundedRect(self.rect(), radius, radius)
        backward = self.step is not None and self.step.backward
        painter.setBrush(QColor(theme.accent if backward else theme.border))
        painter.drawRoundedRect(QRectF(0, 0, radius, self.height()), radius / 2, radius / 2)

    def _restyle(self) -> None:
        pixels = self._look.pixels
        self._rows.setContentsMargins(pixels(1.5), pixels(0.5), pixels(0.5), pixels(0.5))
        self._rows.setSpacing(pixels(0.25))
        self.title.setFont(self._look.font(bold=self._newest))
        self.update()
