"""What training makes small: Keras's loss of each point, and the regularisation of all weights; and forward passes."""

from __future__ import annotations

from collections.abc import Sequence

import keras
import numpy as np
import tensorflow as tf

from gdviz.network.spec import NetworkSpec
from gdviz.training.model import Tensor

_TINY = float(np.finfo(np.float32).tiny)


def forward(network: NetworkSpec, weights: Sequence[Tensor], x: Tensor) -> tuple[list[Tensor], list[Tensor]]:
    """What each Dense layer computes, by the operations of ``keras.layers.Dense``; without dropout.

    Args:
        network: the architecture.
        weights: kernel and bias of each Dense layer, in order.
        x: the inputs, shape (n, features).

    Returns:
        The sums before the activation, and the outputs; shape (n, units) each.
    """
    sums: list[Tensor] = []
    outputs: list[Tensor] = []
    activations = [*(layer.activation for layer in network.hidden), network.head]
    for kernel, bias, activation in zip(weights[::2], weights[1::2], activations, strict=True):
        sums.append(keras.ops.add(keras.ops.matmul(x, kernel), bias))
        x = keras.activations.get(activation)(sums[-1])
        outputs.append(x)
    return sums, outputs


class Objective:
    """The loss of a head, and how often it is right."""

    def __init__(self, network: NetworkSpec, loss: str) -> None:
        self._head = network.head
        self._loss = loss
        self._of_points = getattr(keras.losses, loss)

    def losses(self, y: Tensor, output: Tensor) -> Tensor:
        """Of each point, without regularisation.

        Args:
            y: 1 for green and 0 for red, or the value; shape (n,).
            output: the model's own, because Keras takes the logits from it where there are any; shape (n, outputs).
        """
        return self._of_points(self._targets(y), output)

    def correct(self, y: Tensor, output: Tensor) -> Tensor:
        """1 where the label is guessed, otherwise 0; NaN in regression; shape (n,)."""
        if self._head == "linear":
            return tf.fill(tf.shape(y), np.float32(np.nan))
        guessed_green = output[:, 0] > 0.5 if self._head == "sigmoid" else output[:, 1] > output[:, 0]
        return tf.cast(tf.equal(guessed_green, y > 0.5), tf.float32)

    def slope(self, y: Tensor, sums: Tensor) -> Tensor | None:
        """dJ/d of the last outputs where Keras's loss goes around them, by the formula of cross-entropy.

        Keras computes cross-entropy from the last sums, and the loss that it would compute from the outputs is cut
        off where they come close to 0 or 1: its derivative would contradict the one with regard to the sums.

        Returns:
            Shape (n, outputs); None where the derivative with regard to the outputs can be had from the loss.
        """
        if self._loss == "categorical_crossentropy":
            return -self._targets(y) / tf.maximum(tf.nn.softmax(sums), _TINY)
        if self._loss == "binary_crossentropy":
            green, red = (tf.maximum(tf.sigmoid(sign * sums), _TINY) for sign in (1.0, -1.0))
            return (1.0 - y[:, None]) / red - y[:, None] / green
        return None

    def _targets(self, y: Tensor) -> Tensor:
        return tf.stack([1.0 - y, y], axis=1) if self._head == "softmax" else y[:, None]


def penalty(weights: Sequence[Tensor], l1: Tensor, l2: Tensor) -> Tensor:
    """L1 and L2 of all weights, without biases, as ``keras.regularizers.L1L2`` has them."""
    return tf.add_n([l1 * tf.reduce_sum(tf.abs(w)) + l2 * tf.reduce_sum(tf.square(w)) for w in weights[::2]])
