"""Commands to the training process and events from it: frozen structs, pickled over one pipe."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec

Float32Array = NDArray[np.float32]
Extent = tuple[float, float, float, float]


# Commands -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Configure:
    """Build a network anew, with its initial weights; frames carry ``run`` so that older ones can be told apart."""

    run: int
    network: NetworkSpec
    training: TrainingSpec
    points: Points


@dataclass(frozen=True, slots=True)
class Run:
    """Train until told otherwise, at most ``epochs_per_second`` (0 is as fast as possible)."""

    epochs_per_second: float = 0.0


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop after the current chunk, in mid-epoch if need be; the next Run or step goes on from there."""


@dataclass(frozen=True, slots=True)
class StepEpoch:
    """Train to the end of ``count`` epochs, then pause. Steps that come faster than they can be taken add up."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class StepBatch:
    """Train ``count`` batches, then pause. Steps that come faster than they can be taken add up."""

    count: int = 1


@dataclass(frozen=True, slots=True)
class Reset:
    """Back to epoch 0; the same initial weights unless another seed is given, which is then kept."""

    run: int
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class SetPoints:
    """Other points; training goes on with the weights it has, and begins the epoch under way again."""

    points: Points


@dataclass(frozen=True, slots=True)
class SetTraining:
    """Other settings for a network in training: learning rate, batch size, patience, epochs and so on.

    A changed learning rate does not recompile. Another optimizer, or another setting of it than the learning rate,
    starts with a fresh state. Weights are kept. The seed is only used at the next reset.
    """

    training: TrainingSpec


@dataclass(frozen=True, slots=True)
class SetRegularisation:
    """Other strengths of L1 and L2, without recompiling; weights are kept."""

    l1: float
    l2: float


@dataclass(frozen=True, slots=True)
class SetView:
    """What frames show.

    Attributes:
        extent: x1 from, x1 to, x2 from, x2 to.
        samples: the boundary is samples x samples, at pixel centres of the extent.
        neuron_samples: each hidden neuron's heatmap is this square; 0 is none.
    """

    extent: Extent = (-6.0, 6.0, -6.0, 6.0)
    samples: int = 200
    neuron_samples: int = 0


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Frame ``number`` was drawn; the next one may come."""

    number: int


@dataclass(frozen=True, slots=True)
class SaveModel:
    """Write the model as a ``.keras`` file, atomically; answered by Saved or Failed."""

    path: str


@dataclass(frozen=True, slots=True)
class ShutDown:
    """End the process."""


Command = (
    Configure
    | Run
    | Pause
    | StepEpoch
    | StepBatch
    | Reset
    | SetPoints
    | SetTraining
    | SetRegularisation
    | SetView
    | Acknowledge
    | SaveModel
    | ShutDown
)


# Events -------------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Ready:
    """TensorFlow is loaded; commands are taken."""

    tensorflow: str
    keras: str
    load_seconds: float


@dataclass(frozen=True, slots=True)
class Metrics:
    """Loss and accuracy on all training and all test points, with the weights at the end of an epoch.

    The loss includes regularisation, as Keras reports it. NaN where there is no such point.
    """

    epoch: int
    loss: float
    accuracy: float
    test_loss: float
    test_accuracy: float


@dataclass(frozen=True, slots=True)
class Frame:
    """What the window draws.

    Attributes:
        run: of the Configure or Reset it belongs to.
        number: to acknowledge.
        epoch, batch: epochs completed, and batches of the epoch under way.
        state: "running", "paused", "stopped" (early stopping or the last epoch) or "failed" (not finite).
        reason: why it stopped or failed, or what it lacks while it is paused ("All points are red: ..."), a sentence
            for people; "" otherwise. A run that was begun goes on as soon as the points allow it.
        compiled: False while XLA is still compiling and steps are slow.
        epochs_per_second: measured over the last second or so; 0 unless it is running.
        metrics: with the present weights.
        history: epochs completed since the frame before, shape (k, 5): the fields of Metrics in order; thinned where
            there are very many.
        weights: kernel and bias of each Dense layer, in order.
        boundary: probability of green, shape (samples, samples); [i, j] is x2 row i from below, x1 column j.
        neurons: outputs of each hidden layer's neurons, shape (units, s, s) each; empty unless asked for.
        extent: what boundary and neurons cover.
        test_indices: which of the points are test points, by their index in the points last sent.
        learning_rate: in force.
    """

    run: int
    number: int
    epoch: int
    batch: int
    state: str
    reason: str
    compiled: bool
    epochs_per_second: float
    metrics: Metrics
    history: NDArray[np.float64]
    weights: tuple[Float32Array, ...]
    boundary: Float32Array
    neurons: tuple[Float32Array, ...]
    extent: Extent
    test_indices: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    learning_rate: float = 0.0


@dataclass(frozen=True, slots=True)
class Saved:
    """A file was written."""

    path: str


@dataclass(frozen=True, slots=True)
class Failed:
    """A command could not be carried out; the process goes on, unless it could not even start.

    Attributes:
        what: the command's class name; "Start" or "Compile" where it was no command.
        message: for people: what was wrong, and what to do.
    """

    what: str
    message: str


Event = Ready | Frame | Saved | Failed
