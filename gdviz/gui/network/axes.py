"""What the axes mean and cover: checked, and applied to what is painted. Pure functions, no Qt."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import numpy as np

from gdviz.gui.network.marks import places_of
from gdviz.gui.network.state import AXES, VALUE_AXIS, NetworkState, Painted
from gdviz.network.points import Points, labels_of

NARROWEST = 1e-6
"""The least width of a range, as a share of its larger end: pictures are drawn with seven digits."""

FARTHEST = 1e12

SEEN_DIGITS = 6
"""Digits of a range that are shown: more than there are pixels for."""


@dataclass(frozen=True, slots=True)
class Axis:
    """One axis.

    Attributes:
        name: what it means, with its unit.
        low, high: its ends.
    """

    name: str
    low: float
    high: float

    @property
    def wrong(self) -> str:
        """Why there cannot be such an axis, a sentence for people; "" where there can."""
        if not (math.isfinite(self.low) and math.isfinite(self.high)):
            return "Both ends must be numbers."
        if not self.low < self.high:
            return "It must begin below its end."
        if max(abs(self.low), abs(self.high)) > FARTHEST:
            return f"Its ends must be within ±{FARTHEST:g}."
        if self.high - self.low < NARROWEST * max(abs(self.low), abs(self.high)):
            return "Its ends are too close together to be told apart."
        return ""

    @property
    def rounded(self) -> Axis:
        """The same axis to all digits that can be seen of it: its ends are short to read."""
        digits = SEEN_DIGITS - math.floor(math.log10(self.high - self.low))
        return replace(self, low=round(self.low, digits), high=round(self.high, digits))

    def holding(self, low: float, high: float) -> Axis:
        """The same axis, grown to reach from low to high at least."""
        return replace(self, low=min(self.low, low), high=max(self.high, high))


def axes_of(state: NetworkState) -> tuple[Axis, Axis, Axis]:
    """The axes of x1, of x2 and of the value."""
    left, right, below, above = state.extent
    return (
        Axis(state.axes[0], left, right),
        Axis(state.axes[1], below, above),
        Axis(state.value_axis, *state.value_range),
    )


def with_axes(painted: Painted, axes: tuple[Axis, Axis, Axis], *, values: bool) -> tuple[Painted, tuple[str, ...]]:
    """Points and questions on other axes.

    Args:
        painted: what is there; it stays where it is.
        axes: of x1, x2 and the value; an empty name is the usual one.
        values: whether the last of them counts, and with it the labels: a value above its middle is green.

    Returns:
        What is painted then, and which axes were grown to hold it all: names of AXES or VALUE_AXIS.
    """
    places, points = places_of(painted), painted.points
    held: list[Axis] = []
    for axis, numbers in zip(
        axes, (places[:, 0], places[:, 1], points.values if values else places[:0, 0]), strict=True
    ):
        held.append(axis.holding(float(numbers.min()), float(numbers.max())) if len(numbers) else axis)
    x1, x2, value = held
    names = tuple(name for name, axis, grown in zip((*AXES, VALUE_AXIS), axes, held, strict=True) if axis != grown)
    now = replace(
        painted,
        extent=(x1.low, x1.high, x2.low, x2.high),
        axes=(x1.name.strip() or AXES[0], x2.name.strip() or AXES[1]),
    )
    if values:
        ends = (value.low, value.high)
        labels = labels_of(points.values, ends)
        if not np.array_equal(labels, points.labels):
            now = replace(now, points=Points.of(points.xy, labels, points.values, points.ids))
        now = replace(now, value_axis=value.name.strip() or VALUE_AXIS, value_range=ends)
    return now, names
