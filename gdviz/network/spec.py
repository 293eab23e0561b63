"""What is trained and how: architecture and training, as specs."""

from __future__ import annotations

import msgspec

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.parameter import Parameter
from gdviz.declared.schedules import ScheduleSpec
from gdviz.network.features import FEATURES
from gdviz.network.points import Points

ACTIVATIONS: dict[str, str] = {
    "linear": "Linear",
    "relu": "ReLU",
    "leaky_relu": "Leaky ReLU",
    "elu": "ELU",
    "selu": "SELU",
    "sigmoid": "Sigmoid",
    "tanh": "Tanh",
    "softplus": "Softplus",
    "softsign": "Softsign",
    "swish": "Swish",
    "gelu": "GELU",
    "mish": "Mish",
    "hard_sigmoid": "Hard sigmoid",
    "exponential": "Exponential",
}
INITIALIZERS: dict[str, str] = {
    "glorot_uniform": "Glorot uniform",
    "glorot_normal": "Glorot normal",
    "he_uniform": "He uniform",
    "he_normal": "He normal",
    "lecun_uniform": "LeCun uniform",
    "lecun_normal": "LeCun normal",
    "random_uniform": "Random uniform",
    "random_normal": "Random normal",
    "zeros": "Zeros",
    "ones": "Ones",
}
LOSSES: dict[str, str] = {
    "binary_crossentropy": "Binary cross-entropy",
    "categorical_crossentropy": "Categorical cross-entropy",
    "mean_squared_error": "Mean squared error",
    "mean_absolute_error": "Mean absolute error",
    "huber": "Huber",
    "hinge": "Hinge",
}
HEADS: dict[str, str] = {
    "sigmoid": "Sigmoid, one output",
    "softmax": "Softmax, two outputs",
    "linear": "Linear, for values",
}
HEAD_LOSSES: dict[str, tuple[str, ...]] = {
    "sigmoid": ("binary_crossentropy", "mean_squared_error", "hinge"),
    "softmax": ("categorical_crossentropy", "mean_squared_error", "hinge"),
    "linear": ("mean_squared_error", "mean_absolute_error", "huber"),
}
SCALINGS: dict[str, str] = {
    "none": "As they are",
    "range": "To -1 ... 1",
    "standard": "To mean 0, deviation 1",
}

MAX_LAYERS = 8
MAX_UNITS = 64
MAX_SEED = 2**31 - 1


def _strength(name: str, meaning: str) -> Parameter:
    return Parameter(name, 0.0, meaning, minimum=0.0, logarithmic=True)


def _count(name: str, default: int, meaning: str, words: str = "") -> Parameter:
    return Parameter(name, default, meaning, "integer", minimum=0, maximum=1_000_000_000, words=words)


PARAMETERS: dict[str, Parameter] = {
    parameter.name: parameter
    for parameter in (
        Parameter("units", 4, "neurons of the layer", "integer", minimum=1, maximum=MAX_UNITS),
        Parameter("activation", "tanh", "what each neuron makes of its sum", "choice", choices=tuple(ACTIVATIONS)),
        Parameter("dropout", 0.0, "share of neurons silent in a step", minimum=0.0, maximum=1.0, open_maximum=True),
        Parameter(
            "initializer", "glorot_uniform", "how initial weights are drawn", "choice", choices=tuple(INITIALIZERS)
        ),
        Parameter("head", "sigmoid", "the output layer", "choice", choices=tuple(HEADS)),
        Parameter("scaling", "none", "what is made of x1 and x2 before all else", "choice", choices=tuple(SCALINGS)),
        _strength("l1", "pull of each weight towards zero"),
        _strength("l2", "pull in proportion to the weight"),
        _count("batch_size", 10, "points a step; 0 is all of them"),
        Parameter("test_fraction", 0.2, "share of points kept apart for the test", minimum=0.0, maximum=0.9),
        _count("patience", 0, "epochs without improvement after which training stops; 0 is off"),
        _count("epochs", 0, "where training stops by itself; 0 is never", "stop at epoch"),
        _strength("goal_loss", "training stops once the loss is as low as this; 0 is never"),
        Parameter(
            "goal_accuracy", 0.0, "training stops once the accuracy is as high; 0 is never", minimum=0.0, maximum=1.0
        ),
        Parameter("seed", 7, "decides initial weights and shuffles", "integer", minimum=0, maximum=MAX_SEED),
        Parameter("split_seed", 7, "decides which are the test points", "integer", minimum=0, maximum=MAX_SEED),
    )
}
"""What can be set on a network and its training, apart from the optimizer; by the name of the field."""


class Layer(msgspec.Struct, frozen=True):
    """One hidden layer: a Dense layer and the dropout behind it."""

    units: int = 4
    activation: str = "tanh"
    dropout: float = 0.0
    initializer: str = "glorot_uniform"


