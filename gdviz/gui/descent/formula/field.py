"""Where a formula is typed: a few lines high, with what is wrong underlined."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QFocusEvent, QKeyEvent, QTextCharFormat, QTextCursor
from PySide6.QtWidgets import QPlainTextEdit, QTextEdit

from gdviz.gui.theme import Look

LINES = 3
MOST_CHARACTERS = 5000
"""Far more than a formula may have, so that its message can say so; but not a book that was pasted by accident."""


class FormulaField(QPlainTextEdit):
    """One formula; Return ends it, as in a field of one line.

    Signals:
        entered(): Return was pressed.
    """

    entered = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.own.formula")
        self.setAccessibleName("Formula in x and y")
        self.setToolTip("The loss as a formula in x and y (or w0 and w1), such as x^2 + 3*sin(y)")
        self.setPlaceholderText("x^2 + 3*sin(y)")
        self.setTabChangesFocus(True)
        self._look = look
        self._wrong = False
        look.changed.connect(self._restyle)
        self.textChanged.connect(self._stay_short)
        self._restyle()

    def text(self) -> str:
        """What is typed, on one line."""
        return " ".join(self.toPlainText().splitlines())

    def replace_text(self, text: str) -> None:
        """Another formula; undo brings back the one before."""
        cursor = self.textCursor()
        cursor.select(QTextCursor.SelectionType.Document)
        cursor.insertText(text)
        self.setTextCursor(cursor)

    def mark(self, where: tuple[int, int] | None, *, wrong: bool) -> None:
        """Underline some characters, or none; frame the field where the formula is wrong."""
        selections = []
        if where is not None:
            selection = QTextEdit.ExtraSelection()
            style = QTextCharFormat()
            style.setUnderlineStyle(QTextCharFormat.UnderlineStyle.WaveUnderline)
            style.setUnderlineColor(QColor(self._look.theme.error))
            style.setForeground(QColor(self._look.theme.error))
            cursor = self.textCursor()
            length = len(self.toPlainText())
            cursor.setPosition(min(where[0], length))
            cursor.setPosition(min(where[1], length), QTextCursor.MoveMode.KeepAnchor)
            selection.cursor, selection.format = cursor, style
            selections.append(selection)
        self.setExtraSelections(selections)
        if wrong != self._wrong:
            self._wrong = wrong
            self._restyle()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return ends the formula; every other key edits it.

        Alt with a letter is that of a button, which may not be ready to be pressed; the letter is never typed.
        """
        letter = event.text().isascii() and event.text().isalpha()
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            event.accept()
            self.entered.emit()
        elif letter and event.modifiers() == Qt.KeyboardModifier.AltModifier:
            event.accept()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Frame the field while it is typed in."""
        super().focusInEvent(event)
        self._restyle()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """And no longer."""
        super().focusOutEvent(event)
        self._restyle()

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _stay_short(self) -> None:
        if len(self.toPlainText()) > MOST_CHARACTERS:
            self.replace_text(self.toPlainText()[:MOST_CHARACTERS])

    def _restyle(self) -> None:
        theme, half = self._look.theme, self._look.pixels(0.5)
        border = theme.error if self._wrong else theme.accent if self.hasFocus() else theme.border
        self.setStyleSheet(
            f"QPlainTextEdit {{ background: {theme.raised}; color: {theme.text}; border: 1px solid {border};"
            f" border-radius: {half}px; padding: {half // 2}px;"
            f" selection-background-color: {theme.accent}; selection-color: {theme.on_accent}; }}"
        )
        self._fit()

    def _fit(self) -> None:
        margins = round(2 * self.document().documentMargin()) + 4 * self._look.pixels(0.5)
        self.setFixedHeight(LINES * self.fontMetrics().lineSpacing() + margins)
