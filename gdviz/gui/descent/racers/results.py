"""The table of racers, who won, and the numbers out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.descent.verdict import CLOSE, winners
from gdviz.gui.descent.racers.table import RacerTable
from gdviz.gui.descent.racers.trajectory_out import TrajectoryOut
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.numbers import percent, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import WrappedLabel, bar, icon_button


class Results(QWidget):
    """The table over a slim bar: the verdict at the end of the race, copy and save."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self._session = session
        self.table = RacerTable(session, look)
        self.out = TrajectoryOut(self)
        self.verdict = WrappedLabel("descent.verdict")
        copy = icon_button("descent.copy", "copy", "Copy the trajectory", look, flat=True)
        copy.setToolTip("Copy the selected racer's trajectory as CSV (Ctrl+C in the table)")
        save = icon_button("descent.save", "save", "Save the trajectory", look, flat=True)
        save.setToolTip("Save the selected racer's trajectory as CSV (Ctrl+Shift+S)")
        copy.clicked.connect(self.copy)
        save.clicked.connect(self.save)
        action = QAction("Copy the trajectory as CSV", self.table)
        action.setShortcut(QKeySequence.StandardKey.Copy)
        action.setShortcutContext(Qt.ShortcutContext.WidgetShortcut)
        action.triggered.connect(self.copy)
        self.table.addAction(action)
        self.table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.table, 1)
        layout.addWidget(bar("descent.results", [self.verdict, copy, save]))
        session.step_changed.connect(self._judge)
        session.race_changed.connect(self._judge)
        self.out.said.connect(self.verdict.setText)

    def copy(self) -> None:
        """Copy the selected racer's trajectory."""
        race = self._session.race
        if self._session.selected < len(race.trajectories):
            self.out.copy(race.trajectories[self._session.selected])

    def save(self) -> None:
        """Save the selected racer's trajectory."""
        race = self._session.race
        if self._session.selected < len(race.trajectories):
            self.out.ask_to_save(race.trajectories[self._session.selected])

    def close(self) -> bool:
        """End the thread."""
        self.out.close()
        return super().close()

    def _judge(self) -> None:
        session = self._session
        ended = session.race.whole and 0 < session.race.last_step <= session.step
        self.verdict.setText(_words(session) if ended else "")


def _words(session: DescentSession) -> str:
    """Who won, in a sentence; "" where nobody did."""
    race = session.race
    judged = winners(race.trajectories)
    if judged is None:
        return ""
    evaluations = whole(judged.evaluations)
    *first, last = (race.names[index] for index in judged.best)
    if not first:
        return f"Lowest loss: {last}, in {evaluations} evaluations."
    return (
        f"Lowest loss, to {percent(CLOSE)} of the way down: {', '.join(first)} and {last}. "
        f"Fewest evaluations to get there: {race.names[judged.cheapest]}, {evaluations}."
    )
