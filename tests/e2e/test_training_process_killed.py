"""The training process is killed in mid-training: it is said, nothing is lost, and training goes on after a restart."""

import psutil
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

LOADING, LEARNING = 120_000, 60_000  # milliseconds, on a busy machine


def test_training_goes_on_after_a_restart_twice_in_a_row(qtbot, window):
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
        assert "The training process ended" in tab.banner.text
        assert "Points and settings are kept" in tab.banner.text
        assert not tab.ready
        restart = tab.findChild(QPushButton, "network.banner.action")
        assert restart.text() == "Restart"
        with qtbot.waitSignal(tab.bridge.run_began, timeout=LOADING):
            qtbot.mouseClick(restart, Qt.MouseButton.LeftButton)
        assert tab.ready
        assert tab.banner.text == ""
        assert tab.bridge.pid != victim.pid
        qtbot.waitUntil(lambda: tab.epoch > 0, timeout=LEARNING)
        assert tab.store.state is kept
        assert tab.transport.play_button.text() == "Pause"
        assert len(tab.frame.weights) == 2 * (len(kept.network.hidden) + 1)
