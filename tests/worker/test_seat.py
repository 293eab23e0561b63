"""A seat without a process around it: turns are taken by hand."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from itertools import count

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.compiler import Compilable, Compiler
from gdviz.training.messages import (
    Acknowledge,
    Configure,
    Event,
    Failed,
    Frame,
    GoTo,
    Pause,
    Run,
    SetPoints,
    SetView,
    StepEpoch,
)
from gdviz.training.pace import Pace
from gdviz.training.seat import Seat
from tests.worker.conftest import same

SMALL = NetworkSpec((Layer(2),))
FEW = Points.of([(-1, 0), (1, 0), (-2, 1), (2, 1)] * 3, [0, 1, 0, 1] * 3)


class Idle(Compiler):
    """Compiles nothing: a few steps are taken sooner without."""

    def want(self, *descriptions: Compilable, by: Hashable = None) -> None:
        pass


class Events(list[Event]):
    """What a seat has sent."""

    @property
    def frames(self) -> list[Frame]:
        return [event for event in self if isinstance(event, Frame)]


@pytest.fixture
def events() -> Events:
    return Events()


@pytest.fixture
def seat(events: Events) -> Seat:
    """A seat with a configured network, whose first frame was not drawn yet."""
    seat = Seat(0, Idle(), events.append, count(1))
    seat.obey(Configure(1, SMALL, TrainingSpec(batch_size=4), FEW))
    seat.take_turn(1)
    return seat


def turns(seat: Seat, until: Callable[[], bool]) -> None:
    for _ in range(1_000):
        if until():
            return
        seat.take_turn(1)
    pytest.fail("it takes too many turns")


def at_rest(seat: Seat) -> None:
    turns(seat, lambda: not seat.trains)


def test_what_is_not_compiled_yet_trains_batch_by_batch_however_slow_its_first_call_was() -> None:
    pace, trained = Pace(), []
    for seconds in (0.4, 0.1, 0.1, 0.1):
        trained.append(pace.batches(1 / 60, compiled=False))
        pace.took(trained[-1], seconds, epoch=0)
    assert trained == [1, 1, 1, 1]


def test_history_that_was_not_told_yet_ends_where_training_goes_on(seat: Seat, events: Events) -> None:
    seat.obey(StepEpoch(9))
    at_rest(seat)
    seat.obey(GoTo(4))
    seat.obey(StepEpoch(2))
    at_rest(seat)
    assert len(events.frames) == 1
    seat.obey(Acknowledge(1))
    turns(seat, lambda: len(events.frames) == 2)
    frame = events.frames[-1]
    assert_array_equal(frame.history[:, 0], [1, 2, 3, 4, 5, 6])
    assert_array_equal(frame.kept, [0, 1, 2, 3, 4, 5, 6])
    assert frame.history[-1, 1] == pytest.approx(frame.metrics.loss)


def test_until_training_goes_on_history_is_told_as_it_was(seat: Seat, events: Events) -> None:
    seat.obey(StepEpoch(9))
    at_rest(seat)
    seat.obey(GoTo(4))
    seat.obey(Acknowledge(1))
    turns(seat, lambda: len(events.frames) == 2)
    frame = events.frames[-1]
    assert (frame.epoch, frame.kept[-1]) == (4, 9)
    assert_array_equal(frame.history[:, 0], np.arange(1, 10))


def test_a_run_pauses_at_its_epoch_and_not_before(seat: Seat, events: Events) -> None:
    seat.obey(Run(until=3))
    at_rest(seat)
    seat.obey(Acknowledge(1))
    turns(seat, lambda: len(events.frames) == 2)
    assert events.frames[-1].state == "paused"
    assert (events.frames[-1].epoch, events.frames[-1].batch) == (3, 0)
    seat.obey(Run(until=2))  # that was long ago
    assert not seat.trains


def test_a_step_that_cannot_be_taken_is_not_made_up_for(seat: Seat, events: Events) -> None:
    seat.obey(SetPoints(Points()))
    seat.obey(StepEpoch())
    seat.obey(SetPoints(FEW))
    assert not seat.trains
    seat.obey(StepEpoch(5))
    seat.obey(SetPoints(Points()))
    seat.obey(SetPoints(FEW))
    assert not seat.trains


def test_a_run_waits_for_points(seat: Seat, events: Events) -> None:
    seat.obey(Run())
    assert seat.trains
    seat.obey(SetPoints(Points()))
    assert not seat.trains
    seat.obey(SetPoints(FEW))
    assert seat.trains


def test_what_fails_in_a_frame_is_said_once_and_training_rests(
    seat: Seat, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(self: object, view: SetView) -> None:
        raise RuntimeError("no picture")

    with monkeypatch.context() as patch:
        patch.setattr(type(seat._needed()), "draw", broken)
        seat.obey(Acknowledge(1))
        seat.obey(Run())
        at_rest(seat)
    failures = [event for event in events if isinstance(event, Failed)]
    assert [(failed.what, failed.message) for failed in failures] == [("Frame", "RuntimeError: no picture")]
    assert seat.seconds_to_wait() is None
    seat.obey(Pause())
    turns(seat, lambda: len(events.frames) == 2)
    assert events.frames[-1].state == "paused"


def test_what_fails_in_training_is_said_and_training_rests(
    seat: Seat, events: Events, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise RuntimeError("no memory")

    monkeypatch.setattr(type(seat._needed()), "advance", broken)
    seat.obey(StepEpoch())
    seat.take_turn(1)
    assert events[-1] == Failed("Run", "RuntimeError: no memory", 0)
    assert not seat.trains


def test_weights_to_begin_with_are_where_a_reset_comes_back_to(seat: Seat, events: Events) -> None:
    weights = tuple(np.full(shape, 0.25, np.float32) for shape in ((2, 2), (2,), (2, 1), (1,)))
    seat.obey(Configure(2, SMALL, TrainingSpec(), FEW, weights))
    seat.take_turn(1)
    assert same(events.frames[-1].weights, weights)
    seat.obey(Configure(3, SMALL, TrainingSpec(), FEW, weights[:2]))
    assert isinstance(events[-1], Failed)
    assert seat.seconds_to_wait() is None


class Recorder(Idle):
    """Notes how many frames there were whenever somebody wished for something."""

    def __init__(self, events: Events) -> None:
        super().__init__()
        self.frames_before: list[int] = []
        self._events = events

    def want(self, *descriptions: Compilable, by: Hashable = None) -> None:
        if descriptions:
            self.frames_before.append(len(self._events.frames))


def test_the_first_frame_of_a_run_does_not_wait_for_the_compiler(events: Events) -> None:
    compiler = Recorder(events)
    seat = Seat(0, compiler, events.append, count(1))
    for run in (1, 2):
        seat.obey(Configure(run, SMALL, TrainingSpec(batch_size=4), FEW))
        seat.obey(Run())
        assert compiler.frames_before == [] or compiler.frames_before[-1] < run
        turns(seat, lambda run=run: len(events.frames) == run)
        seat.obey(SetView())
        assert compiler.frames_before[-1] == run
        compiler.frames_before.clear()


def test_while_nothing_is_compiled_a_run_leaves_most_of_the_time_to_the_compiler(events: Events, seat: Seat) -> None:
    seat.obey(Run())
    seat.take_turn(1)
    assert seat._orders.seconds_to_wait() > 0.0
    seat.obey(Pause())
    seat.obey(StepEpoch())
    assert seat._orders.seconds_to_wait() == 0.0  # a step that was asked for comes at once
