"""The architecture: the diagram with the controls of each layer, how many layers, and what the links show."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSizePolicy, QToolButton, QVBoxLayout, QWidget

from gdviz.gui.network.diagram.board import Board
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, SteadyLabel, icon_button, panel
from gdviz.gui.widgets.flow import FlowLayout, side_by_side
from gdviz.network.features import FEATURES, Scaling
from gdviz.network.spec import MAX_LAYERS, Layer, NetworkSpec

LAST_OF_ALL = "The network sees one input at least: take in another one before this goes."
TUNE_TIP = "All settings of the layers, with dropout and initial weights"


class NetworkPanel(QWidget):
    """Edits a NetworkSpec, but for its regularisation.

    Signals:
        edited(object): another NetworkSpec.
        refused(str): what cannot be done, and why.
        widened(bool): the diagram is to have the room of the canvas, or to give it back.
    """

    edited = Signal(object)
    refused = Signal(str)
    widened = Signal(bool)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._network = NetworkSpec()
        frame, rows = panel("network.architecture")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self.board = Board(look)
        self.board.heads.edited.connect(self.edited)
        self.board.diagram.feature_toggled.connect(self.toggle_feature)
        self.board.diagram.layer_asked.connect(self._change_layers)
        self._scaling = ElidedLabel("network.scaling_text")
        rows.addWidget(self._head_bar())
        rows.addWidget(self.board, 1)
        rows.addWidget(self._scaling)

    def _head_bar(self) -> QWidget:
        look, fewer, more = self._look, "One layer fewer", "One layer more"
        self.fewer = icon_button("network.fewer_layers", "minus", fewer, look, tip=f"{fewer} (Shift+L)")
        self.more = icon_button("network.more_layers", "add", more, look, tip=f"{more} (L)")
        self.fewer.clicked.connect(self.remove_layer)
        self.more.clicked.connect(self.add_layer)
        self._count = SteadyLabel("8 hidden layers", name="network.layers", role="number")
        self.gradients = QToolButton()
        self.gradients.setObjectName("network.gradients")
        self.gradients.setText("∇")
        self.gradients.setAccessibleName("Links show gradients")
        self.gradients.setToolTip("Links as thick as their gradient, instead of their weight (W)")
        self.gradients.setCheckable(True)
        self.gradients.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.gradients.toggled.connect(self.board.diagram.show_gradients)
        self.tune = icon_button(
            "network.tune_layers", "tune", "Dropout and initial weights", look, tip=TUNE_TIP, checkable=True
        )
        self.tune.toggled.connect(self.board.tune)
        self.wide = icon_button(
            "network.wide_diagram",
            "expand",
            "Large diagram",
            look,
            tip="Large diagram, small canvas (D)",
            checkable=True,
        )
        self.wide.toggled.connect(self.widened)
        bar = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        bar.setSizePolicy(policy)
        flow = FlowLayout(bar, margins=(0, 0, 0, 0), spacing=8)
        for widgets in ((self.fewer, self._count, self.more), (self.gradients, self.tune, self.wide)):
            flow.addWidget(side_by_side(*widgets))
        return bar

    def show_network(self, network: NetworkSpec) -> None:
        """Show an architecture without emitting."""
        self._network = network
        count = len(network.hidden)
        self._count.setText(f"{count} hidden layer{'' if count == 1 else 's'}")
        self.fewer.setEnabled(count > 0)
        self.more.setEnabled(count < MAX_LAYERS)
        self.board.heads.show_network(network)
        self._scaling.setVisible(network.scaling != "none")

    def show_shown(self, shown: Shown) -> None:
        """Draw a network with its numbers."""
        self.board.diagram.show_network(shown)
        text = scaling_text(shown.scaling) if shown.frame is not None else ""
        if text != self._scaling.text():
            self._scaling.setText(text)

    def add_layer(self) -> None:
        """One more hidden layer, like the last one."""
        self._change_layers(len(self._network.hidden), True)

    def remove_layer(self) -> None:
        """Without the last hidden layer."""
        self._change_layers(len(self._network.hidden), False)

    def toggle_feature(self, key: str) -> None:
        """Let the network see a feature, or not any more; the last one stays."""
        features = self._network.features
        chosen = [each for each in FEATURES if (each in features) != (each == key)]
        if chosen:
            self._edit(features=tuple(chosen))
        else:
            self.refused.emit(LAST_OF_ALL)

    def _change_layers(self, column: int, more: bool) -> None:
        """Add a layer behind a column, like the one there, or remove that column's."""
        hidden = self._network.hidden
        index = min(column, len(hidden))  # behind the output is behind the last one
        if more and len(hidden) < MAX_LAYERS:
            like = hidden[index - 1] if index else Layer(initializer=self._network.initializer)
            self._edit(hidden=(*hidden[:index], like, *hidden[index:]))
        elif not more and 1 <= column <= len(hidden):
            self._edit(hidden=(*hidden[: column - 1], *hidden[column:]))

    def _edit(self, **fields: object) -> None:
        self.edited.emit(msgspec.structs.replace(self._network, **fields))


def scaling_text(scaling: Scaling) -> str:
    """What the network sees of x1 and x2: "sees (x1 − 3.01) · 0.333, ...", short enough for the narrowest panel."""
    parts = []
    for name, shift, factor in zip(("x1", "x2"), scaling.shift, scaling.factor, strict=True):
        sign = "−" if shift >= 0.0 else "+"
        parts.append(f"({name} {sign} {short(abs(shift), 3)}) · {short(factor, 3)}")
    return f"sees {', '.join(parts)}"
