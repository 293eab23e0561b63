"""What can be pointed at in the diagram, and where it stands among the weights."""

from __future__ import annotations

from dataclasses import dataclass

from gdviz.network.features import FEATURES
from gdviz.network.spec import NetworkSpec

KEYS = tuple(FEATURES)
"""The rows of the first column: all features, whether the network sees them or not."""


@dataclass(frozen=True, slots=True)
class Neuron:
    """A cell.

    Attributes:
        column: 0 for the inputs, then the hidden layers, then the output.
        unit: from above; in column 0 an index of ``KEYS``.
    """

    column: int
    unit: int


@dataclass(frozen=True, slots=True)
class Bias:
    """The bias of a neuron."""

    column: int
    unit: int


@dataclass(frozen=True, slots=True)
class Link:
    """The weight with which a cell of the column before goes into a neuron."""

    column: int
    source: int
    unit: int


Spot = Neuron | Bias | Link
Place = tuple[int, tuple[int, ...]]
"""A tensor of ``Frame.weights``, and where in it."""


def counts(network: NetworkSpec) -> tuple[int, ...]:
    """Cells of each column."""
    return (len(KEYS), *(layer.units for layer in network.hidden), 2 if network.head == "softmax" else 1)


def row_of(network: NetworkSpec, column: int, unit: int) -> int | None:
    """The row of a cell in the kernel behind it; None for a feature that the network does not see."""
    if column:
        return unit
    key = KEYS[unit]
    return network.features.index(key) if key in network.features else None


def place_of(network: NetworkSpec, spot: Bias | Link) -> Place | None:
    """Where a weight is kept; None where the network has none there."""
    if isinstance(spot, Bias):
        return 2 * spot.column - 1, (spot.unit,)
    row = row_of(network, spot.column - 1, spot.source)
    return None if row is None else (2 * spot.column - 2, (row, spot.unit))


def exists(network: NetworkSpec, spot: Spot | None) -> bool:
    """Whether a network has such a cell, bias or link."""
    if spot is None:
        return False
    sizes = counts(network)
    if not 0 <= spot.column < len(sizes) or not 0 <= spot.unit < sizes[spot.column]:
        return False
    if isinstance(spot, Link):
        return spot.column > 0 and spot.source < sizes[spot.column - 1] and place_of(network, spot) is not None
    return spot.column > 0 or isinstance(spot, Neuron)


def title_of(network: NetworkSpec, spot: Spot) -> str:
    """What a person calls it: "layer 1, neuron 3", "x1² → layer 1, neuron 3"."""
    match spot:
        case Bias():
            return f"bias of {_cell(network, spot.column, spot.unit)}"
        case Link():
            return f"{_cell(network, spot.column - 1, spot.source)} → {_cell(network, spot.column, spot.unit)}"
    return _cell(network, spot.column, spot.unit)


def _cell(network: NetworkSpec, column: int, unit: int) -> str:
    if column == 0:
        return FEATURES[KEYS[unit]].title
    if column <= len(network.hidden):
        return f"layer {column}, neuron {unit + 1}"
    return "output" if network.head != "softmax" else ("output red", "output green")[unit]
