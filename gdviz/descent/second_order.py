"""What Newton's method, BFGS and line searches need; all of it for many points at once."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from gdviz.descent.surface import FloatArray

MAX_HALVINGS = 100
# All further trials of so few points are made at once, as some need all of them.
_FEW = 40


def product(matrix: FloatArray, vector: FloatArray) -> FloatArray:
    """Matrix times vector at each point: shapes (n, 2, 2) and (n, 2) to (n, 2)."""
    result: FloatArray = (matrix * vector[:, np.newaxis, :]).sum(axis=-1)
    return result


def newton_direction(hessian: FloatArray, g: FloatArray, damping: float | FloatArray) -> FloatArray:
    """The step to where the local parabola is flat: -(H + damping·I)⁻¹ g.

    A parameter without effect (its gradient, and its row of H, are zero) stays where it is.

    Args:
        hessian: H, shape (n, 2, 2).
        g: gradient, shape (n, 2).
        damping: a float or a column of shape (n, 1).

    Returns:
        shape (n, 2); not finite where the matrix is singular.
    """
    diagonal = np.diagonal(hessian, axis1=1, axis2=2) + damping
    c, first, second = hessian[:, 0, 1], g[:, 0], g[:, 1]
    without_effect = (diagonal == 0) & (g == 0)
    if without_effect.any():
        diagonal[without_effect & (c == 0)[:, np.newaxis]] = 1.0
    a, b = diagonal[:, 0], diagonal[:, 1]
    determinant = a * b - c * c
    direction = np.empty_like(g)
    direction[:, 0] = (c * second - b * first) / determinant
    direction[:, 1] = (c * first - a * second) / determinant
    return direction


def armijo_halvings(
    loss: Callable[[FloatArray], FloatArray],
    w: FloatArray,
    g: FloatArray,
    direction: FloatArray,
    learning_rate: float | FloatArray,
    shrink: float | FloatArray,
    sufficient_decrease: float | FloatArray,
) -> FloatArray:
    """How often the step must be shrunk until it pays (Armijo 1966; Nocedal & Wright 2006, algorithm 3.1).

    The first k with J(w + αp) <= J(w) + c·α·gᵀp, where α = learning_rate·shrink^k and c = sufficient_decrease. Near a
    minimum rounding may hide every decrease: the search then ends with ``MAX_HALVINGS``.

    Args:
        loss: of points, shape (n, 2) to (n,).
        w: points, shape (n, 2).
        g: gradients there, shape (n, 2).
        direction: p, shape (n, 2).
        learning_rate: of the first trial; a float or a column of shape (n, 1), as the next two.
        shrink: factor from one trial to the next, between 0 and 1.
        sufficient_decrease: c, share of the promised decrease that is asked for, between 0 and 1.

    Returns:
        k, shape (n, 1); k + 1 trials were made.
    """
    here = loss(w)[:, np.newaxis]
    promised = sufficient_decrease * (g * direction).sum(axis=-1, keepdims=True)
    halvings = np.zeros_like(here)
    for trial in range(MAX_HALVINGS):
        alpha = learning_rate * shrink**halvings
        too_long = ~(loss(w + alpha * direction)[:, np.newaxis] <= here + alpha * promised)
        left = np.flatnonzero(too_long)
        if not len(left):
            break
        if len(left) <= _FEW and trial + 1 < MAX_HALVINGS:
            rates, factors = _of_some(learning_rate, left), _of_some(shrink, left)
            numbers = np.arange(trial + 1.0, MAX_HALVINGS)
            alphas = np.broadcast_to(rates * factors**numbers, (len(left), len(numbers)))
            losses = loss(w[left, np.newaxis] + alphas[:, :, np.newaxis] * direction[left, np.newaxis])
            pays = losses <= here[left] + alphas * promised[left]
            halvings[left, 0] = np.where(pays.any(axis=1), trial + 1 + pays.argmax(axis=1), MAX_HALVINGS)
            break
        halvings = halvings + too_long
    return halvings


def _of_some(setting: float | FloatArray, points: NDArray[np.intp]) -> float | FloatArray:
    """A setting of some of the points: a float is that of all, a column has one each."""
    return setting[points] if isinstance(setting, np.ndarray) else setting


def secant_update(inverse: FloatArray, s: FloatArray, y: FloatArray) -> FloatArray:
    """BFGS: the nearest inverse Hessian that explains the last step (Nocedal & Wright 2006, equation 6.17).

    Where the step shows no positive curvature, sᵀy > 0, it would lose its positive definiteness and is kept as it is.

    Args:
        inverse: approximation H of the inverse Hessian, shape (n, 2, 2).
        s: the last step, shape (n, 2).
        y: change of the gradient along it, shape (n, 2).

    Returns:
        the update, with H·y = s, shape (n, 2, 2).
    """
    curvature = (s * y).sum(axis=-1)
    explained = product(inverse, y)
    bend = curvature + (y * explained).sum(axis=-1)
    outer = s[:, :, np.newaxis] * s[:, np.newaxis, :]
    cross = explained[:, :, np.newaxis] * s[:, np.newaxis, :]
    # Divided twice rather than once by the square, which would underflow on short steps.
    updated = (
        inverse
        + outer * (bend / curvature / curvature)[:, np.newaxis, np.newaxis]
        - (cross + cross.transpose(0, 2, 1)) / curvature[:, np.newaxis, np.newaxis]
    )
    longest = np.sqrt((s * s).sum(axis=-1) * (y * y).sum(axis=-1))
    curved = curvature > np.finfo(np.float64).eps * longest
    return np.where(curved[:, np.newaxis, np.newaxis], updated, inverse)
