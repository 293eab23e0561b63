"""The training loop: a real Keras model and optimizer inside one XLA program that runs many batches a call.

The loop is a pure function, state in and state out. It writes the state into the variables of a model and an optimizer
of its own, trains them with Keras's own code, and reads them back. So a loop can be compiled in one thread while
another trains elsewhere, a state can be kept and returned to, and a loop serves every network of its structure.

Called uncompiled, the very same function runs eagerly: slow, at once, and with the same numbers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

import keras
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.parameter import Value
from gdviz.network.features import Scaling
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec, loss_of
from gdviz.training.messages import Float32Array
from gdviz.training.model import Chain, Tensor, bare, build_optimizer, initial_values, values_of
from gdviz.training.objective import Objective, penalty
from gdviz.training.program import Program
from gdviz.training.state import AFRESH, Data, Plan, Settings, State

GOING_ON, STOPPED_EARLY, NOT_FINITE, LOSS_REACHED, ACCURACY_REACHED = range(5)

_MIN_CAPACITY = 256
_PLAN_SLOTS = 16_384


@dataclass(frozen=True, slots=True)
class Structure:
    """What a loop is compiled for; everything else can change while it runs.

    Attributes:
        network: the architecture, without initialisers and strengths of dropout and regularisation.
        loss: the loss in force.
        optimizer: its key.
        settings: all its settings but the learning rate.
        batch_size: points a batch.
        capacity: points there is room for, a power of two.
        dropout: whether there may be any; its random numbers take long to compile.
    """

    network: NetworkSpec
    loss: str
    optimizer: str
    settings: tuple[tuple[str, Value], ...]
    batch_size: int
    capacity: int
    dropout: bool

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
            min(training.batch_size or capacity, capacity),
            capacity,
            any(layer.dropout for layer in network.hidden),
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


@dataclass(frozen=True, slots=True)
class Result:
    """What a call did.

    Attributes:
        state: the state after it.
        taken: batches trained; fewer than planned where training stopped.
        outcome: GOING_ON, or why training stopped: STOPPED_EARLY, NOT_FINITE, LOSS_REACHED or ACCURACY_REACHED.
        rows: a row for each epoch completed: loss, accuracy, test loss, test accuracy; float32, shape (k, 4).
        metrics: the same four with the final weights.
    """

    state: State
    taken: int
    outcome: int
    rows: NDArray[np.float32]
    metrics: NDArray[np.float32]


def initial_state(network: NetworkSpec, seed: int, weights: Sequence[Float32Array] | None = None) -> State:
    """The state before the first epoch; the same for the same seed.

    Args:
        network: what is going to be trained.
        seed: decides initial weights and dropout.
        weights: initial weights in place of those, kernel and bias of each Dense layer.

    Raises:
        ValueError: the weights are not this network's, or not finite.
    """
    first, seeds = initial_values(network, seed)
    if weights is not None:
        _check_weights(weights, [tuple(value.shape) for value in first])
        first = tuple(tf.constant(value, tf.float32) for value in weights)
    zero = tf.constant(0)
    return State(first, seeds, AFRESH, zero, first, tf.constant(np.inf), zero, zero)


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
        self._objective = Objective(structure.network, structure.loss)
        self._network = Chain(structure.network, seed=0, idle=not structure.dropout)
        self._trainable = self._network.weights
        self._optimizer = build_optimizer(OptimizerSpec(structure.optimizer, dict(structure.settings)))
        self._optimizer.build(self._trainable)
        self._afresh = values_of(_optimizer_variables(self._optimizer))
        self._weights = [variable.value for variable in self._trainable]
        self._seeds = [dropout.seed_generator.state.value for dropout in self._network.dropouts]
        self._optimizer_state = [variable.value for variable in _optimizer_variables(self._optimizer)]
        self._rates = [dropout.rate for dropout in self._network.dropouts]
        self._program = Program(self._train)

    def compile(self) -> None:
        """Compile, by a call that trains nothing."""
        self.is_compiled = True
        structure = self.structure
        data = Data.of(structure.network, Points(), np.empty(0, np.bool_), structure.capacity, Scaling())
        settings = Settings(dropout=(0.0,) * len(structure.network.hidden))
        self.run(initial_state(structure.network, 0), data, Plan.none(structure.batch_size), settings)

    def run(self, state: State, data: Data, plan: Plan, settings: Settings) -> Result:
        """Train the batches of a plan, or fewer where a goal, early stopping or a loss that is not finite ends it.

        A plan without batches trains nothing and measures the metrics.
        """
        rows = self.structure.max_batches if self.is_compiled else max(1, len(plan))
        batches = np.full((rows, self.structure.batch_size), -1, np.int32)
        ends, rates = np.zeros(rows, np.bool_), np.zeros(rows, np.float32)
        batches[: len(plan)], ends[: len(plan)], rates[: len(plan)] = plan.batches, plan.ends, plan.rates
        steps = _Steps(tf.constant(batches), tf.constant(ends), tf.constant(rates), tf.constant(len(plan)))
        train = self._program if self.is_compiled else self._train
        if state.optimizer == AFRESH:
            state = state._replace(optimizer=self._afresh)
        state, taken, outcome, history, metrics = train(state, data, steps, settings.tensors())
        taken = int(taken)
        return Result(state, taken, int(outcome), history.numpy()[:taken][plan.ends[:taken]], metrics.numpy())

    def _train(
        self, state: State, data: Data, steps: _Steps, settings: Settings
    ) -> tuple[State, Tensor, Tensor, Tensor, Tensor]:
        if not tf.executing_eagerly():
            self.traces += 1
        groups = (self._weights, self._seeds, self._optimizer_state, self._rates)
        values = (state.weights, state.seeds, state.optimizer, tf.unstack(settings.dropout))
        for variables, group in zip(groups, values, strict=True):
            for variable, value in zip(variables, group, strict=True):
                variable.assign(value)

        def going_on(step: Tensor, outcome: Tensor, *_: Tensor) -> Tensor:
            return (step < steps.count) & (outcome == GOING_ON)

        def one_batch(step: Tensor, _: Tensor, watch: _Watch, history: Tensor) -> tuple[Tensor, ...]:
            self._optimizer.learning_rate.assign(steps.rates[step])
            self._step(data, steps.batches[step], settings)
            ended = steps.ends[step]
            metrics = tf.cond(ended, lambda: self._metrics(data, settings), lambda: tf.zeros(4))
            outcome, watch = self._watch(watch, ended, metrics, data, settings)
            return step + 1, outcome, watch, history.write(step, metrics)

        rows = tf.TensorArray(tf.float32, size=steps.ends.shape[0], element_shape=(4,))
        watch = _Watch(state.epoch, state.best, state.best_loss, state.best_epoch, state.wait)
        taken, outcome, watch, history = tf.while_loop(
            going_on, one_batch, (tf.constant(0), tf.constant(GOING_ON), watch, rows)
        )
        trained = (tuple(tf.identity(variable) for variable in group) for group in groups[:3])
        return State(*trained, *watch), taken, outcome, history.stack(), self._metrics(data, settings)

    def _step(self, data: Data, batch: Tensor, settings: Settings) -> None:
        """One step of the optimizer; the mean is over the points that are there, as Keras's is."""
        there = batch >= 0
        # Another point of the batch stands in: its loss is finite where theirs are, and 0 times infinity is not 0.
        points, present = tf.where(there, batch, batch[0]), tf.cast(there, tf.float32)
        x, y = tf.gather(data.x, points), tf.gather(data.y, points)
        with tf.GradientTape() as tape:
            losses = self._objective.losses(y, self._network(x, training=True))
            loss = tf.reduce_sum(losses * present) / tf.reduce_sum(present)
            loss += penalty(self._weights, settings.l1, settings.l2)
        self._optimizer.apply(tape.gradient(loss, self._weights), self._trainable)

    def _metrics(self, data: Data, settings: Settings) -> Tensor:
        """Loss, accuracy, test loss, test accuracy; shape (4,); NaN where there are no such points."""
        output = self._network(data.x, training=False)
        losses = self._objective.losses(data.y, output) + penalty(self._weights, settings.l1, settings.l2)
        correct = self._objective.correct(data.y, output)
        values = []
        for mask in (data.train, data.test):
            count = tf.reduce_sum(tf.cast(mask, tf.float32))
            # A selection, not a product with 0: the loss of a point that does not count may be infinite.
            values += [tf.reduce_sum(tf.where(mask, each, 0.0)) / count for each in (losses, correct)]
        return tf.stack(values)

    def _watch(
        self, watch: _Watch, ended: Tensor, metrics: Tensor, data: Data, settings: Settings
    ) -> tuple[Tensor, _Watch]:
        """At the end of an epoch: goals, and what ``keras.callbacks.EarlyStopping`` does; between ends, nothing."""
        loss = tf.where(tf.reduce_any(data.test), metrics[2], metrics[0])
        epoch = watch.epoch + tf.cast(ended, tf.int32)
        better = ended & (loss < watch.best_loss)
        wait = tf.where(better, 0, watch.wait + tf.cast(ended, tf.int32))
        outcome = tf.constant(GOING_ON)
        for condition, reason in (
            ((settings.patience > 0) & (wait >= settings.patience), STOPPED_EARLY),
            ((settings.goal_accuracy > 0.0) & (metrics[1] >= settings.goal_accuracy), ACCURACY_REACHED),
            ((settings.goal_loss > 0.0) & (metrics[0] <= settings.goal_loss), LOSS_REACHED),
            (~tf.math.is_finite(metrics[0]), NOT_FINITE),
        ):
            outcome = tf.where(ended & condition, reason, outcome)
        best = tuple(tf.where(better, now, before) for now, before in zip(self._weights, watch.best, strict=True))
        return outcome, _Watch(
            epoch,
            best,
            tf.where(better, loss, watch.best_loss),
            tf.where(better, epoch, watch.best_epoch),
            wait,
        )


class _Steps(NamedTuple):
    """A plan as tensors, padded to the longest plan; ``count`` is its length."""

    batches: Tensor
    ends: Tensor
    rates: Tensor
    count: Tensor


class _Watch(NamedTuple):
    """The part of a state that early stopping keeps."""

    epoch: Tensor
    best: tuple[Tensor, ...]
    best_loss: Tensor
    best_epoch: Tensor
    wait: Tensor


def _check_weights(weights: Sequence[Float32Array], allowed: list[tuple[int, ...]]) -> None:
    shapes = [tuple(np.shape(weight)) for weight in weights]
    if shapes != allowed:
        raise ValueError(f"the weights have the shapes {shapes}; with this network allowed is {allowed}")
    if not all(np.isfinite(weight).all() for weight in weights):
        raise ValueError("a weight is not finite; every weight must be a number")


def _optimizer_variables(optimizer: keras.optimizers.Optimizer) -> list[keras.Variable]:
    # Nadam keeps one variable to itself, without listing it.
    hidden = getattr(optimizer, "_u_product", None)
    listed = list(optimizer.variables)
    return listed if hidden is None or any(v is hidden for v in listed) else [*listed, hidden]
