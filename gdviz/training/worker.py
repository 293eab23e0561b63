"""The training process: reads commands between chunks of training, and lets one seat after the other go on."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from contextlib import suppress
from itertools import count
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait

from gdviz.network.points import GREEN, RED, Points
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.training.collapse import collapsed, unpacked
from gdviz.training.compiler import Compiler
from gdviz.training.messages import Acknowledge, Command, Failed, Leave, Ready, SetView, ShutDown
from gdviz.training.runtime import lower_priority, start_tensorflow
from gdviz.training.seat import Seat
from gdviz.training.words import said

MAX_SEATS = 8


def main(connection: Connection) -> None:
    """The process's life: load TensorFlow, say so, then obey until told to end or the other side is gone."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl+C in a terminal is for the window, which then ends this
    lower_priority()
    worker = Worker(connection)
    try:
        began = time.perf_counter()
        versions = start_tensorflow()
        worker.warm_up()
    except Exception as error:  # an incomplete installation, most likely
        connection.send(Failed("Start", said(error)))
        raise
    with suppress(EOFError, OSError):  # the window may be gone
        connection.send(Ready(*versions, time.perf_counter() - began))
        worker.serve()
    connection.close()
    os._exit(0)  # a compilation cannot be interrupted, and nobody waits for it any more


class Worker:
    """Obeys commands from a connection; trains the networks of several seats in turn."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._wake_up, self._alarm = Pipe(duplex=False)
        self._compiler = Compiler(on_progress=lambda: self._alarm.send(None))
        self._numbers = count(1)
        self._seats: dict[int, Seat] = {}
        self._turns: deque[Seat] = deque()
        self._alive = True

    def warm_up(self) -> None:
        """Have Keras load what it loads on first use, so that the first network need not wait for it."""
        from gdviz.training.session import Session

        points = Points.of([(0, 0), (1, 1)] * 8, [RED, GREEN] * 8)
        session = Session(NetworkSpec(), TrainingSpec(), points, self._compiler)
        session.advance(1)
        session.draw(SetView())

    def serve(self) -> None:
        """Obey until ShutDown; EOFError or OSError where the other side is gone."""
        while self._alive:
            for command in collapsed(self._commands(self._seconds_to_wait())):
                self._obey(command)
            # What was asked for meanwhile comes first: a frame of what is already something else would only delay it.
            if self._alive and not self._connection.poll():
                self._take_turn()

    # Commands -------------------------------------------------------------------------------------------------------

    def _commands(self, timeout: float | None) -> list[Command]:
        """All commands that are there; waits for one, or for the compiler, at most ``timeout`` seconds."""
        commands: list[Command] = []
        wait([self._connection, self._wake_up], timeout)
        while self._connection.poll():
            commands.append(self._connection.recv())
        while self._wake_up.poll():
            self._wake_up.recv()
            for seat in self._turns:
                seat.compiler_progressed()
        return commands

    def _obey(self, packed: Command) -> None:
        number, command = unpacked(packed)
        if isinstance(command, ShutDown):
            self._alive = False
        elif isinstance(command, Leave):
            self._leave(number)
        elif number not in range(MAX_SEATS):
            message = f"seat is {number}; allowed are 0 to {MAX_SEATS - 1}"
            self._connection.send(Failed(type(command).__name__, message, number))
        elif number in self._seats or not isinstance(command, Acknowledge):  # a frame from before it was left
            self._seat(number).obey(command)

    def _seat(self, number: int) -> Seat:
        if number not in self._seats:
            self._seats[number] = Seat(number, self._compiler, self._connection.send, self._numbers, self._turns)
            self._turns.append(self._seats[number])
        return self._seats[number]

    def _leave(self, number: int) -> None:
        seat = self._seats.pop(number, None)
        if seat is not None:
            self._turns.remove(seat)
            seat.leave()

    # Turns ----------------------------------------------------------------------------------------------------------

    def _seconds_to_wait(self) -> float | None:
        """Until a seat has something to do without a command; None is for ever."""
        waiting = (seat.seconds_to_wait() for seat in self._turns)
        return min((seconds for seconds in waiting if seconds is not None), default=None)

    def _take_turn(self) -> None:
        """Let the next seat that has something to do do it; between two of them commands are read."""
        for _ in range(len(self._turns)):
            seat = self._turns[0]
            self._turns.rotate(-1)
            if seat.seconds_to_wait() == 0.0:
                seat.take_turn(sharing=max(1, sum(each.trains for each in self._turns)))
                return
