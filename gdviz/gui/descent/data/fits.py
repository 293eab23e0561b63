"""A line through data and the boundary of a perceptron as strokes across a plot."""

from __future__ import annotations

import numpy as np

from gdviz.descent.surface import FloatArray

Range = tuple[float, float]
NOTHING = np.full((2, 2), np.nan)


def line(w: FloatArray, across: Range, upwards: Range) -> FloatArray:
    """The part of w0 + w1·t that a plot shows, shape (2, 2); NaN where it shows none of it.

    It is cut off where it leaves the plot, as what lies millions of pixels outside cannot be drawn.
    """
    left, right = across
    if w[1] != 0.0:
        spare = upwards[1] - upwards[0]
        ends = sorted(((upwards[0] - spare - w[0]) / w[1], (upwards[1] + spare - w[0]) / w[1]))
        left, right = max(left, ends[0]), min(right, ends[1])
    if not (left <= right and np.isfinite(w).all()):
        return NOTHING
    return np.array([(left, w[0] + w[1] * left), (right, w[0] + w[1] * right)])


def boundary(w: FloatArray, across: Range, upwards: Range) -> FloatArray:
    """Where w0·x1 + w1·x2 is 0, from one side of a plot to the other, shape (2, 2); NaN where w has no direction."""
    length = float(np.hypot(*w))
    if length == 0.0 or not np.isfinite(length):
        return NOTHING
    reach = float(np.abs([*across, *upwards]).max() * 2.0)
    along = np.array([-w[1], w[0]]) / length * reach
    return np.array([-along, along])


def residuals(w: FloatArray, inputs: FloatArray, labels: FloatArray) -> FloatArray:
    """Probability of green less the label (0 or 1) at inputs of shape (n, 2), shape (n,)."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * (inputs @ w))) - labels)
