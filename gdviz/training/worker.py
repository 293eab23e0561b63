"""The training process: reads commands between chunks of training, and sends frames as they are drawn."""

from __future__ import annotations

import os
import signal
import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from functools import singledispatchmethod
from multiprocessing import Pipe
from multiprocessing.connection import Connection, wait
from pathlib import Path
from typing import TYPE_CHECKING

from gdviz.network.points import GREEN, RED, Points
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compiler
from gdviz.training.messages import (
    Acknowledge,
    Command,
    Configure,
    Failed,
    Frame,
    Pause,
    Ready,
    Reset,
    Run,
    Saved,
    SaveModel,
    SetPoints,
    SetRegularisation,
    SetTraining,
    SetView,
    ShutDown,
    StepBatch,
    StepEpoch,
)
from gdviz.training.pace import Errand, History, Pace
from gdviz.training.runtime import lower_priority, start_tensorflow

if TYPE_CHECKING:  # importing it imports TensorFlow
    from gdviz.training.session import Session

_FRAME_SECONDS = 1.0 / 60.0
_SLACK_SECONDS = 0.002  # a frame may be that early; otherwise a chunk a little too short would cost a whole other one
_MAX_MESSAGE = 500  # Keras's own can fill pages
_REPLACEABLE = (Configure, SetPoints, SetTraining, SetRegularisation, SetView)


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
        connection.send(Failed("Start", _said(error)))
        raise
    with suppress(EOFError, OSError):  # the window may be gone
        connection.send(Ready(*versions, time.perf_counter() - began))
        worker.serve()
    connection.close()
    os._exit(0)  # a compilation cannot be interrupted, and nobody waits for it any more


