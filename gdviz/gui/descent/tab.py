"""Tab 1: loss surfaces and the optimizers racing on them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QCoreApplication, QEvent, QSettings, Qt
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QSplitter, QVBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.gui.descent.keys import add_keys
from gdviz.gui.descent.racers.coach_line import CoachLine
from gdviz.gui.descent.racers.panel import RacerPanel
from gdviz.gui.descent.racers.results import Results
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.step_card.arrows import ContourArrows, SurfaceArrows
from gdviz.gui.descent.step_card.card import CARD_FROM_WIDTH, CARD_WIDTH, StepCard
from gdviz.gui.descent.top_bar import SCALES, TopBar
from gdviz.gui.descent.upright import Upright
from gdviz.gui.descent.views.loss_view import LossView
from gdviz.gui.descent.views.side import SIDES
from gdviz.gui.descent.views.view_area import VIEWS, ViewArea
from gdviz.gui.numbers import as_sentence, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.banner import Banner
from gdviz.gui.widgets.controls import choice_box, icon_button, in_corner, muted
from gdviz.gui.widgets.flow import side_by_side
from gdviz.gui.widgets.imports import after_import
from gdviz.gui.widgets.number_field import NumberField
from gdviz.gui.widgets.tab import Tab
from gdviz.gui.widgets.timers import one_shot
from gdviz.gui.widgets.transport import TransportBar

if TYPE_CHECKING:
    from gdviz.gui.descent.views.surface_view import SurfaceView

SPEED = Parameter("speed", 30.0, "steps a second while it plays", minimum=0.1, maximum=1000.0, logarithmic=True)
PANEL_WIDTH, PANEL_SHARE = 33.0, 0.39
"""Width of the panel at first in grid units, and the most of the tab's width that larger text gives it."""


