"""One dimension: the loss along a line, with the balls, the slope and the next step."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QVBoxLayout

from gdviz.descent.spec import Point
from gdviz.gui.descent.curves.curve_plot import CurvePlot
from gdviz.gui.descent.curves.cut_curve import DIRECTIONS, CutLine, CutPicture, cut_picture
from gdviz.gui.descent.parameters import in_parameters
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.views.contour_view import fan_color
from gdviz.gui.descent.views.side import SideView
from gdviz.gui.numbers import place, short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, SteadyLabel, choice_box, muted
from gdviz.gui.widgets.flow import flow_bar, side_by_side
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.timers import one_shot

ZOOM_SETTLE_MILLISECONDS = 30
FAR_OUTSIDE = 10.0
"""Of a ball that is so many diagonals of the surface away no curve is drawn: its axes would have no digits left."""

FLAT = 0.15
"""Where the curve takes up less than this share of the plot's height, the plot is fitted anew."""

NUMBERS = {"place": "w0 −0.0000", "loss": "loss 0.0000", "slope": "slope −0.0000", "step": "step −0.0000"}
"""Said below the plot about the selected racer's ball, each with a text as wide as it usually is."""


class CutView(SideView):
    """Draws a loss of one parameter, or a surface cut along a line through the selected racer's point.

    Signals:
        drawn(): another picture, or none, is shown.
    """

    drawn = Signal()

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__(session, look)
        self.setObjectName("descent.cut")
        self.setAccessibleName("The loss along a line")
        self.picture: CutPicture | None = None
        self._held: CutLine | None = None
        self._fitted_for: tuple[object, ...] = ()
        self._zoomed = False
        self.direction_box = choice_box(
            "descent.cut.direction",
            "Direction of the cut",
            DIRECTIONS,
            tip="The line along which the surface is cut; it goes through the selected racer's ball",
        )
        self.direction_box.setMinimumContentsLength(max(len(title) for title in DIRECTIONS.values()))
        self.direction_box.activated.connect(lambda _: self._refresh())
        self._what = muted("cut")
        self.title = ElidedLabel("descent.cut.title")
        self.title.setProperty("role", "heading")
        self.title.setAccessibleName("What is cut")
        self.numbers = tuple(
            SteadyLabel(template, name=f"descent.cut.{name}", role="muted") for name, template in NUMBERS.items()
        )
        self.plot = CurvePlot("descent.cut.plot", "The loss along the line", look)
        self.plot.setToolTip("Click or drag: a new start. Wheel: zoom. Right button: pan")
        self.plot.describe = self._describe
        self.plot.moved.connect(self._move_start)
        self.plot.dropped.connect(self._drop_start)
        self.plot.box.sigRangeChangedManually.connect(self._zoomed_by_hand)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        self.bar = flow_bar("descent.cut.bar", [side_by_side(self._what, self.direction_box), self.title])
        column.addWidget(self.bar)
        column.addWidget(self.plot, 1)
        column.addWidget(flow_bar("descent.cut.numbers", self.numbers, spacing=12))
        self._settle = one_shot(self, ZOOM_SETTLE_MILLISECONDS, self._refresh)
        self._worker = Latest("cut", self)
        self._worker.done.connect(self._show)
        self._worker.failed.connect(self._show_problem)
        session.race_changed.connect(self._refresh)
        session.step_changed.connect(self._refresh)
        session.spec_changed.connect(self._refresh)
        session.substep_changed.connect(self._show_next)
        session.playing_changed.connect(self._show_next)
        look.changed.connect(self._restyle)

    def reset_view(self) -> None:
        """Show the whole curve."""
        self._fitted_for, self._zoomed = (), False
        self._refresh()

    def mark_minima(self, *, marked: bool) -> None:
        """Mark the known minima on the line, or not."""
        self.plot.mark_minima(marked=marked)

    def close_view(self) -> None:
        """End the thread and the timer."""
        self._settle.stop()
        self._worker.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed meanwhile."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """Rest."""
        super().hideEvent(event)
        self._settle.stop()
        self.line_changed.emit(None)

    def _refresh(self) -> None:
        """Compute the picture of what is shown now; on a thread, as a typed formula may take its time."""
        if not self.isVisible():
            return
        session, direction = self.session, self.direction_box.currentData()
        for widget in (self._what, self.direction_box):
            widget.setVisible(session.race.surface.dimensions > 1)
        fitted_for = (session.race.surface, session.selected, direction)
        view = None
        if fitted_for == self._fitted_for:
            view = tuple(self.plot.box.viewRange()[0])
        self._worker.request(
            partial(cut_picture, session.race, session.step, session.selected, direction, view, self._held)
        )

    def _show(self, picture: CutPicture | None) -> None:
        self.picture = picture
        if picture is None:
            self._show_problem("Add a racer: the cut goes through its ball")
            return
        racers = picture.race.spec.racers
        if _is_far_outside(picture):
            name = picture.race.names[picture.selected]
            w = ", ".join(short(value) for value in picture.cut.line.point.tolist())
            self._show_problem(f"{name} is far outside the surface, at ({w}): go back to an earlier step")
            return
        self._fit(picture)
        colors = [self.look.racer(racer.color) for racer in racers]
        balls = sorted(picture.balls, key=lambda ball: ball.index == picture.selected)  # the selected one on top
        self.plot.show_curve(picture.x, picture.loss)
        self.plot.show_minima(picture.minima)
        self.plot.show_dots([(ball.visited, colors[ball.index]) for ball in balls])
        self.plot.show_fan(picture.fan, fan_color(picture.race, self.look))
        self.plot.show_balls([(ball.x, ball.loss) for ball in balls], [colors[ball.index] for ball in balls])
        self.title.setText(self._title(picture))
        self._show_next()
        if not picture.cut.is_whole and self.isVisible():
            self.line_changed.emit(picture.cut.w_at(self.plot.box.viewRange()[0]))
        else:
            self.line_changed.emit(None)
        self.drawn.emit()

    def _show_next(self) -> None:
        """Show where the next step leads; while steps are explained, not before that is explained."""
        picture, session = self.picture, self.session
        if picture is None:
            return
        explained = session.explaining and not session.playing
        told = not explained or any(sub.kind == "step" for sub in session.substeps[: session.substep])
        ball, following = picture.ball, picture.next if told else None
        here = (ball.x, ball.loss)
        # The step card draws an arrow of its own.
        arrow = None if explained or following is None else (here, following)
        self.plot.show_marks((here, picture.slope), arrow, following)
        where, loss, slope, step = _numbers(picture)
        self._say((where, loss, slope, step if told or picture.has_ended else ""))

    def _show_problem(self, text: str) -> None:
        self.picture = None
        empty = np.empty((0, 2))
        self.plot.show_curve(empty[:, 0], empty[:, 1])
        self.plot.show_minima(empty)
        self.plot.show_dots([])
        self.plot.show_fan(empty, self.look.racer(0))
        self.plot.show_balls([], [])
        self.plot.show_marks(None, None)
        self.title.setText(text)
        self._say(("",) * len(NUMBERS))
        self.line_changed.emit(None)
        self.drawn.emit()

    def _say(self, texts: Sequence[str]) -> None:
        for label, text in zip(self.numbers, texts, strict=True):
            label.setVisible(bool(text))
            label.setText(text)

    def _fit(self, picture: CutPicture) -> None:
        """Show all of a new curve; while it plays, only where it has become flat or the ball has left it."""
        fitted_for = (picture.race.surface, picture.selected, self.direction_box.currentData())
        new = fitted_for != self._fitted_for
        if not new and (self._zoomed or self._held is not None or picture.cut.is_whole):
            return
        (left, right), (low, high) = self.plot.box.viewRange()
        height = picture.frame[3] - picture.frame[2]
        ball_in_view = low <= picture.ball.loss <= high
        in_place = np.allclose(picture.frame[:2], (left, right), atol=1e-6 * (right - left))
        if not new and in_place and ball_in_view and height > FLAT * (high - low):
            return
        self._fitted_for, self._zoomed = fitted_for, False
        direction = picture.cut.direction
        axis = direction if direction in ("w0", "w1") else "distance from the ball"
        self.plot.label(axis, "loss")
        self.plot.show_frame(*picture.frame)

    def _title(self, picture: CutPicture) -> str:
        """What is cut where; the numbers first, as a narrow view leaves out the end."""
        made, surface = picture.cut, picture.race.surface
        if made.is_whole:
            return f"{surface.title}: {in_parameters(surface.formula)}"
        w = made.line.point
        racer = picture.race.names[picture.selected]
        note = f" ({made.note})" if made.note else ""
        if made.direction in ("w0", "w1"):
            other = int(made.direction == "w0")
            return f"at w{other} = {place(w[other])} through {racer}{note}"
        return f"at ({w[0]:.2f}, {w[1]:.2f}) through {racer}{note}".replace("-", "−")

    def _describe(self, x: float) -> str:
        """What the cursor points at."""
        if self.picture is None:
            return ""
        made = self.picture.cut
        w = made.w_at(x)
        with np.errstate(all="ignore"):
            loss, slope = float(made.line.values(x - made.offset)), float(made.line.slope(x - made.offset))
        where = f"w0 {place(w[0])}" if made.is_whole else f"w0 {place(w[0])}   w1 {place(w[1])}"
        return f"{where}\nloss {short(loss)}\nslope {short(slope)}"

    def _zoomed_by_hand(self, *_: object) -> None:
        self._zoomed = True
        self._settle.start()

    def _move_start(self, x: float) -> None:
        """Let the race begin where the cursor points; the line stays where it is meanwhile."""
        if self.picture is None:
            return
        made, session = self.picture.cut, self.session
        if made.is_whole:
            start: Point = (x, session.spec.start[1])
        else:
            if self._held is None:
                self._held = made
                session.pause()
                session.go_to(0)  # where the ball is at the start, and so under the cursor
            w = made.w_at(x)
            start = (float(w[0]), float(w[1]))
        session.move_start(start)

    def _drop_start(self) -> None:
        self._held = None
        self.session.end_gesture()
        self._refresh()

    def _restyle(self) -> None:
        """Draw in the colours and sizes of the look now in force."""
        if self.picture is not None and self.isVisible():
            self._show(self.picture)


def _is_far_outside(picture: CutPicture) -> bool:
    """Whether nothing of a cut through the ball would be seen: a curve of one parameter is always seen as a whole."""
    bounds = picture.race.surface.bounds
    centre = np.array([sum(bounds.w0), sum(bounds.w1)]) / 2
    away = float(np.hypot(*(np.asarray(picture.cut.line.point) - centre)))
    return not picture.cut.is_whole and away > FAR_OUTSIDE * bounds.diagonal


def _numbers(picture: CutPicture) -> tuple[str, ...]:
    """The texts of ``NUMBERS``; "" is not said."""
    ball = picture.ball
    if picture.next is not None:
        move = short(picture.next[0] - ball.x)
        step = f"step {move if move.startswith('−') else '+' + move}"
    elif picture.has_ended:
        step = picture.race.trajectories[picture.selected].outcome.value
    else:
        step = "the next step leaves the line"
    direction = picture.cut.direction
    where = f"{direction} {place(ball.x)}" if direction in ("w0", "w1") else ""
    return where, f"loss {short(ball.loss)}", f"slope {short(picture.slope)}", step
