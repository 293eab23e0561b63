"""Garbage is collected between the events of the GUI thread, and nowhere else.

By itself Python collects whenever enough was made, in the thread that made it, in the midst of whatever is called.
Among the garbage are Qt objects. To destroy one in another thread is a crash; in this one, while Qt connects or
disconnects a signal, it may wait for a lock that the thread itself holds, and the window is frozen for good.
"""

from __future__ import annotations

import gc

from PySide6.QtCore import QObject, QTimer

from gdviz.gui.widgets.timers import settled

PERIOD_MILLISECONDS = 250
SETTLED_MILLISECONDS = 5_000
"""By then both tabs are there. What has been made so far stays, and need not be looked through again."""


def collect_between_events(owner: QObject) -> None:
    """Have Python's own collection rest, and collect with a timer of the owner's, a generation when it is due."""
    gc.disable()
    gc.freeze()  # what was imported
    timer = QTimer(owner)
    timer.timeout.connect(collect_what_is_due)
    timer.start(PERIOD_MILLISECONDS)
    settled(owner, SETTLED_MILLISECONDS, gc.freeze)


def collect_what_is_due() -> None:
    """Collect the oldest generation that has reached its threshold, and with it all younger ones."""
    due = [
        generation
        for generation, (count, threshold) in enumerate(zip(gc.get_count(), gc.get_threshold(), strict=True))
        if count > threshold
    ]
    if due:
        gc.collect(due[-1])
