"""The table of runs as Qt sees it."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QColor, QIcon, QPixmap

from gdviz.gui.network.compare.runs import RunRecord
from gdviz.gui.network.compare.words import described, duration, parts_of, rarest_first
from gdviz.gui.numbers import percent, short, whole
from gdviz.gui.theme import Look

Index = QModelIndex | QPersistentModelIndex
SORT_ROLE = Qt.ItemDataRole.UserRole


@dataclass(frozen=True, slots=True)
class Column:
    """One column.

    Attributes:
        title, tip: at its head.
        widest: a text as wide as it gets.
        key: what its rows are ordered by.
        text: what is shown.
        is_number: whether its texts stand at the right.
    """

    title: str
    tip: str
    widest: str
    key: Callable[[RunRecord], float | str]
    text: Callable[[RunRecord], str]
    is_number: bool = True


def _network(record: RunRecord) -> str:
    return described(record.state.network, record.state.training)


def _whole(record: RunRecord) -> str:
    """All of a run's settings, for a tool tip."""
    return f"{_network(record)}\nseed {record.state.training.seed}, {record.data}"


def _compared(records: Sequence[RunRecord]) -> list[str]:
    """What each run is, beginning with what tells it from the others; seed and data have columns of their own."""
    settings = [parts_of(record.state.network, record.state.training) for record in records]
    runs = [
        [*parts, f"seed {record.state.training.seed}", record.data]
        for parts, record in zip(settings, records, strict=True)
    ]
    return rarest_first(runs, [len(parts) for parts in settings])


def _loss(value: float) -> str:
    """Never longer than its column: a number whose exponent is cut off would be another number."""
    text = short(value)
    return short(value, 3) if "e" in text else text


def _measured(title: str, tip: str, widest: str, field: str, text: Callable[[float], str]) -> Column:
    def value(record: RunRecord) -> float:
        return float(getattr(record.metrics, field))

    def key(record: RunRecord) -> float:
        return value(record) if math.isfinite(value(record)) else math.inf

    return Column(title, tip, widest, key, lambda record: text(value(record)))


_WIDEST = "8, 8 tanh, adam 0.01, batch 100"
_LOSS, _SHARE = "0.0e−00", "100.0 %"
COLUMNS: tuple[Column, ...] = (
    Column("run", "In the order in which they began", "000", lambda run: run.number, lambda run: str(run.number)),
    Column("what", "Network and training: first what few of the runs have", _WIDEST, _network, _network, False),
    _measured("test acc.", "Accuracy on the test points", _SHARE, "test_accuracy", percent),
    _measured("test loss", "Loss on the test points", _LOSS, "test_loss", _loss),
    Column("epochs", "Epochs trained", "00 000", lambda run: run.epochs, lambda run: whole(run.epochs)),
    Column("time", "Time spent on training", "00.0 s", lambda run: run.seconds, lambda run: duration(run.seconds)),
    _measured("train acc.", "Accuracy on the training points", _SHARE, "accuracy", percent),
    _measured("train loss", "Loss on the training points", _LOSS, "loss", _loss),
    Column(
        "seed",
        "Decides initial weights and shuffles",
        "000",
        lambda run: run.state.training.seed,
        lambda run: str(run.state.training.seed),
    ),
    Column("data", "The data set", "E-portfolio", lambda run: run.data, lambda run: run.data, False),
)
"""What matters most comes first: a narrow table shows no more than that."""

WHAT = 1
"""The column that gives way."""

FIRST = 6
"""So many columns are always in view."""


class RunsModel(QAbstractTableModel):
    """A row a run, in the order in which they began; columns as in ``COLUMNS``.

    Attributes:
        records: the runs.
        what: what each of them is, in words.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.records: list[RunRecord] = []
        self.what: list[str] = []
        self._colors: dict[int, QColor] = {}

    def show_records(self, records: Sequence[RunRecord]) -> None:
        """Show these runs; those that are there already keep their rows."""
        self._show_records(records)
        what = _compared(records)
        if what != self.what:
            self.what = what
            if what:
                self.dataChanged.emit(self.index(0, WHAT), self.index(len(what) - 1, WHAT))

    def _show_records(self, records: Sequence[RunRecord]) -> None:
        numbers = [record.number for record in records]
        while self.records and self.records[0].number not in numbers:
            self.beginRemoveRows(QModelIndex(), 0, 0)
            self.records = self.records[1:]
            self.endRemoveRows()
        shown = len(self.records)
        if [record.number for record in self.records] != numbers[:shown]:  # the present one is a run no more
            self.beginResetModel()
            self.records = list(records)
            self.endResetModel()
            return
        for row in range(shown):
            if self.records[row] is not records[row]:
                self.records[row] = records[row]
                self.dataChanged.emit(self.index(row, 0), self.index(row, len(COLUMNS) - 1))
        if len(records) > shown:
            self.beginInsertRows(QModelIndex(), shown, len(records) - 1)
            self.records = list(records)
            self.endInsertRows()

    def show_colors(self, colors: Mapping[int, QColor]) -> None:
        """Mark the runs that are ghosts, by their numbers."""
        self._colors = dict(colors)
        if self.records:
            self.dataChanged.emit(self.index(0, 0), self.index(len(self.records) - 1, 0))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        """One a run."""
        return 0 if parent.isValid() else len(self.records)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        """Those of ``COLUMNS``."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The columns' names and what they mean."""
        if orientation == Qt.Orientation.Horizontal:
            if role == Qt.ItemDataRole.DisplayRole:
                return COLUMNS[section].title.replace(" ", "\n")
            if role == Qt.ItemDataRole.TextAlignmentRole and not COLUMNS[section].is_number:
                return Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            if role == Qt.ItemDataRole.ToolTipRole:
                return f"{COLUMNS[section].tip}; click to sort"
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, place in the order, colour and alignment of a cell."""
        record, column = self.records[index.row()], COLUMNS[index.column()]
        if index.column() == WHAT and role == Qt.ItemDataRole.ToolTipRole:
            return _whole(record)
        if index.column() == WHAT and role == Qt.ItemDataRole.DisplayRole and index.row() < len(self.what):
            return self.what[index.row()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return column.text(record)
        if role == SORT_ROLE:
            return column.key(record)
        if role == Qt.ItemDataRole.DecorationRole and index.column() == 0 and record.number in self._colors:
            return swatch(self._look, self._colors[record.number])
        if role == Qt.ItemDataRole.TextAlignmentRole and column.is_number:
            return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        return None


def as_text(records: Sequence[RunRecord]) -> str:
    """The table with tabs between the columns, as spreadsheets take it."""
    rows = [[column.title for column in COLUMNS], *([column.text(record) for column in COLUMNS] for record in records)]
    return "".join("\t".join(row) + "\n" for row in rows)


def swatch(look: Look, color: QColor) -> QIcon:
    """A colour as an icon."""
    pixmap = QPixmap(look.pixels(1.25), look.pixels(1.25))
    pixmap.fill(color)
    return QIcon(pixmap)
