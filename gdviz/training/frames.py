"""What the window draws of a network: the decision boundary, and what each hidden neuron makes of the plane."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import keras
import tensorflow as tf

from gdviz.network.spec import NetworkSpec
from gdviz.training.loop import bare
from gdviz.training.messages import Extent, Float32Array
from gdviz.training.model import Tensor, build_model


@dataclass(frozen=True, slots=True)
class Picture:
    """What a viewer is compiled for.

    Attributes:
        network: the architecture, without initialisers and strengths of regularisation.
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
    """

    def __init__(self, picture: Picture) -> None:
        self.picture = picture
        self.is_compiled = False
        model = build_model(picture.network, seed=0)
        dense = [layer.output for layer in model.layers if isinstance(layer, keras.layers.Dense)]
        self._hidden = keras.Model(model.inputs, dense[:-1]) if dense[:-1] else None
        self._model = keras.Model(model.inputs, dense[-1])
        self._program = tf.function(self._draw, jit_compile=True, autograph=False)

    def compile(self) -> None:
        """Compile, by a call whose result nobody looks at."""
        self.is_compiled = True
        weights = [tf.identity(variable.value) for variable in self._model.trainable_variables]
        self.draw(weights, (-1.0, 1.0, -1.0, 1.0))

    def draw(self, weights: Sequence[Tensor], extent: Extent) -> tuple[Float32Array, tuple[Float32Array, ...]]:
        """Draw a network with these weights.

        Args:
            weights: kernel and bias of each Dense layer, in order.
            extent: x1 from, x1 to, x2 from, x2 to.

        Returns:
            The probability of green, shape (samples, samples), and each hidden layer's outputs, shape (units, s, s)
            each; row i is the i-th from below. Both at pixel centres of the extent.
        """
        draw = self._program if self.is_compiled else self._draw
        boundary, neurons = draw(tuple(weights), tf.constant(extent, tf.float32))
        return boundary.numpy(), tuple(layer.numpy() for layer in neurons)

    def _draw(self, weights: tuple[Tensor, ...], extent: Tensor) -> tuple[Tensor, tuple[Tensor, ...]]:
        samples, small = self.picture.samples, self.picture.neuron_samples
        output = _outputs(self._model, weights, _pixel_centres(extent, samples))
        # The last column is green's: the only one of a sigmoid head, the second of a softmax head.
        boundary = tf.reshape(output[:, -1], (samples, samples))
        if not small or self._hidden is None:
            return boundary, ()
        hidden = _outputs(self._hidden, weights[:-2], _pixel_centres(extent, small))
        # A model of one output returns it bare.
        layers = hidden if isinstance(hidden, list | tuple) else [hidden]
        return boundary, tuple(tf.reshape(tf.transpose(layer), (-1, small, small)) for layer in layers)


def _pixel_centres(extent: Tensor, samples: int) -> Tensor:
    """Centres of samples x samples pixels, row by row from below, shape (samples², 2)."""
    centres = (tf.range(samples, dtype=tf.float32) + 0.5) / samples
    x1 = extent[0] + (extent[1] - extent[0]) * centres
    x2 = extent[2] + (extent[3] - extent[2]) * centres
    columns, rows = tf.meshgrid(x1, x2)
    return tf.stack([tf.reshape(columns, (-1,)), tf.reshape(rows, (-1,))], axis=1)


def _outputs(model: keras.Model, weights: tuple[Tensor, ...], x: Tensor) -> Tensor:
    frozen = [variable.value for variable in model.non_trainable_variables]
    outputs, _ = model.stateless_call(list(weights), frozen, x, training=False)
    return outputs
