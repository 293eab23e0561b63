"""The part of a script that has the points, and makes inputs of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from gdviz.network.features import FEATURES
from gdviz.network.points import Points
from gdviz.network.script.layout import call, comment, laid_out, packed
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.network.split import test_mask

MOST_INLINE = 500
"""More points than this are read from a file beside the script."""
POINTS_FILE = "points.csv"

_PLAIN = ("x1", "x2")
_GREEN = '{2: lambda label: label == "green"}'


class _Term(str):
    """A text that is multiplied as a formula is: so a feature writes itself."""

    __slots__ = ()

    def __mul__(self, other: object) -> _Term:
        return _Term(f"{self} * {other}")


@dataclass(frozen=True, slots=True)
class Ordered:
    """Points, those for training first, so that two slices are the split.

    Attributes:
        points: in this order.
        training: how many of them are for training.
    """

    points: Points
    training: int

    @classmethod
    def of(cls, training: TrainingSpec, points: Points) -> Ordered:
        """Points as this training splits them."""
        test = test_mask(points.ids, training.test_fraction, training.split_seed)
        order = np.argsort(test, kind="stable")
        arrays = (each[order] for each in (points.xy, points.labels, points.values, points.ids))
        return cls(Points.of(*arrays), int((~test).sum()))

    @property
    def testing(self) -> int:
        """How many of them are for the test."""
        return len(self.points) - self.training

    @property
    def beside(self) -> bool:
        """Whether they are too many to be in the script itself."""
        return len(self.points) > MOST_INLINE


def data_lines(network: NetworkSpec, ordered: Ordered, axes: tuple[str, str], value_axis: str) -> list[str]:
    """The points, all of them in one array."""
    target = value_axis if network.regression else "label (0 is red, 1 is green)"
    place = f", from {POINTS_FILE} beside this script" if ordered.beside else ""
    test = f"; the last {ordered.testing} are kept apart for the test" if ordered.testing else ""
    said = comment(f"Each point: {axes[0]}, {axes[1]}, {target}{place}{test}")
    if ordered.beside:
        labels = {} if network.regression else {"converters": _GREEN, "encoding": '"utf-8"'}
        read = call("np.loadtxt", f'"{POINTS_FILE}"', delimiter='","', skiprows="1", **labels)
        return [*said, *laid_out(read, "points = ")]
    targets = ordered.points.values if network.regression else ordered.points.labels
    rows = [f"[{x1:.6g}, {x2:.6g}, {y:.6g}]" for (x1, x2), y in zip(ordered.points.xy, targets, strict=True)]
    return [*said, "points = np.array([", *packed(rows), "], dtype=float)"]


def input_lines(network: NetworkSpec, ordered: Ordered) -> list[str]:
    """Inputs and targets, for training and for the test."""
    classes = network.head == "softmax"
    y = "keras.utils.to_categorical(points[:, 2], 2)" if classes else "points[:, 2:]"
    lines = [
        "# Inputs and what they should give",
        f"x, y = points[:, :2], {y}",
        *_scaling_lines(network, ordered),
        *_feature_lines(network),
    ]
    if ordered.testing:
        count = ordered.training
        lines += [f"x_train, y_train = x[:{count}], y[:{count}]", f"x_test, y_test = x[{count}:], y[{count}:]"]
    return lines


def _scaling_lines(network: NetworkSpec, ordered: Ordered) -> list[str]:
    """x1 and x2 scaled by what the training points are like."""
    if network.scaling == "none":
        return []
    train = f"x[:{ordered.training}]" if ordered.testing else "x"
    if network.scaling == "range":
        lines = [
            "# Scaled so that training points lie between -1 and 1",
            f"low, high = {train}.min(axis=0), {train}.max(axis=0)",
            "shift, spread = (low + high) / 2, (high - low) / 2",
        ]
    else:
        lines = [
            "# Scaled so that training points have mean 0 and standard deviation 1",
            f"shift, spread = {train}.mean(axis=0), {train}.std(axis=0)",
        ]
    if (np.ptp(ordered.points.xy[: ordered.training], axis=0) == 0.0).any():
        lines.append("spread[spread == 0] = 1")
    return [*lines, "x = (x - shift) / spread"]


def _feature_lines(network: NetworkSpec) -> list[str]:
    """The network's inputs, where they are not just x1 and x2."""
    if network.features == _PLAIN:
        return []
    terms = [
        FEATURES[key].make(_Term("x1"), _Term("x2"), lambda term: _Term(f"np.sin({term})")) for key in network.features
    ]
    return ["# What the network gets to see of x1 and x2", "x1, x2 = x.T", f"x = np.column_stack([{', '.join(terms)}])"]
