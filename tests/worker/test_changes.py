"""What changes in mid-run: goals, the share of dropout, batches of all points, single weights."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.datasets import dataset
from gdviz.network.features import Scaling
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compiler
from gdviz.training.loop import Loop, Structure, initial_state
from gdviz.training.session import Session
from gdviz.training.state import Data, Plan, Settings
from tests.worker.against_keras import keras_model

CIRCLE = dataset("circle").make(96)
ADAM = OptimizerSpec("adam", {"learning_rate": 0.02})
SGD = OptimizerSpec("sgd", {"learning_rate": 0.1})
NETWORK = NetworkSpec((Layer(8),))


@pytest.fixture(scope="module")
def compiler() -> Compiler:
    return Compiler()


# Goals ----------------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def history(compiler: Compiler) -> np.ndarray:
    """200 epochs without a goal."""
    session = Session(NETWORK, TrainingSpec(ADAM), CIRCLE, compiler)
    compiler.now(session.structure)
    return np.concatenate([session.advance(10_000, until)[0] for until in (100, 200)])


@pytest.mark.parametrize("compiled", [True, False], ids=["compiled", "uncompiled"])
@pytest.mark.parametrize("batches", [7, 10_000])
def test_a_goal_for_the_loss_ends_the_first_epoch_that_reaches_it(
    batches: int, compiled: bool, compiler: Compiler, history: np.ndarray
) -> None:
    at = 60 if compiled else 9
    goal = float(history[at, 1]) + 1e-6
    first = int(np.flatnonzero(history[:, 1] <= goal)[0])
    training = TrainingSpec(ADAM, goal_loss=goal, goal_accuracy=0.0)
    session = Session(NETWORK, training, CIRCLE, compiler if compiled else Compiler())
    while not session.ending:
        session.advance(batches)
    assert (session.epoch, session.batch, session.ending) == (first + 1, 0, "stopped")
    assert session.metrics.loss == pytest.approx(history[first, 1], rel=1e-4)
    assert session.reason == f"The loss is {session.metrics.loss:.3g}: the goal of {goal:g} is reached."


def test_a_goal_for_the_accuracy_is_reached_exactly(compiler: Compiler, history: np.ndarray) -> None:
    goal = float(np.float32(history[:, 2].max()))
    first = int(np.flatnonzero(history[:, 2] >= goal)[0])
    session = Session(NETWORK, TrainingSpec(ADAM, goal_accuracy=goal), CIRCLE, compiler)
    while not session.ending:
        session.advance(10_000)
    assert session.epoch == first + 1
    assert session.reason.startswith(f"The accuracy is {100 * goal:.3g} %: the goal of")


@pytest.mark.parametrize(("right", "of"), [(19, 20), (9, 10), (7, 10), (3, 5), (2, 3), (99, 100)])
def test_a_share_of_the_points_is_a_goal_that_can_be_met(right: int, of: int) -> None:
    """Rounding must not make 95 of 100 less than 0.95."""
    xy = np.column_stack([np.ones(of), np.zeros(of)])
    points = Points.of(xy, np.arange(of) < right)  # all are said to be green
    weights = (np.array([[1.0], [0.0]], np.float32), np.array([5.0], np.float32))
    training = TrainingSpec(
        OptimizerSpec("sgd", {"learning_rate": 1e-9}), batch_size=0, test_fraction=0.0, goal_accuracy=right / of
    )
    session = Session(NetworkSpec(()), training, points, Compiler(), weights)
    session.advance(1)
    assert session.ending == "stopped"


def test_a_goal_set_in_mid_run_compiles_nothing(compiler: Compiler, history: np.ndarray) -> None:
    session = Session(NETWORK, TrainingSpec(ADAM), CIRCLE, compiler)
    session.advance(10_000, 20)
    loop = session.loop
    session.set_training(TrainingSpec(ADAM, goal_loss=float(history[50, 1])))
    assert session.loop is loop
    while not session.ending:
        session.advance(10_000)
    assert session.epoch == int(np.flatnonzero(history[:, 1] <= np.float32(history[50, 1]))[0]) + 1
    assert loop.traces == 1


def test_a_goal_is_not_said_to_be_reached_on_other_points(compiler: Compiler, history: np.ndarray) -> None:
    session = Session(NETWORK, TrainingSpec(ADAM, goal_loss=float(history[20, 1])), CIRCLE, compiler)
    while not session.ending:
        session.advance(10_000)
    assert session.reason
    session.set_points(Points.of(CIRCLE.xy, CIRCLE.labels == 0))
    assert session.metrics.loss > session.training.goal_loss
    assert (session.ending, session.reason) == ("stopped", "")


def test_patience_does_not_take_a_goal_s_weights_back(compiler: Compiler, history: np.ndarray) -> None:
    training = TrainingSpec(ADAM, patience=1000, goal_loss=float(history[50, 1]))
    session = Session(NETWORK, training, CIRCLE, compiler)
    while not session.ending:
        session.advance(10_000)
    assert session.metrics.loss <= training.goal_loss


# Dropout --------------------------------------------------------------------------------------------------------------


def with_dropout(*shares: float) -> NetworkSpec:
    return NetworkSpec(tuple(Layer(64, "linear", share) for share in shares))


def silent_shares(session: Session, steps: int) -> float:
    """The share of neurons of the first layer that did not learn; every batch has one point."""
    shares = []
    for _ in range(steps):
        before = session.weights[0]
        session.advance(1)
        shares.append((session.weights[0] == before).all(axis=0).mean())
    return float(np.mean(shares))


def test_the_share_changes_without_compiling(compiler: Compiler) -> None:
    training = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.001}), batch_size=1)
    session = Session(with_dropout(0.1), training, CIRCLE, compiler)
    loop = compiler.now(session.structure)
    for share in (0.1, 0.5, 0.2):
        before = session.weights
        session.set_network(with_dropout(share))
        assert all(np.array_equal(a, b) for a, b in zip(before, session.weights, strict=True))
        assert silent_shares(session, 60) == pytest.approx(share, abs=0.04)  # five deviations of 60 x 64 draws
        assert session.loop is loop
    assert loop.traces == 1


def test_a_first_share_needs_another_program_and_goes_on_with_the_weights() -> None:
    session = Session(with_dropout(0.0), TrainingSpec(SGD, batch_size=1), CIRCLE, Compiler())
    assert silent_shares(session, 2) == 0.0
    before = session.weights
    session.set_network(with_dropout(0.5))
    assert all(np.array_equal(a, b) for a, b in zip(before, session.weights, strict=True))
    assert session.structure.dropout
    assert silent_shares(session, 20) == pytest.approx(0.5, abs=0.07)
    session.set_network(with_dropout(0.0))
    assert silent_shares(session, 2) == 0.0


def test_without_dropout_it_trains_and_draws_seeds_as_with_a_share_of_0() -> None:
    network, training = with_dropout(0.0), TrainingSpec(ADAM, batch_size=16)
    without = Structure.of(network, training, len(CIRCLE))
    states = [
        Loop(structure)
        .run(
            initial_state(network, 3),
            Data.of(network, CIRCLE, np.zeros(len(CIRCLE), np.bool_), structure.capacity, Scaling()),
            Plan(np.arange(48, dtype=np.int32).reshape(3, 16), np.zeros(3, np.bool_), np.full(3, 0.01, np.float32)),
            Settings.of(network, training),
        )
        .state
        for structure in (without, replace(without, dropout=True))
    ]
    for a, b in zip(*(state.weights + state.seeds for state in states), strict=True):
        assert np.array_equal(a.numpy(), b.numpy())


def test_a_share_of_0_trains_as_keras_does_without(compiler: Compiler) -> None:
    network, training = with_dropout(0.0, 0.0), TrainingSpec(ADAM, batch_size=0, test_fraction=0.0, seed=11)
    session = Session(network, training, CIRCLE, Compiler())
    model = keras_model(network, training)
    assert [layer.name for layer in model.layers] == ["hidden_1", "hidden_2", "output"]
    session.advance(5)
    for _ in range(5):
        model.train_on_batch(CIRCLE.xy, CIRCLE.labels[:, None])
    for ours, theirs in zip(session.weights, model.get_weights(), strict=True):
        assert_allclose(ours, theirs, atol=1e-5)


@pytest.mark.parametrize("compiled", [False, True], ids=["uncompiled", "compiled"])
def test_dark_are_the_neurons_that_the_last_step_left_alone(compiled: bool, compiler: Compiler) -> None:
    network = NetworkSpec((Layer(9, "linear", 0.3), Layer(7, "linear", 0.6)))
    training = TrainingSpec(SGD, batch_size=1)
    session = Session(network, training, CIRCLE, compiler if compiled else Compiler())
    if compiled:
        compiler.now(session.structure)
    assert not any(layer.any() for layer in session.dark)
    seen = []
    for steps in (1, 1, 3, 1):
        if steps > 1:
            session.advance(steps)
        before = session.weights
        session.advance(1)
        # What a silent neuron hands on has no gradient, and neither has what comes in.
        changed = [a != b for a, b in zip(before, session.weights, strict=True)]
        first, second = session.dark
        assert_array_equal(~changed[2].any(axis=1), first)
        assert_array_equal(~changed[4].any(axis=1), second)
        seen.append((*first, *second))
    assert len(set(seen)) > 1
    dark = session.dark
    session.set_network(NetworkSpec((Layer(9, "linear"), Layer(7, "linear"))))
    session.set_training(TrainingSpec(SGD, batch_size=16))
    assert all(np.array_equal(a, b) for a, b in zip(dark, session.dark, strict=True))
    session.advance(1)
    assert not any(layer.any() for layer in session.dark)


def test_only_strengths_can_change_on_a_network(compiler: Compiler) -> None:
    session = Session(NETWORK, TrainingSpec(ADAM), CIRCLE, compiler)
    for network in (
        NetworkSpec((Layer(9),)),
        NetworkSpec((Layer(8, "relu"),)),
        NetworkSpec((Layer(8),), "softmax"),
        NetworkSpec((Layer(8),), features=("x1",)),
        NetworkSpec((Layer(8),), scaling="range"),
    ):
        with pytest.raises(ValueError, match="only L1, L2 and dropout can change"):
            session.set_network(network)
    with pytest.raises(ValueError, match="dropout is 1"):
        session.set_network(NetworkSpec((Layer(8, dropout=1.0),)))
    assert session.network == NETWORK


# Batches --------------------------------------------------------------------------------------------------------------


def test_a_batch_of_all_points_is_plain_gradient_descent() -> None:
    session = Session(NETWORK, TrainingSpec(SGD, batch_size=0), CIRCLE, Compiler())
    for _ in range(3):
        weights, gradients = session.weights, session.gradients
        rows, taken = session.advance(1)
        assert (taken, len(rows)) == (1, 1)
        for before, gradient, after in zip(weights, gradients, session.weights, strict=True):
            assert_allclose(after, before - 0.1 * gradient, atol=1e-6)
    assert session.epoch == 3


def test_all_points_stay_all_points_when_there_are_more() -> None:
    session = Session(NETWORK, TrainingSpec(SGD, batch_size=0, test_fraction=0.0), CIRCLE, Compiler())
    session.advance(1)
    rng = np.random.default_rng(0)
    session.set_points(CIRCLE.added(rng.normal(size=(300, 2)), 1))
    weights, gradients = session.weights, session.gradients
    assert session.advance(5, until_epoch=2)[1] == 1
    assert_allclose(session.weights[0], weights[0] - 0.1 * gradients[0], atol=1e-6)


# Weights --------------------------------------------------------------------------------------------------------------


def test_a_weight_is_set_and_training_goes_on_from_there() -> None:
    session = Session(NETWORK, TrainingSpec(ADAM, batch_size=0, test_fraction=0.0), CIRCLE, Compiler())
    session.advance(3)
    before, metrics = session.weights, session.metrics
    session.set_weight(0, (1, 5), -2.5)
    session.set_weight(3, (0,), 0.75)
    assert session.weights[0][1, 5] == np.float32(-2.5)
    assert session.weights[3][0] == np.float32(0.75)
    assert [(a != b).sum() for a, b in zip(before, session.weights, strict=True)] == [1, 0, 0, 1]
    assert session.metrics != metrics
    assert session.metrics.epoch == 3
    model = keras_model(NETWORK, session.training)
    model.set_weights(session.weights)
    loss, _ = model.evaluate(CIRCLE.xy, CIRCLE.labels[:, None], verbose=0)
    assert session.metrics.loss == pytest.approx(loss, rel=1e-5)
    assert_allclose(session.predictions, model.predict(CIRCLE.xy, verbose=0)[:, 0], rtol=1e-5)
    session.advance(1)
    assert session.weights[0][1, 5] == pytest.approx(-2.5, abs=0.1)


@pytest.mark.parametrize(
    ("tensor", "place", "value", "words"),
    [
        (4, (0, 0), 1.0, "tensor 4; allowed is 0 to 3"),
        (-1, (0,), 1.0, "tensor -1; allowed is"),
        (0, (0,), 1.0, r"at \(0,\); tensor 0 has the shape \(2, 8\)"),
        (0, (2, 0), 1.0, r"at \(2, 0\)"),
        (1, (-1,), 1.0, r"at \(-1,\)"),
        (0, (0, 0), float("nan"), "must be a number"),
        (0, (0, 0), 1e39, "not too large"),
    ],
)
def test_a_weight_that_is_not_there_is_refused(
    tensor: int, place: tuple[int, ...], value: float, words: str, compiler: Compiler
) -> None:
    session = Session(NETWORK, TrainingSpec(ADAM), CIRCLE, compiler)
    before = session.weights
    with pytest.raises(ValueError, match=words):
        session.set_weight(tensor, place, value)
    assert all(np.array_equal(a, b) for a, b in zip(before, session.weights, strict=True))


def test_given_weights_are_where_a_reset_returns_to(compiler: Compiler) -> None:
    loaded = tuple(np.full(shape, 0.1, np.float32) for shape in ((2, 8), (8,), (8, 1), (1,)))
    session = Session(NETWORK, TrainingSpec(ADAM), CIRCLE, compiler, loaded)
    for _ in range(2):
        assert all(np.array_equal(a, b) for a, b in zip(loaded, session.weights, strict=True))
        session.advance(3)
        session.reset()
    session.reset(seed=session.training.seed)
    assert_array_equal(session.weights[0], loaded[0])
    session.reset(seed=8)
    drawn = Session(NETWORK, TrainingSpec(ADAM, seed=8), CIRCLE, compiler)
    assert_array_equal(session.weights[0], drawn.weights[0])
    told = Session(NETWORK, TrainingSpec(ADAM, seed=8), CIRCLE, compiler, loaded, seed=session._initial_seed)
    assert_array_equal(told.weights[0], drawn.weights[0])
    first = TrainingSpec(ADAM)
    for training, initial in ((first, loaded), (TrainingSpec(ADAM, seed=8), drawn.weights)):
        session.set_training(training)  # as the window does it: the seed is told, and then the reset
        session.reset()
        assert_array_equal(session.weights[0], initial[0])


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ((np.zeros((2, 8)), np.zeros(8)), "allowed is"),
        ((np.zeros((2, 9)), np.zeros(9), np.zeros((9, 1)), np.zeros(1)), "allowed is"),
        ((np.full((2, 8), np.nan), np.zeros(8), np.zeros((8, 1)), np.zeros(1)), "not finite"),
    ],
)
def test_weights_of_another_network_are_refused(
    weights: tuple[np.ndarray, ...], words: str, compiler: Compiler
) -> None:
    with pytest.raises(ValueError, match=words):
        Session(NETWORK, TrainingSpec(ADAM), CIRCLE, compiler, weights)


# Snapshots ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("batches", [16, 3], ids=["epochs", "in mid-epoch"])
def test_a_snapshot_goes_on_to_the_same_weights(batches: int, compiler: Compiler) -> None:
    network = NetworkSpec((Layer(8, dropout=0.2),))
    session = Session(network, TrainingSpec(ADAM, patience=50), CIRCLE, compiler)
    compiler.now(session.structure)
    session.advance(batches)
    snapshot, dark = session.snapshot(), session.dark
    position = (session.epoch, session.batch, session.steps)
    first = session.advance(40)[0], session.weights
    session.restore(snapshot)
    assert (session.epoch, session.batch, session.steps) == position
    assert all(np.array_equal(a, b) for a, b in zip(dark, session.dark, strict=True))
    rows, weights = session.advance(40)[0], session.weights
    assert_array_equal(rows, first[0])
    assert all(np.array_equal(a, b) for a, b in zip(weights, first[1], strict=True))
    session.reset()
    assert session.weights[0].shape == (2, 8)
    assert snapshot.nbytes > 8 * 4 * (2 * 8)


def test_a_snapshot_from_before_a_change_keeps_the_change(compiler: Compiler) -> None:
    session = Session(NETWORK, TrainingSpec(ADAM), CIRCLE, compiler)
    session.advance(3)
    snapshot, weights = session.snapshot(), session.weights
    session.set_points(CIRCLE.added([(0.0, 0.0)], 1))
    session.set_training(TrainingSpec(OptimizerSpec("rmsprop")))
    session.advance(4)
    session.restore(snapshot)
    assert (session.epoch, session.batch, session.steps) == (0, 0, 0)
    assert len(session.points) == 97
    assert all(np.array_equal(a, b) for a, b in zip(weights, session.weights, strict=True))
    session.advance(4)
    assert session.steps == 4


def test_a_stop_is_forgotten_by_a_restore(compiler: Compiler) -> None:
    session = Session(NETWORK, TrainingSpec(ADAM, epochs=2), CIRCLE, compiler)
    snapshots = [session.snapshot()]
    while not session.ending:
        session.advance(8)
        snapshots.append(session.snapshot())
    session.restore(snapshots[1])
    assert (session.ending, session.reason, session.epoch) == ("", "", 1)
    assert [a.epoch <= b.epoch for a, b in pairwise(snapshots)] == [True] * (len(snapshots) - 1)
