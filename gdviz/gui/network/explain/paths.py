"""Which way through the network is explained: through what is selected, else where most of the gradient goes."""

from __future__ import annotations

import numpy as np

from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import KEYS, Link, Spot, row_of

Path = tuple[int, ...]


def path_through(shown: Shown, spot: Spot | None) -> Path:
    """A unit of each column, from the inputs (an index of ``KEYS``) to the output.

    Args:
        shown: its explanation decides where nothing is selected; without one the first cells are taken.
        spot: what the way leads through, where the network has it; None is free.
    """
    fixed: dict[int, int] = {}
    if spot is not None:
        fixed[spot.column] = spot.unit
        if isinstance(spot, Link):
            fixed[spot.column - 1] = spot.source
    if 0 in fixed and row_of(shown.network, 0, fixed[0]) is None:
        del fixed[0]
    last = len(shown.counts) - 1
    path = {**fixed}
    start = min(fixed, default=last)
    # On from what is fixed, to the output: along the links that carry most of the gradient back to it.
    for column in range(start + 1, last + 1):
        if column not in path:
            path[column] = _strongest_on(shown, column - 1, path[column - 1])
    path.setdefault(last, _green(shown))
    # And from there to the inputs: along the links whose weights have the steepest slope.
    for column in range(last - 1, -1, -1):
        if column not in path:
            path[column] = _steepest_before(shown, column, path[column + 1])
    return tuple(path[column] for column in range(last + 1))


def exists_on(shown: Shown, path: Path) -> bool:
    """Whether a network has this way."""
    return (
        len(path) == len(shown.counts)
        and all(unit < count for unit, count in zip(path, shown.counts, strict=True))
        and row_of(shown.network, 0, path[0]) is not None
    )


def _green(shown: Shown) -> int:
    return shown.counts[-1] - 1


def _strongest_on(shown: Shown, column: int, unit: int) -> int:
    told, weights = shown.explanation, shown.weights
    if column + 1 == len(shown.counts) - 1:
        return _green(shown)
    row = row_of(shown.network, column, unit)
    if told is None or weights is None or row is None:
        return 0
    return int(np.abs(weights[2 * column][row] * told.d_sums[column]).argmax())


def _steepest_before(shown: Shown, column: int, behind: int) -> int:
    told = shown.explanation
    slopes = np.abs(told.d_weights[2 * column][:, behind]) if told is not None else np.zeros(1)
    index = int(slopes.argmax())
    return index if column else KEYS.index(shown.network.features[index])
