"""Parts of the worker that need no process: what commands collapse to, how history is thinned, how fast it goes."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.training import pace as training_pace
from gdviz.training.collapse import collapsed
from gdviz.training.display import Display
from gdviz.training.messages import (
    Acknowledge,
    At,
    Configure,
    Pause,
    Run,
    SetPoints,
    SetProbe,
    SetQuestions,
    SetView,
    SetWeight,
    StepBatch,
)
from gdviz.training.pace import History, Pace
from gdviz.training.words import said


def test_only_the_latest_of_equal_commands_in_a_row_is_kept() -> None:
    points = [SetPoints(Points.of([(i, i)], [0])) for i in range(4)]
    commands = [points[0], Acknowledge(1), points[1], Run(), points[2], Acknowledge(2), points[3], Pause()]
    assert collapsed(commands) == [Acknowledge(1), Acknowledge(2), points[1], Run(), points[3], Pause()]


def test_seats_are_kept_apart() -> None:
    views = [At(seat, SetView(samples=samples)) for samples in (10, 20, 30) for seat in (0, 1, 2)]
    assert collapsed(views) == views[-3:]
    points = SetPoints(Points())
    commands = [points, At(1, Acknowledge(4)), At(1, points), At(0, points), At(1, Run()), points, At(1, points)]
    assert collapsed(commands) == [At(1, Acknowledge(4)), points, At(1, points), At(1, Run()), At(1, points)]


def test_a_dragged_weight_is_set_once() -> None:
    drag = [SetWeight(0, (1, 2), value / 10) for value in range(5)]
    other = SetWeight(1, (2,), 0.5)
    assert collapsed([*drag, other, *drag]) == [drag[-1], other, drag[-1]]


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


def learned(pace: Pace, anyway: float, each: float, seconds: float, sharing: int = 1) -> tuple[int, float]:
    """How many batches a chunk has, and how long it takes, once the pace has learned what they cost."""
    batches = 0
    for epoch in range(60):
        batches = pace.batches(seconds, compiled=True, sharing=sharing)
        pace.took(batches, anyway + batches * each, epoch)
    return batches, anyway + batches * each


@pytest.mark.parametrize("anyway", [0.0, 0.0005, 0.002])
@pytest.mark.parametrize("each", [1e-5, 2e-4, 1e-3])
def test_a_chunk_fills_the_time_there_is(anyway: float, each: float) -> None:
    assert learned(Pace(), anyway, each, 0.010)[1] == pytest.approx(0.010, abs=1.1 * each)
    assert learned(Pace(), anyway, each, 5.0)[1] == pytest.approx(
        0.014, abs=1.1 * each
    )  # commands must not wait longer
    assert learned(Pace(), anyway, each, 0.0)[1] == pytest.approx(0.004, abs=1.1 * each)


def test_several_seats_have_shorter_chunks() -> None:
    assert learned(Pace(), 0.0005, 1e-5, 5.0, sharing=7)[1] == pytest.approx(0.002, abs=1e-5)
    assert learned(Pace(), 0.0005, 1e-5, 0.0, sharing=2)[1] == pytest.approx(0.004, abs=1e-5)


def test_half_of_the_time_is_training_even_where_a_call_costs_more_than_there_is() -> None:
    batches, seconds = learned(Pace(), 0.005, 2e-5, 0.004, sharing=8)
    assert batches * 2e-5 == pytest.approx(seconds / 2, rel=0.05)


def test_one_batch_is_the_least() -> None:
    assert learned(Pace(), 0.001, 0.1, 0.010)[0] == 1


def test_another_program_has_another_speed() -> None:
    pace = Pace()
    assert pace.batches(0.010, compiled=False) == 1
    learned(pace, 0.001, 1e-5, 0.010)
    assert pace.batches(0.010, compiled=False) == 1


def test_delays_do_not_stop_training() -> None:
    """Other programs want the processor too: now and then a call takes much longer than it should."""
    pace, random, trained, seconds = Pace(), np.random.default_rng(1), 0, 0.0
    for epoch in range(2_000):
        batches = pace.batches(0.005, compiled=True)
        delay = 0.020 * random.random() if random.random() < 0.2 else 0.0
        pace.took(batches, 0.002 + 12e-6 * batches + delay, epoch)
        trained += batches
        seconds += 0.002 + 12e-6 * batches
    assert 12e-6 * trained > 0.4 * seconds


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


@pytest.fixture
def display(clock: list[float]) -> Display:
    display = Display()
    display.begin()
    return display


def test_one_frame_at_a_time(display: Display, clock: list[float]) -> None:
    assert display.seconds_to_wait() == 0.0
    display.sends(5)
    clock[0] += 1.0
    assert display.seconds_to_wait() is None  # nothing new
    display.change()
    assert display.seconds_to_wait() is None  # frame 5 is still being drawn
    display.acknowledge(4)
    assert display.seconds_to_wait() is None
    display.acknowledge(5)
    assert display.seconds_to_wait() == 0.0


def test_sixty_frames_a_second(display: Display, clock: list[float]) -> None:
    began = clock[0]
    for number in range(1, 601):
        display.change()
        clock[0] += display.seconds_to_wait() + 0.005 * (number % 2)  # a chunk may take longer than it should
        display.sends(number)
        display.acknowledge(number)
    assert clock[0] - began == pytest.approx(10.0, abs=0.1)


def test_a_new_run_is_shown_at_once(display: Display, clock: list[float]) -> None:
    display.sends(1)
    display.begin()
    assert display.seconds_to_wait() == 0.0


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (SetView(samples=0), "samples is 0; allowed are 1 to"),
        (SetView(samples=100_000), "samples is 100000"),
        (SetView(neuron_samples=-1), "neuron_samples"),
        (SetView(hidden_layer=8), "hidden_layer is 8; allowed are -1 to 7"),
        (SetView((1.0, 1.0, 0.0, 2.0)), "extent"),
        (SetView((-1.0, float("nan"), 0.0, 2.0)), "extent"),
        (SetQuestions(np.zeros((3, 3))), r"shape \(3, 3\); allowed is \(q, 2\)"),
        (SetQuestions(np.array([[0.0, np.inf]])), "finite"),
        (SetProbe((np.nan, 0.0)), "finite"),
        (SetProbe((0.0, 0.0), np.inf), "finite"),
    ],
)
def test_what_cannot_be_shown_is_refused_and_changes_nothing(display: Display, command, words: str) -> None:
    before = display.view, display.questions, display.probe
    with pytest.raises(ValueError, match=words):
        display.show(command)
    assert (display.view, display.questions, display.probe) == before


def test_no_questions_and_no_probe(display: Display) -> None:
    display.show(SetQuestions(np.array([[1, 2], [3, 4]])))
    assert display.questions.dtype == np.float64
    display.show(SetQuestions(np.array([])))
    assert display.questions.shape == (0, 2)
    display.show(SetProbe((1.0, 2.0), 0.0))
    assert display.probe == SetProbe((1.0, 2.0), 0.0)
    display.show(SetProbe(None))
    assert display.probe is None


def test_history_of_another_future_is_dropped() -> None:
    history = History()
    history.add(np.column_stack([np.arange(1, 41)] * 5).astype(float))
    history.forget_after(30)
    history.add(np.full((1, 5), 31.0))
    np.testing.assert_array_equal(history.taken()[:, 0], np.arange(1, 32))


def test_errors_are_said_on_one_line() -> None:
    assert said(ValueError("units is 0;\n allowed is 1")) == "units is 0; allowed is 1"
    assert said(KeyError("x")) == "KeyError: 'x'"
    assert len(said(ValueError("x" * 10_000))) == 500
