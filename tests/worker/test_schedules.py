"""The learning rate of every step is the one that Keras would take."""

from __future__ import annotations

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compiler
from gdviz.training.model import build_model
from gdviz.training.session import Session

NETWORK = NetworkSpec((Layer(4),))
KERAS = keras.optimizers.schedules
RATE = 0.1
SCHEDULES = {
    "step": (
        ScheduleSpec("step", {"every": 3, "factor": 0.5}),
        # In Keras, a boundary still belongs to the value before it.
        lambda: KERAS.PiecewiseConstantDecay([2, 5, 8, 11, 14], [RATE * 0.5**n for n in range(6)]),
    ),
    "exponential": (
        ScheduleSpec("exponential", {"decay_steps": 5, "decay_rate": 0.4}),
        lambda: KERAS.ExponentialDecay(RATE, 5, 0.4),
    ),
    "exponential in stairs": (
        ScheduleSpec("exponential", {"decay_steps": 5, "decay_rate": 0.4, "staircase": True}),
        lambda: KERAS.ExponentialDecay(RATE, 5, 0.4, staircase=True),
    ),
    "cosine": (
        ScheduleSpec("cosine", {"decay_steps": 9, "warmup_target": 0.2, "warmup_steps": 4, "alpha": 0.1}),
        lambda: KERAS.CosineDecay(RATE, 9, 0.1, warmup_target=0.2, warmup_steps=4),
    ),
    "inverse time": (
        ScheduleSpec("inverse_time", {"decay_steps": 2, "decay_rate": 0.7}),
        lambda: KERAS.InverseTimeDecay(RATE, 2, 0.7),
    ),
}


def spec(schedule: ScheduleSpec, key: str = "sgd", rate: float = RATE) -> TrainingSpec:
    return TrainingSpec(OptimizerSpec(key, {"learning_rate": rate}), batch_size=0, test_fraction=0.0, schedule=schedule)


@pytest.mark.parametrize("name", SCHEDULES)
def test_every_schedule_ends_where_keras_ends(name: str, points: Points) -> None:
    schedule, build = SCHEDULES[name]
    session = Session(NETWORK, spec(schedule, "adam"), points, Compiler())
    model = build_model(NETWORK, 7)
    rates = build()
    model.compile(keras.optimizers.Adam(rates), "binary_crossentropy")
    x, y = points.xy.astype(np.float32), points.labels.astype(np.float32)[:, None]
    for step in range(0, 16, 4):
        assert session.learning_rate == pytest.approx(float(rates(step)), rel=1e-5)
        for _ in range(4):
            model.train_on_batch(x, y)
        assert session.advance(4)[1] == 4
    assert session.steps == int(model.optimizer.iterations)
    for ours, theirs in zip(session.weights, model.get_weights(), strict=True):
        assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)


def test_a_schedule_that_keras_lacks_is_that_of_tab_1(points: Points) -> None:
    """Every single step of SGD is its rate times the gradient."""
    total = 10
    schedule = ScheduleSpec("one_cycle", {"total_steps": total, "rise": 0.4})
    session = Session(NETWORK, spec(schedule), points, Compiler())
    rates = []
    for _ in range(total + 1):
        before, gradients = session.weights, session.gradients
        session.advance(1)
        moved = np.concatenate([(a - b).ravel() for a, b in zip(before, session.weights, strict=True)])
        slope = np.concatenate([gradient.ravel() for gradient in gradients])
        rates.append(float(moved @ slope / (slope @ slope)))
    p = np.arange(total + 1) / total
    rise = RATE * (1 / 25 + (1 - 1 / 25) * p / 0.4)
    fall = RATE * (1e-4 + (1 - 1e-4) * 0.5 * (1 + np.cos(np.pi * np.maximum(p - 0.4, 0) / 0.6)))
    assert_allclose(rates, np.where(p < 0.4, rise, fall), rtol=0.01, atol=1e-4)


def test_steps_count_from_the_optimizer_s_beginning(points: Points) -> None:
    compiler = Compiler()
    session = Session(NETWORK, spec(ScheduleSpec("step", {"every": 2})), points, compiler)
    program = compiler.now(session.structure)
    session.advance(3)
    assert (session.steps, session.learning_rate) == (3, pytest.approx(0.05))
    session.set_training(spec(ScheduleSpec("step", {"every": 3, "factor": 0.1}), rate=1.0))
    assert (session.steps, session.learning_rate) == (3, pytest.approx(0.1))
    session.advance(3)
    session.set_training(spec(ScheduleSpec("exponential")))
    assert session.loop is program
    assert program.traces == 1
    session.set_training(spec(ScheduleSpec("step"), "rmsprop"))
    assert (session.steps, session.learning_rate) == (0, pytest.approx(RATE))
    session.advance(2)
    session.reset()
    assert session.steps == 0
