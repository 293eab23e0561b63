"""Scripts as text: readable, complete, and nothing but what was said."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.schedules import SCHEDULES, ScheduleSpec
from gdviz.network.datasets import DATASETS, dataset
from gdviz.network.features import FEATURES
from gdviz.network.keras_script import USUAL_EPOCHS, keras_script, points_beside
from gdviz.network.points import Points
from gdviz.network.script.data import MOST_INLINE
from gdviz.network.spec import (
    ACTIVATIONS,
    HEAD_LOSSES,
    INITIALIZERS,
    SCALINGS,
    Layer,
    NetworkSpec,
    TrainingSpec,
)
from gdviz.network.split import test_mask as mask_of

CIRCLE = dataset("circle").make(50)
PLAIN = TrainingSpec(test_fraction=0.0)
STRENGTHS = st.sampled_from([0.0, 0.001, 1 / 3])

LAYERS = st.builds(
    Layer,
    st.integers(1, 64),
    st.sampled_from(list(ACTIVATIONS)),
    st.sampled_from([0.0, 0.25]),
    st.sampled_from(list(INITIALIZERS)),
)
NETWORKS = st.builds(
    NetworkSpec,
    st.lists(LAYERS, max_size=8).map(tuple),
    st.sampled_from(list(HEAD_LOSSES)),
    st.sampled_from(list(INITIALIZERS)),
    STRENGTHS,
    STRENGTHS,
    st.lists(st.sampled_from(list(FEATURES)), min_size=1, unique=True).map(tuple),
    st.sampled_from(list(SCALINGS)),
)
TRAININGS = st.builds(
    TrainingSpec,
    st.sampled_from([OptimizerSpec(key) for key, each in OPTIMIZERS.items() if each.keras_name]),
    batch_size=st.sampled_from([0, 1, 10]),
    test_fraction=st.sampled_from([0.0, 0.2, 0.9]),
    patience=st.sampled_from([0, 5]),
    epochs=st.sampled_from([0, 1, 1_000_000]),
    seed=st.integers(0, 2**31 - 1),
    schedule=st.sampled_from([ScheduleSpec(key) for key in SCHEDULES]),
    goal_loss=STRENGTHS,
    goal_accuracy=STRENGTHS,
)


@given(
    network=NETWORKS,
    training=TRAININGS,
    points=st.sampled_from([CIRCLE, CIRCLE.kept(CIRCLE.ids < 1), dataset("grade").make(600)]),
    axis=st.text(max_size=60),
)
def test_every_script_is_python_in_a_hundred_columns(
    network: NetworkSpec, training: TrainingSpec, points: Points, axis: str
) -> None:
    text = keras_script(network, training, points, axes=(axis, axis), value_axis=axis)
    compile(text, "script.py", "exec")
    lines = text.split("\n")
    assert max(map(len, lines)) <= 100
    assert text.endswith("\n")
    assert not any(line != line.rstrip() for line in lines)
    assert "\n\n\n\n" not in text
    assert text.count("layers.Dense(") == len(network.hidden) + 1
    assert text.count("layers.Dropout(") == sum(layer.dropout > 0 for layer in network.hidden)


def test_linters_have_nothing_to_say(tmp_path: Path) -> None:
    pieces = [
        (NetworkSpec(), TrainingSpec()),
        (
            NetworkSpec((Layer(8, "leaky_relu", 0.2), Layer(3, "linear")), "linear", l2=0.1, features=tuple(FEATURES)),
            TrainingSpec(patience=5, goal_loss=0.1, schedule=ScheduleSpec("one_cycle"), batch_size=0),
        ),
        (NetworkSpec((), "softmax", scaling="range"), TrainingSpec(schedule=ScheduleSpec("step"), goal_accuracy=0.9)),
    ]
    for number, (network, training) in enumerate(pieces):
        (tmp_path / f"script_{number}.py").write_text(keras_script(network, training, CIRCLE), encoding="utf-8")
    rules = "E,W,F,I,N,B,UP,D2,D3,D4,C4,PERF,SIM"
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--line-length=100", f"--select={rules}", "."]
    checked = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert checked.returncode == 0, checked.stdout


def test_it_is_short_where_little_is_set() -> None:
    text = keras_script(NetworkSpec((Layer(4),)), PLAIN, CIRCLE.kept(CIRCLE.ids < 3), epochs=412)
    head, code = text.split("], dtype=float)\n")
    assert head.splitlines()[2:5] == [
        "import keras",
        "import numpy as np",
        "from keras import initializers, layers, optimizers",
    ]
    seeds = np.random.SeedSequence(7).generate_state(3)
    assert (
        code
        == f"""
