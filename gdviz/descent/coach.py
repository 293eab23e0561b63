"""The coach: what the curvature allows at a point, and one sentence on why a racer fares as it does.

On a parabola the update of SGD and its kin is linear, and there is a largest learning rate with which it shrinks every
error. Adaptive optimizers have no such limit: what they multiply the gradient with changes from step to step, so that
is what is said about them.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.rules import Line, evaluate, is_active
from gdviz.descent.stopping import Outcome
from gdviz.descent.substeps import substeps
from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.trajectory import DEFAULT_STOPPING, Trajectory

State = Literal[
    "minimum", "local minimum", "saddle", "maximum", "flat", "diverging", "oscillating", "crawling", "descending"
]


def _limit(code: str, when: str = "True") -> Line:
    return Line("limit", code, "largest stable learning rate", when)


_HEAVY_BALL = (
    _limit("2 * (1 + momentum) / (curvature + (1 + momentum) * weight_decay)", "weight_decay > 0"),
    _limit("2 * (1 + momentum) / curvature", "momentum > 0"),
    _limit("2 / curvature"),
)
_LOOK_AHEAD = (
    _limit(
        "2 * (1 + momentum) / ((1 + 2 * momentum) * curvature + (1 + momentum) * weight_decay)",
        "momentum > 0 and weight_decay > 0",
    ),
    _limit("2 * (1 + momentum) / ((1 + 2 * momentum) * curvature)", "momentum > 0"),
)
# By optimizer; the first line whose condition holds.
_LIMITS: dict[str, tuple[Line, ...]] = {
    "sgd": (
        *(_limit(line.code, f"nesterov and {line.when}") for line in _LOOK_AHEAD),
        *_HEAVY_BALL,
    ),
    "momentum": _HEAVY_BALL,
    "nesterov": (*_LOOK_AHEAD, *_HEAVY_BALL),
    "qhm": (_limit("2 * (1 + beta) / ((1 + beta - 2 * nu * beta) * curvature)"),),
    "newton": (_limit("2 * (1 + damping / curvature)"),),
}


def _effective(code: str, when: str = "True") -> Line:
    return Line("effective", code, "what the gradient is multiplied with", when)


_OVER_V = _effective("alpha / (sqrt(v) + epsilon)")
_OVER_V_HAT = "alpha / (sqrt(v_hat) + epsilon)"
# What an adaptive optimizer multiplies each component of the gradient (or of its mean) with, in names of its lines.
_EFFECTIVE: dict[str, tuple[Line, ...]] = {
    "adagrad": (_effective("learning_rate / sqrt(accumulator + epsilon)"),),
    "adadelta": (
        _effective(
            "learning_rate * sqrt(mean_square_step_before + epsilon) / sqrt(mean_square_gradient + epsilon)",
        ),
    ),
    "rmsprop": (_effective("learning_rate / scale"),),
    "adam": (_effective(_OVER_V_HAT, "amsgrad"), _OVER_V),
    "amsgrad": (_effective(_OVER_V_HAT),),
    "adamw": (_effective(_OVER_V_HAT, "amsgrad"), _OVER_V),
    "adamax": (_effective("learning_rate / (1 - beta_1**t) / (u + epsilon)"),),
    "nadam": (_effective("learning_rate / (sqrt(v_hat) + epsilon)"),),
    "ftrl": (_effective("1 / quadratic"),),
    "qhadam": (_effective("learning_rate / (sqrt(square) + epsilon)"),),
}

# Steps that are looked back on to see whether it goes to and fro, and how many turns make it so.
_LOOK_BACK = 20
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


def diagnose(surface: Surface, trajectory: Trajectory, step: int) -> Advice:
    """What is to be said at a row of a trajectory.

    Raises:
        ValueError: the step is not in the trajectory.
    """
    if not 0 <= step <= trajectory.steps:
        raise ValueError(f"step is {step}; allowed is a whole number from 0 to {trajectory.steps}")
    with np.errstate(all="ignore"):
        return _Case(surface, trajectory, step).advice()


def stability_limit(optimizer: OptimizerSpec, curvature: float) -> float | None:
    """The learning rate below which an optimizer is stable on a parabola.

    Args:
        optimizer: its own learning rate does not matter.
        curvature: the largest eigenvalue of the Hessian.

    Returns:
        None where there is no such limit: the curvature is not positive, or the optimizer adapts its steps.
    """
    line = _limit_line(optimizer)
    if line is None or not (math.isfinite(curvature) and curvature > 0):
        return None
    limit = float(evaluate(line, {**optimizer.values(), "curvature": np.float64(curvature)}))
    return limit if math.isfinite(limit) else None


def _limit_of(optimizer: OptimizerSpec, lowest: float, steepest: float) -> float | None:
    """The limit where these are the eigenvalues of the Hessian; Newton's method has one in bowls alone."""
    return None if optimizer.key == "newton" and not lowest > 0 else stability_limit(optimizer, steepest)


