"""A spec of a race becomes a race: every racer's trajectory, and those of a fan of starts."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from functools import cached_property, lru_cache

import numpy as np

from gdviz.descent.catalog import surface
from gdviz.descent.data_losses import HOURS_AND_GRADES, RED_AND_GREEN, DataLoss, line_mse, perceptron_bce
from gdviz.descent.formula import formula_surface
from gdviz.descent.spec import FORMULA, DescentSpec, Fan, Noise, Racer, SurfaceSpec
from gdviz.descent.surface import Bounds, FloatArray, Surface
from gdviz.descent.trajectory import Enough, GradientSource, Outcome, StoppingRule, Trajectory, fork, race

DATA_LOSSES: dict[str, DataLoss] = {loss.key: loss for loss in (HOURS_AND_GRADES, RED_AND_GREEN)}


@dataclass(frozen=True, eq=False)
class Race:
    """A computed race.

    Attributes:
        spec: what it answers.
        surface: what was descended.
        trajectories: one a racer, in order.
        fan: those of the fan's starts; empty where there is none.
        whole: False where only the first steps have been computed so far.
    """

    spec: DescentSpec
    surface: Surface
    trajectories: tuple[Trajectory, ...] = ()
    fan: tuple[Trajectory, ...] = ()
    whole: bool = True

    @property
    def last_step(self) -> int:
        """The step at which the last racer ends."""
        return max((trajectory.steps for trajectory in self.trajectories), default=0)

    @cached_property
    def names(self) -> tuple[str, ...]:
        """What each racer is called: after its optimizer, of several with the same one also after its rate.

        One that was set otherwise in mid-race, or forked, tells from which step on; racers that are still called alike
        are numbered.
        """
        shared = Counter(trajectory.optimizer.key for trajectory in self.trajectories)
        names = [
            self._rate_and_step(index) if shared[trajectory.optimizer.key] > 1 else trajectory.title
            for index, trajectory in enumerate(self.trajectories)
        ]
        alike = Counter(names)
        return tuple(f"{name} ({index + 1})" if alike[name] > 1 else name for index, name in enumerate(names))

    def _rate_and_step(self, index: int) -> str:
        trajectory = self.trajectories[index]
        optimizer = trajectory.optimizer
        since = self.spec.racers[index].forked if trajectory.forked_from is None else trajectory.forked_at
        name = f"{optimizer.declaration.title} {optimizer.learning_rate:.4g}"
        return f"{name} from {since}" if since else name

    def has_ended(self, index: int, step: int) -> bool:
        """Whether a racer goes no further than this step, however it is set from there; False while it is computed."""
        if index >= len(self.trajectories):
            return False
        trajectory = self.trajectories[index]
        match trajectory.outcome:
            case Outcome.RUNNING:
                return step >= self.spec.steps
            case Outcome.CONVERGED:
                return step >= trajectory.steps
        return step > trajectory.steps  # a diverged one may be caught at the last moment


def compute(spec: DescentSpec, *, most_steps: int | None = None, enough: Enough = lambda row: False) -> Race:
    """The race of a spec.

    Args:
        spec: what to compute.
        most_steps: stop there, for a first look; None computes all.
        enough: asked with the number of each row but the first; where it says True, nothing more is computed.

    Raises:
        ValueError: something in the spec is not allowed; the message says what is.
    """
    steps = spec.steps if most_steps is None else min(spec.steps, most_steps)
    on = surface_of(spec.surface)
    source = gradient_source(spec.surface, spec.noise)
    rule = StoppingRule(tolerance=spec.tolerance if source is None else 0.0)
    starts = np.array([racer.start or spec.start for racer in spec.racers], dtype=np.float64).reshape(-1, 2)
    optimizers = [racer.optimizer for racer in spec.racers]
    schedules = [racer.schedule for racer in spec.racers]
    plain = race(on, optimizers, starts, steps, rule, source, schedules, enough)
    trajectories = tuple(
        _changed(on, racer, trajectory, steps, rule, source, enough)
        for racer, trajectory in zip(spec.racers, plain, strict=True)
    )
    fan = _fan(spec, on, steps, rule, source, enough)
    cut = any(each.outcome is Outcome.RUNNING and each.steps < steps for each in (*trajectories, *fan))
    return Race(spec, on, trajectories, fan, whole=steps == spec.steps and not cut)


@lru_cache(maxsize=32)
def surface_of(spec: SurfaceSpec) -> Surface:
    """The surface of a spec; ValueError where its key, formula, bounds or samples are not allowed."""
    bounds = None if spec.bounds is None else Bounds(spec.bounds[:2], spec.bounds[2:])
    if spec.key == FORMULA:
        return formula_surface(spec.formula) if bounds is None else formula_surface(spec.formula, bounds)
    return data_loss_of(spec).surface if spec.key in DATA_LOSSES else surface(spec.key)


@lru_cache(maxsize=32)
def data_loss_of(spec: SurfaceSpec) -> DataLoss:
    """The loss made of data that a spec names; ValueError where its key is no such loss."""
    if spec.key not in DATA_LOSSES:
        raise ValueError(f"{spec.key!r} is not made of data; {', '.join(DATA_LOSSES)} are")
    if not spec.samples:
        return DATA_LOSSES[spec.key]
    samples = np.array(spec.samples)
    if spec.key == HOURS_AND_GRADES.key:
        return line_mse(samples[:, 0], samples[:, 2])
    return perceptron_bce(samples[:, :2], samples[:, 2])


def is_noisy(surface: SurfaceSpec, noise: Noise) -> bool:
    """Whether gradients are those of some samples; only a surface that is made of data has any."""
    return noise.kind != "all" and surface.key in DATA_LOSSES


def asks_some(surface: SurfaceSpec, noise: Noise) -> bool:
    """Whether a step's gradient is that of some samples: a batch of as many as there are is none of those."""
    size = 1 if noise.kind == "single" else noise.batch_size
    return is_noisy(surface, noise) and size < len(data_loss_of(surface).targets)


