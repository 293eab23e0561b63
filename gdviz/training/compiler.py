"""Compiles in a thread of its own, so that training and drawing can start at once without."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from itertools import chain, zip_longest
from typing import Any, Protocol


class Compilable(Hashable, Protocol):
    """Describes something that can be compiled; equal descriptions give programs that can stand for each other."""

    def compiled(self) -> Any:
        """The compiled thing; takes a while."""


class Compiler:
    """Programs that are compiled, those used last kept; at most one is being compiled.

    Args:
        on_progress: called, in the compiling thread, whenever one is ready or has failed.
        capacity: how many programs are kept; more where more are wanted.
    """

    def __init__(self, on_progress: Callable[[], None] = lambda: None, capacity: int = 16) -> None:
        self._on_progress = on_progress
        self._capacity = capacity
        self._programs: OrderedDict[Compilable, Any] = OrderedDict()
        self._failures: dict[Compilable, str] = {}
        self._wanted: dict[Hashable, tuple[Compilable, ...]] = {}
        self._changed = threading.Condition()
        self._thread: threading.Thread | None = None
        self._closed = False

    def ready(self, description: Compilable) -> Any | None:
        """The program of that description if it is compiled already."""
        with self._changed:
            if description in self._programs:
                self._programs.move_to_end(description)
            return self._programs.get(description)

    def failure(self, description: Compilable) -> str:
        """Why it could not be compiled; "" where nothing went wrong."""
        with self._changed:
            return self._failures.get(description, "")

    def want(self, *descriptions: Compilable, by: Hashable = None) -> None:
        """Compile these, in this order, instead of what was wanted before and has not begun.

        Args:
            descriptions: most important first.
            by: whose wishes they are. Those of others stay; whoever wished last comes first.
        """
        with self._changed:
            self._wanted.pop(by, None)
            if descriptions:
                self._wanted = {by: descriptions, **self._wanted}
            if self._next() is None:
                return
            if self._thread is None:
                self._thread = threading.Thread(target=self._work, name="compiler", daemon=True)
                self._thread.start()
            self._changed.notify()

    def now(self, description: Compilable) -> Any:
        """The program of that description, compiled here and now if need be."""
        program = self.ready(description)
        if program is None:
            program = description.compiled()
            self._keep(description, program)
        return program

    def close(self) -> None:
        """End the thread, after the program that it is compiling."""
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()

    def _next(self) -> Compilable | None:
        # Everybody's most important program before anybody's second.
        wishes = (wish for rank in zip_longest(*self._wanted.values()) for wish in rank if wish is not None)
        return next((wish for wish in wishes if wish not in self._programs and wish not in self._failures), None)

    def _keep(self, description: Compilable, program: Any) -> None:
        with self._changed:
            self._programs[description] = program
            wanted = {description, *chain.from_iterable(self._wanted.values())}
            spare = [each for each in self._programs if each not in wanted]  # those used last at the end
            for each in spare[: max(0, len(self._programs) - self._capacity)]:
                del self._programs[each]

    def _work(self) -> None:
        while True:
            with self._changed:
                while not self._closed and (description := self._next()) is None:
                    self._changed.wait()
                if self._closed or description is None:
                    return
            try:
                self._keep(description, description.compiled())
            except Exception as error:  # whatever XLA objects to, training goes on uncompiled
                with self._changed:
                    self._failures[description] = f"{type(error).__name__}: {error}"
            self._on_progress()
