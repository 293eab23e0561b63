"""The surface from above: colour, contour lines, and every racer's trajectory with its ball."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from operator import itemgetter

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Signal
from PySide6.QtGui import QBrush, QColor, QResizeEvent

from gdviz.descent.races import Race
from gdviz.descent.surface import Bounds, Surface
from gdviz.gui.descent.parameters import name_axes
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.views.cut_trace import CutTrace
from gdviz.gui.descent.views.fan_dots import FanDots
from gdviz.gui.descent.views.flat_points import FlatPoints
from gdviz.gui.descent.views.ghost_lines import GhostLines
from gdviz.gui.descent.views.nearest_step import nearest_step
from gdviz.gui.descent.views.on_top import BALL, SMALL_BALL, drawn_order
from gdviz.gui.descent.views.relief import Relief, relief
from gdviz.gui.descent.views.start_box import StartBox
from gdviz.gui.numbers import place_text
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import Readout, free_corner
from gdviz.gui.widgets.isolines import Isolines
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.markers import Markers
from gdviz.gui.widgets.plot import Plot, with_alpha
from gdviz.gui.widgets.polylines import Polyline, Polylines
from gdviz.gui.widgets.timers import one_shot

ZOOM_SETTLE_MILLISECONDS = 60
FAN_ALPHA = 0.7
NESTING = 0.35
FAN_WIDTH = 0.75
"""Of the fan's lines, against those of racers."""

REACH = 1.125
"""So near to a trajectory, in grid units, a click is one on it."""

MARK_REACH = 1.5
"""Half the size of what the readout keeps clear of, in grid units."""

CLOSEST, FARTHEST = 1e-6, 5.0
"""The least and the most that zooming shows, in sizes of the surface: farther in, float64 has steps that are seen,
farther out, the contour lines are too small to be."""


def _name(surface: Surface) -> tuple[object, ...]:
    return surface.key, surface.formula, surface.bounds


def fan_color(race: Race, look: Look) -> QColor:
    """The colour of the fan's trajectories: that of its racer, paler."""
    return with_alpha(look.racer(race.spec.fan_racer.color if race.spec.racers else 0), FAN_ALPHA)


@dataclass(frozen=True, slots=True, eq=False)
class _Samples:
    surface: Surface
    in_view: Relief
    whole: Relief | None


def _samples(surface: Surface, logarithmic: bool, in_view: Bounds, *, whole: bool) -> _Samples:
    return _Samples(
        surface,
        relief(surface, in_view, logarithmic=logarithmic),
        relief(surface, surface.bounds, logarithmic=logarithmic) if whole else None,
    )


