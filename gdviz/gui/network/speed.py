"""How fast it trains, or plays again: epochs a second."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QWidget

from gdviz.gui.numbers import whole
from gdviz.gui.widgets.controls import choice_box, choose, muted

SPEEDS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 0)
"""Epochs a second; 0 is as fast as possible."""


def title(speed: float) -> str:
    """A speed for people."""
    return f"{whole(speed)} /s" if speed else "max"


class SpeedBox(QWidget):
    """Chooses one of ``SPEEDS``.

    Signals:
        chosen(float): a person took this one.
    """

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.box: QComboBox = choice_box(
            "network.speed", "Speed", {str(speed): title(speed) for speed in SPEEDS}, tip="Epochs a second (− and +)"
        )
        choose(self.box, "0")
        self.box.activated.connect(lambda _: self.chosen.emit(self.speed))
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(muted("speed"))
        row.addWidget(self.box)

    @property
    def speed(self) -> float:
        """Epochs a second; 0 is as fast as possible."""
        return float(self.box.currentData())

    def set_speed(self, speed: float) -> None:
        """Show a speed without emitting; one that is not offered is passed over."""
        choose(self.box, f"{speed:.0f}")

    def step(self, steps: int) -> None:
        """Take a faster or slower one."""
        self.box.setCurrentIndex(min(max(self.box.currentIndex() + steps, 0), len(SPEEDS) - 1))
        self.chosen.emit(self.speed)
