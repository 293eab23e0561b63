"""Maps of what becomes of a descent: by where it starts, and by learning rate and momentum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import Bounds, FloatArray, Minimum, Surface
from gdviz.descent.trajectory import DEFAULT_STOPPING

RUNNING = -1
DIVERGED = -2
STUCK = -3


@dataclass(frozen=True, slots=True, eq=False)
class BasinMap:
    """Where the starts of a grid end. Row i, column j of an array is the start (w0[j], w1[i]).

    Attributes:
        w0, w1: of the starts, shape (samples,) each.
        basin: index into ``minima`` of the one it ends in, shape (samples, samples); ``RUNNING`` where it reached none,
            ``DIVERGED``, or ``STUCK`` where the gradient is zero without a minimum: a saddle, a maximum, a plain.
        steps: after so many it stayed near that minimum, or diverged, or stood still; all of them where it is running.
        minima: the known ones in order, then those that were found, in the order of their finding.
        complete: share of the starts that is computed; the others show what their neighbour does.
    """

    w0: FloatArray
    w1: FloatArray
    basin: NDArray[np.int16]
    steps: NDArray[np.int32]
    minima: tuple[Minimum, ...]
    complete: float


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


def basins(
    surface: Surface,
    optimizer: OptimizerSpec,
    bounds: Bounds | None = None,
    samples: int = 256,
    steps: int = 200,
    rule: StoppingRule = DEFAULT_STOPPING,
    cancelled: Callable[[], bool] = lambda: False,
    reach: float = 0.01,
) -> Iterator[BasinMap]:
    """Pictures of the map, coarse ones first, the last one complete.

    Args:
        surface: what is descended.
        optimizer: with its settings, the same for all starts.
        bounds: of the grid of starts; the surface's own unless given.
        samples: starts along each side.
        steps: the most that each may make.
        rule: when one has finished.
        cancelled: asked before every step of some thousand points; where it says True, no more pictures follow.
        reach: what is near a minimum: a distance as a share of the diagonal of the bounds.

    Raises:
        ValueError: the optimizer's key or a setting, samples or steps are not allowed.
    """
    raise NotImplementedError


def momentum_parameter(optimizer: OptimizerSpec) -> str | None:
    """The setting of an optimizer that is most like a momentum: momentum, beta_1, beta or rho; None without one."""
    raise NotImplementedError


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
    raise NotImplementedError
