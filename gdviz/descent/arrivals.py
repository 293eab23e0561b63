"""When each of many points had arrived where it ended."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdviz.descent.surface import FloatArray

# Rows of a descent that are remembered to see when it arrived.
_REMEMBERED = 128


class Log:
    """Where points stood, at up to ``_REMEMBERED`` rows, to see when each had arrived."""

    def __init__(self, most_points: int, steps: int) -> None:
        self.every = max(1, -(-steps // _REMEMBERED))
        # One memory for all pieces: to ask for 13 MB each time costs as much as a tenth of the descent.
        self._memory = np.empty((steps // self.every + 1, 2 * most_points))
        self.clear(most_points)

    def clear(self, points: int) -> None:
        """Forget everything, and begin again with so many points."""
        self.rows = (
            self._memory.reshape(-1)[: self._memory.shape[0] * 2 * points].reshape(-1, 2, points).transpose(0, 2, 1)
        )
        self.written = 0

    def write(self, row: int, there: NDArray[np.intp], w: FloatArray) -> None:
        """Remember a row; for points that are not there any more, what is remembered means nothing."""
        number, rest = divmod(row, self.every)
        if rest:
            return
        if len(there) == self.rows.shape[1]:
            self.rows[number] = w
        else:
            self.rows[number, there] = w
        self.written = number + 1

    @np.errstate(all="ignore")
    def arrivals(
        self, targets: FloatArray, reach: float, ends: NDArray[np.int64], dimensions: int
    ) -> NDArray[np.int64]:
        """The row from which on each point stayed near its target.

        Args:
            targets: shape (points, 2).
            reach: the distance that is near.
            ends: number of each point's last row, shape (points,).
            dimensions: of the surface; where it has one, w1 does not count.

        Returns:
            shape (points,); the last row where it was not near by then.
        """
        # Counted from 1, so that 0 is never.
        last_outside = np.zeros(len(targets), dtype=np.int16)
        earliest = int(ends.min(initial=0))
        targets = np.asfortranarray(targets)
        squares, sums = np.empty_like(targets), np.empty(len(targets))
        for number in range(self.written):
            np.subtract(self.rows[number], targets, out=squares)
            np.multiply(squares, squares, out=squares)
            distances = squares[:, 0] if dimensions == 1 else np.add(squares[:, 0], squares[:, 1], out=sums)
            away = distances > reach**2
            if number * self.every >= earliest:
                away &= number * self.every < ends
            np.copyto(last_outside, np.int16(number + 1), where=away)
        return np.asarray(np.minimum(last_outside * np.int64(self.every), ends))
