"""How much to train between two frames, and what of it is told."""

from __future__ import annotations

import math
import time
from collections import deque
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_CHUNK_SECONDS = (0.004, 0.014)  # each call costs most of a millisecond; commands wait for its end
_MAX_HISTORY = 4096
_MANY_EPOCHS = 2**31 - 1


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


class Pace:
    """How many batches fit between two frames, and how many epochs are due."""

    def __init__(self) -> None:
        self._compiled = False
        self._seconds_per_batch = math.inf
        self.start(0.0, 0)

    def start(self, epochs_per_second: float, epoch: int) -> None:
        """Begin to run from an epoch; a speed of 0 is as fast as possible."""
        self._limit = epochs_per_second
        self._due_from = time.perf_counter()
        self._seen = deque([(self._due_from, epoch)])

    def seconds_to_wait(self) -> float:
        """Until the next epoch is due."""
        if not self._limit:
            return 0.0
        return max(0.0, self._due_from + 1.0 / self._limit - time.perf_counter())

    def epochs_due(self) -> int:
        """Epochs to train now."""
        if not self._limit:
            return _MANY_EPOCHS
        return int((time.perf_counter() - self._due_from) * self._limit)

    def batches(self, seconds: float, compiled: bool) -> int:
        """Batches that fit into so much time; one to begin with, and whenever it is another program that trains."""
        if compiled != self._compiled:
            self._compiled, self._seconds_per_batch = compiled, math.inf
        shortest, longest = _CHUNK_SECONDS
        return max(1, int(min(max(seconds, shortest), longest) / self._seconds_per_batch))

    def took(self, batches: int, seconds: float, epoch: int) -> None:
        """Learn from a chunk."""
        now = time.perf_counter()
        if batches:
            self._seconds_per_batch = max(seconds, 1e-6) / batches
        if self._limit:
            completed = epoch - self._seen[-1][1]
            # What cannot be caught up with is let go: a burst after a delay would look like a jump.
            self._due_from = max(self._due_from + completed / self._limit, now - 1.0 / self._limit)
        self._seen.append((now, epoch))
        while len(self._seen) > 2 and self._seen[0][0] < now - 1.0:
            self._seen.popleft()

    def epochs_per_second(self) -> float:
        """Measured over the last second."""
        (began, first), (ended, last) = self._seen[0], self._seen[-1]
        return (last - first) / max(ended - began, 1e-6)


class History:
    """Epochs completed since the last frame, thinned where there are very many."""

    def __init__(self) -> None:
        self._parts: list[NDArray[np.float64]] = [np.empty((0, 5))]

    def add(self, rows: NDArray[np.float64]) -> None:
        """Rows of ``Frame.history``."""
        if len(rows):
            self._parts.append(rows)
        if sum(map(len, self._parts)) > _MAX_HISTORY:
            together = np.concatenate(self._parts)
            self._parts = [together[(len(together) + 1) % 2 :: 2]]  # every other one, and the last

    def taken(self) -> NDArray[np.float64]:
        """All rows, and none are left."""
        rows = np.concatenate(self._parts)
        self._parts = [np.empty((0, 5))]
        return rows
