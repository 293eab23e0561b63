"""Ten racers of 1,000 steps played at 200 steps a second in the contour and the 3-D view of a window of 1280x720, with
the loss curves and the table; frames that were painted in both views over five seconds, drawn in software.
"""

from __future__ import annotations

import time

from PySide6.QtCore import QEvent, QObject

from benchmarks.qt import let_run, ten_racers
from benchmarks.result import Result


class Paints(QObject):
    """Counts how often a widget is painted."""

    def __init__(self, widget: QObject) -> None:
        super().__init__()
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802
        """Count paint events."""
        self.count += event.type() == QEvent.Type.Paint
        return False


def measure() -> list[Result]:
    """Frames a second."""
    window, tab = ten_racers()
    session = tab.session
    session.clock.speed, session.clock.loop = 200.0, True
    session.go_to(0)
    views = Paints(tab.contours.viewport()), Paints(tab.surface_view)
    session.play()
    let_run(1.0)
    before, begin = [view.count for view in views], time.perf_counter()
    let_run(5.0)
    seconds = time.perf_counter() - begin
    rates = [(view.count - count) / seconds for view, count in zip(views, before, strict=True)]
    window.close()
    software = tab.surface_view.software
    budget = 30 if software else 60
    what = "playing 10 racers, contour and 3-D" + (", in software" if software else "")
    result = Result(what, f"{budget} frames/s", f"{rates[0]:.0f} and {rates[1]:.0f} frames/s", min(rates) >= budget)
    return [result]
