"""The numbers of training at the right end of the transport bar."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.gui.numbers import percent, short, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, icon_button, muted
from gdviz.gui.widgets.flow import FlowLayout, side_by_side
from gdviz.training.messages import Frame

_GROUPS = (
    (
        ("loss", "loss", "0.0e−00", "Loss on the training points, with regularisation"),
        ("test_loss", "test", "0.0e−00", "Loss on the test points, with regularisation"),
    ),
    (
        ("accuracy", "accuracy", "100.0 %", "Share of training points on the right side"),
        ("test_accuracy", "test", "100.0 %", "Share of test points on the right side"),
    ),
    (("speed", "epochs/s", "0 000", "Epochs trained in a second"),),
    (("seed", "seed", "000", "Decides initial weights, shuffles and test points"),),
)


class Readouts(QWidget):
    """Loss, accuracy, speed and seed; a second row where they do not fit.

    Signals:
        new_seed(): the dice was clicked.
    """

    new_seed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.readouts")
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        layout = FlowLayout(self, margins=(8, 0, 0, 0), spacing=14)
        self._labels: dict[str, SteadyLabel] = {}
        dice = icon_button("network.new_seed", "seed", "New seed", look, tip="Other initial weights: a new seed (N)")
        dice.clicked.connect(self.new_seed)
        for group in _GROUPS:
            parts: list[QWidget] = []
            for key, title, template, tip in group:
                label = SteadyLabel(template, name=f"network.{key}", role="number")
                label.setToolTip(tip)
                label.setAccessibleName(key.replace("_", " "))
                label.setText("–")
                self._labels[key] = label
                parts += [muted(title), label, *([dice] if key == "seed" else [])]
            layout.addWidget(side_by_side(*parts, spacing=6))

    def show_frame(self, frame: Frame) -> None:
        """Show the numbers of a frame."""
        metrics = frame.metrics
        for key, text in (
            ("loss", short(metrics.loss, 3)),
            ("accuracy", percent(metrics.accuracy)),
            ("test_loss", short(metrics.test_loss, 3)),
            ("test_accuracy", percent(metrics.test_accuracy)),
            ("speed", whole(frame.epochs_per_second) if frame.epochs_per_second else "–"),
        ):
            if self._labels[key].text() != text:
                self._labels[key].setText(text)

    def show_seed(self, seed: int) -> None:
        """Show the seed in force."""
        self._labels["seed"].setText(str(seed))

    def text(self, key: str) -> str:
        """What is shown of loss, accuracy, test_loss, test_accuracy, speed or seed."""
        return self._labels[key].text()