class Worker:
    """Obeys commands from a connection, one session at a time."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._wake_up, self._alarm = Pipe(duplex=False)
        self._compiler = Compiler(on_progress=lambda: self._alarm.send(None))
        self._alive = True
        self._view = SetView()
        self._session: Session | None = None
        self._run = 0
        self._number = 0
        self._outstanding: int | None = None
        self._frame_sent = 0.0
        self._changed = False
        self._pace = Pace()
        self._history = History()
        self._running = False
        self._errands: deque[Errand] = deque()

    def warm_up(self) -> None:
        """Have Keras load what it loads on first use, so that the first network need not wait for it."""
        session = self._new_session(NetworkSpec(), TrainingSpec(), Points.of([(0, 0), (1, 1)] * 8, [RED, GREEN] * 8))
        session.advance(1)
        session.draw(self._view)

    def serve(self) -> None:
        """Obey until ShutDown; EOFError or OSError where the other side is gone."""
        while self._alive:
            for command in collapsed(self._commands(self._seconds_to_wait())):
                try:
                    self._obey(command)
                except Exception as error:  # the process outlives every command
                    self._connection.send(Failed(type(command).__name__, _said(error)))
            if self._alive and self._session is not None:
                self._train(self._session)
                self._offer_frame(self._session)

    # Commands -------------------------------------------------------------------------------------------------------

    def _commands(self, timeout: float | None) -> list[Command]:
        """All commands that are there; waits for one, or for the compiler, at most ``timeout`` seconds."""
        commands: list[Command] = []
        wait([self._connection, self._wake_up], timeout)
        while self._connection.poll():
            commands.append(self._connection.recv())
        while self._wake_up.poll():
            self._wake_up.recv()
            self._compiler_progressed()
        return commands

    def _compiler_progressed(self) -> None:
        self._changed = True  # frames say whether training is compiled
        if self._session is not None:
            for description in (self._session.structure, self._session.picture(self._view)):
                if reason := self._compiler.failure(description):
                    self._connection.send(Failed("Compile", f"training goes on uncompiled, and slowly: {reason}"))

    @singledispatchmethod
    def _obey(self, command: Command) -> None:
        raise TypeError(f"there is no command {type(command).__name__}")

    @_obey.register
    def _(self, command: Configure) -> None:
        self._session = None  # a network that cannot be built leaves none, rather than the one before
        self._rest()
        self._session = self._new_session(command.network, command.training, command.points)
        self._begin_run(command.run)

    @_obey.register
    def _(self, command: Reset) -> None:
        self._needed().reset(command.seed)
        self._rest()
        self._begin_run(command.run)

    @_obey.register
    def _(self, command: Run) -> None:
        session = self._needed()
        session.resume()
        self._rest()
        self._running = True
        self._pace.start(command.epochs_per_second, session.epoch)

    @_obey.register
    def _(self, _: Pause) -> None:
        self._rest()

    @_obey.register
    def _(self, command: StepEpoch) -> None:
        self._step(Errand(epochs=max(1, command.count)))

    @_obey.register
    def _(self, command: StepBatch) -> None:
        self._step(Errand(batches=max(1, command.count)))

    @_obey.register
    def _(self, command: SetPoints) -> None:
        self._needed().set_points(command.points)
        self._refresh()

    @_obey.register
    def _(self, command: SetTraining) -> None:
        self._needed().set_training(command.training)
        self._refresh()

    @_obey.register
    def _(self, command: SetRegularisation) -> None:
        self._needed().set_regularisation(command.l1, command.l2)
        self._refresh()

    @_obey.register
    def _(self, command: SetView) -> None:
        self._view = command
        self._refresh()

    @_obey.register
    def _(self, command: Acknowledge) -> None:
        if command.number == self._outstanding:
            self._outstanding = None

    @_obey.register
    def _(self, command: SaveModel) -> None:
        self._needed().save(Path(command.path))
        self._connection.send(Saved(command.path))

    @_obey.register
    def _(self, _: ShutDown) -> None:
        self._alive = False

    def _new_session(self, network: NetworkSpec, training: TrainingSpec, points: Points) -> Session:
        from gdviz.training.session import Session

        return Session(network, training, points, self._compiler)

    def _needed(self) -> Session:
        if self._session is None:
            raise ValueError("there is no network yet")
        return self._session

    def _rest(self) -> None:
        """Train nothing, until told to."""
        self._running = False
        self._errands.clear()
        self._changed = True

    def _step(self, errand: Errand) -> None:
        """Pause, and train that much; steps that come faster than they can be taken wait for each other."""
        self._needed().resume()
        self._running = False
        self._errands.append(errand)

    def _begin_run(self, run: int) -> None:
        """Epoch 0 of a new run; the other side does not acknowledge frames of older ones."""
        self._run = run
        self._outstanding = None
        self._frame_sent = 0.0
        self._history = History()
        self._refresh()

    def _refresh(self) -> None:
        """Something that frames show has changed."""
        self._changed = True
        if self._session is not None:
            self._compiler.want(self._session.structure, self._session.picture(self._view))

    # Training -------------------------------------------------------------------------------------------------------

    @property
    def _training(self) -> bool:
        return self._running or bool(self._errands)

    def _seconds_to_wait(self) -> float | None:
        """Until there is something to do without a command; None is for ever."""
        if self._session is None:
            return None
        due = []
        if self._training and not self._session.points.lack:
            due.append(0.0 if self._errands else self._pace.seconds_to_wait())
        if self._changed and self._outstanding is None:
            due.append(self._seconds_to_frame())
        return min(due, default=None)

    def _seconds_to_frame(self) -> float:
        """Until a frame is due; 0 where it is already."""
        return max(0.0, self._frame_sent + _FRAME_SECONDS - time.perf_counter())

    def _train(self, session: Session) -> None:
        """One chunk, short enough to fit between two frames."""
        if not self._training:
            return
        if session.points.lack:
            # Painting lets a run go on; a step that cannot be taken is forgotten.
            self._errands.clear()
            return
        errand = self._errands[0] if self._errands else Errand(epochs=self._pace.epochs_due())
        if errand.done:
            return  # the next epoch is not due yet
        batches, epoch = self._pace.batches(self._seconds_to_frame(), session.loop.is_compiled), session.epoch
        until = epoch + errand.epochs if errand.epochs else None
        began = time.perf_counter()
        try:
            rows, taken = session.advance(min(batches, errand.batches or batches), until)
        except Exception as error:
            self._rest()
            self._connection.send(Failed("Run", _said(error)))
            return
        self._changed = True
        self._pace.took(taken, time.perf_counter() - began, session.epoch)
        self._history.add(rows)
        done = errand.took(taken, session.epoch - epoch)
        if session.ending:
            self._rest()
        elif done and self._errands:
            self._errands.popleft()

    # Frames ---------------------------------------------------------------------------------------------------------

    def _offer_frame(self, session: Session) -> None:
        """Send a frame if there is something new, the last one was drawn, and it is not too soon."""
        too_soon = self._seconds_to_frame() > _SLACK_SECONDS
        if not self._changed or self._outstanding is not None or too_soon:
            return
        self._changed = False
        # Due times keep their distance whatever a chunk took, or every delay would lower the frame rate for good.
        self._frame_sent = max(self._frame_sent + _FRAME_SECONDS, time.perf_counter() - _FRAME_SECONDS)
        self._number += 1
        try:
            frame = self._frame(session)
        except Exception as error:
            self._rest()
            self._changed = False
            self._connection.send(Failed("Frame", _said(error)))
            return
        self._outstanding = self._number
        self._connection.send(frame)

    def _frame(self, session: Session) -> Frame:
        state, reason = "running" if self._training else "paused", ""
        if session.points.lack:
            state, reason = "paused", session.points.lack
        elif session.ending:
            state, reason = session.ending, session.reason
        boundary, neurons = session.draw(self._view)
        return Frame(
            run=self._run,
            number=self._number,
            epoch=session.epoch,
            batch=session.batch,
            state=state,
            reason=reason,
            compiled=session.loop.is_compiled,
            epochs_per_second=self._pace.epochs_per_second() if self._running else 0.0,
            metrics=session.metrics,
            history=self._history.taken(),
            weights=session.weights,
            boundary=boundary,
            neurons=neurons,
            extent=self._view.extent,
            test_indices=session.test_indices,
            learning_rate=session.training.optimizer.learning_rate,
        )


def collapsed(commands: Iterable[Command]) -> list[Command]:
    """The commands without those that the next one of the same kind makes pointless.

    Acknowledgements come first: they have no order with the others, and would part those that can be dropped.
    """
    kept: list[Command] = []
    acknowledgements: list[Command] = []
    for command in commands:
        if isinstance(command, Acknowledge):
            acknowledgements.append(command)
        elif kept and isinstance(command, _REPLACEABLE) and type(kept[-1]) is type(command):
            kept[-1] = command
        else:
            kept.append(command)
    return acknowledgements + kept


def _said(error: Exception) -> str:
    """An exception for people: those raised for them as they are, others with their kind, on one line."""
    text = " ".join(str(error).split())
    said = text if isinstance(error, ValueError | OSError) else f"{type(error).__name__}: {text}"
    return said[:_MAX_MESSAGE]
