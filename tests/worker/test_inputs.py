"""What the network gets to see: features of scaled points, in the loop, in pictures and in files alike."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.features import FEATURES, Scaling
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compiler
from gdviz.training.messages import SetView
from gdviz.training.session import Session
from gdviz.training.state import Data
from tests.worker.against_keras import assert_same_weights, keras_trained, shuffled, trained, training_spec

ALL = tuple(FEATURES)
FAR = Scaling((1000.0, -3.0), (0.2, 0.5))
SGD = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.05}), test_fraction=0.25)


def by_hand(xy: np.ndarray, scaling: Scaling) -> np.ndarray:
    a, b = ((xy - scaling.shift) * scaling.factor).T
    return np.stack([a, b, a**2, b**2, a * b, np.sin(a), np.sin(b)], axis=1)


@pytest.fixture
def far(points: Points) -> Points:
    return Points.of(points.xy + FAR.shift, points.labels)


def test_the_features_are_those_of_the_formulas(far: Points) -> None:
    data = Data.of(NetworkSpec((), features=ALL), far, np.zeros(46, np.bool_), 64, FAR)
    assert_allclose(data.x[:46], by_hand(far.xy, FAR), rtol=1e-5, atol=1e-6)
    assert not data.x[46:].numpy().any()


@pytest.mark.parametrize("features", [ALL, ("sin_x2",), ("x2", "x1")], ids=["all", "one", "exchanged"])
@pytest.mark.parametrize("compile", [False, True], ids=["uncompiled", "compiled"])
def test_ends_where_keras_ends(features: tuple[str, ...], compile: bool, far: Points) -> None:
    """Keras scales, and makes the features, by itself."""
    network, training = NetworkSpec((Layer(5),), features=features, scaling="standard"), training_spec("adam")
    plan = shuffled(np.arange(46), 3)
    result = trained(network, training, far, np.zeros(46, np.bool_), plan, compile=compile, scaling=FAR)
    assert_same_weights(result, keras_trained(network, training, far, plan, FAR))


@pytest.mark.parametrize("compiled", [False, True], ids=["uncompiled", "compiled"])
def test_pictures_see_the_same(compiled: bool, far: Points) -> None:
    compiler, view = Compiler(), SetView((995.0, 1005.0, -8.0, 2.0), 6, 4)
    network = NetworkSpec((Layer(3),), features=ALL, scaling="range")
    session = Session(network, SGD, far, compiler)
    if compiled:
        compiler.now(session.picture(view))
    boundary, (neurons,) = session.draw(view)
    w1, b1, w2, b2 = session.weights
    for samples, drawn, of_hidden in ((6, boundary, False), (4, neurons, True)):
        steps = (np.arange(samples) + 0.5) / samples
        x1, x2 = np.meshgrid(995.0 + 10.0 * steps, -8.0 + 10.0 * steps)
        hidden = np.tanh(by_hand(np.stack([x1.ravel(), x2.ravel()], 1), session.scaling) @ w1 + b1)
        expected = hidden.T if of_hidden else 1.0 / (1.0 + np.exp(-(hidden @ w2 + b2)))
        assert_allclose(drawn.ravel(), expected.ravel(), atol=1e-4)


def test_another_scaling_or_another_place_does_not_trace_again(far: Points) -> None:
    compiler, view = Compiler(), SetView(samples=6)
    session = Session(NetworkSpec((Layer(3),), scaling="range"), SGD, far, compiler)
    descriptions = session.descriptions(view, explains=True)
    programs = [compiler.now(description) for description in descriptions]
    for shift in (0.0, 5.0):
        session.set_points(far.moved(np.arange(46), far.xy * 2.0 + shift))
        assert session.descriptions(view, explains=True) == descriptions
        session.draw(view)
        session.explain((1.0, 2.0), 1.0)
        assert len(session.predictions) == 46
        session.reset()
        session.advance(2)
    assert [program.traces for program in programs] == [1, 1, 1, 1]


# When the scaling is settled ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", ["range", "standard"])
def test_the_scaling_is_that_of_the_training_points(kind: str, far: Points) -> None:
    session = Session(NetworkSpec((), scaling=kind), SGD, far, Compiler())
    train = np.setdiff1d(np.arange(46), session.test_indices)
    x = (far.xy[train] - session.scaling.shift) * session.scaling.factor
    if kind == "range":
        assert_allclose([x.min(axis=0), x.max(axis=0)], [(-1, -1), (1, 1)])
    else:
        assert_allclose([x.mean(axis=0), x.std(axis=0)], [(0, 0), (1, 1)], atol=1e-9)


def test_the_first_step_settles_the_scaling(far: Points) -> None:
    wide = far.moved(0, (2000.0, 0.0))
    session = Session(NetworkSpec((), scaling="range"), SGD, far, Compiler())
    begun = session.snapshot()
    first = session.scaling
    session.set_points(wide)
    before_training = session.scaling
    assert before_training != first
    session.advance(1)
    session.set_points(far)
    session.set_training(TrainingSpec(SGD.optimizer, test_fraction=0.0))
    assert session.scaling == before_training
    session.restore(begun)
    assert session.scaling == Scaling.of("range", far.xy)
    session.advance(1)
    session.set_points(wide)
    session.reset()
    assert session.scaling == Scaling.of("range", wide.xy)


def test_the_first_points_settle_the_scaling(far: Points) -> None:
    session = Session(NetworkSpec((), scaling="range"), SGD, Points(), Compiler())
    assert session.scaling == Scaling()
    session.advance(1)
    session.set_points(far)
    assert session.scaling != Scaling()


# Files ----------------------------------------------------------------------------------------------------------------

_IN_A_FRESH_PROCESS = """
import sys
import numpy as np
import keras
model = keras.models.load_model(sys.argv[1])
np.save(sys.argv[3], model.predict(np.load(sys.argv[2]), verbose=0))
print("gdviz" in sys.modules)
"""


@pytest.mark.parametrize("scaling", ["none", "standard"])
@pytest.mark.parametrize("features", [ALL, ("x1_x2",), ("x1", "x2")], ids=["all", "one", "plain"])
def test_a_saved_model_takes_points_as_they_are(
    features: tuple[str, ...], scaling: str, points: Points, tmp_path: Path
) -> None:
    network = NetworkSpec((Layer(4), Layer(3, dropout=0.2)), features=features, scaling=scaling, l1=0.01)
    session = Session(network, SGD, points, Compiler())
    session.advance(10)
    path = tmp_path / "model.keras"
    session.save(path)
    model = keras.models.load_model(path)
    assert_allclose(model.predict(points.xy, verbose=0)[:, 0], session.predictions, rtol=1e-5, atol=1e-6)
    train = np.setdiff1d(np.arange(46), session.test_indices)
    loss, accuracy = model.evaluate(points.xy[train], points.labels[train], verbose=0)
    assert (loss, accuracy) == pytest.approx((session.metrics.loss, session.metrics.accuracy), rel=1e-5)
    model.fit(points.xy, points.labels, epochs=1, verbose=0)


def test_a_fresh_process_without_gdviz_loads_it(points: Points, tmp_path: Path) -> None:
    session = Session(NetworkSpec((Layer(4),), features=ALL, scaling="range"), SGD, points, Compiler())
    session.advance(10)
    model, xy, out = (tmp_path / name for name in ("model.keras", "xy.npy", "out.npy"))
    session.save(model)
    np.save(xy, points.xy)
    command = [sys.executable, "-c", _IN_A_FRESH_PROCESS, model, xy, out]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert ended.stdout.strip() == "False"
    assert_allclose(np.load(out)[:, 0], session.predictions, rtol=1e-5, atol=1e-6)


def test_a_saved_regression_is_evaluated_by_its_loss(points: Points, tmp_path: Path) -> None:
    session = Session(NetworkSpec((Layer(4),), "linear"), SGD, points, Compiler())
    session.save(tmp_path / "model.keras")
    model = keras.models.load_model(tmp_path / "model.keras")
    train = np.setdiff1d(np.arange(46), session.test_indices)
    loss = model.evaluate(points.xy[train], points.values[train], verbose=0)
    assert loss == pytest.approx(session.metrics.loss, rel=1e-5)
