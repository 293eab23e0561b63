"""The table of racers, who won, and the numbers out."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.descent.races import Race
from gdviz.descent.verdict import CLOSE, winners
from gdviz.gui.descent.racers.table import RacerTable
from gdviz.gui.descent.racers.trajectory_out import TrajectoryOut
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.numbers import short, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, bar, icon_button

NOTHING = "There is no trajectory: add a racer."
WITHIN = f"to {100 * CLOSE:g} % of the way down"


class Results(QWidget):
    """The table over a slim bar: the verdict at the end of the race, copy and save."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self._session, self._look = session, look
        self.table = RacerTable(session, look)
        self.out = TrajectoryOut(self)
        self.verdict = ElidedLabel("descent.verdict")
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
        self.out.said.connect(lambda text: self.verdict.tell(text, ""))
        look.changed.connect(self._restyle)
        self._restyle()

    def copy(self) -> None:
        """Copy the selected racer's trajectory."""
        race = self._session.race
        if self._session.selected < len(race.trajectories):
            self.out.copy(race.trajectories[self._session.selected])
        else:
            self.out.said.emit(NOTHING)

    def save(self) -> None:
        """Save the selected racer's trajectory."""
        race = self._session.race
        if self._session.selected < len(race.trajectories):
            self.out.ask_to_save(race.trajectories[self._session.selected])
        else:
            self.out.said.emit(NOTHING)

    def close(self) -> bool:
        """End the thread."""
        self.out.close()
        return super().close()

    def _restyle(self) -> None:
        self.verdict.setFont(self._look.font(0.9))

    def _judge(self) -> None:
        session = self._session
        ended = session.race.whole and 0 < session.race.last_step <= session.step
        self.verdict.tell(*(_words(session.race) if ended else ("", "")))


def _words(race: Race) -> tuple[str, str]:
    """Who won, in short, as the table needs the room, and with all names; "" where nobody did."""
    judged = winners(race.trajectories)
    if judged is None:
        return "", ""
    best, cheapest = ([race.names[index] for index in indices] for indices in (judged.best, judged.cheapest))
    evaluations = whole(judged.evaluations)
    # How alike they are is said where the table tells them apart.
    alike = len({short(float(race.trajectories[index].losses[-1])) for index in judged.best}) == 1
    lowest = f"Lowest loss: {_some(best)}" if alike else f"Lowest loss, {WITHIN}: {_some(best)}"
    if best == cheapest:
        each = "each " if len(best) > 1 else ""
        in_short = f"{lowest}, {each}in {evaluations} evaluations."
    else:
        in_short = f"{lowest}.\nFewest evaluations to it: {_some(cheapest)}, {evaluations}."
    in_full = (
        f"Lowest loss, {WITHIN}: {_all(best)}.\n"
        f"Fewest evaluations of gradient and loss to get there: {_all(cheapest)}, {evaluations}."
    )
    return in_short, in_full


def _some(names: list[str]) -> str:
    """One or two names; of more, the first and how many others."""
    return _all(names) if len(names) <= 2 else f"{names[0]} and {len(names) - 1} others"


def _all(names: list[str]) -> str:
    *first, last = names
    return f"{', '.join(first)} and {last}" if first else last
