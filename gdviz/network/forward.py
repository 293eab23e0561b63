"""What a network with given weights says, place by place, computed in double precision as Keras computes it."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from gdviz.network.features import Scaling, inputs_of
from gdviz.network.spec import NetworkSpec

FloatArray = NDArray[np.float64]

_SELU_SCALE, _SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
_LEAK = 0.2
_erf = np.vectorize(math.erf, otypes=[np.float64])


def _sigmoid(z: FloatArray) -> FloatArray:
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * z)))  # which does not overflow


def _softplus(z: FloatArray) -> FloatArray:
    return np.asarray(np.logaddexp(0.0, z))


def _elu(z: FloatArray) -> FloatArray:
    return np.where(z > 0.0, z, np.expm1(np.minimum(z, 0.0)))


def _softmax(z: FloatArray) -> FloatArray:
    powers = np.exp(z - z.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True))


FUNCTIONS: dict[str, Callable[[FloatArray], Any]] = {
    "linear": lambda z: z,
    "relu": lambda z: np.maximum(z, 0.0),
    "leaky_relu": lambda z: np.where(z > 0.0, z, _LEAK * z),
    "elu": _elu,
    "selu": lambda z: _SELU_SCALE * np.where(z > 0.0, z, _SELU_ALPHA * _elu(z)),
    "sigmoid": _sigmoid,
    "tanh": np.tanh,
    "softplus": _softplus,
    "softsign": lambda z: z / (1.0 + np.abs(z)),
    "swish": lambda z: z * _sigmoid(z),
    "gelu": lambda z: 0.5 * z * (1.0 + _erf(z / math.sqrt(2.0))),
    "mish": lambda z: z * np.tanh(_softplus(z)),
    "hard_sigmoid": lambda z: np.clip(z / 6.0 + 0.5, 0.0, 1.0),
    "exponential": np.exp,
    "softmax": _softmax,
}
"""Of the sums of a layer, shape (..., units); by the keys of ``ACTIVATIONS`` and ``HEADS``."""


def fits(network: NetworkSpec, weights: Sequence[NDArray[Any]]) -> bool:
    """Whether these weights have the shapes of this network's: kernel and bias of each Dense layer."""
    outputs = 2 if network.head == "softmax" else 1
    sizes = (len(network.features), *(layer.units for layer in network.hidden), outputs)
    return [each.shape for each in weights] == [shape for size in pairwise(sizes) for shape in (size, size[1:])]


def penalty_of(network: NetworkSpec, weights: Sequence[NDArray[Any]]) -> float:
    """What L1 and L2 add to the loss: of all kernels, which are every other one of the weights."""
    kernels = [kernel.astype(np.float64) for kernel in weights[::2]]
    with np.errstate(all="ignore"):  # weights that have left every bound lead to no number
        return float(sum(network.l1 * np.abs(each).sum() + network.l2 * np.square(each).sum() for each in kernels))


def output_at(
    network: NetworkSpec, weights: Sequence[NDArray[Any]], x1: ArrayLike, x2: ArrayLike, scaling: Scaling
) -> FloatArray:
    """The probability of green, or the value.

    Args:
        network: the architecture.
        weights: that fit it.
        x1: of the places, of any shape.
        x2: of the same shape.
        scaling: of the inputs.

    Returns:
        Of the places' shape.
    """
    places = (np.asarray(x1, np.float64), np.asarray(x2, np.float64))
    value = np.stack(inputs_of(*places, network.features, scaling), axis=-1)
    activations = (*(layer.activation for layer in network.hidden), network.head)
    with np.errstate(all="ignore"):  # weights that have left every bound lead to no number
        for activation, kernel, bias in zip(activations, weights[::2], weights[1::2], strict=True):
            value = FUNCTIONS[activation](value @ kernel + bias)
    return np.asarray(value[..., -1])  # green's: the only one, or the second of a softmax head
