"""A session: where training is in the epoch, what a change keeps, and how training ends."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keras
import numpy as np
import psutil
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.datasets import dataset
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compiler
from gdviz.training.messages import SetView
from gdviz.training.model import save_model
from gdviz.training.session import Session

NETWORK = NetworkSpec((Layer(6), Layer(4)))
SGD = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.1}))
CIRCLE = dataset("circle").make(96)


@pytest.fixture(scope="module")
def compiler() -> Iterator[Compiler]:
    return Compiler()


@pytest.fixture
def session(compiler: Compiler) -> Session:
    return made(compiler)


def made(
    compiler: Compiler, training: TrainingSpec = SGD, network: NetworkSpec = NETWORK, points: Points = CIRCLE
) -> Session:
    session = Session(network, training, points, compiler)
    compiler.now(session.structure)
    return session


def with_(training: TrainingSpec = SGD, **changes: object) -> TrainingSpec:
    fields = {name: getattr(training, name) for name in training.__struct_fields__}
    return TrainingSpec(**{**fields, **changes})


def assert_same(a: tuple[np.ndarray, ...], b: tuple[np.ndarray, ...]) -> None:
    assert len(a) == len(b)
    for one, other in zip(a, b, strict=True):
        assert_array_equal(one, other)


def test_batches_and_epochs_are_counted(session: Session) -> None:
    per_epoch = -(-len(CIRCLE.labels[np.setdiff1d(np.arange(96), session.test_indices)]) // 10)
    assert per_epoch == 8
    session.advance(3)
    assert (session.epoch, session.batch) == (0, 3)
    rows, taken = session.advance(100, until_epoch=1)
    assert (session.epoch, session.batch, taken) == (1, 0, per_epoch - 3)
    assert_array_equal(rows[:, 0], [1])
    rows, _ = session.advance(2 * per_epoch + 1)
    assert (session.epoch, session.batch) == (3, 1)
    assert_array_equal(rows[:, 0], [2, 3])


def test_steps_within_an_epoch_end_where_a_whole_epoch_ends(compiler: Compiler) -> None:
    one, other = made(compiler), made(compiler)
    one.advance(10_000, until_epoch=2)
    while other.epoch < 2:
        other.advance(1)
    assert_same(one.weights, other.weights)
    assert one.metrics == other.metrics


def test_metrics_are_the_last_row_of_the_history(session: Session) -> None:
    rows, _ = session.advance(10_000, until_epoch=4)
    metrics = session.metrics
    assert_allclose(rows[-1], [metrics.epoch, metrics.loss, metrics.accuracy, metrics.test_loss, metrics.test_accuracy])


def test_reset_returns_to_the_same_weights_and_the_same_training(session: Session) -> None:
    before = session.weights
    session.advance(10_000, until_epoch=3)
    after = session.weights
    session.reset()
    assert_same(session.weights, before)
    session.advance(10_000, until_epoch=3)
    assert_same(session.weights, after)


def test_another_seed_draws_other_weights_and_keeps_the_test_points(session: Session) -> None:
    before, test = session.weights, session.test_indices
    session.reset(seed=8)
    assert not np.array_equal(session.weights[0], before[0])
    assert_array_equal(session.test_indices, test)
    session.reset()
    assert session.training.seed == 8


def test_another_split_seed_draws_other_test_points_and_keeps_the_weights(session: Session) -> None:
    session.advance(3)
    weights, test = session.weights, session.test_indices
    session.set_training(with_(split_seed=8))
    assert session.batch == 0
    assert_same(session.weights, weights)
    assert not np.array_equal(session.test_indices, test)


def test_other_points_keep_the_weights_and_begin_the_epoch_again(session: Session) -> None:
    session.advance(10)
    weights = session.weights
    session.set_points(CIRCLE.added([(0.0, 0.0)], 1))
    assert (session.epoch, session.batch) == (1, 0)
    assert_same(session.weights, weights)
    session.advance(1)
    assert not np.array_equal(session.weights[0], weights[0])


def test_another_learning_rate_goes_on_in_mid_epoch(session: Session) -> None:
    session.advance(3)
    structure = session.structure
    session.set_training(with_(optimizer=OptimizerSpec("sgd", {"learning_rate": 0.2})))
    assert (session.batch, session.structure) == (3, structure)


def test_another_optimizer_and_batch_size_keep_the_weights(compiler: Compiler, session: Session) -> None:
    session.advance(10)
    weights = session.weights
    session.set_training(with_(optimizer=OptimizerSpec("adam"), batch_size=16))
    assert_same(session.weights, weights)
    session.advance(1)
    assert (session.epoch, session.batch) == (1, 1)


def test_regularisation_changes_the_loss_and_nothing_else(session: Session) -> None:
    plain, weights = session.metrics, session.weights
    session.set_network(NetworkSpec(NETWORK.hidden, l1=0.1))
    expected = 0.1 * sum(np.abs(weight).sum() for weight in weights[::2])
    assert session.metrics.loss == pytest.approx(plain.loss + expected, rel=1e-5)
    assert session.metrics.accuracy == plain.accuracy


def test_the_last_epoch_stops_training(compiler: Compiler) -> None:
    session = made(compiler, with_(epochs=5))
    rows, _ = session.advance(10_000)
    assert (session.epoch, session.ending, len(rows)) == (5, "stopped", 5)
    session.resume()
    session.advance(10_000)
    assert (session.epoch, session.ending) == (5, "stopped")


def test_early_stopping_brings_the_best_weights_back(compiler: Compiler) -> None:
    session = made(compiler, with_(optimizer=OptimizerSpec("sgd", {"learning_rate": 2.0}), patience=3))
    parts = []
    while not session.ending:
        parts.append(session.advance(7)[0])
    history = np.concatenate(parts)
    assert session.ending == "stopped"
    best = int(np.argmin(history[:, 3]))
    assert session.epoch == best + 1 + 3
    assert session.metrics.test_loss == pytest.approx(history[best, 3], rel=1e-6)
    assert f"epoch {best + 1}," in session.reason
    assert session.restored == best + 1


def test_weights_brought_back_are_said_to_be_until_they_change(compiler: Compiler) -> None:
    session = made(compiler, with_(optimizer=OptimizerSpec("sgd", {"learning_rate": 2.0}), patience=3))
    first = session.snapshot()
    while not session.ending:
        session.advance(10_000)
    stopped, best = session.snapshot(), session.restored
    assert 0 < best < session.epoch
    for change in (
        lambda: session.set_weight(0, (0, 0), 0.5),
        lambda: session.advance(1),
        lambda: session.restore(first),
        session.reset,
    ):
        session.restore(stopped)
        assert session.restored == best
        change()
        assert session.restored == -1


def test_after_early_stopping_training_can_go_on(compiler: Compiler) -> None:
    session = made(compiler, with_(optimizer=OptimizerSpec("sgd", {"learning_rate": 2.0}), patience=3))
    while not session.ending:
        session.advance(10_000)
    epoch = session.epoch
    session.resume()
    session.advance(10_000, until_epoch=epoch + 2)
    assert (session.epoch, session.ending) == (epoch + 2, "")


@pytest.mark.parametrize("batches", [1, 5, 10_000])
def test_a_diverged_session_keeps_its_last_finite_epoch(compiler: Compiler, batches: int) -> None:
    training = with_(optimizer=OptimizerSpec("sgd", {"learning_rate": 50.0}))
    session = made(compiler, training, NetworkSpec(NETWORK.hidden, l2=1.0))
    parts = []
    while not session.ending:
        parts.append(session.advance(batches)[0])
    assert session.ending == "failed"
    assert "learning rate such as 0.01," in session.reason  # 50 is far beyond what is usual
    history = np.concatenate(parts)
    assert len(history) == session.epoch > 0
    assert np.isfinite(history[:, 1]).all()
    assert np.isfinite(session.metrics.loss)
    assert all(np.isfinite(weight).all() for weight in session.weights)


@pytest.mark.parametrize("points", [Points(), Points.of([(1, 1)], [0])], ids=["none", "one"])
def test_too_few_points_are_no_error(compiler: Compiler, points: Points) -> None:
    session = made(compiler, points=points)
    assert points.lack
    assert np.isnan(session.metrics.test_loss)
    boundary, _ = session.draw(SetView(samples=20))
    assert np.isfinite(boundary).all()


@pytest.mark.parametrize("head", ["sigmoid", "softmax"])
@pytest.mark.parametrize("compiled", [False, True], ids=["uncompiled", "compiled"])
def test_the_boundary_is_the_probability_of_green_at_pixel_centres(head: str, compiled: bool) -> None:
    compiler = Compiler()
    network = NetworkSpec((Layer(5), Layer(3, "relu", dropout=0.5)), head)
    session, view = Session(network, SGD, CIRCLE, compiler), SetView((-1.0, 3.0, 0.0, 2.0), 8, 4)
    if compiled:
        compiler.now(session.picture(view))
    boundary, neurons = session.draw(view)
    x1, x2 = np.meshgrid(-1.0 + 0.5 * (np.arange(8) + 0.5), 0.25 * (np.arange(8) + 0.5))
    w1, b1, w2, b2, w3, b3 = session.weights
    hidden = np.maximum(np.tanh(np.stack([x1, x2], -1) @ w1 + b1) @ w2 + b2, 0.0)
    output = hidden @ w3 + b3
    odds = output[..., 0] if head == "sigmoid" else output[..., 1] - output[..., 0]
    assert_allclose(boundary, 1.0 / (1.0 + np.exp(-odds)), atol=1e-6)
    assert [layer.shape for layer in neurons] == [(5, 4, 4), (3, 4, 4)]
    y1, y2 = np.meshgrid(-1.0 + (np.arange(4) + 0.5), 0.5 * (np.arange(4) + 0.5))
    first = np.tanh(np.stack([y1, y2], -1) @ w1 + b1)
    assert_allclose(neurons[0], np.moveaxis(first, -1, 0), atol=1e-5)


def test_without_hidden_layers_there_are_no_neurons() -> None:
    session = Session(NetworkSpec(()), SGD, CIRCLE, Compiler())
    boundary, neurons = session.draw(SetView(samples=6, neuron_samples=6))
    assert boundary.shape == (6, 6)
    assert neurons == ()


def test_a_saved_model_loads_with_plain_keras(tmp_path: Path, compiler: Compiler) -> None:
    network = NetworkSpec((Layer(5, dropout=0.3), Layer(3)), "softmax", l1=0.01, l2=0.02)
    session = made(compiler, with_(optimizer=OptimizerSpec("adam", {"clipnorm": 1.0})), network)
    session.advance(30)
    session.save(tmp_path / "model.keras")
    model = keras.models.load_model(tmp_path / "model.keras")
    train = np.setdiff1d(np.arange(96), session.test_indices)
    green = CIRCLE.labels[train].astype(np.float32)
    loss, accuracy = model.evaluate(
        CIRCLE.xy[train].astype(np.float32), np.stack([1 - green, green], axis=1), verbose=0
    )
    assert loss == pytest.approx(session.metrics.loss, rel=1e-5)
    assert accuracy == pytest.approx(session.metrics.accuracy, rel=1e-6)
    assert model.optimizer.clipnorm == 1.0


def test_a_model_needs_the_right_ending(tmp_path: Path, session: Session) -> None:
    with pytest.raises(ValueError, match=r"must end with \.keras"):
        save_model(tmp_path / "model.h5", NETWORK, SGD, session.weights, session.scaling)


@pytest.mark.parametrize("network", [NetworkSpec((Layer(0),)), NetworkSpec(head="tanh")])
def test_a_spec_that_is_not_allowed_is_refused(network: NetworkSpec) -> None:
    with pytest.raises(ValueError, match="allowed is"):
        Session(network, SGD, CIRCLE, Compiler())


def test_a_program_that_is_returned_to_is_still_there(compiler: Compiler) -> None:
    first = made(compiler).loop
    made(compiler, with_(batch_size=20))
    assert made(compiler).loop is first


def test_memory_stays_flat(session: Session) -> None:
    process = psutil.Process()
    session.advance(1)

    def train(epochs: int) -> None:
        until = session.epoch + epochs
        while session.epoch < until:
            session.advance(1_600, until)
            session.draw(SetView(samples=100))

    train(5_000)
    before = process.memory_info().rss
    train(40_000)
    assert process.memory_info().rss - before < 8_000_000
