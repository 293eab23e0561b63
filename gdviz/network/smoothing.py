"""Noisy curves made smooth."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

_NOTHING = 1e-30
"""A share of the past that is as good as none; products of smaller ones would only be slow."""


def smoothed(epochs: FloatArray, values: FloatArray, span: float) -> FloatArray:
    """Exponential moving averages: each value is the mean of all before it, which fade with their age.

    Args:
        epochs: when each row was measured, shape (n,), rising; they need not be evenly spaced.
        values: shape (n, k); those that are not finite do not count.
        span: after so many epochs a value counts 1/e of what it did; after 69 times as many it is forgotten.

    Returns:
        Shape (n, k); NaN where nothing finite is known.
    """
    finite = np.isfinite(values)
    sums, counts = np.where(finite, values, 0.0), finite.astype(np.float64)
    kept = np.exp(-np.diff(epochs, prepend=-np.inf) / span)[:, None]  # what a row keeps of the one before
    reach = 1  # each row knows so many rows, itself among them; twice as many after each turn
    while reach < len(epochs):
        kept[kept < _NOTHING] = 0.0
        sums[reach:] += kept[reach:] * sums[:-reach]
        counts[reach:] += kept[reach:] * counts[:-reach]
        kept[reach:] *= kept[:-reach]
        reach *= 2
    with np.errstate(invalid="ignore"):
        return np.asarray(sums / counts)


def centred(epochs: FloatArray, values: FloatArray, span: float) -> FloatArray:
    """The same, forwards and back, so that a lowest value stays where it is; shape (n, k)."""
    forwards = smoothed(epochs, values, span)
    return smoothed(-epochs[::-1], forwards[::-1], span)[::-1]
