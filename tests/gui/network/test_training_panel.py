"""The training panel: schedules, batches, goals, some epochs more; what each edit sends."""

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QToolTip

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import SCHEDULES, ScheduleSpec
from gdviz.gui.network.schedule_form import horizon
from gdviz.gui.network.state import Painted
from gdviz.gui.numbers import whole
from gdviz.network.spec import TrainingSpec
from gdviz.training.messages import Run, SetNetwork, SetTraining


def choose(qtbot, tab, name, key):
    """Choose an entry of a box as a person does, with the keyboard."""
    box = tab.findChild(QComboBox, name)
    tab.pages.show_page("training")
    box.setFocus()
    row = box.findData(key)
    while box.currentIndex() != row:
        qtbot.keyClick(box, Qt.Key.Key_Down if box.currentIndex() < row else Qt.Key.Key_Up)
    return box


def enter(qtbot, tab, name, text):
    """Type into a field."""
    tab.pages.show_page("training")
    field = tab.findChild(QLineEdit, name)
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, text)
    qtbot.keyClick(field, Qt.Key.Key_Return)


@pytest.mark.parametrize("key", SCHEDULES)
def test_every_schedule_can_be_chosen_and_its_curve_is_drawn(qtbot, tab, ready, key):
    choose(qtbot, tab, "network.schedule", key)
    if key != "constant":
        assert ready.last(SetTraining).training.schedule == ScheduleSpec(key)
        assert tab.training_panel._schedule.curve.isVisible()
    assert tab.store.state.training.schedule.key == key
    assert horizon(ScheduleSpec(key)) >= 10


def test_batches_single_mini_full(qtbot, tab, ready):
    for kind, size in (("single", 1), ("full", 0), ("mini", 10)):
        choose(qtbot, tab, "network.batch_kind", kind)
        assert ready.last(SetTraining).training.batch_size == size
    enter(qtbot, tab, "network.training.batch_size", "32")
    assert ready.last(SetTraining).training.batch_size == 32
    choose(qtbot, tab, "network.batch_kind", "full")
    choose(qtbot, tab, "network.batch_kind", "mini")
    assert tab.store.state.training.batch_size == 32


def test_typing_a_batch_size_keeps_its_field(qtbot, tab, ready):
    choose(qtbot, tab, "network.batch_kind", "mini")
    enter(qtbot, tab, "network.training.batch_size", "1")  # on the way to 16, say
    field = tab.findChild(QLineEdit, "network.training.batch_size")
    assert ready.last(SetTraining).training.batch_size == 1
    assert field.isVisible()
    before = len(ready.sent)
    enter(qtbot, tab, "network.training.batch_size", "0")
    assert field.isVisible()
    assert ready.sent[before:] == []


def test_epochs_in_the_status_have_spaces_between_thousands_as_in_the_bar(qtbot, tab, ready, a_frame, some_points):
    tab.store.replace_points(Painted(some_points))
    with qtbot.waitSignal(tab.bridge.frame):
        ready.on_event(a_frame(tab.bridge._run, state="paused", epoch=833_873, batch=1200))
    assert tab.top.status.text() == f"paused in epoch {whole(833_874)}, after batch {whole(1200)}"
    with qtbot.waitSignal(tab.bridge.frame):
        ready.on_event(a_frame(tab.bridge._run, 2, state="stopped", epoch=20_000, reason="All 20000 epochs are done."))
    assert tab.top.status.text() == f"All {whole(20_000)} epochs are done."


