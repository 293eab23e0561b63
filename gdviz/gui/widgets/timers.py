"""Timers that fire once, made in one line."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer


def once(owner: QObject, milliseconds: int, do: Callable[[], object]) -> None:
    """Do something once after so long, unless its owner is gone.

    PySide's ``QTimer.singleShot`` would then keep what was to be done, and all that this holds on to, for ever.
    """
    timer = one_shot(owner, milliseconds, do)
    timer.timeout.connect(timer.deleteLater)
    timer.start()


def settled(owner: QObject, milliseconds: int, do: Callable[[], object]) -> None:
    """Do something once, so long after the event loop has come to it, unless its owner is gone.

    Unlike with a timer alone, what takes its time before the loop runs, as building a window, and the drawing that is
    already asked for, as painting it, do not count.
    """
    once(owner, 0, lambda: once(owner, milliseconds, do))


def one_shot(parent: QObject, milliseconds: int, do: Callable[[], object]) -> QTimer:
    """A timer that, each time it is started, does something once after so long; starting it again begins anew."""
    timer = QTimer(parent)
    timer.setSingleShot(True)
    timer.setInterval(milliseconds)
    timer.timeout.connect(do)
    return timer
