"""Back in time in tab 2: slider, keys and replay ask for kept epochs; training goes on from the one that is shown."""

import numpy as np
import pytest
from PySide6.QtCore import QSettings, Qt

from gdviz.gui.network.speed import SPEEDS
from gdviz.training.messages import GoTo, Run, StepEpoch

KEPT = np.array([0, 1, 2, 5, 10, 20])


@pytest.fixture
def trained(qtbot, tab, ready, a_frame, some_points):
    """A tab whose run was trained to epoch 20, paused."""
    tab.store.edit(points=some_points)
    show(qtbot, tab, ready, a_frame, 20)
    ready.sent.clear()
    return ready


def show(qtbot, tab, ready, a_frame, epoch, number=1):
    """The process answers with an epoch."""
    frame = a_frame(tab.bridge._run, number, epoch=epoch, kept=KEPT, state="paused", history=np.empty((0, 5)))
    ready.on_event(frame)
    qtbot.waitUntil(lambda: tab.frame is frame)


def test_before_anything_is_trained_there_is_no_way_back(tab, ready):
    for name in ("step_back", "to_start", "to_end"):
        assert not getattr(tab.transport, f"{name}_button").isEnabled()
    assert not tab.travel.replay_button.isEnabled()
    tab.step_forward()
    assert ready.last(StepEpoch).count == 1


def test_keys_and_buttons_walk_over_the_kept_epochs(qtbot, tab, trained, a_frame):
    assert tab.transport.position.text() == "epoch 20"
    qtbot.mouseClick(tab.transport.step_back_button, Qt.MouseButton.LeftButton)
    assert trained.last(GoTo).epoch == 10
    show(qtbot, tab, trained, a_frame, 10, 2)
    assert tab.transport.position.text() == "epoch 10"
    assert tab.transport.slider.value() == 4
    tab.step_forward()
    assert trained.last(GoTo).epoch == 20
    qtbot.mouseClick(tab.transport.to_start_button, Qt.MouseButton.LeftButton)
    assert trained.last(GoTo).epoch == 0
    qtbot.mouseClick(tab.transport.to_end_button, Qt.MouseButton.LeftButton)
    assert trained.last(GoTo).epoch == 20
    assert "StepEpoch" not in trained.kinds()


def test_the_slider_scrubs(tab, trained):
    tab.transport.slider.setValue(2)
    assert trained.last(GoTo).epoch == 2
    tab.transport.slider.setValue(0)
    assert trained.last(GoTo).epoch == 0


def test_a_click_in_the_groove_goes_there_and_a_drag_goes_on(qtbot, tab, trained):
    slider = tab.transport.slider
    spot = slider.rect().center()
    for share, index in ((0.41, 2), (0.99, 5), (0.01, 0), (0.79, 4)):
        spot.setX(round(share * slider.width()))
        qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=spot)
        assert (slider.value(), trained.last(GoTo).epoch) == (index, KEPT[index])
        spot.setX(spot.x() + (slider.width() // 5 if share < 0.5 else -slider.width() // 5))
        qtbot.mouseMove(slider, spot)
        qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=spot)
        assert slider.value() == index + (1 if share < 0.5 else -1)


def test_training_goes_on_from_the_epoch_that_is_shown(qtbot, tab, trained, a_frame):
    show(qtbot, tab, trained, a_frame, 5, 2)
    trained.sent.clear()
    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    assert trained.kinds()[-1] == "Run"
    assert not {"Reset", "Configure"} & set(trained.kinds())


def test_replay_plays_every_epoch_that_is_kept_and_stops_at_the_end(qtbot, tab, trained):
    tab.travel.speed.set_speed(100)
    qtbot.mouseClick(tab.travel.replay_button, Qt.MouseButton.LeftButton)
    assert tab.travel.replaying
    assert tab.top.status.text() == "playing the training again"
    qtbot.waitUntil(lambda: not tab.travel.replaying)
    asked = [command.epoch for command in trained.sent if isinstance(command, GoTo)]
    assert asked == sorted(asked)
    assert set(asked) <= set(KEPT.tolist())
    assert not tab.travel.replay_button.isChecked()


def test_a_replay_can_be_stopped_and_training_stops_it(qtbot, tab, trained):
    tab.travel.speed.set_speed(1)
    for stop in (tab.travel.toggle_replay, tab.play_pause):
        tab.travel.toggle_replay()
        assert tab.travel.replaying
        stop()
        assert not tab.travel.replaying


def test_speed_reaches_the_process_and_is_remembered(qtbot, tab, ready, tmp_path):
    tab.play_pause()
    ready.sent.clear()
    for _ in SPEEDS:
        qtbot.keyClick(tab.canvas, Qt.Key.Key_Minus)
    assert ready.last(Run).epochs_per_second == SPEEDS[0]
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    tab.save_state(settings)
    qtbot.keyClick(tab.canvas, Qt.Key.Key_Plus)
    assert tab.bridge.speed == SPEEDS[1]
    tab.restore_state(settings)
    assert tab.bridge.speed == SPEEDS[0]
    settings.setValue("network/speed", "nonsense")
    tab.restore_state(settings)
    assert tab.bridge.speed == SPEEDS[0]
