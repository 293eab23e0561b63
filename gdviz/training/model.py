"""Specs as Keras objects: the model, its optimizer, and the file they are saved to."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import tensorflow as tf

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.files import write_atomically
from gdviz.network.spec import NetworkSpec, TrainingSpec, loss_of
from gdviz.training.messages import Float32Array

Tensor = Any  # TensorFlow has no types that mypy understands
_OFF_AT_ZERO = ("clipnorm", "clipvalue", "weight_decay")


class LoopDropout(keras.layers.Dropout):
    """Keras's dropout, with the same random numbers whether the loop around it is compiled or not.

    XLA and TensorFlow draw different ones from the same seed, so here XLA draws them all.
    """

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Outputs of the layer before, some of them silenced in training; shape (n, units)."""
        if not training:
            return inputs
        seed = tf.cast(tf.math.floormod(self.seed_generator.next(), tf.int32.max - 1), tf.int32)
        return tf.where(_uniform(inputs, seed) >= self.rate, inputs / (1.0 - self.rate), 0.0)


def build_model(network: NetworkSpec, seed: int, *, for_file: bool = False) -> keras.Model:
    """A Keras model with its initial weights: the same seed gives the same ones.

    Args:
        network: the architecture.
        seed: decides weights and dropout; each layer draws from a seed of its own.
        for_file: build what Keras needs to train the model by itself: its own dropout, and L1 and L2 in each Dense
            layer. The training loop adds these itself, so that their strength can change without building anew.
    """
    regularizer = keras.regularizers.L1L2(network.l1, network.l2) if for_file and network.l1 + network.l2 else None
    dropout = keras.layers.Dropout if for_file else LoopDropout

    def dense(units: int, activation: str, initializer: str, name: str) -> keras.layers.Dense:
        return keras.layers.Dense(
            units,
            activation=activation,
            kernel_initializer=_initializer(initializer, next(seeds)),
            kernel_regularizer=regularizer,
            name=name,
        )

    # Two seeds for each layer, whether it has dropout or not: switching dropout on leaves the initial weights alone.
    seeds = iter(np.random.SeedSequence(seed).generate_state(2 * len(network.hidden) + 1).tolist())
    layers: list[keras.layers.Layer] = [keras.Input((2,), name="x")]
    for number, layer in enumerate(network.hidden, start=1):
        layers.append(dense(layer.units, layer.activation, layer.initializer, f"hidden_{number}"))
        dropout_seed = next(seeds)
        if layer.dropout:
            layers.append(dropout(layer.dropout, seed=dropout_seed, name=f"dropout_{number}"))
    layers.append(dense(1 if network.head == "sigmoid" else 2, network.head, network.initializer, "output"))
    return keras.Sequential(layers, name="gdviz")


def build_optimizer(spec: OptimizerSpec) -> keras.optimizers.Optimizer:
    """The optimizer of ``keras.optimizers`` with its settings; clipping and weight decay of 0 are left out.

    Raises:
        ValueError: Keras has no such optimizer, or a setting is not allowed.
    """
    declaration = spec.declaration
    if declaration.keras_name is None:
        raise ValueError(f"Keras has no optimizer {spec.key!r}")
    settings = {name: value for name, value in spec.values().items() if value or name not in _OFF_AT_ZERO}
    return getattr(keras.optimizers, declaration.keras_name)(**settings, **(declaration.fixed or {}))


def save_model(path: Path, network: NetworkSpec, training: TrainingSpec, weights: Sequence[Float32Array]) -> None:
    """Write a ``.keras`` file that plain ``keras.models.load_model`` reads, ready to predict or to train on.

    The optimizer has its settings, but starts afresh.

    Args:
        path: where to; ends with ``.keras``.
        network: its architecture and regularisation.
        training: the optimizer and the loss that it is compiled with.
        weights: kernel and bias of each Dense layer, in order.

    Raises:
        ValueError: the name does not end with ``.keras``.
        OSError: the file cannot be written.
    """
    if path.suffix != ".keras":
        raise ValueError(f"the model's file is {path.name!r}; its name must end with .keras")
    model = build_model(network, training.seed, for_file=True)
    for variable, value in zip(model.trainable_variables, weights, strict=True):
        variable.assign(value)
    optimizer = build_optimizer(training.optimizer)
    optimizer.build(model.trainable_variables)  # Keras complains when it loads one that was not
    model.compile(optimizer, loss=loss_of(network, training), metrics=["accuracy"])
    with tempfile.TemporaryDirectory(prefix="gdviz-") as folder:
        draft = Path(folder, "model.keras")
        model.save(draft)
        write_atomically(path, draft.read_bytes())


@tf.function(jit_compile=True, autograph=False)  # type: ignore[untyped-decorator]
def _uniform(like: Tensor, seed: Tensor) -> Tensor:
    return tf.random.stateless_uniform(tf.shape(like), seed)


def _initializer(key: str, seed: int) -> keras.initializers.Initializer:
    """An initializer by key, with its seed where it draws random numbers at all."""
    initializer = keras.initializers.get(key)
    if "seed" in initializer.get_config():
        return type(initializer)(seed=seed)
    return initializer
