"""Where the slice is."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.gui.network.levels import Range
from gdviz.gui.network.views.cut import reach_of
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, muted
from gdviz.gui.widgets.flow import FlowLayout
from gdviz.gui.widgets.keyed_slider import KeyedSlider
from gdviz.gui.widgets.number_field import NumberField

NOTCHES = 200
UNUSED = "the network does not see x2: all points"


class SliceBar(QWidget):
    """A slider and a field for x2.

    Signals:
        chosen(): another x2.

    Attributes:
        x2: where the slice is.
        used: whether the output can depend on it.
    """

    chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.slice.bar")
        self.x2 = 0.0
        self.used = True
        self._was_chosen = False
        self._span: Range | None = None
        self.field = NumberField(Parameter("x2", 0.0, "where the output is cut along x1"))
        self.field.setObjectName("network.slice.x2")
        self.field.setSizePolicy(QSizePolicy.Policy.Minimum, QSizePolicy.Policy.Fixed)
        tip = "Where the output is cut along x1; Up and Down step, 0 goes to the middle"
        self.slider = KeyedSlider("network.slice.slider", "x2 of the slice", tip, last=NOTCHES, page=NOTCHES // 10)
        self.slider.setSingleStep(NOTCHES // 40)
        self.note = ElidedLabel("network.slice.note")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        row = FlowLayout(self, margins=(8, 4, 8, 4), spacing=8)
        for widget in (muted("at x2"), self.field, self.slider, self.note):
            row.addWidget(widget)
        self.slider.valueChanged.connect(self._slide)
        self.field.edited.connect(self._type)

    def show_axis(self, name: str, span: Range, *, used: bool) -> None:
        """What x2 means, from where to where, and whether the network sees it; a new one is cut in the middle."""
        if span != self._span:
            self._span = span
            low, high = span
            self.field.parameter = Parameter("x2", 0.0, name, minimum=low, maximum=high)
            self._show(self.x2 if self._was_chosen and low <= self.x2 <= high else (low + high) / 2)
        self.used = used
        for control in (self.field, self.slider):
            control.setEnabled(used)
        self.note.setText(f"points ±{reach_of(span):.2g}" if used else UNUSED)
        self.note.setToolTip("How far from the slice points may be to be shown" if used else UNUSED)

    def to_middle(self) -> None:
        """Cut through the middle."""
        if self._span is not None:
            self._take(sum(self._span) / 2)

    def _type(self, value: float) -> None:
        self._was_chosen = True
        self._take(float(value))

    def _slide(self, notch: int) -> None:
        if self._span is not None:
            low, high = self._span
            self._was_chosen = True
            self._take(float(f"{low + notch / NOTCHES * (high - low):.6g}"))

    def _take(self, x2: float) -> None:
        self._show(x2)
        self.chosen.emit()

    def _show(self, x2: float) -> None:
        assert self._span is not None
        low, high = self._span
        self.x2 = x2
        if self.field.value != x2:
            self.field.set_value(min(max(x2, low), high))
        with QSignalBlocker(self.slider):
            self.slider.setValue(round((x2 - low) / (high - low) * NOTCHES))
