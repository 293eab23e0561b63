"""Generated data sets, by key: the same samples, noise and seed give the same points."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.declared.parameter import Parameter
from gdviz.network.points import GREEN, RED, Points

FloatArray = NDArray[np.float64]
Extent = tuple[float, float, float, float]
BoolArray = NDArray[np.bool_]
Generator = Callable[[np.random.Generator, int, int], FloatArray]
"""Draws points of one label without noise: (random numbers, how many, label) -> shape (n, 2)."""

BOX: Extent = (-6.0, 6.0, -6.0, 6.0)
SCALE = 5.0


@dataclass(frozen=True, slots=True)
class DataSet:
    """A generated data set.

    Attributes:
        key: what the command line and files call it.
        title: what a person calls it.
        meaning: what it shows, in one sentence.
        generate: draws the points of one label.
        default_samples, default_noise: what is taken when nothing is said.
        reach: how far a point strays at noise 1, in units of the axes.
        flips: noise swaps this share of the labels instead of moving points.
        axes: names of x1 and x2.
        extent: x1 from, x1 to, x2 from, x2 to; all points are inside.
    """

    key: str
    title: str
    meaning: str
    generate: Generator
    default_samples: int = 250
    default_noise: float = 0.0
    reach: float = SCALE
    flips: bool = False
    axes: tuple[str, str] = ("x1", "x2")
    extent: Extent = BOX

    @property
    def samples(self) -> Parameter:
        """How many points can be asked for."""
        return Parameter("samples", self.default_samples, "number of points", "integer", minimum=2, maximum=5000)

    @property
    def noise(self) -> Parameter:
        """How much noise can be asked for."""
        meaning = "share of points with the wrong colour" if self.flips else "how far points stray"
        return Parameter("noise", self.default_noise, meaning, minimum=0.0, maximum=0.5)

    def make(self, samples: int | None = None, noise: float | None = None, seed: int = 0) -> Points:
        """Points in random order, half of them red and half green (of an odd number, one more is green).

        Args:
            samples: 2 to 5000; None is the default.
            noise: 0 to 0.5; None is the default.
            seed: at least 0; other seeds give other points.

        Raises:
            ValueError: what was wrong, and what is allowed.
        """
        count = int(self.samples.check(self.default_samples if samples is None else samples))
        strength = float(self.noise.check(self.default_noise if noise is None else noise))
        rng = np.random.default_rng(int(_SEED.check(seed)))
        labels = np.repeat((RED, GREEN), (count // 2, count - count // 2))
        xy = np.concatenate([self.generate(rng, int((labels == label).sum()), label) for label in (RED, GREEN)])
        if self.flips:
            labels = _flipped(rng, labels, strength)
        else:
            xy = xy + rng.uniform(-self.reach, self.reach, xy.shape) * strength
        left, right, below, above = self.extent
        order = rng.permutation(count)
        return Points.of(np.clip(xy, (left, below), (right, above))[order], labels[order])


_SEED = Parameter("seed", 0, "decides all random numbers", "integer", minimum=0, maximum=2**31 - 1)


def dataset(key: str) -> DataSet:
    """A data set by key; ValueError, with the keys there are, where it is unknown."""
    try:
        return DATASETS[key]
    except KeyError:
        raise ValueError(f"there is no data set {key!r}; there are {', '.join(DATASETS)}") from None


def _flipped(rng: np.random.Generator, labels: NDArray[np.int64], share: float) -> NDArray[np.int64]:
    """The labels with the same number of red and green ones swapped, so that they stay balanced."""
    flipped = labels.copy()
    for label in (RED, GREEN):
        members = np.flatnonzero(labels == label)
        swapped = rng.choice(members, round(share * (len(labels) // 2)), replace=False)
        flipped[swapped] = RED + GREEN - label
    return flipped


def _sampled(
    rng: np.random.Generator, count: int, extent: Extent, accept: Callable[[FloatArray], BoolArray]
) -> FloatArray:
    """Points spread evenly over the part of the extent that is accepted, shape (count, 2)."""
    left, right, below, above = extent
    found = np.empty((0, 2))
    while len(found) < count:
        candidates = rng.uniform((left, below), (right, above), (2 * count + 8, 2))
        found = np.concatenate([found, candidates[accept(candidates)]])
    return found[:count]


def _polar(radius: FloatArray, angle: FloatArray) -> FloatArray:
    return np.column_stack([radius * np.sin(angle), radius * np.cos(angle)])


def _circle(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    near, far = (0.0, 0.5) if label == GREEN else (0.7, 1.0)
    return _polar(rng.uniform(near * SCALE, far * SCALE, count), rng.uniform(0.0, 2.0 * math.pi, count))


def _xor(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    padding = 0.3
    size = rng.uniform(padding, SCALE + padding, (count, 2))
    side = rng.choice((-1.0, 1.0), count)
    signs: FloatArray = np.column_stack([side, side if label == GREEN else -side])
    return size * signs


def _gaussians(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    centre = 2.0 if label == GREEN else -2.0
    return rng.normal(centre, math.sqrt(0.5), (count, 2))


def _spiral(_: np.random.Generator, count: int, label: int) -> FloatArray:
    share = np.arange(count) / count
    return _polar(SCALE * share, 1.75 * share * 2.0 * math.pi + (0.0 if label == GREEN else math.pi))


def _moons(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    angle = rng.uniform(0.0, math.pi, count)
    moon: FloatArray = np.column_stack([np.cos(angle) - 0.5, np.sin(angle) - 0.25])
    return 3.0 * (moon if label == GREEN else -moon)


def _checkerboard(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    cell = 3.0
    return _sampled(rng, count, BOX, lambda xy: np.floor(xy / cell).sum(axis=1) % 2 == label)


def _linear(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    sign, margin = (1.0 if label == GREEN else -1.0), 0.4
    return _sampled(rng, count, (-SCALE, SCALE, -SCALE, SCALE), lambda xy: sign * (xy[:, 1] - 0.5 * xy[:, 0]) > margin)


_HOURS: Extent = (0.0, 6.0, 0.0, 6.0)


def _e_portfolio(rng: np.random.Generator, count: int, label: int) -> FloatArray:
    """Good is what was prepared well and is neither too short nor too long: a perceptron alone cannot say that."""

    def accepted(hours: FloatArray) -> BoolArray:
        duration, preparation = hours.T
        surplus: FloatArray = preparation - (1.5 + 0.4 * (duration - 3.0) ** 2)
        return surplus > 0.2 if label == GREEN else surplus < -0.2

    return _sampled(rng, count, _HOURS, accepted)


DATASETS: dict[str, DataSet] = {
    entry.key: entry
    for entry in (
        DataSet("circle", "Circle", "a disc of green within a ring of red", _circle),
        DataSet("xor", "XOR", "green where both inputs have the same sign: no line divides it", _xor),
        DataSet("gaussians", "Two clouds", "two clouds, divided by a line", _gaussians),
        DataSet("spiral", "Spiral", "two arms, the hardest of these", _spiral, reach=1.0),
        DataSet("moons", "Moons", "two half moons that reach into each other", _moons, default_noise=0.1),
        DataSet("checkerboard", "Checkerboard", "4 by 4 fields in turn", _checkerboard, default_samples=500, reach=1.0),
        DataSet("linear", "Line", "a line divides it: one neuron is enough", _linear, reach=3.0),
        DataSet(
            "e_portfolio",
            "E-portfolio",
            "which presentations earn a good grade (green), from their duration and preparation",
            _e_portfolio,
            default_samples=200,
            default_noise=0.1,
            reach=3.0,
            axes=("duration of the presentation (h)", "preparation (h)"),
            extent=_HOURS,
        ),
        DataSet(
            "overfit",
            "Overfitting",
            "few points, many of the wrong colour: a large network learns them by heart",
            _linear,
            default_samples=40,
            default_noise=0.25,
            flips=True,
        ),
    )
}
