"""The explained point, on the canvas."""

from __future__ import annotations

import pyqtgraph as pg

from gdviz.gui.network.state import Position
from gdviz.gui.theme import Look
from gdviz.gui.widgets.markers import Markers


class ProbeMarker(Markers):
    """A cross in a circle where the point is pinned, a circle alone where the mouse was last."""

    def __init__(self, look: Look) -> None:
        super().__init__(pxMode=True)
        self._look = look
        self._shown: tuple[Position | None, bool] = (None, False)
        look.changed.connect(self._draw)

    def show_place(self, place: Position | None, *, pinned: bool) -> None:
        """Show it here; None shows none."""
        if (place, pinned) != self._shown:
            self._shown = place, pinned
            self._draw()

    def _draw(self) -> None:
        place, pinned = self._shown
        self.setData(
            [] if place is None else [place[0]],
            [] if place is None else [place[1]],
            symbol="crosshair" if pinned else "o",
            size=self._look.pixels(3 if pinned else 2),
            pen=pg.mkPen(self._look.theme.text, width=2),
            brush=None,
        )
