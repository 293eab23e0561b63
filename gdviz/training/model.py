"""Specs as Keras objects: the model, its optimizer, and the file they are saved to."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

import keras
import msgspec
import numpy as np
import tensorflow as tf

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.files import write_atomically
from gdviz.network.features import FEATURES, Scaling
from gdviz.network.spec import NetworkSpec, TrainingSpec, loss_of
from gdviz.training.messages import Float32Array

Tensor = Any  # TensorFlow has no types that mypy understands
_OFF_AT_ZERO = ("clipnorm", "clipvalue", "weight_decay")
_PLAIN = ("x1", "x2")
_ANY = "zeros"  # initial weights do not matter to what is computed with others


class LoopDropout(keras.layers.Layer):
    """Keras's dropout at a rate that can change, with the same random numbers whether the loop is compiled or not.

    XLA and TensorFlow draw different ones from the same seed, so here XLA draws them all.

    Attributes:
        rate: share of the outputs that are silenced in training; at 0 no random number is drawn.
        idle: the rate is 0 for good; a seed is drawn nevertheless, so that it does not matter who else is.
    """

    def __init__(self, seed: int, name: str) -> None:
        super().__init__(name=name)
        self.idle = False
        self.seed_generator = keras.random.SeedGenerator(seed)
        self.rate = tf.Variable(0.0, trainable=False)

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Outputs of the layer before, some of them silenced in training; shape (n, units)."""
        if not training:
            return inputs
        seed = self.seed_generator.next()
        if self.idle:
            return inputs
        silent = silenced(seed, self.rate, tuple(inputs.shape))
        return tf.where(silent, 0.0, inputs / (1.0 - self.rate))


def silenced(seed: Tensor, rate: Tensor | float, shape: tuple[int, int]) -> Tensor:
    """Which outputs a ``LoopDropout`` silences whose seed generator is in this state; shape as given."""
    folded = tf.cast(tf.math.floormod(seed, tf.int32.max - 1), tf.int32)
    return tf.cond(rate > 0.0, lambda: _uniform(shape, folded) < rate, lambda: tf.zeros(shape, tf.bool))


def bare(network: NetworkSpec) -> NetworkSpec:
    """The architecture alone: equal for networks whose computation is the same, whatever its inputs are."""
    layers = tuple(msgspec.structs.replace(layer, dropout=0.0, initializer=_ANY) for layer in network.hidden)
    return NetworkSpec(layers, network.head, _ANY, features=network.features)


class Chain:
    """The layers of a network, one behind the other, for the training loop.

    As ``keras.Sequential``, which takes three times as long to build and to call, and people wait for both after each
    change of the architecture.

    Attributes:
        layers: Dense layers, and a ``LoopDropout`` behind each hidden one; they begin with the weights of the seed.
    """

    def __init__(self, network: NetworkSpec, seed: int, *, idle: bool = False) -> None:
        """Args: network, seed: as ``build_model`` has them; idle: no layer will ever have dropout."""
        self.layers = list(_layers(network, seed, for_file=False))
        for dropout in self.dropouts:
            dropout.idle = idle
        inputs = len(network.features)
        for layer in self.layers:
            layer.build((None, inputs))
            inputs = layer.units if isinstance(layer, keras.layers.Dense) else inputs

    @property
    def weights(self) -> list[keras.Variable]:
        """Kernel and bias of each Dense layer."""
        return [variable for layer in self.layers for variable in layer.trainable_variables]

    @property
    def dropouts(self) -> list[LoopDropout]:
        """One a hidden layer."""
        return [layer for layer in self.layers if isinstance(layer, LoopDropout)]

    def __call__(self, x: Tensor, *, training: bool) -> Tensor:
        """Features, shape (n, features), to outputs, shape (n, outputs)."""
        for layer in self.layers:
            x = layer(x, training=training) if isinstance(layer, LoopDropout) else layer(x)
        return x


def build_model(network: NetworkSpec, seed: int, *, scaling: Scaling | None = None) -> keras.Model:
    """A Keras model with its initial weights, and all that Keras needs to use and train it by itself.

    It takes x1 and x2 as they are, scales them and makes the features of them; it has Keras's own dropout where there
    is any, and L1 and L2 in each Dense layer.

    Args:
        network: the architecture.
        seed: decides weights and dropout; each layer draws from a seed of its own.
        scaling: of x1 and x2; None is none.
    """
    layers = _layers(network, seed, for_file=True)
    first: list[Any] = [keras.Input((2,), name="x")]
    if scaling is not None and scaling != Scaling():
        variance = [factor**-2 for factor in scaling.factor]
        first.append(
            keras.layers.Normalization(mean=scaling.shift, variance=variance, name=f"scaling_{network.scaling}")
        )
    if network.features == _PLAIN:
        return keras.Sequential([*first, *layers], name="gdviz")
    outputs = _features(network.features, first[1](first[0]) if first[1:] else first[0])
    for layer in layers:
        outputs = layer(outputs)
    return keras.Model(first[0], outputs, name="gdviz")


def initial_values(network: NetworkSpec, seed: int) -> tuple[tuple[Tensor, ...], tuple[Tensor, ...]]:
    """What ``Chain`` and ``build_model`` begin with, without building layers, which takes several times as long.

    Returns:
        Kernel and bias of each Dense layer, and the state of each dropout's seed generator.
    """
    weights: list[Tensor] = []
    seeds = _seeds(network, seed)
    inputs = len(network.features)
    for units, initializer, drawn in zip(
        [*(layer.units for layer in network.hidden), _outputs(network)],
        [*(layer.initializer for layer in network.hidden), network.initializer],
        seeds[::2],
        strict=True,
    ):
        weights += [_initializer(initializer, drawn)((inputs, units)), tf.zeros((units,))]
        inputs = units
    return tuple(weights), values_of(keras.random.SeedGenerator(drawn).state for drawn in seeds[1::2])


