"""What the training process has to be told when the state of the tab changes."""

from __future__ import annotations

from gdviz.gui.network.state import NetworkState
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import Command, Configure, SetPoints, SetRegularisation, SetTraining, SetView

BOUNDARY_SAMPLES = 200


def configure(state: NetworkState, *, run: int) -> tuple[Command, ...]:
    """All of a state, for a process that knows nothing yet."""
    return (
        SetView(extent=state.extent, samples=BOUNDARY_SAMPLES),
        Configure(run, state.network, state.training, state.points),
    )


def same_architecture(first: NetworkSpec, second: NetworkSpec) -> bool:
    """Whether weights of one fit the other and mean the same."""
    return (first.hidden, first.head, first.initializer) == (second.hidden, second.head, second.initializer)


def differences(before: NetworkState, after: NetworkState) -> tuple[Command, ...]:
    """What turns one state into another while the weights are kept; the architecture must be the same."""
    commands: list[Command] = []
    if before.extent != after.extent:
        commands.append(SetView(extent=after.extent, samples=BOUNDARY_SAMPLES))
    if (before.network.l1, before.network.l2) != (after.network.l1, after.network.l2):
        commands.append(SetRegularisation(after.network.l1, after.network.l2))
    if before.training != after.training:
        commands.append(SetTraining(after.training))
    if before.points is not after.points:
        commands.append(SetPoints(after.points))
    return tuple(commands)
