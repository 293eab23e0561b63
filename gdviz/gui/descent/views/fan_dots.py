"""Where the trajectories of the fan begin, and where each is at the step shown."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look
from gdviz.gui.widgets.markers import Markers

START_SIZE, DOT_SIZE = 0.6, 0.9
"""Across, in grid units; a racer's ball is about twice as large."""


class FanDots:
    """A ring at each start, under a dot for each run.

    Attributes:
        starts, dots: to be added to a plot.
    """

    def __init__(self, session: DescentSession, look: Look) -> None:
        self._session, self._look = session, look
        self.starts = Markers(pxMode=True)
        self.dots = Markers(pxMode=True)
        self._color = QColor()

    def draw_race(self, color: QColor) -> None:
        """Draw the starts of a new race's fan, in the colour of its racer."""
        fan = self._session.race.fan
        self.starts.setData(
            pos=np.reshape([trajectory.positions[0] for trajectory in fan], (-1, 2)),
            size=self._look.pixels(START_SIZE),
            pen=pg.mkPen(color, width=1),
            brush=pg.mkBrush(None),
        )
        self._color = color
        self.draw_step()

    def draw_step(self) -> None:
        """Draw each run where it is at the step shown."""
        fan, rows = self._session.race.fan, self._session.fan_rows()
        if not fan and not len(self.dots.data):
            return
        ends = [trajectory.positions[row] for trajectory, row in zip(fan, rows, strict=True)]
        self.dots.setData(
            pos=np.reshape(ends, (-1, 2)),
            size=self._look.pixels(DOT_SIZE),
            pen=pg.mkPen(self._look.theme.plot, width=1),
            brush=pg.mkBrush(self._color),
        )
