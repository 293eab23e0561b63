"""Learning-rate schedules as Keras computes them, written as lines of Python like the update rules.

A line may use ``initial_learning_rate`` (the optimizer's own), ``iteration`` (steps taken before, from 0, as Keras
counts), the schedule's settings by name, and earlier lines; the last one gives ``learning_rate``.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.rules import Line, evaluate, given, is_active
from gdviz.descent.surface import FloatArray

_NAME = "learning_rate"
_ELAPSED = Line("p", "iteration / decay_steps", "time since the start, in units of decay_steps", kind="scalar")
_TIME = (_ELAPSED, *given("staircase", Line("p", "floor(p)", "whole units only", kind="scalar")))
_LINES: dict[str, tuple[Line, ...]] = {
    "constant": (Line(_NAME, "initial_learning_rate", "the same at every step", kind="scalar"),),
    "step": (
        Line("p", "floor(iteration / every)", "falls so far", kind="scalar"),
        Line(_NAME, "initial_learning_rate * factor**p", "learning rate of this step", kind="scalar"),
    ),
    "exponential": (
        *_TIME,
        Line(_NAME, "initial_learning_rate * decay_rate**p", "learning rate of this step", kind="scalar"),
    ),
    "cosine": (
        *given(
            "warmup_target == 0",
            Line("p", "minimum(iteration / decay_steps, 1)", "share of the fall that is done", kind="scalar"),
            Line("highest", "initial_learning_rate", "where the fall begins", kind="scalar"),
        ),
        *given(
            "warmup_target > 0",
            Line(
                "p",
                "minimum(maximum(iteration - warmup_steps, 0) / decay_steps, 1)",
                "share of the fall that is done",
                kind="scalar",
            ),
            Line("highest", "warmup_target", "where the fall begins", kind="scalar"),
        ),
        Line(
            _NAME,
            "highest * ((1 - alpha) * 0.5 * (1 + cos(pi * p)) + alpha)",
            "learning rate of this step, falling",
            kind="scalar",
        ),
        *given(
            "warmup_target > 0 and warmup_steps > 0",
            Line("r", "minimum(iteration / warmup_steps, 1)", "share of the rise that is done", kind="scalar"),
            Line(
                _NAME,
                "where(r < 1, initial_learning_rate + (warmup_target - initial_learning_rate) * r, learning_rate)",
                "learning rate of this step, rising at first",
                kind="scalar",
            ),
        ),
    ),
    "inverse_time": (
        *_TIME,
        Line(_NAME, "initial_learning_rate / (1 + decay_rate * p)", "learning rate of this step", kind="scalar"),
    ),
    "one_cycle": (
        Line("p", "minimum(iteration / total_steps, 1)", "share of the cycle that is done", kind="scalar"),
        Line("lowest", "initial_learning_rate / end_divisor", "the last learning rate", kind="scalar"),
        Line(
            _NAME,
            "lowest + (initial_learning_rate - lowest) * 0.5 * (1 + cos(pi * maximum(p - rise, 0) / (1 - rise)))",
            "learning rate of this step, falling",
            kind="scalar",
        ),
        *given(
            "rise > 0",
            Line("first", "initial_learning_rate / start_divisor", "the first learning rate", kind="scalar"),
            Line(
                _NAME,
                "where(p < rise, first + (initial_learning_rate - first) * p / rise, learning_rate)",
                "learning rate of this step, rising at first",
                kind="scalar",
            ),
        ),
    ),
}


def lines_of(schedule: ScheduleSpec) -> tuple[Line, ...]:
    """The lines that a schedule with these settings uses; ValueError where its key or a setting is not allowed."""
    settings = schedule.values()
    return tuple(line for line in _LINES[schedule.key] if is_active(line, settings))


def rate(schedule: ScheduleSpec, base_rate: float, steps: ArrayLike) -> FloatArray:
    """The learning rate of each step.

    Args:
        schedule: which, and how it is set.
        base_rate: the optimizer's learning rate: the first one, or the highest of one_cycle.
        steps: as Keras counts iterations: the first step is 0; whole numbers of shape (...).

    Returns:
        shape (...), a new array.

    Raises:
        ValueError: the schedule's key or a setting is not allowed.
    """
    iteration = np.asarray(steps, dtype=np.float64)
    names = {**schedule.values(), "initial_learning_rate": base_rate, "iteration": iteration}
    with np.errstate(all="ignore"):  # a rate that grows may overflow
        for line in lines_of(schedule):
            names[line.name] = evaluate(line, names)
    rates = np.empty_like(iteration)
    rates[...] = names[_NAME]
    return rates
