"""From derivatives written in x and y to a Surface."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.descent.surface import FloatArray, Surface

Value = Callable[[FloatArray, FloatArray], ArrayLike]
Gradient = Callable[[FloatArray, FloatArray], tuple[ArrayLike, ArrayLike]]
Hessian = Callable[[FloatArray, FloatArray], tuple[ArrayLike, ArrayLike, ArrayLike]]


def surface_of(
    value: Value,
    gradient: Gradient,
    hessian: Hessian,
    **facts: Any,
) -> Surface:
    """A surface from functions of x and y.

    Args:
        value: x and y, each of shape (...), to the loss; a constant will do.
        gradient: the same to (dJ/dx, dJ/dy).
        hessian: the same to (d²J/dx², d²J/dxdy, d²J/dy²).
        **facts: whatever else a Surface has, by name.

    Returns:
        the surface; its functions are silent about overflow and undefined places, and give infinity or NaN there.
    """

    # One step of one racer calls these on a single point, so they avoid np.stack, which costs ten multiplications.
    @np.errstate(all="ignore")
    def value_at(w: FloatArray) -> FloatArray:
        x, y = _coordinates(w)
        loss = np.empty(x.shape)
        loss[...] = value(x, y)
        return loss

    @np.errstate(all="ignore")
    def gradient_at(w: FloatArray) -> FloatArray:
        points = np.asarray(w, dtype=np.float64)
        slopes = np.empty_like(points)  # in memory as the points are: by row or by column
        slopes[..., 0], slopes[..., 1] = gradient(points[..., 0], points[..., 1])
        return slopes

    @np.errstate(all="ignore")
    def hessian_at(w: FloatArray) -> FloatArray:
        x, y = _coordinates(w)
        curvatures = np.empty((*x.shape, 2, 2))
        xx, xy, yy = hessian(x, y)
        curvatures[..., 0, 0] = xx
        curvatures[..., 0, 1] = xy
        curvatures[..., 1, 0] = xy
        curvatures[..., 1, 1] = yy
        return curvatures

    return Surface(value=value_at, gradient=gradient_at, hessian=hessian_at, **facts)


def _coordinates(w: FloatArray) -> tuple[FloatArray, FloatArray]:
    points = np.asarray(w, dtype=np.float64)
    return points[..., 0], points[..., 1]
