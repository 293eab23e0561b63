"""The training process is killed in mid-training: it is said, nothing is lost, and another one goes on."""

import psutil
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

LOADING, LEARNING = 120_000, 60_000  # milliseconds, on a busy machine


@pytest.fixture
def start_method():
    """As the program starts it."""
    return "spawn"


def test_another_process_goes_on_twice_in_a_row(qtbot, window):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    qtbot.mouseClick(tab.network_panel.more, Qt.MouseButton.LeftButton)
    tab.training_panel._set("learning_rate", 0.02)
    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.epoch > 0, timeout=LOADING)
    kept = tab.store.state
    for _ in range(2):
        victim = psutil.Process(tab.bridge.pid)
        with qtbot.waitSignal(tab.bridge.ended, timeout=LEARNING):
            victim.kill()
        assert "The training process ended (signal 9, SIGKILL)" in tab.banner.text
        assert "Points and settings are kept" in tab.banner.text
        assert not tab.ready
        assert tab.readouts.text("loss") == "–"
        assert tab.bridge.pid != victim.pid
        qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
        qtbot.mouseClick(tab.findChild(QPushButton, "network.banner.action"), Qt.MouseButton.LeftButton)
        assert tab.banner.text == ""
        qtbot.waitUntil(lambda: tab.epoch > 0, timeout=LEARNING)
        assert tab.store.state is kept
        assert tab.transport.play_button.text() == "Pause"
        assert len(tab.frame.weights) == 2 * (len(kept.network.hidden) + 1)
