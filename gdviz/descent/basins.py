"""Maps of what becomes of a descent: by where it starts, and by learning rate and momentum."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.optimizers import rule_of
from gdviz.descent.racers import Ends, run_crowd
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import Bounds, FloatArray, Minimum, Surface
from gdviz.descent.sweep import rates_checked, starts_alike
from gdviz.descent.trajectory import DEFAULT_STOPPING

RUNNING = -1
DIVERGED = -2
STUCK = -3

# Points that descend together: as many as stay in the processor's cache with all that an optimizer remembers.
_PIECE = 4096
# The first picture has at most so many points; each pass after it has sixteen times as many.
_FIRST_PICTURE = 400
_FINER = 4
# Rows of a descent that are remembered to see when it arrived.
_REMEMBERED = 256
# Eigenvalues of a Hessian that count as zero beside the largest; and losses as equal.
_FLAT = 1e-4
_SAME_LOSS = 1e-6


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
    if samples < 1:
        raise ValueError(f"samples is {samples}; allowed is a whole number at least 1")
    if steps < 0:
        raise ValueError(f"steps is {steps}; allowed is a whole number at least 0")
    rule_of(optimizer)  # refuses now, not at the first picture
    return _pictures(surface, optimizer, bounds or surface.bounds, samples, steps, rule, cancelled, reach)


def _pictures(
    surface: Surface,
    optimizer: OptimizerSpec,
    bounds: Bounds,
    samples: int,
    steps: int,
    rule: StoppingRule,
    cancelled: Callable[[], bool],
    reach: float,
) -> Iterator[BasinMap]:
    w0, w1, points = bounds.grid(samples)
    starts = points.reshape(-1, 2)
    minima = _Minima(surface, reach * bounds.diagonal, list(surface.minima))
    basin = np.full(len(starts), RUNNING, dtype=np.int16)
    arrived = np.full(len(starts), steps, dtype=np.int32)
    computed = np.zeros(len(starts), dtype=np.bool_)
    lattice = np.arange(samples)
    for spacing in _spacings(samples):
        on_lattice = lattice % spacing == 0
        wanted = np.flatnonzero(np.logical_and.outer(on_lattice, on_lattice).ravel() & ~computed)
        # The cell of the lattice that is nearest to each start.
        nearest = np.minimum((lattice + spacing // 2) // spacing * spacing, (samples - 1) // spacing * spacing)
        shown_by = (nearest[:, np.newaxis] * samples + nearest).ravel()
        for first in range(0, len(wanted), _PIECE):
            piece = wanted[first : first + _PIECE]
            log = _Log(len(piece), steps)
            settings = optimizer.values()
            ends = run_crowd(
                surface, rule_of(optimizer), settings, starts[piece], steps, rule, cancelled, log.write
            )
            if ends is None:
                return
            basin[piece] = minima.reached(ends)
            targets = np.where((basin[piece] >= 0)[:, np.newaxis], minima.places(basin[piece]), ends.positions)
            arrived[piece] = np.where(
                basin[piece] >= 0, log.arrivals(minima.distances, targets, ends.steps), ends.steps
            )
            computed[piece] = True
            if spacing == 1 or first + _PIECE >= len(wanted):
                shown = np.where(computed, np.arange(len(starts)), shown_by)
                yield BasinMap(
                    w0,
                    w1,
                    basin[shown].reshape(samples, samples),
                    arrived[shown].reshape(samples, samples),
                    tuple(minima.known),
                    float(computed.mean()),
                )


def _spacings(samples: int) -> list[int]:
    """Distances of the lattices, the coarsest first."""
    spacings = [1]
    while -(-samples // spacings[0]) ** 2 > _FIRST_PICTURE:
        spacings.insert(0, _FINER * spacings[0])
    return spacings


class _Log:
    """Where points stood, at up to ``_REMEMBERED`` rows, to see when each had arrived."""

    def __init__(self, points: int, steps: int) -> None:
        self.every = max(1, -(-steps // _REMEMBERED))
        self.rows = np.empty((steps // self.every + 1, points, 2))
        self.written = 0

    def write(self, row: int, there: NDArray[np.intp], w: FloatArray) -> None:
        """Remember a row; for points that are not there any more, what is remembered means nothing."""
        number, rest = divmod(row, self.every)
        if rest:
            return
        if len(there) == self.rows.shape[1]:
            self.rows[number] = w
        else:
            self.rows[number, there] = w
        self.written = number + 1

    def arrivals(
        self, outside: Callable[[FloatArray, FloatArray], NDArray[np.bool_]], targets: FloatArray, ends: NDArray[np.int64]
    ) -> NDArray[np.int64]:
        """The row from which on each point stayed near its target, shape (points,)."""
        last_outside = np.full(len(targets), -1)
        for number in range(self.written):
            away = outside(self.rows[number], targets) & (number * self.every < ends)
            np.copyto(last_outside, number, where=away)
        return np.minimum((last_outside + 1) * self.every, ends)


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
    lowest = [minimum.value for minimum in surface.minima if minimum.is_global] or [*reached, np.nan]
    return RateMomentumMap(
        parameter=name,
        rates=across,
        momenta=down,
        losses=losses.reshape(shape),
        steps=np.where(ends.converged, ends.steps, np.inf).reshape(shape),
        diverged=ends.diverged.reshape(shape),
        lowest=float(np.nanmin(lowest)),
    )
