"""Commands that wait: which of them the next one makes pointless."""

from __future__ import annotations

from collections.abc import Iterable

from gdviz.training.messages import (
    Acknowledge,
    At,
    Command,
    Configure,
    GoTo,
    SetNetwork,
    SetPoints,
    SetProbe,
    SetQuestions,
    SetTraining,
    SetView,
    SetWeight,
)

_REPLACEABLE = (Configure, SetPoints, SetTraining, SetNetwork, SetQuestions, SetProbe, SetView, GoTo)


def unpacked(command: Command) -> tuple[int, Command]:
    """Which seat a command is for, and what the seat is to do."""
    return (command.seat, command.command) if isinstance(command, At) else (0, command)


def collapsed(commands: Iterable[Command]) -> list[Command]:
    """The commands without those that the next one of the same kind, for the same seat, makes pointless.

    Acknowledgements come first: they have no order with the others, and would part those that can be dropped.
    """
    kept: list[Command] = []
    acknowledgements: list[Command] = []
    last: dict[int, int] = {}
    for command in commands:
        seat, order = unpacked(command)
        if isinstance(order, Acknowledge):
            acknowledgements.append(command)
        elif seat in last and _replaces(order, unpacked(kept[last[seat]])[1]):
            kept[last[seat]] = command
        else:
            last[seat] = len(kept)
            kept.append(command)
    return acknowledgements + kept


def _replaces(later: Command, earlier: Command) -> bool:
    if isinstance(later, SetWeight) and isinstance(earlier, SetWeight):
        return (later.tensor, later.place) == (earlier.tensor, earlier.place)
    return isinstance(later, _REPLACEABLE) and type(later) is type(earlier)
