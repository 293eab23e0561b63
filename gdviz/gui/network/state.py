"""What tab 2 is set to, as one frozen struct."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace

from gdviz.network.datasets import dataset
from gdviz.network.features import Scaling
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.training.messages import Extent, Float32Array

EXTENT: Extent = (-6.0, 6.0, -6.0, 6.0)
"""What the canvas covers unless points lie farther out."""

Position = tuple[float, float]
AXES = ("x1", "x2")
VALUE_AXIS = "value"
VALUE_RANGE = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class Source:
    """The generated data set that points began as."""

    key: str
    samples: int
    noise: float
    seed: int = 0

    @classmethod
    def usual(cls, key: str) -> Source:
        """A data set as it is when nothing is said; ValueError where there is none of that key."""
        entry = dataset(key)
        return cls(key, entry.default_samples, entry.default_noise)

    def having(self, name: str, value: float | int | bool | str) -> Source:
        """The same data set with other samples, noise or seed."""
        match name:
            case "samples":
                return replace(self, samples=int(value))
            case "noise":
                return replace(self, noise=float(value))
            case "seed":
                return replace(self, seed=int(value))
        raise ValueError(f"a data set has no {name!r}; it has samples, noise and seed")

    def painted(self) -> Painted:
        """Its points, on its own canvas."""
        entry = dataset(self.key)
        points = entry.make(self.samples, self.noise, self.seed)
        return Painted(
            points,
            entry.extent,
            entry.axes,
            self,
            value_axis=entry.value_axis,
            value_range=entry.value_range,
            regression=entry.regression,
        )


@dataclass(frozen=True, slots=True, eq=False)
class Given:
    """Weights that a network begins with in place of those that its seed draws: from a file, or of another network.

    Attributes:
        network, seed: whose they are; any other draws its own.
        weights, scaling: as in ``Configure``.
    """

    network: NetworkSpec
    seed: int
    weights: tuple[Float32Array, ...]
    scaling: Scaling | None = None


@dataclass(frozen=True, slots=True)
class NetworkState:
    """Everything of tab 2 that training depends on.

    Attributes:
        points: what is trained on.
        network, training: the architecture, and how it is trained.
        extent: what the canvas covers; every point lies within.
        axes: what x1 and x2 mean.
        source: the data set that the points began as; None for those painted or read from a file.
        questions: places that the network is asked about, x1 and x2 each.
        value_axis: what a value means, in regression.
        value_range: the values that the two ends of the colour scale stand for, in regression.
        regression: whether the points came with values to learn, rather than labels.
        given: the initial weights that a network was given last.
    """

    points: Points = field(default_factory=Points)
    network: NetworkSpec = field(default_factory=NetworkSpec)
    training: TrainingSpec = field(default_factory=TrainingSpec)
    extent: Extent = EXTENT
    axes: tuple[str, str] = AXES
    source: Source | None = None
    questions: tuple[Position, ...] = ()
    value_axis: str = VALUE_AXIS
    value_range: tuple[float, float] = VALUE_RANGE
    regression: bool = False
    given: Given | None = None

    @property
    def painted(self) -> Painted:
        """The part that is painted."""
        return Painted(**{each.name: getattr(self, each.name) for each in fields(Painted)})


@dataclass(frozen=True, slots=True)
class Painted:
    """Points and questions, and the canvas they were painted on."""

    points: Points
    extent: Extent = EXTENT
    axes: tuple[str, str] = AXES
    source: Source | None = None
    questions: tuple[Position, ...] = ()
    value_axis: str = VALUE_AXIS
    value_range: tuple[float, float] = VALUE_RANGE
    regression: bool = False
