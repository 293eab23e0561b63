"""Where words in a plot cover no curve."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
HEIGHTS = tuple(np.linspace(0.92, 0.12, 11).tolist())
"""Where words may be, from the top; shares of the height of a plot."""


def bands_between(epochs: FloatArray, heights: FloatArray, *, first: float, last: float) -> FloatArray:
    """What a curve takes between two epochs.

    Args:
        epochs: rising, shape (n,).
        heights: shares of the height of the plot, shape (n,); NaN where the curve has a gap.
        first: of these epochs.
        last: the other one.

    Returns:
        The lowest and the highest of each of its pieces, shape (k, 2).
    """
    start = max(0, int(np.searchsorted(epochs, first)) - 1)
    some = heights[start : int(np.searchsorted(epochs, last, side="right")) + 1]
    pieces = np.sort(np.column_stack([some[:-1], some[1:]]), axis=1)
    return pieces[np.isfinite(pieces).all(axis=1)]


def free_height(curves: Iterable[FloatArray], words: FloatArray, half: float, heights: Sequence[float]) -> float:
    """The first of the heights where words cover nothing; otherwise where they cover the least of curves, and no words.

    Args:
        curves: lowest and highest of their pieces, shape (k, 2) each.
        words: the same of other words.
        half: of the height of the words.
        heights: to choose from, the best first.
    """
    of_curves, of_words = _clearance(np.concatenate([np.empty((0, 2)), *curves]), heights), _clearance(words, heights)
    clear = np.where(of_words >= half, of_curves, -np.inf)
    if (clear == -np.inf).all():  # too low for all the words
        clear = of_words
    free = clear >= half
    return float(heights[int(np.argmax(free) if free.any() else np.argmax(clear))])


def _clearance(bands: FloatArray, heights: Sequence[float]) -> FloatArray:
    """How far each of the heights is from the nearest band; less than 0 within one."""
    tried = np.array(heights)[:, None]
    nearest: FloatArray = np.maximum(bands[:, 0] - tried, tried - bands[:, 1]).min(axis=1, initial=np.inf)
    return nearest


def stacked(left: FloatArray, right: FloatArray, bottom: FloatArray, *, high: float, room: float) -> FloatArray:
    """Words of one height moved up, and where there is no more room down, until none covers another.

    Args:
        left: where each begins, shape (n,).
        right: where it ends.
        bottom: where its lower edge is best, from the lower edge of the plot.
        high: of the words.
        room: the height of the plot; where all of it is too little for the words, some cover others.

    Returns:
        Their lower edges, shape (n,).
    """
    meet = (left[:, None] < right) & (left < right[:, None])
    order = np.argsort(bottom, kind="stable")
    laid = np.maximum(bottom, 0.0)
    for place, index in enumerate(order):
        below = [other for other in order[:place] if meet[index, other]]
        laid[index] = max([laid[index], *(laid[below] + high)])
    for place, index in reversed(list(enumerate(order))):
        above = [other for other in order[place + 1 :] if meet[index, other]]
        laid[index] = max(0.0, min([laid[index], room - high, *(laid[above] - high)]))
    return laid
