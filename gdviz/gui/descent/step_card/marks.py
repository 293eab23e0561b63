"""What is drawn of a step in every view: arrows for what points somewhere, squares for what has been accumulated."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor

from gdviz.descent.rules import Kind, Line
from gdviz.descent.substeps import SubStep
from gdviz.descent.surface import Bounds, FloatArray
from gdviz.descent.trajectory import Trajectory
from gdviz.descent.typeset import formula
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look

LONGEST, SHORTEST = 0.25, 0.08
"""How long arrows are that are not true to scale, against the diagonal of the surface's bounds.

The longest of a step is as long as it can be without leaving the bounds, between these two.
"""


@dataclass(frozen=True, slots=True, eq=False)
class Arrow:
    """An arrow on the surface, from w0 and w1 to w0 and w1.

    Attributes:
        name: what it shows, as in the rule; "w" is the step itself.
        label: the same as LaTeX.
        kind: of the value: decides its colour.
        start, end: shape (2,); the end as it is drawn.
        factor: how many times as long as its value it is drawn; 1 is true to scale.
    """

    name: str
    label: str
    kind: Kind
    start: FloatArray
    end: FloatArray
    factor: float


@dataclass(frozen=True, slots=True, eq=False)
class Squares:
    """An accumulator's components, each the area of a square; 1 is the largest of the trajectory."""

    name: str
    label: str
    areas: FloatArray


@dataclass(frozen=True, slots=True)
class Marks:
    """All that is drawn of the sub-steps shown; ``at`` is where the racer stands."""

    at: FloatArray | None = None
    arrows: tuple[Arrow, ...] = ()
    squares: tuple[Squares, ...] = ()

    @property
    def scale_text(self) -> str:
        """The scales of the arrows that are not true to scale, in words; "" where all are."""
        factors = {arrow.kind: arrow.factor for arrow in self.arrows if arrow.factor != 1.0}
        return ", ".join(f"{kind}s drawn at {factor:g}×" for kind, factor in factors.items())


NOTHING = Marks()


def marks_of(trajectory: Trajectory, step: int, update: Sequence[SubStep], shown: int, bounds: Bounds) -> Marks:
    """The arrows and squares of the first sub-steps of an update.

    Args:
        trajectory: whose step it is.
        step: its row.
        update: all sub-steps, which decide the scale, so that arrows keep it while they build up.
        shown: how many are drawn.
        bounds: of the surface.
    """
    at = trajectory.positions[step]
    factors = {kind: _factor([sub.value for sub in update if sub.kind == kind], at, bounds) for kind in _SCALED}
    factors["direction"] = min(1.0, factors["direction"])
    arrows: dict[str, Arrow] = {}
    squares: dict[str, Squares] = {}
    for number, sub in enumerate(update[:shown]):
        if sub.kind == "step":
            assert sub.before is not None
            arrows[f"w{number}"] = Arrow("w", r"\Delta w", sub.kind, sub.before, sub.value, 1.0)
        elif sub.kind in _SCALED and not _there_already(sub, update[:number]):
            factor = factors[sub.kind]
            arrows[sub.name] = Arrow(sub.name, _symbol(sub.line), sub.kind, at, at + factor * sub.value, factor)
        elif sub.kind == "accumulator":
            squares[sub.name] = Squares(sub.name, _symbol(sub.line), _share(trajectory.maker(step), sub))
    return Marks(at, tuple(arrows.values()), tuple(squares.values()))


_SCALED: tuple[Kind, ...] = ("gradient", "direction")


@lru_cache(maxsize=256)
def _symbol(line: Line) -> str:
    """What stands on the left of a line, as LaTeX."""
    return formula(line).partition(" = ")[0]