class NetworkSpec(msgspec.Struct, frozen=True):
    """The architecture: what is needed to build the model, and nothing of how it is trained.

    Attributes:
        hidden: 0 to 8 hidden layers.
        head: "sigmoid" (one output, the probability of green), "softmax" (two outputs, red and green) or "linear" (one
            output, the value: regression).
        initializer: of the output layer's weights.
        l1, l2: strength of the regularisation of all weights (not biases).
        features: keys of ``FEATURES``, what the network gets to see of x1 and x2; at least one.
        scaling: a key of ``SCALINGS``, what is made of x1 and x2 before that.
    """

    hidden: tuple[Layer, ...] = (Layer(8), Layer(8))
    head: str = "sigmoid"
    initializer: str = "glorot_uniform"
    l1: float = 0.0
    l2: float = 0.0
    features: tuple[str, ...] = ("x1", "x2")
    scaling: str = "none"

    @property
    def regression(self) -> bool:
        """Whether values are learned, rather than labels."""
        return self.head == "linear"


class TrainingSpec(msgspec.Struct, frozen=True):
    """How the network is trained.

    Attributes:
        optimizer: one of those that Keras has, with its settings.
        loss: a key of ``LOSSES`` that fits the head; "" is the head's first one.
        batch_size: points a step; the last batch of an epoch may be smaller. 0 is all points in one.
        test_fraction: share of the points kept apart for the test.
        patience: epochs without a better test loss (training loss where there is no test set) after which training
            stops and the best weights come back; 0 is off.
        epochs: where training stops by itself; 0 is never.
        seed: decides initial weights, shuffles and dropout.
        split_seed: decides which are the test points.
        schedule: of the learning rate; its steps are those of the optimizer since it began.
        goal_loss, goal_accuracy: training stops at the end of the first epoch that reaches one of them on the training
            points; 0 is off.
    """

    optimizer: OptimizerSpec = OptimizerSpec("adam", {"learning_rate": 0.01})
    loss: str = ""
    batch_size: int = 10
    test_fraction: float = 0.2
    patience: int = 0
    epochs: int = 0
    seed: int = 7
    split_seed: int = 7
    schedule: ScheduleSpec = ScheduleSpec()
    goal_loss: float = 0.0
    goal_accuracy: float = 0.0


def loss_of(network: NetworkSpec, training: TrainingSpec) -> str:
    """The loss in force: the one chosen, or the head's first one."""
    return training.loss or HEAD_LOSSES[network.head][0]


def penalties(network: NetworkSpec) -> dict[str, float]:
    """The strengths of the penalties that the loss includes, by their names: "L1", "L2"."""
    return {name: strength for name, strength in (("L1", network.l1), ("L2", network.l2)) if strength}


def lack_of(network: NetworkSpec, points: Points) -> str:
    """What training this network on these points still lacks, a sentence for people; "" where nothing does."""
    if network.regression:
        return "" if len(points) else "There are no points: some with values are needed."
    return points.lack


def check(network: NetworkSpec, training: TrainingSpec) -> None:
    """Whether Keras can train this.

    Raises:
        ValueError: what was wrong, and what is allowed.
    """
    if len(network.hidden) > MAX_LAYERS:
        raise ValueError(f"there are {len(network.hidden)} hidden layers; allowed are 0 to {MAX_LAYERS}")
    for number, layer in enumerate(network.hidden, start=1):
        try:
            _check_fields(layer, "units", "activation", "dropout", "initializer")
        except ValueError as error:
            raise ValueError(f"hidden layer {number}: {error}") from None
    _check_fields(network, "head", "initializer", "l1", "l2", "scaling")
    unknown = [key for key in network.features if key not in FEATURES]
    if unknown or not network.features or len(set(network.features)) < len(network.features):
        raise ValueError(f"features are {list(network.features)}; allowed are one or more of {', '.join(FEATURES)}")
    check_training(training)
    losses = HEAD_LOSSES[network.head]
    if loss_of(network, training) not in losses:
        raise ValueError(f"loss is {training.loss!r}; with a {network.head} head allowed is one of {', '.join(losses)}")


def check_training(training: TrainingSpec) -> None:
    """The part of ``check`` that needs no network; ValueError says what was wrong, and what is allowed."""
    if training.optimizer.declaration.keras_name is None:
        keys = ", ".join(key for key, declaration in OPTIMIZERS.items() if declaration.keras_name)
        raise ValueError(
            f"optimizer is {training.optimizer.key!r}, which Keras does not have; allowed is one of {keys}"
        )
    training.optimizer.values()
    training.schedule.values()
    fields = ("batch_size", "test_fraction", "patience", "epochs", "seed", "split_seed", "goal_loss", "goal_accuracy")
    _check_fields(training, *fields)


def _check_fields(spec: msgspec.Struct, *names: str) -> None:
    for name in names:
        PARAMETERS[name].check(getattr(spec, name))
