"""What benchmarks that open the window share."""

from __future__ import annotations

import time
from collections.abc import Callable

import msgspec
import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer
from PySide6.QtWidgets import QApplication

from gdviz.gui.app import build
from gdviz.gui.descent.tab import DescentTab
from gdviz.gui.main_window import MainWindow
from gdviz.gui.widgets.timers import once

SIZE = (1280, 720)
PATIENCE_MILLISECONDS = 120_000


def open_window() -> tuple[QApplication, MainWindow]:
    """The program's window, 1280x720, as it opens on a screen of that size: without the step card."""
    app, window = build(["gdviz"], theme="dark")
    window.descent.card.set_open(False)
    window.resize(*SIZE)
    window.show()
    return app, window


def wait(until: Callable[[], bool], *, milliseconds: int = PATIENCE_MILLISECONDS) -> None:
    """Let the program run until something holds; TimeoutError where it does not in time."""
    loop, look, end = QEventLoop(), QTimer(), time.monotonic() + milliseconds / 1000
    look.timeout.connect(lambda: loop.quit() if until() or time.monotonic() > end else None)
    look.start(1)
    loop.exec()
    look.stop()
    if not until():
        raise TimeoutError("what the benchmark waited for did not happen")


def let_run(seconds: float) -> None:
    """Let the program run for a while."""
    loop = QEventLoop()
    once(loop, round(1000 * seconds), loop.quit)
    loop.exec()


def ten_racers() -> tuple[MainWindow, DescentTab]:
    """The window with ten different optimizers in the first tab, none stopped early, all computed."""
    _, window = open_window()
    tab = window.descent
    session = tab.session
    wait(lambda: session.last_step > 0 and tab.surface_view is not None and window.network.ready)
    for key in ("nesterov", "adagrad", "adadelta", "adamax", "nadam", "lion"):
        session.add_racer(key)
    session.change(msgspec.structs.replace(session.spec, tolerance=0.0))
    wait(lambda: session.race.spec is session.spec and session.race.whole)
    session.pause()
    return window, tab


class Heart:
    """Beats every millisecond on the GUI thread; the gaps between beats are how long it was kept from its events."""

    def __init__(self) -> None:
        self._beats: list[float] = []
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(lambda: self._beats.append(time.perf_counter()))
        self._timer.start(1)

    def gaps(self) -> np.ndarray:
        """The gaps since the last call, in milliseconds."""
        gaps = 1000 * np.diff(self._beats)
        self._beats = self._beats[-1:]
        return gaps
