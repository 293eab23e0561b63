"""One network of the training process: obeys commands, trains when it is its turn, and sends frames."""

from __future__ import annotations

import time
from collections.abc import Callable, Collection, Iterator
from dataclasses import replace
from functools import singledispatchmethod
from pathlib import Path
from typing import TYPE_CHECKING

from gdviz.training.abreast import are_level, epochs_allowed, front
from gdviz.training.compiler import Compilable, Compiler
from gdviz.training.display import Display
from gdviz.training.messages import (
    Acknowledge,
    Command,
    Configure,
    Event,
    Failed,
    Frame,
    GoTo,
    LoadModel,
    Pause,
    Reset,
    Run,
    Saved,
    SaveModel,
    SetNetwork,
    SetPoints,
    SetProbe,
    SetQuestions,
    SetTraining,
    SetView,
    SetWeight,
    StepBatch,
    StepEpoch,
)
from gdviz.training.orders import Errand, Orders
from gdviz.training.pace import History
from gdviz.training.snapshots import Snapshots
from gdviz.training.words import said

if TYPE_CHECKING:  # importing it imports TensorFlow
    from gdviz.training.session import Session


class Seat:
    """Trains one network at a time, and remembers how it was.

    Args:
        number: of the seat.
        compiler: shared by all seats.
        send: hands an event to the window.
        numbers: of frames; shared by all seats, so that a late acknowledgement cannot be mistaken.
        seats: all there are, as they come and go.
    """

    def __init__(
        self,
        number: int,
        compiler: Compiler,
        send: Callable[[Event], None],
        numbers: Iterator[int],
        seats: Collection[Seat] = (),
    ) -> None:
        self._number = number
        self._seats = seats
        self._front = 0  # where those that train abreast meet next
        self._compiler = compiler
        self._send = send
        self._numbers = numbers
        self._session: Session | None = None
        self._run = 0
        self._orders = Orders()
        self._display = Display()
        self._history = History()
        self._snapshots = Snapshots()
        self._failures: set[str] = set()
        self._shown = False  # whether anybody has seen anything of the present run

    def obey(self, command: Command) -> None:
        """Carry out a command; one that cannot be is answered by Failed."""
        try:
            self._obey(command)
        except Exception as error:  # the process outlives every command
            self._fail(type(command).__name__, error)

    def leave(self) -> None:
        """Want nothing of the compiler any more."""
        self._compiler.want(by=self._number)

    # When -----------------------------------------------------------------------------------------------------------

    @property
    def trains(self) -> bool:
        """Whether it takes a share of the time."""
        return self._session is not None and self._orders.any and not self._session.lack

    @property
    def epoch(self) -> int:
        """Epochs completed."""
        return self._session.epoch if self._session is not None else 0

    @property
    def is_abreast(self) -> bool:
        """Whether it trains now, and at equal epochs with others."""
        return self.trains and self._orders.abreast

    @property
    def shows_now(self) -> bool:
        """Whether a frame is due; seats that train abreast are seen at equal epochs."""
        return self._may_show and self._display.seconds_to_wait() == 0.0

    @property
    def _may_show(self) -> bool:
        return not self.is_abreast or are_level(self._seats)

    def seconds_to_wait(self) -> float | None:
        """Until there is something to do without a command; None is for ever."""
        if self._session is None:
            return None
        due = [self._display.seconds_to_wait()] if self._may_show else []
        if self.trains and epochs_allowed(self, self._seats) != 0:
            due.append(self._orders.seconds_to_wait())
        return min((seconds for seconds in due if seconds is not None), default=None)

    def take_turn(self, sharing: int) -> None:
        """Send a frame if one is due, or train a chunk; ``sharing`` seats train in turn.

        One of them once training is compiled: between two turns commands are read, such as that the next frame may
        come. Before that both, since each takes long, and people wait for the first frame of what they changed.
        """
        if self._session is None:
            return
        compiled = self._session.loop.is_compiled
        allowed = epochs_allowed(self, self._seats)
        if self.trains and allowed != 0 and not (compiled and self.shows_now):
            self._train(self._session, sharing, allowed)
            if compiled:
                return
        if self.shows_now:
            self._show(self._session)

    def compiler_progressed(self) -> None:
        """A program was compiled, or could not be."""
        if self._session is None:
            return
        self._display.change()  # frames say whether training is compiled
        for description in self._wanted(self._session):
            reason = self._compiler.failure(description)
            if reason and reason not in self._failures:
                self._failures.add(reason)
                message = f"training goes on uncompiled, and slowly: {reason}"
                self._send(Failed("Compile", message, self._number))

    # Commands -------------------------------------------------------------------------------------------------------

    @singledispatchmethod
    def _obey(self, command: Command) -> None:
        raise ValueError(f"{type(command).__name__} is not for a network")

    @_obey.register
    def _(self, command: Configure) -> None:
        from gdviz.training.session import Session

        self._session = None  # a network that cannot be built leaves none, rather than the one before
        self._orders.rest()
        specs = (command.network, command.training, command.points)
        self._session = Session(*specs, self._compiler, command.weights, command.scaling, command.seed)
        self._begin_run(command.run)

    @_obey.register
    def _(self, command: Reset) -> None:
        self._needed().reset(command.seed)
        self._orders.rest()
        self._begin_run(command.run)

    @_obey.register
    def _(self, command: Run) -> None:
        session = self._needed()
        session.resume()
        self._front = session.epoch
        self._orders.run(command.epochs_per_second, session.epoch, abreast=command.abreast, until=command.until)
        self._display.change()

    @_obey.register
    def _(self, _: Pause) -> None:
        behind = self._front - self.epoch if self.is_abreast else 0
        self._orders.rest()
        if behind > 0:
            self._orders.step(Errand(epochs=behind))
        self._display.change()

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
    def _(self, command: SetNetwork) -> None:
        self._needed().set_network(command.network)
        self._refresh()

    @_obey.register
    def _(self, command: SetWeight) -> None:
        session = self._needed()
        session.set_weight(command.tensor, command.place, command.value)
        self._keep(session)
        self._display.change()

    @_obey.register
    def _(self, command: GoTo) -> None:
        session, snapshot = self._needed(), self._snapshots.at(command.epoch)
        self._orders.rest()
        session.restore(snapshot)
        self._refresh()

    @_obey.register(SetView | SetQuestions | SetProbe)
    def _(self, command: SetView | SetQuestions | SetProbe) -> None:
        self._display.show(command)
        self._refresh()

    @_obey.register
    def _(self, command: Acknowledge) -> None:
        self._display.acknowledge(command.number)

    @_obey.register
    def _(self, command: SaveModel) -> None:
        self._needed().save(Path(command.path))
        self._send(Saved(command.path, self._number))

    @_obey.register
    def _(self, command: LoadModel) -> None:
        from gdviz.training.model_file import read_model

        self._send(replace(read_model(Path(command.path)), seat=self._number))

    def _needed(self) -> Session:
        if self._session is None:
            raise ValueError("there is no network yet")
        return self._session

    def _step(self, errand: Errand) -> None:
        self._needed().resume()
        self._orders.step(errand)
        self._refresh()

    def _begin_run(self, run: int) -> None:
        """Epoch 0 of a new run."""
        self._run = run
        self._history = History()
        self._snapshots = Snapshots()
        self._failures.clear()
        self._shown = False
        self._keep(self._needed())
        self._display.begin()
        self._refresh()

    def _refresh(self) -> None:
        """Something that frames show has changed, or what has to be compiled for them."""
        self._display.change()
        if self._session is None:
            return
        self._want(self._session)
        if self._session.lack:
            self._orders.forget_steps()  # painting lets a run go on, but a step that cannot be taken is over

    def _want(self, session: Session) -> None:
        """Have compiled what is needed; not before the first frame, which would come later for it."""
        if self._shown:
            self._compiler.want(*self._wanted(session), by=self._number)

    def _wanted(self, session: Session) -> tuple[Compilable, ...]:
        return self._display.descriptions(session)

    # Training -------------------------------------------------------------------------------------------------------

    def _train(self, session: Session, sharing: int, most: int | None) -> None:
        """One chunk, if one is due, of at most so many epochs."""
        epoch = session.epoch
        try:
            rows = self._orders.carry_out(session, self._display.seconds_left(), sharing, most)
        except Exception as error:
            self._orders.rest()
            self._fail("Run", error)
            return
        if rows is None:
            return
        if self.is_abreast:
            self._meet()
        # What had come after this epoch before training went back to it is over.
        self._snapshots.forget_after(epoch)
        self._history.forget_after(epoch)
        self._history.add(rows)
        self._keep(session)
        self._display.change()

    def _meet(self) -> None:
        """Tell all that train abreast where they meet, so that a pause, which comes to one after the other, knows."""
        meeting = front(self._seats)
        for seat in self._seats:
            seat._front = meeting

    def _keep(self, session: Session) -> None:
        """Remember the end of an epoch, in place of what was remembered of it before."""
        if session.batch == 0:
            snapshot = session.snapshot()
            self._snapshots.put(session.epoch, snapshot, snapshot.nbytes)

    # Frames ---------------------------------------------------------------------------------------------------------

    def _show(self, session: Session) -> None:
        number = next(self._numbers)
        self._display.sends(number)
        began = time.perf_counter()
        try:
            frame = self._frame(session, number)
        except Exception as error:
            self._orders.rest()
            self._display.acknowledge(number)
            self._fail("Frame", error)
            return
        finally:
            if not self._shown:
                self._shown = True
                self._want(session)
        self._send(frame)
        if not session.loop.is_compiled:
            self._orders.breathe(time.perf_counter() - began)

    def _frame(self, session: Session, number: int) -> Frame:
        state, reason = "running" if self._orders.any else "paused", ""
        if session.lack:
            state, reason = "paused", session.lack
        elif session.ending:
            state, reason = session.ending, session.reason
        return Frame(
            run=self._run,
            number=number,
            epoch=session.epoch,
            batch=session.batch,
            state=state,
            reason=reason,
            compiled=session.loop.is_compiled,
            epochs_per_second=self._orders.epochs_per_second,
            history=self._history.taken(),
            seat=self._number,
            kept=self._snapshots.epochs,
            **self._display.picture(session),
        )

    def _fail(self, what: str, error: Exception) -> None:
        self._send(Failed(what, said(error), self._number))
