"""Maps of what becomes of a descent: by where it starts, and by learning rate and momentum."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.optimizers import rule_of
from gdviz.descent.racers import Ends, run_crowd
from gdviz.descent.rules import Rule
from gdviz.descent.second_order import newton_direction
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import Bounds, FloatArray, Minimum, Surface
from gdviz.descent.sweep import rates_checked, starts_alike
from gdviz.descent.trajectory import DEFAULT_STOPPING

RUNNING = -1
DIVERGED = -2
STUCK = -3

# Points that descend together: as many as stay in the processor's cache with all that an optimizer remembers.
_PIECE = 8192
# The first picture has at most so many points; each pass after it has sixteen times as many.
_FIRST_PICTURE = 400
_FINER = 4
# Rows of a descent that are remembered to see when it arrived.
_REMEMBERED = 128
# Eigenvalues of a Hessian that count as zero beside the largest; and losses as equal.
_FLAT = 1e-4
_SAME_LOSS = 1e-6
_MOST_MINIMA = 500
_NEWTON_STEPS = 8
_SAME_PLACE = 1e-6
# Any value that leaves the momentum's lines where they are.
_SOME_MOMENTUM = 0.5


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
    minima = _Minima(surface, reach * surface.bounds.diagonal, list(surface.minima))
    basin = np.full(len(starts), RUNNING, dtype=np.int16)
    arrived = np.full(len(starts), steps, dtype=np.int32)
    computed = np.zeros(len(starts), dtype=np.bool_)
    lattice, count = np.arange(samples), 0
    log = _Log(min(_PIECE, len(starts)), steps)

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
            arrived[piece] = np.where(basin[piece] >= 0, log.arrivals(minima.apart, targets, ends.steps), ends.steps)
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


class _Minima:
    """The minima of a surface as far as they are known, and the finding of more.

    A minimum is a point, or, where the surface is flat in one direction, a line or a ring of points with one loss.
    """

    def __init__(self, surface: Surface, reach: float, known: list[Minimum]) -> None:
        self.surface = surface
        self.reach = reach
        self.known = known

    @np.errstate(all="ignore")
    def reached(self, ends: Ends) -> tuple[NDArray[np.int16], FloatArray]:
        """Where each point ended: the number of a minimum or a code, shape (n,), and the place, shape (n, 2)."""
        codes = np.where(ends.diverged, DIVERGED, RUNNING).astype(np.int16)
        targets = ends.positions.copy()
        self._assign(codes, targets, ends.positions, range(len(self.known)))
        unexplained = np.flatnonzero(ends.converged & (codes == RUNNING))
        is_minimum, is_flat = self._curvatures(ends.positions[unexplained])
        codes[unexplained[~is_minimum]] = STUCK
        losses = self.surface.value(ends.positions)
        flat = unexplained[is_minimum & is_flat]
        for index in flat:
            if codes[index] == RUNNING and len(self.known) < _MOST_MINIMA:
                same = self._of_loss(float(losses[index]))
                number = self._found(ends.positions[index], float(losses[index])) if same is None else same
                codes[flat[self._alike(losses[flat], self.known[number].value)]] = number
        ended = unexplained[is_minimum & ~is_flat]
        running = np.flatnonzero(~ends.converged & (codes == RUNNING))
        bottoms, _ = self._bottoms(ends.positions[ended])
        self._explain(codes, targets, ends.positions, ended, bottoms)
        bottoms, found = self._bottoms(ends.positions[running])
        self._explain(codes, targets, ends.positions, running[found], bottoms[found])
        return codes, targets

    def _explain(
        self,
        codes: NDArray[np.int16],
        targets: FloatArray,
        positions: FloatArray,
        which: NDArray[np.intp],
        bottoms: FloatArray,
    ) -> None:
        """Take the bottoms of the bowls that some points ended in for minima."""
        for index, bottom in zip(which, bottoms, strict=True):
            if codes[index] == RUNNING and len(self.known) < _MOST_MINIMA:
                number = self._found(bottom, float(self.surface.value(bottom)))
                # Those still on their way to it count as well.
                self._assign(codes, targets, positions, [number])

    def apart(self, points: FloatArray, targets: FloatArray) -> NDArray[np.bool_]:
        """Whether points are farther from their targets than what counts as near, shapes (n, 2) to (n,)."""
        return np.asarray(self._squared_distances(points, targets) > self.reach**2)

    def _squared_distances(self, points: FloatArray, targets: FloatArray) -> FloatArray:
        squares = points - targets
        squares *= squares
        return np.asarray(squares[:, 0] if self.surface.dimensions == 1 else squares[:, 0] + squares[:, 1])

    def _assign(
        self, codes: NDArray[np.int16], targets: FloatArray, positions: FloatArray, numbers: Iterable[int]
    ) -> None:
        """Give those that are running or have converged the nearest of these minima, where it is near."""
        nearest = np.full(len(codes), np.inf)
        free = codes == RUNNING
        for number in numbers:
            place = np.array(self.known[number].w)
            distances = self._squared_distances(positions, place)
            nearer = free & (distances < nearest) & (distances <= self.reach**2)
            nearest[nearer], codes[nearer], targets[nearer] = distances[nearer], number, place

    def _curvatures(self, points: FloatArray) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
        """Whether points with hardly any gradient are at minima, and whether these are flat in one direction."""
        hessians, gradients = self.surface.hessian(points), self.surface.gradient(points)
        known = np.isfinite(hessians).all(axis=(1, 2))
        decomposed = np.linalg.eigh(np.where(np.reshape(known, (-1, 1, 1)), hessians, 0.0))
        values: FloatArray = decomposed.eigenvalues
        vectors: FloatArray = decomposed.eigenvectors
        along = np.einsum("nij,ni->nj", vectors, gradients)
        # On a plain the gradient is small as well, but the parabola's minimum is far away.
        ahead = np.where(along == 0, 0.0, np.abs(along / values)).max(axis=1)
        lower, upper = values.T
        return known & (upper > 0) & (lower > -_FLAT * upper) & (ahead <= self.reach), lower <= _FLAT * upper

    def _bottoms(self, points: FloatArray) -> tuple[FloatArray, NDArray[np.bool_]]:
        """The bottoms of bowls that points are in, by Newton's method, and whether they are near and really bottoms.

        Where one is not, the point itself stands for it.
        """
        places = points
        for _ in range(_NEWTON_STEPS):
            hessians = self.surface.hessian(places)
            ahead = newton_direction(hessians, self.surface.gradient(places), 0.0)
            places = places + ahead
        first, coupling, second = hessians[:, 0, 0], hessians[:, 0, 1], hessians[:, 1, 1]
        bowl = (first > 0) & (first * second - coupling**2 > _FLAT * (first + second) ** 2)
        still = (ahead * ahead).sum(axis=1) <= (_SAME_PLACE * self.reach) ** 2
        found = np.asarray(bowl & still & (self._squared_distances(places, points) <= self.reach**2))
        return np.where(found[:, np.newaxis], places, points), found

    def _of_loss(self, loss: float) -> int | None:
        return next((number for number, known in enumerate(self.known) if self._alike(loss, known.value)), None)

    def _alike(self, losses: ArrayLike, loss: float) -> NDArray[np.bool_]:
        return np.asarray(np.abs(np.asarray(losses) - loss) <= _SAME_LOSS * (1 + abs(loss)))

    def _found(self, place: FloatArray, loss: float) -> int:
        self.known.append(Minimum((float(place[0]), float(place[1])), loss, is_global=False))
        return len(self.known) - 1


class _Log:
    """Where points stood, at up to ``_REMEMBERED`` rows, to see when each had arrived."""

    def __init__(self, most_points: int, steps: int) -> None:
        self.every = max(1, -(-steps // _REMEMBERED))
        # One memory for all pieces: to ask for 13 MB each time costs as much as a tenth of the descent.
        self._memory = np.empty((steps // self.every + 1, most_points, 2))
        self.clear(most_points)

    def clear(self, points: int) -> None:
        """Forget everything, and begin again with so many points."""
        self.rows = self._memory.reshape(-1)[: len(self._memory) * points * 2].reshape(-1, points, 2)
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

    @np.errstate(all="ignore")
    def arrivals(
        self,
        outside: Callable[[FloatArray, FloatArray], NDArray[np.bool_]],
        targets: FloatArray,
        ends: NDArray[np.int64],
    ) -> NDArray[np.int64]:
        """The row from which on each point stayed near its target, shape (points,)."""
        # Counted from 1, so that 0 is never.
        last_outside = np.zeros(len(targets), dtype=np.int16)
        earliest = int(ends.min(initial=0))
        for number in range(self.written):
            away = outside(self.rows[number], targets)
            if number * self.every >= earliest:
                away &= number * self.every < ends
            np.maximum(last_outside, away * np.int16(number + 1), out=last_outside)
        return np.asarray(np.minimum(last_outside * np.int64(self.every), ends))


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
