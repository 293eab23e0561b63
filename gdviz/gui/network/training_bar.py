"""The transport bar of training: epochs and batches, reset, and the numbers."""

from __future__ import annotations

from PySide6.QtCore import Signal

from gdviz.gui.network.readouts import Readouts
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import icon_button
from gdviz.gui.widgets.transport import TransportBar


class TrainingBar(TransportBar):
    """Plays training.

    Attributes:
        readouts: loss and accuracy, speed and seed.

    Signals:
        step_batch(), reset(): a button was clicked.
    """

    step_batch = Signal()
    reset = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(
            "network",
            look,
            play_title="Train",
            position_template="epoch 0 000 000",
            note_template="weights of 000 000",
        )
        self.readouts = Readouts(look)
        batch = icon_button("network.step_batch", "batch", "One batch", look, tip="Train one batch (Shift+Right)")
        batch.setAutoRepeat(True)
        batch.clicked.connect(self.step_batch)
        self.step_forward_button.setAccessibleName("One epoch")
        self.step_forward_button.setToolTip("Train one epoch (Right)")
        self._steps = (self.step_forward_button, batch)
        reset = icon_button(
            "network.reset", "reset", "Reset", look, tip="Begin anew with the same initial weights (Ctrl+R)"
        )
        reset.clicked.connect(self.reset)
        self.add_step(batch)
        self.add(reset)
        self.add(self.readouts)

    def set_ready(self, ready: bool) -> None:
        """Whether a step can be taken."""
        for button in self._steps:
            button.setEnabled(ready)
