"""Long work that shows what it has so far, and ends as soon as nobody wants it any more."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from PySide6.QtCore import QObject, Signal

from gdviz.gui.widgets.latest import Latest

Cancelled = Callable[[], bool]
Work = Callable[[Cancelled], Iterator[Any]]
"""Yields results; asks often whether it is cancelled, and then yields no more."""


class Progressive(QObject):
    """Runs one piece of work at a time on a thread of its own; a new one cancels the one before.

    The thread is started with the first piece of work: views that are never shown have none.

    Signals:
        made(object): a result of the present work; those of earlier work that come late are dropped.
        ended(bool): the present work is over: complete, or cancelled by ``cancel``.
        failed(str): it went wrong, for people; ``ended`` does not follow.
    """

    made = Signal(object)
    ended = Signal(bool)
    failed = Signal(str)
    _arrived = Signal(int, object)
    _over = Signal(int, str)

    def __init__(self, name: str, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._name = name
        self._thread: Latest | None = None
        self._number = 0
        self.running = False
        self._arrived.connect(self._take)
        self._over.connect(self._end)

    def start(self, work: Work) -> None:
        """Do this in place of what is being done."""
        if self._thread is None:
            self._thread = Latest(self._name, self)
            self._thread.failed.connect(self._break)
        self._number += 1
        self.running = True
        number = self._number
        self._thread.request(lambda: self._work(work, number))

    def cancel(self) -> None:
        """Stop; the thread notices when the work next asks."""
        if self.running:
            self._number += 1
            self.running = False
            self.ended.emit(False)

    def close(self) -> None:
        """Stop, and end the thread."""
        self._number += 1
        self.running = False
        if self._thread is not None:
            self._thread.close()

    def _work(self, work: Work, number: int) -> None:
        """On the thread: signals take what is found to the GUI thread."""
        problem = ""
        try:
            for result in work(lambda: number != self._number):
                if number != self._number:
                    return
                self._arrived.emit(number, result)
        except ValueError as error:
            problem = str(error)
        if number == self._number:
            self._over.emit(number, problem)

    def _take(self, number: int, result: object) -> None:
        if number == self._number:
            self.made.emit(result)

    def _break(self, problem: str) -> None:
        """Something that nobody expected: the view says it, and goes on."""
        if self.running:
            self.running = False
            self.failed.emit(problem)

    def _end(self, number: int, problem: str) -> None:
        if number != self._number:
            return
        self.running = False
        if problem:
            self.failed.emit(problem)
        else:
            self.ended.emit(True)
