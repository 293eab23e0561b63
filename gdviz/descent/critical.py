"""Where a surface is flat: its minima, saddle points and maxima, found from many starts."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from gdviz.descent.surface import FloatArray, Surface

STARTS = 31
ROUNDS = 60
CLOSE = 1e-4
"""Points nearer to each other than this share of the bounds' diagonal are one."""


@dataclass(frozen=True, slots=True, eq=False)
class CriticalPoints:
    """Points inside the bounds where the gradient is zero, each of shape (n, 2), told apart by the Hessian."""

    minima: FloatArray
    saddles: FloatArray
    maxima: FloatArray


def critical_points(surface: Surface, enough: Callable[[], bool] = lambda: False) -> CriticalPoints:
    """Find them by Newton's method from a grid of ``STARTS`` x ``STARTS`` starts.

    Args:
        surface: of two parameters.
        enough: asked now and then; where it says so, what was found until then is the answer.

    Newton's method runs to the nearest point without slope, whatever its kind. Degenerate ones, where the Hessian is
    singular (the middle of a monkey saddle), count as saddle points where the loss falls in some direction nearby.
    """
    diagonal = surface.bounds.diagonal
    w = surface.bounds.grid(STARTS)[2].reshape(-1, 2)
    with np.errstate(all="ignore"):
        moving = np.arange(len(w))
        for _ in range(ROUNDS):
            if not len(moving) or enough():
                break
            step = _newton(surface, w[moving])
            length = np.linalg.norm(step, axis=1, keepdims=True)
            w[moving] += step * np.minimum(1.0, 0.05 * diagonal / np.maximum(length, 1e-300))
            moving = moving[length[:, 0] > 1e-15 * diagonal]  # no more those that have arrived, nor are nowhere
        flat = (np.linalg.norm(_newton(surface, w), axis=1) < 1e-9 * diagonal) & _inside(surface, w)
        scale = np.linalg.norm(surface.gradient(surface.bounds.grid(STARTS)[2]), axis=-1)
        flat &= np.linalg.norm(surface.gradient(w), axis=1) < 1e-6 * max(float(np.nanmedian(scale)), 1e-12)
        found = _apart(w[flat], CLOSE * diagonal)
        curvatures = np.linalg.eigvalsh(surface.hessian(found)) if len(found) else np.empty((0, 2))
    size = np.abs(curvatures).max(axis=1, initial=0.0)
    low, high = curvatures[:, 0] > 1e-6 * size, curvatures[:, 1] < -1e-6 * size
    low, high = low & (size > 0), high & (size > 0)
    rest = ~low & ~high
    falls = np.array([_falls(surface, point) for point in found[rest]], dtype=bool)
    return CriticalPoints(found[low], found[rest][falls], found[high])


def _newton(surface: Surface, w: FloatArray) -> FloatArray:
    """Newton's step at each point; a least-squares one where the Hessian is singular, none where it is not finite."""
    hessian, gradient = surface.hessian(w), surface.gradient(w)
    usable = np.isfinite(hessian).all(axis=(1, 2)) & np.isfinite(gradient).all(axis=1)
    step = np.full_like(w, np.nan)
    if usable.any():
        inverse = np.linalg.pinv(hessian[usable], rcond=1e-10, hermitian=True)
        step[usable] = -np.einsum("nij,nj->ni", inverse, gradient[usable])
    return step


def _inside(surface: Surface, w: FloatArray) -> FloatArray:
    (left, right), (low, high) = surface.bounds.w0, surface.bounds.w1
    return np.asarray((w[:, 0] >= left) & (w[:, 0] <= right) & (w[:, 1] >= low) & (w[:, 1] <= high))


def _apart(w: FloatArray, distance: float) -> FloatArray:
    """The points without those close to an earlier one."""
    kept: list[FloatArray] = []
    for point in w:
        if all(np.hypot(*(point - other)) > distance for other in kept):
            kept.append(point)
    return np.array(kept).reshape(-1, 2)


def _falls(surface: Surface, point: FloatArray) -> bool:
    """Whether the loss is lower somewhere on a small circle, and higher elsewhere on it: no valley floor, no plain."""
    angle = np.linspace(0.0, 2.0 * np.pi, 64, endpoint=False)
    circle = point + 1e-2 * surface.bounds.diagonal * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
    height = surface.value(circle) - surface.value(point)
    size = np.abs(height).max()
    return bool(height.min() < -1e-3 * size and height.max() > 1e-3 * size)
