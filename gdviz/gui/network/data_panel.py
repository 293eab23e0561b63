"""The left panel's second part: how many points there are, how they are made, and which are kept for the test."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QToolButton, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.gui.network.data_slider import NumberSlider
from gdviz.gui.network.state import NetworkState, Source
from gdviz.gui.numbers import short, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, heading, icon_button, muted, panel
from gdviz.gui.widgets.number_field import NumberField
from gdviz.network.datasets import DATASETS, dataset
from gdviz.network.points import GREEN, LABELS
from gdviz.network.spec import PARAMETERS
from gdviz.network.split import test_mask

SEED = Parameter("seed", 0, "other seeds draw other points", "integer", minimum=0, maximum=2**31 - 1)
_ANY = next(iter(DATASETS.values()))


class DataPanel(QWidget):
    """Shows and edits the data set, but for its single points.

    Signals:
        edited(str, object): samples, noise, seed, test_fraction or split_seed, and its new value.
        let_go(): a slider was released.
        dice(str): another one is wanted of seed or split_seed.
        axes_asked(), copy_asked(): a button was clicked.
    """

    edited = Signal(str, object)
    let_go = Signal()
    dice = Signal(str)
    axes_asked = Signal()
    copy_asked = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.data_side")
        self._look = look
        frame, rows = panel("network.data_panel")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        rows.addWidget(heading("DATA"))
        rows.addLayout(self._count_row())
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._sliders: dict[str, NumberSlider] = {}
        self._seeds: dict[str, NumberField] = {}
        self._made: list[QWidget] = []  # of what is there for generated data only
        self._made += self._add_slider("network.data", _ANY.samples)
        self._made += self._add_slider("network.data", _ANY.noise)
        self._made += self._add_seed("network.data", SEED, "Other points: a new seed (Shift+N)")
        self._add_slider("network.split", PARAMETERS["test_fraction"])
        self._add_seed("network.split", PARAMETERS["split_seed"], "Other test points: a new seed (Ctrl+Shift+N)")
        rows.addLayout(self._grid)
        self._hollow = muted()
        self._hollow.setObjectName("network.test_count")
        self._hollow.setWordWrap(True)
        rows.addWidget(self._hollow)
        rows.addLayout(self._button_row())
        rows.addStretch(1)
        look.changed.connect(self._restyle)
        self._restyle()

    def show_state(self, state: NetworkState) -> None:
        """Show counts, data set and test share."""
        self._show_counts(state)
        source, training = state.source, state.training
        for widget in self._made:
            widget.setVisible(source is not None)
        if source is not None:
            self._show_source(source)
        self._sliders["test_fraction"].show_parameter(PARAMETERS["test_fraction"], training.test_fraction)
        self._show_seed("split_seed", training.split_seed)
        count = len(state.points)
        kept = int(test_mask(state.points.ids, training.test_fraction, training.split_seed).sum())
        self._hollow.setText(f"hollow: {whole(kept)} of {whole(count)} kept for the test")

    def _show_counts(self, state: NetworkState) -> None:
        points, regression = state.points, state.network.regression
        greens = int((points.labels == GREEN).sum())
        for label, number, name in zip(self.counts, (len(points) - greens, greens), LABELS, strict=True):
            label.setText(f"{whole(number)} {name}")
        for widget in (*self.counts, *self._marks):
            widget.setVisible(not regression)
        self._values.setVisible(regression)
        if regression:
            ends = f", {short(points.values.min(), 2)} to {short(points.values.max(), 2)}" if len(points) else ""
            self._values.setText(f"{whole(len(points))} values{ends}")
            self._values.setToolTip(state.value_axis)

    def _show_source(self, source: Source) -> None:
        entry = dataset(source.key)
        self._sliders["samples"].show_parameter(entry.samples, source.samples)
        self._sliders["noise"].show_parameter(entry.noise, source.noise)
        self._show_seed("seed", source.seed)

    def _show_seed(self, name: str, seed: int) -> None:
        if seed != self._seeds[name].value:
            self._seeds[name].set_value(seed)

    def _count_row(self) -> QHBoxLayout:
        self.counts = [SteadyLabel(f"0 000 {name}", name=f"network.{name}_count") for name in LABELS]
        self._marks = [QLabel(mark) for mark in "●▲"]
        self._values = QLabel()
        self._values.setObjectName("network.value_count")
        row = QHBoxLayout()
        row.setSpacing(4)
        for mark, count in zip(self._marks, self.counts, strict=True):
            row.addWidget(mark)
            row.addWidget(count)
        row.addWidget(self._values)
        row.addStretch(1)
        return row

    def _add_slider(self, prefix: str, parameter: Parameter) -> list[QWidget]:
        name = parameter.name
        slider = self._sliders[name] = NumberSlider(parameter, f"{prefix}.{name}")
        slider.edited.connect(lambda value: self.edited.emit(name, value))
        slider.let_go.connect(self.let_go)
        return self._add_row(parameter, slider, slider.field)

    def _add_seed(self, prefix: str, parameter: Parameter, tip: str) -> list[QWidget]:
        name = parameter.name
        field = self._seeds[name] = NumberField(parameter)
        field.setObjectName(f"{prefix}.{name}")
        field.edited.connect(lambda value: self.edited.emit(name, value))
        dice = icon_button(f"{prefix}.dice", "seed", tip.split(":")[0], self._look, tip=tip)
        dice.clicked.connect(lambda: self.dice.emit(name))
        both = QWidget()
        row = QHBoxLayout(both)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(field, 1)
        row.addWidget(dice)
        return self._add_row(parameter, both, field)

    def _add_row(self, parameter: Parameter, editor: QWidget, field: NumberField) -> list[QWidget]:
        label = QLabel(parameter.title)
        label.setBuddy(field)
        label.setToolTip(parameter.meaning)
        row = self._grid.rowCount()
        self._grid.addWidget(label, row, 0, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._grid.addWidget(editor, row, 1)
        return [label, editor]

    def _button_row(self) -> QHBoxLayout:
        axes = QPushButton("Axes …")
        axes.setObjectName("network.axes_button")
        axes.setToolTip("Names, units and ranges of the axes (X)")
        axes.clicked.connect(self.axes_asked)
        copy: QToolButton = icon_button(
            "network.copy_all", "copy", "Copy all", self._look, tip="Copy all points as a table (Ctrl+Shift+C)"
        )
        copy.clicked.connect(self.copy_asked)
        row = QHBoxLayout()
        row.setSpacing(6)
        row.addWidget(axes, 1)
        row.addWidget(copy)
        axes.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        return row

    def _restyle(self) -> None:
        self.setMinimumWidth(self._look.pixels(24))
        for mark, color in zip(self._marks, self._look.labels, strict=True):
            mark.setStyleSheet(f"color: {color.name()}")
