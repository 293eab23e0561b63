"""The words and numbers of the step card, without widgets."""

from __future__ import annotations

import random
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from gdviz.descent.rules import Kind
from gdviz.descent.spec import Point
from gdviz.descent.substeps import SubStep
from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.trajectory import Outcome, Trajectory
from gdviz.descent.typeset import formula, with_numbers
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.numbers import exact, place, short

PHASES = ("start", "gradient", "step", "repeat")
PHASE_TIPS = (
    "1. Pick a start at random",
    "2. Compute the gradient",
    "3. Step against it",
    "4. Repeat until the gradient is zero",
)


@dataclass(frozen=True, slots=True)
class Explained:
    """One sub-step in writing.

    Attributes:
        name: what is assigned.
        kind: of its value.
        meaning: in words.
        formula: LaTeX.
        numbers: the same with this step's numbers, LaTeX; "" where they change too fast to be typeset.
        result: the value as plain text in a stable width.
        code: the line of Python.
        exact_result: the value with all its digits.
    """

    name: str
    kind: Kind
    meaning: str
    formula: str
    numbers: str
    result: str
    code: str
    exact_result: str


_formula = lru_cache(maxsize=256)(formula)


def explained(sub: SubStep, *, numbers: bool = True, dimensions: int = 2) -> Explained:
    """A sub-step in writing, with its numbers typeset or only its result.

    Args:
        sub: of an update.
        numbers: typeset them too.
        dimensions: of the surface; of one parameter there are numbers, no columns.
    """
    value, uses = sub.value, sub.uses
    if dimensions == 1:
        value, uses = _of_w0(value), {name: _of_w0(used) for name, used in uses.items()}
    return Explained(
        name=sub.name,
        kind=sub.kind,
        meaning=sub.meaning,
        formula=_formula(sub.line),
        numbers=with_numbers(sub.line, uses, value) if numbers else "",
        result=f"= {value_text(value)}",
        code=sub.code,
        exact_result=f"{sub.name} = {_exact(value)}",
    )


def _of_w0(value: FloatArray) -> FloatArray:
    """What a number, a vector or a matrix is to the first parameter: a number."""
    return np.asarray(value[(0,) * value.ndim])


def value_text(value: FloatArray) -> str:
    """A number, or several in parentheses, in a stable width."""
    if value.ndim == 0:
        return short(float(value))
    return f"({', '.join(value_text(part) for part in value)})"


def _exact(value: FloatArray) -> str:
    if value.ndim == 0:
        return exact(float(value)) if np.isfinite(value) else str(float(value))
    return f"({', '.join(_exact(part) for part in value)})"


def phase(session: DescentSession) -> int:
    """Which of the lecture's four steps is at hand, from 1 to 4."""
    update = session.substeps
    if not update:
        return 4 if session.race.trajectories else 1
    if session.playing:
        return 4
    if session.substep == 0:
        return 1 if session.step == 0 else 4
    return 2 if session.substep <= _gradient_lines(update) else 3


def _gradient_lines(update: tuple[SubStep, ...]) -> int:
    """How many sub-steps only find the gradient: computed, and clipped."""
    return next((number for number, sub in enumerate(update) if sub.name != "g"), len(update))


def racer_name(session: DescentSession, row: int) -> str:
    """The selected racer as the table calls it; where another optimizer makes the step from a row, that one."""
    trajectory = session.race.trajectories[session.selected]
    maker = trajectory.maker(row).optimizer
    same = maker.key == trajectory.optimizer.key
    return session.race.names[session.selected] if same else maker.declaration.title


def where(trajectory: Trajectory, row: int, dimensions: int = 2) -> str:
    """Where a racer stands, in so many parameters."""
    w = [place(number) for number in trajectory.positions[row, :dimensions].tolist()]
    at = w[0] if dimensions == 1 else f"({', '.join(w)})"
    return f"w = {at}   loss {short(float(trajectory.losses[row]))}"


def verdict(session: DescentSession) -> str:
    """Whether the selected racer goes on from here, and why not."""
    if session.selected >= len(session.race.trajectories):
        return ""
    trajectory = session.race.trajectories[session.selected]
    row = min(session.step, trajectory.steps)
    norm = short(float(trajectory.gradient_norms[row]))
    if row < trajectory.steps:
        return f"‖g‖ = {norm}: go on"
    if trajectory.outcome is not Outcome.RUNNING:
        return f"‖g‖ = {norm}: {trajectory.outcome}"
    return f"‖g‖ = {norm}: {'out of steps' if session.race.whole else 'computing'}"


def hint(session: DescentSession) -> str:
    """What the next key does, or how it ended."""
    if not session.race.trajectories:
        return "Add a racer to see its steps."
    update = session.substeps
    trajectory = session.race.trajectories[min(session.selected, len(session.race.trajectories) - 1)]
    if not update and not session.race.whole and trajectory.outcome is Outcome.RUNNING:
        return "The steps from here are being computed."
    if not update:
        return f"Ended after {trajectory.steps} steps: {trajectory.reason}."
    if session.playing:
        return ""
    if session.substep >= len(update):
        return "Page Down: go there, and repeat"
    return f"Page Down: {update[session.substep].meaning}"


def as_text(session: DescentSession, shown: tuple[SubStep, ...]) -> str:
    """The sub-steps shown, with all digits, to be pasted elsewhere."""
    if session.selected >= len(session.race.trajectories):
        return ""
    trajectory = session.race.trajectories[session.selected]
    row = min(session.step, trajectory.steps)
    w, dimensions = trajectory.positions[row], session.race.surface.dimensions
    lines = [
        f"{racer_name(session, row)}, step {row}",
        f"w = {_exact(_of_w0(w) if dimensions == 1 else w)}",
    ]
    for sub in shown:
        words = explained(sub, dimensions=dimensions)
        lines += ["", f"# {words.meaning}", words.code, f"# {words.exact_result}"]
    return "\n".join(lines) + "\n"


def seeded_start(seed: int, surface: Surface) -> Point:
    """The random start of a seed, anywhere inside the bounds; of a loss of one parameter w1 is its start's."""
    rng = random.Random(seed)  # not NumPy's, which takes 17 ms to load before the window is there
    w0 = rng.uniform(*surface.bounds.w0)
    return w0, rng.uniform(*surface.bounds.w1) if surface.dimensions > 1 else surface.start[1]
