"""Rows of a history as they are drawn: smoothed, few enough, and on the axis of the losses."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.network.smoothing import smoothed

FloatArray = NDArray[np.float64]

SMALLEST = 1e-12
"""A loss of 0 is drawn here on a logarithmic axis."""


def smooth_rows(rows: FloatArray, span: float) -> FloatArray | None:
    """Rows that begin with an epoch, the rest smoothed over ``span`` epochs; None where that is not asked for."""
    if not span or not len(rows):
        return None
    return np.column_stack([rows[:, 0], smoothed(rows[:, 0], rows[:, 1:], span)])


def seen(epochs: FloatArray, values: FloatArray, most: int) -> NDArray[np.intp]:
    """Which points of a curve are drawn: all of a short one, otherwise the lowest and the highest of each cell.

    Cells of epochs begin at 0 and double in width as the curve grows, so that what is drawn of a cell stays as it is:
    no spike comes and goes from one drawing to the next.

    Args:
        epochs: rising, from 0, shape (k,).
        values: shape (k,); of those that are not finite, the first of a cell is drawn as well, as a gap.
        most: how many can be told apart.

    Returns:
        Indices, rising; the first and the last point are among them.
    """
    count = len(epochs)
    if count <= most:
        return np.arange(count)
    width = 2.0 ** np.ceil(np.log2((epochs[-1] + 1.0) / max(1, most // 2)))
    cells = np.floor_divide(epochs, width)
    starts = np.flatnonzero(np.diff(cells, prepend=-1.0) > 0)
    members = np.diff(starts, append=count)
    finite = np.isfinite(values)
    ends = np.array([0, count - 1])
    chosen = [ends, _first_of_each(~finite, cells)]
    for reduce, worst in ((np.minimum, np.inf), (np.maximum, -np.inf)):
        bounded = np.where(finite, values, worst)
        extreme = np.repeat(reduce.reduceat(bounded, starts), members)
        chosen.append(_first_of_each(finite & (bounded == extreme), cells))
    return np.unique(np.concatenate(chosen))


def on_axis(losses: FloatArray, logarithmic: bool) -> FloatArray:
    """Where losses are on their axis."""
    return np.asarray(np.log10(np.maximum(losses, SMALLEST))) if logarithmic else losses


def loss_range(losses: Sequence[FloatArray], logarithmic: bool) -> tuple[float, float]:
    """Both ends of an axis on which all these losses are seen; those that are not finite do not count."""
    together = np.concatenate([each.ravel() for each in losses]) if losses else np.empty(0)
    finite = on_axis(together[np.isfinite(together)], logarithmic)
    if not logarithmic:
        return 0.0, 1.06 * (float(finite.max()) if len(finite) else 1.0) or 1.0
    low, high = (float(finite.min()), float(finite.max())) if len(finite) else (-2.0, 0.0)
    margin = max(0.05, 0.05 * (high - low))
    return low - margin, high + margin


def _first_of_each(marked: NDArray[np.bool_], cells: FloatArray) -> NDArray[np.intp]:
    """The first marked index of each cell that has one."""
    indices = np.flatnonzero(marked)
    return indices[np.diff(cells[indices], prepend=-1.0) > 0]
