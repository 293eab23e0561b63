"""What is kept of the epochs gone by, so that training can go back to them."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import Any

import numpy as np
from numpy.typing import NDArray

BUDGET = 64 * 2**20
MOST = 600
_SHARE_OF_EDGES = 8


class Snapshots:
    """Snapshots by epoch: some of the first, some of the newest, and between them as many as there is room for.

    Where there are too many, those between have to keep twice the distance.

    Args:
        budget: bytes that all of them may take; two are kept whatever their size.
        most: how many there may be.
    """

    def __init__(self, budget: int = BUDGET, most: int = MOST) -> None:
        self._budget, self._most = budget, most
        self._kept: dict[int, tuple[Any, int]] = {}
        self._epochs: list[int] = []
        self._bytes = 0
        self._distance = 1

    @property
    def epochs(self) -> NDArray[np.int64]:
        """Those that are kept, in order."""
        return np.array(self._epochs, np.int64)

    @property
    def bytes(self) -> int:
        """What all of them take."""
        return self._bytes

    def put(self, epoch: int, snapshot: Any, size: int) -> None:
        """Keep a snapshot of ``size`` bytes, in place of the one of that epoch where there is one."""
        if epoch in self._kept:
            self._bytes -= self._kept[epoch][1]
        else:
            self._epochs.insert(bisect_left(self._epochs, epoch), epoch)
        self._kept[epoch] = snapshot, size
        self._bytes += size
        self._thin(only_newest=True)
        while len(self._epochs) > max(2, self._room):
            self._distance *= 2
            self._thin()

    def at(self, epoch: int) -> Any:
        """The newest one that is not later; ValueError where there is none."""
        index = bisect_right(self._epochs, epoch)
        if not index:
            raise ValueError(f"epoch is {epoch}; allowed is 0 or later")
        return self._kept[self._epochs[index - 1]][0]

    def forget_after(self, epoch: int) -> None:
        """Drop those that are later."""
        while self._epochs and self._epochs[-1] > epoch:
            self._drop(-1)
            self._distance = 1

    @property
    def _room(self) -> int:
        """How many of the usual size there may be."""
        return min(self._most, self._budget * len(self._epochs) // max(1, self._bytes))

    def _thin(self, *, only_newest: bool = False) -> None:
        """Drop those that are too close to the one before, but for some at either end.

        Args:
            only_newest: look at none but the newest of them; the others have been looked at.
        """
        edge = max(1, self._room // _SHARE_OF_EDGES)
        index = max(edge, len(self._epochs) - edge - 1) if only_newest else edge
        while index < len(self._epochs) - edge:
            if self._epochs[index] - self._epochs[index - 1] < self._distance:
                self._drop(index)
            else:
                index += 1

    def _drop(self, index: int) -> None:
        _, size = self._kept.pop(self._epochs.pop(index))
        self._bytes -= size
