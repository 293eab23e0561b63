"""One point's way through the network and back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import tensorflow as tf

from gdviz.network.spec import NetworkSpec, TrainingSpec, loss_of
from gdviz.training.messages import Explanation, Float32Array
from gdviz.training.model import Tensor, bare, initial_values
from gdviz.training.objective import Objective, forward
from gdviz.training.program import Program, numbers_of


@dataclass(frozen=True, slots=True)
class Chain:
    """What an explainer is compiled for.

    Attributes:
        network: the architecture, without initialisers and strengths of dropout and regularisation.
        loss: the loss in force.
    """

    network: NetworkSpec
    loss: str

    @classmethod
    def of(cls, network: NetworkSpec, training: TrainingSpec) -> Chain:
        """The chain of functions from the inputs to the loss."""
        return cls(bare(network), loss_of(network, training))

    def compiled(self) -> Explainer:
        """An explainer that is compiled; takes a fraction of a second."""
        explainer = Explainer(self)
        explainer.compile()
        return explainer


class Explainer:
    """Follows the chain forwards, and the chain rule backwards; slower until it is compiled.

    Attributes:
        chain: what it follows.
        is_compiled: whether calls run the compiled program.
        traces: how often the program was traced; more than once would be a bug.
    """

    def __init__(self, chain: Chain) -> None:
        self.chain = chain
        self.is_compiled = False
        self.traces = 0
        self._objective = Objective(chain.network, chain.loss)
        self._program = Program(self._follow)

    def compile(self) -> None:
        """Compile, by a call whose result nobody looks at."""
        self.is_compiled = True
        weights, _ = initial_values(self.chain.network, seed=0)
        self.explain(weights, (0.0, 0.0), 0.0, np.zeros((1, len(self.chain.network.features)), np.float32))

    def explain(
        self, weights: Sequence[Tensor], xy: tuple[float, float], target: float, inputs: Float32Array
    ) -> Explanation:
        """Explain a point, without dropout and regularisation.

        Args:
            weights: kernel and bias of each Dense layer, in order.
            xy: the point.
            target: what its output should be: 0 or 1, or its value in regression.
            inputs: its features, shape (1, features).
        """
        follow = self._program if self.is_compiled else self._follow
        found = follow(tuple(weights), tf.constant(inputs), tf.constant([target], tf.float32))
        sums, outputs, loss, d_inputs, d_sums, d_outputs, d_weights = numbers_of(found)
        return Explanation(xy, target, inputs[0], sums, outputs, float(loss), d_inputs, d_sums, d_outputs, d_weights)

    def _follow(self, weights: tuple[Tensor, ...], x: Tensor, y: Tensor) -> tuple[Tensor, ...]:
        if not tf.executing_eagerly():
            self.traces += 1
        with tf.GradientTape() as tape:
            tape.watch((x, weights))
            sums, outputs = forward(self.chain.network, weights, x)
            loss = self._objective.losses(y, outputs[-1])[0]
        d_x, d_sums, d_outputs, d_weights = tape.gradient(
            loss, (x, sums, outputs, weights), unconnected_gradients=tf.UnconnectedGradients.ZERO
        )
        slope = self._objective.slope(y, sums[-1])
        if slope is not None:
            d_outputs = [*d_outputs[:-1], slope]
        one = tuple(tuple(of_layer[0] for of_layer in group) for group in (sums, outputs, d_sums, d_outputs))
        return one[0], one[1], loss, d_x[0], one[2], one[3], d_weights
