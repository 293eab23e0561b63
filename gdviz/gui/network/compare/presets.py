"""Which three networks are compared."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec

from gdviz.gui.network.state import NetworkState, Source
from gdviz.network.spec import Layer, NetworkSpec

Change = Callable[[NetworkState], NetworkState]


@dataclass(frozen=True, slots=True)
class Contender:
    """One of the three: what it is called, and what it has in place of the tab's own network."""

    title: str
    meaning: str
    change: Change


@dataclass(frozen=True, slots=True)
class Preset:
    """Three contenders.

    Attributes:
        title: what a person reads.
        contenders: from left to right.
        data: the points that show it best; None where any do.
    """

    title: str
    contenders: tuple[Contender, Contender, Contender]
    data: Source | None = None

    def states(self, state: NetworkState) -> tuple[NetworkState, ...]:
        """What each of them trains, from what the tab is set to: the same points, questions, split and seed for all."""
        return tuple(each.change(state) for each in self.contenders)


def _having(*hidden: Layer, l2: float = 0.0) -> Change:
    """These hidden layers on x1 and x2; head and scaling stay."""

    def change(state: NetworkState) -> NetworkState:
        features = NetworkSpec().features
        network = msgspec.structs.replace(state.network, hidden=hidden, l1=0.0, l2=l2, features=features)
        return replace(state, network=network)

    return change


def _at_rate(factor: float) -> Change:
    """The tab's own network at so many times its learning rate."""

    def change(state: NetworkState) -> NetworkState:
        optimizer = state.training.optimizer
        rate = float(f"{optimizer.learning_rate * factor:.12g}")
        training = msgspec.structs.replace(state.training, optimizer=optimizer.with_setting("learning_rate", rate))
        return replace(state, training=training)

    return change


PRESETS: dict[str, Preset] = {
    "linear": Preset(
        "linear or not",
        (
            Contender("Linear", "No hidden layer: its boundary is a straight line", _having()),
            Contender(
                "Linear layers",
                "Hidden layers without activation: together they are still one line",
                _having(Layer(8, "linear"), Layer(8, "linear")),
            ),
            Contender("Non-linear", "Hidden layers with tanh: the boundary bends", _having(Layer(8), Layer(8))),
        ),
    ),
    "fit": Preset(
        "too small, right, too large",
        (
            Contender("Under-fitted", "One neuron: too little for anything but a line", _having(Layer(1))),
            Contender("Right", "Enough neurons, held back by L2", _having(Layer(8), Layer(8), l2=0.01)),
            Contender(
                "Over-fitted",
                "Far more neurons than needed, and nothing that holds them back",
                _having(*[Layer(32)] * 3),
            ),
        ),
        data=Source("circle", samples=100, noise=0.5),  # curved, few, and many of the wrong colour
    ),
    "rates": Preset(
        "three learning rates",
        (
            Contender("Rate / 10", "The present network at a tenth of its learning rate", _at_rate(0.1)),
            Contender("Rate as it is", "The present network as it is set", _at_rate(1.0)),
            Contender("Rate × 10", "The present network at ten times its learning rate", _at_rate(10.0)),
        ),
    ),
}
