"""Which points make up which batch: the seed and the epoch decide, however training is cut into calls."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_SHUFFLED_POINTS = 16_384


class Batches:
    """The batches of all epochs.

    Args:
        seed: decides every shuffle.
        indices: of the training points, int32, shape (n,).
        size: points a batch.
    """

    def __init__(self, seed: int, indices: NDArray[np.int32], size: int) -> None:
        self._seed, self._indices, self._size = seed, indices, size
        self._number = -1
        self._orders = np.empty((0, len(indices)), np.int32)

    def after(self, epoch: int, batch: int, count: int, last: int) -> tuple[NDArray[np.int32], NDArray[np.bool_]]:
        """The next batches.

        Args:
            epoch: completed before.
            batch: batches of the epoch under way before.
            count: how many at most.
            last: the epoch at whose end the last one is, at the latest.

        Returns:
            Indices of points, shape (k, size), -1 where a batch is incomplete; and whether an epoch ends with the
            batch, shape (k,). None where there is nothing to train on.
        """
        each = -(-len(self._indices) // self._size)
        parts, ends = [np.empty((0, self._size), np.int32)], [np.empty(0, np.bool_)]
        while count > 0 and epoch < last and each:
            orders, first = self._orders_around(epoch)
            wanted = -(-(batch + count) // each)
            here = orders[epoch - first : min(last - first, epoch - first + wanted)]
            padded = np.full((len(here), each * self._size), -1, np.int32)
            padded[:, : here.shape[1]] = here
            part = padded.reshape(-1, self._size)[batch : batch + count]
            parts.append(part)
            ends.append(np.arange(batch + 1, batch + 1 + len(part)) % each == 0)
            count -= len(part)
            epoch, batch = epoch + len(here), 0
        return np.concatenate(parts), np.concatenate(ends)

    def _orders_around(self, epoch: int) -> tuple[NDArray[np.int32], int]:
        """The order of the points in an epoch and some of its neighbours, and the first of these epochs.

        Many epochs are shuffled at once, because a generator of random numbers costs more than the numbers.
        """
        together = max(1, _SHUFFLED_POINTS // len(self._indices))
        number = epoch // together
        if number != self._number:
            orders = np.tile(self._indices, (together, 1))
            np.random.default_rng((self._seed, number)).permuted(orders, axis=1, out=orders)
            self._number, self._orders = number, orders
        return self._orders, number * together