def _limit_in_words(limit: float, steepest: float, rate: float) -> str:
    """The limit, with as many digits as it takes to tell it from the learning rate."""
    word = "2/λmax" if math.isclose(limit, 2 / steepest) else "the limit"
    digits = 3
    while f"{limit:.{digits}g}" == f"{rate:.{digits}g}" and digits < 12:
        digits += 1
    return f"{word} = {limit:.{digits}g}"


def _limit_line(optimizer: OptimizerSpec) -> Line | None:
    return next((line for line in _LIMITS.get(optimizer.key, ()) if is_active(line, optimizer.values())), None)


class _Case:
    """All that a diagnosis is made from."""

    def __init__(self, surface: Surface, trajectory: Trajectory, step: int) -> None:
        self.surface, self.trajectory, self.step = surface, trajectory, step
        maker = trajectory.maker(step)
        self.optimizer = maker.optimizer
        self.title = self.optimizer.declaration.title
        self.rate = float(trajectory.learning_rates[step])
        self.w = trajectory.positions[step]
        self.gradient = surface.gradient(self.w)
        self.slope = float(np.hypot(*self.gradient))
        self.eigenvalues, self.vectors = _curvatures(surface, self.w)
        self.lowest, self.steepest = (float(value) for value in self.eigenvalues)
        self.limit = _limit_of(self.optimizer, self.lowest, self.steepest)
        self.effective_rates = _effective_rates(surface, trajectory, step)

    def advice(self) -> Advice:
        """The diagnosis."""
        state, sentence = self._verdict()
        line = _limit_line(self.optimizer)
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
        if self._is_at_rest():
            return self._where_it_rests()
        turns = self._turns()
        if turns >= _TURNS:
            return "oscillating", self._why_it_oscillates(turns)
        if self.lowest < 0 and self._stationary_point_distance() <= _HERE * self.surface.bounds.diagonal:
            return self._beside_a_saddle_or_maximum()
        crawling = self._why_it_crawls()
        if crawling:
            return "crawling", crawling
        return "descending", self._how_it_descends()

    def _why_it_diverges(self) -> str:
        above = self._first_row_above_limit()
        if above is not None:
            row, limit, steepest = above
            when = "here" if row == self.step else f"at step {row}"
            is_or_was = "was" if row < self.step else "is"
            rate = float(self.trajectory.learning_rates[row])
            return (
                f"The learning rate {_short(rate)} {is_or_was} above {_limit_in_words(limit, steepest, rate)} {when}: "
                f"each step overshoots; try {_rounded_down(limit / 2)}."
            )
        losses = self.trajectory.losses
        if losses[-1] < losses[0]:
            return f"Nothing stops it: the loss falls on and on, from {losses[0]:.3g} to {losses[-1]:.3g}."
        reason = self.trajectory.reason
        return f"{reason[:1].upper()}{reason[1:]}; try a start elsewhere or a smaller learning rate."

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
                f"It sits in a local minimum: {zero}, the loss is {loss:.4g}, and the lowest known is {best:.4g}; "
                "try another start, momentum or a larger learning rate."
            )
        return "minimum", f"It has arrived: {zero} and the surface bends up in every direction."

    def _beside_a_saddle_or_maximum(self) -> tuple[State, str]:
        down = _direction(self.vectors[:, 0])
        away = self._stationary_point_distance()
        near = "" if away < 1e-9 * self.surface.bounds.diagonal else f" is {away:.2g} away"
        if self.steepest > 0:
            return "saddle", (
                f"A saddle point{near}: the gradient is {self.slope:.2g}, and along {down} the surface bends down "
                f"(curvature {self.lowest:.3g}); a start a little to the side, or noise, gets it away."
            )
        return "maximum", (
            f"The top of a hill{near}: the gradient is {self.slope:.2g}, and the surface bends down everywhere "
            f"(curvature {self.lowest:.3g} along {down}); a start a little to the side gets it away."
        )

    def _is_at_rest(self) -> bool:
        if self.slope < DEFAULT_STOPPING.tolerance:
            return True
        is_end = self.trajectory.outcome is Outcome.CONVERGED and self.step == self.trajectory.steps
        # The gradient of a mini-batch may vanish where that of all samples does not.
        return is_end and bool(np.allclose(self.trajectory.gradients[self.step], self.gradient))

    def _turns(self) -> int:
        """How often it turned round, along the steepest direction, in the last steps."""
        rows = self.trajectory.positions[max(0, self.step - _LOOK_BACK) : self.step + 1]
        along = np.diff(rows, axis=0) @ self.vectors[:, 1]
        # What is lost in rounding is no turn.
        along = along[np.abs(along) > 1e-9 * self.surface.bounds.diagonal]
        return int(np.count_nonzero(along[1:] * along[:-1] < 0))

    def _why_it_oscillates(self, turns: int) -> str:
        seen = f"It turned round {turns} times in the last {min(self.step, _LOOK_BACK)} steps"
        if self._is_above_limit():
            return (
                f"{seen}: the learning rate {_short(self.rate)} is above {self._limit_in_words()} here; "
                f"try {self._safe_rate()}."
            )
        across = self.rate * self.steepest
        if self.limit is not None and math.isclose(self.limit, 2 / self.steepest) and across > 1:
            return (
                f"{seen}: learning rate times λmax is {across:.3g}, and above 1 each step crosses the valley; "
                f"try {_rounded_down(1 / self.steepest)}."
            )
        if self.effective_rates is not None:
            first, second = self.effective_rates
            return (
                f"{seen}: {self.title} multiplies the gradient with {first:.3g} and {second:.3g}, too much for a "
                f"curvature of {self.steepest:.3g}; try a learning rate of {_rounded_down(self.rate / 4)}."
            )
        if self._momentum() > 0:
            return f"{seen}: with a momentum of {_short(self._momentum())} it rolls past the bottom; try less."
        return f"{seen}; try a learning rate of {_rounded_down(self.rate / 4)}."

    def _why_it_crawls(self) -> str:
        positions = self.trajectory.positions
        last = min(self.step + 1, self.trajectory.steps)
        pace = float(np.hypot(*(positions[last] - positions[last - 1]))) if last else 0.0
        distance = self._distance_to_a_minimum()
        if last == 0 or distance is None or not pace < distance / _CRAWLING:
            return ""
        steps = f"{distance / pace:,.0f}" if pace > 0 else "infinitely many"
        seen = f"A step is {pace:.2g} long and the nearest minimum {distance:.3g} away, {steps} such steps"
        if self.limit is not None and self.rate < self.limit / 4:
            return (
                f"{seen}: the learning rate {_short(self.rate)} is far below {self._limit_in_words()} here; "
                f"try {self._safe_rate()}."
            )
        if self.lowest > 0 and self.steepest > _STEEP * self.lowest and self.effective_rates is None:
            return (
                f"{seen}: the valley is {self.steepest / self.lowest:,.0f} times steeper across than along, and what "
                "is stable across is slow along; try momentum or an adaptive optimizer."
            )
        return f"{seen}: the gradient is {self.slope:.2g}; try a learning rate of {_short(10 * self.rate)}."

    def _how_it_descends(self) -> str:
        if self._is_above_limit():
            return (
                f"The learning rate {_short(self.rate)} is above {self._limit_in_words()} here: in a bowl as steep as "
                "this it could not settle."
            )
        if self.lowest < 0:
            down = _direction(self.vectors[:, 0])
            return f"Along {down} the surface bends down here (curvature {self.lowest:.3g}): it goes on downhill."
        if self.limit is not None:
            return f"The learning rate {_short(self.rate)} is below {self._limit_in_words()} here: all is well."
        if self.effective_rates is not None:
            first, second = self.effective_rates
            return f"{self.title} multiplies the gradient with {first:.3g} along w0 and {second:.3g} along w1."
        if self.optimizer.key == "lion":
            return f"Lion moves each parameter by the learning rate {_short(self.rate)}, however steep the surface is."
        if self.optimizer.key in ("bfgs", "gradient_descent_line_search"):
            return f"{self.title} shortens a step until it pays, so it cannot overshoot."
        return f"The gradient is {self.slope:.2g}, and the surface has hardly any curvature here."

    def _is_above_limit(self) -> bool:
        return self.limit is not None and self.rate > self.limit

    def _limit_in_words(self) -> str:
        assert self.limit is not None
        return _limit_in_words(self.limit, self.steepest, self.rate)

    def _safe_rate(self) -> str:
        assert self.limit is not None
        return _rounded_down(self.limit / 2)

    def _momentum(self) -> float:
        return float(self.optimizer.values().get("momentum", 0.0))

    def _first_row_above_limit(self) -> tuple[int, float, float] | None:
        """The first row of all at which the learning rate is too high: its number, the limit, and λmax there."""
        eigenvalues, _ = _curvatures(self.surface, self.trajectory.positions)
        for row, (lowest, steepest) in enumerate(eigenvalues.tolist()):
            limit = _limit_of(self.trajectory.maker(row).optimizer, lowest, steepest)
            if limit is not None and self.trajectory.learning_rates[row] > limit:
                return row, limit, steepest
        return None

    def _stationary_point_distance(self) -> float:
        """How far it is to where the local parabola is flat."""
        along = self.vectors.T @ self.gradient
        return float(np.hypot(*np.where(along == 0, 0.0, along / self.eigenvalues)))

    def _distance_to_a_minimum(self) -> float | None:
        if self.surface.minima:
            offsets = np.array([minimum.w for minimum in self.surface.minima]) - self.w
            return float(np.sqrt((offsets[:, : self.surface.dimensions] ** 2).sum(axis=1)).min())
        return self._stationary_point_distance() if self.lowest > 0 else None


