"""Parts of the worker that need no process: what commands collapse to, how history is thinned, how fast it goes."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.training import pace as training_pace
from gdviz.training import worker
from gdviz.training.messages import Acknowledge, Configure, Pause, Run, SetPoints, StepBatch
from gdviz.training.pace import History, Pace
from gdviz.training.worker import collapsed


def test_only_the_latest_of_equal_commands_in_a_row_is_kept() -> None:
    points = [SetPoints(Points.of([(i, i)], [0])) for i in range(4)]
    commands = [points[0], Acknowledge(1), points[1], Run(), points[2], Acknowledge(2), points[3], Pause()]
    assert collapsed(commands) == [Acknowledge(1), Acknowledge(2), points[1], Run(), points[3], Pause()]


def test_the_latest_network_is_the_one_that_is_built() -> None:
    networks = [Configure(run, NetworkSpec(), TrainingSpec(), Points()) for run in range(3)]
    assert collapsed(networks) == [networks[2]]


def test_every_step_counts() -> None:
    assert collapsed([StepBatch(), StepBatch()]) == [StepBatch(), StepBatch()]


def test_a_long_history_is_thinned_and_keeps_its_last_row() -> None:
    history = History()
    for start in range(0, 100_000, 100):
        epochs = np.arange(start + 1, start + 101)
        history.add(np.column_stack([epochs] * 5).astype(float))
    rows = history.taken()
    assert len(rows) <= 4096 + 100
    assert rows[-1, 0] == 100_000
    assert (np.diff(rows[:, 0]) > 0).all()
    assert history.taken().shape == (0, 5)


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> list[float]:
    now = [100.0]
    monkeypatch.setattr(training_pace.time, "perf_counter", lambda: now[0])
    return now


def test_a_chunk_fills_the_time_there_is(clock: list[float]) -> None:
    pace = Pace()
    assert pace.batches(0.01, compiled=True) == 1
    pace.took(1, 0.001, 0)
    assert pace.batches(0.010, compiled=True) == 10
    assert pace.batches(5.0, compiled=True) == 14  # commands must not wait longer
    assert pace.batches(0.0, compiled=True) == 4
    assert pace.batches(0.010, compiled=False) == 1  # another program, another speed


def test_a_limited_speed_lets_epochs_fall_due(clock: list[float]) -> None:
    pace = Pace()
    pace.start(10.0, epoch=5)
    assert pace.epochs_due() == 0
    assert pace.seconds_to_wait() == pytest.approx(0.1)
    clock[0] += 0.25
    assert pace.epochs_due() == 2
    pace.took(8, 0.001, 7)
    assert pace.epochs_due() == 0
    assert pace.seconds_to_wait() == pytest.approx(0.05)
    assert pace.epochs_per_second() == pytest.approx(2 / 0.25)
    clock[0] += 60.0  # asleep: what was missed is not made up for
    assert pace.epochs_due() > 100
    pace.took(4, 0.001, 8)
    assert pace.epochs_due() <= 1


def test_errors_are_said_on_one_line() -> None:
    assert worker._said(ValueError("units is 0;\n allowed is 1")) == "units is 0; allowed is 1"
    assert worker._said(KeyError("x")) == "KeyError: 'x'"
