"""Trajectories as CSV, to the clipboard and to files."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QApplication, QFileDialog, QWidget

from gdviz.descent.trajectory import Trajectory
from gdviz.descent.trajectory_file import csv_lines
from gdviz.files import write_atomically
from gdviz.gui.widgets.latest import Latest


class TrajectoryOut(QObject):
    """Copies and saves trajectories off the GUI thread.

    Signals:
        said(str): what was done.
        failed(str): what could not be done, and why.
    """

    said = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._work = Latest("trajectory file", self)
        self._work.done.connect(self._done)
        self._work.failed.connect(self.failed)

    def copy(self, trajectory: Trajectory) -> None:
        """Put a trajectory on the clipboard."""
        self._work.request(partial(_text, trajectory))

    def ask_to_save(self, trajectory: Trajectory) -> None:
        """Let a person choose where to save a trajectory."""
        name = f"{trajectory.optimizer.key}.csv"
        dialog = QFileDialog(self._window, "Save trajectory", name, "Trajectory (*.csv);;All files (*)")
        dialog.setObjectName("descent.save_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.save(trajectory, Path(path)))
        dialog.open()

    def save(self, trajectory: Trajectory, path: Path) -> None:
        """Save a trajectory to a file."""
        self._work.request(partial(_save, trajectory, path))

    def close(self) -> None:
        """End the thread."""
        self._work.close()

    def _done(self, result: str | Path) -> None:
        if isinstance(result, Path):
            self.said.emit(f"saved {result.name}")
        else:
            QApplication.clipboard().setText(result)
            self.said.emit(f"copied {result.count(chr(10)) - 1} rows")


def _text(trajectory: Trajectory) -> str:
    return "".join(csv_lines(trajectory))


def _save(trajectory: Trajectory, path: Path) -> Path:
    try:
        write_atomically(path, _text(trajectory))
    except OSError as error:
        raise ValueError(f"{path.name} was not saved: {error.strerror or error}") from error
    return path
