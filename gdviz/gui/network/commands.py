"""What the training process has to be told when the state of the tab changes."""

from __future__ import annotations

from dataclasses import replace

import msgspec
import numpy as np

from gdviz.gui.network.state import NetworkState
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import (
    Command,
    Configure,
    SetNetwork,
    SetPoints,
    SetQuestions,
    SetTraining,
    SetView,
)

USUAL_VIEW = SetView(samples=200)
"""What frames show when no view asks for more; the extent is the state's."""


def configure(state: NetworkState, *, run: int, view: SetView = USUAL_VIEW) -> tuple[Command, ...]:
    """All of a state, for a process that knows nothing yet."""
    told = Configure(run, state.network, state.training, state.points)
    given = state.given
    if given is not None and same_architecture(given.network, state.network):
        told = replace(told, weights=given.weights, scaling=given.scaling, seed=given.seed)
    return replace(view, extent=state.extent), told, asked(state)


def asked(state: NetworkState) -> SetQuestions:
    """The questions of a state."""
    return SetQuestions(np.array(state.questions, np.float64).reshape(-1, 2))


def same_architecture(first: NetworkSpec, second: NetworkSpec) -> bool:
    """Whether weights of one fit the other and mean the same."""

    def bare(network: NetworkSpec) -> NetworkSpec:
        hidden = tuple(msgspec.structs.replace(layer, dropout=0.0) for layer in network.hidden)
        return msgspec.structs.replace(network, hidden=hidden, l1=0.0, l2=0.0)

    return bare(first) == bare(second)


def same_run(first: NetworkState, second: NetworkState) -> bool:
    """Whether what one of them trains can go on as the other."""
    return first.given is second.given and same_architecture(first.network, second.network)


def differences(before: NetworkState, after: NetworkState, view: SetView = USUAL_VIEW) -> tuple[Command, ...]:
    """What turns one state into another while the weights are kept; they must be of the ``same_run``."""
    commands: list[Command] = []
    if before.extent != after.extent:
        commands.append(replace(view, extent=after.extent))
    if before.network != after.network:
        commands.append(SetNetwork(after.network))
    if before.training != after.training:
        commands.append(SetTraining(after.training))
    if before.points is not after.points:
        commands.append(SetPoints(after.points))
    if before.questions != after.questions:
        commands.append(asked(after))
    return tuple(commands)
