"""What a seat was told to train, and how much of it comes next."""

from __future__ import annotations

import time
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from gdviz.training.pace import Pace

if TYPE_CHECKING:  # importing it imports TensorFlow
    from gdviz.training.session import Session


_SINGLE_EPOCHS = 16
_COMPILERS_SHARE = 2.0
"""So many times as long as an uncompiled chunk or frame takes, the next one waits: the sooner all is compiled."""


@dataclass(slots=True)
class Errand:
    """What is left to train: to the end of some epochs, or some batches."""

    epochs: int = 0
    batches: int = 0

    @property
    def done(self) -> bool:
        """Whether nothing is left."""
        return self.epochs <= 0 and self.batches <= 0

    def took(self, batches: int, epochs: int) -> bool:
        """Some of it was trained; whether that was all. Only what was asked for counts."""
        if self.batches:
            self.batches -= batches
        else:
            self.epochs -= epochs
        return self.done


class Orders:
    """To run until told otherwise, or errands, one after the other; or nothing."""

    def __init__(self) -> None:
        self._pace = Pace()
        self._running = self._abreast = False
        self._until = 0  # epochs that a run has to complete; 0 is no end
        self._errands: deque[Errand] = deque()
        self._breath = 0.0  # until then a run leaves the processor to the compiler

    @property
    def any(self) -> bool:
        """Whether there is something to train, now or later."""
        return self._running or bool(self._errands)

    @property
    def abreast(self) -> bool:
        """Whether it runs, and at equal epochs with others."""
        return self._running and self._abreast

    @property
    def epochs_per_second(self) -> float:
        """Measured over the last second; 0 unless it runs."""
        return self._pace.epochs_per_second() if self._running else 0.0

    def rest(self) -> None:
        """Train nothing."""
        self._running = False
        self._errands.clear()

    def run(self, epochs_per_second: float, epoch: int, *, abreast: bool = False, until: int = 0) -> None:
        """Train until told otherwise or to the end of an epoch, from this one on; 0 is no limit of either."""
        self.rest()
        self._running, self._abreast, self._until = not until or epoch < until, abreast, until
        self._pace.start(epochs_per_second, epoch)

    def step(self, errand: Errand) -> None:
        """Train that much and rest; steps that come faster than they can be taken wait for each other."""
        self._running = False
        self._errands.append(errand)

    def forget_steps(self) -> None:
        """A step that cannot be taken is not made up for."""
        self._errands.clear()

    def seconds_to_wait(self) -> float:
        """Until there is something to train."""
        if self._errands:
            return 0.0
        return max(self._pace.seconds_to_wait(), self._breath - time.perf_counter())

    def breathe(self, seconds: float) -> None:
        """Something took so long because it is not compiled yet: let the compiler go first for a while."""
        self._breath = time.perf_counter() + _COMPILERS_SHARE * seconds

    def carry_out(
        self, session: Session, seconds: float, sharing: int, most: int | None = None
    ) -> NDArray[np.float64] | None:
        """Train a chunk, if one is due.

        Args:
            session: what to train.
            seconds: there are until the next frame.
            sharing: how many seats train in turn.
            most: of the epochs that are due, so many; None is all.

        Returns:
            Epochs completed, as ``Session.advance`` has them; None where nothing is due yet.
        """
        errand = self._errands[0] if self._errands else Errand(epochs=self._epochs_due(session.epoch, most))
        if errand.done:
            return None
        compiled = session.loop.is_compiled
        batches, epoch = self._pace.batches(seconds, compiled, sharing), session.epoch
        batches = min(batches, errand.batches or batches, session.structure.max_batches)
        began = time.perf_counter()
        rows, taken = session.advance(batches, _until(session, batches, errand.epochs))
        took = time.perf_counter() - began
        self._pace.took(taken, took, session.epoch)
        if not compiled:
            self.breathe(took)
        done = errand.took(taken, session.epoch - epoch)
        if session.ending or (self._running and 0 < self._until <= session.epoch):
            self.rest()
        elif done and self._errands:
            self._errands.popleft()
        return rows

    def _epochs_due(self, epoch: int, most: int | None) -> int:
        """Of a run that has come to this epoch."""
        due = self._pace.epochs_due()
        if self._until:
            due = min(due, self._until - epoch)
        return due if most is None else min(due, most)


def _until(session: Session, batches: int, epochs: int) -> int | None:
    """Where a chunk ends: with the last epoch that ends in it, for what is kept are whole epochs; None in mid-epoch.

    At first, when most happens, every epoch is a chunk of its own.
    """
    count = len(session.points) - len(session.test_indices)
    batches_an_epoch = max(1, -(-count // session.structure.batch_size))
    whole = min((session.batch + batches) // batches_an_epoch, max(1, session.epoch // _SINGLE_EPOCHS))
    return min((session.epoch + each for each in (whole, epochs) if each), default=None)
