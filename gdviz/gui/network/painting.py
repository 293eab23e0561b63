"""What a stroke on the canvas does to points and questions: spray, put one, erase."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from gdviz.gui.network.geometry import (
    FloatArray,
    drop_spacing,
    drops_along,
    from_canvas,
    near_way,
    on_canvas,
    sprayed,
    to_canvas,
)
from gdviz.gui.network.marks import places_of, without
from gdviz.gui.network.state import Painted, Position
from gdviz.gui.numbers import whole
from gdviz.network.points import GREEN, labels_of

TOOLS = ("brush", "point", "eraser", "select")
SIZES = (0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2)
"""Radii of the brush in canvas units, smallest first."""

USUAL_SIZE = 3
DENSITIES = (0.5, 1.0, 2.0, 4.0, 8.0, 16.0)
"""Points that a brush leaves a square canvas unit, in one pass."""

USUAL_DENSITY = 3
QUESTION = 2
"""The ink of questions, beside the labels of points."""

INKS = ("red", "green", "question")
MOST_POINTS = 20_000
MOST_QUESTIONS = 30
FULL = (
    f"There is no room for more: at most {whole(MOST_POINTS)} points are painted, and {MOST_QUESTIONS} questions asked."
)


@dataclass(frozen=True, slots=True)
class Ink:
    """What is painted with: a label of points and their value, or questions."""

    label: int
    value: float

    @classmethod
    def of(cls, label: int, ends: tuple[float, float]) -> Ink:
        """The ink of a label, or of questions; its value is that of its end of the colour scale."""
        return cls(label, ends[1] if label == GREEN else ends[0])

    @classmethod
    def of_value(cls, value: float, ends: tuple[float, float]) -> Ink:
        """The ink of a value; its label is that of the nearer end of the colour scale."""
        return cls(int(labels_of(np.array([value]), ends)[0]), value)


def has_room(painted: Painted, points: int, questions: int) -> bool:
    """Whether so many more points and questions may be added."""
    return (not points or len(painted.points) + points <= MOST_POINTS) and (
        not questions or len(painted.questions) + questions <= MOST_QUESTIONS
    )


class Stroke:
    """One drag with a tool, from press to release."""

    def __init__(self, *, tool: str, ink: Ink, radius: float, density: float, rng: np.random.Generator) -> None:
        """Args: tool: brush, point or eraser; radius: canvas units, may change on the way; density: of the spray."""
        self.radius = radius
        self._tool = "point" if tool == "brush" and ink.label == QUESTION else tool
        self._ink = ink
        self._density = density
        self._rng = rng
        self._at: Position = (0.0, 0.0)
        self._carried = 0.0
        self._asked = False

    def begin(self, painted: Painted, at: Position) -> Painted:
        """The stroke begins at a place in canvas units."""
        self._at = at
        match self._tool:
            case "eraser":
                return self._erase(painted, at)
            case "point":
                return self._ask(painted, at) if self._ink.label == QUESTION else self._add(painted, np.array([at]))
        puff = max(1, round(self._density * np.pi * self.radius**2 / 2))
        centres = np.repeat([at], puff, axis=0)
        return self._add(painted, sprayed(centres=centres, radius=self.radius, rng=self._rng))

    def move(self, painted: Painted, to: Position) -> Painted:
        """The stroke goes on to a place in canvas units, which may lie beyond the canvas."""
        match self._tool:
            case "eraser":
                return self._erase(painted, to)
            case "point":
                return self._ask(painted, to) if self._asked else painted
        spacing = drop_spacing(radius=self.radius, density=self._density)
        centres, self._carried = drops_along(start=self._at, end=to, carried=self._carried, spacing=spacing)
        self._at = to
        return self._add(painted, sprayed(centres=centres, radius=self.radius, rng=self._rng))

    def _add(self, painted: Painted, units: FloatArray) -> Painted:
        room = MOST_POINTS - len(painted.points)
        if not len(units) or room <= 0:
            return painted
        xy = from_canvas(units=units[:room], extent=painted.extent)
        return replace(painted, points=painted.points.added(xy, self._ink.label, self._ink.value))

    def _ask(self, painted: Painted, at: Position) -> Painted:
        """A question at a place; one that is dragged on is the last one."""
        others = painted.questions[:-1] if self._asked else painted.questions
        if len(others) >= MOST_QUESTIONS:
            return painted
        self._asked = True
        x1, x2 = from_canvas(units=on_canvas(np.array(at)), extent=painted.extent).tolist()
        return replace(painted, questions=(*others, (x1, x2)))

    def _erase(self, painted: Painted, to: Position) -> Painted:
        start, self._at = self._at, to
        units = to_canvas(xy=places_of(painted), extent=painted.extent)
        return without(painted, near_way(units=units, start=start, end=to, radius=self.radius))
