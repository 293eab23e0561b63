"""The left panel: tools to paint with, and what is under the cursor."""

from __future__ import annotations

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QStackedWidget,
    QToolButton,
    QWidget,
)

from gdviz.gui.network.ink_row import InkRow
from gdviz.gui.network.painter import Painter
from gdviz.gui.network.painting import DENSITIES, SIZES
from gdviz.gui.network.selection_row import SelectionRow
from gdviz.gui.network.state import AXES, NetworkState
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, heading, icon_button, muted, panel
from gdviz.gui.widgets.keyed_slider import KeyedSlider

_TOOLS = {
    "brush": ("brush", "Brush", "Spray points while dragging (B)"),
    "point": ("point", "Single point", "Put one point a click (P)"),
    "eraser": ("eraser", "Eraser", "Remove the points under the brush (E)"),
    "select": ("select", "Select and move", "Drag around points to select them, drag them to move them (S)"),
}
_EDITS = {
    "undo": ("Undo", "Take back the last edit of points or settings (Ctrl+Z)"),
    "redo": ("Redo", "Make the edit again (Ctrl+Shift+Z)"),
    "clear": ("Remove all points", "Remove all points (Ctrl+Backspace)"),
}
GREEN_CHANCE = "probability of green"


class PaintPanel(QWidget):
    """Shows and chooses what the mouse does on the canvas.

    Signals:
        tool_chosen(str): a key of ``painting.TOOLS``.
        size_chosen(int), density_chosen(int): an index of ``painting.SIZES`` or ``DENSITIES``.
        undo(), redo(), clear(): a button was clicked.
    """

    tool_chosen = Signal(str)
    size_chosen = Signal(int)
    density_chosen = Signal(int)
    undo = Signal()
    redo = Signal()
    clear = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.paint")
        self._look = look
        self._axes: tuple[str, ...] = (*AXES, GREEN_CHANCE)
        frame, rows = panel("network.paint_panel")
        outer = QHBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.inks = InkRow(look)
        self.selection = SelectionRow(look)
        self.mistakes = QCheckBox("ring mistakes")
        self.mistakes.setObjectName("network.mistakes")
        self.mistakes.setAccessibleName("Ring mistakes")
        self.mistakes.setToolTip("Ring the points that the network takes for the other colour (M)")
        self.mistakes.setChecked(True)
        rows.addWidget(heading("PAINT"))
        rows.addLayout(self._tool_row())
        rows.addWidget(self.inks)
        rows.addWidget(self._options())
        rows.addLayout(self._edit_row())
        rows.addSpacing(8)
        rows.addWidget(heading("UNDER THE CURSOR"))
        rows.addLayout(self._place_rows())
        rows.addWidget(self.mistakes)
        look.changed.connect(self._restyle)
        self.show_place(None)
        self._restyle()

    def show_state(self, state: NetworkState) -> None:
        """Say what x1, x2 and the output mean, and offer colours or values."""
        regression = state.network.regression
        self._axes = (*state.axes, state.value_axis if regression else GREEN_CHANCE)
        self._name_axes()
        self.inks.show_state(state)
        self.selection.show_regression(regression)

    def show_painter(self, painter: Painter) -> None:
        """Show which tool, brush and ink are in use."""
        self.tools[painter.tool].setChecked(True)
        self._stack.setCurrentIndex(int(painter.tool == "select"))
        for slider, value, tools in (
            (self.size_slider, painter.size, ("brush", "eraser")),
            (self.density_slider, painter.density, ("brush",)),
        ):
            with QSignalBlocker(slider):
                slider.setValue(value)
            slider.setEnabled(painter.tool in tools)
        self.inks.show_ink(painter.label, painter.value)

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
        self.tools: dict[str, QToolButton] = {}
        for key, (icon, title, tip) in _TOOLS.items():
            button = icon_button(f"network.tool.{key}", icon, title, self._look, tip=tip, checkable=True)
            button.clicked.connect(lambda _=False, key=key: self.tool_chosen.emit(key))
            self._group.addButton(button)
            self.tools[key] = button
            row.addWidget(button, 1)
        return row

    def _options(self) -> QStackedWidget:
        """What the brush needs, or the selection; as high the one as the other, so that nothing below moves."""
        size, density = (
            "Size of brush and eraser (wheel over the canvas, [ and ])",
            "How many points it sprays ({ and })",
        )
        self.size_slider = KeyedSlider("network.brush_size", "Brush size", size, last=len(SIZES) - 1)
        self.size_slider.valueChanged.connect(self.size_chosen)
        self.density_slider = KeyedSlider("network.brush_density", "Brush density", density, last=len(DENSITIES) - 1)
        self.density_slider.valueChanged.connect(self.density_chosen)
        brush = QWidget()
        grid = QGridLayout(brush)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        for row, (title, slider) in enumerate((("size", self.size_slider), ("density", self.density_slider))):
            grid.addWidget(muted(title), row, 0)
            grid.addWidget(slider, row, 1)
        self._stack = QStackedWidget()
        self._stack.setObjectName("network.options")
        self._stack.addWidget(brush)
        self._stack.addWidget(self.selection)
        return self._stack

    def _edit_row(self) -> QHBoxLayout:
        self.undo_button, self.redo_button, self.clear_button = (
            icon_button(f"network.{key}", key, title, self._look, tip=tip) for key, (title, tip) in _EDITS.items()
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
        self._names = [QLabel(name) for name in self._axes]
        for row, (name, value) in enumerate(zip(self._names, self._place, strict=True)):
            grid.addWidget(name, row, 0)
            grid.addWidget(value, row, 1)
        return grid

    def _name_axes(self) -> None:
        """Name x1, x2 and values as the axes do, in no more room than the usual words of the last one take."""
        for label, name in zip(self._names, self._axes, strict=True):
            metrics = label.fontMetrics()
            most = metrics.horizontalAdvance(GREEN_CHANCE) + 1  # which is rounded
            label.setText(metrics.elidedText(name, Qt.TextElideMode.ElideRight, most))
            label.setToolTip("What the network says there" if name == GREEN_CHANCE else name)

    def _restyle(self) -> None:
        self.setMinimumWidth(self._look.pixels(24))
        self._name_axes()
        for button in [*self.tools.values(), self.undo_button, self.redo_button, self.clear_button]:
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
