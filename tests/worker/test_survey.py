"""Predictions, answers, gradients, flat neurons and hidden outputs are those of a plain Keras model."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.points import Points
from gdviz.network.spec import HEAD_LOSSES, Layer, NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compiler
from gdviz.training.messages import SetView
from gdviz.training.session import Session

SGD = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.1}), test_fraction=0.3)
HEADS = [(head, loss) for head, losses in HEAD_LOSSES.items() for loss in losses]


def plain_model(network: NetworkSpec, weights: tuple[np.ndarray, ...]) -> keras.Model:
    """The same network, written down as one would by hand."""
    regularizer = keras.regularizers.L1L2(network.l1, network.l2)
    layers = [
        keras.layers.Dense(layer.units, layer.activation, kernel_regularizer=regularizer) for layer in network.hidden
    ]
    outputs = 2 if network.head == "softmax" else 1
    layers.append(keras.layers.Dense(outputs, network.head, kernel_regularizer=regularizer))
    model = keras.Sequential([keras.Input((2,)), *layers])
    model.set_weights(weights)
    return model


def made(network: NetworkSpec, points: Points, training: TrainingSpec = SGD, *, compiled: bool = False) -> Session:
    compiler = Compiler()
    session = Session(network, training, points, compiler)
    if compiled:
        for description in session.descriptions(SetView())[2:]:
            compiler.now(description)
    session.advance(5)  # so that biases are not 0
    return session


def targets(network: NetworkSpec, points: Points) -> np.ndarray:
    if network.head == "linear":
        return points.values[:, None]
    return np.eye(2)[points.labels] if network.head == "softmax" else points.labels[:, None].astype(float)


@pytest.mark.parametrize(("head", "loss"), HEADS)
@pytest.mark.parametrize("compiled", [False, True], ids=["uncompiled", "compiled"])
def test_gradients_are_keras_s(head: str, loss: str, compiled: bool, points: Points) -> None:
    network = NetworkSpec((Layer(5, dropout=0.3), Layer(4, "relu")), head, l1=0.01, l2=0.02)
    session = made(network, points, TrainingSpec(SGD.optimizer, loss, test_fraction=0.3), compiled=compiled)
    model = plain_model(network, session.weights)
    train = np.setdiff1d(np.arange(46), session.test_indices)
    assert 0 < len(train) < 46
    with tf.GradientTape() as tape:
        output = model(points.xy[train].astype(np.float32))
        losses = getattr(keras.losses, loss)(targets(network, points)[train], output)
        total = tf.reduce_mean(losses) + sum(model.losses)
    for ours, theirs in zip(session.gradients, tape.gradient(total, model.trainable_variables), strict=True):
        assert_allclose(ours, theirs.numpy(), rtol=1e-4, atol=1e-6)


def test_gradients_are_slopes_of_the_loss(points: Points) -> None:
    """Finite differences in double precision of the loss that is shown."""
    network = NetworkSpec((Layer(3),), l1=0.02, l2=0.01)
    session = made(network, points)
    weights = [weight.astype(np.float64) for weight in session.weights]
    train = np.setdiff1d(np.arange(46), session.test_indices)
    y = points.labels[train]

    def loss() -> float:
        w1, b1, w2, b2 = weights
        odds = (np.tanh(points.xy[train] @ w1 + b1) @ w2 + b2)[:, 0]
        kernels = np.concatenate([w1.ravel(), w2.ravel()])
        return np.mean(np.logaddexp(0, odds) - y * odds) + 0.02 * np.abs(kernels).sum() + 0.01 * (kernels**2).sum()

    assert session.metrics.loss == pytest.approx(loss(), rel=1e-5)
    for weight, gradient in zip(weights, session.gradients, strict=True):
        for place in np.ndindex(weight.shape):
            before, ends = weight[place], []
            for change in (1e-6, -1e-6):
                weight[place] = before + change
                ends.append(loss())
            weight[place] = before
            assert gradient[place] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("head", list(HEAD_LOSSES))
@pytest.mark.parametrize("compiled", [False, True], ids=["uncompiled", "compiled"])
def test_predictions_answers_and_hidden_outputs_are_keras_s(head: str, compiled: bool, points: Points) -> None:
    network = NetworkSpec((Layer(5, dropout=0.5), Layer(4, "relu")), head)
    session = made(network, points, compiled=compiled)
    model = plain_model(network, session.weights)
    assert_allclose(session.predictions, model.predict(points.xy, verbose=0)[:, -1], rtol=1e-5, atol=1e-6)
    for count in (0, 3, 100):
        asked = np.random.default_rng(count).normal(size=(count, 2))
        expected = model.predict(asked, verbose=0)[:, -1] if count else np.empty(0)
        assert_allclose(session.answers(asked), expected, rtol=1e-5, atol=1e-6)
    for index in (1, 0):
        upto = keras.Model(model.inputs, model.layers[index].output)
        assert_allclose(session.hidden(index), upto.predict(points.xy, verbose=0), rtol=1e-5, atol=1e-6)
    for index in (-1, 2):
        assert session.hidden(index).shape == (0, 0)


def test_everything_is_of_the_present_weights_points_and_strengths(points: Points) -> None:
    session = made(NetworkSpec((Layer(3),)), points)

    def assert_fresh() -> None:
        model = plain_model(session.network, session.weights)
        expected = model.predict(session.points.xy, verbose=0)[:, 0] if len(session.points) else np.empty(0)
        assert_allclose(session.predictions, expected, rtol=1e-5, atol=1e-6)
        assert_allclose(session.answers([(1.0, 2.0)]), model.predict(np.array([(1.0, 2.0)]), verbose=0)[0], rtol=1e-5)

    assert_fresh()
    session.advance(3)
    assert_fresh()
    session.set_points(points.kept(np.arange(46) < 30))
    assert_fresh()
    session.set_weight(0, (0, 0), 3.0)
    assert_fresh()
    plain = session.gradients
    session.set_network(NetworkSpec((Layer(3),), l2=0.5))
    assert_allclose(session.gradients[0], plain[0] + 2 * 0.5 * session.weights[0], rtol=1e-4, atol=1e-6)
    session.reset()
    assert_fresh()


@pytest.mark.parametrize("compiled", [False, True], ids=["uncompiled", "compiled"])
def test_flat_are_the_neurons_that_say_the_same_of_all_training_points(compiled: bool, points: Points) -> None:
    compiler = Compiler()
    dead = np.array([[1.0, 0.0, 0.0, 1e-9], [0.0, 1.0, 0.0, 0.0]], np.float32)
    kernel, bias = dead, np.array([0.0, -100.0, 0.5, 0.0], np.float32)
    second, none = np.array([[0.0, 1.0, 30.0]] * 4, np.float32), np.zeros(3, np.float32)
    weights = (kernel, bias, second, none + np.array([0, 0, 500], np.float32), np.ones((3, 1), np.float32), np.zeros(1))
    session = Session(NetworkSpec((Layer(4, "relu"), Layer(3, "tanh"))), SGD, points, compiler, weights)
    if compiled:
        compiler.now(session.descriptions(SetView())[2])
    first, last = session.flat
    assert_array_equal(first, [False, True, True, True])
    assert_array_equal(last, [True, False, True])


def test_only_training_points_make_a_neuron_flat(points: Points) -> None:
    session = Session(NetworkSpec((Layer(1, "relu"),)), SGD, points, Compiler())
    test = session.test_indices
    session.set_points(points.moved(np.arange(46), np.tile((1.0, 1.0), (46, 1))).moved(test, (50.0, 50.0)))
    assert session.flat[0].all()
    session.set_points(session.points.moved(np.setdiff1d(np.arange(46), test)[0], (-3.0, 4.0)))
    session.set_weight(0, (0, 0), 1.0)
    session.set_weight(0, (1, 0), 1.0)
    session.set_weight(1, (0,), 10.0)
    assert not session.flat[0].any()


@pytest.mark.parametrize("compiled", [False, True], ids=["uncompiled", "compiled"])
@pytest.mark.parametrize("count", [0, 1])
def test_without_points_there_is_nothing_to_tell(count: int, compiled: bool, points: Points) -> None:
    few = points.kept(np.arange(46) < count)
    session = made(NetworkSpec((Layer(3),), l2=0.5), few, compiled=compiled)
    assert session.predictions.shape == (count,)
    assert not any(layer.any() for layer in session.flat)
    assert session.hidden(0).shape == (count, 3)
    if not count:
        assert_allclose(session.gradients[0], session.weights[0], rtol=1e-6)  # of regularisation alone
    assert all(np.isfinite(gradient).all() for gradient in session.gradients)


def test_an_infinite_loss_of_a_test_point_leaves_training_alone(points: Points) -> None:
    """0 times infinity is not 0: neither in the gradients shown, nor in a step whose batch is filled up."""
    network = NetworkSpec((Layer(4, "exponential", initializer="ones"),))
    session = Session(network, TrainingSpec(SGD.optimizer, batch_size=64, test_fraction=0.3), points, Compiler())
    test = session.test_indices
    small = points.moved(np.arange(46), points.xy * 0.1)
    order = np.concatenate([test[:1], np.setdiff1d(np.arange(46), test[:1])])  # the first of all is a test point
    session.set_points(Points.of(small.xy[order], small.labels[order], ids=small.ids[order]).moved(0, (100.0, 100.0)))
    assert 0 in session.test_indices
    session.advance(2)
    assert session.ending == ""
    assert np.isfinite(session.metrics.loss)
    assert all(np.isfinite(gradient).all() for gradient in session.gradients)
    assert all(np.isfinite(weight).all() for weight in session.weights)
    assert not np.isfinite(session.metrics.test_loss) or not np.isfinite(session.hidden(0)).all()


def test_without_hidden_layers() -> None:
    points = Points.of([(1, 1), (2, 0), (0, 1)], [0, 1, 1])
    session = made(NetworkSpec(()), points)
    assert session.flat == session.dark == ()
    assert session.hidden(0).shape == (0, 0)
    assert [gradient.shape for gradient in session.gradients] == [(2, 1), (1,)]
