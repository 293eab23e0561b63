"""What stands above each column of the diagram: the controls of its layer."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec
from PySide6.QtCore import QEvent, QSize, Qt, Signal
from PySide6.QtWidgets import QComboBox, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gdviz.gui.network.diagram.wrapped_box import WrappedBox
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choose, fill_choices, icon_button
from gdviz.gui.widgets.number_field import NumberField
from gdviz.network.spec import ACTIVATIONS, HEADS, INITIALIZERS, PARAMETERS, SCALINGS, Layer, NetworkSpec

SHORT_HEADS = {key: title.split(",")[0] for key, title in HEADS.items()}
SHORT_SCALINGS = {"none": "As is", "range": "−1 ... 1", "standard": "0 ± 1"}
"""As a column has room for; the tool tips have the words in full."""

LEAST_WIDTH, MOST_WIDTH = 11, 20
"""Of a column, and of its controls, in grid units."""

SHORT_DROPOUT, WORDS_WIDTH = "p", 17
"""What dropout is called in a column that is narrower than so many grid units."""


class SmallField(NumberField):
    """A field as narrow as its layout makes it."""

    def changeEvent(self, event: QEvent) -> None:
        """No text scale asks for more room."""
        super().changeEvent(event)
        self.setMinimumWidth(0)

    def minimumSizeHint(self) -> QSize:
        """Hardly any width."""
        return QSize(self.fontMetrics().horizontalAdvance("00"), super().minimumSizeHint().height())

    def sizeHint(self) -> QSize:
        """The same."""
        return self.minimumSizeHint()


class ColumnHead(QWidget):
    """The controls of one column: two rows that are always seen, and more that can be folded away.

    Signals:
        edited(object): another NetworkSpec.
    """

    edited = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._network = NetworkSpec()
        self._rows = QVBoxLayout(self)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._folding: list[QWidget] = []
        self._boxes: list[WrappedBox] = []

    def show_network(self, network: NetworkSpec) -> None:
        """Show this column of a network without emitting."""
        self._network = network

    def set_folded(self, folded: bool) -> None:
        """Hide or show what is seldom changed."""
        for widget in self._folding:
            widget.setVisible(not folded)

    def height_for(self, width: int) -> int:
        """How high it is at this width, with all words in view."""
        for box in self._boxes:
            box.fit(width)
        return self.sizeHint().height()

    def restyle(self) -> None:
        """Small, at any text scale."""
        pixels = self._look.pixels
        self._rows.setSpacing(pixels(0.25))
        self.setStyleSheet(
            f"QToolButton, QLineEdit {{ padding: {pixels(0.125)}px; }} QComboBox {{ padding: {pixels(0.125)}px "
            f"{pixels(0.375)}px; }}"
        )

    def _add(self, widget: QWidget, *, folding: bool = False) -> None:
        self._rows.addWidget(widget)
        if folding:
            self._folding.append(widget)

    def _choice(self, name: str, title: str, choices: dict[str, str], tip: str) -> WrappedBox:
        box = fill_choices(WrappedBox(), name, title, choices, tip=tip)
        self._boxes.append(box)
        box.setMinimumContentsLength(1)
        box.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        widest = max(len(text) for text in choices.values())
        box.view().setMinimumWidth(box.fontMetrics().averageCharWidth() * (widest + 4))
        return box

    def _change(self, **fields: object) -> None:
        self.edited.emit(msgspec.structs.replace(self._network, **fields))


class InputHead(ColumnHead):
    """What is made of x1 and x2 before the network sees them."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        title = QLabel("inputs")
        title.setProperty("role", "muted")
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._scaling = self._choice(
            "network.scaling", "Scaling of the inputs", SHORT_SCALINGS, PARAMETERS["scaling"].meaning
        )
        _explain(self._scaling, SCALINGS)
        self._scaling.activated.connect(lambda _: self._change(scaling=self._scaling.currentData()))
        title.setBuddy(self._scaling)
        self._add(title)
        self._add(self._scaling)
        self.restyle()

    def show_network(self, network: NetworkSpec) -> None:
        """Show the scaling."""
        super().show_network(network)
        choose(self._scaling, network.scaling)


