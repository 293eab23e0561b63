"""The compiled loop computes what Keras computes."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.loop import NOT_FINITE, STOPPED_EARLY, Loop, Structure, initial_state
from gdviz.training.model import Chain, build_model
from gdviz.training.state import AFRESH, Plan, Settings
from tests.worker.against_keras import (
    BATCH,
    SEED,
    assert_same_weights,
    compiled,
    data_of,
    keras_model,
    keras_targets,
    keras_trained,
    shuffled,
    trained,
    training_spec,
)

KERAS_OPTIMIZERS = [key for key, declaration in OPTIMIZERS.items() if declaration.keras_name]
NETWORK = NetworkSpec((Layer(6), Layer(5, "relu")))
ONE_LAYER = NetworkSpec((Layer(6),), l1=0.003, l2=0.01)
"""Regularised, and compiled sooner: what an optimizer does with a gradient does not depend on where that is from."""

NO_TEST = np.zeros(46, np.bool_)


def test_initial_weights_and_dropout_seeds_are_those_of_the_keras_model() -> None:
    network = NetworkSpec((Layer(6, dropout=0.2), Layer(5, "relu", dropout=0.5)))
    state, model, chain = initial_state(network, SEED), build_model(network, SEED), Chain(network, SEED)
    for kernel, variable in zip(state.weights, chain.weights, strict=True):
        assert_array_equal(kernel.numpy(), variable.numpy())
    for values, variables in (
        (state.weights, model.trainable_variables),
        (state.seeds, model.non_trainable_variables),
    ):
        for ours, theirs in zip(values, variables, strict=True):
            assert_array_equal(ours.numpy(), theirs.numpy())


@pytest.mark.parametrize(
    ("key", "network"),
    [
        *((key, ONE_LAYER) for key in KERAS_OPTIMIZERS),
        ("adam", NETWORK),
        ("adam", NetworkSpec(NETWORK.hidden, l1=0.003, l2=0.01)),
    ],
    ids=[*KERAS_OPTIMIZERS, "plain", "regularised"],
)
def test_ends_where_keras_ends(key: str, network: NetworkSpec, points: Points) -> None:
    training = training_spec(key)
    plan = shuffled(np.arange(40))  # full batches alone, as Keras traces anew for another size
    model = keras_trained(network, training, points, plan)
    result = trained(network, training, points, NO_TEST, plan)
    assert result.taken == len(plan)
    assert_same_weights(result, model)
    loss, accuracy = model.evaluate(points.xy.astype(np.float32), keras_targets(network, points), verbose=0)
    assert_allclose(result.metrics[:2], [loss, accuracy], rtol=1e-4)
    assert_array_equal(result.rows[-1], result.metrics)


@pytest.mark.parametrize(
    "settings",
    [{"momentum": 0.8, "weight_decay": 0.02}, {"clipnorm": 0.1}, {"clipvalue": 0.01}],
    ids=lambda settings: next(iter(settings)),
)
def test_settings_reach_the_optimizer(settings: dict[str, float], points: Points) -> None:
    training = training_spec("sgd", **settings)
    plan = shuffled(np.arange(40))  # full batches alone, as Keras traces anew for another size
    ours = trained(ONE_LAYER, training, points, NO_TEST, plan)
    assert_same_weights(ours, keras_trained(ONE_LAYER, training, points, plan))


@pytest.mark.parametrize(
    ("head", "loss"),
    [
        ("sigmoid", "mean_squared_error"),
        ("sigmoid", "hinge"),
        ("softmax", "categorical_crossentropy"),
        ("softmax", "mean_squared_error"),
        ("softmax", "hinge"),
    ],
)
def test_every_head_and_loss(head: str, loss: str, points: Points) -> None:
    network, training = NetworkSpec((Layer(6),), head, l2=0.01), training_spec("adam", loss)
    plan = shuffled(np.arange(46))
    model = keras_trained(network, training, points, plan)
    result = trained(network, training, points, NO_TEST, plan)
    assert_same_weights(result, model)
    loss_value, accuracy = model.evaluate(points.xy.astype(np.float32), keras_targets(network, points), verbose=0)
    assert_allclose(result.metrics[:2], [loss_value, accuracy], rtol=1e-4)


def test_a_network_without_hidden_layers(points: Points) -> None:
    network, training = NetworkSpec(()), training_spec()
    plan = shuffled(np.arange(46))
    result = trained(network, training, points, NO_TEST, plan)
    assert_same_weights(result, keras_trained(network, training, points, plan))


def test_saturated_outputs_still_learn(points: Points) -> None:
    """Cross-entropy has to see logits: probabilities that round to 0 or 1 have no gradient."""
    network, training = NetworkSpec((Layer(6, "linear", initializer="ones"),)), training_spec()
    far = Points.of(points.xy * 20.0, points.labels)
    plan = shuffled(np.arange(46), 1)
    model = keras_trained(network, training, far, plan)
    for compile in (True, False):
        assert_same_weights(trained(network, training, far, NO_TEST, plan, compile=compile), model)


@pytest.mark.parametrize("dropout", [0.0, 0.4], ids=["plain", "dropout"])
def test_uncompiled_is_compiled(dropout: float, points: Points) -> None:
    network, training = NetworkSpec((Layer(6, dropout=dropout),), l1=0.001), training_spec("adam")
    test = np.arange(46) % 4 == 0
    plan = shuffled(np.flatnonzero(~test), 4)
    slow = trained(network, training, points, test, plan, compile=False)
    fast = trained(network, training, points, test, plan)
    for a, b in zip(slow.state.weights, fast.state.weights, strict=True):
        assert_allclose(a.numpy(), b.numpy(), atol=1e-5)
    assert_allclose(slow.rows, fast.rows, atol=1e-5)


def test_calls_can_be_cut_anywhere(points: Points) -> None:
    network, training = NetworkSpec((Layer(6, dropout=0.3),)), training_spec("adam")
    structure = Structure.of(network, training, 46)
    loop, settings = compiled(structure), Settings.of(network, training)
    data, plan = data_of(network, points, NO_TEST, structure), shuffled(np.arange(46))
    whole = loop.run(initial_state(network, SEED), data, plan, settings)
    state = initial_state(network, SEED)
    for start in range(0, len(plan), 7):
        part = Plan(*(each[start : start + 7] for each in (plan.batches, plan.ends, plan.rates)))
        state = loop.run(state, data, part, settings).state
    for a, b in zip(whole.state.weights, state.weights, strict=True):
        assert_array_equal(a.numpy(), b.numpy())


def test_dropout_is_keras_s_share_and_for_training_only(points: Points) -> None:
    plain, dropped = (NetworkSpec((Layer(64, "linear", dropout=share),)) for share in (0.0, 0.5))
    training = training_spec()
    plan = shuffled(np.arange(46), 1).first(1)
    before = initial_state(dropped, SEED)
    after = trained(dropped, training, points, NO_TEST, plan)
    silent = np.isclose(after.state.weights[0].numpy(), before.weights[0].numpy(), atol=0).all(axis=0)
    assert not silent.any()  # each of the ten points silences others
    nothing = plan.first(0)
    same_weights = trained(plain, training, points, NO_TEST, nothing).metrics
    assert_allclose(trained(dropped, training, points, NO_TEST, nothing).metrics, same_weights, rtol=1e-6)


def test_dropout_silences_the_share_asked_for(points: Points) -> None:
    network = NetworkSpec((Layer(64, "linear", dropout=0.25),))
    training = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.05}), batch_size=1)
    plan = Plan(np.zeros((1, 1), np.int32), np.array([False]), np.array([0.05], np.float32))
    structure = Structure.of(network, training, 46)
    loop, settings = compiled(structure), Settings.of(network, training)
    data, state = data_of(network, points, NO_TEST, structure), initial_state(network, SEED)
    shares = []
    for _ in range(60):
        result = loop.run(state, data, plan, settings)
        silent = (result.state.weights[0].numpy() == state.weights[0].numpy()).all(axis=0)
        shares.append(silent.mean())
        state = result.state
    assert abs(np.mean(shares) - 0.25) < 0.03  # five standard deviations of 60 x 64 draws
    assert np.std(shares) > 0.0


@pytest.mark.parametrize("patience", [1, 3, 10])
def test_early_stopping_is_keras_s(patience: int, points: Points) -> None:
    """Real ``fit`` with the real callback, on the same batches."""
    rng = np.random.default_rng(0)
    noisy = Points.of(points.xy, np.where(rng.random(46) < 0.3, 1 - points.labels, points.labels))
    test = np.arange(46) % 3 == 0
    training = TrainingSpec(OptimizerSpec("adam", {"learning_rate": 0.05}), batch_size=BATCH, patience=patience)
    network = NetworkSpec((Layer(8),), l2=0.001)
    epochs = 150
    plan = shuffled(np.flatnonzero(~test), epochs)
    result = trained(network, training, noisy, test, plan)
    assert result.outcome == STOPPED_EARLY

    x, y = noisy.xy.astype(np.float32), keras_targets(network, noisy)

    def batches():
        for batch in plan.batches:
            yield x[batch[batch >= 0]], y[batch[batch >= 0]]

    model = keras_model(network, training)
    callback = keras.callbacks.EarlyStopping("val_loss", patience=patience, restore_best_weights=True)
    steps = len(plan) // epochs
    history = model.fit(
        batches(),
        steps_per_epoch=steps,
        epochs=epochs,
        validation_data=(x[test], y[test]),
        callbacks=[callback],
        shuffle=False,
        verbose=0,
    )
    assert len(result.rows) == len(history.history["val_loss"])
    assert_allclose(result.rows[:, 2], history.history["val_loss"], rtol=1e-3, atol=1e-5)
    assert int(result.state.best_epoch) == callback.best_epoch + 1
    for ours, theirs in zip(result.state.best, model.get_weights(), strict=True):
        assert_allclose(ours.numpy(), theirs, rtol=1e-3, atol=1e-4)


def test_without_test_points_early_stopping_watches_the_training_loss(points: Points) -> None:
    training = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 3.0}), batch_size=BATCH, patience=2)
    result = trained(NETWORK, training, points, NO_TEST, shuffled(np.arange(46), 200, rate=3.0))
    losses = result.rows[:, 0]
    assert result.outcome == STOPPED_EARLY
    assert int(result.state.best_epoch) == len(losses) - 2 == int(np.argmin(losses)) + 1
    assert np.isnan(result.rows[:, 2:]).all()


def test_a_loss_that_is_not_finite_ends_the_call(points: Points) -> None:
    network = NetworkSpec((Layer(8),), l2=1.0)  # each step multiplies the weights by about -99
    training = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 50.0}), batch_size=BATCH)
    result = trained(network, training, points, NO_TEST, shuffled(np.arange(46), rate=50.0))
    assert result.outcome == NOT_FINITE
    assert not np.isfinite(result.rows[-1, 0])
    assert np.isfinite(result.rows[:-1, 0]).all()


def test_nothing_that_changes_in_training_traces_again(points: Points) -> None:
    network, training = NetworkSpec((Layer(7, dropout=0.2),)), training_spec("adam")
    structure = Structure.of(network, training, 46)
    loop = structure.compiled()
    state = initial_state(network, SEED)
    rng = np.random.default_rng(0)
    for count, steps, rate, l1, dropout in [
        (46, 3, 0.1, 0.0, 0.0),
        (46, 20, 0.01, 0.1, 0.5),
        (200, 1, 1.0, 0.0, 0.1),
        (0, 0, 1.0, 0.0, 0.0),
    ]:
        xy = rng.normal(size=(count, 2))
        data = data_of(network, Points.of(xy, xy[:, 0] > 0), np.zeros(count, np.bool_), structure)
        plan = shuffled(np.arange(count), rate=rate).first(steps) if count else Plan.none(10)
        state = loop.run(state, data, plan, Settings(l1, 0.0, (dropout,), 5, 0.1 * steps, 0.9)).state
    assert loop.traces == 1
    other = NetworkSpec((Layer(7, dropout=0.3, initializer="ones"),), l1=3.0, scaling="range")
    assert Structure.of(other, training_spec("adam"), 250) == structure


def test_a_changed_learning_rate_is_the_one_that_is_used(points: Points) -> None:
    training = training_spec("sgd")
    structure = Structure.of(NETWORK, training, 46)
    loop, state = compiled(structure), initial_state(NETWORK, SEED)
    data, settings = data_of(NETWORK, points, NO_TEST, structure), Settings.of(NETWORK, training)
    steps = []
    for rate in (0.01, 0.02):
        after = loop.run(state, data, shuffled(np.arange(46), 1, rate=rate).first(1), settings).state
        steps.append(after.weights[0].numpy() - state.weights[0].numpy())
    assert_allclose(steps[1], 2 * steps[0], rtol=1e-3, atol=1e-7)


@pytest.mark.parametrize("is_compiled", [True, False])
def test_an_optimizer_begins_afresh_whatever_trained_before(points: Points, is_compiled: bool) -> None:
    network = NetworkSpec((Layer(4, dropout=0.2),))
    training = training_spec("adam")
    structure, settings = Structure.of(network, training, 46), Settings.of(network, training)
    loop = structure.compiled() if is_compiled else Loop(structure)
    data, plan = data_of(network, points, NO_TEST, structure), shuffled(np.arange(46), 1).first(3)
    first = loop.run(initial_state(network, SEED), data, plan, settings).state
    for _ in range(2):  # by now the loop's own variables are those of a step that was made
        again = loop.run(initial_state(network, SEED), data, plan, settings).state
        for a, b in zip(first.weights + first.optimizer, again.weights + again.optimizer, strict=True):
            assert_array_equal(a.numpy(), b.numpy())
    other = Loop(Structure.of(network, training_spec("rmsprop"), 46))
    after = other.run(first._replace(optimizer=AFRESH), data, plan.first(1), settings).state
    before = first._replace(
        optimizer=other.run(initial_state(network, SEED), data, plan.first(0), settings).state.optimizer
    )
    for a, b in zip(after.weights, other.run(before, data, plan.first(1), settings).state.weights, strict=True):
        assert_array_equal(a.numpy(), b.numpy())
