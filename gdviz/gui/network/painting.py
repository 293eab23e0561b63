"""What a stroke of the mouse does to the points: spray, put one, erase."""

from __future__ import annotations

import numpy as np

from gdviz.gui.network.geometry import DENSITY, Position, drop_spacing, drops_along, erased, from_canvas, sprayed
from gdviz.network.points import Points
from gdviz.training.messages import Extent

TOOLS = ("brush", "point", "eraser")
SIZES = (0.2, 0.3, 0.45, 0.6, 0.8, 1.0, 1.3, 1.7, 2.2)
"""Radii of the brush in canvas units, smallest first."""

USUAL_SIZE = 3
MOST_POINTS = 20_000


class Stroke:
    """One drag of the mouse, from press to release."""

    def __init__(self, *, tool: str, label: int, radius: float, extent: Extent, rng: np.random.Generator) -> None:
        """Args: tool: one of ``TOOLS``; label: 0 red, 1 green; radius: canvas units."""
        self._tool = tool
        self._label = label
        self._radius = radius
        self._extent = extent
        self._rng = rng
        self._at: Position = (0.0, 0.0)
        self._carried = 0.0

    def begin(self, points: Points, at: Position) -> Points:
        """The mouse went down at a place in canvas units."""
        self._at = at
        match self._tool:
            case "eraser":
                return self._erase(points, at)
            case "point":
                return self._add(points, np.array([at]))
        puff = max(1, round(DENSITY * np.pi * self._radius**2 / 2))
        centres = np.repeat([at], puff, axis=0)
        return self._add(points, sprayed(centres=centres, radius=self._radius, rng=self._rng))

    def move(self, points: Points, to: Position) -> Points:
        """The mouse moved on, pressed."""
        if self._tool == "point":
            return points
        if self._tool == "eraser":
            return self._erase(points, to)
        centres, self._carried = drops_along(
            start=self._at, end=to, carried=self._carried, spacing=drop_spacing(radius=self._radius)
        )
        self._at = to
        return self._add(points, sprayed(centres=centres, radius=self._radius, rng=self._rng))

    def _add(self, points: Points, units: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> Points:
        room = MOST_POINTS - len(points)
        if not len(units) or room <= 0:
            return points
        return points.added(from_canvas(units=units[:room], extent=self._extent), self._label)

    def _erase(self, points: Points, to: Position) -> Points:
        start, self._at = self._at, to
        return erased(points=points, extent=self._extent, start=start, end=to, radius=self._radius)
