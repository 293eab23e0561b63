"""How the network is trained: optimizer, loss, batches, regularisation, when to stop."""

from __future__ import annotations

from dataclasses import replace

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.parameter import Value
from gdviz.gui.network.batch_row import BatchRow
from gdviz.gui.network.fold import Fold, align_labels
from gdviz.gui.network.schedule_form import ScheduleForm
from gdviz.gui.network.train_more import TrainMore
from gdviz.gui.numbers import whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, choose, heading, muted, panel
from gdviz.gui.widgets.form import SettingsForm
from gdviz.gui.widgets.rate_slider import RateSlider
from gdviz.network.spec import HEAD_LOSSES, LOSSES, PARAMETERS, NetworkSpec, TrainingSpec, loss_of
from gdviz.training.messages import Frame

_GOAL = "goal_accuracy"
_FORM_PARAMETERS = {
    **PARAMETERS,
    _GOAL: replace(PARAMETERS[_GOAL], maximum=100.0, unit="%", words="goal accuracy %"),
}
"""As people read and type them: accuracies are percentages everywhere in the window."""

KERAS_OPTIMIZERS = {key: entry.title for key, entry in OPTIMIZERS.items() if entry.keras_name}


class TrainingPanel(QWidget):
    """Edits a TrainingSpec, and the regularisation of a NetworkSpec.

    Signals:
        training_edited(object, str): another TrainingSpec, and which setting is being changed.
        network_edited(object, str): another NetworkSpec, different in L1 or L2 alone.
        more_asked(int): train so many epochs, then pause.
    """

    training_edited = Signal(object, str)
    network_edited = Signal(object, str)
    more_asked = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._training = TrainingSpec()
        self._network = NetworkSpec()
        self._head = ""
        self._epoch = self._optimizer_began = 0
        frame, rows = panel("network.training")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self._optimizer = choice_box("network.optimizer", "Optimizer", KERAS_OPTIMIZERS)
        self._optimizer.activated.connect(lambda _: self._choose_optimizer(self._optimizer.currentData()))
        self._loss = choice_box("network.loss", "Loss", LOSSES, tip="Loss that training makes small")
        self._loss.activated.connect(lambda _: self._edit(loss=self._loss.currentData()))
        self._rate = self._form("network.setting", self._set)
        self._settings = self._form("network.setting", self._set)
        self._slider = RateSlider("network.rate_slider", "Learning rate")
        self._slider.chosen.connect(lambda value: self._set("learning_rate", value))
        self._note = muted()
        self._note.setObjectName("network.optimizer_note")
        self._note.setWordWrap(True)
        self._schedule = ScheduleForm(look)
        self._schedule.edited.connect(lambda schedule: self._edit("schedule", schedule=schedule))
        self._batch = BatchRow()
        self._batch.edited.connect(lambda size: self._edit("batch_size", batch_size=size))
        self.more = TrainMore()
        self.more.asked.connect(self.more_asked)
        self._advanced = self._form("network.setting", self._set)
        self._regularisation = self._form("network.regularisation", self._set_network)
        self._stopping = self._form("network.stopping", self._set_training)
        self._fold = Fold("network.more_settings", "More of the optimizer", self._advanced)
        rows.addWidget(heading("TRAINING"))
        rows.addLayout(self._choice_row("optimizer", self._optimizer))
        for widget in (self._note, self._rate, self._slider, self._settings, self._fold, self._schedule, self._batch):
            rows.addWidget(widget)
        rows.addLayout(self._choice_row("loss", self._loss))
        rows.addWidget(self.more)
        self._folds = (
            Fold("network.regularisation", "Regularisation", self._regularisation),
            Fold("network.stopping", "When to stop", self._stopping),
        )
        for fold in self._folds:
            rows.addWidget(fold)
        rows.addStretch(1)

    def show_specs(self, network: NetworkSpec, training: TrainingSpec) -> None:
        """Show specs without emitting."""
        before, optimizer = self._training.optimizer, training.optimizer
        if before.with_setting("learning_rate", 1.0) != optimizer.with_setting("learning_rate", 1.0):
            self._optimizer_began = self._epoch  # its state is of no use to another one
        self._network, self._training = network, training
        parameters, values = optimizer.declaration.parameters, optimizer.values()
        choose(self._optimizer, optimizer.key)
        self._optimizer.setToolTip(f"{optimizer.declaration.title}: {optimizer.declaration.meaning}")
        usual, advanced = ([each for each in parameters if each.advanced == folded] for folded in (False, True))
        self._rate.show_parameters([each for each in usual if each.name == "learning_rate"], values)
        self._settings.show_parameters([each for each in usual if each.name != "learning_rate"], values)
        self._advanced.show_parameters(advanced, values)
        self._fold.setVisible(bool(advanced))
        self._show_losses(network.head)
        choose(self._loss, loss_of(network, training))
        self._slider.set_value(optimizer.learning_rate)
        self._schedule.show_schedule(training.schedule, optimizer.learning_rate)
        self._batch.show_size(training.batch_size)
        self._show(self._regularisation, network, "l1", "l2")
        goals = ("goal_loss",) if network.regression else ("goal_loss", _GOAL)
        self._show(self._stopping, training, "patience", *goals, "epochs")
        align_labels(self, self._look.pixels(14))

    def show_progress(self, frame: Frame) -> None:
        """Show where on its schedule the learning rate is, and when the optimizer began afresh."""
        self._schedule.show_steps(frame.steps)
        kind = self._training.optimizer.declaration.title
        began = self._optimizer_began
        self._epoch = frame.epoch
        text = f"{kind} began afresh at epoch {whole(began)}" if 0 < began <= frame.epoch else ""
        if self._note.text() != text:
            self._note.setText(text)
            self._note.setVisible(bool(text))

    def begin_run(self) -> None:
        """The optimizer begins with the run."""
        self._optimizer_began = self._epoch = 0

    def unfold(self) -> None:
        """Show regularisation and when to stop, too: there is room."""
        for fold in self._folds:
            fold.set_open(True)

    def _show(self, form: SettingsForm, spec: msgspec.Struct, *names: str) -> None:
        values = {name: getattr(spec, name) for name in names}
        if _GOAL in values:
            values[_GOAL] = round(100 * values[_GOAL], 10)
        form.show_parameters([_FORM_PARAMETERS[name] for name in names], values)

    def _show_losses(self, head: str) -> None:
        if head != self._head:
            self._head = head
            self._loss.clear()
            for key in HEAD_LOSSES[head]:
                self._loss.addItem(LOSSES[key], key)

    def _form(self, prefix: str, edited) -> SettingsForm:  # type: ignore[no-untyped-def]  # Callable[[str, Value], None]
        form = SettingsForm(prefix, patient=True)
        form.edited.connect(edited)
        return form

    def _choice_row(self, title: str, box: QComboBox) -> QFormLayout:
        box.setMinimumContentsLength(12)
        box.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        label = QLabel(title)
        label.setBuddy(box)
        row = QFormLayout()
        row.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.ExpandingFieldsGrow)
        row.addRow(label, box)
        return row

    def _choose_optimizer(self, key: str) -> None:
        if key != self._training.optimizer.key:
            self._edit(optimizer=OptimizerSpec(key))

    def _set(self, name: str, value: Value) -> None:
        self._edit(name, optimizer=self._training.optimizer.with_setting(name, value))

    def _set_training(self, name: str, value: Value) -> None:
        self._edit(name, **{name: float(value) / 100 if name == _GOAL else value})

    def _set_network(self, name: str, value: Value) -> None:
        self.network_edited.emit(msgspec.structs.replace(self._network, **{name: value}), name)

    def _edit(self, gesture: str = "", **fields: object) -> None:
        self.training_edited.emit(msgspec.structs.replace(self._training, **fields), gesture)
