"""A map of what becomes of a descent by where it starts."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.arrivals import Log
from gdviz.descent.crowds import run_crowd
from gdviz.descent.minima import DIVERGED, RUNNING, STUCK, Minima
from gdviz.descent.optimizers import rule_of
from gdviz.descent.rules import Rule
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import Bounds, FloatArray, Minimum, Surface
from gdviz.descent.trajectory import DEFAULT_STOPPING

__all__ = ["DIVERGED", "RUNNING", "STUCK", "BasinMap", "basins"]

# Points that descend together: as many as stay in the processor's cache with all that an optimizer remembers.
_PIECE = 12288
# The first picture has at most so many points; each pass after it has sixteen times as many.
_FIRST_PICTURE = 400
_FINER = 4


@dataclass(frozen=True, slots=True, eq=False)
class BasinMap:
    """Where the starts of a grid end. Row i, column j of an array is the start (w0[j], w1[i]).

    Attributes:
        w0, w1: of the starts, shape (samples,) each.
        basin: index into ``minima`` of the one it ends in, shape (samples, samples); ``RUNNING`` where it reached none,
            ``DIVERGED``, or ``STUCK`` where the gradient is zero without a minimum: a saddle, a maximum, a plain.
        steps: after so many it stayed near that minimum, or diverged, or stood still; all of them where it is running.
            Of more than 128 steps not every one is looked at: then it is up to a 128th of them too late.
        minima: the known ones in order, then those that were found, in the order of their finding.
        complete: share of the starts that is computed; the others show what their neighbour does.
    """

    w0: FloatArray
    w1: FloatArray
    basin: NDArray[np.int16]
    steps: NDArray[np.int32]
    minima: tuple[Minimum, ...]
    complete: float


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
        reach: what is near a minimum: a distance as a share of the diagonal of the surface's bounds.

    Raises:
        ValueError: the optimizer's key or a setting, samples or steps are not allowed.
    """
    if samples < 1:
        raise ValueError(f"samples is {samples}; allowed is a whole number at least 1")
    if steps < 0:
        raise ValueError(f"steps is {steps}; allowed is a whole number at least 0")
    lines = rule_of(optimizer)  # refuses now, not at the first picture
    return _pictures(surface, optimizer, lines, bounds or surface.bounds, samples, steps, rule, cancelled, reach)


def _pictures(
    surface: Surface,
    optimizer: OptimizerSpec,
    lines: Rule,
    bounds: Bounds,
    samples: int,
    steps: int,
    rule: StoppingRule,
    cancelled: Callable[[], bool],
    reach: float,
) -> Iterator[BasinMap]:
    w0, w1, points = bounds.grid(samples)
    starts = points.reshape(-1, 2)
    minima = Minima(surface, reach * surface.bounds.diagonal, list(surface.minima))
    basin = np.full(len(starts), RUNNING, dtype=np.int16)
    arrived = np.full(len(starts), steps, dtype=np.int32)
    computed = np.zeros(len(starts), dtype=np.bool_)
    lattice, count = np.arange(samples), 0
    log = Log(min(_PIECE, len(starts)), steps)

    def picture() -> BasinMap:
        shape = (samples, samples)
        known, complete = tuple(minima.known), count / len(starts)
        return BasinMap(w0, w1, basin.reshape(shape).copy(), arrived.reshape(shape).copy(), known, complete)

    for spacing in _spacings(samples):
        on_lattice = lattice % spacing == 0
        wanted = np.flatnonzero(np.logical_and.outer(on_lattice, on_lattice).ravel() & ~computed)
        for first in range(0, len(wanted), _PIECE):
            piece = wanted[first : first + _PIECE]
            log.clear(len(piece))
            ends = run_crowd(surface, lines, optimizer.values(), starts[piece], steps, rule, cancelled, log.write)
            if ends is None:
                return
            basin[piece], targets = minima.reached(ends)
            arrivals = log.arrivals(targets, minima.reach, ends.steps, surface.dimensions)
            arrived[piece] = np.where(basin[piece] >= 0, arrivals, ends.steps)
            computed[piece], count = True, count + len(piece)
            if spacing == 1:
                yield picture()
        if spacing > 1:
            # The others show what the nearest point of the lattice does, until their turn comes.
            nearest = np.minimum((lattice + spacing // 2) // spacing * spacing, (samples - 1) // spacing * spacing)
            shown = (nearest[:, np.newaxis] * samples + nearest).ravel()
            np.copyto(basin, basin[shown], where=~computed)
            np.copyto(arrived, arrived[shown], where=~computed)
            yield picture()


def _spacings(samples: int) -> list[int]:
    """Distances of the lattices, the coarsest first."""
    spacings = [1]
    while math.ceil(samples / spacings[0]) ** 2 > _FIRST_PICTURE:
        spacings.insert(0, _FINER * spacings[0])
    return spacings
