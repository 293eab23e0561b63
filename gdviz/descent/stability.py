"""How far an optimizer may go on a parabola, and what the adaptive ones multiply the gradient with.

On a parabola the update of SGD and its kin is linear, and there is a largest learning rate with which it shrinks every
error. Adaptive optimizers have no such limit: what they multiply the gradient with changes from step to step.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.rules import Line, evaluate, is_active
from gdviz.descent.substeps import substeps
from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.trajectory import Trajectory


def _limit(code: str, when: str = "True") -> Line:
    return Line("limit", code, "largest stable learning rate", when)


_HEAVY_BALL = (
    _limit("2 * (1 + momentum) / (curvature + (1 + momentum) * weight_decay)", "weight_decay > 0"),
    _limit("2 * (1 + momentum) / curvature", "momentum > 0"),
    _limit("2 / curvature"),
)
_LOOK_AHEAD = (
    _limit(
        "2 * (1 + momentum) / ((1 + 2 * momentum) * curvature + (1 + momentum) * weight_decay)",
        "momentum > 0 and weight_decay > 0",
    ),
    _limit("2 * (1 + momentum) / ((1 + 2 * momentum) * curvature)", "momentum > 0"),
)
# By optimizer; the first line whose condition holds.
_LIMITS: dict[str, tuple[Line, ...]] = {
    "sgd": (
        *(_limit(line.code, f"nesterov and {line.when}") for line in _LOOK_AHEAD),
        *_HEAVY_BALL,
    ),
    "momentum": _HEAVY_BALL,
    "nesterov": (*_LOOK_AHEAD, *_HEAVY_BALL),
    "qhm": (_limit("2 * (1 + beta) / ((1 + beta - 2 * nu * beta) * curvature)"),),
    "newton": (_limit("2 * (1 + damping / curvature)"),),
}


def _effective(code: str, when: str = "True") -> Line:
    return Line("effective", code, "what the gradient is multiplied with", when)


_OVER_V = _effective("alpha / (sqrt(v) + epsilon)")
_OVER_V_HAT = "alpha / (sqrt(v_hat) + epsilon)"
# What an adaptive optimizer multiplies each component of the gradient (or of its mean) with, in names of its lines.
_EFFECTIVE: dict[str, tuple[Line, ...]] = {
    "adagrad": (_effective("learning_rate / sqrt(accumulator + epsilon)"),),
    "adadelta": (
        _effective(
            "learning_rate * sqrt(mean_square_step_before + epsilon) / sqrt(mean_square_gradient + epsilon)",
        ),
    ),
    "rmsprop": (_effective("learning_rate / scale"),),
    "adam": (_effective(_OVER_V_HAT, "amsgrad"), _OVER_V),
    "amsgrad": (_effective(_OVER_V_HAT),),
    "adamw": (_effective(_OVER_V_HAT, "amsgrad"), _OVER_V),
    "adamax": (_effective("learning_rate / (1 - beta_1**t) / (u + epsilon)"),),
    "nadam": (_effective("learning_rate / (sqrt(v_hat) + epsilon)"),),
    "ftrl": (_effective("1 / quadratic"),),
    "qhadam": (_effective("learning_rate / (sqrt(square) + epsilon)"),),
}


def stability_limit(optimizer: OptimizerSpec, curvature: float) -> float | None:
    """The learning rate below which an optimizer is stable on a parabola.

    Args:
        optimizer: its own learning rate does not matter.
        curvature: the largest eigenvalue of the Hessian.

    Returns:
        None where there is no such limit: the curvature is not positive, or the optimizer adapts its steps.
    """
    line = limit_line(optimizer)
    if line is None or not (math.isfinite(curvature) and curvature > 0):
        return None
    limit = float(evaluate(line, {**optimizer.values(), "curvature": np.float64(curvature)}))
    return limit if math.isfinite(limit) else None


def limit_of(optimizer: OptimizerSpec, lowest: float, steepest: float) -> float | None:
    """The limit where these are the eigenvalues of the Hessian; Newton's method has one in bowls alone."""
    return None if optimizer.key == "newton" and not lowest > 0 else stability_limit(optimizer, steepest)


def limit_line(optimizer: OptimizerSpec) -> Line | None:
    """The limit as a line of Python in the optimizer's settings and ``curvature``; None where it has none."""
    return next((line for line in _LIMITS.get(optimizer.key, ()) if is_active(line, optimizer.values())), None)


def effective_rates(surface: Surface, trajectory: Trajectory, step: int) -> FloatArray | None:
    """What an adaptive optimizer multiplies each component of the gradient (or of its mean) with in a step.

    Returns:
        shape (2,); None for the other optimizers.
    """
    optimizer = trajectory.maker(step).optimizer
    settings = optimizer.values()
    line = next((line for line in _EFFECTIVE.get(optimizer.key, ()) if is_active(line, settings)), None)
    if line is None:
        return None
    names: dict[str, Any] = {**settings, "learning_rate": float(trajectory.learning_rates[step])}
    names["t"] = step - trajectory.maker(step).since + 1
    for substep in substeps(surface, trajectory, step):
        names[f"{substep.name}_before"] = substep.before
        names[substep.name] = substep.value
    rates: FloatArray = np.broadcast_to(np.asarray(evaluate(line, names), dtype=np.float64), (2,))
    return rates
