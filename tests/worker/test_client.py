"""The whole way through a real process: commands in, events out, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import psutil
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.datasets import dataset
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.messages import (
    Acknowledge,
    Configure,
    Event,
    Failed,
    Frame,
    Metrics,
    Pause,
    Ready,
    Reset,
    Run,
    Saved,
    SaveModel,
    SetNetwork,
    SetPoints,
    SetTraining,
    SetView,
    StepBatch,
    StepEpoch,
)
from tests.worker.conftest import CIRCLE, NETWORK, SMALL, TRAINING, Listener, next_run, same


def compiled(window: Listener) -> None:
    """Configure, and wait until training is compiled."""
    if not window.configured().compiled:
        window.frame(lambda frame: frame.compiled)


def test_the_first_frame_shows_epoch_0(window: Listener) -> None:
    frame = window.configured()
    assert (frame.epoch, frame.batch, frame.state, frame.reason) == (0, 0, "paused", "")
    assert frame.boundary.shape == (40, 40)
    assert frame.boundary.dtype == np.float32
    assert [weight.shape for weight in frame.weights] == [(2, 8), (8,), (8, 8), (8,), (8, 1), (1,)]
    assert frame.history.shape == (0, 5)
    assert np.isfinite(frame.metrics.loss)
    assert 10 < len(frame.test_indices) < 30


def test_runs_and_pauses(window: Listener) -> None:
    window.client.send(Run())
    running = window.frame(lambda frame: frame.epoch >= 20)
    assert running.state == "running"
    window.client.send(Pause())
    paused = window.frame(lambda frame: frame.state == "paused")
    assert paused.epoch >= running.epoch
    assert paused.metrics.loss < 0.8
    assert paused.epochs_per_second == 0.0


def test_the_history_has_every_epoch_once(window: Listener) -> None:
    parts = []
    window.client.send(Run())
    window.frame(lambda frame: parts.append(frame.history) or frame.epoch >= 50)
    window.client.send(Pause())
    last = window.frame(lambda frame: parts.append(frame.history) or frame.state == "paused")
    history = np.concatenate(parts)
    assert_array_equal(history[:, 0], np.arange(1, last.epoch + 1))


def test_the_program_is_compiled_behind_the_scene(window: Listener) -> None:
    window.configured(NetworkSpec((Layer(5), Layer(3))))
    assert window.frame(lambda frame: frame.compiled).epoch == 0
    window.client.send(Run())
    running = window.frame(lambda frame: frame.epoch >= 100)
    assert running.compiled
    assert running.epochs_per_second > 0.0


def test_steps_are_exact(window: Listener) -> None:
    window.client.send(StepBatch())
    assert (window.frame(lambda f: f.state == "paused").batch) == 1
    window.client.send(StepBatch(3))
    assert window.frame(lambda f: f.batch == 4).epoch == 0
    window.client.send(StepEpoch())
    rest = window.frame(lambda f: f.epoch == 1 and f.state == "paused")
    assert rest.batch == 0
    window.client.send(StepEpoch(4))
    assert window.frame(lambda f: f.state == "paused" and f.epoch == 5).batch == 0


def test_steps_within_an_epoch_keep_its_shuffle(window: Listener) -> None:
    window.client.send(StepEpoch())
    whole = window.frame(lambda f: f.epoch == 1 and f.state == "paused")
    again = window.configured()
    for _ in range(-(-(len(CIRCLE) - len(again.test_indices)) // TRAINING.batch_size)):
        window.client.send(StepBatch())
    stepped = window.frame(lambda f: f.epoch == 1 and f.state == "paused")
    assert again.run == stepped.run
    for a, b in zip(whole.weights, stepped.weights, strict=True):
        assert_allclose(a, b, atol=1e-6)  # some steps may have been compiled and others not


def test_reset_returns_to_the_very_same_weights(window: Listener) -> None:
    first = window.configured()
    window.client.send(StepEpoch(3))
    window.frame(lambda f: f.epoch == 3)
    window.client.send(Reset(again := next_run()))
    back = window.frame(lambda f: f.run == again)
    assert (back.epoch, back.batch) == (0, 0)
    assert same(back.weights, first.weights)
    window.client.send(Reset(other := next_run(), seed=99))
    assert not same(window.frame(lambda f: f.run == other).weights, first.weights)


def test_painting_while_it_trains_keeps_the_weights(window: Listener) -> None:
    window.client.send(Run())
    before = window.frame(lambda f: f.epoch >= 5)
    points = CIRCLE
    for step in range(30):
        points = points.added((step / 10, -step / 10), step % 2)
        window.client.send(SetPoints(points))
    after = window.frame(lambda f: f.epoch > before.epoch and len(f.test_indices) >= len(before.test_indices) + 4)
    assert after.metrics.loss < 1.0
    assert after.state == "running"


def test_without_points_of_both_colours_it_waits_and_says_why(window: Listener) -> None:
    first = window.configured(points=Points())
    assert first.state == "paused"
    assert "points" in first.reason
    assert np.isnan(first.metrics.loss)
    window.client.send(Run())
    window.client.send(SetPoints(Points.of([(1, 1)] * 3, [0] * 3)))
    assert "green" in window.frame(lambda f: "red" in f.reason).reason
    window.client.send(SetPoints(CIRCLE))
    assert window.frame(lambda f: f.epoch >= 2).state == "running"


def test_settings_change_in_mid_run(window: Listener) -> None:
    window.client.send(Run())
    before = window.frame(lambda f: f.epoch >= 5)
    window.client.send(SetTraining(TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.5}))))
    faster = window.frame(lambda f: f.learning_rate == 0.5)
    assert faster.epoch >= before.epoch
    window.client.send(SetTraining(TrainingSpec(OptimizerSpec("adam", {"learning_rate": 0.02}), batch_size=32)))
    window.client.send(SetNetwork(NetworkSpec(NETWORK.hidden, l1=0.01)))
    later = window.frame(lambda f: f.learning_rate == 0.02 and f.epoch > faster.epoch)
    assert later.metrics.loss > 0.01


def test_a_limited_speed_is_kept(window: Listener) -> None:
    compiled(window)
    window.client.send(Run(epochs_per_second=20.0))
    seen = window.frame(lambda f: f.epoch >= 10)
    assert 0 < seen.epochs_per_second < 30  # a busy machine may be slower


def test_only_one_frame_is_outstanding(window: Listener) -> None:
    window.client.send(Run())
    frame = window.next(Frame)  # not acknowledged
    window.client.send(SaveModel("unwritable.h5"))
    window.client.send(SetPoints(CIRCLE))
    window.client.send(SaveModel("unwritable.h5"))
    assert isinstance(window.next(Failed), Failed)
    assert isinstance(window.next(Failed), Failed)  # and no frame between
    window.client.send(Pause())
    window.client.send(Acknowledge(frame.number))
    assert window.frame(lambda f: f.state == "paused").number == frame.number + 1


def test_the_view_has_extent_and_neurons(window: Listener) -> None:
    window.client.send(SetView((0.0, 2.0, 0.0, 2.0), 10, 7))
    frame = window.frame(lambda f: f.boundary.shape == (10, 10))
    assert frame.extent == (0.0, 2.0, 0.0, 2.0)
    assert [layer.shape for layer in frame.neurons] == [(8, 7, 7), (8, 7, 7)]


def test_training_that_diverges_says_so(window: Listener) -> None:
    window.configured(NetworkSpec((Layer(8),), l2=1.0), TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 50.0})))
    window.client.send(Run())
    failed = window.frame(lambda f: f.state != "running")
    assert failed.state == "failed"
    assert "learning rate" in failed.reason
    assert np.isfinite(failed.boundary).all()


def test_the_last_epoch_stops(window: Listener) -> None:
    window.configured(training=TrainingSpec(TRAINING.optimizer, epochs=7))
    window.client.send(Run())
    stopped = window.frame(lambda f: f.state == "stopped")
    assert stopped.epoch == 7
    assert stopped.reason == "All 7 epochs are done. To go on, raise “stop at epoch”."


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (SetTraining(TrainingSpec(OptimizerSpec("newton"))), "Keras"),
        (SetTraining(TrainingSpec(batch_size=-1)), "batch_size"),
        (SetNetwork(NetworkSpec(NETWORK.hidden, l1=-1.0)), "l1"),
        (SaveModel("no/such/folder/model.keras"), "no/such/folder"),
    ],
)
def test_a_bad_command_is_answered_and_the_process_goes_on(window: Listener, command: object, words: str) -> None:
    window.client.send(command)  # type: ignore[arg-type]
    failed = window.next(Failed)
    assert isinstance(failed, Failed)
    assert failed.what == type(command).__name__
    assert words in failed.message
    assert "\n" not in failed.message
    window.client.send(StepEpoch())
    assert window.frame(lambda f: f.epoch == 1).state in {"paused", "running"}


def test_a_network_that_cannot_be_built_leaves_none(window: Listener) -> None:
    window.client.send(Configure(next_run(), NetworkSpec((Layer(0),)), TRAINING, CIRCLE))
    assert isinstance(failed := window.next(Failed), Failed)
    assert "units" in failed.message
    window.client.send(Run())
    assert isinstance(failed := window.next(Failed), Failed)
    assert "no network" in failed.message


def test_a_saved_model_predicts_the_same_in_a_fresh_process(window: Listener, tmp_path: Path) -> None:
    window.client.send(StepEpoch(3))
    frame = window.frame(lambda f: f.epoch == 3 and f.state == "paused")
    path = tmp_path / "model.keras"
    window.client.send(SaveModel(str(path)))
    assert window.next(Saved) == Saved(str(path))
    script = (
        "import sys, keras, numpy as np\n"
        "model = keras.models.load_model(sys.argv[1])\n"
        "centres = -6 + 12 * (np.arange(40) + 0.5) / 40\n"
        "x = np.stack(np.meshgrid(centres, centres), -1).reshape(-1, 2).astype('float32')\n"
        "np.save(sys.argv[2], model.predict(x, verbose=0).reshape(40, 40))\n"
    )
    answer = tmp_path / "boundary.npy"
    subprocess.run([sys.executable, "-c", script, path, answer], check=True, capture_output=True, timeout=120)
    assert_allclose(np.load(answer), frame.boundary, atol=1e-6)


def test_at_rest_it_does_nothing(window: Listener) -> None:
    compiled(window)
    process = psutil.Process(window.client.pid)

    def seconds_of_work() -> float:
        before = sum(process.cpu_times()[:2])
        threading.Event().wait(0.5)  # nothing to wait for: that nothing happens is the point
        return sum(process.cpu_times()[:2]) - before

    # What draws may still be compiling, so it may take a moment to come to rest.
    assert any(seconds_of_work() < 0.05 for _ in range(20))


def test_frames_of_an_older_run_are_dropped() -> None:
    listener = Listener()
    client = listener.client
    client.send(Configure(2, NETWORK, TRAINING, CIRCLE))  # without a process it is only remembered
    blank = np.zeros((1, 1), np.float32)

    def frame(run: int) -> Frame:
        metrics = Metrics(0, 0.0, 0.0, 0.0, 0.0)
        return Frame(run, 1, 0, 0, "paused", "", True, 0.0, metrics, np.empty((0, 5)), (), blank, (), SMALL.extent)

    for run in (1, 2, 3):
        client._hear(frame(run))
    assert [event.run for event in listener.drained() if isinstance(event, Frame)] == [2]


def test_a_killed_process_is_noticed_and_another_one_can_be_started(tensorflow: None) -> None:
    listener = Listener()
    client = listener.client
    client.start()
    first = client.pid
    listener.next(Ready)
    psutil.Process(first).kill()
    assert "signal 9" in listener.exits.get(timeout=20) or sys.platform == "win32"
    assert not client.is_alive
    client.send(Run())  # harmless
    client.restart()
    listener.next(Ready)
    assert client.pid not in {None, first}
    listener.configured()
    pid = client.pid
    client.stop()
    assert not psutil.pid_exists(pid)
    assert listener.exits.empty()
    client.stop()


def test_a_process_that_hangs_is_replaced_without_waiting_for_it(tensorflow: None) -> None:
    listener = Listener()
    client = listener.client
    client.start()
    listener.next(Ready)
    hanging = psutil.Process(client.pid)
    hanging.suspend()
    client.restart()
    listener.next(Ready)
    assert not hanging.is_running()
    assert client.pid != hanging.pid
    client.stop()
    assert listener.exits.empty()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_an_interrupt_from_the_terminal_is_not_for_the_process(window: Listener) -> None:
    os.kill(window.client.pid, signal.SIGINT)
    window.client.send(StepEpoch())
    assert window.frame(lambda f: f.epoch == 1).epoch == 1


def test_it_ends_when_its_parent_dies() -> None:
    script = (
        "import sys, threading\n"
        "from gdviz.training.client import TrainingClient\n"
        "if __name__ == '__main__':\n"
        "    ready = threading.Event()\n"
        "    client = TrainingClient(lambda event: ready.set(), print)\n"
        "    client.start()\n"
        "    ready.wait(60)\n"
        "    print(client.pid, flush=True)\n"
        "    sys.stdin.read()\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as parent:
        assert parent.stdout is not None
        process = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
    process.wait(timeout=20)


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_a_process_that_hangs_is_ended_by_force() -> None:
    listener = Listener()
    listener.client.start()
    pid = listener.client.pid
    os.kill(pid, signal.SIGSTOP)
    listener.client.send(SetPoints(dataset("xor").make(5000)))
    listener.client.stop()
    assert not psutil.pid_exists(pid)
    assert listener.exits.empty()


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
def test_sending_never_waits_for_the_process() -> None:
    events: list[Event] = []
    listener = Listener()
    client = listener.client
    client.start()
    os.kill(client.pid, signal.SIGSTOP)
    many = dataset("xor").make(5000)
    for _ in range(200):
        client.send(SetPoints(many))
    assert len(client._link._commands) < 5  # the pipe is full, and stale points were dropped
    os.kill(client.pid, signal.SIGCONT)
    client.stop()
    assert not events
