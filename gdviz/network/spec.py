"""What is trained and how: architecture and training, as specs."""

from __future__ import annotations

import msgspec

from gdviz.declared.optimizers import OptimizerSpec

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
    "hinge": "Hinge",
}
HEADS: dict[str, str] = {"sigmoid": "Sigmoid, one output", "softmax": "Softmax, two outputs"}
HEAD_LOSSES: dict[str, tuple[str, ...]] = {
    "sigmoid": ("binary_crossentropy", "mean_squared_error", "hinge"),
    "softmax": ("categorical_crossentropy", "mean_squared_error", "hinge"),
}

MAX_LAYERS = 8
MAX_UNITS = 64


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
        head: "sigmoid" (one output, the probability of green) or "softmax" (two outputs, red and green).
        initializer: of the output layer's weights.
        l1, l2: strength of the regularisation of all weights (not biases).
    """

    hidden: tuple[Layer, ...] = (Layer(8), Layer(8))
    head: str = "sigmoid"
    initializer: str = "glorot_uniform"
    l1: float = 0.0
    l2: float = 0.0


class TrainingSpec(msgspec.Struct, frozen=True):
    """How the network is trained.

    Attributes:
        optimizer: one of those that Keras has, with its settings.
        loss: a key of ``LOSSES`` that fits the head; "" is the head's first one.
        batch_size: points a step; the last batch of an epoch may be smaller.
        test_fraction: share of the points kept apart for the test.
        patience: epochs without a better test loss (training loss where there is no test set) after which training
            stops and the best weights come back; 0 is off.
        epochs: where training stops by itself; 0 is never.
        seed: decides initial weights, test split, shuffles and dropout.
    """

    optimizer: OptimizerSpec = OptimizerSpec("adam", {"learning_rate": 0.01})
    loss: str = ""
    batch_size: int = 10
    test_fraction: float = 0.2
    patience: int = 0
    epochs: int = 0
    seed: int = 7
