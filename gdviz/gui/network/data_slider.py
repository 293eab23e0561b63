"""A number that is found by sliding or typed: a slider beside a field."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.gui.widgets.keyed_slider import KeyedSlider
from gdviz.gui.widgets.number_field import NumberField

_STEP = 0.01
_DECADES = 24
"""Notches for each power of ten."""


def notches(parameter: Parameter) -> tuple[float, ...]:
    """The values that the slider of a parameter stops at, lowest first.

    Integers are spread evenly over their powers of ten, in two digits; other numbers stop at each hundredth.
    """
    low, high = parameter.minimum, parameter.maximum
    if parameter.kind != "integer":
        return tuple(round(low + index * _STEP, 10) for index in range(round((high - low) / _STEP) + 1))
    count = round(float(np.log10(high / low)) * _DECADES)
    return tuple(sorted({float(round(float(f"{value:.2g}"))) for value in np.geomspace(low, high, count)}))


class ShortField(NumberField):
    """A field no wider than the few digits that it holds."""

    def changeEvent(self, event: QEvent) -> None:
        """Room for four digits and a frame at any text scale."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.setFixedWidth(self.fontMetrics().horizontalAdvance("000000"))


class NumberSlider(QWidget):
    """Edits one number.

    Signals:
        edited(object): a new, allowed value.
        let_go(): the slider was released.
    """

    edited = Signal(object)
    let_go = Signal()

    def __init__(self, parameter: Parameter, name: str) -> None:
        """Args: parameter: with both ends of its range; name: of the field, the slider's ends in ``_slider``."""
        super().__init__()
        self._parameter = parameter
        self._notches = np.array(notches(parameter))
        self.field = ShortField(parameter)
        self.field.setObjectName(name)
        self.field.edited.connect(self.edited)
        last = len(self._notches) - 1
        self.slider = KeyedSlider(
            f"{name}_slider", parameter.title, parameter.meaning, last=last, page=max(1, last // 10)
        )
        self.slider.valueChanged.connect(self._slid)
        self.slider.sliderReleased.connect(self.let_go)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self.slider, 1)
        row.addWidget(self.field)

    def show_parameter(self, parameter: Parameter, value: float) -> None:
        """Show a value without emitting; the parameter has the same range as before, and perhaps another meaning."""
        if parameter != self.field.parameter:
            self.field.parameter = parameter
            self.slider.setToolTip(parameter.meaning)
            self.field.set_value(value)
        if not self.slider.isSliderDown():  # it is where the hand is
            with QSignalBlocker(self.slider):
                self.slider.setValue(int(np.abs(self._notches - value).argmin()))
        if value != self.field.value:
            self.field.set_value(value)

    def _slid(self, notch: int) -> None:
        value = self._parameter.check(float(self._notches[notch]))
        self.field.set_value(value)
        self.edited.emit(value)
