"""Points from files and texts and into them: dialogs, and threads that read and write."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gdviz.gui.network.geometry import extent_of, rounded_extent_of
from gdviz.gui.network.state import AXES, Painted
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.timers import one_shot
from gdviz.network.points import Points
from gdviz.network.points_file import write_points
from gdviz.network.points_table import PointsTable, parse_table, read_table

TABLES = "Tables of points (*.csv *.tsv *.txt);;All files (*)"
POINTS = "Points (*.csv);;All files (*)"
LONG_MILLISECONDS = 500


@dataclass(frozen=True, slots=True)
class Incoming:
    """What was read.

    Attributes:
        name: where from, for people.
        table: its points, and what is wrong with the lines that were left out.
        painted: the points on a canvas that holds them all.
    """

    name: str
    table: PointsTable
    painted: Painted

    @classmethod
    def of(cls, name: str, table: PointsTable) -> Incoming:
        """With the canvas that the table needs: the usual one would say nothing about axes with names of their own."""
        is_named = table.axes != AXES and len(table.points) > 0
        extent = (rounded_extent_of if is_named else extent_of)(points=table.points)
        painted = Painted(
            table.points,
            extent,
            table.axes,
            value_axis=table.value_axis,
            value_range=table.value_range,
            regression=table.regression,
        )
        return cls(name, table, painted)


class PointsFiles(QObject):
    """Reads and writes points off the GUI thread.

    Signals:
        reading(str): what has been read for so long that a person wonders; ``stop_reading`` gives it up.
        read(object): an Incoming.
        written(str): the path of a file.
        failed(str): what could not be read or written, and why.
    """

    reading = Signal(str)
    read = Signal(object)
    written = Signal(str)
    failed = Signal(str)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._window = parent
        self._folder = ""
        self._reading, self._writing = Latest("points reader", self), Latest("points writer", self)
        self._wanted: object = None  # stands for what is being read; None where nothing is, or it was given up
        self._name = ""
        self._long = one_shot(self, LONG_MILLISECONDS, lambda: self.reading.emit(self._name))
        self._reading.done.connect(self._take)
        self._writing.done.connect(lambda path: self.written.emit(str(path)))
        self._reading.failed.connect(lambda _: self.stop_reading())
        for work in (self._reading, self._writing):
            work.failed.connect(self.failed)

    def ask_to_read(self) -> None:
        """Let a person choose a file to read."""
        dialog = self._dialog("Import points", "network.import_dialog", TABLES)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        dialog.fileSelected.connect(lambda path: self.read_file(Path(path)))
        dialog.open()

    def ask_to_write(self, points: Points, *, values: bool = False) -> None:
        """Let a person choose where to write these points, with their values or with their labels."""
        dialog = self._dialog("Export points", "network.export_dialog", POINTS)
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("csv")
        dialog.fileSelected.connect(lambda path: self.write_file(Path(path), points, values=values))
        dialog.open()

    def read_file(self, path: Path) -> None:
        """Read points from this file."""
        self._folder = str(path.parent)
        refusal = f"{path.name} was not imported"
        self._begin(path.name, partial(_read, path.name, refusal, partial(read_table, path)))

    def read_text(self, text: str, name: str) -> None:
        """Read points from a text; name says what it is, for people."""
        refusal = f"{name[:1].upper()}{name[1:]} holds no points"
        self._begin(name, partial(_read, name, refusal, partial(parse_table, text)))

    def stop_reading(self) -> None:
        """Give up what is being read: nothing comes of it."""
        self._wanted = None
        self._long.stop()

    def write_file(self, path: Path, points: Points, *, values: bool = False) -> None:
        """Write points to this file, with their values or with their labels."""
        self._folder = str(path.parent)
        self._writing.request(partial(_write, path, points, values))

    def close(self) -> None:
        """End the threads and the timer."""
        self._long.stop()
        self._reading.close()
        self._writing.close()

    def _begin(self, name: str, read: Callable[[], Incoming | str]) -> None:
        wanted = object()
        self._wanted, self._name = wanted, name
        self._long.start()
        self._reading.request(lambda: (wanted, read()))

    def _take(self, answer: tuple[object, Incoming | str]) -> None:
        wanted, came = answer
        if wanted is not self._wanted:  # given up meanwhile
            return
        self.stop_reading()
        if isinstance(came, Incoming):
            self.read.emit(came)
        else:
            self.failed.emit(came)

    def _dialog(self, title: str, name: str, kinds: str) -> QFileDialog:
        dialog = QFileDialog(self._window, title, self._folder, kinds)
        dialog.setObjectName(name)
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        return dialog


def _read(name: str, refusal: str, read: Callable[[], PointsTable]) -> Incoming | str:
    """What was read, or why it could not be."""
    try:
        return Incoming.of(name, read())
    except (OSError, ValueError) as error:
        return f"{refusal}: {_why(error)}"


def _write(path: Path, points: Points, values: bool) -> Path:
    try:
        write_points(path, points, values=values)
    except OSError as error:
        raise ValueError(f"{path.name} was not exported: {_why(error)}") from error
    return path


def _why(error: Exception) -> str:
    return (error.strerror or str(error)) if isinstance(error, OSError) else str(error)
