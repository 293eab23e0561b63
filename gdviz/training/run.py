"""A network in training: its specs, its points, its weights, and where in the epoch it is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import tensorflow as tf
from numpy.typing import NDArray

from gdviz.declared.parameter import Value
from gdviz.descent.schedules import rate
from gdviz.network.features import Scaling
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec, check, lack_of
from gdviz.network.split import test_mask
from gdviz.training.batches import Batches
from gdviz.training.compiler import Compilable, Compiler
from gdviz.training.endings import GOALS, failed, goal_reached, stopped
from gdviz.training.loop import GOING_ON, Loop, Structure, initial_state
from gdviz.training.messages import Float32Array, Metrics
from gdviz.training.model import save_model
from gdviz.training.state import AFRESH, Data, Plan, Settings, Snapshot

_FOREVER = 2**31 - 1


class TrainingRun:
    """Trains a network on points, batch by batch.

    A compiled program is used as soon as the compiler has it; until then every step is taken uncompiled.

    Attributes:
        network, training, points: what was asked for last.
        epoch, batch: epochs completed, and batches of the epoch under way.
        steps: of the optimizer since it began.
        scaling: of x1 and x2, by the training points there were when the first step was taken.
        ending: "stopped" or "failed" where training ended by itself, otherwise "".
        reason: why it did, a sentence for people; "" once that was with other points.
        restored: the earlier epoch whose weights came back when training ended; -1 where they are of ``epoch``.
    """

    def __init__(
        self,
        network: NetworkSpec,
        training: TrainingSpec,
        points: Points,
        compiler: Compiler,
        weights: Sequence[Float32Array] | None = None,
        scaling: Scaling | None = None,
        seed: int | None = None,
    ) -> None:
        """Begin a run.

        Args:
            network: what is trained.
            training: how.
            points: on what.
            compiler: has the compiled programs.
            weights: initial weights, kernel and bias of each Dense layer; None draws them by the seed.
            scaling: what goes with these weights; None takes it from the training points.
            seed: the one that has weights and scaling; None is that of the training.

        Raises:
            ValueError: a spec is not allowed, or the weights are not this network's.
        """
        check(network, training)
        self.network, self.training, self.points = network, training, points
        self._compiler = compiler
        self._initial, self._initial_scaling = weights, scaling
        self._initial_seed = training.seed if seed is None else seed
        self._uncompiled: dict[type, tuple[Compilable, Any]] = {}
        self._arrangement = 0
        self._measured: Float32Array | None = None
        self.reset()

    # What is asked for ----------------------------------------------------------------------------------------------

    def reset(self, seed: int | None = None) -> None:
        """Back to epoch 0 with the same initial weights; another seed than before draws others, and is kept.

        Weights that the run was given are those of the seed that it was given with them.
        """
        if seed is not None:
            training = msgspec.structs.replace(self.training, seed=seed)
            check(self.network, training)
            self.training = training
        self._seed = self.training.seed
        self._trained = False
        self._last_step = 1, (0.0,) * len(self.network.hidden)
        self.epoch = self.batch = self.steps = 0
        self.ending, self.reason, self.restored = "", "", -1
        self._settle()
        self._state = initial_state(self.network, self._seed, self._initial if self._is_given else None)

    def set_points(self, points: Points) -> None:
        """Train on other points with the present weights; an epoch under way begins again with a new shuffle."""
        self.points = points
        self._settle()
        self._state = self._state.watched_anew()

    def set_training(self, training: TrainingSpec) -> None:
        """Train otherwise with the present weights; ValueError where the spec is not allowed."""
        check(self.network, training)
        before, self.training = self.training, training
        structure, split = self._structure, (before.test_fraction, before.split_seed)
        if (training.test_fraction, training.split_seed) != split or self._wanted_structure() != structure:
            self._settle()
            self._state = self._state.watched_anew()
        elif training.patience != before.patience:
            self._state = self._state.watched_anew()
        if self._optimizer != (structure.optimizer, structure.settings):
            self._state, self.steps = self._state._replace(optimizer=AFRESH), 0

    def set_network(self, network: NetworkSpec) -> None:
        """Other L1, L2 and dropout, with the present weights.

        Raises:
            ValueError: one of them is not allowed, or something else would have to change.
        """
        check(network, self.training)
        if _fixed(network) != _fixed(self.network):
            raise ValueError("only L1, L2 and dropout can change while a network trains; anything else takes a new one")
        before, self.network = self.network, network
        self._structure = self._wanted_structure()  # a first dropout needs another program
        if (network.l1, network.l2) != (before.l1, before.l2):
            self._state = self._state.watched_anew()
            self._measured = None

    def set_weight(self, tensor: int, place: tuple[int, ...], value: float) -> None:
        """Change one weight; training goes on from there.

        Args:
            tensor: index into ``weights``.
            place: (input, neuron) in a kernel, (neuron,) in a bias.
            value: finite.

        Raises:
            ValueError: there is no such weight, or the value is not finite.
        """
        weights = list(self._state.weights)
        if not 0 <= tensor < len(weights):
            raise ValueError(f"the weight is in tensor {tensor}; allowed is 0 to {len(weights) - 1}")
        changed, place = weights[tensor].numpy().copy(), tuple(place)
        if len(place) != changed.ndim or not all(0 <= i < n for i, n in zip(place, changed.shape, strict=True)):
            raise ValueError(f"the weight is at {place}; tensor {tensor} has the shape {changed.shape}")
        with np.errstate(over="ignore"):
            changed[place] = value
        if not math.isfinite(changed[place]):
            raise ValueError(f"the weight is {value}; it must be a number that is not too large")
        weights[tensor] = tf.constant(changed)
        self._state = self._state._replace(weights=tuple(weights)).watched_anew()
        self._measured, self.restored = None, -1

    def resume(self) -> None:
        """Where training ended by itself, let it go on, with patience restored."""
        if self.ending:
            self.ending = self.reason = ""
            self._state = self._state.watched_anew()

    # Training -------------------------------------------------------------------------------------------------------

    @property
    def lack(self) -> str:
        """What training still lacks, a sentence for people; "" where nothing does."""
        return lack_of(self.network, self.points)

    @property
    def loop(self) -> Loop:
        """The compiled loop, if it is ready, or one that is not compiled."""
        loop: Loop = self._program(self._structure, Loop)
        return loop

    @property
    def structure(self) -> Structure:
        """What the loop is compiled for."""
        return self._structure

    @property
    def learning_rate(self) -> float:
        """Of the next step."""
        return float(self._rates(1)[0])

    def advance(self, batches: int, until_epoch: int | None = None) -> tuple[NDArray[np.float64], int]:
        """Train some batches, at most to the end of an epoch, of all epochs, or until training ends by itself.

        Args:
            batches: how many at most; a call may do fewer.
            until_epoch: where to stop at the latest.

        Returns:
            Epochs completed, shape (k, 5), the fields of ``Metrics`` in order; and the batches trained.
        """
        last = min(self.training.epochs or _FOREVER, until_epoch or _FOREVER)
        loop, settings, before = self.loop, Settings.of(self.network, self.training), self._state
        indices, ends = self._batches.after(self.epoch, self.batch, min(batches, loop.structure.max_batches), last)
        plan = Plan(indices, ends, self._rates(len(ends)).astype(np.float32))
        result = loop.run(before, self._data, plan, settings)
        rows, taken = result.rows, result.taken
        diverged = not math.isfinite(result.metrics[0])
        if diverged:
            # The state has no way back, but the one before the call still exists: train to the last finite epoch.
            rows = rows[np.isfinite(rows[:, 0])]
            taken = int(np.flatnonzero(plan.ends)[len(rows) - 1]) + 1 if len(rows) else 0
            result = loop.run(before, self._data, plan.first(taken), settings)
        if taken:
            self._trained, self._last_step = True, (self._structure.batch_size, settings.dropout)
            self.restored = -1
        self._state, self._measured = result.state, result.metrics
        self.steps += taken
        history = np.column_stack([self.epoch + 1 + np.arange(len(rows)), rows.astype(np.float64)])
        self._move_on(plan.ends[:taken])
        if diverged:
            self.ending, self.reason = "failed", failed(self.training, self.epoch + 1)
        elif result.outcome != GOING_ON or (self.training.epochs and self.epoch >= self.training.epochs):
            self._stop(result.outcome)
        return history, taken

    @property
    def metrics(self) -> Metrics:
        """Loss and accuracy with the present weights."""
        measured = self._measured
        if measured is None:
            nothing, settings = Plan.none(self._structure.batch_size), Settings.of(self.network, self.training)
            measured = self._measured = self.loop.run(self._state, self._data, nothing, settings).metrics
        loss, accuracy, test_loss, test_accuracy = measured.tolist()
        return Metrics(self.epoch, loss, accuracy, test_loss, test_accuracy)

    @property
    def weights(self) -> tuple[Float32Array, ...]:
        """Kernel and bias of each Dense layer, in order."""
        return tuple(weight.numpy() for weight in self._state.weights)

    @property
    def best_epoch(self) -> int:
        """The epoch whose weights early stopping keeps as the best; -1 while patience is off or before the first."""
        watched = self.training.patience and math.isfinite(self._state.best_loss)
        return int(self._state.best_epoch) if watched else -1

    @property
    def test_indices(self) -> NDArray[np.int64]:
        """Which of the points are test points."""
        return np.flatnonzero(self._test)

    def snapshot(self) -> Snapshot:
        """All that training goes on from; it does not change any more."""
        position = (self._seed, self.epoch, self.batch, self._arrangement, self.steps)
        state = self._state.watched_anew() if self.ending else self._state  # as ``resume`` would go on
        rest = self._last_step, self.scaling, self._trained, self.restored
        return Snapshot(state, self._optimizer, *position, *rest)

    def restore(self, snapshot: Snapshot) -> None:
        """Go on from a snapshot of this network.

        Points and settings stay as they are. Where they have changed since then, the epoch under way begins again; with
        another optimizer, its state is a fresh one.
        """
        if snapshot.seed != self._seed:
            self._seed = snapshot.seed
            self._settle()
        self._state, self.epoch, self.steps = snapshot.state, snapshot.epoch, snapshot.steps
        self._trained, self._last_step, self.scaling = snapshot.trained, snapshot.last_step, snapshot.scaling
        same = snapshot.arrangement == self._arrangement
        self.batch = snapshot.batch if same else 0
        if not same:
            self._state = self._state.watched_anew()
        if snapshot.optimizer != self._optimizer:
            self._state, self.steps = self._state._replace(optimizer=AFRESH), 0
        self.ending, self.reason, self.restored = "", "", snapshot.restored
        self._see_points()

    def save(self, path: Path) -> None:
        """Write a ``.keras`` file; OSError or ValueError where that cannot be done."""
        save_model(path, self.network, self.training, self.weights, self.scaling)

    # Within ---------------------------------------------------------------------------------------------------------

    def _program(self, description: Compilable, make: Callable[[Any], Any]) -> Any:
        """The compiled program of a description, if it is ready, or one that is not compiled."""
        compiled = self._compiler.ready(description)
        if compiled is not None:
            return compiled
        kept = self._uncompiled.get(type(description))
        if kept is None or kept[0] != description:
            kept = self._uncompiled[type(description)] = description, make(description)
        return kept[1]

    @property
    def _optimizer(self) -> tuple[str, tuple[tuple[str, Value], ...]]:
        """What the optimizer's variables belong to: its key and settings."""
        return self._structure.optimizer, self._structure.settings

    def _wanted_structure(self) -> Structure:
        return Structure.of(self.network, self.training, len(self.points))

    @property
    def _is_given(self) -> bool:
        """Whether the run begins as it was given, and not as another seed has it."""
        return self._seed == self._initial_seed

    def _settle(self) -> None:
        """Take over points and settings: the split, the data, the structure; the epoch under way begins again."""
        self._test = test_mask(self.points.ids, self.training.test_fraction, self.training.split_seed)
        self._structure = self._wanted_structure()
        indices = np.flatnonzero(~self._test).astype(np.int32)
        self._batches = Batches(self._seed, indices, self._structure.batch_size)
        self._arrangement += 1
        self.batch = 0
        if self.ending == "stopped":
            self.reason = ""  # it told of the points as they were
        self._see_points()

    def _see_points(self) -> None:
        """The points as the network gets to see them; what they are scaled by is settled by the first step."""
        if not self._trained:
            usual = Scaling.of(self.network.scaling, self.points.xy[~self._test])
            self.scaling = (self._is_given and self._initial_scaling) or usual
        self._data = Data.of(self.network, self.points, self._test, self._structure.capacity, self.scaling)
        self._measured = None

    def _rates(self, count: int) -> NDArray[np.float64]:
        """The learning rates of the next steps, shape (count,)."""
        return rate(self.training.schedule, self.training.optimizer.learning_rate, self.steps + np.arange(count))

    def _move_on(self, ends: NDArray[np.bool_]) -> None:
        """Move the position past some batches."""
        completed = np.flatnonzero(ends)
        self.batch = len(ends) - 1 - int(completed[-1]) if len(completed) else self.batch + len(ends)
        self.epoch += len(completed)

    def _stop(self, outcome: int) -> None:
        """Training ended by itself: a goal, patience, or the last epoch; the latter two leave the best weights."""
        self.ending = "stopped"
        if outcome in GOALS:
            self.reason = goal_reached(outcome, self.training, self.metrics)
            return
        best = int(self._state.best_epoch)
        gone_by = bool(self.training.patience) and best < self.epoch
        if gone_by:
            self._state = self._state._replace(weights=self._state.best)
            self._measured, self.restored = None, best
        self.reason = stopped(outcome, self.training, best if gone_by else None)


def _fixed(network: NetworkSpec) -> NetworkSpec:
    """What cannot change while it trains."""
    layers = tuple(msgspec.structs.replace(layer, dropout=0.0) for layer in network.hidden)
    return msgspec.structs.replace(network, hidden=layers, l1=0.0, l2=0.0)
