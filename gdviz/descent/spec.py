"""What tab 1 shows: a surface, the racers on it, and where they start."""

from __future__ import annotations

import msgspec

from gdviz.declared.optimizers import OptimizerSpec, optimizer
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.surface import Surface

Point = tuple[float, float]
Sample = tuple[float, float, float]

MAX_RACERS = 10
MAX_STEPS = 100_000
FORMULA = "formula"
"""The key of a surface that is typed rather than taken from the catalog."""

NOISES = {"all": "all samples", "batch": "a mini-batch", "single": "one sample"}
FANS = {"grid": "a grid of starts", "random": "random starts"}


class SurfaceSpec(msgspec.Struct, frozen=True):
    """Which loss is descended.

    Attributes:
        key: of the catalog, or ``FORMULA``.
        formula: what was typed, where the key is ``FORMULA``.
        bounds: w0 from, w0 to, w1 from, w1 to; None is the surface's own.
        samples: of a loss made of data where somebody moved some, (t, 0, grade) or (x1, x2, label); empty is its own.
    """

    key: str = "two_wells"
    formula: str = ""
    bounds: tuple[float, float, float, float] | None = None
    samples: tuple[Sample, ...] = ()


class Change(msgspec.Struct, frozen=True):
    """Other settings, from a step on: the learning rate turned while it runs, or a fork."""

    step: int
    optimizer: OptimizerSpec
    schedule: ScheduleSpec = ScheduleSpec()


class Racer(msgspec.Struct, frozen=True):
    """One optimizer with its settings on the surface.

    Attributes:
        optimizer: which, and how it is set at the start.
        color: number of its colour in the theme; it keeps it while others come and go.
        schedule: of its learning rate.
        start: its own; None is that of all.
        changes: other settings from later steps on, in the order of their steps.
        forked: of a fork the step at which it left the racer that it is a copy of; its own settings begin there.
    """

    optimizer: OptimizerSpec
    color: int = 0
    schedule: ScheduleSpec = ScheduleSpec()
    start: Point | None = None
    changes: tuple[Change, ...] = ()
    forked: int = 0

    def at(self, step: int) -> Change:
        """The settings in force at a step; of a fork, before it is one, its first own."""
        later = [change for change in self.changes if change.step <= max(step, self.forked)]
        return later[-1] if later else Change(0, self.optimizer, self.schedule)

    def since(self, step: int) -> int:
        """The step at which the optimizer in force at a step took over, with a fresh state."""
        now, key = 0, self.optimizer.key
        for change in self.changes:
            if change.step <= max(step, self.forked) and change.optimizer.key != key:
                now, key = change.step, change.optimizer.key
        return now

    def fork(self, change: Change) -> Racer:
        """A copy that goes on with these settings from their step on, and whose settings are those from now on."""
        return msgspec.structs.replace(self, forked=change.step).changed(change)

    def changed(self, change: Change) -> Racer:
        """The same racer, with these settings from their step on; what was to come after them is gone.

        What a fork shares with its racer stays: its settings change from the fork on at the earliest.
        """
        change = msgspec.structs.replace(change, step=max(change.step, self.forked))
        if change.step == 0:
            return msgspec.structs.replace(self, optimizer=change.optimizer, schedule=change.schedule, changes=())
        earlier = tuple(old for old in self.changes if old.step < change.step)
        return msgspec.structs.replace(self, changes=(*earlier, change))


class Noise(msgspec.Struct, frozen=True):
    """Where a gradient comes from, on a loss made of data.

    Attributes:
        kind: "all" samples, a mini-"batch" or a "single" sample a step.
        batch_size: of a mini-batch.
        seed: the same one gives the same batches.
    """

    kind: str = "all"
    batch_size: int = 4
    seed: int = 0


class Fan(msgspec.Struct, frozen=True):
    """Many starts for the selected racer's optimizer, drawn thin: on a "grid", or at "random" from a seed."""

    kind: str = "grid"
    count: int = 25
    seed: int = 0