def _curvatures(surface: Surface, w: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Eigenvalues, shape (..., 2), ascending, and eigenvectors, shape (..., 2, 2), a column each."""
    hessian = surface.hessian(w)
    if surface.dimensions == 1:
        values = np.repeat(hessian[..., 0, :1], 2, axis=-1)
        return values, np.broadcast_to(np.array([[0.0, 1.0], [1.0, 0.0]]), hessian.shape)
    known = np.isfinite(hessian).all(axis=(-2, -1), keepdims=True)
    values, vectors = np.linalg.eigh(np.where(known, hessian, 0.0))
    return np.where(np.reshape(known, (*hessian.shape[:-2], 1)), values, np.nan), vectors


def _effective_rates(surface: Surface, trajectory: Trajectory, step: int) -> FloatArray | None:
    optimizer = trajectory.maker(step).optimizer
    settings = optimizer.values()
    line = next((line for line in _EFFECTIVE.get(optimizer.key, ()) if is_active(line, settings)), None)
    if line is None:
        return None
    names: dict[str, Any] = {**settings, "learning_rate": float(trajectory.learning_rates[step])}
    names["t"] = step - trajectory.maker(step).since + 1
    for substep in substeps(surface, trajectory, step):
        names[f"{substep.name}_before"] = substep.before
        names[substep.name] = substep.value
    rates: FloatArray = np.broadcast_to(np.asarray(evaluate(line, names), dtype=np.float64), (2,))
    return rates


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
