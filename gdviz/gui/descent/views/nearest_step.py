"""Which step of a trajectory lies under the cursor."""

from __future__ import annotations

import math

import numpy as np

from gdviz.descent.surface import FloatArray

FAR = 1e6
"""Pixels beyond which a line is drawn in to here: a square of what is farther may be no number."""


def nearest_step(pixels: FloatArray) -> tuple[float, int]:
    """How far a trajectory passes from the cursor, in pixels, and the step that is nearest to there.

    Args:
        pixels: of the trajectory's points as seen from the cursor, shape (n, 2); one without points is infinitely far.
    """
    points = np.clip(pixels[np.isfinite(pixels).all(axis=1)], -FAR, FAR)
    if len(points) == 0:
        return math.inf, 0
    if len(points) == 1:
        return float(np.hypot(*points[0])), 0
    starts, along = points[:-1], np.diff(points, axis=0)
    squares = (along**2).sum(axis=1)
    shares = np.clip(-(starts * along).sum(axis=1) / np.where(squares > 0.0, squares, 1.0), 0.0, 1.0)
    away = np.hypot(*(starts + shares[:, np.newaxis] * along).T)
    nearest = int(away.argmin())
    return float(away[nearest]), nearest + round(float(shares[nearest]))
