"""What was measured at every epoch so far, thinned so that a night of training needs no more memory than a minute."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FIELDS = 5  # epoch, loss, accuracy, test loss, test accuracy


class History:
    """Rows that begin with an epoch, usually loss, accuracy, test loss and test accuracy; at most ``capacity`` of them.

    When full, every second row is dropped and from then on only every second epoch is kept, and so on: what is kept was
    measured, never averaged. Epochs rise: where training goes on from an earlier one, what came after it is forgotten.
    """

    def __init__(self, capacity: int = 4096, fields: int = FIELDS) -> None:
        """Args: capacity: the most rows; fields: numbers of a row, its epoch among them."""
        self._rows = np.empty((capacity, fields))
        self._last = np.empty((0, fields))
        self.clear()

    def clear(self) -> None:
        """Forget everything."""
        self._count = 0
        self._stride = 1
        self._last = self._last[:0]

    def __len__(self) -> int:
        return self._count

    @property
    def last(self) -> float:
        """The newest epoch; -1 where there is none."""
        return float(self._last[0, 0]) if len(self._last) else -1.0

    def extend(self, rows: NDArray[np.float64]) -> None:
        """Add rows in the order in which they were measured, shape (k, fields)."""
        turns = np.flatnonzero(np.diff(rows[:, 0]) <= 0.0) + 1  # training went back to an earlier epoch
        for piece in np.split(rows, turns) if len(turns) else (rows,):
            if len(piece):
                if piece[0, 0] <= self.last:
                    self.truncate(float(np.nextafter(piece[0, 0], -np.inf)))
                self._add(piece)

    def truncate(self, epoch: float) -> None:
        """Forget what was measured later than at this epoch."""
        if epoch >= self.last:
            return
        self._count = int(np.searchsorted(self._rows[: self._count, 0], epoch, side="right"))
        self._last = self._rows[max(0, self._count - 1) : self._count].copy()

    def rows(self, most: int = 4096) -> NDArray[np.float64]:
        """At most about ``most`` rows for a picture, the newest always among them; shape (k, fields)."""
        kept = self._rows[: self._count]
        step = max(1, -(-self._count // most))
        shown = kept[::step]
        if len(self._last) and (not len(shown) or shown[-1, 0] != self._last[0, 0]):
            shown = np.concatenate([shown, self._last])
        return shown

    def nearest(self, epoch: float) -> NDArray[np.float64] | None:
        """The kept row whose epoch is nearest, shape (fields,); None where there is none."""
        rows = self.rows()
        return rows[np.argmin(np.abs(rows[:, 0] - epoch))] if len(rows) else None

    def _add(self, rows: NDArray[np.float64]) -> None:
        self._last = np.array(rows[-1:])
        while len(rows):
            rows = rows[self._due(rows[:, 0])]
            room = len(self._rows) - self._count
            taken = rows[:room]
            self._rows[self._count : self._count + len(taken)] = taken
            self._count += len(taken)
            rows = rows[room:]
            if self._count == len(self._rows):
                self._thin()

    def _due(self, epochs: NDArray[np.float64]) -> NDArray[np.intp]:
        """Indices of the epochs to keep: on the stride's grid, or the first beyond where the worker thinned them."""
        cells = np.floor_divide(epochs, self._stride)
        before = self._rows[self._count - 1, 0] // self._stride if self._count else -1.0
        first = np.diff(cells, prepend=before) > 0
        return np.flatnonzero(first)

    def _thin(self) -> None:
        while self._count > len(self._rows) // 2:
            self._stride *= 2
            kept = self._rows[: self._count]
            cells = np.floor_divide(kept[:, 0], self._stride)
            kept = kept[np.diff(cells, prepend=-1.0) > 0].copy()
            self._rows[: len(kept)] = kept
            self._count = len(kept)
