"""Scripts run as they stand, and Keras gets from them what gdviz gets from the same specs."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.schedules import SCHEDULES, ScheduleSpec
from gdviz.descent.schedules import rate
from gdviz.network.datasets import dataset
from gdviz.network.keras_script import POINTS_FILE, keras_script, points_beside
from gdviz.network.points import Points
from gdviz.network.points_file import write_points
from gdviz.network.spec import ACTIVATIONS, INITIALIZERS, Layer, NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compiler
from gdviz.training.model import build_model, build_optimizer
from gdviz.training.session import Session

Executed = Callable[[NetworkSpec, TrainingSpec, Points], dict[str, object]]

EPOCHS = 15
ALL = 0  # the batch size
OFTEN = 10
SGD = OptimizerSpec("sgd", {"learning_rate": 0.1})
ADAM = OptimizerSpec("adam", {"learning_rate": 0.02})
CIRCLE = dataset("circle").make(60)
GRADE = dataset("grade").make(60)
OVERFIT = dataset("overfit").make()
MANY = dataset("moons").make(520)
MANY_VALUES = dataset("bumps").make(510)


@dataclass(frozen=True)
class Case:
    """What is trained, by both."""

    network: NetworkSpec
    training: TrainingSpec
    points: Points


def training(optimizer: OptimizerSpec = SGD, batch_size: int = ALL, **settings: object) -> TrainingSpec:
    return TrainingSpec(optimizer, batch_size=batch_size, **{"epochs": EPOCHS, **settings})  # type: ignore[arg-type]


SAME_NUMBERS = {
    "two layers": Case(NetworkSpec(), training(ADAM), CIRCLE),
    "softmax, regularised, from a file": Case(
        NetworkSpec((Layer(5, "relu", initializer="he_normal"),), "softmax", l1=0.001, l2=0.01), training(), MANY
    ),
    "regression, features, scaled, steps, from a file": Case(
        NetworkSpec((Layer(6),), "linear", features=("x1", "x2", "x1_x2", "sin_x2"), scaling="standard"),
        training(OptimizerSpec("momentum", {"learning_rate": 0.01}), schedule=ScheduleSpec("step", {"every": 6})),
        MANY_VALUES,
    ),
    "no layer, no test, one cycle": Case(
        NetworkSpec((), features=("x1_squared", "x2_squared"), scaling="range"),
        training(loss="hinge", test_fraction=0.0, schedule=ScheduleSpec("one_cycle", {"total_steps": 12})),
        CIRCLE,
    ),
    "early stopping": Case(NetworkSpec((Layer(16, "relu"),)), training(ADAM, patience=2, epochs=60), OVERFIT),
}
LIKE_NUMBERS = {
    "batches, dropout": Case(NetworkSpec((Layer(16, dropout=0.2),)), training(ADAM, OFTEN), CIRCLE),
    "goal": Case(NetworkSpec(), training(ADAM, epochs=60, goal_loss=0.6), CIRCLE),
}
CASES = SAME_NUMBERS | LIKE_NUMBERS

RUN_ALL = """
import os, sys
import keras
import numpy as np

fit, evaluate = keras.Model.fit, keras.Model.evaluate


def watched_fit(model, *positional, **named):
    model.first_weights = model.get_weights()
    return fit(model, *positional, **named)


def watched_evaluate(model, *positional, **named):
    result = evaluate(model, *positional, **named)
    if not named.get("return_dict"):  # fit does that for its validation
        evaluated.append(np.ravel(result))
    return result


keras.Model.fit, keras.Model.evaluate = watched_fit, watched_evaluate
for folder in sys.argv[1:]:
    os.chdir(folder)
    with open("script.py", encoding="utf-8") as file:
        text = file.read()
    evaluated = []
    names = {"__name__": "__main__"}
    exec(compile(text, "script.py", "exec"), names)
    model = names["model"]
    np.savez(
        "result.npz",
        *model.first_weights,
        *model.get_weights(),
        measured=evaluated[0],
        epochs=len(model.history.epoch),
    )
