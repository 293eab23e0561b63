"""One update taken apart: every line of the rule with the numbers of one step, for the step card."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.descent.optimizers import rule_of
from gdviz.descent.rules import Kind, Line, evaluate, names_in
from gdviz.descent.schedules import lines_of
from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.trajectory import Trajectory

_GRADIENT = Line("g", "gradient(w)", "gradient of the loss, here", kind="gradient")


@dataclass(frozen=True, slots=True, eq=False)
class SubStep:
    """One line of an update, computed.

    Attributes:
        line: as the rule declares it.
        kind: what its value is, and so how it is drawn (``rules.Kind``).
        value: shape (2,), () for a number, (2, 2) for a matrix.
        before: what the name was before the line, of the same shape; None where it is new.
        uses: the values of the names that stand in the line, by name, shapes as of ``value``; the Hessian at w as
            ``hessian``.
    """

    line: Line
    kind: Kind
    value: FloatArray
    before: FloatArray | None
    uses: Mapping[str, FloatArray]

    @property
    def name(self) -> str:
        """What is assigned."""
        return self.line.name

    @property
    def meaning(self) -> str:
        """What it is, in a few words."""
        return self.line.meaning

    @property
    def code(self) -> str:
        """The line of Python, ``name = expression``."""
        return f"{self.line.name} = {self.line.code}"


def substeps(surface: Surface, trajectory: Trajectory, step: int) -> tuple[SubStep, ...]:
    """The update that leads from row ``step`` to the next, line by line.

    First the gradient, then the learning rate where a schedule sets it, then the rule's lines in order; the last value
    of ``w`` is the next row, to the last bit. At the last row it is the step that was not taken any more.

    Args:
        surface: the one the trajectory was computed on.
        trajectory: forked or not: rows before a fork are explained by the optimizer that made them.
        step: 0 to the trajectory's steps.

    Raises:
        ValueError: the step is not in the trajectory.
    """
    if not 0 <= step <= trajectory.steps:
        raise ValueError(f"step is {step}; allowed is a whole number from 0 to {trajectory.steps}")
    maker = trajectory.maker(step)
    settings = maker.optimizer.values()
    rule = rule_of(maker.optimizer)
    w, g = maker.positions[step : step + 1], maker.gradients[step : step + 1]
    of_surface = {"loss": surface.value, "gradient": surface.gradient, "hessian": surface.hessian}
    with np.errstate(all="ignore"):
        done = [SubStep(_GRADIENT, "gradient", _of_one_point(g), None, {"w": _of_one_point(w)})]
        scheduled = lines_of(maker.schedule)
        if len(scheduled) > 1:
            clock = {"initial_learning_rate": settings["learning_rate"], "iteration": float(step - maker.since)}
            done += _computed(
                ((line, line.kind or "scalar") for line in scheduled), {**maker.schedule.values(), **clock}
            )
        names = {
            **of_surface,
            **settings,
            **{name: rows[step : step + 1] for name, rows in maker.state.items()},
            "evaluations": maker.evaluations[step : step + 1, np.newaxis],
            "learning_rate": float(maker.learning_rates[step]),
            "w": w,
            "g": g,
            "t": step - maker.since + 1,
        }
        done += _computed(((line, rule.kind(line)) for line in rule.lines), names)
    return tuple(done)


def _computed(lines: Iterable[tuple[Line, Kind]], names: dict[str, Any]) -> Iterator[SubStep]:
    """Each line with its value, given the names that stand before the first."""
    known = dict(names)
    for line, kind in lines:
        uses = {name: _of_one_point(known[name]) for name in names_in(line) if not callable(known.get(name, callable))}
        if "hessian" in names_in(line):
            uses["hessian"] = _of_one_point(known["hessian"](known["w"]))
        value = evaluate(line, known)
        before = known.get(line.name)
        yield SubStep(line, kind, _of_one_point(value), None if before is None else _of_one_point(before), uses)
        known[line.name] = value


def _of_one_point(value: Any) -> FloatArray:
    """A value without the axis of the points, and without the axis that broadcasts a number over w0 and w1."""
    array = np.array(value, dtype=np.float64)
    if array.ndim:
        array = array[0]
    return array[0] if array.shape == (1,) else array