class ContourView(Plot):
    """Draws the session's surface and race; a click or a drag chooses the start.

    Attributes:
        flat_points: the marks of minima and saddle points.
        cut_trace: where the surface is cut, while a view beside shows that.

    Signals:
        relief_changed(object): the relief of the whole surface was sampled anew; other views draw it too.
        step_drawn(): trajectories and balls are those of the step shown.
    """

    relief_changed = Signal(object)
    step_drawn = Signal()

    def __init__(self, session: DescentSession, look: Look) -> None:
        self.box = StartBox()
        super().__init__("descent.contours", "Contours of the loss surface", look, view=self.box)
        self._session = session
        self._surface: Surface | None = None
        self._logarithmic = False
        self.relief: Relief | None = None
        self.whole: Relief | None = None
        self._whole_of: tuple[Surface, bool] | None = None
        self._image = pg.ImageItem(autoDownsample=False)
        self._lines = Isolines()
        self._ghost = GhostLines(session, look)
        self.cut_trace = CutTrace(look)
        self._trails = Polylines(fading=True)
        self._fan = Polylines()
        self._fan_dots = FanDots(session, look)
        self._balls = Markers(pxMode=True)
        self._order: list[int] = []  # of the racers: the last one is on top
        self._small = False  # balls, while arrows begin in them
        self._brushes: list[QBrush] = []  # of the balls, in this order
        self.flat_points = FlatPoints(look)
        self._start = Markers(pxMode=True, symbol="o")
        items = (
            *(self._image, self._lines, self._ghost, self.cut_trace),
            *(self._fan, self._fan_dots.starts, self._fan_dots.dots),
            *(self.flat_points, self._trails, self._start, self._balls),
        )
        for depth, item in enumerate(items):
            item.setZValue(depth * 10)
            self.addItem(item)
        self.box.setAspectLocked(True)  # so that the gradient is seen to be perpendicular to the contours
        self._sampler = Latest("contours", self)
        self._sampler.done.connect(self._sampled)
        self._settle = one_shot(self, ZOOM_SETTLE_MILLISECONDS, self._make_room_for_numbers)
        self._settle.timeout.connect(self._sample)
        self.box.sigRangeChanged.connect(lambda *_: self._settle.start())
        self._readout = Readout("descent.readout")
        self._readout.setParent(self)
        self.box.clicked.connect(self._click)
        self.box.start_moved.connect(self._move_start)
        self.box.start_dropped.connect(session.end_gesture)
        self.scene().sigMouseMoved.connect(self._hover)
        session.race_changed.connect(self.draw_race)
        session.follow_steps(self.draw_step)
        session.spec_changed.connect(self._draw_start)
        session.spec_changed.connect(self._raise_selected)
        for signal in (session.substep_changed, session.playing_changed):
            signal.connect(self._size_balls)
        self._draw_start()

    def show_surface(self, surface: Surface, *, logarithmic: bool) -> None:
        """Draw another surface, or the same one with other levels; a new surface comes into full view."""
        before, self._surface, self._logarithmic = self._surface, surface, logarithmic
        if before is None or (before.key, before.formula, before.bounds) != (
            surface.key,
            surface.formula,
            surface.bounds,
        ):
            size = surface.bounds.diagonal
            self.box.limit_zoom(size, size, closest=CLOSEST, farthest=FARTHEST)
            name_axes(self, surface.dimensions)
            self.reset_view()
        self.flat_points.show_surface(surface)
        self._sample()

    def mark_flat_points(self, marked: bool) -> None:
        """Mark minima and saddle points, or not."""
        self.flat_points.show_marks(marked)

    def reset_view(self) -> None:
        """Bring the whole surface into view."""
        assert self._surface is not None
        self._narrow_axis()
        self.box.setRange(xRange=self._surface.bounds.w0, yRange=self._surface.bounds.w1, padding=0.0)

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        super().restyle()
        edge = self.look.pixels(0.5)  # for the halves of the numbers at the ends of the axes
        self.centralLayout.setContentsMargins(0, edge, edge, 0)
        self._narrow_axis()
        if hasattr(self, "_settle"):  # not yet while the base class is being built
            self._draw_relief()
            self.draw_race()
            self._draw_start()

    def _narrow_axis(self) -> None:
        """As wide as the numbers of a whole surface usually are."""
        self.getAxis("left").setWidth(self.look.pixels(7))

    def draw_race(self) -> None:
        """Draw the trajectories of a new race."""
        race, rows = self._session.race, self._session.rows()
        order = self._order = drawn_order(len(race.trajectories), self._session.selected)
        colors = [self.look.racer(race.spec.racers[index].color) for index in order]
        lines = [
            Polyline(
                race.trajectories[index].positions,
                color,
                # Where trajectories lie on each other, the lower ones are wider and show on both sides.
                self.look.line_width * (1.0 + NESTING * above),
            )
            for index, color, above in zip(order, colors, reversed(range(len(order))), strict=True)
        ]
        self._trails.set_lines(lines, [rows[index] for index in order])
        self._brushes = [pg.mkBrush(color) for color in colors]
        faint = fan_color(race, self.look)
        width = FAN_WIDTH * self.look.line_width
        fan = [Polyline(trajectory.positions, faint, width) for trajectory in race.fan]
        self._fan.set_lines(fan, self._session.fan_rows())
        self._fan_dots.draw_race(with_alpha(faint, 1.0))
        self.draw_step()

    def draw_step(self) -> None:
        """Draw trajectories and balls up to the step shown."""
        race, every = self._session.race, self._session.rows()
        self._small = self._session.takes_apart
        rows = [every[index] for index in self._order]
        self._trails.set_rows(rows)
        self._fan.set_rows(self._session.fan_rows())
        self._fan_dots.draw_step()
        ends = [race.trajectories[index].positions[row] for index, row in zip(self._order, rows, strict=True)]
        self._balls.setData(
            pos=np.array(ends).reshape(-1, 2),
            size=self.look.pixels(SMALL_BALL if self._small else BALL),
            brush=self._brushes,
            pen=pg.mkPen(self.look.theme.plot, width=2),
        )
        self.step_drawn.emit()

    def _raise_selected(self) -> None:
        """Draw the selected racer on top, where it is another one now."""
        if self._order != drawn_order(len(self._order), self._session.selected):
            self.draw_race()

    def _size_balls(self) -> None:
        """Draw them small where arrows begin in them, or in full."""
        if self._small != self._session.takes_apart:
            self.draw_step()

    def _click(self, w0: float, w1: float) -> None:
        """On a trajectory, or near it: go to that step. Elsewhere: start there."""
        pixel = np.array(self.box.viewPixelSize())
        trajectories, row = self._session.race.trajectories, self._session.step
        # Of those that are equally near, what is on top comes first.
        passes = [
            (*nearest_step((trajectories[index].positions[: row + 1] - (w0, w1)) / pixel), index)
            for index in reversed(self._order)
        ]
        away, step, index = min(passes, key=itemgetter(0), default=(np.inf, 0, 0))
        if away < self.look.pixels(REACH):
            self._session.pause()
            self._session.select(index)
            self._session.go_to(step)
            return
        self._move_start(w0, w1)
        self._session.end_gesture()

    def _move_start(self, w0: float, w1: float) -> None:
        self._session.move_start((w0, w1))

    def close_view(self) -> None:
        """End the sampling threads."""
        self._settle.stop()
        self.flat_points.close()
        self._ghost.close()
        self._sampler.close()

    def _draw_start(self) -> None:
        theme = self.look.theme
        spec = self._session.spec
        own = [(racer.start, self.look.racer(racer.color)) for racer in spec.racers if racer.start is not None]
        places = [(spec.start, theme.text), *own]
        self._start.setData(
            pos=[place for place, _ in places],
            size=self.look.pixels(2.5),
            pen=[pg.mkPen(color, width=2) for _, color in places],
            brush=pg.mkBrush(None),
        )

    def _sample(self) -> None:
        """Sample what is in view and, where that is not known yet, the whole surface."""
        if self._surface is None:
            return
        wanted = (self._surface, self._logarithmic)
        (left, right), (low, high) = self.box.viewRange()
        in_view = Bounds((left, right), (low, high))
        self._sampler.request(partial(_samples, *wanted, in_view, whole=wanted != self._whole_of))

    def _make_room_for_numbers(self) -> None:
        """Let the upright axis be as wide as its numbers where zooming has made them long.

        It does not become narrower until the whole surface is seen again: each width changes the aspect, so the range,
        so the numbers, so the width, without end.
        """
        axis, size = self.getAxis("left"), self.box.viewRect().size()
        if self._surface is None or max(size.width(), size.height()) > self._surface.bounds.diagonal / 2:
            self._narrow_axis()
            return
        offset, label = axis.style["tickTextOffset"][0], axis.label.boundingRect().height()
        needed = axis.textWidth + offset + max(0, axis.style["tickLength"]) + label
        if needed > axis.width():
            axis.setWidth(round(needed))

    def _sampled(self, made: _Samples) -> None:
        self.relief = made.in_view
        self._draw_relief()
        if made.whole is not None:
            self._whole_of = (made.surface, made.whole.scale.logarithmic)
            self.whole = made.whole
            self.relief_changed.emit(made.whole)

    def _draw_relief(self) -> None:
        made, theme = self.relief, self.look.theme
        if made is None:
            return
        step0, step1 = made.w0[1] - made.w0[0], made.w1[1] - made.w1[0]
        self._image.setColorMap(self.look.surface_map())
        self._image.setImage(made.scale.to_unit(made.loss).astype(np.float32), levels=(0.0, 1.0))
        # Samples are pixel centres: the picture reaches half a sample beyond the first and the last.
        self._image.setRect(
            QRectF(
                made.w0[0] - step0 / 2,
                made.w1[0] - step1 / 2,
                made.w0[-1] - made.w0[0] + step0,
                made.w1[-1] - made.w1[0] + step1,
            )
        )
        self._lines.set_lines(made.lines[:, :2], pg.mkPen(with_alpha(theme.contour, 0.55), width=1))
        self.flat_points.restyle()
        self._ghost.show_bounds(made.bounds)

    def _hover(self, position: QPointF) -> None:
        if self._surface is None or not self.box.sceneBoundingRect().contains(position):
            self._readout.clear()
            return
        point = self.box.mapSceneToView(position)
        w = np.array([point.x(), point.y()])
        with np.errstate(all="ignore"):
            loss, gradient = float(self._surface.value(w)), self._surface.gradient(w)
        parameters = slice(self._surface.dimensions)
        self._readout.setText(place_text(w[parameters], loss, gradient[parameters]))
        self._readout.resize(self._readout.sizeHint())
        self._readout.move(self._free_corner(position))

    def _free_corner(self, cursor: QPointF) -> QPoint:
        """Where the readout covers neither the cursor nor starts nor the selected ball, if there is such a corner."""
        places = np.concatenate([np.column_stack(self._start.getData()), np.column_stack(self._balls.getData())[-1:]])
        marks = [cursor, *(self.box.mapViewToScene(QPointF(*place)) for place in places.tolist())]
        inside = self.box.sceneBoundingRect().toRect()
        return free_corner(self._readout.size(), inside, marks, apart=self.look.pixels(MARK_REACH))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Something else is under the cursor: it is told with the next move of the mouse."""
        super().resizeEvent(event)
        if hasattr(self, "_readout"):  # not yet while the base class is being built
            self._readout.clear()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self._readout.clear()
