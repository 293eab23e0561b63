"""The plane as two neurons of a hidden layer see it: pure functions, no Qt."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.network.levels import Range
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import Extent, Float32Array

FloatArray = NDArray[np.float64]

SAMPLES = 41
"""Of each neuron, in each direction."""

EVERY = 2
"""Of these samples lie on a line of the grid."""

BACKGROUND = 100
"""Pixels of the background, in each direction."""

MARGIN = 0.06
UNIT_RANGES: dict[str, Range] = {
    **dict.fromkeys(("sigmoid", "hard_sigmoid"), (0.0, 1.0)),
    **dict.fromkeys(("tanh", "softsign"), (-1.0, 1.0)),
}
"""Where the outputs of an activation lie, if they have ends."""


def lack_of(network: NetworkSpec, layer: int) -> str:
    """Why there is nothing to see of a layer, and what to do, a sentence for people; "" where there is."""
    if not network.hidden:
        return "There is no hidden layer: add one (L), and see how it bends the plane."
    if network.hidden[layer].units < 2:
        return (
            f"Layer {layer + 1} has one neuron, and a plane needs two: give it another one (+ in the diagram), "
            "or choose another layer."
        )
    return ""


def grid_lines(a: Float32Array, b: Float32Array) -> FloatArray:
    """The lines of the input grid, bent: points (a, b), shape (n, 2), a row of NaN between lines.

    Args:
        a: output of one neuron over the plane, shape (s, s).
        b: of the other.
    """
    both = np.stack([a, b], axis=-1).astype(np.float64)
    lines = np.concatenate([both[::EVERY], both.transpose(1, 0, 2)[::EVERY]])
    return np.concatenate([lines, np.full((len(lines), 1, 2), np.nan)], axis=1).reshape(-1, 2)


def room_for(activation: str, values: Sequence[FloatArray], before: Range | None) -> Range:
    """What an axis covers, so that it seldom changes while the network learns.

    Args:
        activation: whose own range is taken where it has one.
        values: what has to be seen, any shapes.
        before: what it covered before; kept as long as that fits.
    """
    own = UNIT_RANGES.get(activation)
    if own is None:
        some = np.concatenate([np.ravel(each) for each in values])
        some = some[np.isfinite(some)]
        if not len(some):
            return before or (-1.0, 1.0)
        low, high = float(some.min()), float(some.max())
        size = max(high - low, 1e-3 * max(abs(low), abs(high), 1.0))
        if before is not None and before[0] <= low and high <= before[1] and size > 0.4 * (before[1] - before[0]):
            return before
        own = low - 0.15 * size, high + 0.15 * size
    margin = MARGIN * (own[1] - own[0])
    return own[0] - margin, own[1] + margin


def is_read_by_output(network: NetworkSpec, layer: int) -> bool:
    """Whether the output is made of two neurons of that layer alone, so that it is known all over their plane."""
    return layer == len(network.hidden) - 1 and network.hidden[layer].units == 2


def output_over(
    extent: Extent, network: NetworkSpec, weights: Sequence[Float32Array], order: tuple[int, int]
) -> Float32Array:
    """What the output layer makes of every place of the plane of the last two neurons.

    Args:
        extent: of that plane.
        network: whose head it is.
        weights: of all layers; the last two are kernel (2, outputs) and bias.
        order: which neurons are across and upwards.

    Returns:
        Probability of green, or value, shape (BACKGROUND, BACKGROUND), row 0 at the bottom.
    """
    centres = (np.arange(BACKGROUND) + 0.5) / BACKGROUND
    across = extent[0] + (extent[1] - extent[0]) * centres
    upwards = extent[2] + (extent[3] - extent[2]) * centres
    kernel, bias = (np.asarray(each, np.float64) for each in weights[-2:])
    if network.head == "softmax":  # the difference of both sums decides
        kernel, bias = kernel[:, 1:] - kernel[:, :1], bias[1:] - bias[:1]
    sums = kernel[order[0], 0] * across + (kernel[order[1], 0] * upwards)[:, None] + bias[0]
    if network.head == "linear":
        return np.asarray(sums, np.float32)
    with np.errstate(over="ignore"):
        chance: Float32Array = (1.0 / (1.0 + np.exp(-sums))).astype(np.float32)
    return chance
