"""Minima and saddle points of the surface, marked on the contours."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyqtgraph as pg

from gdviz.descent.critical import critical_points
from gdviz.descent.surface import Surface
from gdviz.gui.theme import Look
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.markers import Markers

TIPS = "minima: cross; saddle points: diamond"


class FlatPoints(Markers):
    """A cross at every minimum, a diamond at every saddle point; known minima at once, the others when found."""

    def __init__(self, look: Look) -> None:
        super().__init__(pxMode=True)
        self._look = look
        self._minima = self._saddles = np.empty((0, 2))
        self._surface: Surface | None = None
        self._finder = Latest("flat points")
        self._finder.done.connect(self._found)

    def show_surface(self, surface: Surface) -> None:
        """Mark the points of another surface."""
        if surface is self._surface:
            return
        self._surface = surface
        self._minima = np.array([minimum.w for minimum in surface.minima]).reshape(-1, 2)
        self._saddles = np.empty((0, 2))
        self.restyle()
        if surface.dimensions == 2:
            self._finder.request(partial(_find, surface))

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        text = self._look.theme.text
        count = len(self._minima), len(self._saddles)
        self.setData(
            pos=np.concatenate([self._minima, self._saddles]),
            symbol=["x"] * count[0] + ["d"] * count[1],
            size=self._look.pixels(1.5),
            pen=pg.mkPen(text, width=1.5),
            brush=[pg.mkBrush(text)] * count[0] + [pg.mkBrush(None)] * count[1],
        )

    def close(self) -> None:
        """End the thread."""
        self._finder.close()

    def _found(self, result: tuple[Surface, np.ndarray, np.ndarray]) -> None:
        surface, minima, saddles = result
        if surface is self._surface:
            # The known ones are exact; the found ones complete them.
            self._minima, self._saddles = np.concatenate([self._minima, minima]), saddles
            self.restyle()


def _find(surface: Surface) -> tuple[Surface, np.ndarray, np.ndarray]:
    found = critical_points(surface)
    known = np.array([minimum.w for minimum in surface.minima]).reshape(-1, 2)
    near = 1e-3 * surface.bounds.diagonal
    new = [w for w in found.minima if not (np.hypot(*(known - w).T) < near).any()]
    return surface, np.array(new).reshape(-1, 2), found.saddles
