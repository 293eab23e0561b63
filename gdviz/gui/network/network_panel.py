"""The architecture: how many layers, what each is, and the output."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gdviz.gui.network.fold import Fold, align_labels
from gdviz.gui.network.layer_row import LayerRow
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, choice_box, choose, heading, icon_button, panel
from gdviz.gui.widgets.number_field import WheelGuard
from gdviz.network.spec import HEADS, INITIALIZERS, MAX_LAYERS, Layer, NetworkSpec


class NetworkPanel(QWidget):
    """Edits a NetworkSpec, but for its regularisation.

    Signals:
        edited(object): another NetworkSpec.
    """

    edited = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._network = NetworkSpec()
        frame, rows = panel("network.architecture")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        fewer, more = "One layer fewer", "One layer more"
        self.fewer = icon_button("network.fewer_layers", "minus", fewer, look, tip=f"{fewer} (Shift+L)")
        self.more = icon_button("network.more_layers", "add", more, look, tip=f"{more} (L)")
        self.fewer.clicked.connect(self.remove_layer)
        self.more.clicked.connect(self.add_layer)
        self._count = SteadyLabel("8 hidden layers", name="network.layers", role="number")
        head = QHBoxLayout()
        head.addWidget(heading("NETWORK"))
        head.addStretch(1)
        for widget in (self.fewer, self._count, self.more):
            head.addWidget(widget)
        rows.addLayout(head)
        self._rows = [LayerRow(look, index) for index in range(MAX_LAYERS)]
        for row in self._rows:
            row.edited.connect(self._edit_layer)
            rows.addWidget(row)
        self._head = choice_box("network.head", "Output", HEADS, tip="Output layer: sigmoid or softmax")
        self._head.activated.connect(lambda _: self._edit(head=self._head.currentData()))
        self._initializer = choice_box(
            "network.initializer", "Initialiser", INITIALIZERS, tip="How the initial weights are drawn"
        )
        self._initializer.activated.connect(lambda _: self._edit_initializer(self._initializer.currentData()))
        guard = WheelGuard(self)
        more_of_it = QWidget()
        form = QFormLayout(more_of_it)
        for title, box in (("output", self._head), ("initial weights", self._initializer)):
            box.installEventFilter(guard)
            box.setMinimumContentsLength(10)
            box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
            label = QLabel(title)
            label.setBuddy(box)
            form.addRow(label, box)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        form.setContentsMargins(0, 0, 0, 0)
        rows.addWidget(Fold("network.more_network", "Output and initial weights", more_of_it))
        rows.addStretch(1)

    def show_network(self, network: NetworkSpec) -> None:
        """Show an architecture without emitting."""
        self._network = network
        count = len(network.hidden)
        self._count.setText(f"{count} hidden layer{'' if count == 1 else 's'}")
        self.fewer.setEnabled(count > 0)
        self.more.setEnabled(count < MAX_LAYERS)
        for index, row in enumerate(self._rows):
            row.setVisible(index < count)
            if index < count:
                row.show_layer(network.hidden[index])
        choose(self._head, network.head)
        choose(self._initializer, network.initializer)
        align_labels(self, self._look.pixels(13))

    def add_layer(self) -> None:
        """One more hidden layer, like the last one."""
        hidden = self._network.hidden
        if len(hidden) < MAX_LAYERS:
            like = hidden[-1] if hidden else Layer(initializer=self._network.initializer)
            self._edit(hidden=(*hidden, like))

    def remove_layer(self) -> None:
        """Without the last hidden layer."""
        if self._network.hidden:
            self._edit(hidden=self._network.hidden[:-1])

    def _edit_layer(self, index: int, layer: Layer) -> None:
        hidden = self._network.hidden
        self._edit(hidden=(*hidden[:index], layer, *hidden[index + 1 :]))

    def _edit_initializer(self, key: str) -> None:
        hidden = tuple(msgspec.structs.replace(layer, initializer=key) for layer in self._network.hidden)
        self._edit(hidden=hidden, initializer=key)

    def _edit(self, **fields: object) -> None:
        self.edited.emit(msgspec.structs.replace(self._network, **fields))
