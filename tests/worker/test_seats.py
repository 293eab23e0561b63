"""Several networks side by side in one process: each on its own, all of them fairly."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np
import pytest

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.datasets import dataset
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.messages import (
    At,
    Configure,
    Failed,
    Frame,
    Leave,
    Pause,
    Reset,
    Run,
    Saved,
    SaveModel,
    SetPoints,
    SetProbe,
    SetQuestions,
    SetTraining,
    SetView,
    StepEpoch,
)
from tests.worker.conftest import CIRCLE, NETWORK, SMALL, TRAINING, Listener, next_run, same

SEATS = (0, 1, 2)
ADAM = TrainingSpec(OptimizerSpec("adam", {"learning_rate": 0.02}))


def test_each_trains_as_if_it_were_alone(window: Listener) -> None:
    """The same seed and settings lead to the same weights, whatever else is being trained."""

    def trained(seat: int) -> Frame:
        window.send(StepEpoch(40), seat=seat)
        return window.frame(lambda f: f.epoch == 40 and f.state == "paused", seat=seat)

    if not window.configured().compiled:
        window.frame(lambda f: f.compiled)
    alone = trained(0)
    for seat in SEATS:
        window.send(SMALL, seat=seat)
        window.configured(training=ADAM if seat == 1 else TRAINING, seat=seat)
    window.send(Run(), seat=1)
    window.frame(lambda f: f.compiled, seat=1)
    first, third = trained(0), trained(2)
    assert same(first.weights, alone.weights)
    assert same(third.weights, alone.weights)
    other = window.frame(lambda f: f.epoch > 40, seat=1)
    assert other.state == "running"
    assert not same(other.weights, alone.weights)


def test_all_get_on_alike(window: Listener) -> None:
    for seat in SEATS:
        window.send(SMALL, seat=seat)
        if not window.configured(seat=seat).compiled:
            window.frame(lambda f: f.compiled, seat=seat)
    for seat in SEATS:
        window.send(Run(), seat=seat)
    frames: Counter[int] = Counter()
    epochs = dict.fromkeys(SEATS, 0)
    while max(epochs.values()) < 2_000:
        frame = window.next(Frame)
        window.acknowledge(frame)
        frames[frame.seat] += 1
        epochs[frame.seat] = frame.epoch
    # In time, that is; how many epochs fit into it, other programs on the machine have a say in.
    assert min(frames.values()) > 0.4 * max(frames.values())
    assert min(epochs.values()) > 0


def test_those_that_train_abreast_are_seen_and_pause_at_equal_epochs(window: Listener) -> None:
    """A large network and a batch of one point each make an epoch of one seat take much longer than another's."""
    slow = NetworkSpec((Layer(64), Layer(64)))
    for seat, (network, batch) in enumerate(((NETWORK, 0), (slow, 1), (NETWORK, 10))):
        window.send(SMALL, seat=seat)
        training = TrainingSpec(TRAINING.optimizer, batch_size=batch)
        if not window.configured(network, training, seat=seat).compiled:
            window.frame(lambda f: f.compiled, seat=seat)
    for seat in SEATS:
        window.send(Run(abreast=True), seat=seat)
    seen: dict[int, set[int]] = {seat: set() for seat in SEATS}
    while min(map(len, seen.values())) < 20:
        frame = window.next(Frame)
        window.acknowledge(frame)
        seen[frame.seat].add(frame.epoch)
    # The first may have been seen alone, before the others were told to run; the last are on their way.
    common = set.intersection(*seen.values())
    assert len(common) >= 15
    for seat in SEATS:
        window.send(Pause(), seat=seat)
    ends: dict[int, int] = {}
    while len(ends) < len(SEATS):
        frame = window.next(Frame)
        window.acknowledge(frame)
        if frame.state == "paused":
            ends[frame.seat] = frame.epoch
    assert len(set(ends.values())) == 1


def test_who_trains_abreast_waits_for_nobody_that_has_stopped(window: Listener) -> None:
    for seat, end in ((0, 5), (1, 0)):
        window.send(SMALL, seat=seat)
        window.configured(training=TrainingSpec(TRAINING.optimizer, epochs=end), seat=seat)
    for seat in (0, 1):
        window.send(Run(abreast=True), seat=seat)
    assert window.frame(lambda f: f.state == "stopped", seat=0).epoch == 5
    assert window.frame(lambda f: f.epoch > 50, seat=1).state == "running"


def test_one_seat_knows_nothing_of_another(window: Listener) -> None:
    here = window.configured()
    view = SetView((0.0, 1.0, 0.0, 1.0), 7)
    window.send(view, seat=3)
    there = window.configured(NetworkSpec((Layer(3),), "softmax"), ADAM, dataset("xor").make(30), seat=3)
    assert (there.seat, there.boundary.shape, there.extent) == (3, (7, 7), view.extent)
    assert len(there.weights) == 4
    window.send(SetTraining(TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.9}))), seat=3)
    assert window.frame(lambda f: abs(f.learning_rate - 0.9) < 1e-6, seat=3).epoch == 0
    window.send(StepEpoch(2), seat=3)
    window.frame(lambda f: f.epoch == 2, seat=3)
    window.send(SetPoints(CIRCLE))  # something to draw
    again = window.frame()
    assert (again.epoch, again.run, again.extent) == (0, here.run, SMALL.extent)
    assert same(again.weights, here.weights)
    assert again.learning_rate == pytest.approx(0.05)


