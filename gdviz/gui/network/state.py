"""What tab 2 is set to: one frozen struct, and the point edits that can be taken back."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from gdviz.network.datasets import dataset
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.training.messages import Extent

EXTENT: Extent = (-6.0, 6.0, -6.0, 6.0)
"""What the canvas covers unless points lie farther out."""

AXES = ("x1", "x2")
MOST_STROKES = 200


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
        return Painted(entry.make(self.samples, self.noise, self.seed), entry.extent, entry.axes, self)


@dataclass(frozen=True, slots=True)
class NetworkState:
    """Everything of tab 2 that training depends on.

    Attributes:
        points: what is trained on.
        network, training: the architecture, and how it is trained.
        extent: what the canvas covers; every point lies within.
        axes: what x1 and x2 mean.
        source: the data set that the points began as; None for those painted or read from a file.
    """

    points: Points = field(default_factory=Points)
    network: NetworkSpec = field(default_factory=NetworkSpec)
    training: TrainingSpec = field(default_factory=TrainingSpec)
    extent: Extent = EXTENT
    axes: tuple[str, str] = AXES
    source: Source | None = None

    @property
    def painted(self) -> Painted:
        """The part that undo brings back."""
        return Painted(self.points, self.extent, self.axes, self.source)


@dataclass(frozen=True, slots=True)
class Painted:
    """What undo brings back: points, and the canvas they were painted on."""

    points: Points
    extent: Extent = EXTENT
    axes: tuple[str, str] = AXES
    source: Source | None = None


class Journal:
    """Point edits by stroke: a drag is one step back, however many points it sprayed."""

    def __init__(self) -> None:
        self._past: list[Painted] = []
        self._future: list[Painted] = []

    @property
    def can_undo(self) -> bool:
        """Whether there is an edit to take back."""
        return bool(self._past)

    @property
    def can_redo(self) -> bool:
        """Whether there is an edit to make again."""
        return bool(self._future)

    def edited(self, before: Painted) -> None:
        """An edit is complete; before is what it started from. The oldest of very many are forgotten."""
        self._past = [*self._past[1 - MOST_STROKES :], before]
        self._future = []

    def undo(self, now: Painted) -> Painted:
        """What was before the last edit; now itself where there is none."""
        if not self._past:
            return now
        self._future.append(now)
        return self._past.pop()

    def redo(self, now: Painted) -> Painted:
        """What was after the edit taken back last; now itself where there is none."""
        if not self._future:
            return now
        self._past.append(now)
        return self._future.pop()
