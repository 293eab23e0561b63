"""What the network says of red and of green points, counted."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

THRESHOLD = 0.5
"""Above this probability the network says green, as Keras's accuracy has it."""


@dataclass(frozen=True, slots=True)
class Confusion:
    """A confusion matrix; green is the positive class.

    Attributes:
        red_as_red, red_as_green, green_as_red, green_as_green: points of the first colour of which the network says
            the second.
    """

    red_as_red: int
    red_as_green: int
    green_as_red: int
    green_as_green: int

    @classmethod
    def of(cls, labels: NDArray[np.int8], predictions: NDArray[np.float32]) -> Confusion:
        """Count points by their labels, 0 or 1, and their probability of green; shape (n,) each."""
        counts = np.bincount(2 * labels.astype(np.int64) + (predictions > THRESHOLD), minlength=4)
        return cls(*counts.tolist())

    @property
    def counts(self) -> tuple[tuple[int, int], tuple[int, int]]:
        """A row for red points and one for green ones, a column for what the network says."""
        return (self.red_as_red, self.red_as_green), (self.green_as_red, self.green_as_green)

    @property
    def total(self) -> int:
        """All points."""
        return sum(map(sum, self.counts))

    @property
    def accuracy(self) -> float:
        """Share of the points that it gets right; NaN without any."""
        return _share(self.red_as_red + self.green_as_green, self.total)

    @property
    def precision(self) -> float:
        """Share of green ones among those it calls green; NaN where it calls none so."""
        return _share(self.green_as_green, self.green_as_green + self.red_as_green)

    @property
    def recall(self) -> float:
        """Share of the green points that it finds; NaN where there are none."""
        return _share(self.green_as_green, self.green_as_green + self.green_as_red)


def _share(part: int, whole: int) -> float:
    return part / whole if whole else math.nan
