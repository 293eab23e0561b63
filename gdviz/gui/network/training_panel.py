"""How the network is trained: optimizer, loss, batches, regularisation, when to stop."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QFormLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.parameter import Value
from gdviz.gui.network.fold import Fold, align_labels
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, choose, heading, panel
from gdviz.gui.widgets.form import SettingsForm
from gdviz.gui.widgets.number_field import WheelGuard
from gdviz.network.spec import HEAD_LOSSES, LOSSES, PARAMETERS, NetworkSpec, TrainingSpec, loss_of

KERAS_OPTIMIZERS = {key: entry.title for key, entry in OPTIMIZERS.items() if entry.keras_name}


class TrainingPanel(QWidget):
    """Edits a TrainingSpec, and the regularisation of a NetworkSpec.

    Signals:
        training_edited(object): another TrainingSpec.
        network_edited(object): another NetworkSpec, different in L1 or L2 alone.
    """

    training_edited = Signal(object)
    network_edited = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._training = TrainingSpec()
        self._network = NetworkSpec()
        self._head = ""
        frame, rows = panel("network.training")
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(frame)
        self._optimizer = choice_box("network.optimizer", "Optimizer", KERAS_OPTIMIZERS)
        self._optimizer.activated.connect(lambda _: self._choose_optimizer(self._optimizer.currentData()))
        self._loss = choice_box("network.loss", "Loss", LOSSES, tip="Loss that training makes small")
        self._loss.activated.connect(lambda _: self._edit(loss=self._loss.currentData()))
        self._settings = self._form("network.setting", self._set)
        self._batch = self._form("network.training", self._set_training)
        self._advanced = self._form("network.setting", self._set)
        self._regularisation = self._form("network.regularisation", self._set_network)
        self._stopping = self._form("network.stopping", self._set_training)
        self._fold = Fold("network.more_settings", "More of the optimizer", self._advanced)
        rows.addWidget(heading("TRAINING"))
        rows.addLayout(self._choice_row("optimizer", self._optimizer))
        rows.addWidget(self._settings)
        rows.addWidget(self._batch)
        rows.addLayout(self._choice_row("loss", self._loss))
        rows.addWidget(self._fold)
        self._folds = (
            Fold("network.regularisation", "Regularisation", self._regularisation),
            Fold("network.stopping", "When to stop", self._stopping),
        )
        for fold in self._folds:
            rows.addWidget(fold)
        rows.addStretch(1)

    def show_specs(self, network: NetworkSpec, training: TrainingSpec) -> None:
        """Show specs without emitting."""
        self._network, self._training = network, training
        optimizer = training.optimizer
        parameters, values = optimizer.declaration.parameters, optimizer.values()
        choose(self._optimizer, optimizer.key)
        self._optimizer.setToolTip(f"{optimizer.declaration.title}: {optimizer.declaration.meaning}")
        self._settings.show_parameters([each for each in parameters if not each.advanced], values)
        advanced = [each for each in parameters if each.advanced]
        self._advanced.show_parameters(advanced, values)
        self._fold.setVisible(bool(advanced))
        self._show_losses(network.head)
        choose(self._loss, loss_of(network, training))
        self._show(self._batch, training, "batch_size")
        self._show(self._regularisation, network, "l1", "l2")
        self._show(self._stopping, training, "patience", "epochs")
        align_labels(self, self._look.pixels(13))

    def unfold(self) -> None:
        """Show regularisation and when to stop, too: there is room."""
        for fold in self._folds:
            fold.set_open(True)

    def _show(self, form: SettingsForm, spec: msgspec.Struct, *names: str) -> None:
        form.show_parameters([PARAMETERS[name] for name in names], {name: getattr(spec, name) for name in names})

    def _show_losses(self, head: str) -> None:
        if head != self._head:
            self._head = head
            self._loss.clear()
            for key in HEAD_LOSSES[head]:
                self._loss.addItem(LOSSES[key], key)

    def _form(self, prefix: str, edited) -> SettingsForm:  # type: ignore[no-untyped-def]  # Callable[[str, Value], None]
        form = SettingsForm(prefix)
        form.edited.connect(edited)
        return form

    def _choice_row(self, title: str, box: QComboBox) -> QFormLayout:
        box.installEventFilter(WheelGuard(self))
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
        self._edit(optimizer=self._training.optimizer.with_setting(name, value))

    def _set_training(self, name: str, value: Value) -> None:
        self._edit(**{name: value})

    def _set_network(self, name: str, value: Value) -> None:
        self.network_edited.emit(msgspec.structs.replace(self._network, **{name: value}))

    def _edit(self, **fields: object) -> None:
        self.training_edited.emit(msgspec.structs.replace(self._training, **fields))