class DescentSpec(msgspec.Struct, frozen=True):
    """A race.

    Attributes:
        surface: what is descended.
        racers: up to ``MAX_RACERS``.
        start: w0 and w1 from which all start that have no start of their own.
        steps: the most that are computed.
        tolerance: a gradient norm below it means converged.
        noise: where gradients come from.
        fan: more starts for one of the racers; None is none.
        fanned: the racer whose optimizer the fan uses.
    """

    surface: SurfaceSpec
    racers: tuple[Racer, ...]
    start: Point
    steps: int = 1000
    tolerance: float = 1e-6
    noise: Noise = Noise()
    fan: Fan | None = None
    fanned: int = 0

    @property
    def fan_racer(self) -> Racer:
        """The racer whose optimizer the fan uses; IndexError where there is none."""
        return self.racers[min(self.fanned, len(self.racers) - 1)]

    def with_racer(self, index: int, racer: Racer) -> DescentSpec:
        """The same race with one racer replaced."""
        return msgspec.structs.replace(self, racers=(*self.racers[:index], racer, *self.racers[index + 1 :]))

    def with_another(self, racer: Racer) -> DescentSpec:
        """The same race with one more racer, in the first colour that is free; ValueError where there are too many."""
        if len(self.racers) >= MAX_RACERS:
            raise ValueError(f"there are {MAX_RACERS} racers already; remove one first")
        taken = {racer.color for racer in self.racers}
        color = next(number for number in range(MAX_RACERS) if number not in taken)
        return msgspec.structs.replace(self, racers=(*self.racers, msgspec.structs.replace(racer, color=color)))

    def without(self, index: int) -> DescentSpec:
        """The same race without one racer; the fan stays with its own, unless that is the one to go."""
        racers = self.racers[:index] + self.racers[index + 1 :]
        fanned = max(0, min(self.fanned - (index < self.fanned), len(racers) - 1))
        return msgspec.structs.replace(self, racers=racers, fanned=fanned)


STRAIGHT = ("sgd", "momentum", "nesterov", "qhm")
"""Optimizers whose step grows with the gradient, so that a good learning rate is the surface's own."""

REACH = {"adagrad": 4.0, "ftrl": 4.0, "adadelta": 20.0, "lion": 0.5}
"""How many times Adam's learning rate the others need to get as far; 1 for those not named."""

STEPS_ACROSS = 100


def telling_optimizer(key: str, surface: Surface) -> OptimizerSpec:
    """An optimizer with a learning rate that shows something on a surface; a starting point, not a tuned one."""
    declaration = optimizer(key)
    if key in STRAIGHT:
        rate = surface.learning_rate
    elif declaration.keras_name or key == "qhadam":
        # Adaptive methods step by about the learning rate itself, whatever the gradient.
        rate = REACH.get(key, 1.0) * surface.bounds.diagonal / STEPS_ACROSS
    else:
        return OptimizerSpec(key)
    return OptimizerSpec(key, {"learning_rate": float(f"{rate:.1g}")})


def moved(spec: DescentSpec, to: SurfaceSpec, before: Surface, after: Surface) -> DescentSpec:
    """The race on another surface; learning rates that nobody chose become those that suit it."""

    def suited(racer: Racer) -> Racer:
        key = racer.optimizer.key
        untouched = racer.optimizer == telling_optimizer(key, before)
        optimizer = telling_optimizer(key, after) if untouched else racer.optimizer
        return Racer(optimizer, racer.color, racer.schedule)

    racers = tuple(suited(racer) for racer in spec.racers)
    return msgspec.structs.replace(spec, surface=to, start=after.start, racers=racers)


def first_race(surface: Surface) -> DescentSpec:
    """The race that the window opens with."""
    usual = ("sgd", "momentum", "rmsprop", "adam")
    racers = tuple(Racer(telling_optimizer(key, surface), color) for color, key in enumerate(usual))
    return DescentSpec(SurfaceSpec(surface.key), racers, surface.start)
