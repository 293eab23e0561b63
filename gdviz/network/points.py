"""Red and green points: immutable, every change gives new ones."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

RED, GREEN = 0, 1
LABELS = ("red", "green")


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Labelled points in the plane.

    Attributes:
        xy: x1 and x2, float64, shape (n, 2), finite, read-only.
        labels: 0 (red) or 1 (green), int8, shape (n,), read-only.
    """

    xy: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    labels: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))

    @classmethod
    def of(cls, xy: ArrayLike, labels: ArrayLike) -> Points:
        """Checked points from anything array-like; ValueError says what does not fit."""
        positions = np.array(xy, dtype=np.float64).reshape(-1, 2)
        classes = np.array(labels, dtype=np.int8).reshape(-1)
        if len(positions) != len(classes):
            raise ValueError(f"{len(positions)} points but {len(classes)} labels; there must be one label a point")
        if not np.isfinite(positions).all():
            raise ValueError("a coordinate is not finite; every x1 and x2 must be a number")
        if not np.isin(classes, (RED, GREEN)).all():
            raise ValueError("a label is neither 0 (red) nor 1 (green)")
        positions.flags.writeable = False
        classes.flags.writeable = False
        return cls(positions, classes)

    def __len__(self) -> int:
        return len(self.labels)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Points):
            return NotImplemented
        return np.array_equal(self.xy, other.xy) and np.array_equal(self.labels, other.labels)

    __hash__ = None  # type: ignore[assignment]  # compared by value, so not hashable

    def added(self, xy: ArrayLike, label: int) -> Points:
        """These points and new ones, shape (k, 2), all of one label, at the end."""
        new = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        return Points.of(np.concatenate([self.xy, new]), np.concatenate([self.labels, np.full(len(new), label)]))

    def erased(self, centre: tuple[float, float], radius: float) -> Points:
        """These points without those within radius of centre."""
        keep = ((self.xy - np.asarray(centre)) ** 2).sum(axis=1) > radius**2
        return self if keep.all() else Points.of(self.xy[keep], self.labels[keep])
