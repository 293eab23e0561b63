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
        """Checked points from anything array-like.

        Args:
            xy: x1 and x2, shape (n, 2).
            labels: 0 (red) or 1 (green), shape (n,).

        Raises:
            ValueError: what does not fit, and what is allowed.
        """
        positions, given = np.array(xy, dtype=np.float64), np.asarray(labels)
        if positions.size == 0:
            positions = positions.reshape(0, 2)
        if positions.ndim != 2 or positions.shape[1] != 2:
            raise ValueError(f"points have shape {positions.shape}; allowed is (n, 2): x1 and x2 of each point")
        if given.shape != (len(positions),):
            raise ValueError(f"{len(positions)} points but {given.size} labels; there must be one label a point")
        if not np.isfinite(positions).all():
            raise ValueError("a coordinate is not finite; every x1 and x2 must be a number")
        if not np.isin(given, (RED, GREEN)).all():
            raise ValueError("a label is neither 0 (red) nor 1 (green)")
        classes = given.astype(np.int8)
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

    @property
    def lack(self) -> str:
        """What training on these points still lacks, a sentence for people; "" where nothing does."""
        present = set(self.labels.tolist())
        if not present:
            return "There are no points: red and green ones are needed."
        if len(present) == 1:
            (label,) = present
            return f"All points are {LABELS[label]}: some {LABELS[1 - label]} ones are needed too."
        return ""

    def added(self, xy: ArrayLike, label: int) -> Points:
        """These points and new ones, shape (k, 2) or (2,), all of one label, at the end."""
        new = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        return Points.of(np.concatenate([self.xy, new]), np.concatenate([self.labels, np.full(len(new), label)]))

    def erased(self, centre: tuple[float, float], radius: float) -> Points:
        """These points without those within radius of centre."""
        keep = ((self.xy - np.asarray(centre)) ** 2).sum(axis=1) > radius**2
        return self if keep.all() else Points.of(self.xy[keep], self.labels[keep])

    def moved(self, index: int, xy: tuple[float, float]) -> Points:
        """These points with one of them elsewhere; IndexError where there is no such point."""
        positions = self.xy.copy()
        positions[index] = xy
        return Points.of(positions, self.labels)
