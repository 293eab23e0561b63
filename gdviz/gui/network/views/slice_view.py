"""The output along x1 at one x2, as a curve."""

from __future__ import annotations

from math import isfinite

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QVBoxLayout

from gdviz.gui.network.levels import Range, middle
from gdviz.gui.network.marks_item import MarksItem
from gdviz.gui.network.points_item import PointsItem, ring
from gdviz.gui.network.views.cursor_label import CursorLabel
from gdviz.gui.network.views.cut import covers, curve_at, near, needs_x2, room
from gdviz.gui.network.views.result import Result, ResultView
from gdviz.gui.network.views.slice_bar import SliceBar
from gdviz.gui.network.views.watched_plot import WatchedPlot
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look


def dot(painter: QPainter, kind: int, size: float, look: Look) -> None:
    """What marks the place of the curve above the cursor."""
    painter.setPen(QPen(QColor(look.theme.plot), 2.0))
    painter.setBrush(QColor(look.theme.text))
    painter.drawEllipse(QPointF(0, 0), size / 2, size / 2)


class SliceView(ResultView):
    """A curve, and the points near the slice at the outputs that they should have.

    Attributes:
        bar: where the slice is.
        plot: what is drawn.
        curve: x1 and output, shape (k,) each.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.slice")
        self._look = look
        self._result: Result | None = None
        self._at: QPointF | None = None
        self.curve: tuple[NDArray[np.float64], NDArray[np.float64]] = (np.empty(0), np.empty(0))
        self.bar = SliceBar(look)
        self.plot = WatchedPlot("network.slice.plot", "The output along x1", look)
        self._line = pg.PlotCurveItem(antialias=True)
        self._middle = pg.InfiniteLine(angle=0)
        self.points, self._rings, self._dot = PointsItem(look), MarksItem(look, ring), MarksItem(look, dot)
        self.plot.lay(self._middle, self._line, self.points, self._rings, self._dot)
        self._label = CursorLabel("network.slice.readout", look, self.plot.viewport())
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.bar)
        column.addWidget(self.plot, 1)
        self.bar.chosen.connect(self._redraw)
        self.plot.pointed.connect(self._point)
        self.plot.painted.connect(self.painted)
        look.changed.connect(self._restyle)
        self._restyle()

    def show_result(self, result: Result) -> None:
        """Draw another curve, or other points."""
        self._result = result
        state = result.state
        self.bar.show_axis(state.axes[1], state.extent[2:], used=needs_x2(state.network.features))
        left, right = state.extent[:2]
        self.plot.cover((left, right, *room(result.ends, result.targets)))
        self.plot.name_axes(state.axes[0], result.output_name)
        self._show_curve(result, result.ends)
        self._show_points(result)
        self._point(self._at)

    def reset_view(self) -> None:
        """Slice through the middle."""
        self.bar.to_middle()

    def _redraw(self) -> None:
        if self._result is not None:
            self.show_result(self._result)

    def _show_curve(self, result: Result, ends: Range) -> None:
        frame = result.frame
        self._middle.setPos(middle(ends))
        if frame is None or frame.boundary.ndim != 2 or not frame.boundary.size:
            return
        self.curve = curve_at(frame.boundary, frame.extent, self.bar.x2)
        self._line.setData(*self.curve, connect="finite")

    def _show_points(self, result: Result) -> None:
        points, extent = result.state.points, result.state.extent
        keep = near(points.xy, self.bar.x2, extent) if self.bar.used else np.ones(len(points), np.bool_)
        seen, targets = points.kept(keep), result.targets[keep]
        if len(seen):
            at = np.column_stack([seen.xy[:, 0], targets])
            seen = seen.moved(np.ones(len(seen), np.bool_), at)
        self.points.show_points(seen, result.test[keep], self.plot.extent, result.value_range)
        wrong = seen.xy[np.isin(seen.ids, result.wrong)]
        self._rings.show_marks(wrong, np.zeros(len(wrong), np.int64), self.plot.extent)

    def _restyle(self) -> None:
        theme, width = self._look.theme, self._look.line_width
        self._line.setPen(pg.mkPen(theme.accent, width=1.5 * width))
        self._middle.setPen(pg.mkPen(theme.muted, width=1, style=Qt.PenStyle.DashLine))
        for item in (self.points, self._rings, self._dot):
            item.restyle()

    def _point(self, position: QPointF | None) -> None:
        """Tell the curve's output above or below the cursor."""
        before, self._at = self._at, position
        if before is None and position is None:
            return
        output, x1 = None, 0.0
        if position is not None and self._result is not None:
            x1 = self.plot.place_at(position)[0]
            output = self._result.output_at(x1, self.bar.x2) if covers(self._result.state.extent, x1) else None
        if position is None or output is None or not isfinite(output):
            self._label.hide()
            self._dot.show_marks(np.empty((0, 2)), np.empty(0, np.int64), self.plot.extent)
            self.hovered.emit(None)
            return
        self._dot.show_marks(np.array([[x1, output]]), np.zeros(1, np.int64), self.plot.extent)
        self._label.say(f"{short(x1, 2)}  →  {short(output, 3)}", position)
        self.hovered.emit((x1, self.bar.x2, output))
