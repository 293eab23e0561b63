"""One thing at a time on the GUI thread: between two of them the window is drawn and people are heard."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from weakref import WeakMethod

from PySide6.QtCore import QObject
from shiboken6 import isValid

from gdviz.gui.widgets.timers import one_shot


def in_turn(do: Callable[[], object]) -> Callable[..., None]:
    """What asks that something be done soon, in a turn of its own.

    Views that are all drawn at once keep the GUI thread for as long as all of them take; in turn, for as long as one.

    Args:
        do: a method of a QObject. However often it is asked for before its turn comes, it is done once; not at all
            where the object is gone.

    Returns:
        What asks; it ignores its arguments, so that any signal may be connected to it.
    """
    method = WeakMethod(do)
    return lambda *_: _turns().add(method)


class _Turns(QObject):
    """Who waits, in the order in which they asked."""

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[WeakMethod[Callable[[], object]], None] = {}
        # A timer of no time comes after all that waits in the event queue, as the drawing that was asked for last.
        self._next = one_shot(self, 0, self._take)

    def add(self, method: WeakMethod[Callable[[], object]]) -> None:
        self._waiting[method] = None
        if not self._next.isActive():
            self._next.start()

    def _take(self) -> None:
        while self._waiting:
            method = next(iter(self._waiting))
            del self._waiting[method]
            do = method()
            if do is not None and isValid(do.__self__):  # type: ignore[attr-defined]  # it is a method
                if self._waiting:
                    self._next.start()  # before it is done, so that an error in it does not stop the others
                do()
                return


@cache
def _turns() -> _Turns:
    """The one of this process: there is one GUI thread."""
    return _Turns()
