"""Train so many epochs, then pause."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QWidget

from gdviz.gui.widgets.number_field import NumberField
from gdviz.network.spec import PARAMETERS

EPOCHS = replace(
    PARAMETERS["epochs"], default=100, minimum=1, meaning="epochs to train, then pause", words="train more"
)


class TrainMore(QWidget):
    """A number of epochs and a button.

    Signals:
        asked(int): train so many.
    """

    asked = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.field = NumberField(EPOCHS)
        self.field.setObjectName("network.more_epochs")
        self.field.setAccessibleName("Epochs to train")
        self.field.setToolTip(EPOCHS.meaning)
        self.field.set_value(EPOCHS.default)
        self.field.edited.connect(self._take)
        self.button = QPushButton("Train")
        self.button.setObjectName("network.train_more")
        self.button.setAccessibleName("Train that many epochs more")
        self.button.setToolTip("Train that many epochs, then pause (Ctrl+Return)")
        self.button.clicked.connect(self.ask)
        label = QLabel(EPOCHS.title)
        label.setBuddy(self.field)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget, stretch in ((label, 0), (self.field, 1), (self.button, 0)):
            row.addWidget(widget, stretch)
        self._epochs = int(EPOCHS.default)

    def ask(self) -> None:
        """Ask for what the field says."""
        self.asked.emit(self._epochs)

    def _take(self, value: object) -> None:
        self._epochs = int(str(value))