def values_of(variables: Iterable[keras.Variable]) -> tuple[Tensor, ...]:
    """What variables hold now, as tensors that do not change with them."""
    return tuple(tf.identity(variable.value) for variable in variables)


def build_optimizer(spec: OptimizerSpec) -> keras.optimizers.Optimizer:
    """The optimizer of ``keras.optimizers`` with its settings; clipping and weight decay of 0 are left out.

    Raises:
        ValueError: Keras has no such optimizer, or a setting is not allowed.
    """
    declaration = spec.declaration
    if declaration.keras_name is None:
        raise ValueError(f"Keras has no optimizer {spec.key!r}")
    off = {name for name, value in spec.values().items() if name in _OFF_AT_ZERO and not value}
    # Keras's AdamW decays weights unless it is told not to.
    off -= {parameter.name for parameter in declaration.parameters if parameter.default}
    settings = {name: value for name, value in spec.values().items() if name not in off}
    return getattr(keras.optimizers, declaration.keras_name)(**settings, **(declaration.fixed or {}))


def save_model(
    path: Path,
    network: NetworkSpec,
    training: TrainingSpec,
    weights: Sequence[Float32Array],
    scaling: Scaling,
) -> None:
    """Write a ``.keras`` file that plain ``keras.models.load_model`` reads, ready to predict or to train on.

    It takes x1 and x2 as they are. Where they are scaled, a ``Normalization`` does it, whose name is "scaling_" and the
    kind. Other features than x1 and x2 are joined by a ``Concatenate`` named "features", and each of them goes through
    an ``Identity`` of its key's name. The optimizer has its settings, but starts afresh, and without a schedule.

    Args:
        path: where to; ends with ``.keras``.
        network: its architecture and regularisation.
        training: the optimizer and the loss that it is compiled with.
        weights: kernel and bias of each Dense layer, in order.
        scaling: of x1 and x2, as it was when training began.

    Raises:
        ValueError: the name does not end with ``.keras``.
        OSError: the file cannot be written.
    """
    if path.suffix != ".keras":
        raise ValueError(f"the model's file is {path.name!r}; its name must end with .keras")
    model = build_model(network, training.seed, scaling=scaling)
    for variable, value in zip(model.trainable_variables, weights, strict=True):
        variable.assign(value)
    optimizer = build_optimizer(training.optimizer)
    optimizer.build(model.trainable_variables)  # Keras complains when it loads one that was not
    metrics = [] if network.regression else ["accuracy"]
    model.compile(optimizer, loss=loss_of(network, training), metrics=metrics)
    with tempfile.TemporaryDirectory(prefix="gdviz-") as folder:
        draft = Path(folder, "model.keras")
        model.save(draft)
        write_atomically(path, draft.read_bytes())


def _seeds(network: NetworkSpec, seed: int) -> list[int]:
    """Of each layer's weights and of its dropout, in turn; of the output layer's weights last.

    There are two whether a layer has dropout or not: switching it on leaves the initial weights alone.
    """
    return list(np.random.SeedSequence(seed).generate_state(2 * len(network.hidden) + 1).tolist())


def _outputs(network: NetworkSpec) -> int:
    return 2 if network.head == "softmax" else 1


def _layers(network: NetworkSpec, seed: int, *, for_file: bool) -> Iterator[keras.layers.Layer]:
    """Dense and dropout layers in order: in the loop every hidden layer has a dropout, and none has L1 or L2.

    So all their strengths can change without building anew.
    """
    regularizer = keras.regularizers.L1L2(network.l1, network.l2) if for_file and network.l1 + network.l2 else None
    seeds = iter(_seeds(network, seed))

    def dense(units: int, activation: str, initializer: str, name: str) -> keras.layers.Dense:
        return keras.layers.Dense(
            units,
            activation=activation,
            kernel_initializer=_initializer(initializer, next(seeds)),
            kernel_regularizer=regularizer,
            name=name,
        )

    for number, layer in enumerate(network.hidden, start=1):
        yield dense(layer.units, layer.activation, layer.initializer, f"hidden_{number}")
        dropout_seed, name = next(seeds), f"dropout_{number}"
        if not for_file:
            yield LoopDropout(dropout_seed, name)
        elif layer.dropout:
            yield keras.layers.Dropout(layer.dropout, seed=dropout_seed, name=name)
    yield dense(_outputs(network), network.head, network.initializer, "output")


def _features(keys: Sequence[str], x: Tensor) -> Tensor:
    """The features of x1 and x2, shape (n, 2), by operations of Keras alone, each under its own name."""
    x1, x2 = keras.ops.split(x, 2, axis=1)
    columns = [keras.layers.Identity(name=key)(FEATURES[key].make(x1, x2, keras.ops.sin)) for key in keys]
    return keras.layers.Concatenate(name="features")(columns) if len(columns) > 1 else columns[0]


@tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]
def _uniform(shape: tuple[int, int], seed: Tensor) -> Tensor:
    return tf.random.stateless_uniform(shape, seed)


def _initializer(key: str, seed: int) -> keras.initializers.Initializer:
    """An initializer by key, with its seed where it draws random numbers at all."""
    initializer = keras.initializers.get(key)
    if "seed" in initializer.get_config():
        return type(initializer)(seed=seed)
    return initializer
