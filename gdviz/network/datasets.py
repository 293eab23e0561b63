"""Generated data sets, by key: the same samples, noise and seed give the same points."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.declared.parameter import Parameter
from gdviz.network import generators
from gdviz.network.generators import BOX, HOURS, SCALE, Extent, Generator, Rule, spread_over
from gdviz.network.points import GREEN, RED, Points, labels_of


@dataclass(frozen=True, slots=True)
class DataSet:
    """A generated data set.

    Attributes:
        key: what the command line and files call it.
        title: what a person calls it.
        meaning: what it shows, in one sentence.
        generate: draws the points of one label.
        default_samples, default_noise: what is taken when nothing is said.
        reach: how far a point strays at noise 1, in units of the axes; in regression, a value in its own unit.
        flips: noise swaps this share of the labels instead of moving points.
        axes: names of x1 and x2.
        extent: x1 from, x1 to, x2 from, x2 to; all points are inside.
        rule: what the values follow; None where there are only labels.
        value_axis: what a value means.
        value_range: the lowest and the highest value there can be; a label is green above the middle.
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
    rule: Rule | None = None
    value_axis: str = "value"
    value_range: tuple[float, float] = (0.0, 1.0)

    @property
    def regression(self) -> bool:
        """Whether its points have values to learn, rather than labels alone."""
        return self.rule is not None

    @property
    def samples(self) -> Parameter:
        """How many points can be asked for."""
        return Parameter("samples", self.default_samples, "number of points", "integer", minimum=2, maximum=5000)

    @property
    def noise(self) -> Parameter:
        """How much noise can be asked for."""
        strays = "how far values stray" if self.regression else "how far points stray"
        meaning = "share of points with the wrong colour" if self.flips else strays
        return Parameter("noise", self.default_noise, meaning, minimum=0.0, maximum=0.5)

    def make(self, samples: int | None = None, noise: float | None = None, seed: int = 0) -> Points:
        """Points in random order.

        Half of them are red and half green (of an odd number, one more is green); in regression, the value decides.

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
        labels, values = np.repeat((RED, GREEN), (count // 2, count - count // 2)), None
        xy = np.concatenate([self.generate(rng, int((labels == label).sum()), label) for label in (RED, GREEN)])
        if self.rule:
            values = np.clip(self.rule(xy) + rng.uniform(-self.reach, self.reach, count) * strength, *self.value_range)
            labels = labels_of(values, self.value_range)
        elif self.flips:
            labels = _flipped(rng, labels, strength)
        else:
            xy = xy + rng.uniform(-self.reach, self.reach, xy.shape) * strength
        left, right, below, above = self.extent
        order = rng.permutation(count)
        return Points.of(
            np.clip(xy, (left, below), (right, above))[order],
            labels[order],
            None if values is None else values[order],
        )


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


_DURATION, _PREPARATION = "duration of the presentation (h)", "preparation (h)"

DATASETS: dict[str, DataSet] = {
    entry.key: entry
    for entry in (
        DataSet("circle", "Circle", "a disc of green within a ring of red", generators.circle),
        DataSet("xor", "XOR", "green where both inputs have the same sign: no line divides it", generators.xor),
        DataSet("gaussians", "Two clouds", "two clouds, divided by a line", generators.gaussians),
        DataSet("spiral", "Spiral", "two arms, the hardest of these", generators.spiral, reach=1.0),
        DataSet("moons", "Moons", "two half moons that reach into each other", generators.moons, default_noise=0.1),
        DataSet(
            "checkerboard",
            "Checkerboard",
            "4 by 4 fields in turn",
            generators.checkerboard,
            default_samples=500,
            reach=1.0,
        ),
        DataSet("linear", "Line", "a line divides it: one neuron is enough", generators.linear, reach=3.0),
        DataSet(
            "e_portfolio",
            "E-portfolio",
            "which presentations earn a good grade (green), from their duration and preparation",
            generators.e_portfolio,
            default_samples=200,
            default_noise=0.1,
            reach=3.0,
            axes=(_DURATION, _PREPARATION),
            extent=HOURS,
        ),
        DataSet(
            "overfit",
            "Overfitting",
            "few points, many of the wrong colour: a large network learns them by heart",
            generators.linear,
            default_samples=40,
            default_noise=0.25,
            flips=True,
        ),
        DataSet(
            "plane",
            "Plane (values)",
            "values on a slope: one linear neuron is enough",
            spread_over(BOX),
            reach=1.0,
            rule=generators.plane,
            value_range=(-1.0, 1.0),
        ),
        DataSet(
            "bumps",
            "Bumps (values)",
            "values of three hills and three hollows: hidden neurons are needed",
            spread_over(BOX),
            default_samples=500,
            reach=1.0,
            rule=generators.bumps,
            value_range=(-1.0, 1.0),
        ),
        DataSet(
            "grade",
            "Grade (values)",
            "which grade, 1 to 6, a presentation earns, from its preparation and duration",
            spread_over(HOURS),
            default_noise=0.1,
            reach=5.0,
            axes=(_PREPARATION, _DURATION),
            extent=HOURS,
            rule=generators.grade,
            value_axis="grade (6 is best)",
            value_range=(1.0, 6.0),
        ),
    )
}
