"""What frames tell of a network besides its picture: all points at once, and the gradients of their loss."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import tensorflow as tf

from gdviz.network.features import Scaling
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec
from gdviz.training.loop import Structure
from gdviz.training.messages import BoolArray, Float32Array
from gdviz.training.model import Tensor, initial_values
from gdviz.training.objective import Objective, forward, penalty
from gdviz.training.program import Program, numbers_of
from gdviz.training.state import Data

_MIN_QUESTIONS = 64
_SAME = 1e-6


@dataclass(frozen=True, slots=True)
class Survey:
    """What a surveyor is compiled for.

    Attributes:
        network: the architecture, without initialisers and strengths of dropout and regularisation.
        loss: the loss in force.
        capacity: points there is room for.
        questions: points there is room for besides the data, a power of two.
        hidden_layer: the one whose outputs are wanted; -1 is none.
    """

    network: NetworkSpec
    loss: str
    capacity: int
    questions: int
    hidden_layer: int

    @classmethod
    def of(cls, structure: Structure, questions: int, hidden_layer: int) -> Survey:
        """The survey of what a loop trains; a hidden layer that the network does not have is none."""
        there = 0 <= hidden_layer < len(structure.network.hidden)
        room = max(_MIN_QUESTIONS, 1 << (questions - 1).bit_length() if questions else 0)
        return cls(structure.network, structure.loss, structure.capacity, room, hidden_layer if there else -1)

    def compiled(self) -> Surveyor:
        """A surveyor that is compiled; takes about a second."""
        surveyor = Surveyor(self)
        surveyor.compile()
        return surveyor


class Findings(NamedTuple):
    """As ``Frame`` has them; predictions and hidden outputs for the points with their padding."""

    gradients: tuple[Float32Array, ...]
    predictions: Float32Array
    answers: Float32Array
    flat: tuple[BoolArray, ...]
    hidden: Float32Array


class Surveyor:
    """Looks at all points; slower until it is compiled.

    Attributes:
        survey: what it looks for.
        is_compiled: whether calls run the compiled program.
        traces: how often the program was traced; more than once would be a bug.
    """

    def __init__(self, survey: Survey) -> None:
        self.survey = survey
        self.is_compiled = False
        self.traces = 0
        self._objective = Objective(survey.network, survey.loss)
        self._program = Program(self._look)

    def compile(self) -> None:
        """Compile, by a call whose result nobody looks at."""
        self.is_compiled = True
        network = self.survey.network
        data = Data.of(network, Points(), np.empty(0, np.bool_), self.survey.capacity, Scaling())
        weights, _ = initial_values(network, seed=0)
        self.look(weights, data, np.empty((0, len(network.features)), np.float32), 0.0, 0.0)

    def look(
        self,
        weights: Sequence[Tensor],
        data: Data,
        questions: Float32Array,
        l1: float,
        l2: float,
    ) -> Findings:
        """Look at all points and questions.

        Args:
            weights: kernel and bias of each Dense layer, in order.
            data: the points.
            questions: features of points outside the data, shape (q, features).
            l1: its strength, a part of the loss.
            l2: its strength.
        """
        padded = np.zeros((self.survey.questions, len(self.survey.network.features)), np.float32)
        padded[: len(questions)] = questions
        look = self._program if self.is_compiled else self._look
        numbers = (tf.constant(padded), tf.constant(l1, tf.float32), tf.constant(l2, tf.float32))
        found: Findings = look(tuple(weights), data, *numbers)
        findings: Findings = numbers_of(found)
        return findings._replace(answers=findings.answers[: len(questions)])

    def _look(
        self,
        weights: tuple[Tensor, ...],
        data: Data,
        questions: Tensor,
        l1: Tensor,
        l2: Tensor,
    ) -> Findings:
        if not tf.executing_eagerly():
            self.traces += 1
        network, layer = self.survey.network, self.survey.hidden_layer
        _, outputs = forward(network, weights, tf.concat([data.x, questions], axis=0))
        capacity = self.survey.capacity
        at_points, answers = outputs[-1][:capacity, -1], outputs[-1][capacity:, -1]
        hidden = [output[:capacity] for output in outputs[:-1]]
        return Findings(
            gradients=self._gradients(weights, data, l1, l2),
            predictions=at_points,
            answers=answers,
            flat=tuple(_flat(output, data.train) for output in hidden),
            hidden=hidden[layer] if layer >= 0 else tf.zeros((capacity, 0)),
        )

    def _gradients(self, weights: tuple[Tensor, ...], data: Data, l1: Tensor, l2: Tensor) -> tuple[Tensor, ...]:
        """dJ/dw of the training loss; of regularisation alone where there are no training points."""
        # A training point stands in for those that do not count: they may have an infinite loss, whose gradient is not
        # 0 even times 0.
        points = tf.where(
            data.train, tf.range(data.train.shape[0]), tf.argmax(tf.cast(data.train, tf.int32), output_type=tf.int32)
        )
        x, y, count = tf.gather(data.x, points), tf.gather(data.y, points), tf.cast(data.train, tf.float32)
        with tf.GradientTape() as tape:
            tape.watch(weights)
            losses = self._objective.losses(y, forward(self.survey.network, weights, x)[1][-1])
            loss = tf.reduce_sum(losses * count) / tf.maximum(tf.reduce_sum(count), 1.0) + penalty(weights, l1, l2)
        gradients: tuple[Tensor, ...] = tape.gradient(loss, weights)
        return gradients


def _flat(output: Tensor, train: Tensor) -> Tensor:
    """Whether the outputs, shape (n, units), of two or more training points are all the same, shape (units,)."""
    highest = tf.reduce_max(tf.where(train[:, None], output, -np.inf), axis=0)
    lowest = tf.reduce_min(tf.where(train[:, None], output, np.inf), axis=0)
    size = tf.maximum(1.0, tf.maximum(tf.abs(highest), tf.abs(lowest)))
    return (highest - lowest <= _SAME * size) & (tf.math.count_nonzero(train) > 1)