class LayerHead(ColumnHead):
    """Neurons, activation, dropout and initialiser of a hidden layer."""

    def __init__(self, look: Look, index: int) -> None:
        super().__init__(look)
        self._index = index
        name, title = f"network.layer{index + 1}", f"Layer {index + 1}"
        self._units = self._field("units", f"{name}.units", f"{title}: neurons")
        fewer = self._button(f"{name}.fewer", "minus", f"{title}: one neuron fewer")
        more = self._button(f"{name}.more", "add", f"{title}: one neuron more")
        for button, step in ((fewer, -1), (more, 1)):
            button.setAutoRepeat(True)
            button.clicked.connect(lambda _=False, step=step: self._units.step(step))
        self._activation = self._choice(
            f"{name}.activation", f"{title}: activation", ACTIVATIONS, "Activation of the layer's neurons"
        )
        self._activation.activated.connect(lambda _: self._edit(activation=self._activation.currentData()))
        self._dropout = self._field("dropout", f"{name}.dropout", f"{title}: dropout")
        remove = self._button(f"{name}.remove", "clear", f"{title}: remove it")
        remove.clicked.connect(lambda: self._remove())
        self._initializer = self._choice(
            f"{name}.initializer", f"{title}: initial weights", INITIALIZERS, "How its initial weights are drawn"
        )
        self._initializer.activated.connect(lambda _: self._edit(initializer=self._initializer.currentData()))
        self._drop = QLabel(SHORT_DROPOUT)
        self._drop.setBuddy(self._dropout)
        self._drop.setToolTip(f"Dropout: {PARAMETERS['dropout'].meaning}")
        self._dropout.setToolTip(f"Dropout: {self._dropout.toolTip()}")
        self._add(self._line(fewer, self._units, more))
        self._add(self._activation)
        self._add(self._line(self._drop, self._dropout, remove), folding=True)
        self._add(self._initializer, folding=True)
        self.restyle()

    def show_network(self, network: NetworkSpec) -> None:
        """Show the layer, where the network has it."""
        super().show_network(network)
        if self._index >= len(network.hidden):
            return
        layer = network.hidden[self._index]
        self._units.set_value(layer.units)
        self._dropout.set_value(layer.dropout)
        choose(self._activation, layer.activation)
        choose(self._initializer, layer.initializer)

    def height_for(self, width: int) -> int:
        """With dropout named in full where there is room for the word and a number."""
        wide = width >= self._look.pixels(WORDS_WIDTH)
        self._drop.setText(PARAMETERS["dropout"].title if wide else SHORT_DROPOUT)
        return super().height_for(width)

    def _field(self, parameter: str, name: str, title: str) -> SmallField:
        field = SmallField(PARAMETERS[parameter])
        field.setObjectName(name)
        field.setAccessibleName(title)
        field.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        field.edited.connect(lambda value: self._edit(**{parameter: value}))
        return field

    def _button(self, name: str, icon: str, title: str) -> QToolButton:
        return icon_button(name, icon, title, self._look)

    def _line(self, *widgets: QWidget) -> QWidget:
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(2)
        for widget in widgets:
            row.addWidget(widget, 1 if isinstance(widget, SmallField) else 0)
        return line

    def _remove(self) -> None:
        hidden = self._network.hidden
        self._change(hidden=(*hidden[: self._index], *hidden[self._index + 1 :]))

    def _edit(self, **fields: object) -> None:
        hidden = list(self._network.hidden)
        layer: Layer = msgspec.structs.replace(hidden[self._index], **fields)
        hidden[self._index] = layer
        self._change(hidden=tuple(hidden))


class OutputHead(ColumnHead):
    """The output layer and its initial weights."""

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        title = QLabel("output")
        title.setProperty("role", "muted")
        title.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._head = self._choice(
            "network.head", "Output", SHORT_HEADS, "Output layer: a probability, two of them, or a value (regression)"
        )
        _explain(self._head, HEADS)
        self._head.activated.connect(lambda _: self._change(head=self._head.currentData()))
        self._initializer = self._choice(
            "network.initializer",
            "Output: initial weights",
            INITIALIZERS,
            "How the initial weights of the output are drawn",
        )
        self._initializer.activated.connect(lambda _: self._change(initializer=self._initializer.currentData()))
        title.setBuddy(self._head)
        self._add(title)
        self._add(self._head)
        self._add(QLabel(""), folding=True)
        self._add(self._initializer, folding=True)
        self.restyle()

    def show_network(self, network: NetworkSpec) -> None:
        """Show output and initial weights."""
        super().show_network(network)
        choose(self._head, network.head)
        choose(self._initializer, network.initializer)


def _explain(box: QComboBox, meanings: Mapping[str, str]) -> None:
    """Say in full, as tool tips, what the choices of a box are."""
    for index in range(box.count()):
        box.setItemData(index, meanings[box.itemData(index)], Qt.ItemDataRole.ToolTipRole)
