"""Descents computed ahead: every step of every racer, kept so that it can be stepped through and continued."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.racers import CONSTANT_RATE, Enough, GradientSource, Racer, run
from gdviz.descent.stopping import Outcome, StoppingRule
from gdviz.descent.surface import FloatArray, Surface

__all__ = ["Enough", "GradientSource", "Outcome", "StoppingRule", "Trajectory", "extend", "fork", "race"]

DEFAULT_STOPPING = StoppingRule()


@dataclass(frozen=True, slots=True, eq=False)
class Trajectory:
    """A descent of n steps: row k is where it stands after k of them. All arrays are read-only.

    Attributes:
        optimizer: that made the last steps.
        positions: w0 and w1, shape (n + 1, 2).
        losses: shape (n + 1,).
        gradients: at the positions, shape (n + 1, 2); where a gradient source was given, what it gave.
        state: what the optimizer remembers after each step, by name, each of shape (n + 1, ...); row ``since`` is the
            state before its first step, and rows before that are NaN.
        evaluations: gradients and losses that the optimizer had asked for by then, shape (n + 1,); Hessians are
            not counted.
        outcome: how it ended. A converged one ends with the converged row; a diverged one with its last finite row, or
            the first one far outside. Where the start itself is not finite, that is the only row.
        reason: the same as a sentence for people.
        learning_rates: of the step that leaves each row, shape (n + 1,); the last row's was not used any more.
        schedule: of the learning rate, counted from row ``since``.
        since: row at which this optimizer took over with a fresh state; 0 unless forked.
        forked_from: the trajectory that made the rows up to ``forked_at`` with another optimizer, other settings or
            another schedule; None where all rows are of one making.
        forked_at: the row from which on this optimizer, as it is set, made the steps.
    """

    optimizer: OptimizerSpec
    positions: FloatArray
    losses: FloatArray
    gradients: FloatArray
    state: Mapping[str, FloatArray]
    evaluations: NDArray[np.int64]
    outcome: Outcome
    reason: str
    learning_rates: FloatArray
    schedule: ScheduleSpec = CONSTANT_RATE
    since: int = 0
    forked_from: Trajectory | None = None
    forked_at: int = 0

    @property
    def title(self) -> str:
        """What people call it: its optimizer and, where that took over later, from which step on."""
        name = self.optimizer.declaration.title
        return name if self.forked_from is None else f"{name} from {self.forked_at}"

    @property
    def steps(self) -> int:
        """How many steps it has."""
        return len(self.positions) - 1

    @property
    def gradient_norms(self) -> FloatArray:
        """Length of the gradient at each row, shape (n + 1,)."""
        return np.hypot(self.gradients[:, 0], self.gradients[:, 1])

    def maker(self, row: int) -> Trajectory:
        """The trajectory whose optimizer and schedule made the step that leaves a row: this one or an earlier one."""
        trajectory = self
        while trajectory.forked_from is not None and row < trajectory.forked_at:
            trajectory = trajectory.forked_from
        return trajectory


def race(
    surface: Surface,
    optimizers: Sequence[OptimizerSpec],
    starts: ArrayLike,
    steps: int,
    rule: StoppingRule = DEFAULT_STOPPING,
    gradient_source: GradientSource | None = None,
    schedules: Sequence[ScheduleSpec] | None = None,
    enough: Enough = lambda row: False,
) -> list[Trajectory]:
    """The descents of several racers, each until it converges, diverges or has made its steps.

    Args:
        surface: what they descend.
        optimizers: one a racer, k of them.
        starts: one start for all, shape (2,), or one each, shape (k, 2).
        steps: the most that each may make.
        rule: when one has finished.
        gradient_source: gives the gradients in place of the surface.
        schedules: of the learning rates, one a racer; all constant unless given.
        enough: asked with the number of each row but the first; where it says True, all stay where they are, running.

    Returns:
        a trajectory a racer, in order.

    Raises:
        ValueError: an optimizer's or schedule's key or setting, a start or the number of steps is not allowed.
    """
    points = np.array(starts, dtype=np.float64)
    if points.shape not in ((2,), (len(optimizers), 2)):
        raise ValueError(f"starts have shape {points.shape}; allowed is (2,) or ({len(optimizers)}, 2)")
    if not np.isfinite(points).all():
        raise ValueError("a start is not finite; w0 and w1 must be numbers")
    starts_of_all = np.broadcast_to(points, (len(optimizers), 2))
    if schedules is None:
        schedules = [CONSTANT_RATE] * len(optimizers)
    if len(schedules) != len(optimizers):
        raise ValueError(f"{len(schedules)} schedules but {len(optimizers)} optimizers; there must be one each")
    racers = [
        Racer(optimizer, w, schedule)
        for optimizer, w, schedule in zip(optimizers, starts_of_all, schedules, strict=True)
    ]
    run(racers, surface, steps, rule, gradient_source, enough)
    return [_trajectory(racer) for racer in racers]


def extend(
    surface: Surface,
    trajectory: Trajectory,
    steps: int,
    rule: StoppingRule = DEFAULT_STOPPING,
    gradient_source: GradientSource | None = None,
) -> Trajectory:
    """The trajectory with up to so many more steps, bit for bit as if computed in one go.

    Args:
        surface: the one it was computed on.
        trajectory: what to continue; one that has finished under this rule stays as it is.
        steps: the most that are added.
        rule: when it has finished.
        gradient_source: as in ``race``; it is told the rows' numbers in the whole trajectory.

    Raises:
        ValueError: the number of steps is not allowed.
    """
    return fork(surface, trajectory, trajectory.steps, trajectory.optimizer, steps, rule, gradient_source)


def fork(
    surface: Surface,
    trajectory: Trajectory,
    step: int,
    optimizer: OptimizerSpec,
    steps: int,
    rule: StoppingRule = DEFAULT_STOPPING,
    gradient_source: GradientSource | None = None,
    schedule: ScheduleSpec | None = None,
    enough: Enough = lambda row: False,
) -> Trajectory:
    """The trajectory up to a step, and from there on with other settings or another optimizer.

    The same optimizer goes on with what it remembers; another one starts afresh, at its own step 1, and so does its
    schedule.

    Args:
        surface: the one it was computed on.
        trajectory: whose rows 0 to ``step`` are kept.
        step: 0 to the trajectory's steps.
        optimizer: what makes the new steps.
        steps: the most that are added behind ``step``.
        rule: when it has finished.
        gradient_source: as in ``race``; it is told the rows' numbers in the whole trajectory.
        schedule: of the learning rate from there on; the trajectory's own unless given.
        enough: as in ``race``.

    Raises:
        ValueError: the step, the optimizer's or schedule's key or setting, or the number of steps is not allowed.
    """
    if not 0 <= step <= trajectory.steps:
        raise ValueError(f"step is {step}; allowed is a whole number from 0 to {trajectory.steps}")
    goes_on = optimizer.key == trajectory.optimizer.key and step >= trajectory.since
    racer = Racer(
        optimizer,
        trajectory.positions[step],
        schedule=trajectory.schedule if schedule is None else schedule,
        row=step,
        since=trajectory.since if goes_on else step,
        evaluations=int(trajectory.evaluations[step]),
        states={name: rows[step] for name, rows in trajectory.state.items()} if goes_on else {},
    )
    run([racer], surface, steps, rule, gradient_source, enough)
    return _trajectory(racer, trajectory)


def _trajectory(racer: Racer, kept: Trajectory | None = None) -> Trajectory:
    """What a racer has computed, behind the rows of a trajectory before the one it began with."""
    new = racer.recorded()
    if kept is not None:
        before: dict[str, FloatArray | NDArray[np.int64]] = {
            "positions": kept.positions,
            "losses": kept.losses,
            "gradients": kept.gradients,
            "learning_rates": kept.learning_rates,
            "evaluations": kept.evaluations,
            **(kept.state if racer.since == kept.since else {}),
        }
        new = {name: _joined(before.get(name), racer.began, rows) for name, rows in new.items()}
    evaluations = new.pop("evaluations").astype(np.int64)
    for rows in (*new.values(), evaluations):
        rows.flags.writeable = False
    forked_from, forked_at = _origin(racer, kept)
    return Trajectory(
        optimizer=racer.optimizer,
        positions=new.pop("positions"),
        losses=new.pop("losses"),
        gradients=new.pop("gradients"),
        learning_rates=new.pop("learning_rates"),
        evaluations=evaluations,
        state=new,
        outcome=racer.outcome,
        reason=racer.reason,
        schedule=racer.schedule,
        since=racer.since,
        forked_from=forked_from,
        forked_at=forked_at,
    )


def _origin(racer: Racer, kept: Trajectory | None) -> tuple[Trajectory | None, int]:
    """The trajectory that explains the rows before those of the racer's own making, and where these begin."""
    if kept is None or racer.began == 0:
        return None, 0
    # The kept row is left by the racer, so what counts is who made the step that arrived there.
    origin = kept.maker(racer.began - 1)
    made_alike = (racer.optimizer, racer.schedule, racer.since) == (origin.optimizer, origin.schedule, origin.since)
    return (origin.forked_from, origin.forked_at) if made_alike else (origin, racer.began)


def _joined(before: FloatArray | NDArray[np.int64] | None, count: int, rows: FloatArray) -> FloatArray:
    """The first rows of what was before, NaN where there was nothing, and new rows."""
    if before is None:
        before = np.full((count, *rows.shape[1:]), np.nan)
    return np.concatenate([before[:count], rows])
