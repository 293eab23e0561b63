"""Points from a file and into one: a dialog, and a thread that reads or writes."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.gui.network.geometry import extent_of
from gdviz.gui.network.state import Painted
from gdviz.gui.widgets.latest import Latest
from gdviz.network.points import Points
from gdviz.network.points_file import read_points, write_points

FILTER = "Points (*.csv);;All files (*)"


class PointsFiles(QObject):
    """Reads and writes points off the GUI thread.

    Signals:
        read(object): Painted, from a file.
        written(str): the path of a file.
        failed(str): what could not be read or written, and why.
    """

    read = Signal(object)
    written = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._folder = ""
        self._work = Latest("points file", self)
        self._work.done.connect(self._done)
        self._work.failed.connect(self.failed)

    def ask_to_read(self) -> None:
        """Let a person choose a file to read."""
        dialog = self._dialog("Import points", "network.import_dialog")
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.read_file(Path(path)))
        dialog.open()

    def ask_to_write(self, points: Points) -> None:
        """Let a person choose where to write these points."""
        dialog = self._dialog("Export points", "network.export_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.write_file(Path(path), points))
        dialog.open()

    def read_file(self, path: Path) -> None:
        """Read points from this file."""
        self._folder = str(path.parent)
        self._work.request(partial(_read, path))

    def write_file(self, path: Path, points: Points) -> None:
        """Write points to this file."""
        self._folder = str(path.parent)
        self._work.request(partial(_write, path, points))

    def close(self) -> None:
        """End the thread."""
        self._work.close()

    def _dialog(self, title: str, name: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder, FILTER)
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog

    def _done(self, result: Painted | Path) -> None:
        if isinstance(result, Path):
            self.written.emit(str(result))
        else:
            self.read.emit(result)


def _read(path: Path) -> Painted:
    try:
        points = read_points(path)
    except (OSError, ValueError) as error:
        raise ValueError(f"{path.name} was not imported: {_why(error)}") from error
    return Painted(points, extent_of(points=points))


def _write(path: Path, points: Points) -> Path:
    try:
        write_points(path, points)
    except OSError as error:
        raise ValueError(f"{path.name} was not exported: {_why(error)}") from error
    return path


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
