"""What goes into the training loop and comes out of it: the state, the points, and settings that may change."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gdviz.declared.parameter import Value
from gdviz.network.features import Scaling, inputs_of
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.training.messages import Float32Array
from gdviz.training.model import Tensor

_TENSOR_BYTES = 400  # of TensorFlow's own for each, measured


AFRESH: tuple[Tensor, ...] = ()


class State(NamedTuple):
    """All that training changes, as tensors that are never changed themselves.

    Attributes:
        weights: kernel and bias of each Dense layer, in order.
        seeds: the state of each hidden layer's generator of dropout, shape (2,) each.
        optimizer: the optimizer's variables; ``AFRESH`` where it has made no step, whatever optimizer it is.
        epoch: epochs completed, int32.
        best: the weights at the end of the best epoch.
        best_loss: the loss that early stopping watches, at its best.
        best_epoch: when that was, int32.
        wait: epochs since then, int32.
    """

    weights: tuple[Tensor, ...]
    seeds: tuple[Tensor, ...]
    optimizer: tuple[Tensor, ...]
    epoch: Tensor
    best: tuple[Tensor, ...]
    best_loss: Tensor
    best_epoch: Tensor
    wait: Tensor

    def watched_anew(self) -> State:
        """The same state, with early stopping starting afresh."""
        return self._replace(
            best=self.weights, best_loss=tf.constant(np.inf), best_epoch=self.epoch, wait=tf.constant(0)
        )

    @property
    def nbytes(self) -> int:
        """What it takes, in bytes."""
        return sum(_TENSOR_BYTES + tensor.dtype.size * tensor.shape.num_elements() for tensor in tf.nest.flatten(self))


class Data(NamedTuple):
    """The points, padded to the capacity.

    Attributes:
        x: the features, float32, shape (capacity, features).
        y: 1 for green and 0 for red, or the values, float32, shape (capacity,).
        train, test: which are training and which are test points, shape (capacity,); padding is neither.
    """

    x: Tensor
    y: Tensor
    train: Tensor
    test: Tensor

    @classmethod
    def of(
        cls,
        network: NetworkSpec,
        points: Points,
        test: NDArray[np.bool_],
        capacity: int,
        scaling: Scaling,
    ) -> Data:
        """Points and which of them are test points, shape (n,), n <= capacity, as a network gets to see them."""
        x, y = np.zeros((capacity, len(network.features)), np.float32), np.zeros(capacity, np.float32)
        masks = np.zeros((2, capacity), np.bool_)
        count = len(points)
        x[:count] = features_of(network, points.xy, scaling)
        y[:count] = points.values if network.regression else points.labels
        masks[0, :count], masks[1, :count] = ~test, test
        return cls(tf.constant(x), tf.constant(y), tf.constant(masks[0]), tf.constant(masks[1]))


def features_of(network: NetworkSpec, xy: NDArray[np.float64], scaling: Scaling) -> Float32Array:
    """The network's inputs for points of shape (n, 2), shape (n, features)."""
    return np.stack(inputs_of(xy[:, 0], xy[:, 1], network.features, scaling), axis=1).astype(np.float32)


class Settings(NamedTuple):
    """What can change without compiling anew; see the specs. The learning rate of each step is in the plan.

    Attributes:
        dropout: share of each hidden layer.
    """

    l1: float = 0.0
    l2: float = 0.0
    dropout: tuple[float, ...] = ()
    patience: int = 0
    goal_loss: float = 0.0
    goal_accuracy: float = 0.0

    @classmethod
    def of(cls, network: NetworkSpec, training: TrainingSpec) -> Settings:
        """The settings that these specs ask for."""
        dropout = tuple(layer.dropout for layer in network.hidden)
        return cls(network.l1, network.l2, dropout, training.patience, training.goal_loss, training.goal_accuracy)

    def tensors(self) -> Settings:
        """As tensors, dropout as one of shape (hidden layers,)."""
        return _tensors(self)


@lru_cache(maxsize=8)  # making them takes a tenth of the time of a call
def _tensors(settings: Settings) -> Settings:
    numbers = Settings._make(tf.constant(value, tf.float32) for value in settings)
    return numbers._replace(patience=tf.constant(settings.patience, tf.int32))


@dataclass(frozen=True, slots=True)
class Plan:
    """The steps of a call.

    Attributes:
        batches: indices of points, int32, shape (n, batch size); -1 fills up an incomplete batch.
        ends: whether an epoch ends with the batch, shape (n,).
        rates: the learning rate of each step, float32, shape (n,).
    """

    batches: NDArray[np.int32]
    ends: NDArray[np.bool_]
    rates: Float32Array

    @classmethod
    def none(cls, size: int) -> Plan:
        """No steps, of batches of some size."""
        return cls(np.empty((0, size), np.int32), np.empty(0, np.bool_), np.empty(0, np.float32))

    def __len__(self) -> int:
        return len(self.ends)

    def first(self, count: int) -> Plan:
        """The first steps of the plan."""
        return Plan(self.batches[:count], self.ends[:count], self.rates[:count])


@dataclass(frozen=True, slots=True)
class Snapshot:
    """All that training goes on from, as it was once.

    Attributes:
        state: weights and what belongs to them.
        optimizer: whose variables the state has: key and settings.
        seed: of the run.
        epoch, batch: epochs completed, and batches of the epoch under way.
        arrangement: number of the arrangement of points into batches that ``batch`` belongs to.
        steps: of the optimizer since it began.
        last_step: its batch size, and each hidden layer's share of dropout; shares of 0 where there was no step.
        scaling: of the inputs.
        trained: whether there was any step since the run began.
        restored: the earlier epoch whose weights these are; -1 where they are of ``epoch``.
    """

    state: State
    optimizer: tuple[str, tuple[tuple[str, Value], ...]]
    seed: int
    epoch: int
    batch: int
    arrangement: int
    steps: int
    last_step: tuple[int, tuple[float, ...]]
    scaling: Scaling
    trained: bool
    restored: int

    @property
    def nbytes(self) -> int:
        """What its state takes, in bytes."""
        return self.state.nbytes
