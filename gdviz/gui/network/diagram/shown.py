"""What the diagram shows: a network, and what the newest frame knows of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.network.diagram.spots import KEYS, Bias, Link, Neuron, counts, place_of, row_of
from gdviz.network.features import Scaling
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import Explanation, Extent, Float32Array, Frame

Tensors = tuple[Float32Array, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Shown:
    """A network with its numbers, column by column; numbers are missing before the first frame.

    Attributes:
        network: the architecture.
        frame: the newest one; None before the first.
        extent: what the heatmaps cover.
        value_range: in regression, what the ends of the colours stand for.
    """

    network: NetworkSpec = field(default_factory=NetworkSpec)
    frame: Frame | None = None
    extent: Extent = (-6.0, 6.0, -6.0, 6.0)
    value_range: tuple[float, float] = (0.0, 1.0)

    @property
    def counts(self) -> tuple[int, ...]:
        """Cells of each column."""
        return counts(self.network)

    @property
    def used(self) -> NDArray[np.bool_]:
        """Which features the network sees."""
        return np.array([key in self.network.features for key in KEYS])

    @property
    def scaling(self) -> Scaling:
        """Of the inputs, as the frame knows it."""
        return self.frame.scaling if self.frame is not None else Scaling()

    @property
    def weights(self) -> Tensors | None:
        """Kernel and bias of each Dense layer; None before there are some of this architecture."""
        return self._fitting(self.frame.weights) if self.frame is not None else None

    @property
    def gradients(self) -> Tensors | None:
        """The gradient of each of them over all training points."""
        return self._fitting(self.frame.gradients) if self.frame is not None else None

    @property
    def explanation(self) -> Explanation | None:
        """A point's way through this network."""
        found = self.frame.explanation if self.frame is not None else None
        return found if found is not None and self._fitting(found.d_weights) is not None else None

    def kernel(self, tensors: Tensors | None, column: int) -> Float32Array | None:
        """Links into a column, shape (cells before, cells); 0 for features that the network does not see."""
        if tensors is None:
            return None
        kernel = tensors[2 * column - 2]
        if column > 1:
            return kernel
        wide = np.zeros((len(KEYS), kernel.shape[1]), np.float32)
        wide[[KEYS.index(key) for key in self.network.features]] = kernel
        return wide

    def number(self, tensors: Tensors | None, spot: Bias | Link) -> float | None:
        """A weight or its gradient; None where there is none."""
        place = place_of(self.network, spot)
        return None if tensors is None or place is None else float(tensors[place[0]][place[1]])

    def activation(self, column: int) -> str:
        """What a layer's neurons make of their sum."""
        hidden = self.network.hidden
        return hidden[column - 1].activation if column <= len(hidden) else self.network.head

    def source(self, column: int, unit: int) -> float | None:
        """What the explained point gives to the next column from a cell; None where it gives nothing."""
        row, told = row_of(self.network, column, unit), self.explanation
        if row is None or told is None:
            return None
        return float(told.inputs[row] if column == 0 else told.outputs[column - 1][row])

    def dark(self, neuron: Neuron) -> bool:
        """Whether dropout silenced a neuron in the last step."""
        return self._flag(self.frame.dark if self.frame is not None else (), neuron)

    def flat(self, neuron: Neuron) -> bool:
        """Whether a neuron's output is the same for all training points."""
        return self._flag(self.frame.flat if self.frame is not None else (), neuron)

    def _flag(self, flags: tuple[NDArray[np.bool_], ...], neuron: Neuron) -> bool:
        layer = neuron.column - 1
        return 0 <= layer < len(flags) and neuron.unit < len(flags[layer]) and bool(flags[layer][neuron.unit])

    def _fitting(self, tensors: Tensors) -> Tensors | None:
        sizes = (len(self.network.features), *self.counts[1:])
        shapes = [shape for each in pairwise(sizes) for shape in (each, each[1:])]
        return tensors if [tensor.shape for tensor in tensors] == shapes else None
