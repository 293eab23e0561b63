"""Back to an epoch and on again: the very same weights, and what came after is kept until it is over."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.network.datasets import dataset
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.messages import (
    Failed,
    Frame,
    GoTo,
    Pause,
    Reset,
    Run,
    SetPoints,
    SetTraining,
    SetWeight,
    StepBatch,
    StepEpoch,
)
from tests.worker.conftest import CIRCLE, NETWORK, TRAINING, Listener, next_run, same

ADAM = TrainingSpec(OptimizerSpec("adam", {"learning_rate": 0.02}))
FALLING = ScheduleSpec("exponential", {"decay_steps": 40, "decay_rate": 0.5})


def compiled(window: Listener, network: NetworkSpec = NETWORK, training: TrainingSpec = TRAINING) -> Frame:
    """At epoch 0, compiled: what is trained uncompiled differs in the last digit."""
    first = window.configured(network, training)
    return first if first.compiled else window.frame(lambda f: f.compiled)


def at(window: Listener, epoch: int) -> Frame:
    """At rest at an epoch."""
    return window.frame(lambda f: (f.epoch, f.batch) == (epoch, 0) and f.state != "running")


def stepped(window: Listener, epochs: int, to: int) -> Frame:
    window.send(StepEpoch(epochs))
    return at(window, to)


def back(window: Listener, epoch: int) -> Frame:
    window.send(GoTo(epoch))
    return at(window, epoch)


@pytest.mark.parametrize(
    ("network", "training"),
    [
        (NETWORK, TRAINING),
        (NETWORK, ADAM),
        (NETWORK, TrainingSpec(OptimizerSpec("nadam"))),
        (NetworkSpec((Layer(8, dropout=0.3), Layer(8, dropout=0.2))), ADAM),
        (NETWORK, TrainingSpec(ADAM.optimizer, schedule=FALLING)),
        (NETWORK, TrainingSpec(ADAM.optimizer, patience=30)),
        (NetworkSpec((Layer(8),), "softmax", l1=0.01, features=("x1", "x2", "sin_x1"), scaling="standard"), ADAM),
    ],
    ids=["sgd", "adam", "nadam", "dropout", "schedule", "patience", "features"],
)
def test_going_on_from_the_past_leads_to_the_very_same_weights(
    window: Listener, network: NetworkSpec, training: TrainingSpec
) -> None:
    compiled(window, network, training)
    tenth = stepped(window, 10, to=10)
    last = stepped(window, 30, to=40)
    again = back(window, 10)
    assert same(again.weights, tenth.weights)
    for name in ("metrics", "learning_rate", "steps", "best_epoch", "scaling"):
        assert getattr(again, name) == getattr(tenth, name)
    window.send(Run())  # cut into other chunks than before
    window.frame(lambda f: f.epoch > 10)
    window.send(Pause(), GoTo(10), StepBatch(3))
    window.frame(lambda f: (f.epoch, f.batch) == (10, 3))
    end = stepped(window, 30, to=40)
    assert same(end.weights, last.weights)
    for name in ("metrics", "learning_rate", "steps", "best_epoch"):
        assert getattr(end, name) == getattr(last, name)


def test_every_step_and_the_start_are_kept(window: Listener) -> None:
    first = compiled(window)
    assert_array_equal(first.kept, [0])
    frames = [stepped(window, 1, to=epoch) for epoch in range(1, 8)]
    assert_array_equal(frames[-1].kept, np.arange(8))
    for epoch in (3, 6, 0, 7):
        shown = back(window, epoch)
        assert same(shown.weights, [first, *frames][epoch].weights)
        assert shown.metrics == [first, *frames][epoch].metrics
        assert shown.run == first.run
        assert_array_equal(shown.kept, np.arange(8))
        assert shown.history.shape == (0, 5)


def test_the_beginning_of_a_fast_run_is_kept_closely(window: Listener) -> None:
    compiled(window)
    window.send(Run())
    kept = window.frame(lambda f: f.epoch >= 1_000).kept
    assert_array_equal(kept[:17], np.arange(17))
    assert (np.diff(kept) <= np.maximum(1, kept[:-1] // 16)).all()


def test_what_is_not_kept_shows_the_one_before(window: Listener) -> None:
    compiled(window)
    window.send(Run())
    kept = window.frame(lambda f: f.epoch >= 1_000).kept
    gap = int(np.argmax(np.diff(kept)))
    window.send(GoTo(int(kept[gap + 1]) - 1))
    assert at(window, int(kept[gap])).state == "paused"
    window.send(GoTo(10**9))
    newest = window.frame(lambda f: f.epoch == f.kept[-1])
    assert newest.epoch >= 1_000


def test_before_the_start_there_is_nothing(window: Listener) -> None:
    stepped(window, 2, to=2)
    window.send(GoTo(-1))
    failed = window.next(Failed)
    assert (failed.what, failed.message) == ("GoTo", "epoch is -1; allowed is 0 or later")
    assert stepped(window, 1, to=3).state == "paused"


def test_later_epochs_are_there_until_training_goes_on(window: Listener) -> None:
    compiled(window)
    for epoch in range(1, 11):
        tenth = stepped(window, 1, to=epoch)
    assert back(window, 4).kept[-1] == 10
    assert same(back(window, 10).weights, tenth.weights)
    back(window, 4)
    fifth = stepped(window, 1, to=5)
    assert_array_equal(fifth.kept, [0, 1, 2, 3, 4, 5])
    assert_array_equal(fifth.history[:, 0], [5])
    window.send(GoTo(10))
    assert at(window, 5).kept[-1] == 5


def test_part_of_an_epoch_is_enough_to_end_what_came_after(window: Listener) -> None:
    compiled(window)
    for epoch in range(1, 5):
        stepped(window, 1, to=epoch)
    window.send(GoTo(2), StepBatch())
    frame = window.frame(lambda f: f.batch == 1)
    assert (frame.epoch, frame.kept.tolist()) == (2, [0, 1, 2])
    assert back(window, 2).batch == 0


def test_a_run_that_is_under_way_pauses(window: Listener) -> None:
    compiled(window)
    window.send(Run())
    window.frame(lambda f: f.epoch > 50)
    frame = back(window, 3)
    assert (frame.state, frame.epochs_per_second) == ("paused", 0.0)
    window.send(Run())
    assert window.frame(lambda f: f.epoch > 60).state == "running"


def test_points_and_settings_stay_as_they_are_now(window: Listener) -> None:
    compiled(window)
    third = stepped(window, 3, to=3)
    stepped(window, 3, to=6)
    more = CIRCLE.added([(0.0, 0.0), (1.0, 1.0)], 1)
    adam = TrainingSpec(OptimizerSpec("adam", {"learning_rate": 0.125}), batch_size=7)
    window.send(SetPoints(more), SetTraining(adam))
    frame = back(window, 3)
    assert same(frame.weights, third.weights)
    assert frame.learning_rate == 0.125
    assert frame.predictions.shape == (len(more),)
    assert frame.metrics != third.metrics
    assert stepped(window, 2, to=5).state == "paused"


def test_an_edited_weight_is_kept_with_its_epoch(window: Listener) -> None:
    compiled(window)
    stepped(window, 2, to=2)
    window.send(SetWeight(2, (1, 3), 0.75))
    edited = window.frame(lambda f: f.weights[2][1, 3] == 0.75)
    stepped(window, 2, to=4)
    assert same(back(window, 2).weights, edited.weights)


def test_a_run_that_ended_by_itself_can_be_gone_back_in(window: Listener) -> None:
    compiled(window, training=TrainingSpec(ADAM.optimizer, epochs=9))
    window.send(Run())
    end = at(window, 9)
    assert end.state == "stopped"
    assert back(window, 5).state == "paused"
    window.send(Run())
    assert same(at(window, 9).weights, end.weights)


def test_early_stopping_ends_at_the_same_epoch_again(window: Listener) -> None:
    restless = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 2.0}), patience=3)
    compiled(window, training=restless)
    window.send(Run())
    end = window.frame(lambda f: f.state == "stopped")
    back(window, end.epoch - 2)
    window.send(Run())
    again = window.frame(lambda f: f.state == "stopped")
    assert (again.epoch, again.reason) == (end.epoch, end.reason)
    assert same(again.weights, end.weights)
    window.send(Run())
    further = window.frame(lambda f: f.state == "stopped" and f.epoch > end.epoch)
    back(window, end.epoch)
    window.send(Run())
    assert window.frame(lambda f: f.state == "stopped" and f.epoch > end.epoch).epoch == further.epoch


def test_a_failed_run_can_be_taken_up_before_it_failed(window: Listener) -> None:
    network = NetworkSpec((Layer(8),), l2=1.0)
    compiled(window, network, TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 20.0})))
    window.send(Run())
    failed = window.frame(lambda f: f.state == "failed")
    assert failed.kept[-1] == failed.epoch
    window.send(SetTraining(TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 1e-4}))), GoTo(0), Run())
    assert window.frame(lambda f: f.epoch > failed.epoch + 20).state == "running"


def test_a_new_run_keeps_nothing_of_the_last(window: Listener) -> None:
    compiled(window)
    stepped(window, 5, to=5)
    window.send(Reset(next_run()))
    assert_array_equal(at(window, 0).kept, [0])
    stepped(window, 2, to=2)
    assert_array_equal(window.configured(NetworkSpec((Layer(3),))).kept, [0])


def test_epochs_longer_than_a_chunk_are_kept_whole(window: Listener) -> None:
    window.configured(training=TrainingSpec(TRAINING.optimizer, batch_size=1), points=dataset("xor").make(4_000))
    window.send(Run())
    frame = window.frame(lambda f: f.compiled and f.epoch >= 2 and f.batch > 0)
    assert_array_equal(frame.kept, np.arange(frame.epoch + 1))
    assert back(window, 1).batch == 0
