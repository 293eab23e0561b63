"""The output along a line of constant x2: pure functions, no Qt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.network.levels import Range
from gdviz.training.messages import Extent, Float32Array

FloatArray = NDArray[np.float64]

NEAR = 0.05
"""Points within this share of the extent are near the slice."""

MARGIN = 0.08


def needs_x2(features: Sequence[str]) -> bool:
    """Whether an output made of these features can change with x2."""
    return any("x2" in key for key in features)


def curve_at(boundary: Float32Array, extent: Extent, x2: float) -> tuple[FloatArray, FloatArray]:
    """x1 and output along x2, shape (columns,) each: between two rows in proportion, beyond the last one that row.

    Args:
        boundary: shape (rows, columns), at pixel centres, row 0 at the bottom.
        extent: what it covers.
        x2: where the slice is.
    """
    rows, columns = boundary.shape
    x1 = extent[0] + (np.arange(columns) + 0.5) / columns * (extent[1] - extent[0])
    at = min(max((x2 - extent[2]) / (extent[3] - extent[2]) * rows - 0.5, 0.0), rows - 1.0)
    below = min(int(at), max(rows - 2, 0))
    share = at - below
    lower, upper = boundary[below].astype(np.float64), boundary[min(below + 1, rows - 1)].astype(np.float64)
    return x1, lower if share == 0.0 else lower * (1.0 - share) + upper * share


def covers(extent: Extent, x1: float) -> bool:
    """Whether an extent reaches as far as x1."""
    return extent[0] <= x1 <= extent[1]


def near(xy: FloatArray, x2: float, extent: Extent) -> NDArray[np.bool_]:
    """Which points, shape (n, 2), are near the slice."""
    return np.asarray(np.abs(xy[:, 1] - x2) <= reach_of(extent[2:]))


def reach_of(span: Range) -> float:
    """How far from the slice that is, in units of x2."""
    return NEAR * (span[1] - span[0])


def room(ends: Range, targets: FloatArray) -> Range:
    """What the upright axis covers: the ends of the colours and all targets."""
    low, high = min([ends[0], *targets.tolist()]), max([ends[1], *targets.tolist()])
    margin = MARGIN * ((high - low) or 1.0)
    return low - margin, high + margin
