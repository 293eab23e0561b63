"""A curve that may be as noisy as it likes."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtGui import QPainter, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.gui.widgets.in_view_item import reported

_PIECE = 12
"""Points that are stroked together."""


class NoisyCurve(pg.PlotCurveItem):
    """A smooth, thick curve whose values are gaps where they are not finite.

    Qt strokes a thick line as one shape without overlaps, and finding those of a noisy curve of 500 points takes it 90
    ms. Piece by piece it takes 2 ms.
    """

    def __init__(self) -> None:
        super().__init__(connect="finite", antialias=True)
        self._pieces: list[QPolygonF] = []
        self._cut: object = None  # whose pieces these are

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw one piece after the other."""
        x, y = self.xData, self.yData
        if x is None or y is None or not len(x):
            return
        if self._cut is not y:
            self._pieces, self._cut = list(_pieces(x, y)), y
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self.opts["pen"])
        for piece in self._pieces:
            painter.drawPolyline(piece)


def _pieces(x: NDArray[np.float64], y: NDArray[np.float64]) -> list[QPolygonF]:
    finite = np.isfinite(y)
    ends = np.flatnonzero(np.diff(finite)) + 1
    found = []
    for run in np.split(np.arange(len(y)), ends):
        if finite[run[0]]:
            for start in range(run[0], max(run[-1], run[0] + 1), _PIECE - 1):
                stop = min(start + _PIECE, run[-1] + 1)
                found.append(arrayToQPolygonF(x[start:stop], y[start:stop]))
    return found
