"""What is sent to the training process, and which of its frames are drawn."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QPushButton, QToolButton

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.gui.network.state import Painted
from gdviz.gui.numbers import whole
from gdviz.network.spec import Layer
from gdviz.training.messages import (
    Acknowledge,
    Configure,
    Failed,
    Metrics,
    Ready,
    Reset,
    SetPoints,
    SetTraining,
)


def click(tab, name, kind=QToolButton):
    QTest.mouseClick(tab.findChild(kind, name), Qt.MouseButton.LeftButton)


def test_says_that_tensorflow_is_loading_and_lets_one_paint(tab, client):
    assert "TensorFlow is loading" in tab.top.status.text()
    assert not tab.findChild(QToolButton, "network.step_batch").isEnabled()
    assert client.sent == []


def test_train_before_ready_starts_when_it_is(qtbot, tab, client):
    click(tab, "network.play")
    assert client.sent == []
    with qtbot.waitSignal(tab.bridge.ready):
        client.on_event(Ready("2", "3", 4.0))
    qtbot.waitUntil(lambda: client.kinds() == ["SetView", "Configure", "SetQuestions", "Run"])


def test_ready_configures_without_training(tab, ready):
    assert ready.kinds() == ["SetView", "Configure", "SetQuestions"]
    assert ready.last(Configure).points is tab.store.state.points


def test_buttons_send_their_commands(tab, ready):
    ready.sent.clear()
    for name in ("step_forward", "step_batch", "play", "play", "reset", "new_seed"):
        click(tab, f"network.{name}")
    assert ready.kinds() == ["StepEpoch", "StepBatch", "Run", "Pause", "Reset", "SetTraining", "Reset"]
    resets = [command.run for command in ready.sent if isinstance(command, Reset)]
    assert resets == sorted(set(resets))


def test_a_reset_in_mid_run_goes_on_training(tab, ready):
    click(tab, "network.play")
    ready.sent.clear()
    click(tab, "network.reset")
    assert ready.kinds() == ["Reset", "Run"]


def test_settings_keep_the_weights_and_architecture_configures_anew(qtbot, tab, ready):
    click(tab, "network.play")
    ready.sent.clear()
    tab.training_panel._set("learning_rate", 0.3)
    assert ready.kinds() == ["SetTraining"]
    assert ready.last(SetTraining).training.optimizer.learning_rate == 0.3
    tab.training_panel._set_network("l2", 0.01)
    assert ready.kinds()[1:] == ["SetNetwork"]
    ready.sent.clear()
    click(tab, "network.more_layers")
    assert ready.kinds() == ["SetView", "Configure", "SetQuestions", "Run"]
    assert len(ready.last(Configure).network.hidden) == 3


def test_many_strokes_become_few_messages_and_none_is_lost(qtbot, tab, ready):
    ready.sent.clear()
    for x in np.linspace(-5, 5, 50):
        tab.store.paint(tab.store.state.points.added((x, 0.0), 0))
    qtbot.waitUntil(lambda: "SetPoints" in ready.kinds())
    assert ready.kinds().count("SetPoints") == 1
    assert ready.last(SetPoints).points is tab.store.state.points


def test_points_painted_go_ahead_of_train(tab, ready):
    ready.sent.clear()
    tab.store.paint(tab.store.state.points.added((1.0, 1.0), 0))
    click(tab, "network.play")
    assert ready.kinds() == ["SetPoints", "Run"]


def test_a_frame_is_acknowledged_then_drawn(qtbot, tab, ready, a_frame):
    before = []
    tab.bridge.frame.connect(lambda _: before.append(Acknowledge(17) in ready.sent))
    with qtbot.waitSignals([tab.bridge.frame, tab.canvas.painted], order="strict"):
        ready.on_event(a_frame(tab.bridge._run, number=17))
    assert before == [True]
    assert tab.epoch == 3
    assert tab.transport.position.text() == "epoch 3"
    assert tab.readouts.text("loss") == "0.250"
    assert tab.readouts.text("test_accuracy") == "80.0 %"
    assert tab.readouts.text("speed") == whole(1234)


def test_a_frame_is_acknowledged_though_nobody_sees_it(qtbot, tab, ready, a_frame):
    tab.hide()
    ready.on_event(a_frame(tab.bridge._run, number=5))
    qtbot.waitUntil(lambda: Acknowledge(5) in ready.sent)


def test_the_next_frame_waits_until_the_last_is_on_the_screen(qtbot, tab, ready, a_frame):
    told = []
    tab.bridge.frame.connect(lambda frame: told.append(frame.number))
    tab.canvas.painted.connect(lambda: told.append("painted"))
    with qtbot.waitSignal(tab.bridge.frame):
        ready.on_event(a_frame(tab.bridge._run, number=1))
    ready.on_event(a_frame(tab.bridge._run, number=2))
    assert Acknowledge(2) not in ready.sent  # so the process does not make a third one
    qtbot.waitUntil(lambda: 2 in told)
    assert told[: told.index(2)].count("painted") >= 1
    assert Acknowledge(2) in ready.sent


def test_the_latest_frame_wins_and_no_epoch_is_lost(qtbot, tab, ready, a_frame):
    shown = []
    tab.bridge.frame.connect(lambda frame: shown.append((frame.number, len(frame.history))))
    run = tab.bridge._run
    ready.on_event(a_frame(run, number=1))
    ready.on_event(a_frame(run, number=2, epoch=4, history=np.array([[4, 0.2, 0.9, 0.4, 0.8]])))
    qtbot.waitUntil(lambda: bool(shown))
    assert shown == [(2, 4)]


def test_a_frame_of_an_older_run_is_not_drawn(qtbot, tab, ready, a_frame):
    old = tab.bridge._run
    click(tab, "network.reset")
    ready.on_event(a_frame(old, number=1, epoch=99))
    with qtbot.waitSignal(tab.bridge.frame):
        ready.on_event(a_frame(tab.bridge._run, number=2))
        # A newer frame replaced the old one or came after it; either way the old one is not shown.
    assert tab.epoch == 3


def test_training_that_ends_by_itself_says_why(qtbot, tab, ready, a_frame):
    click(tab, "network.play")
    with qtbot.waitSignal(tab.bridge.running_changed):
        ready.on_event(a_frame(tab.bridge._run, state="stopped", reason="All 3 epochs are done."))
    assert not tab.bridge.running
    assert tab.transport.play_button.text() == "Train"


def test_a_loss_beyond_all_numbers_is_told_with_what_to_do(qtbot, tab, ready, some_points, a_frame):
    tab.store.paint(some_points)
    click(tab, "network.play")
    lost = Metrics(3, float("nan"), 0.5, float("nan"), 0.5)
    boundary = np.full((200, 200), np.nan, np.float32)
    with qtbot.waitSignal(tab.bridge.frame):
        ready.on_event(
            a_frame(tab.bridge._run, state="failed", reason="Too long steps.", metrics=lost, boundary=boundary)
        )
    assert tab.banner.text == "Too long steps."
    assert tab.readouts.text("loss") == "–"
    ready.sent.clear()
    click(tab, "network.banner.action", QPushButton)
    assert "Reset" in ready.kinds()
    assert tab.banner.text == ""


def test_a_process_that_ends_is_started_again_every_time(qtbot, tab, ready):
    click(tab, "network.play")
    for life in (["start", "restart"], ["start", "restart", "restart"]):
        ready.sent.clear()
        with qtbot.waitSignal(tab.bridge.ended):
            ready.on_exit("signal 9, SIGKILL")
        assert "Points and settings are kept" in tab.banner.text
        assert ready.life == life
        assert "TensorFlow is loading" in tab.top.status.text()
        with qtbot.waitSignal(tab.bridge.ready):
            ready.on_event(Ready("2", "3", 4.0))
        qtbot.waitUntil(lambda: ready.kinds() == ["SetView", "Configure", "SetQuestions", "Run"])


def test_what_was_said_of_one_that_ended_goes_once_another_is_there(qtbot, tab, ready):
    tab.life._read.setInterval(10)
    with qtbot.waitSignal(tab.bridge.ended):
        ready.on_exit("signal 9, SIGKILL")
    tab.store.edit(axes=("a", "b"))
    assert "another one is starting" in tab.banner.text  # an edit does not make it untrue
    ready.on_event(Ready("2", "3", 4.0))
    qtbot.waitUntil(lambda: not tab.banner.text)


def test_one_that_hangs_is_noticed_and_started_again_when_asked(qtbot, monkeypatch, request, a_frame):
    monkeypatch.setattr("gdviz.gui.network.silence.SECONDS", 0.2)
    tab = request.getfixturevalue("tab")
    client = request.getfixturevalue("ready")

    def train():
        with qtbot.waitSignal(tab.life.silence.began):
            click(tab, "network.play")
        assert "has not answered for 0.2 s" in tab.banner.text

    train()
    tab.store.edit(axes=("a", "b"))
    assert "has not answered" in tab.banner.text  # an edit does not make it untrue
    with qtbot.waitSignal(tab.life.silence.broken):
        client.on_event(a_frame(tab.bridge._run, state="paused", reason="There are no points."))
    assert tab.banner.text == ""
    click(tab, "network.play")
    train()
    with qtbot.waitSignal(tab.life.silence.broken):
        click(tab, "network.banner.action", QPushButton)
    assert client.life == ["start", "restart"]
    assert tab.banner.text == ""
    with qtbot.assertNotEmitted(tab.life.silence.began, wait=400):  # while it loads there is nothing to answer
        assert tab.bridge.running


def test_one_that_does_not_get_ready_is_started_again_only_when_asked(qtbot, tab, ready):
    for life in (["start", "restart"], ["start", "restart"]):
        with qtbot.waitSignal(tab.bridge.ended):
            ready.on_exit("exit status 1")
        assert ready.life == life
    assert tab.top.status.text() == "The training process is not running"
    click(tab, "network.banner.action", QPushButton)
    assert ready.life == ["start", "restart", "restart"]
    assert "TensorFlow is loading" in tab.top.status.text()


def test_what_is_refused_is_said(qtbot, tab, ready):
    with qtbot.waitSignal(tab.bridge.refused):
        ready.on_event(Failed("SetTraining", "that is not allowed"))
    assert tab.banner.text == "that is not allowed"


def test_without_points_it_says_to_paint(tab, ready):
    click(tab, "network.play")
    assert "paint some" in tab.top.status.text()


@pytest.mark.parametrize("head", ["sigmoid", "softmax"])
def test_the_loss_follows_the_head(tab, ready, head):
    tab._set_network(tab.store.state.network.__class__(hidden=(Layer(3),), head="softmax"))
    tab.store.change(training=tab.store.state.training.__class__(loss="categorical_crossentropy"))
    tab._set_network(tab.store.state.network.__class__(hidden=(Layer(3),), head=head))
    assert tab.store.state.training.loss == ("categorical_crossentropy" if head == "softmax" else "")


def test_a_data_set_begins_anew_and_undo_brings_the_points_back(tab, ready, some_points):
    tab.store.replace_points(Painted(some_points))
    ready.sent.clear()
    tab.top.dataset.setCurrentIndex(tab.top.dataset.findData("moons"))
    tab.top.dataset.activated.emit(tab.top.dataset.currentIndex())
    assert len(tab.store.state.points) == 250
    assert ready.kinds() == ["SetPoints", "Reset"]
    tab.undo()
    assert tab.store.state.points is some_points
    assert tab.top.dataset.currentIndex() == -1


def test_another_optimizer_brings_its_own_settings(tab, ready):
    tab.training_panel._choose_optimizer("rmsprop")
    assert ready.last(SetTraining).training.optimizer == OptimizerSpec("rmsprop")


def test_painting_reaches_the_process_in_the_order_of_the_gestures(qtbot, tab, ready, at):
    ready.sent.clear()
    viewport = tab.canvas.viewport()
    qtbot.mousePress(viewport, Qt.MouseButton.LeftButton, pos=at(-3, 0))
    qtbot.mouseMove(viewport, at(3, 0))
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=at(3, 0))
    click(tab, "network.step_forward")
    assert ready.kinds()[-2:] == ["SetPoints", "StepEpoch"]
    assert ready.last(SetPoints).points is tab.store.state.points
