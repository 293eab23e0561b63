"""The schedule of the learning rate: which one, its settings, its curve, and where on it training stands."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gdviz.declared.parameter import Value
from gdviz.declared.schedules import SCHEDULES, ScheduleSpec
from gdviz.descent.schedules import rate
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, choose
from gdviz.gui.widgets.form import SettingsForm
from gdviz.gui.widgets.rate_curve import RateCurve

SAMPLES = 200
FALLS = 8
"""How many falls of a stepwise schedule are drawn."""


def horizon(schedule: ScheduleSpec) -> int:
    """Steps of the optimizer in which the schedule shows what it does."""
    values = schedule.values()
    ways = [int(value) for name, value in values.items() if name.endswith("steps") and isinstance(value, int)]
    falls = FALLS * int(values["every"]) if "every" in values else 0
    return max(10, falls, round(1.25 * sum(ways)))


class ScheduleForm(QWidget):
    """Edits a ScheduleSpec.

    Signals:
        edited(object): another ScheduleSpec.
    """

    edited = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._schedule = ScheduleSpec()
        self._learning_rate = 0.0
        titles = {key: declaration.title for key, declaration in SCHEDULES.items()}
        self._box = choice_box("network.schedule", "Schedule of the learning rate", titles)
        self._box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._box.activated.connect(lambda _: self._edit(ScheduleSpec(self._box.currentData())))
        label = QLabel("schedule")
        label.setBuddy(self._box)
        row = QFormLayout()
        row.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        row.addRow(label, self._box)
        self._form = SettingsForm("network.schedule_setting", patient=True)
        self._form.edited.connect(self._set)
        self.curve = RateCurve("network.schedule_curve", look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(row)
        column.addWidget(self._form)
        column.addWidget(self.curve)

    def show_schedule(self, schedule: ScheduleSpec, learning_rate: float) -> None:
        """Show a schedule, which begins at this rate, without emitting."""
        self._schedule, self._learning_rate = schedule, learning_rate
        choose(self._box, schedule.key)
        self._box.setToolTip(schedule.declaration.meaning)
        scheduled = schedule.key != "constant"
        self._form.setVisible(scheduled)
        self.curve.setVisible(scheduled)
        self._form.show_parameters(schedule.declaration.parameters, schedule.values())
        steps = np.unique(np.linspace(0, horizon(schedule), SAMPLES).astype(int))
        self.curve.show_rates(rate(schedule, learning_rate, steps), 0, int(steps[-1]))

    def show_steps(self, steps: int) -> None:
        """So many steps of the optimizer are made."""
        self.curve.show_share(steps / horizon(self._schedule))

    def _set(self, name: str, value: Value) -> None:
        self._edit(self._schedule.with_setting(name, value))

    def _edit(self, schedule: ScheduleSpec) -> None:
        self.edited.emit(schedule)
