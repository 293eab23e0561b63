"""The coach: what the curvature allows at a point, and one sentence on why a racer fares as it does."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

import numpy as np

from gdviz.descent.settling import LeastLimit, least_limit
from gdviz.descent.situation import LOOK_BACK, Situation
from gdviz.descent.stability import limit_line
from gdviz.descent.stopping import Outcome
from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.trajectory import Trajectory

State = Literal[
    "minimum", "local minimum", "saddle", "maximum", "flat", "diverging", "oscillating", "crawling", "descending"
]

# So many turns in the steps looked back on are to and fro.
_TURNS = 4
# More steps than this to the nearest minimum, at its present pace, is crawling.
_CRAWLING = 1000
# A stationary point is here if it is nearer than this share of the diagonal.
_HERE = 0.01
_STEEP = 100.0


@dataclass(frozen=True, slots=True, eq=False)
class Advice:
    """What the coach says about one row of a trajectory.

    Attributes:
        eigenvalues: of the Hessian, shape (2,), the smaller first; NaN where it is not finite. A loss of one parameter
            has the same one twice.
        largest_stable_rate: 2/λmax, up to which plain gradient descent is stable; None without positive curvature.
        condition: λmax/λmin; None unless both are positive.
        rate: learning rate of the step.
        limit: this optimizer's own limit on its learning rate on the parabola that fits here; None where it has none.
        limit_formula: the same as a line of Python in the optimizer's settings and ``curvature``, λmax; "" without one.
        effective_rates: what the adaptive ones multiply each component of the gradient (or of its mean) with, shape
            (2,); None for the others.
        state: in a word.
        sentence: why, and what to try.
    """

    eigenvalues: FloatArray
    largest_stable_rate: float | None
    condition: float | None
    rate: float
    limit: float | None
    limit_formula: str
    effective_rates: FloatArray | None
    state: State
    sentence: str


def diagnose(surface: Surface, trajectory: Trajectory, step: int, *, in_batches: bool = False) -> Advice:
    """What is to be said at a row of a trajectory.

    Args:
        surface: the loss of all samples, where it is made of data.
        trajectory: on it.
        step: the row.
        in_batches: each gradient is that of some samples; what the surface allows, they may not.

    Raises:
        ValueError: the step is not in the trajectory.
    """
    if not 0 <= step <= trajectory.steps:
        raise ValueError(f"step is {step}; allowed is a whole number from 0 to {trajectory.steps}")
    with np.errstate(all="ignore"):
        return _Diagnosis(surface, trajectory, step, in_batches=in_batches).advice()


class _Diagnosis(Situation):
    """A situation in words."""

    def __init__(self, surface: Surface, trajectory: Trajectory, step: int, *, in_batches: bool) -> None:
        super().__init__(surface, trajectory, step)
        self._in_batches = in_batches
        self._curvature = "f″" if surface.dimensions == 1 else "λmax"
        self._whose = " of all samples" if in_batches else ""

    def advice(self) -> Advice:
        """The diagnosis."""
        state, sentence = self._verdict()
        line = limit_line(self.optimizer)
        return Advice(
            eigenvalues=self.eigenvalues,
            largest_stable_rate=2 / self.steepest if self.steepest > 0 else None,
            condition=self.steepest / self.lowest if self.lowest > 0 else None,
            rate=self.rate,
            limit=self.limit,
            limit_formula="" if line is None or self.limit is None else line.code,
            effective_rates=self.effective_rates,
            state=state,
            sentence=sentence,
        )

    def _verdict(self) -> tuple[State, str]:
        if self.trajectory.outcome is Outcome.DIVERGED:
            return "diverging", self._why_it_diverges()
        if self.is_at_rest():
            return self._where_it_rests()
        jumps = self.jumps()
        if jumps is not None:
            return "oscillating", self._why_it_jumps(*jumps)
        turns = self.turns()
        if turns >= _TURNS:
            return "oscillating", self._why_it_oscillates(turns)
        if self.lowest < 0 and self.stationary_point_distance() <= _HERE * self.surface.bounds.diagonal:
            return self._beside_a_saddle_or_maximum()
        crawling = self._why_it_crawls()
        if crawling:
            return "crawling", crawling
        return "descending", self._how_it_descends()

    def _why_it_diverges(self) -> str:
        above = self.first_row_above_limit()
        if above is not None:
            row, limit, steepest = above
            when = "here" if row == self.step else f"at step {row}"
            is_or_was = "was" if row < self.step else "is"
            rate = float(self.trajectory.learning_rates[row])
            around = least_limit(self.surface, self.trajectory.positions, row, self.trajectory.maker(row).optimizer)
            safe = _safe_rate((limit, steepest), around)
            allowed = self._named(limit, steepest, rate) + self._whose
            too_high = f"The learning rate {_short(rate)} {is_or_was} above {allowed} {when}"
            return f"{too_high}: each step overshoots; try {safe}."
        losses = self.trajectory.losses
        if losses[-1] < losses[0] and "not finite" not in self.trajectory.reason:
            return f"Nothing stops it: the loss falls on and on, from {losses[0]:.3g} to {losses[-1]:.3g}."
        reason = self.trajectory.reason
        advice = "a start elsewhere or a smaller learning rate" if len(losses) > 1 else "a start elsewhere"
        return f"{reason[:1].upper()}{reason[1:]}; try {advice}."

    def _why_it_jumps(self, low: float, high: float) -> str:
        lowest, highest = _apart(low, high)
        return (
            f"The loss jumps up and down between {lowest} and {highest} and does not fall: the learning rate "
            f"{_short(self.rate)} is above {self._least_in_words()}; try {self._safe_rate()}."
        )

    def _where_it_rests(self) -> tuple[State, str]:
        zero = f"the gradient is as good as zero ({self.slope:.2g})"
        if self.lowest < 0:
            return self._beside_a_saddle_or_maximum()
        if not self.steepest > 0:
            return "flat", f"It stands still: {zero}, and the surface is flat here; try another start."
        loss = float(self.surface.value(self.w))
        best = min((minimum.value for minimum in self.surface.minima), default=loss)
        if best < loss - 1e-6 * (1 + abs(loss)):
            return "local minimum", (
                f"It sits in a local minimum: the loss is {loss:.4g}, and the lowest known is {best:.4g}; "
                "try another start, momentum or a larger learning rate."
            )
        bends = "the curve bends up" if self.surface.dimensions == 1 else "the surface bends up in every direction"
        return "minimum", f"It has arrived: {zero} and {bends}."

    def _beside_a_saddle_or_maximum(self) -> tuple[State, str]:
        down = _direction(self.vectors[:, 0])
        away = self.stationary_point_distance()
        near = "" if away < 1e-9 * self.surface.bounds.diagonal else f" is {away:.2g} away"
        if self.steepest > 0:
            return "saddle", (
                f"A saddle point{near}: along {down} the surface bends down (curvature {self.lowest:.3g}); "
                "a start a little to the side, or noise, gets it away."
            )
        return "maximum", (
            f"The top of a hill{near}: the surface bends down everywhere (curvature {self.lowest:.3g} along {down}); "
            "a start a little to the side gets it away."
        )

    def _why_it_oscillates(self, turns: int) -> str:
        seen = f"It turned round {turns} times in {min(self.step, LOOK_BACK)} steps"
        if self.is_above_limit():
            return (
                f"{seen}: the learning rate {_short(self.rate)} is above {self._limit_in_words()} here; "
                f"try {self._safe_rate()}."
            )
        across = self.rate * self.steepest
        if self.limit is not None and math.isclose(self.limit, 2 / self.steepest) and across > 1:
            return (
                f"{seen}: learning rate times {self._curvature} is {across:.3g}, "
                f"and above 1 each step crosses the valley; try {self._safe_rate()}."
            )
        if self._in_batches:
            calmer = _rounded_down(self.rate / 4)
            return f"{seen}: the samples of each step pull another way; try a learning rate of {calmer}."
        if self.effective_rates is not None:
            first, second = self.effective_rates
            rates = f"{first:.3g}" if self.surface.dimensions == 1 else f"{first:.3g} and {second:.3g}"
            return (
                f"{seen}: {self.title} multiplies the gradient with {rates}, too much for a "
                f"curvature of {self.steepest:.3g}; try a learning rate of {_rounded_down(self.rate / 4)}."
            )
        if self.momentum() > 0:
            return f"{seen}: with a momentum of {_short(self.momentum())} it rolls past the bottom; try less."
        return f"{seen}; try a learning rate of {_rounded_down(self.rate / 4)}."

    def _why_it_crawls(self) -> str:
        positions = self.trajectory.positions
        last = min(self.step + 1, self.trajectory.steps)
        pace = float(np.hypot(*(positions[last] - positions[last - 1]))) if last else 0.0
        distance = self.distance_to_a_minimum()
        if last == 0 or distance is None or not pace < distance / _CRAWLING:
            return ""
        steps = f"{distance / pace:,.0f}" if pace > 0 else "infinitely many"
        seen = f"The nearest minimum is {steps} such steps away"
        if self.least is not None and self.rate < self.least.limit / 4:
            return (
                f"{seen}: the learning rate {_short(self.rate)} is far below {self._least_in_words()}; "
                f"try {self._safe_rate()}."
            )
        if self.lowest > 0 and self.steepest > _STEEP * self.lowest and self.effective_rates is None:
            return (
                f"{seen}: the valley is {self.steepest / self.lowest:,.0f} times steeper across than along; "
                "try momentum or an adaptive optimizer."
            )
        more = f"a learning rate of {_short(10 * self.rate)}"
        if self.least is not None and 10 * self.rate > self.least.limit:
            more = "momentum" if not self.momentum() else "an adaptive optimizer"
        return f"{seen}: the gradient is {self.slope:.2g}; try {more}."

    def _how_it_descends(self) -> str:
        if self.is_above_limit():
            what_to_do = f"; try {self._safe_rate()}" if self.cannot_settle() else ""
            return (
                f"The learning rate {_short(self.rate)} is above {self._limit_in_words()} here: in a bowl as steep as "
                f"this it could not settle{what_to_do}."
            )
        if self.lowest < 0:
            down = _direction(self.vectors[:, 0])
            return f"Along {down} the surface bends down here (curvature {self.lowest:.3g}): it goes on downhill."
        if self.limit is not None and math.isclose(self.rate, self.limit, rel_tol=1e-9):
            return (
                f"The learning rate {_short(self.rate)} is just {self._limit_in_words()} here: along the steepest way "
                f"it goes to and fro for ever; try {self._safe_rate()}."
            )
        if self.limit is not None and self.cannot_settle():
            return (
                f"The learning rate {_short(self.rate)} is below {self._limit_in_words()} here, but above "
                f"{self._least_in_words()}, where it cannot settle; try {self._safe_rate()}."
            )
        if self.limit is not None:
            below = f"The learning rate {_short(self.rate)} is below {self._limit_in_words()} here"
            return f"{below}; a batch may allow less." if self._whose else f"{below}: all is well."
        if self.effective_rates is not None:
            first, second = self.effective_rates
            along = "" if self.surface.dimensions == 1 else f" along w0 and {second:.3g} along w1"
            return f"{self.title} multiplies the gradient with {first:.3g}{along}."
        if self.optimizer.key == "lion":
            return f"Lion moves each parameter by the learning rate {_short(self.rate)}, however steep the surface is."
        if self.optimizer.key in ("bfgs", "gradient_descent_line_search"):
            return f"{self.title} shortens a step until it pays, so it cannot overshoot."
        return f"The gradient is {self.slope:.2g}, and the surface has hardly any curvature here."

    def _limit_in_words(self) -> str:
        assert self.limit is not None
        return self._named(self.limit, self.steepest, self.rate) + self._whose

    def _least_in_words(self) -> str:
        assert self.least is not None
        limit, steepest, at_minimum = self.least
        if self.limit is not None and math.isclose(limit, self.limit):
            where = "here"
        else:
            where = "at the minimum nearby" if at_minimum else "nearby"
        return f"{self._named(limit, steepest, self.rate)}{self._whose} {where}"

    def _named(self, limit: float, steepest: float, rate: float) -> str:
        """A limit, with as many digits as it takes to tell it from a learning rate."""
        word = f"2/{self._curvature}" if math.isclose(limit, 2 / steepest) else "the limit"
        return f"{word} = {_apart(limit, rate)[0]}"

    def _safe_rate(self) -> str:
        """A rate that is stable here and around."""
        return _safe_rate(None if self.limit is None else (self.limit, self.steepest), self.least)


def _apart(first: float, second: float) -> tuple[str, str]:
    """Two numbers with as many digits as it takes to tell them apart."""
    digits = 3
    while f"{first:.{digits}g}" == f"{second:.{digits}g}" and digits < 12:
        digits += 1
    return f"{first:.{digits}g}", f"{second:.{digits}g}"


def _safe_rate(here: tuple[float, float] | None, around: LeastLimit | None) -> str:
    """Half of what is stable here and around, each a limit and λmax.

    On a parabola momentum may go further than plain gradient descent, but it leaves bowls that are no parabolas.
    """
    places = [place[:2] for place in (here, around) if place is not None]
    return _rounded_down(min(min(limit, 2 / steepest) for limit, steepest in places) / 2)


def _short(number: float) -> str:
    return f"{number:.6g}"


def _rounded_down(number: float) -> str:
    """The first digit of a positive number, so that it is never above."""
    power = math.floor(math.log10(number))
    digit = max(1, math.floor(number / 10.0**power))
    return f"{digit * 10.0**power:.1g}"


def _direction(vector: FloatArray) -> str:
    # Of the two senses of a line the one that points to the right.
    sense = np.where(np.abs(vector) < 1e-6, 0.0, vector if vector[np.argmax(np.abs(vector))] > 0 else -vector)
    first, second = sense.tolist()
    return f"({first:.2g}, {second:.2g})"
