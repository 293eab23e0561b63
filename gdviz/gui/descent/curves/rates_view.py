"""The lecture's picture: a learning rate that is too low, one that is right, and one that is too high, side by side."""

from __future__ import annotations

from functools import partial

from PySide6.QtGui import QHideEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.races import surface_of
from gdviz.descent.spec import SurfaceSpec
from gdviz.gui.descent.curves.rate_panel import RatePanel
from gdviz.gui.descent.curves.three_rates import RatesPicture, RatesSpec, curve_titles, three_rates
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.views.side import SideView
from gdviz.gui.numbers import place
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, choice_box, icon_button
from gdviz.gui.widgets.flow import flow_bar
from gdviz.gui.widgets.latest import Latest

WORDS_FROM = 24.0
"""From this height on, in grid units, the plots have room to spare for words."""

SHARES = (6, 5, 5)
"""Of the width: the first panel has the axis of all three beside its plot."""

PANELS = {"low": "low", "right": "middle", "high": "high"}
Chosen = tuple[float | None, float | None, float | None]
DERIVED: Chosen = (None, None, None)


class RatesView(SideView):
    """Lets the selected racer's optimizer descend with three learning rates at once, all at the session's step."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__(session, look)
        self.setObjectName("descent.rates")
        self.setAccessibleName("Three learning rates side by side")
        self.picture: RatesPicture | None = None
        self._chosen = DERIVED
        self._chosen_for: tuple[str, str] = ("", "")
        self._start: float | None = None  # on a curve that is not the session's surface; None is the curve's own
        self._asked: RatesSpec | None = None
        self._color = 0
        self.curve_box = choice_box("descent.rates.curve", "Curve", curve_titles(), tip="The loss of one parameter")
        self.curve_box.activated.connect(lambda _: self._take_curve())
        self.title = ElidedLabel("descent.rates.title", letters=9)  # so that all is one row beside the step card
        self.title.setProperty("role", "heading")
        self.derive_button = icon_button(
            "descent.rates.derive", "reset", "Derive the rates", look, tip="Back to the learning rates derived"
        )
        self.derive_button.clicked.connect(self._derive)
        self.panels = tuple(
            RatePanel(look, f"descent.rates.{name}", title, index) for index, (name, title) in enumerate(PANELS.items())
        )
        for index, panel in enumerate(self.panels):
            panel.rate_edited.connect(partial(self._set_rate, index))
            panel.start_moved.connect(self._move_start)
            panel.start_dropped.connect(session.end_gesture)
        row = QHBoxLayout()
        row.setSpacing(0)
        for panel, share in zip(self.panels, SHARES, strict=True):
            row.addWidget(panel, share)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(flow_bar("descent.rates.bar", [self.curve_box, self.title, self.derive_button]))
        column.addLayout(row, 1)
        self._worker = Latest("rates", self)
        self._worker.done.connect(self._show)
        self._worker.failed.connect(self.title.setText)
        session.spec_changed.connect(self._refresh)
        session.race_changed.connect(self._refresh)
        session.step_changed.connect(self._show_step)
        look.changed.connect(self._restyle)

    def reset_view(self) -> None:
        """Show the whole curve in all panels."""
        if self.picture is not None:
            for panel in self.panels:
                panel.plot.show_frame(*self.picture.frame)

    def mark_minima(self, *, marked: bool) -> None:
        """Mark the known minima of the curve, or not."""
        for panel in self.panels:
            panel.plot.mark_minima(marked=marked)

    def close_view(self) -> None:
        """End the thread."""
        self._worker.close()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed meanwhile."""
        super().showEvent(event)
        self._refresh()

    def hideEvent(self, event: QHideEvent) -> None:
        """The race ends with its own last step again, unless another tab is only in front."""
        super().hideEvent(event)
        if self.isHidden():
            self.session.reach(0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Use the width that is there now."""
        super().resizeEvent(event)
        self._level()

    def _level(self) -> None:
        """Let all three plots begin at the same height, and be the last to go without room."""
        narrowest = self.width() * min(SHARES) // sum(SHARES)
        above, below = (narrowest >= room for room in self.panels[0].room_for_rows)
        wordless = self.height() < self.look.pixels(WORDS_FROM)
        self.title.setVisible(not wordless)  # the panel beside the contours names the racer, too
        for panel in self.panels:
            panel.set_in_rows(above, below)
            panel.leave_out_words(wordless)

    @property
    def asked(self) -> RatesSpec:
        """What the view shows, or is about to."""
        spec, own = self.session.spec, self.session.surface.dimensions == 1
        surface = spec.surface if own else SurfaceSpec(self.curve_box.currentData())
        optimizer, schedule, start = OptimizerSpec("sgd"), ScheduleSpec(), spec.start
        if spec.racers:
            racer = spec.racers[min(self.session.selected, len(spec.racers) - 1)]
            optimizer, schedule, start = racer.optimizer, racer.schedule, racer.start or spec.start
        if not own:
            usual = surface_of(surface).start
            start = (usual[0] if self._start is None else self._start, usual[1])
        chosen = self._chosen if self._chosen_for == (surface.key, optimizer.key) else DERIVED
        return RatesSpec(surface, optimizer, schedule, start, spec.steps, spec.tolerance, chosen)

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        own = self.session.surface.dimensions == 1
        self.curve_box.setVisible(not own)
        asked = self.asked
        if asked != self._asked:
            self._asked = asked
            self._worker.request(partial(three_rates, asked, self._worker.closed))
        elif self._color != self._racer_color():
            self._restyle()
        self._show_step()

    def _show(self, picture: RatesPicture) -> None:
        self.picture = picture
        self._color = self._racer_color()
        for panel in self.panels:
            panel.show_picture(picture, self._color)
        title = picture.spec.optimizer.declaration.title
        self.title.setText(f"{title} from w0 = {place(picture.spec.start[0])}")
        self.derive_button.setToolTip(f"Back to the learning rates derived: {picture.origin}")
        self.derive_button.setEnabled(picture.spec.rates != DERIVED)
        self._show_step()

    def _show_step(self) -> None:
        if self.isVisible() and self.picture is not None:
            self.session.reach(max(trajectory.steps for trajectory in self.picture.trajectories))
            for panel in self.panels:
                panel.show_step(self.session.step)

    def _set_rate(self, index: int, rate: float) -> None:
        asked = self.asked
        low, right, high = (rate if number == index else old for number, old in enumerate(asked.rates))
        self._chosen, self._chosen_for = (low, right, high), (asked.surface.key, asked.optimizer.key)
        self._refresh()

    def _derive(self) -> None:
        self._chosen = DERIVED
        self._refresh()

    def _take_curve(self) -> None:
        self._start = None
        self._refresh()

    def _move_start(self, w0: float) -> None:
        session = self.session
        if session.surface.dimensions > 1:
            self._start = w0
            self._refresh()
            return
        session.move_start((w0, session.spec.start[1]))

    def _racer_color(self) -> int:
        racers = self.session.spec.racers
        return racers[min(self.session.selected, len(racers) - 1)].color if racers else 0

    def _restyle(self) -> None:
        """Draw in the colours and sizes of the look now in force."""
        for panel in self.panels:
            panel.restyle()
        self._level()
        if self.picture is not None and self.isVisible():
            self._show(self.picture)
