"""What is painted with: red, green or questions; in regression a value."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.gui.network.painting import INKS, QUESTION
from gdviz.gui.network.questions_item import question_color
from gdviz.gui.network.state import NetworkState
from gdviz.gui.theme import Look
from gdviz.gui.widgets.keyed_slider import KeyedSlider
from gdviz.gui.widgets.number_field import NumberField

NOTCHES = 100
_TITLES = ("● red", "▲ green", "◆ ask")
_TIPS = (
    "Paint red with the left button, green with the right one; makes selected points red (1, R)",
    "Paint green with the left button, red with the right one; makes selected points green (2)",
    "Put questions: the network says beside each what it takes it for; once more: paint again (3, Q)",
)


class InkRow(QWidget):
    """Chooses what the left button paints.

    Signals:
        ink_chosen(int): RED, GREEN or QUESTION.
        value_chosen(float): a value, in regression.
    """

    ink_chosen = Signal(int)
    value_chosen = Signal(float)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._range = (0.0, 1.0)
        self._group = QButtonGroup(self)
        self.buttons = [QToolButton() for _ in INKS]
        row = QHBoxLayout()
        row.setSpacing(6)
        for label, (button, name) in enumerate(zip(self.buttons, INKS, strict=True)):
            button.setObjectName(f"network.ink.{name}")
            button.setText(_TITLES[label])
            button.setAccessibleName(name)
            button.setToolTip(_TIPS[label])
            button.setCheckable(True)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
            button.clicked.connect(lambda _=False, label=label: self.ink_chosen.emit(label))
            self._group.addButton(button)
            row.addWidget(button, 1)
        tip = "The value that the left button paints; the right one paints its counterpart"
        self.slider = KeyedSlider("network.ink.slider", "Value to paint", tip, last=NOTCHES)
        self.slider.valueChanged.connect(self._slid)
        self.field = NumberField(_value_between(*self._range))
        self.field.setObjectName("network.ink.value")
        self.field.edited.connect(lambda value: self.value_chosen.emit(float(value)))
        values = QHBoxLayout()
        values.setSpacing(6)
        values.addWidget(self.slider, 2)
        values.addWidget(self.field, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(row)
        column.addLayout(values)
        look.changed.connect(self._restyle)
        self._restyle()

    def show_state(self, state: NetworkState) -> None:
        """Colours, or values between the ends of the state's colour scale."""
        if state.value_range != self._range:
            self._range = state.value_range
            self.field.parameter = _value_between(*self._range)
            self.field.set_value(self._range[0])
        regression = state.network.regression
        for widget, seen in (
            *((button, not regression) for button in self.buttons[:QUESTION]),
            (self.slider, regression),
            (self.field, regression),
        ):
            widget.setVisible(seen)

    def show_ink(self, label: int, value: float) -> None:
        """Show what is painted with."""
        self._group.setExclusive(False)
        for each, button in enumerate(self.buttons):
            button.setChecked(each == label)
        self._group.setExclusive(True)
        low, high = self._range
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((value - low) / (high - low) * NOTCHES))
        self.field.set_value(min(max(value, low), high))

    def _slid(self, notch: int) -> None:
        low, high = self._range
        self.value_chosen.emit(float(f"{low + notch / NOTCHES * (high - low):.4g}"))

    def _restyle(self) -> None:
        for button, color in zip(self.buttons, (*self._look.labels, question_color(self._look)), strict=True):
            on = self._look.theme.plot if color.lightnessF() > 0.5 else "#ffffff"
            button.setStyleSheet(
                f"QToolButton {{ color: {_readable(color, self._look).name()}; font-weight: 600 }}"
                f"QToolButton:checked {{ background: {color.name()}; border-color: {color.name()}; color: {on} }}"
            )


def _value_between(low: float, high: float) -> Parameter:
    return Parameter("value", low, "what the left button paints", minimum=low, maximum=high)


def _readable(color: QColor, look: Look) -> QColor:
    """The colour, dark enough for words on white."""
    return color if look.theme.key == "dark" else color.darker(125)
