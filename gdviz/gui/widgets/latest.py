"""Work off the GUI thread, where only the latest request counts."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from gdviz.gui.widgets.timers import one_shot

log = logging.getLogger(__name__)

SOON_MILLISECONDS = 1
"""Not 0: such timers wait until there is nothing else to do, which may be long where drawing takes all the time."""


class Latest(QObject):
    """Runs one function at a time on a thread of its own; a newer request replaces one that still waits.

    A result is drawn before the next request begins. Both want the interpreter: the picture would come late, and so
    would the next one, of something that was asked for earlier.

    Signals:
        done(object): the result of a request; on the GUI thread, in the order of the requests.
        failed(str): what went wrong with it, for people.
    """

    done = Signal(object)
    failed = Signal(str)
    _given = Signal(object)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._condition = threading.Condition()
        self._waiting: Callable[[], Any] | None = None
        self._closed = False
        self._resting = False  # until what was given is drawn
        # A timer comes after the drawing that was asked for before it; another one after what came meanwhile, as the
        # mouse's last move: the next request is to be the newest.
        self._heard = one_shot(self, SOON_MILLISECONDS, self._go_on)
        self._drawn = one_shot(self, SOON_MILLISECONDS, self._heard.start)
        self._given.connect(self._tell)
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)  # started when there is work

    def request(self, function: Callable[[], Any]) -> None:
        """Run function as soon as the one under way is finished; forget any that still waits."""
        with self._condition:
            self._waiting = function
            self._condition.notify()
            if not self._thread.ident and not self._closed:
                self._thread.start()

    def closed(self) -> bool:
        """Whether nobody waits for what runs any more; a long function asks now and then, and ends early."""
        return self._closed

    def superseded(self) -> bool:
        """Whether a newer request waits for the one that runs, or nobody waits any more."""
        return self._closed or self._waiting is not None

    def close(self) -> None:
        """Forget what waits, let what runs finish, end the thread."""
        with self._condition:
            self._closed = True
            self._waiting = None
            self._condition.notify()
        if self._thread.ident:
            self._thread.join()

    def _tell(self, result: Any) -> None:
        if self._closed:
            return
        self._drawn.start()  # first, so that an error in what takes the result does not keep the next one waiting
        self.done.emit(result)

    def _go_on(self) -> None:
        with self._condition:
            self._resting = False
            self._condition.notify()

    def _work(self) -> None:
        while (function := self._next()) is not None:
            try:
                result = function()
            except Exception as error:
                log.debug("a background request failed", exc_info=True)
                if not self._closed:
                    self.failed.emit(str(error))
            else:
                self._resting = True
                if not self._closed:
                    self._given.emit(result)

    def _next(self) -> Callable[[], Any] | None:
        """What to do, as soon as there is something; None in the end."""
        with self._condition:
            while (self._waiting is None or self._resting) and not self._closed:
                self._condition.wait()
            function, self._waiting = self._waiting, None
            return None if self._closed else function
