"""Wall time as steps, or epochs."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, Qt, QTimer, Signal

FRAME_MILLISECONDS = 16


class StepClock(QObject):
    """Moves on by so many steps a second, the same on any machine, however often it gets to it.

    Attributes:
        speed: steps a second.
        position: the step, with how much has passed of the time until the next one.

    Signals:
        moved(): time has passed, and the position is another one.
    """

    moved = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.speed = 30.0
        self.position = 0.0
        self._running = self._held = False
        self._since = 0.0
        self._timer = QTimer(self)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(FRAME_MILLISECONDS)
        self._timer.timeout.connect(self._tick)

    @property
    def running(self) -> bool:
        """Whether it runs, or will once it is held no more."""
        return self._running

    def run(self, running: bool) -> None:
        """Run from now on, or stand."""
        self._running = running
        self._let_time_pass()

    def hold(self, held: bool) -> None:
        """Stand still meanwhile, and go on from there afterwards."""
        self._held = held
        self._let_time_pass()

    def _let_time_pass(self) -> None:
        if self._running and not self._held:
            self._since = time.perf_counter()
            self._timer.start()
        else:
            self._timer.stop()

    def _tick(self) -> None:
        now = time.perf_counter()
        self.position += (now - self._since) * self.speed
        self._since = now
        self.moved.emit()
