"""Whether a straight line is enough for a set of points, or only something that bends does them justice."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]

MOST = 500
"""Of more points, so many are looked at."""

FEW = 12
"""So few points say nothing about what lies between them: only whether a line divides them."""

_NEIGHBOURS = 5
_GAIN, _GAIN_OF_VALUES = 0.03, 0.2
_ERRORS = 1.65
_DIRECTIONS, _LINES = 180, 40_000


@dataclass(frozen=True, slots=True)
class Straightness:
    """How the best straight line fares, and whether something that bends would fare better.

    Attributes:
        line: share of the points that it gets right, or of their variance that it explains, in regression.
        curved: whether their neighbours tell points better than the line does, by more than chance would.
    """

    line: float
    curved: bool


def straightness(inputs: FloatArray, targets: FloatArray, *, regression: bool = False) -> Straightness:
    """Compare the best straight line with what the nearest neighbours of each point say of it.

    The line has seen the point and the neighbours have not, so where they are better, the points do bend. Points of the
    wrong colour mislead both.

    Args:
        inputs: one or two of each point, shape (n, 1) or (n, 2), finite.
        targets: 0 or 1, or values in regression; shape (n,).
        regression: whether they are values.
    """
    if len(inputs) > MOST:
        some = np.random.default_rng(0).choice(len(inputs), MOST, replace=False)
        inputs, targets = inputs[some], targets[some]
    count = len(inputs)
    if count < 2 or not np.ptp(targets):
        return Straightness(1.0, False)
    spread = inputs.std(axis=0)
    placed = (inputs - inputs.mean(axis=0)) / np.where(spread > 0.0, spread, 1.0)
    line = _squares(placed, targets) if regression else _mistakes(placed, targets > 0.5)
    share = 1.0 - float(line.mean() / targets.var()) if regression else 1.0 - float(line.mean())
    if count <= FEW:
        return Straightness(share, not regression and bool(line.any()))
    gained = line - _by_neighbours(placed, targets, regression)
    least = _GAIN_OF_VALUES * line.mean() if regression else _GAIN
    chance = _ERRORS * gained.std() / math.sqrt(count)
    return Straightness(share, bool(gained.mean() > max(least, chance)))


def _squares(inputs: FloatArray, values: FloatArray) -> FloatArray:
    """Squared errors of the least-squares plane, shape (n,)."""
    columns = np.column_stack([inputs, np.ones(len(inputs))])
    errors: FloatArray = columns @ np.linalg.lstsq(columns, values)[0] - values
    return errors**2


def _mistakes(inputs: FloatArray, green: NDArray[np.bool_]) -> FloatArray:
    """1 for each point on the wrong side of the line with the fewest mistakes, otherwise 0; shape (n,).

    Of every direction, all lines across it are tried.
    """
    count = len(inputs)
    angles = np.linspace(0.0, math.pi, max(_DIRECTIONS, _LINES // count), endpoint=False)
    across = inputs @ np.array([np.cos(angles), np.sin(angles)])[: inputs.shape[1]]
    order = np.argsort(across, axis=0)
    ranked = np.take_along_axis(across, order, axis=0)
    below = np.concatenate([np.zeros((1, len(angles))), np.cumsum(np.where(green[order], 1.0, -1.0), axis=0)])
    below[1:-1][ranked[1:] == ranked[:-1]] = 0.0  # no line fits between points at the same place
    # A line that has all red ones on one side gets most right where greens outnumber reds least, or most, below it.
    cut, direction = np.unravel_index(np.argmax(np.abs(below - below[-1] / 2.0)), below.shape)
    said = np.empty(count, np.bool_)
    said[order[:, direction]] = (np.arange(count) >= cut) == (below[cut, direction] < below[-1, direction] / 2.0)
    return np.asarray(said != green, np.float64)


def _by_neighbours(inputs: FloatArray, targets: FloatArray, regression: bool) -> FloatArray:
    """Mistakes, or squared errors, of what the nearest neighbours of each point say of it; shape (n,)."""
    apart = ((inputs[:, None] - inputs) ** 2).sum(axis=2)
    np.fill_diagonal(apart, np.inf)
    nearest = np.argpartition(apart, _NEIGHBOURS, axis=1)[:, :_NEIGHBOURS]
    said = targets[nearest].mean(axis=1)
    if regression:
        return np.asarray((said - targets) ** 2)
    return np.asarray((said > 0.5) != (targets > 0.5), np.float64)