class DescentTab(Tab):
    """Lays the views and controls out, and connects them with the session."""

    title = "Gradient descent"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent")
        self.look = look
        self.session = DescentSession(self)
        self.session.clock.hold(True)
        self.views = ViewArea(self.session, look)
        self.contours = self.views.contours
        self.top = TopBar(self.session, self.views, look)
        self.losses = LossView(self.session, look)
        self._closed = False
        self._scale = look.scale
        self._look_for_room = one_shot(self, 0, self._fold_for_room)  # when everything has heard of the new size
        self.results = Results(self.session, look)
        self.table = self.results.table
        self.panel = RacerPanel(self.session, look)
        self.card = StepCard(self.session, look)
        self.coach = CoachLine(self.session, look)
        self.banner = Banner("descent.banner")
        self.transport = TransportBar("descent", look, position_template="step 1 000 of 1 000")
        self._make_controls()
        self._lay_out()
        self._connect()
        add_keys(self)

    @property
    def main_view(self) -> QWidget:
        """The contours."""
        return self.contours

    def showEvent(self, event: QShowEvent) -> None:
        """Go on where the tab was left."""
        super().showEvent(event)
        self.session.clock.hold(False)

    def hideEvent(self, event: QHideEvent) -> None:
        """Hold a race that nobody sees: nothing of it is missed, and the other tab has all the time."""
        super().hideEvent(event)
        self.session.clock.hold(True)

    def begin(self) -> None:
        """Start the first race, and load the 3-D view, which takes longest."""
        self.session.compute()
        self.session.play()
        after_import(self, "gdviz.gui.descent.views.surface_view", self._add_surface_view)

    def _add_surface_view(self) -> None:
        if not self._closed:
            self.views.add_surface_view()
            if self.surface_view is not None:
                SurfaceArrows(self.surface_view, self.card.marks, self.look, self.card.formulas)

    def _explain_view(self, key: str, view: object) -> None:
        if key == "cut":  # what it needs is imported when it is built, as the view is
            from gdviz.gui.descent.curves.cut_view import CutView
            from gdviz.gui.descent.step_card.curve_arrows import CurveArrows

            assert isinstance(view, CutView)
            CurveArrows(view, self.card.marks, self.look, self.card.formulas)

    def _make_controls(self) -> None:
        self.loss_box = choice_box("descent.loss_scale", "Loss axis", SCALES, tip="The loss axis (Shift+L)")
        self.speed = NumberField(SPEED)
        self.speed.setObjectName("descent.speed")
        self.speed.setMaximumWidth(self.look.pixels(9))
        self.loop_button = icon_button(
            "descent.loop", "loop", "Loop", self.look, tip="Play again from the start", checkable=True
        )
        self.transport.add(side_by_side(muted("speed"), self.speed, muted("steps/s"), spacing=6))
        self.transport.add(self.loop_button)

    def _lay_out(self) -> None:
        self.below = QSplitter(Qt.Orientation.Horizontal)
        self.below.addWidget(self.losses)
        self.below.addWidget(self.results)
        in_corner(self.losses, self.loss_box)
        self.below.setSizes([355, 645])  # all columns of the table in a window of 1280 pixels
        self.upright = Upright(self.look)
        self.upright.addWidget(self.views)
        self.upright.addWidget(self.below)
        self.upright.setSizes([640, 300])
        self.upright.setStretchFactor(0, 2)
        self.upright.setStretchFactor(1, 1)
        self.sides = QSplitter(Qt.Orientation.Horizontal)
        self.sides.addWidget(self.panel)
        middle = QWidget()
        middle_column = QVBoxLayout(middle)
        middle_column.setContentsMargins(0, 0, 0, 0)
        middle_column.setSpacing(0)
        middle_column.addWidget(self.upright, 1)
        middle_column.addWidget(self.coach)
        self.sides.addWidget(middle)
        self.sides.addWidget(self.card)
        self.sides.setStretchFactor(1, 1)
        self.sides.setSizes([self.look.pixels(PANEL_WIDTH), 1000, self.look.pixels(CARD_WIDTH)])
        self._panel_width: float | None = None
        self.sides.splitterMoved.connect(self._forget_panel_width)
        self.sides.setCollapsible(2, False)
        self.views.built.connect(self._explain_view)
        self.card.hide()
        self.contours.step_drawn.connect(self.card.marks.tell)
        self.contours.addItem(ContourArrows(self.card.marks, self.look, self.card.formulas))
        for splitter in (self.views, self.below, self.upright, self.sides):
            splitter.setHandleWidth(6)
        for splitter in (self.below, self.upright):
            splitter.setChildrenCollapsible(False)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.banner)
        column.addWidget(self.sides, 1)
        column.addWidget(self.transport)

    def _forget_panel_width(self) -> None:
        """A person moved a handle: from now on the panel keeps that width at every text scale."""
        self._panel_width = None

    def _follow_scale(self) -> None:
        """Let the panel grow with its text, as far as the views have room; back at the usual text it is as before."""
        before, self._scale = self._scale, self.look.scale
        panel, middle, card = self.sides.sizes()
        if self._scale == before or not panel:  # another theme; or not shown yet, or folded away
            return
        if self._panel_width is None:
            self._panel_width = panel / before
        width = min(round(self._panel_width * self._scale), round(PANEL_SHARE * (panel + middle + card)))
        self.sides.setSizes([width, middle + panel - width, card])
        self._look_for_room.start()

    def _fold_for_room(self) -> None:
        """Fold the step card away where text has become so large that the screen has no room for it."""
        room, window = self.screen().availableSize(), self.window()
        if self.card.isVisible() and self.minimumSizeHint().width() > room.width():
            self.card.set_open(False)
            _tell_what_is_needed(self.sides)
            window.resize(window.size().boundedTo(room))  # it had grown to make room for the card

    def _connect(self) -> None:
        session, transport = self.session, self.transport
        self.look.changed.connect(self._follow_scale)
        transport.play_toggled.connect(session.play_pause)
        transport.step_forward.connect(self.step_forward)
        transport.step_back.connect(self.step_back)
        transport.to_start.connect(self.to_start)
        transport.to_end.connect(self.to_end)
        transport.scrubbed.connect(self._scrub)
        session.playing_changed.connect(transport.set_playing)
        session.step_changed.connect(self._show_position)
        session.race_changed.connect(self._show_position)
        session.spec_changed.connect(lambda: self.banner.outdate(session.spec))
        session.failed.connect(lambda text: self.banner.say(text, kind="error", about=session.spec))
        for part in (self.panel, self.views):
            part.refused.connect(lambda text: self.banner.say(as_sentence(text), about=session.spec))
        self.results.out.failed.connect(lambda text: self.banner.say(text, kind="error"))
        self.loss_box.activated.connect(lambda _: self._show_loss_scale())
        self.top.random_button.clicked.connect(self.random_start)
        self.top.card_button.toggled.connect(self.card.set_open)
        self.card.folded.connect(lambda folded: self.top.card_button.setChecked(not folded))
        self.speed.edited.connect(self._set_speed)
        self.loop_button.toggled.connect(self._set_loop)

    @property
    def surface_view(self) -> SurfaceView | None:
        """The 3-D view; None until it is built, and where there can be none."""
        return self.views.surface_view

    def choose_side(self, side: str) -> None:
        """Let another view stand beside the contours: a key of ``SIDE_TITLES``."""
        self.views.choose_side(side)

    def _show_loss_scale(self) -> None:
        self.losses.set_logarithmic(self.loss_box.currentData() == "logarithmic")

    def _show_position(self) -> None:
        last = self.session.last_step
        self.transport.set_position(self.session.step, last, f"step {whole(self.session.step)} of {whole(last)}")

    def _scrub(self, step: int) -> None:
        self.session.pause()
        self.session.go_to(step)

    def _set_speed(self, value: object) -> None:
        assert isinstance(value, float)
        self.session.clock.speed = value

    def _set_loop(self, loop: bool) -> None:
        self.session.loop = loop

    def reset_view(self) -> None:
        """Show the whole surface in both views, and the whole race in the loss curves."""
        self.views.reset_view()
        self.losses.reset_view()

    def random_start(self) -> None:
        """Let all racers start from a random place of the surface."""
        self.card.foot.random_start()

    def play_pause(self) -> None:
        """Start or stop playing."""
        self.session.play_pause()

    def step_forward(self) -> None:
        """One step of every racer."""
        self.session.step_by(1)

    def step_back(self) -> None:
        """One step back."""
        self.session.step_by(-1)

    def next_substep(self) -> None:
        """One sub-step of the selected racer, or one step of all while steps are not explained."""
        self.session.next_substep() if self.session.explaining else self.step_forward()

    def previous_substep(self) -> None:
        """The same, back."""
        self.session.previous_substep() if self.session.explaining else self.step_back()

    def to_start(self) -> None:
        """To the start of the race."""
        self.session.pause()
        self.session.go_to(0)

    def to_end(self) -> None:
        """To where the last racer ends."""
        self.session.pause()
        self.session.go_to(self.session.last_step)

    def reset(self) -> None:
        """Back to the start of the race, and play."""
        self.session.go_to(0)
        self.session.play()

    def undo(self) -> None:
        """Take back the last change of racers, start or surface."""
        self.session.undo()

    def redo(self) -> None:
        """Make it again."""
        self.session.redo()

    def save_state(self, settings: QSettings) -> None:
        """Remember how the tab was laid out."""
        for name, splitter in self._splitters().items():
            settings.setValue(f"descent/{name}", splitter.saveState())
        settings.setValue("descent/view", self.views.view)
        settings.setValue("descent/side", self.views.side)
        settings.setValue("descent/speed", self.session.clock.speed)
        settings.setValue("descent/step_card", int(not self.card.isHidden()))

    def restore_state(self, settings: QSettings) -> None:
        """Lay the tab out as it was."""
        for name, splitter in self._splitters().items():
            state = settings.value(f"descent/{name}")
            if isinstance(state, QByteArray):
                splitter.restoreState(state)
        if settings.value("descent/side") in SIDES:
            self.views.choose_side(str(settings.value("descent/side")))
        if settings.value("descent/view") in VIEWS:
            self.views.choose_view(str(settings.value("descent/view")))
        roomy = self.screen().availableSize().width() >= CARD_FROM_WIDTH * self.look.scale
        self.card.set_open(str(settings.value("descent/step_card", int(roomy))) == "1")
        with contextlib.suppress(ValueError):
            self.speed.set_value(SPEED.parse(str(settings.value("descent/speed", SPEED.default))))
            self.session.clock.speed = self.speed.value

    def close_tab(self) -> None:
        """End timers and threads."""
        self._closed = True
        self._look_for_room.stop()
        self.session.close()
        self.card.close_card()
        self.views.close_views()
        self.results.close()
        self.coach.close_line()
        self.panel.close_panel()
        self.top.close_bar()

    def _splitters(self) -> dict[str, QSplitter]:
        return {"sides": self.sides, "upright": self.upright, "below": self.below}


def _tell_what_is_needed(widget: QWidget | None) -> None:
    """Let all that a widget is in hear at once of what it needs; by itself that takes some turns of the event loop."""
    while widget is not None:
        QCoreApplication.sendEvent(widget, QEvent(QEvent.Type.LayoutRequest))
        widget = widget.parentWidget()
