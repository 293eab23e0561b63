"""The left panel: tools to paint with, how the data set is made, and what is under the cursor."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QGridLayout, QHBoxLayout, QLabel, QSlider, QWidget

from gdviz.declared.parameter import Parameter, Value
from gdviz.gui.network.fold import align_labels
from gdviz.gui.network.painting import SIZES, USUAL_SIZE
from gdviz.gui.network.state import NetworkState, Source
from gdviz.gui.numbers import short, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, heading, icon_button, muted, panel
from gdviz.gui.widgets.form import SettingsForm
from gdviz.network.datasets import dataset
from gdviz.network.points import GREEN, LABELS
from gdviz.network.spec import PARAMETERS

SEED = Parameter("seed", 0, "other seeds draw other points", "integer", minimum=0, maximum=2**31 - 1)
_TOOLS = {
    "brush": ("brush", "Brush", "Spray points while dragging (B)"),
    "point": ("point", "Single point", "Put one point a click (P)"),
    "eraser": ("eraser", "Eraser", "Remove the points under the brush (E)"),
}


class PaintPanel(QWidget):
    """Shows and edits everything about the points but the points themselves.

    Signals:
        tool_chosen(str): a key of ``painting.TOOLS``.
        size_chosen(int): an index of ``painting.SIZES``.
        undo(), redo(), clear(): a button was clicked.
        generate(object): make the points of this Source.
        test_fraction_chosen(float): share of points kept apart.
    """

    tool_chosen = Signal(str)
    size_chosen = Signal(int)
    undo = Signal()
    redo = Signal()
    clear = Signal()
    generate = Signal(object)
    test_fraction_chosen = Signal(float)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.paint")
        self._look = look
        self._source: Source | None = None
        self._shown: tuple[object, ...] = ()
        frame, rows = panel("network.paint_panel")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        rows.addWidget(heading("PAINT"))
        rows.addLayout(self._tool_row())
        rows.addLayout(self._size_row())
        rows.addLayout(self._edit_row())
        rows.addSpacing(8)
        rows.addWidget(heading("DATA"))
        self.counts = [SteadyLabel("00 000 green", name=f"network.{name}_count") for name in LABELS]
        self._marks = [QLabel(mark) for mark in "●▲"]
        for mark, count in zip(self._marks, self.counts, strict=True):
            row = QHBoxLayout()
            row.addWidget(mark)
            row.addWidget(count)
            row.addStretch(1)
            rows.addLayout(row)
        self._form = SettingsForm("network.data")
        self._form.edited.connect(self._edited)
        rows.addWidget(self._form)
        self._share = SettingsForm("network.split")
        self._share.edited.connect(lambda _, value: self.test_fraction_chosen.emit(float(value)))
        rows.addWidget(self._share)
        rows.addWidget(muted("hollow: kept for the test"))
        rows.addSpacing(8)
        rows.addWidget(heading("UNDER THE CURSOR"))
        rows.addLayout(self._place_rows())
        rows.addStretch(1)
        look.changed.connect(self._restyle)
        self.show_place(None)
        self._restyle()

    def show_state(self, state: NetworkState) -> None:
        """Show counts, names of axes and test share."""
        greens = int((state.points.labels == GREEN).sum())
        for line, count, name in zip(self.counts, (len(state.points) - greens, greens), LABELS, strict=True):
            line.setText(f"{whole(count)} {name}")
        if (state.source, state.axes, state.training.test_fraction) == self._shown:
            return  # a stroke changes the points alone
        self._shown = (state.source, state.axes, state.training.test_fraction)
        self._share.show_parameters((PARAMETERS["test_fraction"],), {"test_fraction": state.training.test_fraction})
        self._show_source(state.source)
        for label, name, plain in zip(self._names, state.axes, ("x1", "x2"), strict=True):
            label.setText(plain)
            label.setToolTip(name)
        align_labels(self, self._look.pixels(11))

    def _show_source(self, source: Source | None) -> None:
        self._source = source
        self._form.setVisible(source is not None)
        if source is not None:
            entry = dataset(source.key)
            values = {"samples": source.samples, "noise": source.noise, "seed": source.seed}
            self._form.show_parameters((entry.samples, entry.noise, SEED), values)

    def show_tool(self, tool: str, size: int) -> None:
        """Show which tool and size are in use."""
        self.tools[tool].setChecked(True)
        self.size_slider.blockSignals(True)
        self.size_slider.setValue(size)
        self.size_slider.blockSignals(False)

    def show_undo(self, can_undo: bool, can_redo: bool) -> None:
        """Say whether there is something to undo or redo."""
        self.undo_button.setEnabled(can_undo)
        self.redo_button.setEnabled(can_redo)

    def show_place(self, place: tuple[float, float, float | None] | None) -> None:
        """Show x1, x2 and the probability of green at a place."""
        texts = ["–", "–", "–"]
        if place is not None:
            x1, x2, chance = place
            texts = [short(x1, 2), short(x2, 2), "–" if chance is None else short(chance, 3)]
        for label, text in zip(self._place, texts, strict=True):
            label.setText(text)

    def _tool_row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(6)
        self._group = QButtonGroup(self)
        self.tools = {}
        for key, (icon, title, tip) in _TOOLS.items():
            button = icon_button(f"network.tool.{key}", icon, title, self._look, tip=tip, checkable=True)
            button.clicked.connect(lambda _=False, key=key: self.tool_chosen.emit(key))
            self._group.addButton(button)
            self.tools[key] = button
            row.addWidget(button, 1)
        self.tools["brush"].setChecked(True)
        return row

    def _size_row(self) -> QHBoxLayout:
        self.size_slider = QSlider(Qt.Orientation.Horizontal)
        self.size_slider.setObjectName("network.brush_size")
        self.size_slider.setAccessibleName("Brush size")
        self.size_slider.setToolTip("Size of brush and eraser (wheel over the canvas, [ and ])")
        self.size_slider.setRange(0, len(SIZES) - 1)
        self.size_slider.setPageStep(1)
        self.size_slider.setValue(USUAL_SIZE)
        self.size_slider.valueChanged.connect(self.size_chosen)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(muted("size"))
        row.addWidget(self.size_slider, 1)
        return row

    def _edit_row(self) -> QHBoxLayout:
        look = self._look
        self.undo_button = icon_button("network.undo", "undo", "Undo", look, tip="Take back the last stroke (Ctrl+Z)")
        self.redo_button = icon_button("network.redo", "redo", "Redo", look, tip="Make the stroke again (Ctrl+Shift+Z)")
        self.clear_button = icon_button(
            "network.clear", "clear", "Remove all points", look, tip="Remove all points (Ctrl+Backspace)"
        )
        row = QHBoxLayout()
        row.setSpacing(6)
        for button, signal in (
            (self.undo_button, self.undo),
            (self.redo_button, self.redo),
            (self.clear_button, self.clear),
        ):
            button.clicked.connect(signal)
            row.addWidget(button, 1)
        return row

    def _place_rows(self) -> QGridLayout:
        grid = QGridLayout()
        grid.setColumnStretch(2, 1)
        self._place = [SteadyLabel("−00.00", name=f"network.under.{name}", role="number") for name in ("x1", "x2", "p")]
        self._names = [QLabel("x1"), QLabel("x2")]
        for row, (name, value) in enumerate(
            zip((*self._names, QLabel("probability of green")), self._place, strict=True)
        ):
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
        return grid

    def _edited(self, name: str, value: Value) -> None:
        if self._source is not None:
            self.generate.emit(self._source.having(name, value))

    def _restyle(self) -> None:
        self._shown = ()
        self.setMinimumWidth(self._look.pixels(24))
        for mark, color in zip(self._marks, self._look.labels, strict=True):
            mark.setStyleSheet(f"color: {color.name()}")
        for button in [*self.tools.values(), self.undo_button, self.redo_button, self.clear_button]:
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
