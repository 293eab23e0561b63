"""What the window draws of a network: the decision boundary, and what each hidden neuron makes of the plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import tensorflow as tf

from gdviz.network.features import Scaling, inputs_of
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import Extent, Float32Array
from gdviz.training.model import Tensor, bare, initial_values
from gdviz.training.objective import forward
from gdviz.training.program import Program, numbers_of


@dataclass(frozen=True, slots=True)
class Picture:
    """What a viewer is compiled for.

    Attributes:
        network: the architecture, without initialisers and strengths of dropout and regularisation.
        samples: the boundary is samples x samples.
        neuron_samples: each hidden neuron's picture is this square; 0 is none.
    """

    network: NetworkSpec
    samples: int
    neuron_samples: int

    @classmethod
    def of(cls, network: NetworkSpec, samples: int, neuron_samples: int) -> Picture:
        """The picture of a network, whatever its weights."""
        return cls(bare(network), samples, neuron_samples)

    def compiled(self) -> Viewer:
        """A viewer that is compiled; takes a fraction of a second."""
        viewer = Viewer(self)
        viewer.compile()
        return viewer


class Viewer:
    """Draws one kind of picture; slower until it is compiled.

    Attributes:
        picture: what it draws.
        is_compiled: whether calls run the compiled program.
        traces: how often the program was traced; more than once would be a bug.
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.is_compiled = False
        self.traces = 0
        self._program = Program(self._draw)

    def compile(self) -> None:
        """Compile, by a call whose result nobody looks at."""
        self.is_compiled = True
        weights, _ = initial_values(self.picture.network, seed=0)
        self.draw(weights, (-1.0, 1.0, -1.0, 1.0), Scaling())

    def draw(
        self, weights: Sequence[Tensor], extent: Extent, scaling: Scaling
    ) -> tuple[Float32Array, tuple[Float32Array, ...]]:
        """Draw a network with these weights.

        Args:
            weights: kernel and bias of each Dense layer, in order.
            extent: x1 from, x1 to, x2 from, x2 to.
            scaling: of x1 and x2 before features are made of them.

        Returns:
            The probability of green, or the value, shape (samples, samples), and each hidden layer's outputs, shape
            (units, s, s) each; row i is the i-th from below. Both at pixel centres of the extent.
        """
        draw = self._program if self.is_compiled else self._draw
        values = (tf.constant(value, tf.float32) for value in (extent, scaling.shift, scaling.factor))
        boundary, neurons = draw(tuple(weights), *values)
        return numbers_of(boundary), numbers_of(neurons)

    def _draw(
        self, weights: tuple[Tensor, ...], extent: Tensor, shift: Tensor, factor: Tensor
    ) -> tuple[Tensor, tuple[Tensor, ...]]:
        if not tf.executing_eagerly():
            self.traces += 1
        network, samples, small = self.picture.network, self.picture.samples, self.picture.neuron_samples
        scaling = Scaling(tuple(tf.unstack(shift)), tuple(tf.unstack(factor)))
        _, outputs = forward(network, weights, self._inputs(extent, samples, scaling))
        # The last column is green's: the only one of a sigmoid head, the second of a softmax head.
        boundary = tf.reshape(outputs[-1][:, -1], (samples, samples))
        if not small:
            return boundary, ()
        _, outputs = forward(network, weights, self._inputs(extent, small, scaling))
        return boundary, tuple(tf.reshape(tf.transpose(layer), (-1, small, small)) for layer in outputs[:-1])

    def _inputs(self, extent: Tensor, samples: int, scaling: Scaling) -> Tensor:
        """The features at the centres of samples x samples pixels, row by row from below, shape (samples², k)."""
        centres = (tf.range(samples, dtype=tf.float32) + 0.5) / samples
        left, right, low, high = tf.unstack(extent)
        x1 = left + (right - left) * centres
        x2 = low + (high - low) * centres
        columns, rows = (tf.reshape(grid, (-1,)) for grid in tf.meshgrid(x1, x2))
        return tf.stack(inputs_of(columns, rows, self.picture.network.features, scaling, tf.sin), axis=1)
