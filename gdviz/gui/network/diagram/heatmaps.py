"""What each cell makes of the plane, as small pictures in the colours of the boundary."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage

from gdviz.gui.network.diagram.plan import Plan
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import KEYS, Neuron
from gdviz.gui.theme import Look
from gdviz.network.features import Scaling, inputs_of
from gdviz.training.messages import Extent, Float32Array

FEATURE_SAMPLES = 32
OUTPUT_SAMPLES = 50

UNIT = frozenset({"sigmoid", "hard_sigmoid", "softmax"})
SIGNED_UNIT = frozenset({"tanh", "softsign"})

LARGEST = 1e30
"""Of larger numbers single precision could not take differences."""

Colors = NDArray[np.uint32]
Range = tuple[float, float]


def colors_of(look: Look) -> Colors:
    """The boundary's colours from low to high, shape (256,), as Qt keeps them."""
    red, green, blue = look.boundary_map().map(np.linspace(0.0, 1.0, 256), mode="byte")[:, :3].astype(np.uint32).T
    made: Colors = 0xFF000000 | red << 16 | green << 8 | blue
    return made


def range_of(activation: str, values: Float32Array) -> Range:
    """What the two ends of the colours stand for; the neutral middle is 0, or 0.5 of a probability.

    Args:
        activation: whose range is taken where it has one.
        values: whose largest size is taken where it has none; any shape.
    """
    if activation in UNIT:
        return 0.0, 1.0
    if activation in SIGNED_UNIT:
        return -1.0, 1.0
    size = min(float(np.abs(values).max(initial=0.0)), LARGEST)
    return (-size, size) if size > 0.0 else (-1.0, 1.0)


def painted(values: Float32Array, ends: Range, colors: Colors) -> list[QImage]:
    """Pictures of values, shape (n, rows, columns), row 0 at the bottom; what is not a number is transparent."""
    low, high = np.float32(ends[0]), np.float32(ends[1])
    finite = np.isfinite(values)
    share = (np.clip(np.where(finite, values, low), low, high) - low) * np.float32(255.999 / ((high - low) or 1.0))
    pixels = colors[share.astype(np.uint8)]
    pixels[~finite] = 0
    pixels = np.ascontiguousarray(pixels[:, ::-1])
    _, rows, columns = pixels.shape
    # A QImage over memory that is not its own keeps that memory alive.
    return [QImage(each.data, columns, rows, 4 * columns, QImage.Format.Format_ARGB32) for each in pixels]


def feature_values(extent: Extent, scaling: Scaling) -> Float32Array:
    """Every feature over the plane, shape (features, s, s)."""
    centres = (np.arange(FEATURE_SAMPLES) + 0.5) / FEATURE_SAMPLES
    x1, x2 = np.meshgrid(extent[0] + (extent[1] - extent[0]) * centres, extent[2] + (extent[3] - extent[2]) * centres)
    return np.stack(inputs_of(x1, x2, KEYS, scaling)).astype(np.float32)


class Heatmaps:
    """The pictures of the cells that are shown.

    Attributes:
        images: of each cell; cells without numbers have none.
        ranges: what the ends of the colours stand for, for each column.
    """

    def __init__(self) -> None:
        self.images: dict[Neuron, QImage] = {}
        self.ranges: dict[Neuron, Range] = {}
        self._features: tuple[object, Mapping[Neuron, QImage], Mapping[Neuron, Range]] = ((), {}, {})

    def show(self, shown: Shown, plan: Plan, colors: Colors) -> None:
        """Paint them anew."""
        self._show_features(shown, colors)
        _, images, ranges = self._features
        self.images, self.ranges = dict(images), dict(ranges)
        if shown.frame is None:
            return
        for index, values in enumerate(shown.frame.neurons, start=1):
            if index <= len(shown.network.hidden) and values.shape[0] == shown.counts[index]:
                column = plan.columns[index]
                some = values[column.first : column.first + column.shown]
                self._add(index, column.first, some, range_of(shown.activation(index), values), colors)
        self._show_output(shown, colors)

    def _show_output(self, shown: Shown, colors: Colors) -> None:
        assert shown.frame is not None
        boundary = shown.frame.boundary
        if boundary.ndim != 2 or not boundary.size:
            return
        step = max(1, boundary.shape[0] // OUTPUT_SAMPLES)
        green = boundary[step // 2 :: step, step // 2 :: step]
        values = np.stack([1.0 - green, green] if shown.network.head == "softmax" else [green])
        ends = shown.value_range if shown.network.regression else (0.0, 1.0)
        self._add(len(shown.counts) - 1, 0, values, ends, colors)

    def _show_features(self, shown: Shown, colors: Colors) -> None:
        """They change with the extent, the scaling and the colours alone."""
        key = (shown.extent, shown.scaling, colors.tobytes())
        if key != self._features[0]:
            self.images, self.ranges = {}, {}
            for unit, values in enumerate(feature_values(shown.extent, shown.scaling)):
                self._add(0, unit, values[None], range_of("linear", values), colors)
            self._features = key, self.images, self.ranges

    def _add(self, column: int, first: int, values: Float32Array, ends: Range, colors: Colors) -> None:
        for unit, image in enumerate(painted(values, ends, colors), start=first):
            self.images[Neuron(column, unit)] = image
            self.ranges[Neuron(column, unit)] = ends
