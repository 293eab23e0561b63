"""One sub-step on the step card."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFontDatabase, QPainter, QPaintEvent
from PySide6.QtWidgets import QFrame, QLabel, QVBoxLayout

from gdviz.gui.descent.step_card.marks import mark_color
from gdviz.gui.descent.step_card.text import Explained
from gdviz.gui.theme import Look
from gdviz.gui.widgets.formula_label import FormulaLabel, Formulas


class SubStepBlock(QFrame):
    """What a sub-step means, its formula, the same with numbers, and its line of Python.

    The bar at its left has the colour that its arrow or squares have in the views.
    """

    def __init__(self, number: int, formulas: Formulas, look: Look) -> None:
        super().__init__()
        self.setObjectName(f"descent.substep{number}")
        self._look = look
        self.explained: Explained | None = None
        self._newest = False
        self.meaning = QLabel()
        self.meaning.setWordWrap(True)
        self.formula = FormulaLabel(formulas, look, 1.2)
        self.numbers = FormulaLabel(formulas, look, 1.0)
        self.code = QLabel()
        self.code.setWordWrap(True)
        self.code.setProperty("role", "muted")
        self.code.setTextFormat(Qt.TextFormat.PlainText)
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setCursor(Qt.CursorShape.IBeamCursor)
        self._rows = QVBoxLayout(self)
        for widget in (self.meaning, self.formula, self.numbers, self.code):
            self._rows.addWidget(widget)
        look.changed.connect(self._restyle)
        self._restyle()

    def show_substep(self, explained: Explained, *, newest: bool) -> None:
        """Show a sub-step; ``newest`` is the one that is being talked about."""
        if self.explained is None or explained.code != self.explained.code:
            self.code.setText(explained.code)
            self.meaning.setText(explained.meaning)
        recolored = self.explained is None or explained.kind != self.explained.kind
        self.explained = explained
        self.formula.show_formula(explained.formula)
        if explained.numbers:
            self.numbers.show_formula(explained.numbers)
            self.setAccessibleName(f"{explained.meaning}: {explained.code} {explained.result}")
        else:
            self.numbers.show_text(explained.result)
        if newest != self._newest:
            self._newest = newest
            self._restyle()
        elif recolored:
            self.update()

    def prepare(self, explained: Explained) -> None:
        """Have typeset what is going to be shown."""
        self.formula.ask_for(explained.formula)
        self.numbers.ask_for(explained.numbers)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The newest is raised; the bar says what is drawn of it."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        radius = self._look.pixels(0.5)
        if self._newest:
            painter.setBrush(QColor(self._look.theme.raised))
            painter.drawRoundedRect(self.rect(), radius, radius)
        if self.explained is not None:
            painter.setBrush(mark_color(self.explained.kind, self.explained.name, self._look))
            painter.drawRoundedRect(QRectF(0, 0, self._look.pixels(0.5), self.height()), radius / 2, radius / 2)

    def _restyle(self) -> None:
        pixels = self._look.pixels
        self._rows.setContentsMargins(pixels(1.5), pixels(0.75), pixels(0.5), pixels(0.75))
        self._rows.setSpacing(pixels(0.5))
        self.meaning.setFont(self._look.font(bold=self._newest))
        code = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        code.setPointSizeF(self._look.font(0.85).pointSizeF())
        self.code.setFont(code)
        self.update()
