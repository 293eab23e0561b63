"""Ten racers in a window of 1280x720, none stopped early, step 1,000 shown: from a new start, as while one drags it, to
the contours and the 3-D view painted with all of every racer's trajectory; the median of 30. Two frames are allowed:
of 60 a second with a GPU, of 30 in software.
"""

from __future__ import annotations

import statistics
import time

import msgspec
from PySide6.QtCore import QEventLoop

from benchmarks.qt import let_run, open_window, wait
from benchmarks.result import Result


def measure() -> list[Result]:
    """Milliseconds from the start to the picture."""
    _, window = open_window()
    tab = window.descent
    session = tab.session
    wait(lambda: session.last_step > 0 and tab.surface_view is not None and window.network.ready)
    for key in ("nesterov", "adagrad", "adadelta", "adamax", "nadam", "lion"):
        session.add_racer(key)
    session.change(msgspec.structs.replace(session.spec, tolerance=0.0))
    wait(lambda: len(session.race.trajectories) == 10 and session.race.whole)
    session.pause()
    session.go_to(1000)
    let_run(1.0)
    loop = QEventLoop()  # which nothing else disturbs: looking every millisecond takes time from what computes

    def paint() -> None:
        if session.race.spec is session.spec and session.race.whole:
            tab.contours.viewport().repaint()
            tab.surface_view.repaint()
            loop.quit()

    session.race_changed.connect(paint)
    times = []
    for number in range(30):
        begin = time.perf_counter()
        session.set_start((0.7 + 0.01 * number, 1.2 - 0.02 * number), gesture="start")
        loop.exec()
        times.append(1000 * (time.perf_counter() - begin))
        let_run(0.1)
    window.close()
    middle, software = statistics.median(times), tab.surface_view.software
    what = "a new start of 10 racers x 1,000 steps, to the picture" + (", in software" if software else "")
    allowed = 2 * 1000 / (30 if software else 60)
    return [Result(what, f"{allowed:.0f} ms", f"{middle:.0f} ms", middle <= allowed)]
