"""A map of what becomes of one start by learning rate and momentum."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.crowds import run_crowd
from gdviz.descent.optimizers import rule_of
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.sweep import rates_checked, starts_alike
from gdviz.descent.trajectory import DEFAULT_STOPPING

# Any value that leaves the momentum's lines where they are.
_SOME_MOMENTUM = 0.5


@dataclass(frozen=True, slots=True, eq=False)
class RateMomentumMap:
    """What becomes of one start by learning rate and momentum. Arrays have shape (momenta, rates).

    Attributes:
        parameter: what is varied as the momentum.
        rates, momenta: the axes.
        losses: in the end; NaN where it diverged.
        steps: until it converged; infinite where it did not.
        diverged: whether it did.
        lowest: loss of the surface's global minimum, or the lowest that was reached where it knows none.
    """

    parameter: str
    rates: FloatArray
    momenta: FloatArray
    losses: FloatArray
    steps: FloatArray
    diverged: NDArray[np.bool_]
    lowest: float

    @property
    def log_losses(self) -> FloatArray:
        """log10 of the loss above the lowest, not below -16; NaN where it diverged."""
        return np.log10(np.maximum(self.losses - self.lowest, 1e-16))


def momentum_parameter(optimizer: OptimizerSpec) -> str | None:
    """The setting of an optimizer that is most like a momentum: momentum, beta_1, beta or rho; None without one."""
    declared = {parameter.name for parameter in optimizer.declaration.parameters}
    return next((name for name in ("momentum", "beta_1", "beta", "rho") if name in declared), None)


def rate_momentum_map(
    surface: Surface,
    optimizer: OptimizerSpec,
    start: ArrayLike,
    rates: ArrayLike,
    momenta: ArrayLike,
    steps: int = 200,
    rule: StoppingRule = DEFAULT_STOPPING,
    cancelled: Callable[[], bool] = lambda: False,
) -> RateMomentumMap | None:
    """The map over learning rate and momentum, all descents side by side.

    Args:
        surface: what is descended.
        optimizer: its own learning rate and momentum do not matter.
        start: of all, shape (2,).
        rates: learning rates, shape (m,).
        momenta: values of ``momentum_parameter``, shape (n,).
        steps: the most that each may make.
        rule: when one has finished.
        cancelled: asked before every step; where it says True, None is returned.

    Raises:
        ValueError: the optimizer has no momentum, or a setting, the start or the number of steps is not allowed.
    """
    name = momentum_parameter(optimizer)
    if name is None:
        raise ValueError(f"{optimizer.key} has no momentum; allowed is an optimizer with momentum, beta_1, beta or rho")
    declaration = optimizer.declaration.parameter(name)
    down = np.array([declaration.check(float(momentum)) for momentum in np.ravel(momenta)], dtype=np.float64)
    across = rates_checked(rates)
    shape = (len(down), len(across))
    columns = {
        "learning_rate": np.broadcast_to(across, shape).reshape(-1, 1),
        name: np.broadcast_to(down[:, np.newaxis], shape).reshape(-1, 1),
    }
    # A momentum of 0 would switch the momentum's lines off; with them it changes nothing.
    lines = rule_of(optimizer.with_setting(name, _SOME_MOMENTUM))
    points = starts_alike(start, len(columns[name]))
    ends = run_crowd(surface, lines, {**optimizer.values(), **columns}, points, steps, rule, cancelled)
    if ends is None:
        return None
    losses = np.where(ends.diverged, np.nan, surface.value(ends.positions))
    reached = losses[~ends.diverged]
    lowest = [minimum.value for minimum in surface.minima if minimum.is_global] or list(reached) or [np.nan]
    return RateMomentumMap(
        parameter=name,
        rates=across,
        momenta=down,
        losses=losses.reshape(shape),
        steps=np.where(ends.converged, ends.steps, np.inf).reshape(shape),
        diverged=ends.diverged.reshape(shape),
        lowest=float(min(lowest)),
    )
