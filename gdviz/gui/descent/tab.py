"""Tab 1: loss surfaces and the optimizers racing on them."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings, Qt, QTimer
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QSplitter, QVBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.descent.catalog import SURFACES
from gdviz.descent.spec import FORMULA, SurfaceSpec
from gdviz.gui.descent.arrows import ContourArrows, SurfaceArrows
from gdviz.gui.descent.coach_line import CoachLine
from gdviz.gui.descent.flat_points import TIPS
from gdviz.gui.descent.loss_view import LossView
from gdviz.gui.descent.racer_panel import RacerPanel
from gdviz.gui.descent.results import Results
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.side import SIDES
from gdviz.gui.descent.step_card import CARD_FROM_WIDTH, CARD_WIDTH, StepCard
from gdviz.gui.descent.view_area import SIDE_TITLES, SURFACE, VIEWS, ViewArea
from gdviz.gui.numbers import whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.banner import Banner
from gdviz.gui.widgets.controls import ElidedLabel, choice_box, choose, icon_button, in_corner, muted
from gdviz.gui.widgets.flow import flow_bar, side_by_side
from gdviz.gui.widgets.number_field import NumberField
from gdviz.gui.widgets.tab import Tab
from gdviz.gui.widgets.transport import TransportBar

if TYPE_CHECKING:
    from gdviz.gui.descent.formula_dialog import FormulaDialog
    from gdviz.gui.descent.surface_view import SurfaceView

SPEED = Parameter("speed", 30.0, "steps a second while it plays", minimum=0.1, maximum=1000.0, logarithmic=True)
SOON_MILLISECONDS = 50
SCALES = {"linear": "linear", "logarithmic": "logarithmic"}


class DescentTab(Tab):
    """Lays the views and controls out, and connects them with the session."""

    title = "Gradient descent"

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent")
        self.look = look
        self.session = DescentSession(self)
        self.views = ViewArea(self.session, look)
        self.contours = self.views.contours
        self.losses = LossView(self.session, look)
        self._closed = False
        self._shown_surface: SurfaceSpec | None = None
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
        self._add_keys()
        self._show_spec()
        QTimer.singleShot(SOON_MILLISECONDS, self, self._begin)

    def _begin(self) -> None:
        """What the window does not wait for: the first race, and the 3-D view, which takes longest to build."""
        if not self._closed:
            self.session.compute()
            self.session.play()
            self.views.add_surface_view()
            if self.surface_view is not None:
                SurfaceArrows(self.surface_view, self.card.marks, self.look, self.card.formulas)

    def _make_controls(self) -> None:
        titles = {key: surface.title for key, surface in SURFACES.items()} | {FORMULA: "Your own formula …"}
        self.surface_box = choice_box("descent.surface_choice", "Loss surface", titles)
        self.formula_button = icon_button(
            "descent.type_formula", "formula", "Your own formula", self.look, tip="Type a formula (Ctrl+F)"
        )
        self.dialog: FormulaDialog | None = None
        self.formula = ElidedLabel("descent.formula")
        self.no_surface_view = muted()
        self.no_surface_view.setObjectName("descent.no_surface_view")
        self.no_surface_view.hide()
        self.view_box = choice_box("descent.view", "View", VIEWS, tip="Contours, the view beside them, or both (V)")
        self.side_box = choice_box("descent.side", "Beside the contours", SIDE_TITLES, tip="What stands beside (D)")
        for row, kind in enumerate(SIDES.values(), start=1):
            self.side_box.setItemData(row, kind.tip, Qt.ItemDataRole.ToolTipRole)
        self.level_box = choice_box("descent.levels", "Levels", SCALES, tip="Contour levels and height (L)")
        self.loss_box = choice_box("descent.loss_scale", "Loss axis", SCALES, tip="The loss axis (Shift+L)")
        self.reset_view_button = icon_button(
            "descent.reset_view", "reset_view", "Show the whole surface", self.look, tip="Show the whole surface (0)"
        )
        self.marks_button = icon_button(
            "descent.marks", "minima", "Minima and saddle points", self.look, tip=f"Mark {TIPS} (M)", checkable=True
        )
        self.marks_button.setChecked(True)
        self.random_button = icon_button(
            "descent.random_start", "random", "Random start", self.look, tip="A random start (N)"
        )
        self.card_button = icon_button(
            "descent.explain", "panel_right", "Explain this step", self.look, tip="The step card (S)", checkable=True
        )
        self.speed = NumberField(SPEED)
        self.speed.setObjectName("descent.speed")
        self.speed.setMaximumWidth(self.look.pixels(9))
        self.loop_button = icon_button(
            "descent.loop", "loop", "Loop", self.look, tip="Play again from the start", checkable=True
        )
        self.transport.add(muted("speed"))
        self.transport.add(self.speed)
        self.transport.add(muted("steps/s"))
        self.transport.add(self.loop_button)

    def _lay_out(self) -> None:
        self.top = flow_bar(
            "descent.top",
            [
                side_by_side(muted("surface"), self.surface_box, self.formula_button),
                side_by_side(muted("view"), self.view_box, self.side_box, self.no_surface_view),
                side_by_side(muted("levels"), self.level_box),
                side_by_side(self.reset_view_button, self.marks_button, self.random_button, self.card_button),
                self.formula,
            ],
        )
        self.below = QSplitter(Qt.Orientation.Horizontal)
        self.below.addWidget(self.losses)
        self.below.addWidget(self.results)
        in_corner(self.losses, self.loss_box)
        self.below.setSizes([400, 600])
        self.upright = QSplitter(Qt.Orientation.Vertical)
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
        self.sides.setSizes([self.look.pixels(33), 1000, self.look.pixels(CARD_WIDTH)])
        self.sides.setCollapsible(2, False)
        self.card.hide()
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

    def _connect(self) -> None:
        session, transport = self.session, self.transport
        transport.play_toggled.connect(session.play_pause)
        transport.step_forward.connect(self.step_forward)
        transport.step_back.connect(self.step_back)
        transport.to_start.connect(self.to_start)
        transport.to_end.connect(self.to_end)
        transport.scrubbed.connect(self._scrub)
        session.playing_changed.connect(transport.set_playing)
        session.step_changed.connect(self._show_position)
        session.race_changed.connect(self._show_position)
        session.spec_changed.connect(self._show_spec)
        session.failed.connect(lambda text: self.banner.say(text, kind="error"))
        self.panel.refused.connect(self.banner.say)
        self.results.out.failed.connect(lambda text: self.banner.say(text, kind="error"))
        self.surface_box.activated.connect(lambda _: self._choose_surface(self.surface_box.currentData()))
        self.formula_button.clicked.connect(self.type_formula)
        self.views.changed.connect(self._show_views)
        self.view_box.activated.connect(lambda _: self.views.choose_view(self.view_box.currentData()))
        self.side_box.activated.connect(lambda _: self.choose_side(self.side_box.currentData()))
        self.level_box.activated.connect(lambda _: self._show_surface())
        self.loss_box.activated.connect(lambda _: self._show_loss_scale())
        self.reset_view_button.clicked.connect(self.reset_view)
        self.random_button.clicked.connect(self.random_start)
        self.marks_button.toggled.connect(self.contours.mark_flat_points)
        self.card_button.toggled.connect(self.card.set_open)
        self.card.folded.connect(lambda folded: self.card_button.setChecked(not folded))
        self.speed.edited.connect(self._set_speed)
        self.loop_button.toggled.connect(self._set_loop)

    @property
    def surface_view(self) -> SurfaceView | None:
        """The 3-D view; None until it is built, and where there can be none."""
        return self.views.surface_view

    def choose_side(self, side: str) -> None:
        """Let another view stand beside the contours: a key of ``SIDE_TITLES``."""
        self.views.choose_side(side)

    def _show_views(self) -> None:
        choose(self.view_box, self.views.view)
        choose(self.side_box, self.views.side)
        missing = self.views.side == SURFACE and bool(self.views.problem)
        self.no_surface_view.setText(f"no 3-D: {self.views.problem}" if missing else "")
        self.no_surface_view.setVisible(missing)
        self.view_box.setEnabled(not missing)

    def _choose_surface(self, key: str) -> None:
        if key == FORMULA:
            choose(self.surface_box, self.session.spec.surface.key)  # until one is chosen
            self.type_formula()
        else:
            self.session.set_surface(SurfaceSpec(key))

    def type_formula(self) -> None:
        """Open the dialog in which a formula is typed, or chosen from those kept."""
        if self.dialog is None:
            from gdviz.gui.descent.formula_dialog import FormulaDialog

            self.dialog = FormulaDialog(self.look, self)
            self.dialog.chosen.connect(self.session.set_surface)
        self.dialog.open_for(self.session.spec.surface)

    def _show_spec(self) -> None:
        spec, surface = self.session.spec, self.session.surface
        if spec.surface != self._shown_surface:
            self._shown_surface = spec.surface
            choose(self.surface_box, spec.surface.key)
            choose(self.level_box, "logarithmic" if surface.logarithmic else "linear")
            self.formula.setText(surface.formula)
            self._show_surface()
            self.views.follow_dimensions(surface.dimensions)

    def _show_surface(self) -> None:
        logarithmic = self.level_box.currentData() == "logarithmic"
        self.contours.show_surface(self.session.surface, logarithmic=logarithmic)

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
        self.session.speed = value

    def _set_loop(self, loop: bool) -> None:
        self.session.loop = loop

    def reset_view(self) -> None:
        """Show the whole surface in both views."""
        self.views.reset_view()

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
        settings.setValue("descent/speed", self.session.speed)
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
            self.session.speed = self.speed.value

    def close_tab(self) -> None:
        """End timers and threads."""
        self._closed = True
        self.session.close()
        self.card.close_card()
        self.views.close_views()
        self.results.close()
        self.coach.close_line()
        self.panel.close_panel()
        if self.dialog is not None:
            self.dialog.close_dialog()

    def _splitters(self) -> dict[str, QSplitter]:
        return {"sides": self.sides, "upright": self.upright, "below": self.below}

    def _add_keys(self) -> None:
        for name, title, key, do in (
            ("view", "Next view", "V", lambda: self._next(self.view_box)),
            ("side", "Next view beside the contours", "D", lambda: self._next(self.side_box)),
            ("levels", "Other levels", "L", lambda: self._next(self.level_box)),
            ("loss_scale", "Other loss axis", "Shift+L", lambda: self._next(self.loss_box)),
            ("reset_view", "Show the whole surface", "0", self.reset_view),
            ("random_start", "Random start", "N", self.random_start),
            ("explain", "Show or hide the step card", "S", self.card_button.toggle),
            ("next_substep", "Next sub-step", "PgDown; Shift+Right", self.next_substep),
            ("previous_substep", "Previous sub-step", "PgUp; Shift+Left", self.previous_substep),
            ("loop", "Loop", "O", self.loop_button.toggle),
            ("marks", "Minima and saddle points", "M", self.marks_button.toggle),
            ("formula", "Your own formula", "Ctrl+F", self.type_formula),
            ("save", "Save the trajectory as CSV", "Ctrl+Shift+S", self.results.save),
            ("fork", "Fork here", "K", self.panel.settings.fork),
            ("faster", "Faster", ".", lambda: self.speed.step(1)),
            ("slower", "Slower", ",", lambda: self.speed.step(-1)),
        ):
            action = QAction(title, self)
            action.setObjectName(f"descent.action.{name}")
            action.setShortcuts(QKeySequence.listFromString(key))
            action.triggered.connect(lambda _=False, do=do: do())
            self.addAction(action)

    def _next(self, box: QComboBox) -> None:
        if box.isEnabled():
            box.setCurrentIndex((box.currentIndex() + 1) % box.count())
            box.activated.emit(box.currentIndex())
