"""A panel of the sweep: a curve a racer against the learning rate, both axes logarithmic."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsRectItem

from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.maps.picking import Marks, PickPlot
from gdviz.gui.theme import Look
from gdviz.gui.widgets.log_ticks import log_ticks, room_for
from gdviz.gui.widgets.plot import PlotAxis, with_alpha

_GRID_OPACITY = 30  # of 255
STRIP_SHARE = 0.3
ROW_SHARE = 0.055
"""Height of the strip of diverged rates and of a racer's row in it, as shares of the curves' height."""


@dataclass(frozen=True, slots=True, eq=False)
class Trace:
    """A racer's curve.

    Attributes:
        color: of the racer, faint while the curve is out of date.
        width: of the line in pixels.
        x: log10 of the learning rates, shape (rates,).
        y: log10 of what is shown, NaN in a gap.
        diverged: whether it did, shape (rates,).
        mark: log10 of the present rate and of what its race came to, NaN where that is not to be shown.
        mark_diverged: whether the race did.
    """

    color: QColor
    width: float
    x: FloatArray
    y: FloatArray
    diverged: NDArray[np.bool_]
    mark: tuple[float, float]
    mark_diverged: bool = False


class CurveAxis(PlotAxis):
    """A logarithmic axis whose ticks end where the curves do: the strip above has no values."""

    def __init__(self) -> None:
        super().__init__("left")
        self.highest = np.inf

    def logTickValues(self, low: float, high: float, size: float, _: object) -> list[tuple[float, list[float]]]:
        """As many ticks below the strip as can be read."""
        return [(1.0, [tick for tick in log_ticks(low, high, room_for(self, size)) if tick <= self.highest])]


class SweepPlot(PickPlot):
    """Draws the curves of all racers, what diverged in a strip along the top, and a cursor."""

    def __init__(self, name: str, title: str, look: Look) -> None:
        self._axis = CurveAxis()
        super().__init__(name, title, look, zooms=(True, False), axes=[self._axis])
        self._traces: Sequence[Trace] = ()
        self._heights: list[FloatArray] = []
        self._curves: list[pg.PlotCurveItem] = []
        self._low, self._high = -1.0, 1.0
        self._strip_middle = 0.0
        self._strip = QGraphicsRectItem()
        self._strip_name = pg.TextItem(anchor=(0.0, 0.5))
        self._crosses = Marks("x")
        self._marks = Marks()
        self._cursor = Marks()
        self.box.addItem(self._strip, ignoreBounds=True)
        for depth, item in enumerate((self._strip_name, self._crosses, self._marks, self._cursor)):
            item.setZValue(20 + depth)
            self.addItem(item, ignoreBounds=True)
        for side, where in (("bottom", {"x": True}), ("left", {"y": True})):
            self.getAxis(side).setLogMode(**where)
            self.getAxis(side).setGrid(_GRID_OPACITY)
        self.box.sigXRangeChanged.connect(lambda *_: self._place_strip_name())

    def draw(self, traces: Sequence[Trace], low: float, high: float) -> None:
        """Draw other curves; values run from low to high, and what is above is drawn at the top."""
        self._traces = traces
        self._low, self._high = low, high
        self._axis.highest = high + 1e-9
        row = min(ROW_SHARE, STRIP_SHARE / max(len(traces), 1)) * (high - low)
        margin = 0.03 * (high - low)
        rows = [high + margin + (len(traces) - index - 0.5) * row for index in range(len(traces))]
        self._heights = [
            np.where(trace.diverged, row_height, np.minimum(trace.y, high))
            for trace, row_height in zip(traces, rows, strict=True)
        ]
        self._draw_curves()
        self._draw_strip(high + margin, len(traces) * row, rows)
        self._draw_marks(rows)

    def restyle(self) -> None:
        """Take colours and sizes from the look; the curves are drawn anew by their owner."""
        super().restyle()
        axis = self.getAxis("left")
        # Both panels of a sweep stand above one another: their axes have to line up.
        axis.setWidth(self.look.pixels(9))

    def nearest(self, position: QPointF, within: float) -> tuple[int, int] | None:
        """The racer and the index of the rate whose point is nearest to a place of the scene, None where none is near.

        Args:
            position: in the scene.
            within: pixels.
        """
        best: tuple[float, int, int] | None = None
        width, height = self.box.viewPixelSize()
        point = self.box.mapSceneToView(position)
        for racer, (trace, heights) in enumerate(zip(self._traces, self._heights, strict=True)):
            if not np.isfinite(heights).any():
                continue
            distances = np.hypot((trace.x - point.x()) / width, (heights - point.y()) / height)
            rate = int(np.nanargmin(distances))
            if distances[rate] <= within and (best is None or distances[rate] < best[0]):
                best = float(distances[rate]), racer, rate
        return None if best is None else best[1:]

    def point_at(self, cursor: tuple[int, int] | None) -> None:
        """Ring the point of a racer and a rate, or none."""
        if cursor is None or not np.isfinite(self._heights[cursor[0]][cursor[1]]):
            self._cursor.setData([], [])
            return
        racer, rate = cursor
        self._cursor.setData(
            [self._traces[racer].x[rate]],
            [self._heights[racer][rate]],
            size=self.look.pixels(2),
            pen=pg.mkPen(self.look.theme.text, width=2),
            brush=pg.mkBrush(None),
        )

    def _draw_curves(self) -> None:
        while len(self._curves) > len(self._traces):
            self.removeItem(self._curves.pop())
        while len(self._curves) < len(self._traces):
            self._curves.append(pg.PlotCurveItem(connect="finite"))
            self.addItem(self._curves[-1])
        for curve, trace, heights in zip(self._curves, self._traces, self._heights, strict=True):
            pen = pg.mkPen(trace.color, width=trace.width, capStyle=Qt.PenCapStyle.RoundCap)
            curve.setData(trace.x, heights, pen=pen)

    def _draw_strip(self, low: float, height: float, rows: Sequence[float]) -> None:
        theme = self.look.theme
        there = any(trace.diverged.any() or trace.mark_diverged for trace in self._traces)
        self._strip.setVisible(there)
        self._strip_name.setVisible(there)
        self._strip.setPen(pg.mkPen(None))
        self._strip.setBrush(pg.mkBrush(with_alpha(theme.border, 0.5)))
        self._strip.setRect(QRectF(-1e3, low, 2e3, height))
        top = low + height if there else self._high
        margin = 0.05 * (self._high - self._low)
        self.box.setYRange(self._low - margin, top + (0.01 if there else 0.05) * (self._high - self._low), padding=0.0)
        self._strip_name.setText("diverged", color=theme.muted)
        self._strip_name.setFont(self.look.font(0.85))
        self._strip_middle = low + height / 2
        self._place_strip_name()
        x: list[float] = []
        y: list[float] = []
        colors = []
        for trace, row in zip(self._traces, rows, strict=True):
            places = trace.x[trace.diverged][::5]
            x.extend(places)
            y.extend([row] * len(places))
            colors.extend([pg.mkPen(trace.color, width=2)] * len(places))
        self._crosses.setData(x, y, pen=colors, brush=pg.mkBrush(None), size=self.look.pixels(0.9))

    def _place_strip_name(self) -> None:
        """At the left edge, whatever part of the rates is in view: it is the high ones that diverge."""
        self._strip_name.setPos(self.box.viewRange()[0][0], self._strip_middle)

    def _draw_marks(self, rows: Sequence[float]) -> None:
        theme = self.look.theme
        places, colors = [], []
        for trace, row in zip(self._traces, rows, strict=True):
            rate, height = trace.mark
            height = row if trace.mark_diverged else min(height, self._high)
            if np.isfinite(height):
                places.append((rate, height))
                colors.append(pg.mkBrush(with_alpha(trace.color, 1.0)))
        self._marks.setData(
            pos=np.array(places).reshape(-1, 2),
            brush=colors,
            pen=pg.mkPen(theme.text, width=2),
            size=self.look.pixels(1.75),
        )
