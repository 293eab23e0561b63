"""How much to train between two frames, and what of it is told."""

from __future__ import annotations

import time
from collections import deque

import numpy as np
from numpy.typing import NDArray

_SHORTEST_CHUNK = 0.004  # seconds; each call costs most of a millisecond
_LONGEST_CHUNK = 0.014  # commands wait for its end
_MEMORY = 0.9  # weight of a call against the one after it
_ALIKE = 1e-6
_LEAST_SHARE = 0.05  # of a call's time that is its batches', at the least
_MAX_HISTORY = 4096
_MANY_EPOCHS = 2**31 - 1

NO_ROWS: NDArray[np.float64] = np.empty((0, 5))
"""No epoch was completed."""


class Cost:
    """What a call of the loop costs: some time anyway, and some for each batch; learned from the last ones."""

    def __init__(self) -> None:
        # Weighted sums over the calls: of ones, batches, seconds, batches squared, batches times seconds.
        self._sums = np.zeros(5)
        self._most = 0.0

    def learn(self, batches: int, seconds: float) -> None:
        """A call took so long."""
        self._sums = _MEMORY * self._sums + [1.0, batches, seconds, batches**2, batches * seconds]
        self._most = max(float(batches), _MEMORY * self._most)

    def batches(self, seconds: float) -> int:
        """Batches that fit into so much time.

        At least so many that half of the time is theirs; and at most twice as many as before, since one call says
        nothing of what more would cost.
        """
        if not self._most:
            return 1
        ones, b, t, bb, bt = self._sums.tolist()
        variance, mean = ones * bb - b * b, max(t / b, 1e-9)
        if variance < _ALIKE * ones * bb:
            return int(2.0 * self._most)  # only calls that are not all alike tell the two apart
        each = min(max((ones * bt - b * t) / variance, _LEAST_SHARE * mean), mean)
        anyway = max(0.0, t - each * b) / ones
        return max(1, int(min(max(seconds - anyway, anyway) / each, 2.0 * self._most)))


class Pace:
    """How many batches fit between two frames, and how many epochs are due."""

    def __init__(self) -> None:
        self._compiled = False
        self._cost = Cost()
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

    def batches(self, seconds: float, compiled: bool, sharing: int = 1) -> int:
        """Batches that fit into so much time; few to begin with, and whenever it is another program that trains.

        One where it is not compiled: that takes longer than a chunk should, and the first ones longest of all, so that
        what they cost says nothing. Where several networks share the time, all their chunks together are as long as
        that of one would be.
        """
        if compiled != self._compiled:
            self._compiled, self._cost = compiled, Cost()
        if not compiled:
            return 1
        longest = _LONGEST_CHUNK / sharing
        shortest = min(_SHORTEST_CHUNK, longest)
        return self._cost.batches(min(max(seconds / sharing, shortest), longest))

    def took(self, batches: int, seconds: float, epoch: int) -> None:
        """Learn from a chunk."""
        now = time.perf_counter()
        if batches:
            self._cost.learn(batches, seconds)
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
        self._parts = [NO_ROWS]

    def add(self, rows: NDArray[np.float64]) -> None:
        """Rows of ``Frame.history``."""
        if len(rows):
            self._parts.append(rows)
        if sum(map(len, self._parts)) > _MAX_HISTORY:
            together = np.concatenate(self._parts)
            self._parts = [together[(len(together) + 1) % 2 :: 2]]  # every other one, and the last

    def forget_after(self, epoch: int) -> None:
        """Drop the rows of later epochs: they were trained another way."""
        rows = self.taken()
        self._parts = [rows[rows[:, 0] <= epoch]]

    def taken(self) -> NDArray[np.float64]:
        """All rows, and none are left."""
        rows = np.concatenate(self._parts)
        self._parts = [NO_ROWS]
        return rows
