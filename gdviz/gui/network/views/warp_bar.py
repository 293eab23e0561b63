"""Which layer, and which two neurons of it, are seen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QSizePolicy, QVBoxLayout, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, choice_box, muted
from gdviz.gui.widgets.flow import FlowLayout
from gdviz.network.spec import NetworkSpec

EXACT = "all that the output sees: a straight line"
BENT = "no colours: the output sees more than these two"


class WarpBar(QWidget):
    """Three boxes; two neurons are never the same.

    Signals:
        chosen(): another layer or other neurons.

    Attributes:
        layer: the hidden layer, from 0.
        pair: the neurons across and upwards, from 0.
    """

    chosen = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.warped.bar")
        self.layer = 0
        self.pair = (0, 1)
        self._hidden: tuple[int, ...] = ()
        self._was_chosen = False
        self.layer_box, self.across, self.upwards = (
            choice_box(f"network.warped.{name}", title, {"": "8 of 8"}, tip=tip)
            for name, title, tip in (
                ("layer", "Hidden layer", "The hidden layer whose neurons are seen"),
                ("across", "Neuron across", "The neuron whose output goes to the right"),
                ("upwards", "Neuron upwards", "The neuron whose output goes upwards"),
            )
        )
        for box in (self.across, self.upwards):
            box.setMinimumContentsLength(2)
        self.layer_box.setMinimumContentsLength(5)
        self.note = ElidedLabel("network.warped.note")
        self.note.setText(BENT)
        boxes = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        for widget in (self, boxes):
            widget.setSizePolicy(policy)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addWidget(boxes)
        column.addWidget(self.note)  # a row of its own: beside the boxes there is seldom room for a sentence
        row = FlowLayout(boxes, margins=(0, 0, 0, 0), spacing=8)
        for widget in (
            muted("layer"),
            self.layer_box,
            muted("neurons"),
            self.across,
            muted("and"),
            self.upwards,
        ):
            row.addWidget(widget)
        self.layer_box.activated.connect(self._choose_layer)
        self.across.activated.connect(lambda index: self._choose(index, 0))
        self.upwards.activated.connect(lambda index: self._choose(index, 1))

    def show_network(self, network: NetworkSpec) -> None:
        """Offer its layers and neurons; until a person chooses another one, the last layer is seen."""
        hidden = tuple(layer.units for layer in network.hidden)
        if hidden == self._hidden:
            return
        self._hidden = hidden
        last = max(len(hidden) - 1, 0)
        self.layer = min(self.layer, last) if self._was_chosen else last
        _fill(self.layer_box, [f"{number} of {len(hidden)}" for number in range(1, len(hidden) + 1)], self.layer)
        self._show_pair()

    def show_exact(self, exact: bool) -> None:
        """Say whether the output's colours are there."""
        self.note.setText(EXACT if exact else BENT)

    def _show_pair(self) -> None:
        units = self._hidden[self.layer] if self._hidden else 0
        if max(self.pair) >= units:
            self.pair = (0, 1)
        titles = [str(number) for number in range(1, units + 1)]
        for box, unit in zip((self.across, self.upwards), self.pair, strict=True):
            _fill(box, titles, unit)
            box.setEnabled(units > 1)

    def _choose_layer(self, layer: int) -> None:
        self.layer, self._was_chosen = layer, True
        self._show_pair()
        self.chosen.emit()

    def _choose(self, unit: int, place: int) -> None:
        """The other neuron takes the place of this one where it is the same."""
        pair = list(self.pair)
        if unit == pair[1 - place]:
            pair[1 - place] = pair[place]
        pair[place] = unit
        self.pair = (pair[0], pair[1])
        self._show_pair()
        self.chosen.emit()


def _fill(box: QComboBox, titles: list[str], index: int) -> None:
    if [box.itemText(number) for number in range(box.count())] != titles:
        box.clear()
        for number, title in enumerate(titles):
            box.addItem(title, str(number))
    box.setCurrentIndex(index if titles else -1)
