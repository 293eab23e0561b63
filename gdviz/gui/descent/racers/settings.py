"""The selected racer: its optimizer, settings, schedule, start, and forks."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QVBoxLayout, QWidget

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.parameter import Value
from gdviz.declared.schedules import SCHEDULES, ScheduleSpec
from gdviz.descent.spec import telling_optimizer
from gdviz.gui.descent.racers.schedule_curve import ScheduleCurve
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, choose, heading, icon_button, muted
from gdviz.gui.widgets.form import SettingsForm
from gdviz.gui.widgets.rate_slider import RateSlider


class RacerSettings(QWidget):
    """Edits the selected racer of the session's spec, from the start or from the present step on.

    Signals:
        rate_edited(int, float): another learning rate for the racer of this index.
        refused(str): something asked for is not possible, and why.
    """

    rate_edited = Signal(int, float)
    refused = Signal(str)

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self._session, self._look = session, look
        self._shown = session.selected
        titles = {key: declaration.title for key, declaration in OPTIMIZERS.items()}
        self._optimizer = choice_box("descent.optimizer", "Optimizer of the selected racer", titles)
        self._optimizer.activated.connect(self._choose_optimizer)
        self._meaning = muted()
        self._meaning.setWordWrap(True)
        self._slider = RateSlider("descent.rate_slider", "Learning rate")
        self._slider.chosen.connect(lambda rate: self.rate_edited.emit(session.selected, rate))
        self._form = SettingsForm("descent.setting")
        self._form.edited.connect(self._set_setting)
        self._more = icon_button(
            "descent.more_settings", "add", "More settings", look, checkable=True, flat=True, text=True
        )
        self._more.toggled.connect(lambda _: self.show_racer())
        schedules = {key: declaration.title for key, declaration in SCHEDULES.items()}
        self._schedule = choice_box("descent.schedule", "Schedule of the learning rate", schedules)
        self._schedule.activated.connect(self._choose_schedule)
        self._schedule_form = SettingsForm("descent.schedule_setting")
        self._schedule_form.edited.connect(self._set_schedule_setting)
        self._curve = ScheduleCurve(session, look)
        self.from_here = QCheckBox("change from this step on")
        self.from_here.setObjectName("descent.from_here")
        self.from_here.setAccessibleName("Change from this step on")
        self.from_here.setToolTip("What is edited holds from the step shown; the steps before stay as they are")
        self._own_start = QCheckBox("a start of its own")
        self._own_start.setObjectName("descent.own_start")
        self._own_start.setAccessibleName("A start of its own")
        self._own_start.setToolTip("A click or drag on the contours then moves the start of this racer alone")
        self._own_start.clicked.connect(self._set_own_start)
        self._fork = icon_button("descent.fork", "fork", "Fork here", look, text=True)
        self._fork.setToolTip("A copy goes on from this step with settings of its own; both are kept (K)")
        self._fork.clicked.connect(self.fork)
        self._lay_out()

    def _lay_out(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(8)
        for upper in (heading("SELECTED RACER"), self._optimizer, self._meaning, self._slider, self._form):
            layout.addWidget(upper)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        row = QHBoxLayout()
        row.addWidget(muted("schedule"))
        row.addWidget(self._schedule, 1)
        layout.addLayout(row)
        for lower in (self._schedule_form, self._curve, self.from_here, self._own_start):
            layout.addWidget(lower)
        layout.addWidget(self._fork, 0, Qt.AlignmentFlag.AlignLeft)

    @property
    def step(self) -> int:
        """From which step on an edit holds."""
        return self._session.step if self.from_here.isChecked() else 0

    def show_racer(self) -> None:
        """Take everything, as it is at the present step, from the session's spec."""
        spec = self._session.spec
        self.setVisible(bool(spec.racers))
        if not spec.racers:
            return
        if self._session.selected != self._shown:  # what was to change was the other one
            self._shown = self._session.selected
            self.from_here.setChecked(False)
        racer = spec.racers[self._session.selected]
        now = racer.at(self._session.step)
        declaration = now.optimizer.declaration
        choose(self._optimizer, declaration.key)
        self._meaning.setText(declaration.meaning)
        self._slider.set_value(now.optimizer.learning_rate)
        self._more.setVisible(any(parameter.advanced for parameter in declaration.parameters))
        shown = tuple(
            parameter for parameter in declaration.parameters if self._more.isChecked() or not parameter.advanced
        )
        self._form.show_parameters(shown, now.optimizer.values())
        choose(self._schedule, now.schedule.key)
        self._schedule.setToolTip(now.schedule.declaration.meaning)
        scheduled = now.schedule.key != "constant"
        self._schedule_form.setVisible(scheduled)
        self._curve.setVisible(scheduled)
        self._schedule_form.show_parameters(now.schedule.declaration.parameters, now.schedule.values())
        if scheduled:
            self._curve.show_change(now, racer.since(self._session.step))
        self._own_start.setChecked(racer.start is not None)

    def fork(self) -> None:
        """Add a copy of the selected racer that goes on from this step, and select it."""
        session = self._session
        if not session.race.trajectories:
            return
        session.pause()
        optimizer = session.spec.racers[session.selected].at(session.step).optimizer
        try:
            session.fork(session.selected, optimizer)
        except ValueError as error:
            self.refused.emit(str(error))

    def say_if_too_late(self, edited: Iterable[int], step: int) -> None:
        """Say it where racers had ended by the step from which on they were edited."""
        session = self._session
        race, racers = session.race, session.spec.racers
        steps = {index: max(step, racers[index].forked) for index in edited}
        late = [index for index, step in steps.items() if step and race.has_ended(index, step)]
        if late:
            names = ", ".join(race.names[index] for index in late)
            self.refused.emit(
                f"{names} had ended by step {steps[late[0]]}: a change from there on has no effect. "
                "Go back to an earlier step."
            )

    def _change(self, optimizer: OptimizerSpec, gesture: str) -> None:
        index = self._session.selected
        self._session.set_optimizer(index, optimizer, step=self.step, gesture=gesture and f"{gesture}{index}")
        self.say_if_too_late([index], self.step)

    def _choose_optimizer(self) -> None:
        box = self._optimizer
        self._change(telling_optimizer(box.currentData(), self._session.surface), box.gesture)

    def _choose_schedule(self) -> None:
        self._set_schedule(ScheduleSpec(self._schedule.currentData()), self._schedule.gesture)

    def _set_setting(self, name: str, value: Value) -> None:
        session = self._session
        optimizer = session.spec.racers[session.selected].at(session.step).optimizer
        try:
            changed = optimizer.with_setting(name, value)
        except ValueError as error:  # two settings that exclude each other
            self.refused.emit(str(error))
            self.show_racer()
            return
        if name == "learning_rate":
            self.rate_edited.emit(session.selected, changed.learning_rate)
        else:
            self._change(changed, name)

    def _set_schedule(self, schedule: ScheduleSpec, gesture: str = "") -> None:
        index = self._session.selected
        self._session.set_schedule(index, schedule, step=self.step, gesture=gesture and f"{gesture}{index}")
        self.say_if_too_late([index], self.step)

    def _set_schedule_setting(self, name: str, value: Value) -> None:
        session = self._session
        schedule = session.spec.racers[session.selected].at(session.step).schedule
        try:
            self._set_schedule(schedule.with_setting(name, value), f"schedule {name}")
        except ValueError as error:
            self.refused.emit(str(error))
            self.show_racer()

    def _set_own_start(self, own: bool) -> None:
        session = self._session
        session.set_own_start(session.selected, session.spec.start if own else None)
