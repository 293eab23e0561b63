"""Whether a racer can settle with its learning rate: the least limit on it near where the racer has been."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.stability import limit_of
from gdviz.descent.surface import FloatArray, Surface, curvatures

RECENT = 50
"""Steps that are looked back on to see whether the loss falls."""

# Fewer steps than this tell nothing.
_LEAST = 10
# The loss jumps where it rises in as many of the steps.
_RISES = 4
# Each recent step is looked at in so many places, as it may jump over a narrow valley; and so is the way ahead.
_PLACES = 4
_PLACES_AHEAD = 16
# A minimum so many times as far away as the nearest one may be where it ends as well.
_AS_NEAR = 1.25


class LeastLimit(NamedTuple):
    """The least of an optimizer's limits in a neighbourhood.

    Attributes:
        limit: the learning rate up to which it is stable there.
        steepest: λmax there.
        at_minimum: whether that is at a known minimum.
    """

    limit: float
    steepest: float
    at_minimum: bool


def least_limit(surface: Surface, positions: FloatArray, step: int, optimizer: OptimizerSpec) -> LeastLimit | None:
    """The least limit at the minima nearest to the start and the recent steps, along these steps, and on the way ahead.

    Args:
        surface: what is descended.
        positions: w0 and w1, shape (n + 1, 2).
        step: the row up to which they count.
        optimizer: whose limit is looked for.

    Returns:
        None where it has no limit anywhere there.

    All Hessians are asked for in one call.
    """
    recent = positions[max(0, step - RECENT) : step + 1]
    minima = _nearest_minima(surface, np.vstack([positions[:1], recent]))
    shares = np.arange(_PLACES)[:, np.newaxis, np.newaxis] / _PLACES
    between = (recent[:-1] + shares * np.diff(recent, axis=0)).reshape(-1, 2)
    # Where no minimum is known, the middle of what it jumps about in stands for one.
    ahead = recent.mean(axis=0, keepdims=True)
    if len(minima):
        nearest = _nearest_minima(surface, recent[-1:])
        way = np.linspace(0, 1, _PLACES_AHEAD, endpoint=False)[:, np.newaxis, np.newaxis]
        ahead = (recent[-1] + way * (nearest - recent[-1])).reshape(-1, 2)
    eigenvalues, _ = curvatures(surface, np.vstack([minima, recent, between, ahead]))
    # The limit falls as λmax rises; so the steepest place where there is a limit has the least.
    for index in np.argsort(-np.nan_to_num(eigenvalues[:, 1], nan=-np.inf), kind="stable"):
        limit = limit_of(optimizer, *eigenvalues[index].tolist())
        if limit is not None:
            return LeastLimit(limit, float(eigenvalues[index, 1]), bool(index < len(minima)))
        if optimizer.key != "newton":
            break
    return None


def jumps_about(losses: FloatArray, step: int) -> tuple[float, float] | None:
    """Between which losses it has jumped up and down in the recent steps; None where the loss falls or rests."""
    recent = losses[max(0, step - RECENT) : step + 1]
    if len(recent) <= _LEAST or not np.isfinite(recent).all():
        return None
    low, high = float(recent.min()), float(recent.max())
    # What is lost in rounding is no jump.
    if high - low <= 1e-9 * (1 + abs(high)) or np.count_nonzero(np.diff(recent) > 0) < _RISES:
        return None
    half = len(recent) // 2
    comes_back = recent[half:].max() >= np.median(recent[:half])
    return (low, high) if comes_back else None


def _nearest_minima(surface: Surface, points: FloatArray) -> FloatArray:
    """The known minima that are the nearest to some of the points, or as good as that, shape (n, 2)."""
    if not surface.minima:
        return np.empty((0, 2))
    minima = np.array([minimum.w for minimum in surface.minima])
    offsets = (points[:, np.newaxis] - minima)[..., : surface.dimensions]
    distances = np.sqrt((offsets**2).sum(axis=-1))
    near = distances <= _AS_NEAR * distances.min(axis=-1, keepdims=True)
    return np.asarray(minima[near.any(axis=0)])
