"""A field for the outputs whose lines are drawn."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit

from gdviz.gui.network.levels import MOST, UNIT, Range, parse_levels, usual_levels

WIDEST = "0.10, 0.25, 0.50, 0.75, 0.90 00"


class LevelsField(QLineEdit):
    """Takes 1 to 9 numbers; an empty field is the usual ones.

    Signals:
        edited(object): other levels were typed, a tuple.
        refused(str): what was typed cannot be drawn, and why; "" once it can.
        insisted(str): Enter was pressed on what cannot be drawn, and why that is so.
        done(): Enter or Escape ended the typing.
    """

    edited = Signal(object)
    refused = Signal(str)
    insisted = Signal(str)
    done = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("network.levels")
        self.setAccessibleName("Contours at")
        self._ends: Range = UNIT
        self._levels = usual_levels(UNIT)
        self.textEdited.connect(self._typed)
        self.editingFinished.connect(self._finish)
        self._say_help()
        self._restore()

    @property
    def levels(self) -> tuple[float, ...]:
        """The last ones that can be drawn, rising."""
        return self._levels

    @property
    def ends(self) -> Range:
        """What they have to lie between."""
        return self._ends

    def show_levels(self, levels: Sequence[float], ends: Range) -> None:
        """Show levels between these ends, without emitting."""
        self._ends, self._levels = ends, tuple(levels)
        self._mark("")
        self._restore()

    def event(self, event: QEvent) -> bool:
        """Escape is the field's before it is the window's."""
        override = event.type() == QEvent.Type.ShortcutOverride
        if override and isinstance(event, QKeyEvent) and event.key() == Qt.Key.Key_Escape:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape brings back what is drawn."""
        if event.key() == Qt.Key.Key_Escape:
            self._restore()
            self.done.emit()
        else:
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """Room for five numbers."""
        return QSize(self.fontMetrics().horizontalAdvance(WIDEST), super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def _typed(self, text: str) -> None:
        try:
            levels = parse_levels(text, self._ends) if text.strip() else usual_levels(self._ends)
        except ValueError as error:
            self._mark(str(error))
            self.refused.emit(str(error))
            return
        self._mark("")
        self.refused.emit("")
        if levels != self._levels:
            self._levels = levels
            self.edited.emit(levels)

    def _finish(self) -> None:
        """Enter was pressed, or the keys go elsewhere: what is wrong stays to be mended while they are here."""
        if self.hasFocus() and self.property("invalid"):
            self.insisted.emit(self.toolTip())
            return
        self._restore()
        if self.hasFocus():
            self.done.emit()

    def _restore(self) -> None:
        """What is drawn, in place of what cannot be."""
        if self.property("invalid"):
            self._mark("")
            self.refused.emit("")
        self.setText(", ".join(f"{level:g}" for level in self._levels))

    def _mark(self, error: str) -> None:
        if bool(error) != bool(self.property("invalid")):
            self.setProperty("invalid", bool(error))
            self.style().unpolish(self)
            self.style().polish(self)
        if error:
            self.setToolTip(error)
        else:
            self._say_help()

    def _say_help(self) -> None:
        low, high = self._ends
        self.setToolTip(f"Lines where the output is one of these: 1 to {MOST} numbers between {low:g} and {high:g}")
