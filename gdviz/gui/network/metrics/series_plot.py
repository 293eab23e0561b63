"""Several curves over the epochs, smooth in front of raw, and those of kept runs behind them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from gdviz.gui.network.metrics.curve_rows import seen
from gdviz.gui.network.metrics.epoch_plot import EpochPlot
from gdviz.gui.network.metrics.ghost_names import GhostName, lay_names
from gdviz.gui.network.metrics.noisy_curve import NoisyCurve
from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import with_alpha

FloatArray = NDArray[np.float64]
FAINT = 0.38
PIXELS_APART = 1.5
LEAST_POINTS, MOST_POINTS = 50, 500


@dataclass(frozen=True, slots=True)
class Line:
    """How a curve is drawn."""

    color: QColor
    style: Qt.PenStyle = Qt.PenStyle.SolidLine


@dataclass(frozen=True, slots=True, eq=False)
class Ghost:
    """Curves of a kept run: epochs, shape (k,), values, shape (k, series), and what it is called."""

    epochs: FloatArray
    values: FloatArray
    color: QColor
    label: str


class SeriesPlot(EpochPlot):
    """Draws as many curves as it has lines."""

    def __init__(self, name: str, title: str, look: Look, axis: str) -> None:
        """Args: name: object name; title: accessible name; look: to follow; axis: what is measured."""
        self._lines: tuple[Line, ...] = ()
        self._raw: list[NoisyCurve] = []
        self._smooth: list[NoisyCurve] = []
        self._ghosts: list[pg.GraphicsObject] = []
        self._names: list[GhostName] = []
        super().__init__(name, title, look, axis)
        for moved in (self.box.sigRangeChanged, self.box.sigResized):
            moved.connect(lambda *_: lay_names(self._names, self.box))

    @property
    def _room(self) -> int:
        """How many points of a curve can be told apart."""
        return int(min(MOST_POINTS, max(LEAST_POINTS, self.box.width() / PIXELS_APART)))

    def set_lines(self, lines: Sequence[Line]) -> None:
        """Have so many curves, drawn like that; their data are kept where their number is the same."""
        if len(lines) != len(self._lines):
            for item in self._raw + self._smooth:
                self.box.removeItem(item)
            self._raw = [self._curve(10) for _ in lines]
            self._smooth = [self._curve(20) for _ in lines]
        self._lines = tuple(lines)
        self._style(bool(self._smooth and self._smooth[0].isVisible()))

    def draw(self, epochs: FloatArray, raw: FloatArray, smooth: FloatArray | None = None) -> None:
        """Draw curves over the epochs, shape (k,).

        Args:
            epochs: of the rows.
            raw: shape (k, series); values that are not finite are gaps.
            smooth: the same, drawn in front of the raw ones, which are faint then; None draws none.
        """
        for index, curve in enumerate(self._raw):
            self._fill(curve, epochs, raw[:, index])
        for index, curve in enumerate(self._smooth):
            curve.setVisible(smooth is not None)
            if smooth is not None:
                self._fill(curve, epochs, smooth[:, index])
        self._style(smooth is not None)
        self.lay_words()

    @property
    def curves(self) -> list[tuple[FloatArray, FloatArray]]:
        """Epochs and values of the curves in front."""
        front = self._smooth if self._smooth and self._smooth[0].isVisible() else self._raw
        return [(curve.xData, curve.yData) for curve in front if curve.xData is not None]

    def draw_ghosts(self, ghosts: Sequence[Ghost]) -> None:
        """Draw the curves of kept runs, thin and dashed, with their names where they end."""
        for item in self._ghosts:
            self.box.removeItem(item)
        self._ghosts, self._names = [], []
        for ghost in ghosts:
            for index in range(ghost.values.shape[1]):
                style = Qt.PenStyle.DotLine if index else Qt.PenStyle.DashLine
                curve = self._curve(0)
                curve.setPen(pg.mkPen(ghost.color, width=0.7 * self.look.line_width, style=style))
                self._fill(curve, ghost.epochs, ghost.values[:, index])
                self._ghosts.append(curve)
            if len(ghost.epochs) and np.isfinite(ghost.values[-1, 0]):
                epoch, value = float(ghost.epochs[-1]), float(ghost.values[-1, 0])
                name = GhostName(ghost.label, ghost.color, self.look, epoch=epoch, value=value)
                self.box.addItem(name, ignoreBounds=True)
                self._ghosts.append(name)
                self._names.append(name)
        lay_names(self._names, self.box)

    def _fill(self, curve: NoisyCurve, epochs: FloatArray, values: FloatArray) -> None:
        """As many of the points as there is room for."""
        some = seen(epochs, values, self._room)
        curve.setData(epochs[some], _gaps(values[some]))

    def _curve(self, depth: float) -> NoisyCurve:
        curve = NoisyCurve()
        curve.setZValue(depth)
        self.box.addItem(curve, ignoreBounds=True)
        return curve

    def _style(self, faint: bool) -> None:
        width = self.look.line_width
        for curves, behind in ((self._raw, faint), (self._smooth, False)):
            for curve, line in zip(curves, self._lines, strict=True):
                # Dashes of a noisy curve behind its smooth one would be read as gaps.
                style = Qt.PenStyle.SolidLine if behind else line.style
                color = with_alpha(line.color, FAINT) if behind else line.color
                pen = pg.mkPen(color, width=1.0 if behind else width, style=style)
                if curve.opts["pen"] != pen:
                    curve.setPen(pen)


def _gaps(values: FloatArray) -> FloatArray:
    return np.where(np.isfinite(values), values, np.nan)
