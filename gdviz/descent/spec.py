"""What tab 1 shows: a surface, the racers on it, and where they start."""

from __future__ import annotations

import msgspec

from gdviz.declared.optimizers import OptimizerSpec, optimizer
from gdviz.descent.surface import Surface

Point = tuple[float, float]

MAX_RACERS = 10
MAX_STEPS = 100_000


class Racer(msgspec.Struct, frozen=True):
    """One optimizer with its settings on the surface.

    Attributes:
        optimizer: which, and how it is set.
        color: number of its colour in the theme; it keeps it while others come and go.
    """

    optimizer: OptimizerSpec
    color: int = 0


class DescentSpec(msgspec.Struct, frozen=True):
    """A race.

    Attributes:
        surface: key of the loss surface.
        racers: up to ``MAX_RACERS``.
        start: w0 and w1 from which all of them start.
        steps: the most that are computed.
        tolerance: a gradient norm below it means converged.
    """

    surface: str
    racers: tuple[Racer, ...]
    start: Point
    steps: int = 1000
    tolerance: float = 1e-6

    def with_racer(self, index: int, optimizer: OptimizerSpec) -> DescentSpec:
        """The same race with one racer's optimizer replaced."""
        racer = Racer(optimizer, self.racers[index].color)
        return msgspec.structs.replace(self, racers=(*self.racers[:index], racer, *self.racers[index + 1 :]))

    def with_another(self, optimizer: OptimizerSpec) -> DescentSpec:
        """The same race with one more racer, in the first colour that is free; ValueError where there are too many."""
        if len(self.racers) >= MAX_RACERS:
            raise ValueError(f"there are {MAX_RACERS} racers already; remove one first")
        taken = {racer.color for racer in self.racers}
        color = next(number for number in range(MAX_RACERS) if number not in taken)
        return msgspec.structs.replace(self, racers=(*self.racers, Racer(optimizer, color)))

    def without(self, index: int) -> DescentSpec:
        """The same race without one racer."""
        return msgspec.structs.replace(self, racers=self.racers[:index] + self.racers[index + 1 :])


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


def moved(spec: DescentSpec, before: Surface, after: Surface) -> DescentSpec:
    """The race on another surface; learning rates that nobody chose become those that suit it."""

    def suited(racer: Racer) -> Racer:
        untouched = racer.optimizer == telling_optimizer(racer.optimizer.key, before)
        return Racer(telling_optimizer(racer.optimizer.key, after), racer.color) if untouched else racer

    racers = tuple(suited(racer) for racer in spec.racers)
    return msgspec.structs.replace(spec, surface=after.key, start=after.start, racers=racers)


def first_race(surface: Surface) -> DescentSpec:
    """The race that the window opens with."""
    usual = ("sgd", "momentum", "rmsprop", "adam")
    racers = tuple(Racer(telling_optimizer(key, surface), color) for color, key in enumerate(usual))
    return DescentSpec(surface.key, racers, surface.start)
