"""One hidden layer in a row: neurons, activation, dropout."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import QEvent, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, choose, icon_button
from gdviz.gui.widgets.number_field import NumberField, WheelGuard
from gdviz.network.spec import ACTIVATIONS, PARAMETERS, Layer


class NarrowField(NumberField):
    """A field for numbers of few digits."""

    def __init__(self, parameter: Parameter, widest: str) -> None:
        super().__init__(parameter)
        self._widest = widest
        self._narrow()

    def changeEvent(self, event: QEvent) -> None:
        """Keep it as wide as its widest number at any text scale."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._narrow()

    def _narrow(self) -> None:
        if hasattr(self, "_widest"):  # not yet while the base class is being built
            width = self.fontMetrics().horizontalAdvance(f"{self._widest}00")
            self.setMinimumWidth(width)
            self.setMaximumWidth(width)


class LayerRow(QWidget):
    """Edits one layer.

    Signals:
        edited(int, object): number of the layer, from 0, and what it is now.
    """

    edited = Signal(int, object)

    def __init__(self, look: Look, index: int) -> None:
        super().__init__()
        self._index = index
        self._layer = Layer()
        name, title = f"network.layer{index + 1}", f"Layer {index + 1}"
        self._units = NarrowField(PARAMETERS["units"], "00")
        self._units.setObjectName(f"{name}.units")
        self._units.setAccessibleName(f"{title}: neurons")
        self._units.edited.connect(lambda value: self._edit(units=value))
        fewer = icon_button(f"{name}.fewer", "minus", f"{title}: one neuron fewer", look)
        more = icon_button(f"{name}.more", "add", f"{title}: one neuron more", look)
        fewer.clicked.connect(lambda: self._units.step(-1))
        more.clicked.connect(lambda: self._units.step(1))
        for button in (fewer, more):
            button.setAutoRepeat(True)
            button.setStyleSheet("padding: 2px")
        self._activation = choice_box(
            f"{name}.activation", f"{title}: activation", ACTIVATIONS, tip="Activation of the layer's neurons"
        )
        self._activation.setMinimumContentsLength(7)
        self._activation.installEventFilter(WheelGuard(self))
        self._activation.activated.connect(lambda _: self._edit(activation=self._activation.currentData()))
        self._dropout = NarrowField(PARAMETERS["dropout"], "0.00")
        self._dropout.setObjectName(f"{name}.dropout")
        self._dropout.setAccessibleName(f"{title}: dropout")
        self._dropout.edited.connect(lambda value: self._edit(dropout=value))
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(4)
        for column, widget in enumerate(
            (QLabel(str(index + 1)), fewer, self._units, more, self._activation, self._dropout)
        ):
            grid.addWidget(widget, 0, column)
        grid.setColumnStretch(4, 1)

    def show_layer(self, layer: Layer) -> None:
        """Show a layer without emitting."""
        self._layer = layer
        self._units.set_value(layer.units)
        choose(self._activation, layer.activation)
        self._dropout.set_value(layer.dropout)

    def _edit(self, **fields: object) -> None:
        self._layer = msgspec.structs.replace(self._layer, **fields)
        self.edited.emit(self._index, self._layer)