def _factor(values: Sequence[FloatArray], at: FloatArray, bounds: Bounds) -> float:
    """The roundest number (1, 2 or 5 times a power of ten) that makes the longest arrow readable."""
    value = max(values, key=lambda value: float(np.hypot(*value)), default=np.zeros(2))
    length = float(np.hypot(*value))
    if not (math.isfinite(length) and length > 0.0 and np.isfinite(at).all()):
        return 1.0
    longest = min(max(_room(at, value / length, bounds), SHORTEST * bounds.diagonal), LONGEST * bounds.diagonal)
    power = 10.0 ** math.floor(math.log10(longest / length))
    digit = next((digit for digit in (5.0, 2.0) if digit * power * length <= longest), 1.0)
    return float(f"{digit * power:.1g}")


def _room(at: FloatArray, direction: FloatArray, bounds: Bounds) -> float:
    """How far it is to the edge of the bounds; negative outside of them."""
    distances: list[float] = [
        ((high if towards > 0.0 else low) - place) / towards
        for place, towards, (low, high) in zip(at.tolist(), direction.tolist(), (bounds.w0, bounds.w1), strict=True)
        if towards != 0.0
    ]
    return min(distances)


def _there_already(sub: SubStep, earlier: Sequence[SubStep]) -> bool:
    """Whether another name has the same arrow: remembering a gradient is no second one."""
    return any(
        other.kind == sub.kind and other.name != sub.name and np.array_equal(other.value, sub.value)
        for other in earlier
    )


def _share(trajectory: Trajectory, sub: SubStep) -> FloatArray:
    """Its value against the largest of the trajectory."""
    largest = max(_largest(trajectory, sub.name), float(np.nan_to_num(sub.value, posinf=0.0).max()))
    return np.nan_to_num(sub.value / largest if largest > 0.0 else np.zeros(2), posinf=1.0)


@lru_cache(maxsize=32)
def _largest(trajectory: Trajectory, name: str) -> float:
    """The largest value of a trajectory's accumulator; of its squared gradient, if the accumulator is not kept."""
    rows = trajectory.state[name] if name in trajectory.state else trajectory.gradients**2
    return float(rows[np.isfinite(rows)].max(initial=0.0))


def mark_color(kind: Kind, name: str, look: Look) -> QColor:
    """The colour of a value, the same in the views and in the card; that of quiet text where nothing is drawn."""
    theme = look.theme
    colors: dict[Kind, str] = {
        "gradient": theme.error if name == "g" else theme.warning,
        "direction": theme.racers[5],
        "accumulator": theme.accent,
        "step": theme.text,
    }
    return QColor(colors.get(kind, theme.muted))


class StepMarks(QObject):
    """The marks of the session's present sub-step; those of the whole step while it plays.

    Signals:
        changed(): others are to be drawn.
    """

    changed = Signal()

    def __init__(self, session: DescentSession, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._marks: Marks | None = None
        for signal in (session.step_changed, session.substep_changed, session.race_changed, session.spec_changed):
            signal.connect(self._forget)
        session.playing_changed.connect(self._forget)

    @property
    def shown(self) -> tuple[SubStep, ...]:
        """The sub-steps that are shown."""
        session = self._session
        return session.substeps if session.playing else session.substeps[: session.substep]

    @property
    def marks(self) -> Marks:
        """What is drawn; nothing while steps are not explained."""
        if self._marks is None:
            session = self._session
            self._marks = NOTHING
            if session.explaining and (shown := len(self.shown)):
                update = session.substeps
                trajectory, bounds = session.race.trajectories[session.selected], session.race.surface.bounds
                self._marks = marks_of(trajectory, session.step, update, shown, bounds)
        return self._marks

    def height(self, w: FloatArray) -> FloatArray:
        """The loss at points, for views that show it."""
        with np.errstate(all="ignore"):
            return self._session.race.surface.value(w)

    @property
    def playing(self) -> bool:
        """Whether the views are drawn anew all the time: the marks are then drawn with them."""
        return self._session.playing

    def tell(self) -> None:
        """While it plays: now a view draws the step."""
        if self.playing:
            self.changed.emit()

    def _forget(self) -> None:
        before, self._marks = self._marks, None
        nothing = before is NOTHING and self.marks is NOTHING  # as while somebody drags the start
        if not self.playing and not nothing:
            self.changed.emit()
