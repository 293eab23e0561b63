"""Racers side by side: all ask for their gradients at once, and each keeps a record of every row."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.movers import Field
from gdviz.descent.optimizers import rule_of
from gdviz.descent.rules import Rule, exponents_of
from gdviz.descent.schedules import rate
from gdviz.descent.single_point import Descent, descent_of
from gdviz.descent.stopping import Outcome, StoppingRule, judge
from gdviz.descent.surface import FloatArray, Surface

GradientSource = Callable[[FloatArray, int], FloatArray]
"""Positions of shape (n, 2) and the number of their row to gradients of shape (n, 2): noisy ones, of mini-batches."""

Enough = Callable[[int], bool]
"""Asked with the number of each row but the first before it is computed; where it says True, nothing more is."""

# Rows computed between two looks at who has finished. A look costs as much as a dozen steps of ten racers. The first
# blocks are shorter, each twice as long as the one before, as beyond its end a line search takes longest.
_FIRST_BLOCK, _LONGEST_BLOCK = 16, 256

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
        states: what the optimizer remembers; what is missing at first starts afresh.
        outcome, reason: how it ended, so far.
        rule, settings: what the optimizer declares, looked up once.
        began: number of the first row recorded here.
        descend: its rule for one point; None where that needs arrays.
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
    descend: Callable[..., Descent] | None = field(init=False)
    _kind: tuple[object, ...] = field(init=False)
    _blocks: list[dict[str, FloatArray]] = field(init=False, default_factory=list)

    def __post_init__(self) -> None:
        self.rule = rule_of(self.optimizer)
        self.settings = self.optimizer.values()
        self.schedule.values()  # refuses now what it would refuse in the middle of the race
        self.began = self.row
        exponents = sorted(exponents_of(self.rule) & self.settings.keys())
        self._kind = (self.rule, tuple((name, self.settings[name]) for name in exponents))
        self.descend = descent_of(self.rule, tuple(self.settings))
        afresh = self.rule.initial(self.settings, self.w[np.newaxis])
        self.states = {name: self.states.get(name, initial[0]) for name, initial in afresh.items()}
        if "evaluations" in self.states:
            self.states["evaluations"] = np.array([float(self.evaluations)])

    @property
    def group(self) -> tuple[object, ...]:
        """What racers must share to be stepped together and get, to the last bit, what each would get alone."""
        return *self._kind, self.row - self.since

    @property
    def is_scheduled(self) -> bool:
        """Whether its learning rate changes."""
        return self.schedule.key != CONSTANT_RATE.key

    def rates(self, rows: int) -> FloatArray:
        """Learning rates of the steps that leave the next rows, shape (rows,)."""
        if not self.is_scheduled:
            return np.full(rows, self.settings["learning_rate"], dtype=np.float64)
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


def run(
    racers: list[Racer],
    surface: Surface,
    steps: int,
    rule: StoppingRule,
    gradient_source: GradientSource | None,
    enough: Enough,
) -> None:
    """Let racers that stand at the same row make up to so many steps.

    Raises:
        ValueError: steps is negative.
    """
    if steps < 0:
        raise ValueError(f"steps is {steps}; allowed is a whole number at least 0")
    running, rows, block = racers, steps + 1, _FIRST_BLOCK  # where they stand is a row as well
    with np.errstate(all="ignore"):
        while running and rows:
            block = min(rows, block)
            if _compute(running, surface, block, rule, gradient_source, enough) < block:
                return
            rows, block = rows - block, min(2 * block, _LONGEST_BLOCK)
            running = [racer for racer in running if racer.outcome is Outcome.RUNNING]
            if running and rows and enough(running[0].row):
                return


def _compute(
    racers: list[Racer],
    surface: Surface,
    rows: int,
    rule: StoppingRule,
    gradient_source: GradientSource | None,
    enough: Enough,
) -> int:
    """Let each racer record a block of rows, cut where it finished; returns how many have been computed."""
    first_row = racers[0].row
    field = Field(racers, rows, surface)
    positions, gradients = field.walk(gradient_source or (lambda w, row: surface.gradient(w)), enough)
    rows = len(gradients)
    losses = surface.value(positions[:rows])
    verdicts = judge(rule, surface.bounds, first_row, positions[:rows], losses, gradients)
    for column, (racer, verdict, history) in enumerate(zip(field.racers, verdicts, field.histories(), strict=True)):
        racer.outcome, racer.reason = verdict.outcome, verdict.reason
        racer.row, racer.w = first_row + rows, positions[rows, column]
        racer.states = {name: values[rows] for name, values in history.items()}
        kept = slice(verdict.rows)
        racer.record(
            {
                "positions": positions[kept, column],
                "losses": losses[kept, column],
                "gradients": gradients[kept, column],
                "learning_rates": field.rates[kept, column],
                **{name: values[kept] for name, values in history.items()},
            }
        )
    return rows
