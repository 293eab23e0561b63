"""Points in the plane, red, green or with a value: immutable, every change gives new ones."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import ArrayLike, NDArray

RED, GREEN = 0, 1
LABELS = ("red", "green")


def labels_of(values: NDArray[np.float64], value_range: tuple[float, float]) -> NDArray[np.int8]:
    """Labels for points with values, shape (n,): green is a value above the middle of the range."""
    low, high = value_range
    return (values > low / 2.0 + high / 2.0).astype(np.int8)


@dataclass(frozen=True, slots=True, eq=False)
class Points:
    """Labelled points in the plane.

    Attributes:
        xy: x1 and x2, float64, shape (n, 2), finite, read-only.
        labels: 0 (red) or 1 (green), int8, shape (n,), read-only; what is learned in classification.
        values: what is learned in regression, float64, shape (n,), finite, read-only; the label where nothing was said.
        ids: a number of its own for each point, int64, shape (n,), read-only. It stays with the point whatever happens
            to the others, and decides whether it is kept apart for the test.
    """

    xy: NDArray[np.float64] = field(default_factory=lambda: np.empty((0, 2)))
    labels: NDArray[np.int8] = field(default_factory=lambda: np.empty(0, np.int8))
    values: NDArray[np.float64] = field(default_factory=lambda: np.empty(0))
    ids: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))

    @classmethod
    def of(
        cls, xy: ArrayLike, labels: ArrayLike, values: ArrayLike | None = None, ids: ArrayLike | None = None
    ) -> Points:
        """Checked points from anything array-like.

        Args:
            xy: x1 and x2, shape (n, 2).
            labels: 0 (red) or 1 (green), shape (n,).
            values: for regression, shape (n,); None takes the labels.
            ids: shape (n,), all different; None numbers the points from 0.

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
        targets = np.array(given if values is None else values, dtype=np.float64)
        if targets.shape != given.shape:
            raise ValueError(f"{len(positions)} points but {targets.size} values; there must be one value a point")
        if not np.isfinite(targets).all():
            raise ValueError("a value is not finite; every value must be a number")
        numbers = np.arange(len(positions)) if ids is None else np.array(ids, dtype=np.int64)
        if numbers.shape != given.shape:
            raise ValueError(f"{len(positions)} points but {numbers.size} ids; there must be one id a point")
        arrays = positions, given.astype(np.int8), targets, numbers.astype(np.int64)
        for array in arrays:
            array.flags.writeable = False
        return cls(*arrays)

    def __len__(self) -> int:
        return len(self.labels)

    def __eq__(self, other: object) -> bool:
        """Whether places, labels and values are the same; ids are not compared."""
        if not isinstance(other, Points):
            return NotImplemented
        pairs = ((self.xy, other.xy), (self.labels, other.labels), (self.values, other.values))
        return all(np.array_equal(mine, theirs) for mine, theirs in pairs)

    __hash__ = None  # type: ignore[assignment]  # compared by value, so not hashable

    @property
    def has_values(self) -> bool:
        """Whether there is more to learn than labels: a value that is not the point's label."""
        return not np.array_equal(self.values, self.labels)

    @property
    def lack(self) -> str:
        """What classification of these points still lacks, a sentence for people; "" where nothing does."""
        present = set(self.labels.tolist())
        if not present:
            return "There are no points: red and green ones are needed."
        if len(present) == 1:
            (label,) = present
            return f"All points are {LABELS[label]}: some {LABELS[1 - label]} ones are needed too."
        return ""

    def added(self, xy: ArrayLike, labels: ArrayLike, values: ArrayLike | None = None) -> Points:
        """These points and new ones at the end.

        Args:
            xy: shape (k, 2) or (2,).
            labels: one for all, or shape (k,).
            values: one for all, or shape (k,); None takes the labels.
        """
        new = np.asarray(xy, dtype=np.float64).reshape(-1, 2)
        count = (len(new),)
        targets = labels if values is None else values
        first = int(self.ids.max()) + 1 if len(self) else 0
        return Points.of(
            np.concatenate([self.xy, new]),
            np.concatenate([self.labels, np.broadcast_to(labels, count)]),
            np.concatenate([self.values, np.broadcast_to(targets, count)]),
            np.concatenate([self.ids, first + np.arange(len(new))]),
        )

    def kept(self, keep: NDArray[np.bool_]) -> Points:
        """Those points for which ``keep``, shape (n,), is true; the same object where that is all of them."""
        if keep.all():
            return self
        return Points.of(self.xy[keep], self.labels[keep], self.values[keep], self.ids[keep])

    def erased(self, centre: tuple[float, float], radius: float) -> Points:
        """These points without those within radius of centre."""
        return self.kept(((self.xy - np.asarray(centre)) ** 2).sum(axis=1) > radius**2)

    def moved(self, index: int | NDArray[np.int64] | NDArray[np.bool_], xy: ArrayLike) -> Points:
        """These points with some of them elsewhere, shape (k, 2) or (2,); IndexError where there is no such point."""
        positions = self.xy.copy()
        positions[index] = xy
        return Points.of(positions, self.labels, self.values, self.ids)

    def relabelled(
        self, index: NDArray[np.int64] | NDArray[np.bool_], label: int, value: float | None = None
    ) -> Points:
        """These points with another label for some of them; the value is the label's unless one is given."""
        labels, values = self.labels.copy(), self.values.copy()
        labels[index] = label
        values[index] = label if value is None else value
        return Points.of(self.xy, labels, values, self.ids)
