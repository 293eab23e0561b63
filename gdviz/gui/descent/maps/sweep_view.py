"""The learning-rate sweep: how far every racer gets, and how fast, with every learning rate."""

from __future__ import annotations

import html
import math
from functools import partial

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout

from gdviz.descent.trajectory import Trajectory
from gdviz.gui.descent.maps.progressive import Progressive
from gdviz.gui.descent.maps.sweep_plot import SweepPlot
from gdviz.gui.descent.maps.sweep_traces import NOTHING, height, loss_range, loss_trace, step_trace
from gdviz.gui.descent.maps.sweep_work import Curve, Question, answers, questions, what_is_left_out
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.views.side import SideView
from gdviz.gui.numbers import exact, short, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import muted
from gdviz.gui.widgets.plot import with_alpha
from gdviz.gui.widgets.timers import one_shot

CLOSEST, FARTHEST = 0.02, 3.0
"""The least and the most that zooming shows, in sizes of all learning rates."""

REMEMBERED = 60
SETTLE_MILLISECONDS = 60
PATIENCE_MILLISECONDS = 500
FRAME_MILLISECONDS = 30
NEAR_PIXELS = 24.0
OUTDATED = 0.35
"""How much of a curve is left while its racer's new one is computed."""
_HINT = "Click a curve to use that learning rate."
_NO_RACER = "There is no racer whose learning rates could be swept; add one."