# Inputs and what they should give
x, y = points[:, :2], points[:, 2:]

# The model; the seeds give the initial weights
model = keras.Sequential([
    keras.Input((2,)),
    layers.Dense(4, "tanh", kernel_initializer=initializers.GlorotUniform(seed={seeds[0]})),
    layers.Dense(1, "sigmoid", kernel_initializer=initializers.GlorotUniform(seed={seeds[2]})),
])

# How it learns
model.compile(
    optimizer=optimizers.Adam(learning_rate=0.01), loss="binary_crossentropy", metrics=["accuracy"]
)

# Training; the seed decides the shuffles
keras.utils.set_random_seed(7)
model.fit(x, y, batch_size=10, epochs=412, verbose=2)

# What it has learned
loss, accuracy = model.evaluate(x, y, verbose=0)
print(f"loss {{loss:.4g}}, accuracy {{accuracy:.1%}}")
"""
    )


@pytest.mark.parametrize("key", DATASETS)
def test_the_points_are_in_it_training_first(key: str) -> None:
    data = dataset(key)
    points = data.make(100, seed=3).kept(np.arange(100) % 7 > 0)
    network = NetworkSpec(head="linear" if data.regression else "sigmoid")
    training = TrainingSpec(test_fraction=0.3, split_seed=5)
    text = keras_script(network, training, points)
    found = re.search(r"np\.array\((\[.*?\n\]), dtype", text, re.DOTALL)
    assert found
    written = np.array(ast.literal_eval(found[1]), dtype=float)
    test = mask_of(points.ids, 0.3, 5)
    expected = np.column_stack([points.xy, points.values if data.regression else points.labels])
    np.testing.assert_allclose(written, np.concatenate([expected[~test], expected[test]]), rtol=1e-5)
    assert f"x_train, y_train = x[:{(~test).sum()}], y[:{(~test).sum()}]" in text


def test_very_many_points_are_in_a_file() -> None:
    few, many = dataset("circle").make(MOST_INLINE), dataset("circle").make(MOST_INLINE + 1)
    assert points_beside(PLAIN, few) is None
    beside = points_beside(TrainingSpec(test_fraction=0.4), many)
    assert beside is not None
    test = mask_of(beside.ids, 0.4, 7)
    assert not test[: (~test).sum()].any()
    assert {tuple(place) for place in beside.xy} == {tuple(place) for place in many.xy}
    text = keras_script(NetworkSpec(), PLAIN, many)
    assert 'np.loadtxt(\n    "points.csv"' in text
    assert len(text) < 2500
    assert "converters" not in keras_script(NetworkSpec(head="linear"), PLAIN, many)


@pytest.mark.parametrize(
    ("training", "epochs", "said"),
    [(TrainingSpec(epochs=30), 412, 30), (TrainingSpec(), 412, 412), (TrainingSpec(), 0, USUAL_EPOCHS)],
)
def test_it_ends(training: TrainingSpec, epochs: int, said: int) -> None:
    assert f"epochs={said}," in keras_script(NetworkSpec(), training, CIRCLE, epochs=epochs)


def test_inputs_that_are_all_alike_are_not_divided_by_nothing() -> None:
    network, line = NetworkSpec(scaling="standard"), CIRCLE.moved(slice(None), [(x, 1.0) for x in range(50)])  # type: ignore[arg-type]
    assert "spread[spread == 0] = 1" in keras_script(network, PLAIN, line)
    assert "spread ==" not in keras_script(network, PLAIN, CIRCLE)


def test_what_cannot_be_trained_has_no_script() -> None:
    with pytest.raises(ValueError, match="There are no points"):
        keras_script(NetworkSpec(), TrainingSpec(), Points())
    with pytest.raises(ValueError, match="units is 0"):
        keras_script(NetworkSpec((Layer(0),)), TrainingSpec(), CIRCLE)


def test_axes_are_named_whatever_is_in_their_names() -> None:
    axes = ('hours\n"""\nimport os', "\u2028length")
    text = keras_script(NetworkSpec(head="linear"), PLAIN, CIRCLE, axes=axes, value_axis="grade")
    assert '# Each point: hours """ import os, length, grade' in text
