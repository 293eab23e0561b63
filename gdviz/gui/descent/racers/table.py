"""Every racer's numbers at the step shown."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QFontMetrics, QIcon, QPixmap, QShowEvent
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView

from gdviz.descent.races import Race, asks_some
from gdviz.descent.trajectory import Outcome, Trajectory
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.numbers import place, short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.timers import one_shot
from gdviz.gui.widgets.turns import in_turn

USUAL_NAME = "Momentum"
TIPS = {
    "racer": "The racer's optimizer and colour",
    "step": "The step shown, or the racer's last one",
    "loss": "The loss at this step",
    "‖gradient‖": "The length of the gradient at this step",
    "w0": "The first parameter at this step",
    "w1": "The second parameter at this step",
    "state": "Running or how it ended; rest on it to see why",
}
"""What stands in each column; where there is no room for all, the first ones are seen."""

IN_BATCHES = {
    "loss": "The loss of all samples at this step",
    "‖gradient‖": "The length of the gradient of this step's batch",
}
"""The same where gradients are those of some samples."""

COLUMNS = tuple(TIPS)
W1 = COLUMNS.index("w1")
READABLE_MILLISECONDS = 66
"""Numbers that change more than fifteen times a second cannot be read, and cost time to draw."""

NUMBERS_STAND = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter

Index = QModelIndex | QPersistentModelIndex


class RacerModel(QAbstractTableModel):
    """A row a racer; columns as in ``COLUMNS``."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self._session, self._look = session, look
        self._column, self._descending = -1, False
        self._order: list[int] = []
        self._texts: dict[int, tuple[str, ...]] = {}  # of the racers that were asked for, at this step

    @property
    def order(self) -> list[int]:
        """The racers' indices in the order of the rows."""
        return self._order

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Order the rows by a column, now and whenever its numbers change; -1 is the racers' own order."""
        self._column, self._descending = column, order == Qt.SortOrder.DescendingOrder
        self.layoutAboutToBeChanged.emit()
        self._arrange()
        self.layoutChanged.emit()

    def reset(self) -> None:
        """The race is another one."""
        self.beginResetModel()
        self._arrange()
        self.endResetModel()

    def forget(self) -> None:
        """The numbers are others; who asks is told the new ones, ``refresh`` tells those who do not."""
        self._texts.clear()

    def _arrange(self) -> None:
        self.forget()
        race, step = self._session.race, self._session.step
        self._order = list(range(len(race.trajectories)))
        if self._column >= 0:
            keys = [_key(race, index, step, self._column) for index in self._order]
            self._order.sort(key=keys.__getitem__, reverse=self._descending)

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        """One a racer."""
        return 0 if parent.isValid() else len(self._order)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008  # Qt's signature
        """Those of ``COLUMNS``."""
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The columns' names, and what stands in them."""
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole:
            return COLUMNS[section]
        if orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.ToolTipRole:
            spec, name = self._session.race.spec, COLUMNS[section]
            told = IN_BATCHES.get(name) if asks_some(spec.surface, spec.noise) else None
            return f"{told or TIPS[name]}; click to sort"
        return None

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, colour and alignment of a cell."""
        column = index.column()
        if role == Qt.ItemDataRole.DisplayRole:
            return self._text(self._order[index.row()])[column]
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return NUMBERS_STAND if 0 < column < len(COLUMNS) - 1 else None
        if role == Qt.ItemDataRole.DecorationRole and column == 0:
            return swatch(self._look, self._session.race.spec.racers[self._order[index.row()]].color)
        if role == Qt.ItemDataRole.ToolTipRole and column == len(COLUMNS) - 1:
            trajectory = self._session.race.trajectories[self._order[index.row()]]
            return trajectory.reason if self._session.step >= trajectory.steps else None
        return None

    def _text(self, number: int) -> tuple[str, ...]:
        if number not in self._texts:
            self._texts[number] = _cells(self._session.race, number, self._session.step)
        return self._texts[number]

    def refresh(self) -> None:
        """The step changed: all cells are others, and perhaps their order."""
        before = list(self._order)
        self._arrange()
        if self._order != before:
            self.layoutAboutToBeChanged.emit()
            self.layoutChanged.emit()
        elif self.rowCount():
            self.dataChanged.emit(self.index(0, 0), self.index(self.rowCount() - 1, len(COLUMNS) - 1))


class RacerTable(QTableView):
    """Shows the model; choosing a row selects the racer."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.table")
        self.setAccessibleName("Racers and their numbers at this step")
        self._session, self._look = session, look
        self._model = RacerModel(session, look)
        self.setModel(self._model)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setShowGrid(False)
        self.verticalHeader().hide()
        self.setWordWrap(False)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        for changed in (self.verticalScrollBar().rangeChanged, self.verticalScrollBar().valueChanged):
            changed.connect(self._keep_first_row_whole)
        # More racers, or less room, as where names become so long that a scroll bar comes.
        self.verticalScrollBar().rangeChanged.connect(lambda *_: self.scrollTo(self.currentIndex()))
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setStretchLastSection(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.setSortingEnabled(True)
        self.selectionModel().currentRowChanged.connect(self._select)
        self._model.layoutChanged.connect(self._show_selection)
        for signal in (self._model.dataChanged, self._model.layoutChanged, self._model.modelReset):
            signal.connect(self._fit_numbers)
        self._shown: Race | None = None
        self._refresh_soon = in_turn(self._model.refresh)
        self._refresh = one_shot(self, READABLE_MILLISECONDS, self._refresh_soon)
        session.race_changed.connect(self._race_changed)
        session.spec_changed.connect(self._show_selection)
        session.step_changed.connect(self._step_changed)
        session.playing_changed.connect(lambda _: self._model.refresh())
        look.changed.connect(self._resize)
        self._resize()

    def showEvent(self, event: QShowEvent) -> None:
        """A text size that was chosen while it was hidden is given to it only now."""
        super().showEvent(event)
        self._resize()

    def _race_changed(self) -> None:
        """The same racers from elsewhere, as in a drag, wait for their turn: who drags looks at the trajectories."""
        shown, race = self._shown, self._session.race
        self._shown = race
        if shown is not None and shown.names == race.names and shown.surface is race.surface:
            self._model.forget()
            self._refresh_soon()
        else:
            self._reset()

    def _reset(self) -> None:
        self.setColumnHidden(W1, self._session.race.surface.dimensions == 1)
        self._model.reset()
        self._fit_names()
        self._show_selection()

    def _select(self, current: QModelIndex, _: QModelIndex) -> None:
        if current.isValid():
            self._session.select(self._model.order[current.row()])

    def _show_selection(self) -> None:
        if self._session.selected in self._model.order:
            row = self._model.order.index(self._session.selected)
            if row != self.currentIndex().row():
                self.selectRow(row)

    def _step_changed(self) -> None:
        if not self._session.playing:
            self._model.refresh()
        elif not self._refresh.isActive():
            self._refresh.start()

    def _keep_first_row_whole(self) -> None:
        """Scroll by rows, at the end, too: where rows do not fill the height, Qt would cut the first one."""
        scroll, row = self.verticalScrollBar(), self.verticalHeader().defaultSectionSize()
        scroll.setSingleStep(row)
        scroll.setMaximum(-(-scroll.maximum() // row) * row)
        scroll.setValue(-(-scroll.value() // row) * row)

    def _resize(self) -> None:
        """Widths for usual numbers: columns must not move with each of them."""
        self.setFont(self._look.font(0.9))
        self.horizontalHeader().setFont(self._look.font(0.9))  # a new style sheet gives it the window's
        metrics = QFontMetrics(self._look.font(0.9))
        widest = ("", "00 000", "−0.00e−00", "0.00e−00", "−0.00e+00", "−0.00e+00", "unfinished")
        for column, (text, name) in enumerate(zip(widest, COLUMNS, strict=True)):
            width = max(metrics.horizontalAdvance(text), metrics.horizontalAdvance(name))
            last = column == len(COLUMNS) - 1  # it is stretched where there is room, and needs no more than its text
            self.setColumnWidth(column, width + (self._margin // 2 if last else self._margin))
        self._fit_numbers()
        self._fit_names()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self.verticalHeader().setMinimumSectionSize(metrics.height())  # first, as the other is never below it
        self.verticalHeader().setDefaultSectionSize(metrics.height() + self._look.pixels(0.75))

    @property
    def _margin(self) -> int:
        """What a cell has of room besides its text, in pixels."""
        return self._look.pixels(2)

    def _fit_numbers(self) -> None:
        """Widen the columns whose numbers are longer than usual; they do not become narrower again meanwhile."""
        metrics = QFontMetrics(self._look.font(0.9))
        for column in range(1, len(COLUMNS) - 1):
            texts = (self._model.index(row, column).data() for row in range(self._model.rowCount()))
            needed = max(map(metrics.horizontalAdvance, texts), default=0) + self._margin
            if needed > self.columnWidth(column) and not self.isColumnHidden(column):
                self.setColumnWidth(column, needed)

    def _fit_names(self) -> None:
        """Names change with the race alone; those of forks are longer."""
        metrics = QFontMetrics(self._look.font(0.9))
        names = [USUAL_NAME, *self._session.race.names]
        self.setColumnWidth(0, max(map(metrics.horizontalAdvance, names)) + self._look.pixels(5.25))


def _cells(race: Race, index: int, step: int) -> tuple[str, ...]:
    """The texts of one racer's row at a step."""
    trajectory = race.trajectories[index]
    row = min(step, trajectory.steps)
    w, loss = trajectory.positions[row], float(trajectory.losses[row])
    norm = float(np.hypot(*trajectory.gradients[row]))
    return (
        race.names[index],
        str(row),
        short(loss),
        short(norm),
        place(float(w[0])),
        place(float(w[1])),
        _state(trajectory, row, race.spec.steps),
    )


def _state(trajectory: Trajectory, row: int, steps: int) -> str:
    if row < trajectory.steps or trajectory.outcome is Outcome.RUNNING:
        return "running" if row < steps else "unfinished"
    return str(trajectory.outcome)


def _key(race: Race, index: int, step: int, column: int) -> tuple[float, str]:
    """What a racer is ordered by."""
    trajectory = race.trajectories[index]
    row = min(step, trajectory.steps)
    numbers = (row, trajectory.losses[row], trajectory.gradient_norms[row], *trajectory.positions[row])
    text = _cells(race, index, step)[column]
    return (float(numbers[column - 1]), text) if 0 < column < len(COLUMNS) - 1 else (0.0, text)


def swatch(look: Look, color: int) -> QIcon:
    """A racer's colour as an icon."""
    pixmap = QPixmap(look.pixels(1.5), look.pixels(1.5))
    pixmap.fill(look.racer(color))
    icon = QIcon(pixmap)
    icon.addPixmap(pixmap, QIcon.Mode.Selected)  # which Qt would tint
    return icon
