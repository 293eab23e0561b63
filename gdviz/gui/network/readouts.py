"""The numbers of training at the right end of the transport bar."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from gdviz.gui.numbers import percent, short, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, icon_button, muted
from gdviz.gui.widgets.flow import FlowLayout, side_by_side
from gdviz.training.messages import Frame, Metrics

_LOSS, _SHARE = "0.0e−00", "100.0 %"
# Two rows of: words, then numbers by key with their widest text and what they mean.
_METRICS = (
    (
        "train loss",
        ("loss", _LOSS, "Loss on the training points"),
        ("accuracy", _SHARE, "Accuracy: share of training points on the right side"),
    ),
    (
        "test loss",
        ("test_loss", _LOSS, "Loss on the test points"),
        ("test_accuracy", _SHARE, "Accuracy: share of test points on the right side"),
    ),
)
_PACE = (
    ("epochs/s", ("speed", "00 000", "Epochs trained in a second")),
    ("seed", ("seed", "000", "Decides initial weights and shuffles")),
)
_LOSS_TIPS = {key: tip for _, *numbers in _METRICS for key, _, tip in numbers if key.endswith("loss")}
_SIZE = 0.9


class Readouts(QWidget):
    """Loss and accuracy, speed and seed, in two rows; what does not fit beside goes below.

    Signals:
        new_seed(): the dice was clicked.
    """

    new_seed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.readouts")
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self._look = look
        self._labels: dict[str, SteadyLabel] = {}
        self._loss, self._penalty = "", ""
        dice = icon_button("network.new_seed", "seed", "New seed", look, tip="Other initial weights: a new seed (N)")
        dice.clicked.connect(self.new_seed)
        layout = FlowLayout(self, margins=(8, 0, 0, 0), spacing=14)
        layout.addWidget(self._grid(_METRICS))
        layout.addWidget(side_by_side(self._grid(_PACE), dice, spacing=6))
        look.changed.connect(self._restyle)
        self._restyle()

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

    def show_loss(self, name: str, penalty: str) -> None:
        """Say in the tool tips what the loss is, and the name of the penalty that it includes; "" for none."""
        self._loss, self._penalty = name, penalty
        self._explain({})

    def show_penalty(self, metrics: Metrics, penalty: float) -> None:
        """Say in the tool tips how much of the losses is the penalty."""
        if self._penalty and math.isfinite(penalty):
            parts = {key: (value - penalty, penalty) for key, value in _losses(metrics).items() if math.isfinite(value)}
            self._explain(parts)

    def _explain(self, parts: Mapping[str, tuple[float, float]]) -> None:
        """Args: parts: of each loss by its key, without the penalty and the penalty alone; none where not known."""
        for key, tip in _LOSS_TIPS.items():
            own, added = (f" {short(max(0.0, part), 3)}" for part in parts[key]) if key in parts else ("", "")
            words = f"{self._loss}{own}" + (f" + {self._penalty} penalty{added}" if self._penalty else "")
            self._labels[key].setToolTip(f"{tip}: {words}")

    def begin_run(self) -> None:
        """Nothing is known of it yet."""
        for key in ("loss", "accuracy", "test_loss", "test_accuracy", "speed"):
            self._labels[key].setText("–")

    def show_seed(self, seed: int) -> None:
        """Show the seed in force."""
        self._labels["seed"].setText(str(seed))

    def show_accuracy(self, shown: bool) -> None:
        """Whether there is such a thing: in regression there is not."""
        for key in ("accuracy", "test_accuracy"):
            self._labels[key].setVisible(shown)

    def text(self, key: str) -> str:
        """What is shown of loss, accuracy, test_loss, test_accuracy, speed or seed."""
        return self._labels[key].text()

    def _grid(self, rows: tuple[tuple[str, *tuple[tuple[str, str, str], ...]], ...]) -> QWidget:
        made = QWidget()
        grid = QGridLayout(made)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for row, (words, *numbers) in enumerate(rows):
            grid.addWidget(muted(words), row, 0)
            for column, (key, widest, tip) in enumerate(numbers, start=1):
                label = SteadyLabel(widest, name=f"network.{key}", role="number")
                label.setToolTip(tip)
                label.setAccessibleName(key.replace("_", " "))
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                label.setText("–")
                self._labels[key] = label
                grid.addWidget(label, row, column)
        return made

    def _restyle(self) -> None:
        for label in self.findChildren(QLabel):
            label.setFont(self._look.font(_SIZE, bold=label.property("role") == "number"))


def _losses(metrics: Metrics) -> dict[str, float]:
    return {"loss": metrics.loss, "test_loss": metrics.test_loss}
