"""Arrow keys: from cell to link to cell, along the network."""

from __future__ import annotations

from dataclasses import dataclass, replace

from gdviz.gui.network.diagram.spots import KEYS, Bias, Link, Neuron, Spot, counts, row_of
from gdviz.network.spec import NetworkSpec

FIRST = Neuron(1, 0)
ARROWS = ("left", "right", "up", "down")


@dataclass(frozen=True, slots=True)
class Stand:
    """Where one stands.

    Attributes:
        spot: the cell or link.
        from_left: on a link, that one came from its left end; up and down then move the other end.
    """

    spot: Neuron | Link
    from_left: bool = False


def stand_at(spot: Spot | None) -> Stand | None:
    """Where a walk begins that goes on from a spot; at a bias, from its neuron."""
    if isinstance(spot, Bias):
        return Stand(Neuron(spot.column, spot.unit))
    return None if spot is None else Stand(spot)


def walked(network: NetworkSpec, at: Stand | None, arrow: str) -> Stand:
    """Where an arrow key leads; the same place where there is no way.

    Args:
        network: whose cells and links there are.
        at: where one stands; None is nowhere, and any arrow leads to the first neuron.
        arrow: one of ``ARROWS``.
    """
    if at is None:
        return Stand(FIRST)
    if isinstance(at.spot, Neuron):
        return _from_neuron(network, at.spot, arrow)
    return _from_link(network, at.spot, at.from_left, arrow)


def _from_neuron(network: NetworkSpec, spot: Neuron, arrow: str) -> Stand:
    sizes = counts(network)
    if arrow in ("up", "down"):
        unit = spot.unit + (1 if arrow == "down" else -1)
        return Stand(replace(spot, unit=min(max(unit, 0), sizes[spot.column] - 1)))
    if arrow == "left":
        if spot.column == 0:
            return Stand(spot)
        sources = _sources(network, spot.column)
        wanted = _across(spot.unit, sizes[spot.column], len(sources))
        return Stand(Link(spot.column, sources[wanted], spot.unit))
    if spot.column == len(sizes) - 1:
        return Stand(spot)
    unit = _across(spot.unit, sizes[spot.column], sizes[spot.column + 1])
    if row_of(network, spot.column, spot.unit) is None:  # a feature without links
        return Stand(Neuron(spot.column + 1, unit))
    return Stand(Link(spot.column + 1, spot.unit, unit), from_left=True)


def _from_link(network: NetworkSpec, spot: Link, from_left: bool, arrow: str) -> Stand:
    if arrow == "left":
        return Stand(Neuron(spot.column - 1, spot.source))
    if arrow == "right":
        return Stand(Neuron(spot.column, spot.unit))
    step = 1 if arrow == "down" else -1
    if from_left:
        unit = min(max(spot.unit + step, 0), counts(network)[spot.column] - 1)
        return Stand(replace(spot, unit=unit), from_left)
    sources = _sources(network, spot.column)
    index = min(max(sources.index(spot.source) + step, 0), len(sources) - 1)
    return Stand(replace(spot, source=sources[index]), from_left)


def _sources(network: NetworkSpec, column: int) -> list[int]:
    """Cells with links into a column."""
    if column > 1:
        return list(range(counts(network)[column - 1]))
    return [unit for unit in range(len(KEYS)) if row_of(network, 0, unit) is not None]


def _across(unit: int, total: int, others: int) -> int:
    """The cell at about the same height in another column."""
    return int((unit + 0.5) / total * others)
