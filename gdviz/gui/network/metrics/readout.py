"""The numbers of an epoch beside the curves: the one under the cursor, or what the network says now."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from gdviz.gui.numbers import percent, short, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel

_EPOCH, _WEIGHTS = "epoch", "weights"
_ROWS = (("train", "━", 1), ("test", "╍", 3))


class CurveReadout(QWidget):
    """Loss and accuracy of training and test points at one epoch; the legend as well."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.curve_readout")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._look = look
        self._names = {key: QLabel() for key, _, _ in _ROWS}
        self._caption = SteadyLabel(_WEIGHTS, name="network.curve_readout.caption", role="muted")
        self._labels: dict[str, SteadyLabel] = {"epoch": SteadyLabel("00 000", name="network.curve_readout.epoch")}
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(6)
        grid.setVerticalSpacing(0)
        grid.addWidget(self._caption, 0, 0)
        grid.addWidget(self._labels["epoch"], 1, 0)
        for row, (key, _, _) in enumerate(_ROWS):
            grid.addWidget(self._names[key], row, 1)
            for column, (what, widest) in enumerate((("loss", "0.0e−00"), ("accuracy", "100.0 %")), start=2):
                label = SteadyLabel(widest, name=f"network.curve_readout.{key}_{what}")
                label.setAccessibleName(f"{key} {what}")
                label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
                grid.addWidget(label, row, column)
                self._labels[f"{key}_{what}"] = label
        grid.setColumnStretch(4, 1)
        look.changed.connect(self._restyle)
        self._restyle()
        self.show_row(None)

    def show_row(self, row: NDArray[np.float64] | None, *, restored: bool = False) -> None:
        """Show numbers.

        Args:
            row: epoch, loss, accuracy, test loss and test accuracy; None shows dashes.
            restored: whether weights of this epoch were brought back at a later one.
        """
        values = np.full(5, math.nan) if row is None else row
        self._caption.setText(_WEIGHTS if restored else _EPOCH)
        epoch = "–" if math.isnan(values[0]) else whole(values[0])
        self._say("epoch", f"of {epoch}" if restored else epoch)
        for key, _, place in _ROWS:
            self._say(f"{key}_loss", short(float(values[place]), 3))
            self._say(f"{key}_accuracy", percent(float(values[place + 1])))

    def show_accuracy(self, shown: bool) -> None:
        """Whether there is such a thing."""
        for key, _, _ in _ROWS:
            self._labels[f"{key}_accuracy"].setVisible(shown)

    def text(self, key: str) -> str:
        """What is shown of epoch, train_loss, train_accuracy, test_loss or test_accuracy."""
        return self._labels[key].text()

    def _say(self, key: str, text: str) -> None:
        if self._labels[key].text() != text:
            self._labels[key].setText(text)

    def _restyle(self) -> None:
        font = self._look.font(0.88)
        for label in self.findChildren(QLabel):
            label.setFont(font)
        colors = {"train": self._look.theme.accent, "test": self._look.theme.warning}
        for key, mark, _ in _ROWS:
            self._names[key].setText(f"<span style='color:{colors[key]}'>{mark}</span> {key}")
