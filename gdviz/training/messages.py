"""Commands to the training process and events from it: frozen structs, pickled over one pipe."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from gdviz.network.features import Scaling
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec

Float32Array = NDArray[np.float32]
BoolArray = NDArray[np.bool_]
Extent = tuple[float, float, float, float]


# Commands -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Configure:
    """Build a network anew; frames carry ``run`` so that older ones can be told apart.

    Attributes:
        weights: kernel and bias of each Dense layer, in order, to begin with, as a loaded model has them; None for
            initial weights drawn from the seed. A reset comes back to them.
        scaling: of the inputs, as a loaded model has it; None takes it from the training points.
        seed: weights and scaling are those of this seed, others draw their own; None is the seed of the training.
    """

    run: int
    network: NetworkSpec
    training: TrainingSpec
    points: Points
    weights: tuple[Float32Array, ...] | None = None
    scaling: Scaling | None = None
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Train until told otherwise, at most ``epochs_per_second`` (0 is as fast as possible).

    ``abreast``: at equal epochs with the other seats that are told so; the faster ones wait for the slower ones.
    ``until``: pause at the end of this epoch; 0 is never.
    """

    epochs_per_second: float = 0.0
    abreast: bool = False
    until: int = 0


@dataclass(frozen=True, slots=True)
class Pause:
    """Stop after the current chunk, in mid-epoch if need be; the next Run or step goes on from there.

    Seats that train abreast come to one epoch first.
    """


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
class SetNetwork:
    """Other strengths of L1 and L2, other shares of dropout; weights are kept. Anything else takes a Configure."""

    network: NetworkSpec


@dataclass(frozen=True, slots=True)
class SetWeight:
    """Change one weight or bias; training goes on from there.

    Attributes:
        tensor: index into ``Frame.weights``.
        place: (input, neuron) in a kernel, (neuron,) in a bias.
        value: finite.
    """

    tensor: int
    place: tuple[int, ...]
    value: float


@dataclass(frozen=True, slots=True)
class SetQuestions:
    """Points that the network is asked about, shape (q, 2); every frame answers."""

    xy: NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class SetProbe:
    """The point whose way through the network every frame explains.

    Attributes:
        xy: x1 and x2; None explains none.
        target: what its output should be: 0 or 1, or its value in regression.
    """

    xy: tuple[float, float] | None
    target: float = 1.0


@dataclass(frozen=True, slots=True)
class GoTo:
    """Show a kept epoch, the newest one that is not later, and pause.

    Its weights are those of then; points and settings stay as they are. Training goes on from there if it is told to,
    and leads to the very same weights as the first time where nothing was changed; until then the later ones are kept,
    too.
    """

    epoch: int


@dataclass(frozen=True, slots=True)
class SetView:
    """What frames show.

    Attributes:
        extent: x1 from, x1 to, x2 from, x2 to.
        samples: the boundary is samples x samples, at pixel centres of the extent.
        neuron_samples: each hidden neuron's heatmap is this square; 0 is none.
        hidden_layer: the hidden layer, from 0, whose outputs for all points frames carry; -1 is none.
    """

    extent: Extent = (-6.0, 6.0, -6.0, 6.0)
    samples: int = 200
    neuron_samples: int = 0
    hidden_layer: int = -1


@dataclass(frozen=True, slots=True)
class Acknowledge:
    """Frame ``number`` is about to be drawn; the next one may come."""

    number: int


@dataclass(frozen=True, slots=True)
class SaveModel:
    """Write the model as a ``.keras`` file, atomically; answered by Saved or Failed."""

    path: str


@dataclass(frozen=True, slots=True)
class LoadModel:
    """Read a ``.keras`` file; answered by Loaded or Failed. Nothing else changes."""

    path: str


@dataclass(frozen=True, slots=True)
class Leave:
    """Forget a seat's network."""


