"""A network in training: its specs, its points, its weights, and where in the epoch it is."""

from __future__ import annotations

import math
from pathlib import Path

import msgspec
import numpy as np
from numpy.typing import NDArray

from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec, check
from gdviz.network.split import test_mask
from gdviz.training.compiler import Compiler
from gdviz.training.frames import Picture, Viewer
from gdviz.training.loop import STOPPED_EARLY, Data, Loop, Plan, Settings, State, Structure, initial_state
from gdviz.training.messages import Float32Array, Metrics, SetView
from gdviz.training.model import save_model

_FOREVER = 2**31 - 1
_SHUFFLED_POINTS = 16_384


class Session:
    """Trains a network on points, batch by batch, and draws it.

    A compiled program is used as soon as the compiler has it; until then every step is taken uncompiled.

    Attributes:
        network, training, points: what was asked for last.
        epoch, batch: epochs completed, and batches of the epoch under way.
        ending: "stopped" or "failed" where training ended by itself, otherwise "".
        reason: why it did, a sentence for people.
    """

    def __init__(self, network: NetworkSpec, training: TrainingSpec, points: Points, compiler: Compiler) -> None:
        """ValueError where a spec is not allowed."""
        check(network, training)
        self.network, self.training, self.points = network, training, points
        self._compiler = compiler
        self._uncompiled_loop: Loop | None = None
        self._uncompiled_viewer: Viewer | None = None
        self._picture: Picture | None = None
        self._metrics: Float32Array | None = None
        self._shuffled: tuple[int, NDArray[np.int32]] | None = None
        self.reset()

    # What is asked for ----------------------------------------------------------------------------------------------

    def reset(self, seed: int | None = None) -> None:
        """Back to epoch 0 with the initial weights of the seed; None is the seed of the training spec."""
        if seed is not None:
            training = msgspec.structs.replace(self.training, seed=seed)
            check(self.network, training)
            self.training = training
        self._seed = self.training.seed
        self._settle()
        self._state: State = initial_state(self._structure, self.network, self._seed)
        self.epoch = self.batch = 0
        self.ending = self.reason = ""

    def set_points(self, points: Points) -> None:
        """Train on other points with the present weights; an epoch under way begins again with a new shuffle."""
        self.points = points
        self._settle()
        self._watch_anew()

    def set_training(self, training: TrainingSpec) -> None:
        """Train otherwise with the present weights; ValueError where the spec is not allowed."""
        check(self.network, training)
        before, self.training = self.training, training
        structure = self._structure
        if training.test_fraction != before.test_fraction or self._wanted_structure() != structure:
            self._settle()
            self._watch_anew()
        elif training.patience != before.patience:
            self._watch_anew()
        if (self._structure.optimizer, self._structure.settings) != (structure.optimizer, structure.settings):
            self._state = self.loop.with_fresh_optimizer(self._state)

    def set_regularisation(self, l1: float, l2: float) -> None:
        """Regularise otherwise; ValueError where a strength is not allowed."""
        network = msgspec.structs.replace(self.network, l1=l1, l2=l2)
        check(network, self.training)
        self.network = network
        self._state = self._state.watched_anew()
        self._metrics = None

    def resume(self) -> None:
        """Where training ended by itself, let it go on, with patience restored."""
        if self.ending:
            self.ending = self.reason = ""
            self._watch_anew()

    # Training -------------------------------------------------------------------------------------------------------

    @property
    def loop(self) -> Loop:
        """The compiled loop, if it is ready, or one that is not compiled."""
        compiled: Loop | None = self._compiler.ready(self._structure)
        if compiled is not None:
            return compiled
        if self._uncompiled_loop is None or self._uncompiled_loop.structure != self._structure:
            self._uncompiled_loop = Loop(self._structure)
        return self._uncompiled_loop

    @property
    def structure(self) -> Structure:
        """What the loop is compiled for."""
        return self._structure

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
        plan = self._plan(min(batches, loop.structure.max_batches), last)
        result = loop.run(before, self._data, plan, settings)
        rows, taken = result.rows, result.taken
        failed = not math.isfinite(result.metrics[0])
        if failed:
            # The state has no way back, but the one before the call still exists: train to the last finite epoch.
            rows = rows[np.isfinite(rows[:, 0])]
            taken = int(np.flatnonzero(plan.ends)[len(rows) - 1]) + 1 if len(rows) else 0
            result = loop.run(before, self._data, plan.first(taken), settings)
        self._state, self._metrics = result.state, result.metrics
        history = np.column_stack([self.epoch + 1 + np.arange(len(rows)), rows.astype(np.float64)])
        self._move_on(plan.ends[:taken])
        if failed:
            self._fail()
        elif result.outcome == STOPPED_EARLY:
            self._stop(f"No better loss for {self.training.patience} epochs")
        elif self.training.epochs and self.epoch >= self.training.epochs:
            self._stop(f"All {self.training.epochs} epochs are done")
        return history, taken

    @property
    def metrics(self) -> Metrics:
        """Loss and accuracy with the present weights."""
        measured = self._metrics
        if measured is None:
            settings = Settings.of(self.network, self.training)
            measured = self.loop.run(self._state, self._data, self._plan(0, 0), settings).metrics
            self._metrics = measured
        loss, accuracy, test_loss, test_accuracy = measured.tolist()
        return Metrics(self.epoch, loss, accuracy, test_loss, test_accuracy)

    @property
    def weights(self) -> tuple[Float32Array, ...]:
        """Kernel and bias of each Dense layer, in order."""
        return tuple(weight.numpy() for weight in self._state.weights)

    @property
    def test_indices(self) -> NDArray[np.int64]:
        """Which of the points are test points."""
        return np.flatnonzero(self._test)

    def save(self, path: Path) -> None:
        """Write a ``.keras`` file; OSError or ValueError where that cannot be done."""
        save_model(path, self.network, self.training, self.weights)

    # Drawing --------------------------------------------------------------------------------------------------------

    def draw(self, view: SetView) -> tuple[Float32Array, tuple[Float32Array, ...]]:
        """The boundary and the neurons, as ``Frame`` has them."""
        return self._viewer(view).draw(self._state.weights, view.extent)

    def picture(self, view: SetView) -> Picture:
        """What the viewer is compiled for."""
        if self._picture is None or (self._picture.samples, self._picture.neuron_samples) != (
            view.samples,
            view.neuron_samples,
        ):
            self._picture = Picture.of(self.network, view.samples, view.neuron_samples)
        return self._picture

    def _viewer(self, view: SetView) -> Viewer:
        picture = self.picture(view)
        compiled: Viewer | None = self._compiler.ready(picture)
        if compiled is not None:
            return compiled
        if self._uncompiled_viewer is None or self._uncompiled_viewer.picture != picture:
            self._uncompiled_viewer = Viewer(picture)
        return self._uncompiled_viewer

    # Within ---------------------------------------------------------------------------------------------------------

    def _settle(self) -> None:
        """Take over points and settings: the split, the data, the structure; the epoch under way begins again."""
        self._test = test_mask(len(self.points), self.training.test_fraction, self._seed)
        self._train_indices = np.flatnonzero(~self._test).astype(np.int32)
        self._structure = self._wanted_structure()
        self._data = Data.of(self.points, self._test, self._structure.capacity)
        self._metrics = None
        self._shuffled = None
        self.batch = 0

    def _wanted_structure(self) -> Structure:
        return Structure.of(self.network, self.training, len(self.points))

    def _watch_anew(self) -> None:
        """Early stopping starts afresh: losses before and after a change cannot be compared."""
        self._state = self._state.watched_anew()

    def _plan(self, batches: int, last: int) -> Plan:
        """The next batches, at most to the end of epoch ``last``; none where there is nothing to train on."""
        size = self._structure.batch_size
        parts, ends = [np.empty((0, size), np.int32)], [np.empty(0, np.bool_)]
        epoch, start, missing = self.epoch, self.batch, batches
        while missing > 0 and epoch < last and len(self._train_indices):
            block, first = self._shuffled_block(epoch)
            here = block[epoch - first : last - first]
            part = here.reshape(-1, size)[start : start + missing]
            parts.append(part)
            ends.append(np.arange(start + 1, start + 1 + len(part)) % here.shape[1] == 0)
            missing -= len(part)
            epoch, start = first + len(block), 0
        return Plan(np.concatenate(parts), np.concatenate(ends))

    def _shuffled_block(self, epoch: int) -> tuple[NDArray[np.int32], int]:
        """The batches of an epoch and some of its neighbours, and the first of these epochs.

        Seed and epoch decide the shuffle, so that it does not matter how training is cut into calls. Many epochs are
        shuffled at once, because a generator of random numbers costs more than the numbers.

        Returns:
            Indices of points, shape (epochs, batches of an epoch, batch size), -1 where the last batch is incomplete.
        """
        size, count = self._structure.batch_size, len(self._train_indices)
        together = max(1, _SHUFFLED_POINTS // count)
        number = epoch // together
        if self._shuffled is None or self._shuffled[0] != number:
            orders = np.tile(self._train_indices, (together, 1))
            np.random.default_rng((self._seed, number)).permuted(orders, axis=1, out=orders)
            padded = np.pad(orders, ((0, 0), (0, -count % size)), constant_values=-1)
            self._shuffled = number, padded.reshape(together, -1, size)
        return self._shuffled[1], number * together

    def _move_on(self, ends: NDArray[np.bool_]) -> None:
        """Move the position past some batches."""
        completed = np.flatnonzero(ends)
        self.batch = len(ends) - 1 - int(completed[-1]) if len(completed) else self.batch + len(ends)
        self.epoch += len(completed)

    def _stop(self, why: str) -> None:
        self.ending, self.reason = "stopped", why + "."
        if self.training.patience and int(self._state.best_epoch) < self.epoch:
            self._state = self._state._replace(weights=self._state.best)
            self._metrics = None
            self.reason = f"{why}; the weights are those of epoch {int(self._state.best_epoch)}, the best."

    def _fail(self) -> None:
        rate = self.training.optimizer.learning_rate
        self.ending = "failed"
        self.reason = (
            f"The loss grew beyond all numbers in epoch {self.epoch + 1}: the steps are too long. "
            f"Try a learning rate below {rate:g}, then go on or reset."
        )
