"""A small picture of a typed surface: colours and contour lines."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF

from gdviz.gui.descent.parameters import name_axes
from gdviz.gui.descent.views.relief import Relief
from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import Plot, with_alpha

FAINT = 0.3


class FormulaPreview(Plot):
    """Draws a relief; faint while the formula that is being typed is another one."""

    def __init__(self, look: Look) -> None:
        super().__init__("descent.own.preview", "Preview of the surface", look)
        self.box.setMouseEnabled(x=False, y=False)
        self.relief: Relief | None = None
        self._image = pg.ImageItem(autoDownsample=False)
        self._lines = pg.PlotCurveItem(connect="finite", antialias=False)
        for item in (self._image, self._lines):
            self.addItem(item)
        self.box.setAspectLocked(True)

    def show_relief(self, made: Relief) -> None:
        """Draw a surface, all of it."""
        self.relief = made
        name_axes(self, made.dimensions)
        self._draw()
        self.set_faint(faint=False)
        self.box.setRange(xRange=made.bounds.w0, yRange=made.bounds.w1, padding=0.0)

    def set_faint(self, *, faint: bool) -> None:
        """Whether what is drawn is that of an earlier formula."""
        for item in (self._image, self._lines):
            item.setOpacity(FAINT if faint else 1.0)

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        super().restyle()
        edge = self.look.pixels(0.75)  # for the halves of the numbers at the ends of the axes
        self.centralLayout.setContentsMargins(0, edge, edge, 0)
        if hasattr(self, "_lines"):  # not yet while the base class is being built
            self._draw()

    def _draw(self) -> None:
        made = self.relief
        if made is None:
            return
        step0, step1 = made.w0[1] - made.w0[0], made.w1[1] - made.w1[0]
        self._image.setColorMap(self.look.surface_map())
        self._image.setImage(made.scale.to_unit(made.loss).astype(np.float32), levels=(0.0, 1.0))
        # Samples are pixel centres: the picture reaches half a sample beyond the first and the last.
        left, low = made.w0[0] - step0 / 2, made.w1[0] - step1 / 2
        self._image.setRect(QRectF(left, low, step0 * len(made.w0), step1 * len(made.w1)))
        pen = pg.mkPen(with_alpha(self.look.theme.contour, 0.55), width=1)
        self._lines.setData(made.lines[:, 0], made.lines[:, 1], pen=pen)
