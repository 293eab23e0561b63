"""What a network gets to see of a point: x1 and x2 scaled, and features made of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

Array = Any
"""A NumPy array or a TensorFlow tensor: the same formula serves both."""

Sine = Callable[[Array], Array]


@dataclass(frozen=True, slots=True)
class Feature:
    """One input of the network.

    Attributes:
        key: what files and the command line call it.
        title: what a person reads.
        make: its value from x1, x2 and a sine.
    """

    key: str
    title: str
    make: Callable[[Array, Array, Sine], Array]


FEATURES: dict[str, Feature] = {
    feature.key: feature
    for feature in (
        Feature("x1", "x1", lambda x1, x2, sine: x1),
        Feature("x2", "x2", lambda x1, x2, sine: x2),
        Feature("x1_squared", "x1²", lambda x1, x2, sine: x1 * x1),
        Feature("x2_squared", "x2²", lambda x1, x2, sine: x2 * x2),
        Feature("x1_x2", "x1·x2", lambda x1, x2, sine: x1 * x2),
        Feature("sin_x1", "sin x1", lambda x1, x2, sine: sine(x1)),
        Feature("sin_x2", "sin x2", lambda x1, x2, sine: sine(x2)),
    )
}


@dataclass(frozen=True, slots=True)
class Scaling:
    """x becomes (x - shift) * factor, for x1 and x2 each."""

    shift: tuple[float, float] = (0.0, 0.0)
    factor: tuple[float, float] = (1.0, 1.0)

    @classmethod
    def of(cls, kind: str, xy: NDArray[np.float64]) -> Scaling:
        """The scaling of a kind for these training points.

        Args:
            kind: "none", "range" (their range becomes -1 ... 1) or "standard" (mean 0, standard deviation 1).
            xy: shape (n, 2); where there are none, or an input is the same for all, that input is only shifted.
        """
        if kind == "none" or not len(xy):
            return cls()
        if kind == "range":
            low, high = xy.min(axis=0), xy.max(axis=0)
            shift, spread = (low + high) / 2.0, (high - low) / 2.0
        else:
            shift, spread = xy.mean(axis=0), xy.std(axis=0)
        factor = 1.0 / np.where(spread > 0.0, spread, 1.0)
        return cls((float(shift[0]), float(shift[1])), (float(factor[0]), float(factor[1])))


def inputs_of(
    x1: Array, x2: Array, features: Sequence[str], scaling: Scaling = Scaling(), sine: Sine = np.sin
) -> list[Array]:
    """The network's inputs, one array for each feature.

    Args:
        x1: an array of any shape.
        x2: an array of the same shape.
        features: keys of ``FEATURES``.
        scaling: applied first.
        sine: of the arrays' own library.
    """
    x1 = (x1 - scaling.shift[0]) * scaling.factor[0]
    x2 = (x2 - scaling.shift[1]) * scaling.factor[1]
    return [FEATURES[key].make(x1, x2, sine) for key in features]
