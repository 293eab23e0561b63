"""How the points of the data sets are drawn, before noise: places of one label, or values at places."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gdviz.network.points import GREEN

FloatArray = NDArray[np.float64]
BoolArray = NDArray[np.bool_]
Extent = tuple[float, float, float, float]
Generator = Callable[[np.random.Generator, int, int], FloatArray]
"""Draws points of one label without noise: (random numbers, how many, label) -> shape (n, 2)."""
Rule = Callable[[FloatArray], FloatArray]
"""The value at each place, without noise: shape (n, 2) -> (n,)."""

BOX: Extent = (-6.0, 6.0, -6.0, 6.0)
HOURS: Extent = (0.0, 6.0, 0.0, 6.0)
SCALE = 5.0


# Classification -------------------------------------------------------------------------------------------------------


def circle(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    """A disc of radius 2.5 within a ring from 3.5 to 5."""
    near, far = (0.0, 0.5) if label == GREEN else (0.7, 1.0)
    return _polar(rng.uniform(near * SCALE, far * SCALE, count), rng.uniform(0.0, 2.0 * math.pi, count))


def xor(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    """Four squares around the origin, a little apart."""
    padding = 0.3
    size = rng.uniform(padding, SCALE + padding, (count, 2))
    side = rng.choice((-1.0, 1.0), count)
    signs: FloatArray = np.column_stack([side, side if label == GREEN else -side])
    return size * signs


def gaussians(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    """Two clouds of variance 0.5 around (2, 2) and (-2, -2)."""
    centre = 2.0 if label == GREEN else -2.0
    return rng.normal(centre, math.sqrt(0.5), (count, 2))


def spiral(_: np.random.Generator, count: int, label: int) -> FloatArray:
    """Two arms, half a turn apart."""
    share = np.arange(count) / count
    return _polar(SCALE * share, 1.75 * share * 2.0 * math.pi + (0.0 if label == GREEN else math.pi))


def moons(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    """Two half circles of radius 3."""
    angle = rng.uniform(0.0, math.pi, count)
    moon: FloatArray = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    return 3.0 * (moon if label == GREEN else -moon)


def checkerboard(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    """Fields of 3 by 3."""
    cell = 3.0
    return _sampled(rng, count, BOX, lambda xy: np.floor(xy / cell).sum(axis=1) % 2 == label)


def linear(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    """Either side of a line, at a distance from it."""
    sign, margin = (1.0 if label == GREEN else -1.0), 0.4
    return _sampled(rng, count, (-SCALE, SCALE, -SCALE, SCALE), lambda xy: sign * (xy[:, 1] - 0.5 * xy[:, 0]) > margin)


def e_portfolio(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    """Good is what was prepared well and is neither too short nor too long: a perceptron alone cannot say that."""

    def accepted(hours: FloatArray) -> BoolArray:
        duration, preparation = hours.T
        surplus: FloatArray = preparation - (1.5 + 0.4 * (duration - 3.0) ** 2)
        return surplus > 0.2 if label == GREEN else surplus < -0.2

    return _sampled(rng, count, HOURS, accepted)


def spread_over(extent: Extent) -> Generator:
    """Draws points spread evenly over an extent, whatever their label."""
    left, right, below, above = extent
    return lambda rng, count, _: rng.uniform((left, below), (right, above), (count, 2))


# Regression -----------------------------------------------------------------------------------------------------------


def plane(xy: FloatArray) -> FloatArray:
    """From -1 in the lower left corner of the box to 1 in the upper right one."""
    total: FloatArray = xy.sum(axis=1)
    return total / 12.0


def bumps(xy: FloatArray) -> FloatArray:
    """Three hills of height 1 and three hollows of depth 1 in turn, in two rows."""
    values = np.zeros(len(xy))
    for column, x1 in enumerate((-4.0, 0.0, 4.0)):
        for row, x2 in enumerate((-2.5, 2.5)):
            distance = (xy[:, 0] - x1) ** 2 + (xy[:, 1] - x2) ** 2
            values += (-1.0) ** (column + row) * np.exp(-0.5 * distance)
    return values


def grade(hours: FloatArray) -> FloatArray:
    """1 to 6, the best: preparing pays, the first hours most, and three hours are the fairest length."""
    preparation, duration = hours.T
    grades: FloatArray = 1.0 + 5.0 * (1.0 - np.exp(-preparation / 2.0)) * np.exp(-(((duration - 3.0) / 3.0) ** 2))
    return grades


# Shared ---------------------------------------------------------------------------------------------------------------


def _sampled(
    rng: np.random.Generator, count: int, extent: Extent, accept: Callable[[FloatArray], BoolArray]
) -> FloatArray:
    """Points spread evenly over the part of the extent that is accepted, shape (count, 2)."""
    left, right, below, above = extent
    found = np.empty((0, 2))
    while len(found) < count:
        candidates = rng.uniform((left, below), (right, above), (2 * count + 8, 2))
        found = np.concatenate([found, candidates[accept(candidates)]])
    return found[:count]


def _polar(radius: FloatArray, angle: FloatArray) -> FloatArray:
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])
