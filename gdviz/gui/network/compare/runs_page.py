"""The page with the table of runs, and what can be done with one."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QItemSelectionModel, QObject, QSortFilterProxyModel, Qt, Signal
from PySide6.QtGui import QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QLabel, QTableView, QVBoxLayout, QWidget

from gdviz.gui.network.compare.runs import RunRecord
from gdviz.gui.network.compare.runs_model import COLUMNS, FIRST, SORT_ROLE, WHAT, RunsModel, as_text
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import icon_button, muted
from gdviz.gui.widgets.flow import FlowLayout

LEAST = 0.75
"""Of the width of usual words in one line, this share is enough: they may take two."""

NO_RUNS = "Every run that trained an epoch will stand here."


class RunsPage(QWidget):
    """Shows the runs.

    Attributes:
        model: the runs in their own order.
        table: sorted by the column whose head was clicked.

    Signals:
        keep_asked(object): this RunRecord is to be a ghost; None is the present run.
        remove_asked(int): the run of this number is to be a ghost no more.
        settings_asked(object): the settings of this RunRecord are to be taken again.
    """

    keep_asked = Signal(object)
    remove_asked = Signal(int)
    settings_asked = Signal(object)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.runs")
        self._look = look
        self._ghosts: frozenset[int] = frozenset()
        self.model = RunsModel(look)
        self._sorted = QSortFilterProxyModel(self)
        self._sorted.setSortRole(SORT_ROLE)
        self._sorted.setSourceModel(self.model)
        self.table = self._made_table()
        self._empty = muted(NO_RUNS)
        self._empty.setObjectName("network.runs.empty")
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self._bar())
        column.addWidget(self._empty, 1)
        column.addWidget(self.table, 1)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self._enable())
        look.changed.connect(self._restyle)
        self._restyle()
        self.show_records([])

    @property
    def selected(self) -> RunRecord | None:
        """The run whose row is selected."""
        rows = self.table.selectionModel().selectedRows()
        return self.model.records[self._sorted.mapToSource(rows[0]).row()] if rows else None

    def show_records(self, records: list[RunRecord]) -> None:
        """Show these runs."""
        self.model.show_records(records)
        self._empty.setVisible(not records)
        self.table.setVisible(bool(records))
        self._share_lines()
        self._enable()

    def show_ghosts(self, ghosts: frozenset[int]) -> None:
        """Which runs are ghosts, by their numbers."""
        self._ghosts = ghosts
        self._enable()

    def select(self, number: int) -> None:
        """Select the run of this number."""
        for row, record in enumerate(self.model.records):
            if record.number == number:
                flags = QItemSelectionModel.SelectionFlag.ClearAndSelect | QItemSelectionModel.SelectionFlag.Rows
                self.table.selectionModel().select(self._sorted.mapFromSource(self.model.index(row, 0)), flags)

    def copy(self) -> None:
        """Put the table on the clipboard as text, in the order in which it is shown."""
        order = [self._sorted.mapToSource(self._sorted.index(row, 0)).row() for row in range(self._sorted.rowCount())]
        QGuiApplication.clipboard().setText(as_text([self.model.records[row] for row in order]))
        self._said.setText("copied")

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The table has more room, or less."""
        if event.type() == QEvent.Type.Resize:
            self._share_room()
        return super().eventFilter(watched, event)

    def _show_newest(self) -> None:
        """There are more rows, or there is room for fewer."""
        newest = self.model.index(len(self.model.records) - 1, 0)
        self.table.scrollTo(self._sorted.mapFromSource(newest))

    def _bar(self) -> QWidget:
        made, look = QWidget(), self._look
        flow = FlowLayout(made, margins=(8, 2, 8, 2), spacing=4)
        tip = "Curves and boundary of the selected run, or of the present one, stay in view (Ctrl+G)"
        self.keep = icon_button("network.runs.keep", "ghost", "Keep as ghost", look, tip=tip, text=True)
        self.remove = icon_button("network.runs.remove", "remove", "Remove the ghost", look)
        self.take = icon_button(
            "network.runs.take", "take", "Take these settings again", look, tip="Begin anew with these settings"
        )
        self.copy_button = icon_button(
            "network.runs.copy", "copy", "Copy the table", look, tip="Copy the table as text"
        )
        self._said = QLabel()
        self._said.setObjectName("network.runs.said")
        self._said.setProperty("role", "muted")
        self.keep.clicked.connect(lambda: self.keep_asked.emit(self.selected))
        self.remove.clicked.connect(lambda: self._with_selected(lambda run: self.remove_asked.emit(run.number)))
        self.take.clicked.connect(lambda: self._with_selected(self.settings_asked.emit))
        self.copy_button.clicked.connect(self.copy)
        for widget in (self.keep, self.remove, self.take, self.copy_button, self._said):
            flow.addWidget(widget)
        return made

    def _made_table(self) -> QTableView:
        table = QTableView()
        table.setObjectName("network.runs.table")
        table.setAccessibleName("Runs with their settings and results")
        table.setModel(self._sorted)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setShowGrid(False)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.verticalHeader().hide()
        table.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        table.horizontalHeader().setHighlightSections(False)
        table.horizontalHeader().setStretchLastSection(True)
        table.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        table.horizontalHeader().setSortIndicatorClearable(True)
        table.setSortingEnabled(True)
        table.viewport().installEventFilter(self)
        table.verticalScrollBar().rangeChanged.connect(self._show_newest)
        table.doubleClicked.connect(lambda _: self._with_selected(self._toggle))
        return table

    def _with_selected(self, do: Callable[[RunRecord], object]) -> None:
        record = self.selected
        if record is not None:
            do(record)

    def _toggle(self, record: RunRecord) -> None:
        if record.number in self._ghosts:
            self.remove_asked.emit(record.number)
        else:
            self.keep_asked.emit(record)

    def _enable(self) -> None:
        record = self.selected
        self.keep.setEnabled(bool(self.model.records))
        self.copy_button.setEnabled(bool(self.model.records))
        self.remove.setEnabled(record is not None and record.number in self._ghosts)
        self.take.setEnabled(record is not None)

    def _restyle(self) -> None:
        """Fixed widths: columns must not move while numbers change."""
        look, table = self._look, self.table
        table.setFont(look.font(0.85))
        metrics, bold = QFontMetrics(look.font(0.85)), QFontMetrics(look.font(0.95, bold=True))
        for index, each in enumerate(COLUMNS):
            words = max(bold.horizontalAdvance(word) for word in each.title.split())
            widest = max(metrics.horizontalAdvance(each.widest), words)
            table.setColumnWidth(index, widest + look.pixels(2) + (look.pixels(0.5) if index == 0 else 0))
        self._share_room()
        table.verticalHeader().setMinimumSectionSize(metrics.height())
        self._share_lines()

    def _share_room(self) -> None:
        """What as many other columns leave as may be seen in full goes to the one with the words."""
        table, metrics = self.table, QFontMetrics(self._look.font(0.85))
        others = [table.columnWidth(index) for index in range(len(COLUMNS)) if index != WHAT]
        least = round(LEAST * metrics.horizontalAdvance(COLUMNS[WHAT].widest))
        left = [table.viewport().width() - sum(others[:count]) for count in range(FIRST - 1, len(COLUMNS))]
        table.setColumnWidth(WHAT, min((width for width in left if width >= least), default=max(least // 3, left[0])))
        self._share_lines()

    def _share_lines(self) -> None:
        """Two lines a row where one is too little for the words."""
        look, metrics = self._look, QFontMetrics(self._look.font(0.85))
        room = self.table.columnWidth(WHAT) - look.pixels(1.5)
        lines = 2 if any(metrics.horizontalAdvance(words) > room for words in self.model.what) else 1
        height = lines * metrics.lineSpacing() + look.pixels(0.75)
        if height != self.table.verticalHeader().defaultSectionSize():
            self.table.verticalHeader().setDefaultSectionSize(height)
