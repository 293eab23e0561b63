"""The learning-rate sweep: how far each optimizer gets, and how fast, with every learning rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.crowds import run_crowd
from gdviz.descent.optimizers import rule_of
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.trajectory import DEFAULT_STOPPING
from gdviz.descent.verdict import CLOSE

LEARNING_RATE = OptimizerSpec("sgd").declaration.parameter("learning_rate")


@dataclass(frozen=True, slots=True, eq=False)
class Sweep:
    """What became of each optimizer with each learning rate. All arrays but ``rates`` have shape (optimizers, rates).

    Attributes:
        rates: the learning rates, shape (rates,).
        losses: in the end; NaN where it diverged.
        steps: until it converged; infinite where it did not.
        diverged: whether it did.
    """

    rates: FloatArray
    losses: FloatArray
    steps: FloatArray
    diverged: NDArray[np.bool_]

    def best_rates(self) -> list[float | None]:
        """For each optimizer the rate that gets it lowest, None where all diverge.

        Of rates that get as low, within ``CLOSE`` of the way, it is the one that converges in the fewest steps.
        """
        return [self._best(*rows) for rows in zip(self.losses, self.steps, self.diverged, strict=True)]

    def _best(self, losses: FloatArray, steps: FloatArray, diverged: NDArray[np.bool_]) -> float | None:
        usable = np.isfinite(losses) & ~diverged
        if not usable.any():
            return None
        near = np.flatnonzero(usable & (losses <= losses[usable].min() + CLOSE * np.ptp(losses[usable])))
        converged = near[np.isfinite(steps[near])]
        best = converged[steps[converged].argmin()] if len(converged) else near[losses[near].argmin()]
        return float(self.rates[best])


def default_rates() -> FloatArray:
    """61 learning rates from 1e-5 to 10, ten a decade, in three digits that can be typed."""
    return np.array([float(f"{rate:.3g}") for rate in np.logspace(-5, 1, 61)])


def sweep(
    surface: Surface,
    optimizers: Sequence[OptimizerSpec],
    start: ArrayLike,
    steps: int,
    rates: ArrayLike | None = None,
    rule: StoppingRule = DEFAULT_STOPPING,
    cancelled: Callable[[], bool] = lambda: False,
) -> Sweep | None:
    """Let every optimizer descend with every learning rate, as ``race`` would, without schedules or noise.

    Args:
        surface: what they descend.
        optimizers: their own learning rates do not matter.
        start: w0 and w1 of all, shape (2,).
        steps: the most that each may make.
        rates: learning rates, shape (rates,), all above 0; ``default_rates()`` unless given.
        rule: when one has finished.
        cancelled: asked before every step; where it says True, None is returned.

    Raises:
        ValueError: an optimizer's key or setting, a rate, the start or the number of steps is not allowed.
    """
    columns = rates_checked(default_rates() if rates is None else rates)
    points = starts_alike(start, len(columns))
    shape = (len(optimizers), len(columns))
    result = Sweep(columns, np.full(shape, np.nan), np.full(shape, np.inf), np.zeros(shape, dtype=np.bool_))
    for index, optimizer in enumerate(optimizers):
        settings = {**optimizer.values(), "learning_rate": columns[:, np.newaxis]}
        ends = run_crowd(surface, rule_of(optimizer), settings, points, steps, rule, cancelled)
        if ends is None:
            return None
        result.diverged[index] = ends.diverged
        result.losses[index] = np.where(ends.diverged, np.nan, surface.value(ends.positions))
        result.steps[index] = np.where(ends.converged, ends.steps, np.inf)
    return result


def rates_checked(rates: ArrayLike) -> FloatArray:
    """Learning rates as an array of shape (n,); ValueError where one is not allowed."""
    array = np.array(rates, dtype=np.float64).reshape(-1)
    for rate in array:
        LEARNING_RATE.check(float(rate))
    return array


def starts_alike(start: ArrayLike, count: int) -> FloatArray:
    """One start, shape (2,), so many times; ValueError where it is not a finite point."""
    point = np.array(start, dtype=np.float64)
    if point.shape != (2,) or not np.isfinite(point).all():
        raise ValueError(f"the start is {point.tolist()}; allowed are two numbers")
    return np.tile(point, (count, 1))