def gradient_source(surface_spec: SurfaceSpec, noise: Noise) -> GradientSource | None:
    """Where gradients come from; None is the surface itself."""
    if not is_noisy(surface_spec, noise):
        return None
    return data_loss_of(surface_spec).mini_batches(1 if noise.kind == "single" else noise.batch_size, noise.seed)


def fan_starts(fan: Fan, on: Surface) -> FloatArray:
    """The starts of a fan inside a surface's bounds, shape (n, 2); the last row of a grid may be shorter than others.

    Where the loss has one parameter they lie in one row: of those above each other all but one would be the same.
    """
    bounds = on.bounds
    low = np.array([bounds.w0[0], bounds.w1[0]])
    size = np.array([bounds.w0[1], bounds.w1[1]]) - low
    if fan.kind == "random":
        shares = np.random.default_rng(fan.seed).random((fan.count, 2))
    else:
        columns = math.ceil(math.sqrt(fan.count)) if on.dimensions > 1 else fan.count
        rows = math.ceil(fan.count / columns)
        across, along = ((np.arange(number) + 0.5) / number for number in (columns, rows))
        shares = np.stack(np.meshgrid(across, along), axis=-1).reshape(-1, 2)[: fan.count]
    starts = low + size * shares
    if on.dimensions == 1:
        starts[:, 1] = on.start[1]
    return np.asarray(starts)


def _changed(
    on: Surface,
    racer: Racer,
    trajectory: Trajectory,
    steps: int,
    rule: StoppingRule,
    source: GradientSource | None,
    enough: Enough,
) -> Trajectory:
    """The trajectory with the racer's later settings; those beyond its end have no effect."""
    for change in racer.changes:
        if change.step < trajectory.steps or (change.step == trajectory.steps and change.step < steps):
            more = steps - change.step
            trajectory = fork(
                on, trajectory, change.step, change.optimizer, more, rule, source, change.schedule, enough
            )
    return trajectory


def _fan(
    spec: DescentSpec, on: Surface, steps: int, rule: StoppingRule, source: GradientSource | None, enough: Enough
) -> tuple[Trajectory, ...]:
    if spec.fan is None or not spec.racers:
        return ()
    racer = spec.fan_racer
    starts = fan_starts(spec.fan, on)
    schedules = [racer.schedule] * len(starts)
    return tuple(race(on, [racer.optimizer] * len(starts), starts, steps, rule, source, schedules, enough))
