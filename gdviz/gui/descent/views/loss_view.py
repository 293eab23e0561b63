"""Loss against step for every racer; what is not played yet lies under a veil."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QMargins, QPoint, QPointF, QRect, QSizeF, Qt, Signal
from PySide6.QtGui import QFontMetricsF, QResizeEvent
from PySide6.QtWidgets import QGraphicsRectItem

from gdviz.descent.races import DATA_LOSSES, Race, data_loss_of
from gdviz.descent.spec import Noise, SurfaceSpec
from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.views.loss_words import words_at
from gdviz.gui.descent.views.on_top import drawn_order
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import Readout
from gdviz.gui.widgets.markers import Markers
from gdviz.gui.widgets.plot import Plot, PlotAxis, with_alpha
from gdviz.gui.widgets.polylines import Polyline, Polylines

SMALLEST = 1e-16
MOST_POINTS = 2000
APART = 1.0
"""The readout keeps so far away from the cursor, in grid units."""


class StepBox(pg.ViewBox):
    """A view box in which the left button chooses a step; the wheel zooms the steps.

    Signals:
        chosen(float): the button is down at this step.
    """

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False)
        self.setMouseEnabled(x=True, y=False)

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """A click goes to that step."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.chosen.emit(self.mapToView(event.pos()).x())

    def mouseDragEvent(self, event, axis=None) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """A drag with the left button scrubs."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.chosen.emit(self.mapToView(event.pos()).x())
        else:
            super().mouseDragEvent(event, axis)


class LossView(Plot):
    """Draws the session's loss curves; click or drag to go to a step."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        self.box = StepBox()
        super().__init__(
            "descent.losses", "Loss of every racer against the step", look, view=self.box, axes=[PlotAxis("top")]
        )
        self._session = session
        self._logarithmic = False
        self._curves = Polylines()
        self._values: list[FloatArray] = []
        self._order: list[int] = []  # of the racers: the last one is on top
        self._veil = QGraphicsRectItem()
        self._veil.setZValue(50)
        self._now = pg.InfiniteLine(angle=90, movable=False)
        self._now.setZValue(60)
        self._balls = Markers(pxMode=True)
        self._balls.setZValue(70)
        self.addItem(self._curves)
        self.box.addItem(self._veil, ignoreBounds=True)
        self.addItem(self._now, ignoreBounds=True)
        self.addItem(self._balls, ignoreBounds=True)
        self.label("step", "loss")
        self._cost = self.getAxis("top")
        self.show_axis("top", shown=False)
        self._pointed: QPointF | None = None
        self._readout = Readout("descent.loss_readout")
        self._readout.setParent(self)
        self.scene().sigMouseMoved.connect(self._hover)
        self._costs_of: tuple[SurfaceSpec, Noise] | None = None
        session.spec_changed.connect(self._show_cost)
        session.spec_changed.connect(self._raise_selected)
        self.box.chosen.connect(self._go_to)
        self.box.sigRangeChanged.connect(self._cover)
        session.race_changed.connect(self.draw_race)
        session.follow_steps(self.draw_step)
        self.restyle()

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Show the loss itself, or the logarithm of its height above the lowest known one."""
        self._logarithmic = logarithmic
        self.getAxis("left").setLogMode(y=logarithmic)
        self._name_axes()
        self.draw_race()

    def reset_view(self) -> None:
        """Show all steps."""
        if self._values:
            self._fit(self._session.last_step or self._session.race.last_step)

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        super().restyle()
        if hasattr(self, "_balls"):
            theme = self.look.theme
            self._veil.setPen(pg.mkPen(None))
            self._veil.setBrush(pg.mkBrush(with_alpha(theme.plot, 0.72)))
            self._now.setPen(pg.mkPen(theme.text, width=1))
            self._readout.setFont(self.look.font(0.85))
            self._keep_corners_clear()
            self.draw_race()

    def draw_race(self) -> None:
        """Draw the curves of a new race."""
        race = self._session.race
        floor = _lowest(race) if self._logarithmic else 0.0
        self._values = [self._on_axis(trajectory.losses - floor) for trajectory in race.trajectories]
        self._draw_curves()
        self.reset_view()
        self.draw_step()
        self._tell()

    def _draw_curves(self) -> None:
        racers = self._session.race.spec.racers
        self._order = drawn_order(len(self._values), self._session.selected)
        lines = [
            Polyline(
                np.column_stack(thinned(self._values[index])),
                self.look.racer(racers[index].color),
                self.look.line_width,
            )
            for index in self._order
        ]
        self._curves.set_lines(lines)

    def _raise_selected(self) -> None:
        """Draw the selected racer on top, where it is another one now; what is in view stays."""
        if self._order != drawn_order(len(self._order), self._session.selected):
            self._draw_curves()
            self.draw_step()
            self._tell()

    def draw_step(self) -> None:
        """Move the line, the veil and the balls to the step shown."""
        session = self._session
        step = session.step
        self._now.setValue(step)
        self._cover()
        racers, rows = session.race.spec.racers, session.rows()
        balls = [  # none in a hole of the surface
            (rows[index], self._values[index][rows[index]], pg.mkBrush(self.look.racer(racers[index].color)))
            for index in self._order
            if np.isfinite(self._values[index][rows[index]])
        ]
        self._balls.setData(
            x=np.array([float(row) for row, _, _ in balls]),
            y=np.array([float(value) for _, value, _ in balls]),
            brush=[brush for _, _, brush in balls],
            pen=pg.mkPen(self.look.theme.plot, width=1),
            size=self.look.pixels(1.25),
        )

    @property
    def _made_of_data(self) -> bool:
        return self._session.spec.surface.key in DATA_LOSSES

    @property
    def _corner_margins(self) -> QMargins:
        """What lies in the corners leaves the numbers at the upper edge to be seen."""
        return QMargins(8, self.look.pixels(3.5) if self._made_of_data else 8, 8, 8)

    def _keep_corners_clear(self) -> None:
        if (layout := self.layout()) is not None:
            layout.setContentsMargins(self._corner_margins)

    def _name_axes(self) -> None:
        steps = "step (top: samples touched)" if self._made_of_data else "step"
        self.label(steps, "loss above the lowest" if self._logarithmic else "loss")

    def _show_cost(self) -> None:
        """On a loss made of data, what the steps cost: samples touched, along the upper edge."""
        spec = self._session.spec
        if (spec.surface, spec.noise) == self._costs_of:  # most changes are others, as those of a drag
            return
        self._costs_of = (spec.surface, spec.noise)
        self.show_axis("top", shown=self._made_of_data)
        self._keep_corners_clear()
        self._name_axes()
        if self._made_of_data:
            samples = len(data_loss_of(spec.surface).targets)
            size = {"all": samples, "batch": min(spec.noise.batch_size, samples), "single": 1}[spec.noise.kind]
            # The last batch of an epoch may be smaller: on average a step touches as many as an epoch shares out.
            self._cost.setScale(samples / -(-samples // size))

    def _hover(self, position: QPointF) -> None:
        self._pointed = position
        self._tell()

    def _tell(self) -> None:
        """Tell the losses at the step under the cursor, and where the selected racer is then."""
        race, position = self._session.race, self._pointed
        if position is None or not race.trajectories or not self.box.sceneBoundingRect().contains(position):
            self._readout.clear()
            return
        step = max(0, min(round(self.box.mapSceneToView(position).x()), race.last_step))
        room = self.viewport().rect().marginsRemoved(self._corner_margins)
        cursor = self.mapFromScene(position)
        # Beside the cursor, on the side with more room: what it points at stays to be seen.
        on_the_left = cursor.x() > room.center().x()
        if on_the_left:
            room.setRight(cursor.x() - self.look.pixels(APART))
        else:
            room.setLeft(cursor.x() + self.look.pixels(APART))
        inside = QSizeF(room.size()) - QSizeF(self.look.pixels(2), self.look.pixels(1))  # without the plate's edges
        metrics = QFontMetricsF(self._readout.font())
        self._readout.setText(words_at(race, step, self._session.selected, metrics, inside))
        size = self._readout.sizeHint()
        outer = room.left() if on_the_left else room.right() + 1 - size.width()
        self._readout.setGeometry(QRect(QPoint(outer, room.top()), size))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Tell it where there is room now."""
        super().resizeEvent(event)
        if hasattr(self, "_readout"):  # not yet while the base class is being built
            self._tell()

    def viewportEvent(self, event: QEvent) -> bool:
        """Nothing is under the cursor any more; nor while it is on what lies in the corner."""
        if event.type() == QEvent.Type.Leave:
            self._pointed = None
            self._readout.clear()
        return bool(super().viewportEvent(event))

    def _cover(self, *_: object) -> None:
        """Veil what is in view and not played yet."""
        (left, right), (low, high) = self.box.viewRange()
        left = max(left, float(self._session.step))
        self._veil.setRect(left, low, max(right - left, 0.0), high - low)

    def _on_axis(self, losses: FloatArray) -> FloatArray:
        return np.asarray(np.log10(np.maximum(losses, SMALLEST))) if self._logarithmic else losses

    def _fit(self, last: int) -> None:
        """Show all steps, and the losses from the lowest to the highest start: a diverged racer may leave the top."""
        losses = np.concatenate(self._values)
        finite = losses[np.isfinite(losses)]
        if not len(finite):  # all start in a hole of the surface
            return
        low = float(finite.min())
        high = max((float(values[0]) for values in self._values if np.isfinite(values[0])), default=low)
        if high - low <= 1e-9 * max(1.0, abs(low)):  # nobody gets below the start: show how they rise, up to ten times
            high = max(low + 1e-9, min(float(finite.max()), low + 10.0 * max(1.0, abs(low))))
        margin = 0.06 * (high - low)
        steps = max(last, 1)
        self.box.setLimits(xMin=-0.05 * steps, xMax=1.05 * steps, minXRange=min(5, steps))
        self.box.setRange(xRange=(0, steps), yRange=(low - margin, high + margin), padding=0.01)

    def _go_to(self, step: float) -> None:
        self._session.pause()
        self._session.go_to(round(step))


def thinned(values: FloatArray, most: int = MOST_POINTS) -> tuple[FloatArray, FloatArray]:
    """A long curve as steps and values of few points: each stretch keeps its lowest and highest."""
    if len(values) <= most:
        return np.arange(len(values), dtype=float), values
    stretch = int(np.ceil(2 * len(values) / most))
    whole = len(values) // stretch * stretch
    blocks = values[:whole].reshape(-1, stretch)
    first = np.arange(len(blocks))[:, None] * stretch
    pairs = np.sort(np.column_stack([blocks.argmin(axis=1), blocks.argmax(axis=1)]), axis=1) + first
    steps = np.unique(np.concatenate([[0], pairs.ravel(), np.arange(whole, len(values)), [len(values) - 1]]))
    return steps.astype(float), values[steps]


def _lowest(race: Race) -> float:
    losses = [trajectory.losses[np.isfinite(trajectory.losses)] for trajectory in race.trajectories]
    reached = [float(each.min()) for each in losses if len(each)]
    return min(reached + [minimum.value for minimum in race.surface.minima], default=0.0)
