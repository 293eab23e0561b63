"""Minima and saddle points of the surface, marked on the contours; the 3-D view marks the same."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor

from gdviz.descent.critical import critical_points
from gdviz.descent.surface import FloatArray, Surface
from gdviz.gui.theme import Look
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.markers import Markers

TIPS = "minima: cross; saddle points: diamond"

MANY = 100
"""So many marks hide the surface unless they are small."""


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """What marks the points of one kind.

    Attributes:
        places: of the points, shape (n, 2).
        losses: there, shape (n,).
        symbol: pyqtgraph's name of it.
        size: in pixels.
        color, fill: of its lines and of what they enclose; None fills nothing.
    """

    places: FloatArray
    losses: FloatArray
    symbol: str
    size: float
    color: QColor
    fill: QColor | None


class FlatPoints(Markers):
    """A cross at every minimum, a diamond at every saddle point; known minima at once, the others when found.

    Signals:
        changed(): there are others, they look different, or they are shown or hidden.
    """

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__(pxMode=True)
        self._look = look
        self._minima = self._saddles = np.empty((0, 2))
        self._surface: Surface | None = None
        self._all: tuple[Mark, ...] = ()
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
            self._finder.request(partial(_find, surface, self._finder))

    @property
    def marks(self) -> tuple[Mark, ...]:
        """What is shown; nothing while it is hidden."""
        return self._all if self.isVisible() else ()

    def show_marks(self, shown: bool) -> None:
        """Show them, or hide them."""
        self.setVisible(shown)
        self.changed.emit()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        many = len(self._minima) + len(self._saddles) > MANY
        text, size = QColor(self._look.theme.text), self._look.pixels(0.75 if many else 1.5)
        self._all = (
            Mark(self._minima, self._losses(self._minima), "x", size, text, text),
            Mark(self._saddles, self._losses(self._saddles), "d", size, text, None),
        )
        self.setData(
            pos=np.concatenate([mark.places for mark in self._all]),
            symbol=[mark.symbol for mark in self._all for _ in mark.places],
            size=size,
            pen=pg.mkPen(text, width=1.5),
            brush=[pg.mkBrush(mark.fill) for mark in self._all for _ in mark.places],
        )
        self.changed.emit()

    def close(self) -> None:
        """End the thread."""
        self._finder.close()

    def _losses(self, places: FloatArray) -> FloatArray:
        return np.empty(0) if self._surface is None else self._surface.value(places)

    def _found(self, result: tuple[Surface, FloatArray, FloatArray]) -> None:
        surface, minima, saddles = result
        if surface is self._surface:
            # The known ones are exact; the found ones complete them.
            self._minima, self._saddles = np.concatenate([self._minima, minima]), saddles
            self.restyle()


def _find(surface: Surface, worker: Latest) -> tuple[Surface, FloatArray, FloatArray]:
    found = critical_points(surface, worker.superseded)
    known = np.array([minimum.w for minimum in surface.minima]).reshape(-1, 2)
    near = 1e-3 * surface.bounds.diagonal
    new = [w for w in found.minima if not (np.hypot(*(known - w).T) < near).any()]
    return surface, np.array(new).reshape(-1, 2), found.saddles
