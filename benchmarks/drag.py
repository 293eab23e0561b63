"""Ten racers in a window of 1280x720, none stopped early, step 1,000 shown. First the start is moved and all is left to
rest: from the move to the contours and the 3-D view painted with all of every racer's trajectory; median of 20. Then it
is dragged, sixty moves a second for three seconds: from a move to the contours painted with its race, as far as that is
computed by then; median of those that were drawn. Two frames are allowed: of 60 a second with a GPU, of 30 in software.
"""

from __future__ import annotations

import statistics
import time

from PySide6.QtCore import QEvent, QEventLoop, QObject, Qt, QTimer

from benchmarks.qt import let_run, ten_racers
from benchmarks.result import Result
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.tab import DescentTab

MOVES = 180
EVERY_MILLISECONDS = 16


def measure() -> list[Result]:
    """Milliseconds from a move to its picture."""
    window, tab = ten_racers()
    tab.session.go_to(1000)
    let_run(1.0)
    software = tab.surface_view.software
    allowed = 2 * 1000 / (30 if software else 60)
    moved = moved_once(tab)
    dragged, steps = dragged_about(tab)
    window.close()
    where = ", in software" if software else ""
    return [
        Result(
            f"a new start of 10 racers x 1,000 steps, to the picture{where}",
            f"{allowed:.0f} ms",
            f"{moved:.0f} ms",
            moved <= allowed,
        ),
        Result(
            f"while it is dragged, to the picture of as many steps as are there{where}",
            f"{allowed:.0f} ms",
            f"{dragged:.0f} ms, {steps:.0f} steps",
            dragged <= allowed,
        ),
    ]


def moved_once(tab: DescentTab) -> float:
    """The median of single moves."""
    session, times = tab.session, []
    loop = QEventLoop()  # which nothing else disturbs: looking every millisecond takes time from what computes

    def paint() -> None:
        if session.race.spec is session.spec and session.race.whole:
            tab.contours.viewport().repaint()
            tab.surface_view.repaint()
            loop.quit()

    session.race_changed.connect(paint)
    for number in range(20):
        begin = time.perf_counter()
        session.set_start((0.7 + 0.01 * number, 1.2 - 0.02 * number), gesture="start")
        loop.exec()
        times.append(1000 * (time.perf_counter() - begin))
        let_run(0.4)  # until the 3-D view has drawn its smooth edges, too
    session.race_changed.disconnect(paint)
    return statistics.median(times)


class Pictures(QObject):
    """How long after its move each race is painted, and how many steps all of its racers have by then."""

    def __init__(self, session: DescentSession) -> None:
        super().__init__()
        self._session = session
        self._moves: list[tuple[object, float]] = []
        self.times: list[float] = []
        self.steps: list[int] = []

    def move(self, number: int) -> None:
        """Move the start."""
        self._session.set_start((0.7 + 0.005 * (number % 60), 1.2 - 0.01 * (number % 60)), gesture="start")
        self._moves.append((self._session.spec, time.perf_counter()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Look which race is painted."""
        race = self._session.race
        found = [begin for spec, begin in self._moves if spec is race.spec]
        if event.type() == QEvent.Type.Paint and found:
            self.times.append(1000 * (time.perf_counter() - found[0]))
            self.steps.append(min(trajectory.steps for trajectory in race.trajectories))
            self._moves = [move for move in self._moves if move[1] > found[0]]
        return False


def dragged_about(tab: DescentTab) -> tuple[float, float]:
    """The medians of a drag: milliseconds, and steps."""
    pictures, viewport = Pictures(tab.session), tab.contours.viewport()
    viewport.installEventFilter(pictures)
    loop, timer, numbers = QEventLoop(), QTimer(), iter(range(MOVES))

    def move() -> None:
        if (number := next(numbers, None)) is None:
            loop.quit()
        else:
            pictures.move(number)

    timer.setTimerType(Qt.TimerType.PreciseTimer)
    timer.timeout.connect(move)
    timer.start(EVERY_MILLISECONDS)
    loop.exec()
    timer.stop()
    viewport.removeEventFilter(pictures)
    return statistics.median(pictures.times), statistics.median(pictures.steps)
