"""How many points a step sees: one, some, or all."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from gdviz.gui.widgets.controls import choice_box, choose
from gdviz.gui.widgets.number_field import NumberField
from gdviz.network.spec import PARAMETERS

KINDS = {"single": "single sample", "mini": "mini-batch", "full": "full batch"}
ALL, USUAL = 0, 10


def kind_of(batch_size: int) -> str:
    """The kind of a batch size, a key of ``KINDS``."""
    return {ALL: "full", 1: "single"}.get(batch_size, "mini")


class BatchRow(QWidget):
    """Edits a batch size; the field is there for a mini-batch only.

    Signals:
        edited(int): another batch size; 0 is all points.
    """

    edited = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self._mini = USUAL
        parameter = PARAMETERS["batch_size"]
        self.box = choice_box("network.batch_kind", "Batch", KINDS, tip=f"How many {parameter.meaning}")
        self.box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.box.activated.connect(lambda _: self._choose(self.box.currentData()))
        self.field = NumberField(replace(parameter, minimum=1), patient=True)
        self.field.setObjectName("network.training.batch_size")
        self.field.setAccessibleName("Batch size")
        self.field.setToolTip(parameter.meaning)
        self.field.edited.connect(lambda value: self.edited.emit(int(value)))
        label = QLabel("batch")
        label.setBuddy(self.box)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        for widget, stretch in ((label, 0), (self.box, 1), (self.field, 1)):
            row.addWidget(widget, stretch)

    def show_size(self, batch_size: int) -> None:
        """Show a batch size without emitting."""
        # Whoever types 16 has typed 1 on the way, which must not take the field away.
        kind = "mini" if batch_size and self.field.hasFocus() else kind_of(batch_size)
        if kind == "mini":
            self._mini = batch_size
        choose(self.box, kind)
        self.field.set_value(batch_size or self._mini)
        self.field.setVisible(kind == "mini")

    def _choose(self, kind: str) -> None:
        self.edited.emit({"single": 1, "full": ALL}.get(kind, self._mini))
