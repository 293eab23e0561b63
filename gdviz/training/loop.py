"""The training loop: a real Keras model and optimizer inside one XLA program that runs many batches a call.

The loop is a pure function, state in and state out. It writes the state into the variables of a model and an optimizer
of its own, trains them with Keras's own code, and reads them back. So a loop can be compiled in one thread while
another trains elsewhere, a state can be kept and returned to, and a loop serves every network of its structure.

Called uncompiled, the very same function runs eagerly: slow, at once, and with the same numbers.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.parameter import Value
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec, loss_of
from gdviz.training.model import Tensor, build_model, build_optimizer

GOING_ON, STOPPED_EARLY, NOT_FINITE = 0, 1, 2

_MIN_CAPACITY = 256
_PLAN_SLOTS = 16_384
_ANY = "zeros"  # initial weights do not matter to a structure


@dataclass(frozen=True, slots=True)
class Structure:
    """What a loop is compiled for; everything else can change while it runs.

    Attributes:
        network: the architecture, without initialisers and strengths of regularisation.
        loss: the loss in force.
        optimizer: its key.
        settings: all its settings but the learning rate.
        batch_size: points a batch.
        capacity: points there is room for, a power of two.
    """

    network: NetworkSpec
    loss: str
    optimizer: str
    settings: tuple[tuple[str, Value], ...]
    batch_size: int
    capacity: int

    @classmethod
    def of(cls, network: NetworkSpec, training: TrainingSpec, count: int) -> Structure:
        """The structure for ``count`` points."""
        capacity = max(_MIN_CAPACITY, 1 << (count - 1).bit_length() if count else 0)
        settings = training.optimizer.values()
        del settings["learning_rate"]
        return cls(
            bare(network),
            loss_of(network, training),
            training.optimizer.key,
            tuple(settings.items()),
            min(training.batch_size, capacity),
            capacity,
        )

    @property
    def max_batches(self) -> int:
        """The longest plan, in batches."""
        return max(1, _PLAN_SLOTS // self.batch_size)

    def compiled(self) -> Loop:
        """A loop that is compiled; takes about a second."""
        loop = Loop(self)
        loop.compile()
        return loop


def bare(network: NetworkSpec) -> NetworkSpec:
    """The architecture alone: equal for networks whose computation is the same."""
    layers = tuple(Layer(layer.units, layer.activation, layer.dropout, _ANY) for layer in network.hidden)
    return NetworkSpec(layers, network.head, _ANY)


class State(NamedTuple):
    """All that training changes, as tensors that are never changed themselves.

    Attributes:
        weights: kernel and bias of each Dense layer, in order.
        others: seeds of dropout, then the optimizer's variables.
        epoch: epochs completed, int32.
        best: the weights at the end of the best epoch.
        best_loss: the loss that early stopping watches, at its best.
        best_epoch: when that was, int32.
        wait: epochs since then, int32.
    """

    weights: tuple[Tensor, ...]
    others: tuple[Tensor, ...]
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


class Data(NamedTuple):
    """The points, padded to the capacity.

    Attributes:
        x: x1 and x2, float32, shape (capacity, 2).
        green: 1 for green and 0 for red, float32, shape (capacity,).
        train, test: which are training and which are test points, shape (capacity,); padding is neither.
    """

    x: Tensor
    green: Tensor
    train: Tensor
    test: Tensor

    @classmethod
    def of(cls, points: Points, test: NDArray[np.bool_], capacity: int) -> Data:
        """Points and which of them are test points, shape (n,), n <= capacity."""
        x, green = np.zeros((capacity, 2), np.float32), np.zeros(capacity, np.float32)
        masks = np.zeros((2, capacity), np.bool_)
        count = len(points)
        x[:count], green[:count], masks[0, :count], masks[1, :count] = points.xy, points.labels, ~test, test
        return cls(tf.constant(x), tf.constant(green), tf.constant(masks[0]), tf.constant(masks[1]))


class Settings(NamedTuple):
    """What can change without compiling anew; see the specs."""

    learning_rate: float
    l1: float
    l2: float
    patience: int

    @classmethod
    def of(cls, network: NetworkSpec, training: TrainingSpec) -> Settings:
        """The settings that these specs ask for."""
        return cls(training.optimizer.learning_rate, network.l1, network.l2, training.patience)

    def tensors(self) -> tuple[Tensor, ...]:
        """As scalars for the loop."""
        strengths = (tf.constant(value, tf.float32) for value in (self.learning_rate, self.l1, self.l2))
        return (*strengths, tf.constant(self.patience, tf.int32))


@dataclass(frozen=True, slots=True)
class Plan:
    """Which points make up the batches of a call.

    Attributes:
        batches: indices of points, int32, shape (n, batch size); -1 fills up an incomplete batch.
        ends: whether an epoch ends with the batch, shape (n,).
    """

    batches: NDArray[np.int32]
    ends: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.ends)

    def first(self, count: int) -> Plan:
        """The first batches of the plan."""
        return Plan(self.batches[:count], self.ends[:count])


@dataclass(frozen=True, slots=True)
class Result:
    """What a call did.

    Attributes:
        state: the state after it.
        taken: batches trained; fewer than planned where training stopped.
        outcome: GOING_ON, STOPPED_EARLY or NOT_FINITE.
        rows: a row for each epoch completed: loss, accuracy, test loss, test accuracy; float32, shape (k, 4).
        metrics: the same four with the final weights.
    """

    state: State
    taken: int
    outcome: int
    rows: NDArray[np.float32]
    metrics: NDArray[np.float32]


def initial_state(structure: Structure, network: NetworkSpec, seed: int) -> State:
    """The state before the first epoch; the same for the same seed.

    Args:
        structure: of the loop that is going to train it.
        network: of that structure, with the initialisers.
        seed: decides initial weights and dropout.
    """
    model = build_model(network, seed)
    weights = _values(model.trainable_variables)
    others = _values(_other_variables(model, _built_optimizer(structure, model)))
    zero = tf.constant(0)
    return State(weights, others, zero, weights, tf.constant(np.inf), zero, zero)


class Loop:
    """The training loop of one structure.

    Attributes:
        structure: what it is for.
        is_compiled: whether calls run the compiled program.
        traces: how often the program was traced; more than once would be a bug.
    """

    def __init__(self, structure: Structure) -> None:
        self.structure = structure
        self.is_compiled = False
        self.traces = 0
        self._model = build_model(structure.network, seed=0)
        self._optimizer = _built_optimizer(structure, self._model)
        self._weights = [variable.value for variable in self._model.trainable_variables]
        self._others = [variable.value for variable in _other_variables(self._model, self._optimizer)]
        self._kernels = [weight for weight in self._weights if weight.shape.rank == 2]
        self._point_losses = getattr(keras.losses, structure.loss)
        self._program = tf.function(self._train, jit_compile=True, autograph=False)

    def compile(self) -> None:
        """Compile, by a call that trains nothing."""
        self.is_compiled = True
        empty = Points()
        data = Data.of(empty, np.empty(0, np.bool_), self.structure.capacity)
        plan = Plan(np.empty((0, self.structure.batch_size), np.int32), np.empty(0, np.bool_))
        self.run(initial_state(self.structure, self.structure.network, 0), data, plan, Settings(0.0, 0.0, 0.0, 0))

    def with_fresh_optimizer(self, state: State) -> State:
        """A state from a loop with another optimizer, for this one: weights and seeds are kept."""
        kept = len(self._model.non_trainable_variables)
        fresh = _values(_optimizer_variables(_built_optimizer(self.structure, self._model)))
        return state._replace(others=state.others[:kept] + fresh)

    def run(self, state: State, data: Data, plan: Plan, settings: Settings) -> Result:
        """Train the batches of a plan, or fewer where early stopping or a loss that is not finite ends it.

        A plan without batches trains nothing and measures the metrics.
        """
        rows = self.structure.max_batches if self.is_compiled else max(1, len(plan))
        batches = np.full((rows, self.structure.batch_size), -1, np.int32)
        ends = np.zeros(rows, np.bool_)
        batches[: len(plan)], ends[: len(plan)] = plan.batches, plan.ends
        train = self._program if self.is_compiled else self._train
        state, taken, outcome, history, metrics = train(
            state, data, tf.constant(batches), tf.constant(ends), tf.constant(len(plan)), settings.tensors()
        )
        taken = int(taken)
        return Result(state, taken, int(outcome), history.numpy()[:taken][plan.ends[:taken]], metrics.numpy())

    def _train(
        self, state: State, data: Data, batches: Tensor, ends: Tensor, steps: Tensor, settings: tuple[Tensor, ...]
    ) -> tuple[State, Tensor, Tensor, Tensor, Tensor]:
        if not tf.executing_eagerly():
            self.traces += 1
        learning_rate, l1, l2, patience = settings
        for variable, value in zip(self._weights + self._others, state.weights + state.others, strict=True):
            variable.assign(value)
        self._optimizer.learning_rate.assign(learning_rate)

        def going_on(step: Tensor, outcome: Tensor, *_: Tensor) -> Tensor:
            return (step < steps) & (outcome == GOING_ON)

        def one_batch(step: Tensor, _: Tensor, watch: _Watch, history: Tensor) -> tuple[Tensor, ...]:
            self._step(data, batches[step], l1, l2)
            metrics = tf.cond(ends[step], lambda: self._metrics(data, l1, l2), lambda: tf.zeros(4))
            outcome, watch = self._watch(watch, ends[step], metrics, data, patience)
            return step + 1, outcome, watch, history.write(step, metrics)

        rows = tf.TensorArray(tf.float32, size=batches.shape[0], element_shape=(4,))
        watch = _Watch(state.epoch, state.best, state.best_loss, state.best_epoch, state.wait)
        taken, outcome, watch, history = tf.while_loop(
            going_on, one_batch, (tf.constant(0), tf.constant(GOING_ON), watch, rows)
        )
        weights, others = (tuple(tf.identity(v) for v in group) for group in (self._weights, self._others))
        return State(weights, others, *watch), taken, outcome, history.stack(), self._metrics(data, l1, l2)

    def _step(self, data: Data, batch: Tensor, l1: Tensor, l2: Tensor) -> None:
        """One step of the optimizer; the mean is over the points that are there, as Keras's is."""
        present = tf.cast(batch >= 0, tf.float32)
        points = tf.maximum(batch, 0)
        x, green = tf.gather(data.x, points), tf.gather(data.green, points)
        with tf.GradientTape() as tape:
            losses = self._point_losses(self._targets(green), self._model(x, training=True))
            loss = tf.reduce_sum(losses * present) / tf.reduce_sum(present) + self._penalty(l1, l2)
        self._optimizer.apply(tape.gradient(loss, self._weights), self._model.trainable_variables)

    def _penalty(self, l1: Tensor, l2: Tensor) -> Tensor:
        """L1 and L2 of all weights, without biases, as ``keras.regularizers.L1L2`` has them."""
        return tf.add_n([l1 * tf.reduce_sum(tf.abs(w)) + l2 * tf.reduce_sum(tf.square(w)) for w in self._kernels])

    def _metrics(self, data: Data, l1: Tensor, l2: Tensor) -> Tensor:
        """Loss, accuracy, test loss, test accuracy; shape (4,); NaN where there are no such points."""
        output = self._model(data.x, training=False)
        losses = self._point_losses(self._targets(data.green), output)
        guessed_green = output[:, 0] > 0.5 if self.structure.network.head == "sigmoid" else output[:, 1] > output[:, 0]
        correct = tf.cast(tf.equal(guessed_green, data.green > 0.5), tf.float32)
        penalty = self._penalty(l1, l2)
        values = []
        for mask in (data.train, data.test):
            count = tf.reduce_sum(tf.cast(mask, tf.float32))
            # A selection, not a product with 0: the loss of a point that does not count may be infinite.
            values += [tf.reduce_sum(tf.where(mask, each, 0.0)) / count for each in (losses + penalty, correct)]
        return tf.stack(values)

    def _targets(self, green: Tensor) -> Tensor:
        return green[:, None] if self.structure.network.head == "sigmoid" else tf.stack([1.0 - green, green], axis=1)

    def _watch(
        self, watch: _Watch, ended: Tensor, metrics: Tensor, data: Data, patience: Tensor
    ) -> tuple[Tensor, _Watch]:
        """What ``keras.callbacks.EarlyStopping`` does at the end of an epoch; between ends, nothing."""
        loss = tf.where(tf.reduce_any(data.test), metrics[2], metrics[0])
        epoch = watch.epoch + tf.cast(ended, tf.int32)
        better = ended & (loss < watch.best_loss)
        wait = tf.where(better, 0, watch.wait + tf.cast(ended, tf.int32))
        out_of_patience = ended & (patience > 0) & (wait >= patience)
        finite = tf.math.is_finite(metrics[0])
        outcome = tf.where(finite, tf.where(out_of_patience, STOPPED_EARLY, GOING_ON), NOT_FINITE)
        best = tuple(tf.where(better, now, before) for now, before in zip(self._weights, watch.best, strict=True))
        return outcome, _Watch(
            epoch,
            best,
            tf.where(better, loss, watch.best_loss),
            tf.where(better, epoch, watch.best_epoch),
            wait,
        )


class _Watch(NamedTuple):
    """The part of a state that early stopping keeps."""

    epoch: Tensor
    best: tuple[Tensor, ...]
    best_loss: Tensor
    best_epoch: Tensor
    wait: Tensor


def _built_optimizer(structure: Structure, model: keras.Model) -> keras.optimizers.Optimizer:
    optimizer = build_optimizer(OptimizerSpec(structure.optimizer, dict(structure.settings)))
    optimizer.build(model.trainable_variables)
    return optimizer


def _values(variables: Iterable[keras.Variable]) -> tuple[Tensor, ...]:
    return tuple(tf.identity(variable.value) for variable in variables)


def _other_variables(model: keras.Model, optimizer: keras.optimizers.Optimizer) -> list[keras.Variable]:
    """What training changes besides the weights, in the order of ``State.others``."""
    return [*model.non_trainable_variables, *_optimizer_variables(optimizer)]


def _optimizer_variables(optimizer: keras.optimizers.Optimizer) -> list[keras.Variable]:
    # Nadam keeps one variable to itself, without listing it.
    hidden = getattr(optimizer, "_u_product", None)
    listed = list(optimizer.variables)
    return listed if hidden is None or any(v is hidden for v in listed) else [*listed, hidden]
