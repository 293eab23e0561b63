"""Keras code and model files: their buttons, keys, dialogs and messages."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gdviz.gui.network.code.changes import Changes, changed
from gdviz.gui.network.code.dialog import CodeDialog
from gdviz.gui.network.part import Part
from gdviz.gui.network.state import Given, NetworkState
from gdviz.gui.widgets.controls import icon_button
from gdviz.training.messages import Frame, Loaded, Saved

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

MODELS = "Keras models (*.keras)"
NOW_VALUES = "It learns values, so the points show their values now. Ctrl+Z brings red and green back."
NOW_LABELS = "It tells red from green: points above the middle of the scale are green now. Ctrl+Z brings values back."


class CodePart(Part):
    """Shows the script, saves the model, loads one.

    Attributes:
        dialog: the window with the script; None before it is first opened.
    """

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.dialog: CodeDialog | None = None
        self._folder = ""
        self._epoch = 0
        self._changes = Changes()
        tab.store.weight_edited.connect(lambda _: self._note_weight())
        button = icon_button("network.show_code", "code", "Keras code", tab.look, tip="The Keras code of this (Ctrl+K)")
        button.clicked.connect(self.show_code)
        tab.top.add(button)
        for name, title, key, do in (
            ("code", "Keras code …", "Ctrl+K", self.show_code),
            ("save_model", "Save the model …", "Ctrl+M", self.ask_where_to_save),
            ("load_model", "Load a model …", "Ctrl+Shift+M", self.ask_what_to_load),
        ):
            self.add_action(name, title, key, do, "Code and models")
        tab.bridge.saved.connect(self._say_saved)
        tab.bridge.loaded.connect(self._take)

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """The script follows what is set."""
        if before is not None:
            self._changes.note_names(changed(before, now))
        self._show()

    def begin_run(self) -> None:
        """Nothing was changed in it yet."""
        self._changes.begin()

    def show_frame(self, frame: Frame) -> None:
        """The script trains as long as this did, once training pauses."""
        self._changes.take(frame)
        if frame.state != "running" and frame.epoch != self._epoch:
            self._epoch = frame.epoch
            self._show()

    def close(self) -> None:
        """End the dialog's threads."""
        if self.dialog is not None:
            self.dialog.close_dialog()

    def show_code(self) -> None:
        """Open the window with the script, or bring it to the front."""
        if self.dialog is None:
            self.dialog = CodeDialog(self.tab.look, self.tab)
        self.dialog.show()
        self.dialog.raise_()
        self.dialog.activateWindow()
        self._show()

    def ask_where_to_save(self) -> None:
        """Let a person choose a file for the model."""
        dialog = self._files("Save the model", "network.save_model_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("keras")
        dialog.fileSelected.connect(self.save_model)
        dialog.open()

    def ask_what_to_load(self) -> None:
        """Let a person choose a model to go on with."""
        dialog = self._files("Load a model", "network.load_model_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(self.load_model)
        dialog.open()

    def save_model(self, path: str) -> None:
        """Have the model written to this file."""
        self._folder = str(Path(path).parent)
        self.tab.bridge.save_model(path)

    def load_model(self, path: str) -> None:
        """Have a model read from this file, and go on with it."""
        self._folder = str(Path(path).parent)
        self.tab.bridge.load_model(path)

    def _files(self, title: str, name: str) -> QFileDialog:
        dialog = QFileDialog(self.tab, title, self._folder, MODELS)
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _note_weight(self) -> None:
        self._changes.note_names(["weights by hand"])
        self._show()

    def _show(self) -> None:
        if self.dialog is not None and self.dialog.isVisible():
            self.dialog.show_state(self.tab.store.state, self._epoch, self._changes.note)

    def _say_saved(self, event: Saved) -> None:
        self.tab.tell(f"The model is saved as {event.path}.")

    def _take(self, event: Loaded) -> None:
        before = self.tab.store.state
        training, made = before.training, event.training
        if made is not None:  # a file says nothing of the split, the seed and when to stop
            training = msgspec.structs.replace(
                training, optimizer=made.optimizer, loss=made.loss, schedule=made.schedule
            )
        given = Given(event.network, training.seed, event.weights, event.scaling)
        self.tab.store.edit(network=event.network, training=training, given=given)
        said = f"{Path(event.path).name} goes on from here; a reset comes back to it."
        learns_values = event.network.regression
        if len(before.points) and before.network.regression != learns_values:
            said = f"{said} {NOW_VALUES if learns_values else NOW_LABELS}"
        self.tab.tell(said)
