"""One sample in numbers: which, where, which label; the way to it for those who work with the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.descent.spec import Sample, SurfaceSpec
from gdviz.gui.descent.data.samples import FEWEST, at_place, is_line, place_of, samples_of
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, choose, icon_button, muted
from gdviz.gui.widgets.flow import flow_bar, side_by_side
from gdviz.gui.widgets.number_field import NumberField

NUMBER = Parameter("sample", 1, "which sample the fields show", kind="integer", minimum=1, maximum=10_000)
T, GRADE, X1, X2 = (
    Parameter(name, 0.0, meaning, minimum=-1e6, maximum=1e6)
    for name, meaning in (
        ("t", "hours of preparation of the sample"),
        ("grade", "grade of the sample"),
        ("x1", "where the sample is, across"),
        ("x2", "where the sample is, upwards"),
    )
)
LABELS = {"0": "● red", "1": "▲ green"}


class _NarrowField(NumberField):
    """A number field of a fixed width that follows the text scale."""

    digits = 6

    def changeEvent(self, event: QEvent) -> None:
        """Keep room for so many digits."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self.fit()

    def fit(self) -> None:
        """Take the width that the digits need."""
        metrics = self.fontMetrics()
        self.setFixedWidth(metrics.horizontalAdvance("0" * self.digits) + 2 * metrics.averageCharWidth())


def narrow_field(parameter: Parameter, name: str, title: str, *, digits: int = 6) -> NumberField:
    """A field with room for a few digits; name: of the object; title: accessible name."""
    field = _NarrowField(parameter)
    field.digits = digits
    field.fit()
    field.setObjectName(name)
    field.setAccessibleName(title)
    return field


class SampleRow(QWidget):
    """Shows and edits one sample.

    Signals:
        chosen(int): show the sample of this index.
        edited(object): the sample is to be this one.
        add(), remove(): a button was clicked.
    """

    chosen = Signal(int)
    edited = Signal(object)
    add = Signal()
    remove = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._sample: Sample = (0.0, 0.0, 0.0)
        self._spec = SurfaceSpec()
        self._count = 0
        self.number = narrow_field(NUMBER, "descent.data.sample", "Number of the sample", digits=3)
        self.number.edited.connect(self._choose)
        self.first = narrow_field(T, "descent.data.first", "")
        self.second = narrow_field(GRADE, "descent.data.second", "")
        self.first.edited.connect(lambda value: self._move(value, self.second.value))
        self.second.edited.connect(lambda value: self._move(self.first.value, value))
        self.label_box = choice_box("descent.data.label", "Label of the sample", LABELS)
        self.label_box.activated.connect(lambda _: self._relabel())
        self.add_button = icon_button(
            "descent.data.add", "add", "Add a sample", look, tip="Add a sample (double click in the plot)"
        )
        self.add_button.clicked.connect(self.add)
        self.remove_button = icon_button(
            "descent.data.remove",
            "remove",
            "Remove this sample",
            look,
            tip="Remove this sample (Del, or right click on it)",
        )
        self.remove_button.clicked.connect(self.remove)
        self._of, self._names = muted(), (muted(), muted())
        groups = [
            side_by_side(muted("sample"), self.number, self._of),
            side_by_side(self._names[0], self.first, self._names[1], self.second),
            side_by_side(self.label_box, self.add_button, self.remove_button),
        ]
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(flow_bar("descent.data.sample_bar", groups))

    def show_sample(self, spec: SurfaceSpec, index: int) -> None:
        """Show a sample of a loss made of data."""
        samples = samples_of(spec)
        self._spec, self._sample, self._count = spec, samples[index], len(samples)
        x, y = place_of(spec, self._sample)
        self.number.set_value(index + 1)
        self._of.setText(f"of {self._count}")
        parameters = (T, GRADE) if is_line(spec) else (X1, X2)
        for field, parameter, words, value in zip(
            (self.first, self.second), parameters, self._names, (x, y), strict=True
        ):
            field.set_parameter(parameter)
            field.set_value(value)
            field.setAccessibleName(f"{parameter.title} of the sample")
            words.setText(parameter.title)
        self.label_box.setVisible(not is_line(spec))
        choose(self.label_box, str(int(self._sample[2])))
        self.remove_button.setEnabled(self._count > FEWEST)

    def _choose(self, number: int) -> None:
        index = min(number, self._count) - 1
        if number > self._count:
            self.number.set_value(self._count)
        self.chosen.emit(index)

    def _move(self, x: float, y: float) -> None:
        self.edited.emit(at_place(self._spec, self._sample, x, y))

    def _relabel(self) -> None:
        self.edited.emit((*self._sample[:2], float(self.label_box.currentData())))