def test_questions_and_probe_are_a_seats_and_outlast_its_network(window: Listener) -> None:
    window.configured(seat=1)
    window.send(SetQuestions(np.array([[1.0, 2.0], [3.0, 4.0], [0.0, 0.0]])), SetProbe((1.0, 2.0), 0.0), seat=1)
    asked = window.frame(lambda f: f.explanation is not None, seat=1)
    assert asked.answers.shape == (3,)
    assert asked.explanation.xy == (1.0, 2.0)
    assert asked.explanation.outputs[-1][0] == pytest.approx(asked.answers[0], abs=1e-6)
    other = window.configured(NetworkSpec((Layer(3),)), seat=1)
    assert other.answers.shape == (3,)
    assert other.explanation is not None
    bare = window.configured()
    assert (bare.answers.shape, bare.explanation) == ((0,), None)
    window.send(SetQuestions(np.empty((0, 2))), SetProbe(None), seat=1)
    assert window.frame(lambda f: f.explanation is None, seat=1).answers.shape == (0,)


def test_a_seat_that_was_left_is_forgotten(window: Listener) -> None:
    window.configured(seat=1)
    window.send(SetQuestions(np.zeros((2, 2))), Run(), seat=1)
    window.frame(lambda f: f.epoch > 3, seat=1)
    window.send(Leave(), seat=1)
    window.send(Leave(), seat=1)
    window.send(Run(), seat=1)
    failed = window.next(Failed)
    assert (failed.what, failed.seat) == ("Run", 1)
    assert "no network" in failed.message
    window.drained()
    window.send(StepEpoch())
    assert window.frame(lambda f: f.epoch == 1).seat == 0
    again = window.configured(seat=1)
    assert (again.epoch, again.state, again.answers.shape) == (0, "paused", (0,))


def test_the_first_seat_can_be_left_too(window: Listener) -> None:
    window.send(Leave())
    window.send(StepEpoch())
    assert "no network" in window.next(Failed).message
    window.send(SMALL)
    assert window.configured().seat == 0


def test_every_answer_names_its_seat(window: Listener, tmp_path: Path) -> None:
    path = str(tmp_path / "model.keras")
    window.configured(seat=2)
    window.send(SaveModel(path), seat=2)
    assert window.next(Saved) == Saved(path, 2)
    window.send(SaveModel("model.h5"), seat=2)
    assert window.next(Failed).seat == 2
    window.send(Configure(next_run(), NetworkSpec((Layer(0),)), TRAINING, CIRCLE), seat=2)
    failed = window.next(Failed)
    assert (failed.what, failed.seat) == ("Configure", 2)
    window.send(StepEpoch())
    assert window.frame(lambda f: f.epoch == 1)


@pytest.mark.parametrize("seat", [-1, 8, 10**9])
def test_there_are_no_more_than_eight(window: Listener, seat: int) -> None:
    window.send(At(seat, Configure(next_run(), NETWORK, TRAINING, CIRCLE)))
    failed = window.next(Failed)
    assert (failed.what, failed.seat) == ("Configure", seat)
    assert failed.message == f"seat is {seat}; allowed are 0 to 7"


def test_a_seat_within_a_seat_is_refused(window: Listener) -> None:
    window.send(At(1, At(2, Run())))
    assert window.next(Failed).what == "At"
    window.send(StepEpoch())
    assert window.frame(lambda f: f.epoch == 1)


def test_a_failure_pauses_nobody_else(window: Listener) -> None:
    diverging = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 50.0}))
    window.configured(NetworkSpec((Layer(8),), l2=1.0), diverging, seat=1)
    window.send(Run())
    window.send(Run(), seat=1)
    assert window.frame(lambda f: f.state != "running", seat=1).state == "failed"
    epoch = window.frame().epoch
    assert window.frame(lambda f: f.epoch > epoch + 10).state == "running"


def test_runs_of_seats_are_counted_apart(window: Listener) -> None:
    """A frame of an older run is dropped; which run is the present one, each seat has for itself."""
    run = next_run()
    window.send(SMALL, Configure(run, NETWORK, TRAINING, CIRCLE), seat=1)
    window.send(SMALL, Configure(run + 1_000_000, NETWORK, TRAINING, CIRCLE), seat=2)
    newest: dict[int, Frame] = {}

    def runs() -> dict[int, int]:  # the window's own seat speaks too, where its training was compiled meanwhile
        return {seat: frame.run for seat, frame in newest.items() if seat}

    def see() -> None:
        frame = window.next(Frame)
        window.acknowledge(frame)
        newest[frame.seat] = frame

    while 1 not in newest:  # either may come first
        see()
    assert newest[1].run == run
    window.send(Reset(run + 5), seat=1)
    window.send(Pause(), seat=2)
    while runs() != {1: run + 5, 2: run + 1_000_000}:
        see()
    assert newest[1].epoch == 0
