"""The learning-rate sweep: how far each optimizer gets, and how fast, with every learning rate."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.trajectory import DEFAULT_STOPPING


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


def default_rates() -> FloatArray:
    """61 learning rates from 1e-5 to 10, ten a decade."""
    return np.logspace(-5, 1, 61)


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
    raise NotImplementedError
