"""What the sweep's view asks: one question a racer, so that only the racer that changed is asked again."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import msgspec
import numpy as np

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.races import is_noisy, surface_of
from gdviz.descent.spec import DescentSpec, Point, Racer, SurfaceSpec
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import FloatArray
from gdviz.descent.sweep import Sweep, sweep
from gdviz.gui.descent.maps.progressive import Cancelled

RATES_A_DECADE = 20
DECADES = (-5, 1)
FARTHEST_DECADES = (-12, 6)
"""Present learning rates beyond these are not swept: a thousand rates more would say nothing."""


class Question(msgspec.Struct, frozen=True):
    """How one racer fares with every learning rate.

    Attributes:
        surface, start, steps, tolerance: as in the race.
        optimizer: without a learning rate of its own.
        decades: the swept learning rates, as powers of ten.
    """

    surface: SurfaceSpec
    optimizer: OptimizerSpec
    start: Point
    steps: int
    tolerance: float
    decades: tuple[int, int]


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The answer, arrays of shape (rates,).

    Attributes:
        rates: the learning rates.
        losses: in the end; NaN where it diverged.
        steps: until it converged; infinite where it did not.
        lowest: the lowest loss there is to compare with: that of the known minima, or the lowest reached.
    """

    rates: FloatArray
    losses: FloatArray
    steps: FloatArray
    lowest: float


def rates_over(decades: tuple[int, int]) -> FloatArray:
    """Learning rates between two powers of ten, evenly on a logarithmic axis, rounded to three digits for fields."""
    low, high = decades
    exact = np.logspace(low, high, (high - low) * RATES_A_DECADE + 1)
    return np.array([float(f"{rate:.3g}") for rate in exact])


def questions(spec: DescentSpec) -> list[Question]:
    """A question a racer; all sweep the same rates, which reach beyond every present one.

    Raises:
        ValueError: a racer's optimizer or learning rate is not allowed.
    """
    rates = [racer.optimizer.learning_rate for racer in spec.racers]
    low = min([DECADES[0], *(math.floor(math.log10(rate)) for rate in rates)])
    high = max([DECADES[1], *(math.ceil(math.log10(rate)) for rate in rates)])
    decades = max(low, FARTHEST_DECADES[0]), min(high, FARTHEST_DECADES[1])
    return [_question(spec, racer, decades) for racer in spec.racers]


def _question(spec: DescentSpec, racer: Racer, decades: tuple[int, int]) -> Question:
    others = {name: value for name, value in racer.optimizer.settings.items() if name != "learning_rate"}
    optimizer = OptimizerSpec(racer.optimizer.key, others)
    return Question(spec.surface, optimizer, racer.start or spec.start, spec.steps, spec.tolerance, decades)


def answers(asked: Sequence[Question], cancelled: Cancelled) -> Iterator[tuple[Question, Curve]]:
    """Each question with its answer, as soon as it is there; ValueError where one cannot be answered."""
    for question in asked:
        surface = surface_of(question.surface)
        rates = rates_over(question.decades)
        rule = StoppingRule(tolerance=question.tolerance)
        found = sweep(surface, [question.optimizer], question.start, question.steps, rates, rule, cancelled)
        if found is None:
            return
        yield question, _curve(found, [minimum.value for minimum in surface.minima])


def _curve(found: Sweep, known: list[float]) -> Curve:
    losses = found.losses[0]
    reached = losses[np.isfinite(losses)]
    return Curve(found.rates, losses, found.steps[0], min([*known, *reached.tolist()], default=0.0))


def what_is_left_out(spec: DescentSpec) -> str:
    """What the race has and the sweep has not, in words; "" where they agree."""
    left_out = []
    if any(racer.schedule.key != "constant" for racer in spec.racers):
        left_out.append("schedules")
    if any(racer.changes for racer in spec.racers):
        left_out.append("later changes")
    if is_noisy(spec.surface, spec.noise):
        left_out.append("noise")
    return "without " + " and ".join(left_out) if left_out else ""