class SweepView(SideView):
    """Two panels, one above the other: the loss in the end, and the steps to converge.

    Curves come racer by racer and are remembered, so that only what changed is computed again.
    """

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__(session, look)
        self.setObjectName("descent.sweep")
        self.setAccessibleName("Learning-rate sweep")
        self._answers: list[tuple[Question, Curve]] = []
        self._asked: list[Question] = []
        self._last: dict[int, Curve] = {}
        self._shown: list[Curve] = []
        self._decades = (0, 0)
        self._cursor: tuple[int, int] | None = None
        self._problem = ""
        self.losses = SweepPlot("descent.sweep.losses", "Loss in the end against the learning rate", look)
        self.steps = SweepPlot("descent.sweep.steps", "Steps to converge against the learning rate", look)
        self.losses.label("", "loss above the lowest")
        self.steps.label("learning rate", "steps")
        self.losses.getAxis("bottom").setStyle(showValues=False)
        self.steps.box.setXLink(self.losses.box)
        self.readout = QLabel(_HINT)
        self.readout.setObjectName("descent.sweep.readout")
        self.readout.setTextFormat(Qt.TextFormat.RichText)
        self.readout.setWordWrap(True)
        self.progress = muted()
        self.progress.setObjectName("descent.sweep.progress")
        self._lay_out()
        self._work = Progressive("sweep", self)
        self._work.made.connect(self._take)
        self._work.ended.connect(lambda _: self._rest())
        self._work.failed.connect(self._say_problem)
        self._settle = one_shot(self, SETTLE_MILLISECONDS, self._ask)
        self._impatient = one_shot(self, PATIENCE_MILLISECONDS, self._show_progress)
        for plot in (self.losses, self.steps):
            plot.setAccessibleDescription("Arrow keys move along the curves, Return uses the learning rate")
            plot.scene().sigMouseMoved.connect(partial(self._hover, plot))
            plot.box.clicked.connect(partial(self._click, plot))
            plot.moved.connect(self._move)
            plot.used.connect(self._use)
        session.spec_changed.connect(self._refresh)
        self._soon = one_shot(self, FRAME_MILLISECONDS, self._draw_if_visible)
        session.race_changed.connect(self._draw_soon)
        look.changed.connect(self._draw_if_visible)

    def reset_view(self) -> None:
        """Show all learning rates."""
        low, high = self._decades
        for plot in (self.losses, self.steps):
            plot.box.limit_zoom(high - low, 1.0, closest=CLOSEST, farthest=FARTHEST)
        self.losses.box.setXRange(low, high, padding=0.02)

    def close_view(self) -> None:
        """End the thread and the timers."""
        self._settle.stop()
        self._impatient.stop()
        self._soon.stop()
        self._work.close()

    def showEvent(self, event: QShowEvent) -> None:
        """From now on it is computed and drawn."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nobody looks: nothing is computed."""
        super().hideEvent(event)
        self._settle.stop()
        self._work.cancel()
        self._rest()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self._point_at(None)

    def changeEvent(self, event: QEvent) -> None:
        """Keep room for two lines of reading at any text scale, so that the panels do not jump."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "readout"):
            self._fit_readout()

    def _lay_out(self) -> None:
        below = QHBoxLayout()
        below.setContentsMargins(8, 2, 8, 4)
        below.addWidget(self.readout, 1)
        below.addWidget(self.progress, 0, Qt.AlignmentFlag.AlignTop)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.losses, 5)
        column.addWidget(self.steps, 3)
        column.addLayout(below)
        self._fit_readout()

    def _fit_readout(self) -> None:
        self.readout.setMinimumHeight(2 * self.readout.fontMetrics().lineSpacing())

    # What is computed

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        try:
            self._asked = questions(self.session.spec)
        except ValueError as error:  # settings that are not allowed; the banner of the tab says the same
            self._say_problem(str(error))
            return
        self._problem = ""
        decades = self._asked[0].decades if self._asked else (-5, 1)
        if decades != self._decades:
            self._decades = decades
            self.reset_view()
        if self._missing():
            self._settle.start()
        else:
            self._settle.stop()
            self._work.cancel()
        self._draw()

    def _missing(self) -> list[Question]:
        return [question for question in self._asked if self._answer(question) is None]

    def _answer(self, question: Question) -> Curve | None:
        return next((curve for asked, curve in self._answers if asked == question), None)

    def _ask(self) -> None:
        self._work.start(partial(answers, self._missing()))
        if not self._impatient.isActive():
            self._impatient.start()

    def _take(self, answer: tuple[Question, Curve]) -> None:
        self._answers = [*self._answers[-REMEMBERED + 1 :], answer]
        if self.progress.text():
            self._show_progress()
        self._draw_soon()

    def _rest(self) -> None:
        self._impatient.stop()
        self.progress.clear()

    def _show_progress(self) -> None:
        done = len(self._asked) - len(self._missing())
        self.progress.setText(f"computing, {done} of {len(self._asked)} …")

    def _say_problem(self, text: str) -> None:
        self._rest()
        self._problem = text
        self._show_reading()

    # What is drawn

    def _draw_soon(self) -> None:
        """Answers come faster than they can be looked at, and races sixty times a second while a start is dragged."""
        if self.isVisible() and not self._soon.isActive():
            self._soon.start()

    def _draw_if_visible(self) -> None:
        if self.isVisible():
            self._draw()

    def _draw(self) -> None:
        racers = self.session.spec.racers
        shown = []
        for racer, question in zip(racers, self._asked, strict=False):
            curve = self._answer(question)
            if curve is not None:
                self._last[racer.color] = curve
            shown.append((self._last.get(racer.color, NOTHING), curve is not None))
        self._shown = [curve for curve, _ in shown]
        floor = min([curve.lowest for curve in self._shown if len(curve.rates)], default=0.0)
        losses, steps = [], []
        for index, (curve, current) in enumerate(shown):
            color = self.look.racer(racers[index].color)
            pen = color if current else with_alpha(color, OUTDATED)
            width = self.look.line_width + (index == self.session.selected)
            rate, own = racers[index].optimizer.learning_rate, self._own_race(index)
            losses.append(loss_trace(pen, width, curve, floor, rate, own))
            steps.append(step_trace(pen, width, curve, rate, own))
        self.losses.draw(losses, *loss_range(losses, self._start_height(floor)))
        self.steps.draw(steps, 0.0, math.log10(max(self.session.spec.steps, 10)))
        self._point_at(self._cursor)

    def _start_height(self, floor: float) -> float:
        with np.errstate(all="ignore"):
            start = float(self.session.surface.value(np.array(self.session.spec.start)))
        return float(height(start, floor))

    def _own_race(self, index: int) -> Trajectory | None:
        """The racer's own race, None while it is not computed."""
        race = self.session.race
        there = race.spec == self.session.spec and race.whole and index < len(race.trajectories)
        return race.trajectories[index] if there else None

    # What is read and chosen

    def _hover(self, plot: SweepPlot, position: QPointF) -> None:
        self._point_at(plot.nearest(position, NEAR_PIXELS))

    def _click(self, plot: SweepPlot, position: QPointF) -> None:
        self._point_at(plot.nearest(position, NEAR_PIXELS))
        self._use()

    def _move(self, rates: int, racers: int) -> None:
        """Right is a higher rate, up the racer before."""
        count = len(self._shown)
        if not count:
            return
        if self._cursor is None:
            racer = min(self.session.selected, count - 1)
            present = self.session.spec.racers[racer].optimizer.learning_rate
            there = self._shown[racer].rates
            rate = int(np.argmin(np.abs(np.log10(there / present)))) if len(there) else 0
        else:
            racer, rate = self._cursor
            racer, rate = (racer - racers) % count, rate + rates
        self._point_at((racer, min(max(rate, 0), len(self._shown[racer].rates) - 1)))

    def _point_at(self, cursor: tuple[int, int] | None) -> None:
        if cursor is not None and (cursor[0] >= len(self._shown) or not len(self._shown[cursor[0]].rates)):
            cursor = None
        self._cursor = cursor
        self.losses.point_at(cursor)
        self.steps.point_at(cursor)
        self._show_reading()

    def _use(self) -> None:
        if self._cursor is None:
            return
        racer, rate = self._cursor
        optimizer = self.session.spec.racers[racer].optimizer
        self.session.select(racer)
        chosen = float(self._shown[racer].rates[rate])
        self.session.set_optimizer(racer, optimizer.with_setting("learning_rate", chosen))

    def _show_reading(self) -> None:
        if self._problem:
            self.readout.setText(html.escape(self._problem))
        elif self._cursor is not None:
            self.readout.setText(self._reading(*self._cursor))
        elif not self.session.spec.racers:
            self.readout.setText(_NO_RACER)
        else:
            left_out = what_is_left_out(self.session.spec)
            self.readout.setText(f"Swept {left_out}. {_HINT}" if left_out else _HINT)

    def _reading(self, racer: int, rate: int) -> str:
        spec, curve = self.session.spec, self._shown[racer]
        color, title = self.look.racer(spec.racers[racer].color).name(), spec.racers[racer].optimizer.declaration.title
        loss, steps = curve.losses[rate], curve.steps[rate]
        if math.isnan(loss):
            end = "diverged"
        elif math.isfinite(steps):
            end = f"loss {short(loss)}, converged after {whole(steps)} steps"
        else:
            end = f"loss {short(loss)} after {whole(spec.steps)} steps, not converged"
        return f'<span style="color:{color}">●</span> {title}, learning rate {exact(float(curve.rates[rate]))}: {end}'
