"""Values are learned as Keras learns them."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_allclose

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compiler
from gdviz.training.messages import SetView
from gdviz.training.session import Session
from tests.worker.against_keras import (
    assert_same_weights,
    keras_targets,
    keras_trained,
    shuffled,
    trained,
    training_spec,
)

NETWORK = NetworkSpec((Layer(6),), "linear", l2=0.003)


@pytest.fixture
def valued(points: Points) -> Points:
    """Values far from 0 and 1, so that labels in their place would be noticed."""
    return Points.of(points.xy, points.labels, 3.0 + points.xy[:, 0] - 0.5 * points.xy[:, 1] ** 2)


@pytest.mark.parametrize("loss", ["mean_squared_error", "mean_absolute_error", "huber"])
def test_every_loss_ends_where_keras_ends(loss: str, valued: Points) -> None:
    training = training_spec("adam", loss)
    test = np.arange(46) % 5 == 0
    plan = shuffled(np.flatnonzero(~test), 8)
    model = keras_trained(NETWORK, training, valued, plan)
    result = trained(NETWORK, training, valued, test, plan, compile=False)
    assert_same_weights(result, model)
    x, y = valued.xy.astype(np.float32), keras_targets(NETWORK, valued)
    for mask, measured in ((~test, result.metrics[:2]), (test, result.metrics[2:])):
        assert_allclose(measured[0], model.evaluate(x[mask], y[mask], verbose=0), rtol=1e-4)
        assert np.isnan(measured[1])


def test_compiled_is_uncompiled(valued: Points) -> None:
    training, plan = training_spec("adam"), shuffled(np.arange(46), 4)
    nobody = np.zeros(46, np.bool_)
    slow, fast = (trained(NETWORK, training, valued, nobody, plan, compile=compile) for compile in (False, True))
    assert_allclose(slow.rows, fast.rows, rtol=1e-4)


def test_the_boundary_and_the_predictions_are_values(valued: Points) -> None:
    network, training = NetworkSpec((), "linear"), TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.01}))
    session = Session(network, training, valued, Compiler())
    session.advance(30)
    kernel, bias = session.weights
    assert_allclose(session.predictions, (valued.xy @ kernel + bias)[:, 0], rtol=1e-4, atol=1e-5)
    boundary, _ = session.draw(SetView((0.0, 4.0, -2.0, 2.0), samples=2))
    centres = np.array([[(1.0, -1.0), (3.0, -1.0)], [(1.0, 1.0), (3.0, 1.0)]])
    assert_allclose(boundary, (centres @ kernel + bias)[..., 0], rtol=1e-4, atol=1e-5)
    assert session.lack == ""


def test_points_of_one_colour_are_enough(valued: Points) -> None:
    red = Points.of(valued.xy, np.zeros(46), valued.values)
    assert Session(NETWORK, TrainingSpec(), red, Compiler()).lack == ""
    assert "no points" in Session(NETWORK, TrainingSpec(), Points(), Compiler()).lack


def test_a_goal_for_the_accuracy_is_never_reached(valued: Points) -> None:
    training = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.001}), goal_accuracy=0.01, epochs=2)
    session = Session(NETWORK, training, valued, Compiler())
    while not session.ending:
        session.advance(10)
    assert session.reason == "All 2 epochs are done. To go on, raise “stop at epoch”."
