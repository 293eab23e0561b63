"""Networks computed with NumPy in double precision: forward by hand, and every derivative by finite differences.

They stand in for the training process, and know nothing of how the program writes its explanations.
"""

from __future__ import annotations

from itertools import pairwise

import numpy as np

from gdviz.network.features import Scaling, inputs_of
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import Explanation

UNSCALED = Scaling()
ACTIVATIONS = {
    "linear": lambda z: z,
    "tanh": np.tanh,
    "relu": lambda z: np.maximum(z, 0.0),
    "sigmoid": lambda z: 1.0 / (1.0 + np.exp(-z)),
    "softmax": lambda z: np.exp(z) / np.exp(z).sum(axis=-1, keepdims=True),
    "exponential": np.exp,
}
LOSSES = {
    "binary_crossentropy": lambda y, out: -(y * np.log(out[0]) + (1 - y) * np.log(1 - out[0])),
    "categorical_crossentropy": lambda y, out: -((1 - y) * np.log(out[0]) + y * np.log(out[1])),
    "mean_squared_error": lambda y, out: (
        (out[0] - y) ** 2 if len(out) == 1 else ((out - np.array([1 - y, y])) ** 2).mean()
    ),
}


def random_weights(network: NetworkSpec, seed: int = 0) -> list[np.ndarray]:
    rng = np.random.default_rng(seed)
    sizes = [
        len(network.features),
        *(layer.units for layer in network.hidden),
        2 if network.head == "softmax" else 1,
    ]
    return [rng.normal(0.0, 0.4, shape) for rows, columns in pairwise(sizes) for shape in ((rows, columns), (columns,))]


def functions(network: NetworkSpec):
    return [ACTIVATIONS[key] for key in (*(layer.activation for layer in network.hidden), network.head)]


def forward(network, weights, inputs):
    """Sums and outputs of every layer, for inputs of shape (..., features)."""
    sums, outputs = [], []
    value = inputs
    for layer, function in enumerate(functions(network)):
        sums.append(value @ weights[2 * layer] + weights[2 * layer + 1])
        value = function(sums[-1])
        outputs.append(value)
    return sums, outputs


def inputs_at(network, x1, x2, scaling=UNSCALED):
    return np.stack(inputs_of(np.asarray(x1, float), np.asarray(x2, float), network.features, scaling), axis=-1)


def explanation(network, weights, xy, target, loss, scaling=UNSCALED) -> Explanation:
    inputs = inputs_at(network, *xy, scaling)
    sums, outputs = forward(network, weights, inputs)
    shape = functions(network)

    def from_output(layer, value):
        """The loss when a layer's output is this."""
        for later in range(layer + 1, len(shape)):
            value = shape[later](value @ weights[2 * later] + weights[2 * later + 1])
        return LOSSES[loss](target, value)

    def from_sum(layer, value):
        return from_output(layer, shape[layer](value))

    def from_weights(index, value):
        changed = [value if each == index else weight for each, weight in enumerate(weights)]
        return LOSSES[loss](target, forward(network, changed, inputs)[1][-1])

    layers = range(len(shape))

    def single(arrays):
        return tuple(np.asarray(array, np.float32) for array in arrays)

    return Explanation(
        xy=xy,
        target=target,
        inputs=inputs.astype(np.float32),
        sums=single(sums),
        outputs=single(outputs),
        loss=float(LOSSES[loss](target, outputs[-1])),
        d_inputs=np.asarray(
            slope(lambda value: from_inputs(network, weights, value, target, loss), inputs), np.float32
        ),
        d_sums=single(slope(lambda value, layer=layer: from_sum(layer, value), sums[layer]) for layer in layers),
        d_outputs=single(
            slope(lambda value, layer=layer: from_output(layer, value), outputs[layer]) for layer in layers
        ),
        d_weights=single(
            slope(lambda value, index=index: from_weights(index, value), weight) for index, weight in enumerate(weights)
        ),
    )


def from_inputs(network, weights, inputs, target, loss):
    return LOSSES[loss](target, forward(network, weights, inputs)[1][-1])


def slope(function, at, step=1e-6):
    """Central differences, for each entry of an array."""
    made = np.zeros_like(at)
    for place in np.ndindex(at.shape):
        high, low = at.copy(), at.copy()
        high[place] += step
        low[place] -= step
        made[place] = (function(high) - function(low)) / (2 * step)
    return made


def plane(extent, samples):
    """x1 and x2 at the centres of pixels, row 0 at the bottom."""
    centres = (np.arange(samples) + 0.5) / samples
    x1 = extent[0] + (extent[1] - extent[0]) * centres
    x2 = extent[2] + (extent[3] - extent[2]) * centres
    return np.meshgrid(x1, x2)


def frame_fields(network, weights, *, extent=(-6.0, 6.0, -6.0, 6.0), xy=None, target=1.0, loss="", samples=16):
    """Fields of a Frame of this network, for the fixture ``a_frame``."""
    _, outputs = forward(network, weights, inputs_at(network, *plane(extent, samples)))
    _, large = forward(network, weights, inputs_at(network, *plane(extent, 100)))
    fields = {
        "weights": tuple(weight.astype(np.float32) for weight in weights),
        "gradients": tuple((weight * 0.01).astype(np.float32) for weight in weights),
        "neurons": tuple(np.moveaxis(layer, -1, 0).astype(np.float32) for layer in outputs[:-1]),
        "boundary": large[-1][..., -1].astype(np.float32),
        "extent": extent,
    }
    if xy is not None:
        fields["explanation"] = explanation(network, weights, xy, target, loss or "binary_crossentropy")
    return fields
