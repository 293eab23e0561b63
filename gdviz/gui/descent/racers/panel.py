"""The racers: which there are, how each is set, where they start and when they end."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QButtonGroup,
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QStyle,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gdviz.declared.optimizers import OPTIMIZERS
from gdviz.declared.parameter import Parameter, Value
from gdviz.descent.races import surface_of
from gdviz.descent.spec import FANS, MAX_RACERS, MAX_STEPS, Change, DescentSpec, Fan, Point
from gdviz.descent.sweep import sweep
from gdviz.descent.trajectory import StoppingRule
from gdviz.gui.descent.racers.row import RacerRow
from gdviz.gui.descent.racers.settings import RacerSettings
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, choose, heading, icon_button, muted
from gdviz.gui.widgets.flow import side_by_side
from gdviz.gui.widgets.form import SettingsForm
from gdviz.gui.widgets.latest import Latest

MAX_FAN = 100
START_AND_END = (
    Parameter("w0", 0.0, "where all racers start"),
    Parameter("w1", 0.0, "where all racers start"),
    Parameter("steps", 1000, "the most steps that are computed", kind="integer", minimum=1, maximum=MAX_STEPS),
    Parameter("tolerance", 1e-6, "a gradient norm below it means converged", minimum=0.0, logarithmic=True),
)
WITHOUT_W1 = tuple(parameter for parameter in START_AND_END if parameter.name != "w1")
FAN_COUNT = Parameter("number", 25, "how many starts the fan has", kind="integer", minimum=1, maximum=MAX_FAN)


class RacerPanel(QFrame):
    """Edits the racers of the session's spec, the start and the stopping rule.

    Signals:
        refused(str): something asked for is not possible, and why.
    """

    refused = Signal(str)

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.racers")
        self.setProperty("role", "panel")
        self._session, self._look = session, look
        self._rows: list[RacerRow] = []
        self._group = QButtonGroup(self)
        self._row_layout = QVBoxLayout()
        self._row_layout.setSpacing(2)
        self._add = icon_button("descent.add_racer", "add", "Add racer", look, text=True)
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._add.setMenu(self._optimizer_menu())
        self.same_rate = QCheckBox("one learning rate for all")
        self.same_rate.setObjectName("descent.same_rate")
        self.same_rate.setAccessibleName("One learning rate for all")
        self.same_rate.setToolTip("What is set for one racer is set for all: a race under equal conditions")
        self.same_rate.clicked.connect(self._level_rates)
        self.tune = icon_button("descent.tune", "tune", "Tune each", look, text=True)
        self.tune.setToolTip(
            "Give each racer the learning rate that gets it lowest from here, the best of a sweep; "
            "but not those whose settings change in mid-race"
        )
        self.tune.clicked.connect(self._sweep)
        self._tuner = Latest("tuning", self)
        self._tuner.done.connect(self._tuned)
        self._tuner.failed.connect(self.refused)
        self.settings = RacerSettings(session, look)
        self.settings.rate_edited.connect(self._set_rate)
        self.settings.refused.connect(self.refused)
        self._form = SettingsForm("descent.race")
        self._form.edited.connect(self._set_race)
        self._fan = choice_box("descent.fan", "More starts", {"": "one start", **FANS})
        self._fan.setToolTip("Many starts for the selected racer's optimizer, drawn thin")
        self._fan.activated.connect(lambda _: self._set_fan(self._fan.currentData()))
        self._new_fan = icon_button("descent.new_fan", "seed", "Other random starts", look)
        self._new_fan.clicked.connect(lambda: self._change_fan(seed=random.randrange(10_000)))
        self._fan_form = SettingsForm("descent.fan_setting")
        self._fan_form.edited.connect(lambda _, count: self._change_fan(count=count))
        self._lay_out()
        session.spec_changed.connect(self._show_change)
        session.step_changed.connect(self._show_step)
        session.race_changed.connect(self._show_rows)
        look.changed.connect(self._show)
        self._shown: object = None
        self._show()

    def _lay_out(self) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(heading("RACERS"))
        layout.addLayout(self._row_layout)
        layout.addWidget(side_by_side(self._add, self.tune, spacing=8))
        layout.addWidget(self.same_rate)
        layout.addSpacing(8)
        layout.addWidget(self.settings)
        layout.addSpacing(8)
        layout.addWidget(heading("START AND END"))
        layout.addWidget(self._form)
        row = QHBoxLayout()
        row.addWidget(muted("starts"))
        row.addWidget(self._fan, 1)
        row.addWidget(self._new_fan)
        layout.addLayout(row)
        layout.addWidget(self._fan_form)
        layout.addStretch(1)
        self._inside = inside
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _optimizer_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for key, declaration in OPTIMIZERS.items():
            action = menu.addAction(declaration.title)
            action.setObjectName(f"descent.add_racer.{key}")
            action.setToolTip(declaration.meaning)
            action.triggered.connect(lambda _=False, key=key: self._add_racer(key))
        return menu

    def _show_change(self) -> None:
        """Show another spec; in a drag, whose moves follow each other, little but the start is another one."""
        if self._shown == self._without_start():
            self._show_start()
        else:
            self._show()

    def _without_start(self) -> object:
        return msgspec.structs.replace(self._session.spec, start=(0.0, 0.0)), self._session.selected

    def _show_start(self) -> None:
        spec, start = self._session.spec, self._start
        values = {"w0": start[0], "w1": start[1], "steps": spec.steps, "tolerance": spec.tolerance}
        parameters = START_AND_END if self._session.surface.dimensions > 1 else WITHOUT_W1
        self._form.show_parameters(parameters, values)

    def _show(self) -> None:
        self._shown = self._without_start()
        spec = self._session.spec
        while len(self._rows) > len(spec.racers):
            row = self._rows.pop()
            self._group.removeButton(row.button)
            self._row_layout.removeWidget(row)
            row.deleteLater()
        while len(self._rows) < len(spec.racers):
            row = RacerRow(self._look, self._session, len(self._rows))
            row.rate_edited.connect(self._set_rate)
            self._group.addButton(row.button)
            self._row_layout.addWidget(row)
            self._rows.append(row)
        for row in self._rows:
            row.show_racer()
        step = self.settings.step
        if len({racer.at(step).optimizer.learning_rate for racer in spec.racers}) > 1:
            self.same_rate.setChecked(False)  # undo, a fork, a race that was opened: they differ again
        self._add.setEnabled(len(spec.racers) < MAX_RACERS)
        self._show_start()
        choose(self._fan, "" if spec.fan is None else spec.fan.kind)
        self._new_fan.setVisible(spec.fan is not None and spec.fan.kind == "random")
        self._fan_form.setVisible(spec.fan is not None)
        self._fan_form.show_parameters((FAN_COUNT,), {"number": spec.fan.count if spec.fan else FAN_COUNT.default})
        self.settings.show_racer()
        # Wide enough for its controls at any text scale: it scrolls upright only.
        bar = self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        self.setMinimumWidth(self._inside.minimumSizeHint().width() + bar)

    def _show_step(self) -> None:
        """Settings that change in mid-race are shown as they are at the step."""
        if any(racer.changes for racer in self._session.spec.racers):
            self._show_rows()
            self.settings.show_racer()

    def _show_rows(self) -> None:
        for row in self._rows:
            row.show_racer()

    def _add_racer(self, key: str) -> None:
        try:
            self._session.add_racer(key)
        except ValueError as error:
            self.refused.emit(str(error))

    def _set_rate(self, index: int, rate: float) -> None:
        """Another learning rate for one racer, or for all where they are to have the same."""
        session = self._session
        spec, every = session.spec, self.same_rate.isChecked()
        edited = range(len(spec.racers)) if every else (index,)
        # "From this step on" is about the selected racer: another one is edited as a whole.
        step = self.settings.step if every or index == session.selected else 0
        for number in edited:
            racer = spec.racers[number]
            now = racer.at(step)
            optimizer = now.optimizer.with_setting("learning_rate", rate)
            spec = spec.with_racer(number, racer.changed(Change(step, optimizer, now.schedule)))
        session.change(spec, gesture=f"learning_rate{index}")
        self.settings.say_if_too_late(edited, step)

    def _level_rates(self, same: bool) -> None:
        if same and self._session.spec.racers:
            selected = self._session.selected
            now = self._session.spec.racers[selected].at(self.settings.step)
            self._set_rate(selected, now.optimizer.learning_rate)
            self._session.end_gesture()

    def _sweep(self) -> None:
        """Look for the best rates, off the GUI thread."""
        self.tune.setEnabled(False)
        self._tuner.request(partial(_best_rates, self._session.spec, self._tuner.closed))

    def _tuned(self, result: tuple[DescentSpec, list[float | None]]) -> None:
        spec, rates = result
        session = self._session
        self.tune.setEnabled(True)
        if spec != session.spec:  # edited meanwhile: these are rates of another race
            return
        self.same_rate.setChecked(False)
        for index, rate in enumerate(rates):
            if rate is not None:
                optimizer = spec.racers[index].optimizer.with_setting("learning_rate", rate)
                spec = spec.with_racer(
                    index, spec.racers[index].changed(Change(0, optimizer, spec.racers[index].schedule))
                )
        session.change(spec)

    def close_panel(self) -> None:
        """End the thread."""
        self._tuner.close()

    @property
    def _start(self) -> Point:
        """Where the selected racer begins: its own start, or that of all."""
        session = self._session
        own = session.spec.racers[session.selected].start if session.spec.racers else None
        return own or session.spec.start

    def _set_race(self, name: str, value: Value) -> None:
        session = self._session
        match name, value:
            case "w0", float():
                session.move_start((value, self._start[1]))
            case "w1", float():
                session.move_start((self._start[0], value))
            case "steps" | "tolerance", _:
                session.change(msgspec.structs.replace(session.spec, **{name: value}), gesture=name)

    def _set_fan(self, kind: str) -> None:
        session = self._session
        fan = Fan(kind) if kind else None
        session.change(
            msgspec.structs.replace(session.spec, fan=fan, fanned=session.selected), gesture=self._fan.gesture
        )

    def _change_fan(self, **fields: Value) -> None:
        session = self._session
        if session.spec.fan is not None:
            fan = msgspec.structs.replace(session.spec.fan, **fields)
            gesture = "fan" if "count" in fields else ""  # each click is an undo step, a number being typed is one
            session.change(msgspec.structs.replace(session.spec, fan=fan), gesture=gesture)


def _best_rates(spec: DescentSpec, cancelled: Callable[[], bool]) -> tuple[DescentSpec, list[float | None]]:
    rates: list[float | None] = []
    for racer in spec.racers:
        if racer.changes:  # one rate would take its others away
            rates.append(None)
            continue
        start, rule = racer.start or spec.start, StoppingRule(spec.tolerance)
        swept = sweep(surface_of(spec.surface), [racer.optimizer], start, spec.steps, rule=rule, cancelled=cancelled)
        rates += [None] if swept is None else swept.best_rates()
    return spec, rates
