"""A field for one declared number: typed freely, stepped with arrows or wheel, checked as it is typed."""

from __future__ import annotations

import math
from decimal import Decimal
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QWheelEvent
from PySide6.QtWidgets import QLineEdit, QToolTip, QWidget

from gdviz.declared.parameter import Parameter, Value
from gdviz.gui.numbers import exact
from gdviz.gui.widgets.field_note import note_of
from gdviz.gui.widgets.timers import once, one_shot

_FACTORS = (1.0, 2.0, 5.0, 10.0)
PAUSE_MILLISECONDS = 600
"""When nothing was typed for so long, a patient field takes the number."""


class NumberField(QLineEdit):
    """Edits the value of a "number" or "integer" parameter.

    Enter and Escape go on to the tab once they have done their work, and it takes the keyboard back; Space never stays.

    Signals:
        edited(object): a new, allowed value that a person typed or stepped to.
    """

    edited = Signal(object)

    def __init__(self, parameter: Parameter, parent: QWidget | None = None, *, patient: bool = False) -> None:
        """Args: patient: wait until typing pauses: half a number would do harm, as the 1 of 1e-3 to what trains."""
        super().__init__(parent)
        self._typing = one_shot(self, PAUSE_MILLISECONDS, self._take_typed)
        self._is_patient = patient
        self._value = self._kept = parameter.default  # the latter is what Escape goes back to
        self.set_parameter(parameter)
        self.set_value(parameter.default)
        self.textEdited.connect(self._typed)
        self.editingFinished.connect(self._restore)

    @property
    def value(self) -> float:
        """The last allowed value."""
        return float(self._value)

    def set_parameter(self, parameter: Parameter) -> None:
        """Edit another parameter, in whose range the value is."""
        self.parameter = parameter
        self.setAccessibleName(parameter.title)
        self._describe()
        self.setToolTip(f"{parameter.meaning}\n{parameter.allowed}; arrow keys step")

    def set_value(self, value: object) -> None:
        """Show a value without emitting; ValueError where it is not allowed."""
        checked = self.parameter.check(value)
        if checked != self._value:
            self._value = self._kept = checked
        if self._typing.isActive():
            return
        if not (self.hasFocus() and self._parsed() == self._value):  # do not rewrite "0.10" under the cursor
            self.setText(exact(self.value))
        self._mark(wrong=False)

    def step(self, steps: int) -> None:
        """Go up or down by steps: along 1, 2, 5, 10 where logarithmic, else by one unit of the last digit but one."""
        value = self.value
        for _ in range(abs(steps)):
            value = _next(value, 1 if steps > 0 else -1, self.parameter)
        try:
            checked = self.parameter.check(value)
        except ValueError:
            return
        if checked != self._value:
            self._change(checked)

    def event(self, event: QEvent) -> bool:
        """Leave Space to the window, which plays with it; Escape is the field's before it is the window's."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            if event.key() == Qt.Key.Key_Space:
                event.ignore()
                return True
            if event.key() == Qt.Key.Key_Escape:
                event.accept()
                return True
        return super().event(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Escape goes back to the value of now."""
        super().focusInEvent(event)
        self._kept = self._value
        if self.property("invalid"):  # from another window back to what is not mended yet
            self._typed(self.text())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Up and down step the value; Escape brings back the one that was there before."""
        match event.key():
            case Qt.Key.Key_Up | Qt.Key.Key_Down as key:
                self.step(1 if key == Qt.Key.Key_Up else -1)
                event.accept()
            case Qt.Key.Key_Escape:
                self._take_back()
                event.ignore()
            case Qt.Key.Key_Space:
                event.ignore()
            case _:
                super().keyPressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel steps the value, but only of the field in use: scrolling past must not change it."""
        if self.hasFocus() and event.angleDelta().y():
            self.step(1 if event.angleDelta().y() > 0 else -1)
            event.accept()
        else:
            event.ignore()

    def _take_back(self) -> None:
        self._typing.stop()
        if self._value != self._kept:
            self._change(self._kept)
        elif self._parsed() not in (None, self._value):  # not taken yet
            self.setText(exact(self.value))
        else:
            self._restore()

    def _change(self, value: Value) -> None:
        self._typing.stop()
        self._value = value
        self.setText(exact(self.value))
        self._mark(wrong=False)
        self.edited.emit(value)

    def _parsed(self) -> object:
        try:
            return self.parameter.parse(self.text())
        except ValueError:
            return None

    def _typed(self, text: str) -> None:
        self._typing.stop()
        try:
            self.parameter.parse(text)
        except ValueError:
            self._mark(wrong=True)
            return
        self._mark(wrong=False)
        if self._is_patient:
            self._typing.start()
        else:
            self._take_typed()

    def _take_typed(self) -> None:
        self._typing.stop()
        value = self.parameter.parse(self.text())
        if value != self._value:
            self._value = value
            self.edited.emit(value)

    def _restore(self) -> None:
        if self._typing.isActive():
            self._take_typed()
        try:
            self.parameter.parse(self.text())
        except ValueError as error:
            if self._value != self._kept:  # by what was typed on the way to it
                self._change(self._kept)
            kept, said = exact(self.value), str(error).replace(self.parameter.name, self.parameter.title, 1)
            self.setText(kept)
            self._mark(wrong=False)
            # Enter hands the keyboard on right after this, and Qt hides a tip when the focus goes.
            once(self, 0, partial(self._tell, f"{said}. It stays at {kept}."))
        else:
            self._kept = self._value

    def _tell(self, text: str) -> None:
        QToolTip.showText(self.mapToGlobal(self.rect().bottomLeft()), text, self)

    def _mark(self, *, wrong: bool) -> None:
        if wrong != bool(self.property("invalid")):
            self.setProperty("invalid", wrong)
            self.style().unpolish(self)
            self.style().polish(self)
            self._describe()
            if not wrong:
                note_of(self).withdraw(self)
        if wrong:
            note_of(self).tell(self, self._allowed)

    @property
    def _allowed(self) -> str:
        return f"Allowed is {self.parameter.allowed}."

    def _describe(self) -> None:
        """What a screen reader says; of a text that is refused, why."""
        usual = f"{self.parameter.meaning}; {self.parameter.allowed}"
        self.setAccessibleDescription(self._allowed if self.property("invalid") else usual)

    def changeEvent(self, event: QEvent) -> None:
        """Keep the field as wide as its numbers need at any text scale."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.setMinimumWidth(self.fontMetrics().horizontalAdvance("0.00000001"))


def _next(value: float, direction: int, parameter: Parameter) -> float:
    if parameter.kind == "integer":
        return max(parameter.minimum, min(parameter.maximum, round(value) + direction))
    if parameter.logarithmic:
        if value <= 0.0:
            return 1e-8 if direction > 0 else value
        exponent = math.floor(math.log10(value) + 1e-9)
        ladder = [
            float(Decimal(repr(factor)).scaleb(power)) for power in (exponent - 1, exponent) for factor in _FACTORS
        ]
        above = [rung for rung in ladder if rung > value * (1 + 1e-9)]
        below = [rung for rung in ladder if rung < value * (1 - 1e-9)]
        return min(above) if direction > 0 and above else max(below) if direction < 0 and below else value
    span = parameter.maximum - parameter.minimum
    unit = 0.05 if span <= 1.0 else max(0.1, 10.0 ** math.floor(math.log10(abs(value) or 1.0)) / 10)
    if span <= 1.0 and value > 0.9 - 1e-9 and not (direction < 0 and abs(value - 0.9) < 1e-9):
        # Close to 1, what matters is the distance from it: 0.9, 0.99, 0.999.
        rest = 1.0 - value
        return round(1.0 - (rest / 10 if direction > 0 else rest * 10), 6) if rest > 1e-5 or direction < 0 else value
    return max(parameter.minimum, min(parameter.maximum, round(value + direction * unit, 10)))
