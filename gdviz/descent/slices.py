"""A surface cut along a line: a loss of one parameter."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike

from gdviz.descent.surface import FloatArray, Surface


@dataclass(frozen=True, slots=True, eq=False)
class Slice:
    """A surface along the line w = point + t * direction.

    Attributes:
        surface: what is cut.
        point: where t is 0, shape (2,).
        direction: of length 1, shape (2,).
        limits: the range of t inside the bounds; where the line misses them, half a diagonal to either side.
    """

    surface: Surface
    point: FloatArray
    direction: FloatArray
    limits: tuple[float, float]

    def points(self, t: ArrayLike) -> FloatArray:
        """Where the line is at t, shape (...) to (..., 2)."""
        return self.point + np.asarray(t, dtype=np.float64)[..., np.newaxis] * self.direction

    def position(self, w: ArrayLike) -> FloatArray:
        """The t of the point on the line that is nearest to w, shape (..., 2) to (...)."""
        return np.asarray(np.asarray(w, dtype=np.float64) - self.point) @ self.direction

    def values(self, t: ArrayLike) -> FloatArray:
        """The loss at t, shape (...) to (...)."""
        return self.surface.value(self.points(t))

    def slope(self, t: ArrayLike) -> FloatArray:
        """Its first derivative by t, shape (...) to (...)."""
        return np.asarray((self.surface.gradient(self.points(t)) * self.direction).sum(axis=-1))

    def curvature(self, t: ArrayLike) -> FloatArray:
        """Its second derivative by t, shape (...) to (...)."""
        both = np.outer(self.direction, self.direction)
        return np.asarray((self.surface.hessian(self.points(t)) * both).sum(axis=(-2, -1)))


def cut(surface: Surface, point: ArrayLike, direction: ArrayLike) -> Slice:
    """A surface along a line.

    Args:
        surface: what is cut.
        point: on the line, shape (2,).
        direction: of the line, shape (2,), of any length but zero.

    Raises:
        ValueError: the point is not finite, or the direction has no length.
    """
    origin, along = np.array(point, dtype=np.float64), np.array(direction, dtype=np.float64)
    if origin.shape != (2,) or not np.isfinite(origin).all():
        raise ValueError(f"the point is {origin.tolist()}; allowed are two numbers")
    if along.shape != (2,) or not np.isfinite(along).all() or not along.any():
        raise ValueError(f"the direction is {along.tolist()}; allowed are two numbers that are not both zero")
    along = along / np.abs(along).max()  # first, as the square of a tiny or huge number is none
    along = along / math.hypot(*along)
    return Slice(surface, origin, along, _limits(surface, origin, along))


def _limits(surface: Surface, point: FloatArray, direction: FloatArray) -> tuple[float, float]:
    """The range of t in which the line is inside both strips that make up the bounds."""
    first, last = -math.inf, math.inf
    for start, along, (low, high) in zip(point, direction, (surface.bounds.w0, surface.bounds.w1), strict=True):
        if along == 0:
            if not low <= start <= high:
                first, last = math.inf, -math.inf
            continue
        enters, leaves = sorted(((low - start) / along, (high - start) / along))
        first, last = max(first, float(enters)), min(last, float(leaves))
    half = surface.bounds.diagonal / 2
    return (first, last) if first < last else (-half, half)