@dataclass(frozen=True, slots=True)
class At:
    """A command for one of several networks that are trained side by side; a bare command is for seat 0."""

    seat: int
    command: Command


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
    | SetNetwork
    | SetWeight
    | SetQuestions
    | SetProbe
    | SetView
    | GoTo
    | Acknowledge
    | SaveModel
    | LoadModel
    | Leave
    | At
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
class Explanation:
    """A point's way through the network and back: what Keras computes, and ``tf.GradientTape`` of its loss.

    Attributes:
        xy, target: of the SetProbe.
        inputs: the features, scaled, shape (features,).
        sums: of each Dense layer, before the activation, shape (units,) each.
        outputs: of each Dense layer, shape (units,) each; the last one is the network's.
        loss: of this point alone, without regularisation.
        d_inputs: dJ/d of the inputs, shape (features,).
        d_sums, d_outputs: dJ/d of each, in the same shapes.
        d_weights: dJ/d of kernel and bias of each Dense layer, in the shapes of ``Frame.weights``.
    """

    xy: tuple[float, float]
    target: float
    inputs: Float32Array
    sums: tuple[Float32Array, ...]
    outputs: tuple[Float32Array, ...]
    loss: float
    d_inputs: Float32Array
    d_sums: tuple[Float32Array, ...]
    d_outputs: tuple[Float32Array, ...]
    d_weights: tuple[Float32Array, ...]


def _none(shape: tuple[int, ...] = (0,)) -> Float32Array:
    return np.empty(shape, np.float32)


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
            there are very many. Where an epoch is told again, training went on from an earlier one: what was told of it
            and of later ones is over.
        weights: kernel and bias of each Dense layer, in order.
        boundary: probability of green, shape (samples, samples); [i, j] is x2 row i from below, x1 column j.
        neurons: outputs of each hidden layer's neurons, shape (units, s, s) each; empty unless asked for.
        extent: what boundary and neurons cover.
        test_indices: which of the points are test points, by their index in the points last sent.
        learning_rate: in force, the schedule included.
        seat: whose frame it is.
        steps: of the optimizer since it began.
        gradients: dJ/dw over all training points with the present weights, regularisation included, in the shapes of
            ``weights``.
        predictions: the network's output for each of the points: probability of green, or value; shape (n,).
        answers: the same for the questions, shape (q,).
        explanation: of the probe; None where there is none.
        dark: for each hidden layer, shape (units,), the neurons that dropout silenced for the first point of the last
            step's batch; none are, unless it has dropout and trained.
        flat: for each hidden layer, shape (units,), the neurons whose output is the same for all training points.
        hidden: outputs of ``SetView.hidden_layer`` for each of the points, shape (n, units).
        scaling: of the inputs, as it was at the start of the run.
        kept: epochs that GoTo can show, in order. The last one is the newest epoch there is: after GoTo that is later
            than ``epoch``, until training goes on.
        best_epoch: the epoch whose weights early stopping keeps as the best; -1 while patience is off or before the
            first.
        restored: the epoch whose weights these are, where early stopping has brought back the best of an earlier one
            than ``epoch``; otherwise -1.
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
    seat: int = 0
    steps: int = 0
    gradients: tuple[Float32Array, ...] = ()
    predictions: Float32Array = field(default_factory=_none)
    answers: Float32Array = field(default_factory=_none)
    explanation: Explanation | None = None
    dark: tuple[BoolArray, ...] = ()
    flat: tuple[BoolArray, ...] = ()
    hidden: Float32Array = field(default_factory=lambda: _none((0, 0)))
    scaling: Scaling = field(default_factory=Scaling)
    kept: NDArray[np.int64] = field(default_factory=lambda: np.empty(0, np.int64))
    best_epoch: int = -1
    restored: int = -1


@dataclass(frozen=True, slots=True)
class Saved:
    """A file was written."""

    path: str
    seat: int = 0


@dataclass(frozen=True, slots=True)
class Loaded:
    """A model was read: what a Configure takes to go on with it.

    Attributes:
        training: its optimizer and loss where the file has them, otherwise None; all else of it is as usual.
    """

    path: str
    network: NetworkSpec
    training: TrainingSpec | None
    weights: tuple[Float32Array, ...]
    seat: int = 0
    scaling: Scaling = field(default_factory=Scaling)


@dataclass(frozen=True, slots=True)
class Failed:
    """A command could not be carried out; the process goes on, unless it could not even start.

    Attributes:
        what: the command's class name; "Start" or "Compile" where it was no command.
        message: for people: what was wrong, and what to do.
    """

    what: str
    message: str
    seat: int = 0


Event = Ready | Frame | Saved | Loaded | Failed
