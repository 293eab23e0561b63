"""Which points are kept apart for the test."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

_GOLDEN = (math.sqrt(5.0) - 1.0) / 2.0


def test_mask(ids: NDArray[np.int64], fraction: float, seed: int) -> NDArray[np.bool_]:
    """Whether each point is a test point.

    A golden-ratio sequence decides by the point's id: the share is right for any count, and adding, moving or erasing
    points leaves the others where they are.

    Args:
        ids: of the points, shape (n,).
        fraction: share of test points, 0 <= fraction < 1.
        seed: other seeds choose other points.

    Returns:
        Shape (n,); at least one point, where there is one, is not a test point.
    """
    offset = np.random.default_rng(seed).random()
    mask: NDArray[np.bool_] = (offset + _GOLDEN * ids) % 1.0 < fraction
    if mask.all():
        mask[:1] = False
    return mask


test_mask.__test__ = False  # type: ignore[attr-defined]  # a mask of test points, not a test
