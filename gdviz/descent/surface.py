"""A loss of two parameters: value, gradient, Hessian, bounds and known minima."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Minimum:
    """A known minimum of a surface: where, how low, and whether it is the lowest of all."""

    w: tuple[float, float]
    value: float
    is_global: bool = True


@dataclass(frozen=True, slots=True)
class Bounds:
    """The rectangle of parameters a surface is shown on."""

    w0: tuple[float, float]
    w1: tuple[float, float]

    @classmethod
    def square(cls, half: float) -> Bounds:
        """The square from -half to half."""
        return cls((-half, half), (-half, half))

    @property
    def diagonal(self) -> float:
        """Length of the rectangle's diagonal."""
        return float(np.hypot(self.w0[1] - self.w0[0], self.w1[1] - self.w1[0]))

    def grid(self, samples: int) -> tuple[FloatArray, FloatArray, FloatArray]:
        """The axes and points of a regular grid, edges included.

        Returns:
            w0 values, shape (samples,); w1 values, shape (samples,); points, shape (samples, samples, 2), where
            points[i, j] is (w0[j], w1[i]).
        """
        w0 = np.linspace(*self.w0, samples)
        w1 = np.linspace(*self.w1, samples)
        return w0, w1, np.stack(np.meshgrid(w0, w1), axis=-1)


@dataclass(frozen=True, slots=True, eq=False)
class Surface:
    """A loss surface J(w0, w1).

    Attributes:
        key: what the command line and files call it.
        title: what a person calls it.
        formula: the loss as text in x and y (w0 and w1).
        bounds: where it is shown.
        value: w of shape (..., 2) to the loss, shape (...).
        gradient: w of shape (..., 2) to dJ/dw0 and dJ/dw1, shape (..., 2).
        hessian: w of shape (..., 2) to the second derivatives, shape (..., 2, 2).
        minima: the known ones inside the bounds; empty where there is none.
        start: where a telling descent begins.
        learning_rate: a plain SGD learning rate that shows something from ``start``.
        logarithmic: whether contour levels should be logarithmic to begin with.
        dimensions: 1 for a loss of w0 alone (w1 has no effect and gradient 0), else 2.

    Where the loss is not defined or not differentiable, the functions return NaN or infinity; they never raise or warn.
    """

    key: str
    title: str
    formula: str
    bounds: Bounds
    value: Callable[[FloatArray], FloatArray]
    gradient: Callable[[FloatArray], FloatArray]
    hessian: Callable[[FloatArray], FloatArray]
    minima: tuple[Minimum, ...] = ()
    start: tuple[float, float] = (0.0, 0.0)
    learning_rate: float = 0.01
    logarithmic: bool = False
    dimensions: int = 2
    tags: tuple[str, ...] = field(default=())


def curvatures(surface: Surface, w: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eigenvalues, shape (..., 2), ascending, and eigenvectors, shape (..., 2, 2), a column each."""
    hessian = surface.hessian(w)
    if surface.dimensions == 1:
        values = np.repeat(hessian[..., 0, :1], 2, axis=-1)
        return values, np.broadcast_to(np.array([[0.0, 1.0], [1.0, 0.0]]), hessian.shape)
    known = np.isfinite(hessian).all(axis=(-2, -1), keepdims=True)
    values, vectors = np.linalg.eigh(np.where(known, hessian, 0.0))
    return np.where(np.reshape(known, (*hessian.shape[:-2], 1)), values, np.nan), vectors
