"""ConvNetJS's picture: the plane bent by a hidden layer, so that a straight line parts the colours."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QLabel, QVBoxLayout

from gdviz.gui.network.boundary_item import BoundaryItem
from gdviz.gui.network.geometry import probability_at
from gdviz.gui.network.levels import Range
from gdviz.gui.network.marks_item import MarksItem
from gdviz.gui.network.points_item import PointsItem, ring
from gdviz.gui.network.views import warp
from gdviz.gui.network.views.cursor_label import CursorLabel
from gdviz.gui.network.views.result import Result, ResultView
from gdviz.gui.network.views.warp_bar import WarpBar
from gdviz.gui.network.views.watched_plot import WatchedPlot
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.isolines import Isolines
from gdviz.gui.widgets.plot import with_alpha

REACH = 2.0
"""How far from a sample of the grid the cursor still means it, in grid units of the look."""


class WarpedView(ResultView):
    """Outputs of two neurons across and upwards: the grid of inputs, and the points.

    Attributes:
        bar: which layer, and which neurons of it.
        plot: what is drawn.
        background: what the output layer makes of the plane of the last two neurons.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.warped")
        self._look = look
        self._result: Result | None = None
        self._at: QPointF | None = None
        self._ranges: dict[tuple[int, int], Range] = {}
        self._samples = np.empty((0, 0, 2))
        self.bar = WarpBar(look)
        self.plot = WatchedPlot("network.warped.plot", "The plane as two hidden neurons see it", look)
        self.background = BoundaryItem()
        self.grid = Isolines()
        self.points, self._rings = PointsItem(look), MarksItem(look, ring)
        self.plot.lay(self.background, self.grid, self.points, self._rings)
        self._label = CursorLabel("network.warped.readout", look, self.plot.viewport())
        self.lack = QLabel()
        self.lack.setObjectName("network.warped.lack")
        self.lack.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.lack.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for widget, stretch in ((self.bar, 0), (self.plot, 1), (self.lack, 1)):
            column.addWidget(widget, stretch)
        self.bar.chosen.connect(self._turn)
        self.plot.pointed.connect(self._point)
        self.plot.painted.connect(self.painted)
        look.changed.connect(self._restyle)
        self._restyle()

    def show_result(self, result: Result) -> None:
        """Draw another result, or the same one of other neurons."""
        network = result.state.network
        self.bar.show_network(network)
        self.needs = {"neuron_samples": warp.SAMPLES, "hidden_layer": self.bar.layer} if network.hidden else {}
        lack = warp.lack_of(network, self.bar.layer)
        self.lack.setText(lack)
        self.lack.setVisible(bool(lack))
        self.plot.setVisible(not lack)
        self.bar.setVisible(bool(network.hidden))
        self.bar.note.setVisible(not lack)
        if lack or result.frame is None:
            self.painted.emit()
            if lack:
                self._result = None
            return
        self._result = result
        self._show_grid(result)

    def reset_view(self) -> None:
        """Make the axes fit anew."""
        self._ranges.clear()
        if self._result is not None:
            self.show_result(self._result)

    def _turn(self) -> None:
        self.turned.emit()

    def _show_grid(self, result: Result) -> None:
        frame, layer, pair = result.frame, self.bar.layer, self.bar.pair
        assert frame is not None
        network = result.state.network
        units = network.hidden[layer].units
        if len(frame.neurons) != len(network.hidden) or frame.neurons[layer].shape[0] != units:
            return  # asked for, and on its way
        neurons = frame.neurons[layer][list(pair)]
        hidden = np.empty((0, 2))
        if frame.hidden.shape == (len(result.told), units):
            hidden = frame.hidden[:, list(pair)].astype(np.float64)
        activation = network.hidden[layer].activation
        for index, unit in enumerate(pair):
            self._ranges[layer, unit] = warp.room_for(
                activation, (neurons[index].astype(np.float64), hidden[:, index]), self._ranges.get((layer, unit))
            )
        extent = (*self._ranges[layer, pair[0]], *self._ranges[layer, pair[1]])
        self.plot.cover(extent)
        self.plot.name_axes(*(f"output of neuron {unit + 1}" for unit in pair))
        self._samples = np.moveaxis(neurons, 0, -1).astype(np.float64)
        self.grid.set_lines(warp.grid_lines(*neurons), self._grid_pen)
        exact = warp.is_read_by_output(network, layer)
        self.background.set_scale(result.ends)
        self.background.show_boundary(warp.output_over(extent, network, frame.weights, pair) if exact else None, extent)
        self.bar.show_exact(exact)
        self._show_points(result, hidden)
        self._point(self._at)

    def _show_points(self, result: Result, hidden: np.ndarray) -> None:
        finite = np.isfinite(hidden).all(axis=1) if len(hidden) else np.zeros(len(result.told), np.bool_)
        seen = result.told.kept(finite)
        if len(seen):
            seen = seen.moved(np.ones(len(seen), np.bool_), hidden[finite])
        test = np.isin(seen.ids, result.state.points.ids[result.test])
        self.points.show_points(seen, test, self.plot.extent, result.value_range)
        wrong = seen.xy[np.isin(seen.ids, result.wrong)]
        self._rings.show_marks(wrong, np.zeros(len(wrong), np.int64), self.plot.extent)

    def _restyle(self) -> None:
        look = self._look
        colors = look.boundary_map().map(np.linspace(0.0, 1.0, 256), mode="byte")[:, :3]
        self.background.set_colors(colors, QPen(QColor(look.theme.text), look.line_width))
        self._grid_pen = QPen(with_alpha(look.theme.muted, 0.6), max(1.0, look.line_width / 2))
        self._grid_pen.setCosmetic(True)
        self.lack.setFont(look.font(1.15))
        for item in (self.points, self._rings):
            item.restyle()

    # Under the cursor

    def _point(self, position: QPointF | None) -> None:
        before, self._at = self._at, position
        if before is None and position is None:
            return
        result = self._result
        if position is None or result is None or result.frame is None or not self._samples.size:
            self._label.hide()
            self.hovered.emit(None)
            return
        place = self._place_at(position, result)
        self.hovered.emit(place)
        self._label.say(self._text(position, place), position)

    def _place_at(self, position: QPointF, result: Result) -> tuple[float, float, float | None] | None:
        """x1, x2 and output of the sample of the grid that is nearest to a pixel; None where none is near."""
        assert result.frame is not None
        size = len(self._samples)
        pixels = self.plot.pixels_of(self._samples.reshape(-1, 2))
        away = np.hypot(pixels[:, 0] - position.x(), pixels[:, 1] - position.y())
        if not np.isfinite(away).any() or np.nanmin(away) > self._look.pixels(REACH):
            return None
        row, column = divmod(int(np.nanargmin(away)), size)
        left, right, low, high = result.frame.extent
        x1, x2 = left + (column + 0.5) / size * (right - left), low + (row + 0.5) / size * (high - low)
        return x1, x2, result.output_at(x1, x2)

    def _text(self, position: QPointF, place: tuple[float, float, float | None] | None) -> str:
        here = self.background.boundary
        output = place[2] if place is not None else None
        if here is not None and place is None:
            a, b = self.plot.place_at(position)
            output = probability_at(boundary=here, extent=self.plot.extent, x1=a, x2=b)
        where = [] if place is None else [f"x1 {short(place[0], 2)}   x2 {short(place[1], 2)}"]
        return "\n".join([*where, *([] if output is None else [short(output, 3)])])