def test_some_epochs_more_are_training_that_can_be_paused(qtbot, tab, ready, a_frame, some_points):
    tab.store.replace_points(Painted(some_points))
    with qtbot.waitSignal(tab.bridge.frame):
        ready.on_event(a_frame(tab.bridge._run, state="paused"))
    enter(qtbot, tab, "network.more_epochs", "250")
    qtbot.mouseClick(tab.training_panel.more.button, Qt.MouseButton.LeftButton)
    assert ready.last(Run).until == 253
    assert tab.top.status.text() == "training to epoch 253"
    tab.bridge.set_speed(5.0)  # the end stays
    assert ready.last(Run) == Run(5.0, until=253)
    with qtbot.waitSignal(tab.bridge.frame):  # one from before, which was still on its way
        ready.on_event(a_frame(tab.bridge._run, state="paused"))
    assert tab.bridge.running
    with qtbot.waitSignal(tab.bridge.running_changed):
        ready.on_event(a_frame(tab.bridge._run, state="paused", epoch=253))
    assert tab.top.status.text() == "paused"
    tab.train_more(100)
    tab.play_pause()
    assert not tab.bridge.running
    assert ready.kinds()[-1] == "Pause"


def test_goals_and_regularisation_reach_the_process(qtbot, tab, ready):
    tab.training_panel.unfold()
    enter(qtbot, tab, "network.stopping.goal_loss", "0.05")
    enter(qtbot, tab, "network.stopping.goal_accuracy", "95 %")
    training = ready.last(SetTraining).training
    assert (training.goal_loss, training.goal_accuracy) == (0.05, 0.95)
    enter(qtbot, tab, "network.regularisation.l2", "0.01")
    assert ready.last(SetNetwork).network.l2 == 0.01
    field = tab.findChild(QLineEdit, "network.stopping.goal_accuracy")
    assert field.text() == "95"
    enter(qtbot, tab, "network.stopping.goal_accuracy", "90")
    assert tab.store.state.training.goal_accuracy == 0.9


def test_what_is_not_allowed_is_said_and_the_last_value_stays(qtbot, tab, ready):
    tab.training_panel.unfold()
    enter(qtbot, tab, "network.stopping.goal_accuracy", "90")
    enter(qtbot, tab, "network.stopping.goal_accuracy", "120")
    qtbot.waitUntil(QToolTip.isVisible)
    assert "120" in QToolTip.text()
    assert "at most 100" in QToolTip.text()
    field = tab.findChild(QLineEdit, "network.stopping.goal_accuracy")
    # Not 12, which was allowed on the way to 120: what was there before she typed.
    assert (field.text(), tab.store.state.training.goal_accuracy) == ("90", 0.9)
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_the_slider_of_the_learning_rate_is_below_its_field(qtbot, tab, ready):
    tab.pages.show_page("training")
    panel = tab.training_panel
    for optimizer in ("sgd", "adam", "rmsprop"):
        tab.store.change(training=TrainingSpec(OptimizerSpec(optimizer)))
        field = tab.findChild(QLineEdit, "network.setting.learning_rate")

        def gap(field=field):
            return panel._slider.mapTo(panel, QPoint()).y() - field.mapTo(panel, QPoint(0, field.height())).y()

        qtbot.waitUntil(lambda field=field, gap=gap: 0 <= gap() < field.height())


def test_no_two_fields_have_the_same_name(tab):
    tab.training_panel.unfold()
    labels = [label.text() for label in tab.training_panel.findChildren(QLabel) if label.buddy() is not None]
    assert len(labels) == len(set(labels))


def test_another_optimizer_says_that_it_begins_afresh(qtbot, tab, ready, a_frame):
    note = tab.findChild(QLabel, "network.optimizer_note")
    ready.on_event(a_frame(tab.bridge._run, epoch=412))
    qtbot.waitUntil(lambda: tab.epoch == 412)
    assert note.text() == ""
    choose(qtbot, tab, "network.optimizer", "rmsprop")
    assert ready.last(SetTraining).training.optimizer == OptimizerSpec("rmsprop")
    ready.on_event(a_frame(tab.bridge._run, 2, epoch=413))
    qtbot.waitUntil(lambda: tab.epoch == 413)
    assert "began afresh at epoch 412" in note.text()
    tab.reset()
    ready.on_event(a_frame(tab.bridge._run, 3, epoch=1))
    qtbot.waitUntil(lambda: tab.epoch == 1)
    assert note.text() == ""