"""


@dataclass(frozen=True)
class Ran:
    """What came of a script."""

    first: list[np.ndarray]
    last: list[np.ndarray]
    measured: np.ndarray
    epochs: int


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Ran]:
    """All scripts, in one process that knows nothing of gdviz."""
    folders = {name: tmp_path_factory.mktemp("script") for name in CASES}
    for name, case in CASES.items():
        text = keras_script(case.network, case.training, case.points)
        (folders[name] / "script.py").write_text(text, encoding="utf-8")
        beside = points_beside(case.training, case.points)
        if beside is not None:
            write_points(folders[name] / POINTS_FILE, beside, values=case.network.regression)
    done = subprocess.run(
        [sys.executable, "-c", RUN_ALL, *map(str, folders.values())],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        cwd=tmp_path_factory.getbasetemp(),
    )
    assert done.returncode == 0, done.stdout[-500:] + done.stderr[-2000:]
    return {name: result(folder) for name, folder in folders.items()}


def result(folder: Path) -> Ran:
    with np.load(folder / "result.npz") as saved:
        weights = [saved[name] for name in saved if name.startswith("arr_")]
        half = len(weights) // 2
        return Ran(weights[:half], weights[half:], saved["measured"], int(saved["epochs"]))


def trained(case: Case) -> Session:
    session = Session(case.network, case.training, case.points, Compiler())
    while not session.ending:
        session.advance(10_000)
    return session


@pytest.mark.parametrize("name", CASES)
def test_a_script_begins_with_the_same_weights(name: str, ran: dict[str, Ran]) -> None:
    case = CASES[name]
    weights = build_model(case.network, case.training.seed).get_weights()
    for mine, theirs in zip(weights, ran[name].first, strict=True):
        assert_array_equal(mine, theirs)


@pytest.mark.parametrize("name", SAME_NUMBERS)
def test_a_script_computes_the_same_numbers(name: str, ran: dict[str, Ran]) -> None:
    session = trained(SAME_NUMBERS[name])
    assert ran[name].epochs == session.epoch
    assert_allclose(ran[name].measured[0], session.metrics.loss, rtol=1e-4)
    if not session.network.regression:
        assert_allclose(ran[name].measured[1], session.metrics.accuracy, atol=1e-6)
    for mine, theirs in zip(session.weights, ran[name].last, strict=True):
        assert_allclose(mine, theirs, atol=2e-4)


@pytest.mark.parametrize("name", LIKE_NUMBERS)
def test_where_numbers_are_random_they_are_alike(name: str, ran: dict[str, Ran]) -> None:
    session = trained(LIKE_NUMBERS[name])
    assert ran[name].measured[0] == pytest.approx(session.metrics.loss, abs=0.1)
    assert ran[name].measured[1] == pytest.approx(session.metrics.accuracy, abs=0.1)
    # What Keras reports at the end of an epoch is from before its last step.
    assert abs(ran[name].epochs - session.epoch) <= (1 if name == "goal" else 0)


def test_a_goal_ends_training(ran: dict[str, Ran]) -> None:
    assert ran["goal"].epochs < 60


# Without training -----------------------------------------------------------------------------------------------------


@pytest.fixture
def executed(monkeypatch: pytest.MonkeyPatch) -> Executed:
    """Runs a script up to the training, and gives its names."""
    monkeypatch.setattr(keras.Model, "fit", lambda *_, **__: None)

    def run(network: NetworkSpec, training: TrainingSpec, points: Points = CIRCLE) -> dict[str, object]:
        names: dict[str, object] = {}
        measured = 0.0 if network.regression else (0.0, 0.0)
        monkeypatch.setattr(keras.Model, "evaluate", lambda *_, **__: measured)
        exec(keras_script(network, training, points), names)
        return names

    return run


def changed(key: str) -> OptimizerSpec:
    """An optimizer with each of its numbers changed, as far as that is allowed."""
    spec = OptimizerSpec(key)
    for parameter in spec.declaration.parameters:
        if parameter.kind == "flag":
            spec = spec.with_setting(parameter.name, not parameter.default)
        elif parameter.name not in ("clipvalue", "learning_rate_power"):
            spec = spec.with_setting(parameter.name, 0.5 * float(parameter.default) or 0.25)
    return spec


KERAS_HAS = [key for key, declaration in OPTIMIZERS.items() if declaration.keras_name]


NO_DECAY = OptimizerSpec("adamw", {"weight_decay": 0.0})


@pytest.mark.parametrize(
    "spec", [*(make(key) for key in KERAS_HAS for make in (OptimizerSpec, changed)), NO_DECAY], ids=repr
)
def test_the_optimizer_is_the_same(spec: OptimizerSpec, executed: Executed) -> None:
    model = executed(NetworkSpec(()), TrainingSpec(spec))["model"]
    mine, theirs = (each.get_config() for each in (build_optimizer(spec), model.optimizer))  # type: ignore[attr-defined]
    assert {**mine, "name": ""} == {**theirs, "name": ""}


@pytest.mark.parametrize(
    "spec",
    [
        *(ScheduleSpec(key) for key in SCHEDULES if key != "constant"),
        ScheduleSpec("step", {"every": 7, "factor": 0.3}),
        ScheduleSpec("step", {"every": 5000}),
        ScheduleSpec("exponential", {"staircase": True}),
        ScheduleSpec("cosine", {"alpha": 0.1, "warmup_target": 0.5, "warmup_steps": 40}),
        ScheduleSpec("inverse_time", {"decay_rate": 0.0}),
        ScheduleSpec("one_cycle", {"rise": 0.0, "total_steps": 150}),
    ],
    ids=repr,
)
def test_the_schedule_is_the_same(spec: ScheduleSpec, executed: Executed) -> None:
    names = executed(NetworkSpec(()), TrainingSpec(ADAM, batch_size=10, epochs=50, schedule=spec))
    steps = np.r_[:16, 98:102, 148:152, 198:202, 245:250]
    rates = [float(names["learning_rate"](step)) for step in steps]  # type: ignore[operator]
    assert_allclose(rates, rate(spec, 0.02, steps), rtol=1e-5, atol=1e-9)


@pytest.mark.parametrize("head", ["sigmoid", "softmax", "linear"])
def test_the_model_is_the_same(head: str, executed: Executed) -> None:
    for activations in np.array_split(list(ACTIVATIONS), 3):
        layers = (
            Layer(3, str(key), 0.25, initializer) for key, initializer in zip(activations, INITIALIZERS, strict=False)
        )
        network = NetworkSpec(tuple(layers), head, "lecun_uniform", l1=0.5, l2=0.25)
        mine = build_model(network, 11)
        theirs = executed(network, TrainingSpec(seed=11), GRADE)["model"]
        for one, other in zip(mine.layers, theirs.layers, strict=True):  # type: ignore[attr-defined]
            assert {**one.get_config(), "name": ""} == {**other.get_config(), "name": ""}
        for one, other in zip(mine.get_weights(), theirs.get_weights(), strict=True):  # type: ignore[attr-defined]
            assert_array_equal(one, other)
