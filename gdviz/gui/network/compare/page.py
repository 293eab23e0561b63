"""Three networks side by side on the same points, worked by one bar."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from gdviz.gui.network.compare.panel import ComparePanel
from gdviz.gui.network.compare.presets import PRESETS, Preset
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, choice_box, choose, icon_button, muted
from gdviz.gui.widgets.flow import flow_bar, side_by_side
from gdviz.gui.widgets.transport import TransportBar
from gdviz.network.datasets import DATASETS


class ComparePage(QWidget):
    """Lays the panels out; what they train is the part's.

    Signals:
        preset_chosen(str): a key of ``PRESETS``.
        data_asked(object): the points that show the preset best are wanted; their Source.
        left(): back to the tab's own network.
    """

    preset_chosen = Signal(str)
    data_asked = Signal(object)
    left = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.compare.page")
        self._preset: Preset | None = None
        self.panels = tuple(ComparePanel(number, look) for number in (1, 2, 3))
        titles = {key: preset.title for key, preset in PRESETS.items()}
        self.preset = choice_box("network.compare.preset", "What is compared", titles, tip="Which three are compared")
        self.preset.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.preset.activated.connect(lambda _: self.preset_chosen.emit(self.preset.currentData()))
        self.data = QPushButton()
        self.data.setObjectName("network.compare.data")
        self.data.clicked.connect(self._ask_for_data)
        leave = icon_button(
            "network.compare.leave", "remove", "Back", look, tip="Back to the one network (Ctrl+P)", text=True
        )
        leave.clicked.connect(self.left)
        top = flow_bar(
            "network.compare.top", (side_by_side(muted("compare"), self.preset, spacing=8), self.data, leave)
        )
        row = QHBoxLayout()
        row.setSpacing(8)
        for panel in self.panels:
            row.addWidget(panel, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(top)
        column.addLayout(row, 1)
        column.addWidget(self._bar(look))

    def show_preset(self, key: str) -> None:
        """Show which of ``PRESETS`` is compared."""
        choose(self.preset, key)
        self._preset = preset = PRESETS[key]
        for panel, contender in zip(self.panels, preset.contenders, strict=True):
            panel.show_contender(contender)
        self.data.setVisible(preset.data is not None)
        if (data := preset.data) is not None:
            name = f"{DATASETS[data.key].title}, noise {data.noise:g}, {data.samples} samples"
            self.data.setText(f"Data: {name}")
            self.data.setAccessibleName(f"Take the data that show it best: {name}")
            self.data.setToolTip("Take the data that show it best")

    def show_seed(self, seed: int) -> None:
        """Show the seed that all three begin from."""
        self._seed.setText(f"seed {seed}")

    def _ask_for_data(self) -> None:
        if self._preset is not None:
            self.data_asked.emit(self._preset.data)

    def _bar(self, look: Look) -> QWidget:
        self.transport = TransportBar(
            "network.compare", look, play_title="Train all", position_template="", scrub=False
        )
        self.transport.position.hide()
        self.transport.step_forward_button.setAccessibleName("One epoch")
        self.transport.step_forward_button.setToolTip("Train all of them one epoch (Right)")
        self.reset = icon_button(
            "network.compare.reset", "reset", "Reset", look, tip="All anew with the same initial weights (Ctrl+R)"
        )
        self.new_seed = icon_button(
            "network.compare.new_seed", "seed", "New seed", look, tip="Other initial weights for all: a new seed (N)"
        )
        self._seed = SteadyLabel("seed 000", name="network.compare.seed", role="number")
        self.transport.add(self.reset)
        self.transport.add(self._seed)
        self.transport.add(self.new_seed)
        return self.transport
