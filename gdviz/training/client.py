"""The other end of the training process: starts it, asks it, hears from it, ends it; knows nothing of Qt."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable
from typing import Literal

from gdviz.training import worker
from gdviz.training.collapse import collapsed, unpacked
from gdviz.training.messages import Command, Configure, Event, Frame, Leave, Ready, Reset, ShutDown

START_METHOD: Literal["spawn"] = "spawn"
"""Of ``multiprocessing``: a process that begins afresh, as a fork of one with windows and threads may hang."""

_GRACE_SECONDS = 1.0


class TrainingClient:
    """Runs the training process.

    Both callbacks are called in threads of the client, never after ``stop`` has returned.

    Args:
        on_event: called with every event, but for frames of a run that is over, or of a seat that was left.
        on_exit: called with the reason, a phrase for people, where the process ends without being told to.
    """

    def __init__(self, on_event: Callable[[Event], None], on_exit: Callable[[str], None]) -> None:
        self._on_event = on_event
        self._on_exit = on_exit
        self._runs: dict[int, int] = {}
        self._link: _Link | None = None

    @property
    def pid(self) -> int | None:
        """The process; None where none was started."""
        return None if self._link is None else self._link.pid

    @property
    def is_alive(self) -> bool:
        """Whether the process is there."""
        return self._link is not None and self._link.is_alive

    def start(self) -> None:
        """Start the process; RuntimeError where it is running already. A Ready event follows some seconds later."""
        if self.is_alive:
            raise RuntimeError("the training process is running already")
        self.stop()
        self._runs = {}
        self._link = _Link(self._hear, self._on_exit)

    def send(self, command: Command) -> None:
        """Hand a command over, at once and in order; ignored where there is no process.

        It may be sent before the process is ready: it waits there.
        """
        match unpacked(command):
            case seat, Configure(run=run) | Reset(run=run):
                self._runs[seat] = run
            case seat, Leave():
                self._runs.pop(seat, None)
        if self._link is not None:
            self._link.send(command)

    def stop(self) -> None:
        """End the process: kindly, and after a second by force; nothing is left behind."""
        link, self._link = self._link, None
        if link is not None:
            link.stop()

    def restart(self) -> None:
        """A new process, which has to be configured again; the old one may hang, and is not waited for."""
        link, self._link = self._link, None
        if link is not None:
            link.stop(kindly=False)
        self.start()

    def _hear(self, event: Event) -> None:
        if not isinstance(event, Frame) or event.run == self._runs.get(event.seat):
            self._on_event(event)


class _Link:
    """One process with the thread that reads from it and the one that writes to it."""

    def __init__(self, on_event: Callable[[Event], None], on_exit: Callable[[str], None]) -> None:
        self._on_event = on_event
        self._on_exit = on_exit
        self._stopping = False
        self._ready = False
        self._commands: list[Command] = []
        self._ended = False
        self._news = threading.Condition()
        context = multiprocessing.get_context(START_METHOD)
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=worker.main, args=(theirs,), name="gdviz training", daemon=True)
        self._process.start()
        theirs.close()  # or its end would never be noticed here
        self._reader = threading.Thread(target=self._read, name="training reader", daemon=True)
        self._writer = threading.Thread(target=self._write, name="training writer", daemon=True)
        self._reader.start()
        self._writer.start()

    @property
    def pid(self) -> int | None:
        return self._process.pid

    @property
    def is_alive(self) -> bool:
        return not self._ended

    def send(self, command: Command) -> None:
        with self._news:
            # While the pipe is full, only the latest points matter, say.
            self._commands = collapsed([*self._commands, command])
            self._news.notify()

    def stop(self, *, kindly: bool = True) -> None:
        self._stopping = True
        if kindly:
            self.send(ShutDown())
            # While it loads TensorFlow it reads no commands, so there is nothing to wait for.
            self._process.join(_GRACE_SECONDS if self._ready else 0.0)
            if self._process.is_alive():
                self._process.terminate()
                self._process.join(_GRACE_SECONDS)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        for thread in (self._reader, self._writer):
            if thread is not threading.current_thread():
                thread.join()
        self._connection.close()
        self._process.close()

    def _read(self) -> None:
        try:
            while True:
                event = self._connection.recv()
                self._ready = self._ready or isinstance(event, Ready)
                if not self._stopping:
                    self._on_event(event)
        except (EOFError, OSError):
            pass
        finally:
            with self._news:
                self._ended = True
                self._news.notify()
        if not self._stopping:
            self._process.join(_GRACE_SECONDS)
            self._on_exit(_reason(self._process.exitcode))

    def _write(self) -> None:
        while True:
            with self._news:
                while not self._commands and not self._ended:
                    self._news.wait()
                if self._ended:
                    return
                command = self._commands.pop(0)
            try:
                self._connection.send(command)
            except OSError:
                return  # it is gone; the reader says so


def _reason(exit_code: int | None) -> str:
    """Why the process ended, a phrase for people."""
    if exit_code is None:
        return "it closed its connection"
    if exit_code < 0:
        try:
            name = signal.Signals(-exit_code).name
        except ValueError:
            name = "unknown"
        return f"signal {-exit_code}, {name}"
    return f"exit status {exit_code}"
