"""Contours of the loss of the samples that the present step looks at, over those of all samples."""

from __future__ import annotations

from functools import partial

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Qt

from gdviz.descent.races import is_noisy
from gdviz.descent.surface import Bounds, FloatArray
from gdviz.gui.descent.data.samples import batch_relief_lines
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look
from gdviz.gui.widgets.isolines import Isolines
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.plot import with_alpha


class GhostLines(Isolines):
    """Drawn only while gradients come from a part of the samples."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self._session, self._look = session, look
        self._bounds: Bounds | None = None
        self._shown = False
        self._worker = Latest("ghost contours")
        self._worker.done.connect(self._draw)
        session.step_changed.connect(self.ask)
        session.race_changed.connect(self.ask)

    def show_bounds(self, bounds: Bounds) -> None:
        """Draw inside another rectangle."""
        self._bounds = bounds
        self.ask()

    def ask(self) -> None:
        """Find the lines of the present step, off the GUI thread."""
        spec = self._session.spec
        if not is_noisy(spec.surface, spec.noise) or self._bounds is None:
            self._draw(np.empty((0, 3)))
        else:
            self._worker.request(partial(batch_relief_lines, spec, self._session.step, self._bounds))

    def close(self) -> None:
        """End the thread."""
        self._worker.close()

    def _draw(self, lines: FloatArray) -> None:
        if len(lines) or self._shown:
            self._shown = len(lines) > 0
            pen = pg.mkPen(with_alpha(self._look.theme.text, 0.55), width=1, style=Qt.PenStyle.DotLine)
            self.set_lines(lines[:, :2], pen)
