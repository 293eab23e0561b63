"""Racers side by side: those with the same rule step together, and all ask for their gradients at once.

Beside them crowds: thousands of points of which only the ends are kept, for maps and sweeps.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.optimizers import rule_of
from gdviz.descent.rules import Rule, Stepper
from gdviz.descent.schedules import rate
from gdviz.descent.stopping import Outcome, StoppingRule, judge
from gdviz.descent.surface import FloatArray, Surface

GradientSource = Callable[[FloatArray, int], FloatArray]
"""Positions of shape (n, 2) and the number of their row to gradients of shape (n, 2): noisy ones, of mini-batches."""

# Rows computed between two looks at who has finished. A look costs as much as a dozen steps of ten racers.
_BLOCK = 256

# A crowd of which a share below this is still running goes on without the others.
_WORTH_GATHERING = 0.8
_NONE = np.zeros(0, dtype=np.intp)

CONSTANT_RATE = ScheduleSpec()


@dataclass(slots=True, eq=False)
class Racer:
    """A descent in the making.

    Attributes:
        optimizer: what steps.
        w: where it stands, shape (2,).
        schedule: of its learning rate, on the optimizer's own clock.
        row: number of the row that is recorded next.
        since: row at which the optimizer began with a fresh state.
        evaluations: asked for before the first row recorded here.
        states: what the optimizer remembers; what is missing starts afresh.
        outcome, reason: how it ended, so far.
        rule, settings: what the optimizer declares, looked up once.
        began: number of the first row recorded here.
    """

    optimizer: OptimizerSpec
    w: FloatArray
    schedule: ScheduleSpec = CONSTANT_RATE
    row: int = 0
    since: int = 0
    evaluations: int = 0
    states: dict[str, FloatArray] = field(default_factory=dict)
    outcome: Outcome = Outcome.RUNNING
    reason: str = ""
    rule: Rule = field(init=False)
    settings: dict[str, Any] = field(init=False)
    began: int = field(init=False)
    _blocks: list[dict[str, FloatArray]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.rule = rule_of(self.optimizer)
        self.settings = self.optimizer.values()
        self.schedule.values()  # refuses now what it would refuse in the middle of the race
        self.began = self.row
        names = {state.name for state in self.rule.states}
        self.states = {name: state for name, state in self.states.items() if name in names}
        if "evaluations" in names:
            self.states["evaluations"] = np.array([float(self.evaluations)])

    @property
    def group(self) -> tuple[object, ...]:
        """What racers must share to be stepped together and get, to the last bit, what each would get alone."""
        exponents = tuple((name, self.settings[name]) for name in sorted(self.rule.exponents & self.settings.keys()))
        return self.rule, self.row - self.since, exponents

    def rates(self, rows: int) -> FloatArray:
        """Learning rates of the steps that leave the next rows, shape (rows,)."""
        first = self.row - self.since
        return rate(self.schedule, self.settings["learning_rate"], np.arange(first, first + rows))

    def record(self, rows: dict[str, FloatArray]) -> None:
        """Keep a block of rows: positions, losses, gradients, learning rates and each state by name."""
        self._blocks.append(rows)

    def recorded(self) -> dict[str, FloatArray]:
        """All rows by name: positions, losses, gradients, learning_rates, evaluations and each state."""
        rows = {name: np.concatenate([block[name] for block in self._blocks]) for name in self._blocks[0]}
        count = rows.get("evaluations")
        # A rule that does not count its evaluations asks for one gradient a step.
        rows["evaluations"] = self.evaluations + np.arange(len(rows["losses"])) if count is None else count[:, 0]
        return rows


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """How each point of a crowd ended.

    Attributes:
        positions: the last row of each, shape (n, 2): what would be the last row of its trajectory.
        steps: number of that row, shape (n,).
        converged, diverged: shape (n,); a point that is neither is running.
    """

    positions: FloatArray
    steps: NDArray[np.int64]
    converged: NDArray[np.bool_]
    diverged: NDArray[np.bool_]


def run_crowd(
    surface: Surface,
    rule: Rule,
    settings: dict[str, Any],
    points: FloatArray,
    steps: int,
    stopping: StoppingRule,
    cancelled: Callable[[], bool] = lambda: False,
    watch: Callable[[int, NDArray[np.intp], FloatArray], None] | None = None,
) -> Ends | None:
    """Let many points descend without a record, each as ``run`` would let it.

    Args:
        surface: what they descend.
        rule: only its active lines.
        settings: floats, or columns of shape (n, 1).
        points: shape (n, 2); some thousand are fastest, as they then stay in the processor's cache.
        steps: the most that each may make.
        stopping: when one has finished.
        cancelled: asked at every row; where it says True, None is returned.
        watch: told each row: its number, the indices of the points that are still there, and where they stand. A point
            may still be there some rows after its end.

    Raises:
        ValueError: steps is negative.
    """
    if steps < 0:
        raise ValueError(f"steps is {steps}; allowed is a whole number at least 0")
    ends = Ends(points.copy(), np.full(len(points), steps), *np.zeros((2, len(points)), dtype=np.bool_))
    there, alive = np.arange(len(points)), np.ones(len(points), dtype=np.bool_)
    stepper, before = Stepper(rule, surface, settings, points), points
    look = _Look(surface, stopping)
    with np.errstate(all="ignore"):
        for row in range(steps + 1):
            if cancelled():
                return None
            w = stepper.w
            g = surface.gradient(w)
            suspects = look.suspects(w, g)
            if len(suspects):
                candidates = suspects[alive[suspects]]
                finite, far, flat = _verdicts(surface, stopping, w[candidates], g[candidates])
                ended = ~finite | far | flat
                which, finite, far = candidates[ended], finite[ended], far[ended]
                kept = finite | (row == 0)
                alive[which] = False
                ends.positions[there[which]] = np.where(kept[:, np.newaxis], w[which], before[which])
                ends.steps[there[which]] = np.where(kept, row, row - 1)
                ends.diverged[there[which]] = ~finite | far
                ends.converged[there[which]] = finite & ~far
            if watch:
                watch(row, there, w)
            left = int(np.count_nonzero(alive))
            if not left:
                break
            if row == steps:
                ends.positions[there[alive]] = w[alive]
            elif left < _WORTH_GATHERING * len(alive):
                settings = {
                    name: value[alive] if np.ndim(value) == 2 and len(value) == len(alive) else value
                    for name, value in settings.items()
                }
                states = {name: values[alive] for name, values in stepper.states.items()}
                stepper = Stepper(rule, surface, settings, w[alive], row, states)
                there, g, alive = there[alive], g[alive], np.ones(left, dtype=np.bool_)
            before = stepper.w
            stepper.advance(g)
    return ends


class _Look:
    """A quick look at points and gradients, shape (n, 2) each, that overlooks none that has ended."""

    def __init__(self, surface: Surface, stopping: StoppingRule) -> None:
        bounds = surface.bounds
        self._small = max(stopping.tolerance**2 * (1 + 1e-9), 1e-290)
        centre = max(abs(sum(bounds.w0)), abs(sum(bounds.w1))) / 2
        # Inside this square about the origin nothing is far outside.
        self._near = stopping.far_outside * bounds.diagonal / 2 - centre
        # A typed formula may have a slope where it has no value: that of log(x) left of zero.
        self._value = surface.value if "formula" in surface.tags else None

    def suspects(self, w: FloatArray, g: FloatArray) -> NDArray[np.intp]:
        """The indices of points that may have ended."""
        squares = g * g
        steepness = squares[:, 0] + squares[:, 1]
        values = None if self._value is None else self._value(w)
        near, small = self._near, self._small
        if (
            # Comparisons with NaN are false.
            (steepness.min() > small and steepness.max() < np.inf and w.min() > -near and w.max() < near)
            and (values is None or np.isfinite(values).all())
        ):
            return _NONE
        calm = (steepness > small) & (steepness < np.inf) & (np.abs(w) < near).all(axis=-1)
        return np.flatnonzero(~calm if values is None else ~calm | ~np.isfinite(values))


def _verdicts(
    surface: Surface, stopping: StoppingRule, w: FloatArray, g: FloatArray
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """For each point whether all is finite, whether it is far outside, and whether the gradient is below the tolerance.

    The same as ``stopping.judge`` says, in its order, but for a hundred thousand points without words.
    """
    bounds = surface.bounds
    finite = np.isfinite(w).all(axis=-1) & np.isfinite(g).all(axis=-1) & np.isfinite(surface.value(w))
    distances = np.hypot(w[:, 0] - sum(bounds.w0) / 2, w[:, 1] - sum(bounds.w1) / 2)
    far = distances > stopping.far_outside * bounds.diagonal
    return finite, far, np.hypot(g[:, 0], g[:, 1]) < stopping.tolerance


def run(
    racers: list[Racer], surface: Surface, steps: int, rule: StoppingRule, gradient_source: GradientSource | None
) -> None:
    """Let racers that stand at the same row make up to so many steps.

    Raises:
        ValueError: steps is negative.
    """
    if steps < 0:
        raise ValueError(f"steps is {steps}; allowed is a whole number at least 0")
    running, rows = racers, steps + 1  # where they stand is a row as well
    with np.errstate(all="ignore"):
        while running and rows:
            block = min(rows, _BLOCK)
            _compute(running, surface, block, rule, gradient_source)
            rows -= block
            running = [racer for racer in running if racer.outcome is Outcome.RUNNING]


def _compute(
    racers: list[Racer], surface: Surface, rows: int, rule: StoppingRule, gradient_source: GradientSource | None
) -> None:
    """Let each racer record a block of rows, cut where it finished."""
    groups = _groups(racers)
    ordered = [racer for group in groups for racer in group]
    first_row = ordered[0].row
    steppers = [_stepper(surface, group) for group in groups]
    records: list[list[dict[str, FloatArray]]] = [[] for _ in groups]
    ends = np.cumsum([0, *map(len, groups)]).tolist()
    parts = [slice(begin, end) for begin, end in pairwise(ends)]
    rates = np.stack([racer.rates(rows) for racer in ordered], axis=-1)
    together = [
        (stepper, record, part, rates[:, part, np.newaxis] if _is_scheduled(group) else None)
        for group, stepper, record, part in zip(groups, steppers, records, parts, strict=True)
    ]
    positions, gradients = np.empty((2, rows, len(ordered), 2))
    for row in range(rows):
        w: FloatArray = np.concatenate([stepper.w for stepper in steppers])
        g = gradient_source(w, first_row + row) if gradient_source else surface.gradient(w)
        positions[row], gradients[row] = w, g
        for stepper, record, part, scheduled in together:
            record.append(stepper.states)
            if scheduled is None:
                stepper.advance(g[part])
            else:
                stepper.advance(g[part], learning_rate=scheduled[row])
    losses = surface.value(positions)
    verdicts = judge(rule, surface.bounds, first_row, positions, losses, gradients)
    splits = [split for stepper, record in zip(steppers, records, strict=True) for split in _split(stepper, record)]
    for column, (racer, verdict, (history, w, states)) in enumerate(zip(ordered, verdicts, splits, strict=True)):
        racer.outcome, racer.reason = verdict.outcome, verdict.reason
        racer.row, racer.w, racer.states = first_row + rows, w, states
        kept = slice(verdict.rows)
        racer.record(
            {
                "positions": positions[kept, column],
                "losses": losses[kept, column],
                "gradients": gradients[kept, column],
                "learning_rates": rates[kept, column],
                **{name: values[kept] for name, values in history.items()},
            }
        )


def _groups(racers: list[Racer]) -> list[list[Racer]]:
    groups: dict[tuple[object, ...], list[Racer]] = {}
    for racer in racers:
        groups.setdefault(racer.group, []).append(racer)
    return list(groups.values())


def _is_scheduled(group: list[Racer]) -> bool:
    return any(racer.schedule.key != CONSTANT_RATE.key for racer in group)


def _stepper(surface: Surface, group: list[Racer]) -> Stepper:
    first = group[0]
    return Stepper(
        first.rule,
        surface,
        {name: _common([racer.settings[name] for racer in group]) for name in first.settings},
        np.stack([racer.w for racer in group]),
        first.row - first.since,
        {name: np.stack([racer.states[name] for racer in group]) for name in first.states},
    )


def _common(values: list[Any]) -> Any:
    """One value where all are equal, for speed; else a column."""
    return values[0] if values.count(values[0]) == len(values) else np.array(values)[:, np.newaxis]


def _split(
    stepper: Stepper, record: list[dict[str, FloatArray]]
) -> Iterator[tuple[dict[str, FloatArray], FloatArray, dict[str, FloatArray]]]:
    """A group's record racer by racer: the states at every row, and w and the states behind the last."""
    history = {name: np.stack([states[name] for states in record]) for name in stepper.states}
    for index, w in enumerate(stepper.w):
        yield (
            {name: values[:, index] for name, values in history.items()},
            w,
            {name: values[index] for name, values in stepper.states.items()},
        )
