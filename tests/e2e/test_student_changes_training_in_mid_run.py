"""A student changes everything about training while it runs; the weights stay, and a goal ends it."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QComboBox, QLineEdit

from gdviz.gui.network.state import Source

LOADING, LEARNING = 180_000, 120_000  # milliseconds, on a busy machine


def test_a_student_changes_settings_in_mid_run_and_a_goal_ends_it(qtbot, window):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    tab.load(Source.usual("gaussians").painted())
    tab.pages.show_page("training")
    tab.training_panel.unfold()

    def enter(name, text):
        field = tab.findChild(QLineEdit, name)
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, text)
        qtbot.keyClick(field, Qt.Key.Key_Return)

    def choose(name, key):
        box = tab.findChild(QComboBox, name)
        box.setCurrentIndex(box.findData(key))
        box.activated.emit(box.currentIndex())

    def learns(run):
        before = tab.epoch
        qtbot.waitUntil(lambda: tab.epoch > before, timeout=LEARNING)
        assert tab.frame.run == run  # the same weights learn on

    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.epoch > 3, timeout=LEARNING)
    run = tab.frame.run
    for change in (
        lambda: enter("network.setting.learning_rate", "0.002"),
        lambda: choose("network.batch_kind", "full"),
        lambda: choose("network.schedule", "exponential"),
        lambda: enter("network.regularisation.l2", "0.001"),
        lambda: choose("network.optimizer", "rmsprop"),
        lambda: choose("network.speed", "20"),
    ):
        change()
        learns(run)

    choose("network.speed", "0")
    choose("network.schedule", "constant")
    enter("network.regularisation.l2", "0")
    enter("network.setting.learning_rate", "0.01")
    enter("network.stopping.goal_loss", "0.02")
    qtbot.waitUntil(lambda: tab.frame.state == "stopped", timeout=LEARNING)
    assert tab.frame.run == run
    assert tab.frame.metrics.loss <= 0.02
    assert "goal" in tab.frame.reason
    assert tab.transport.play_button.text() == "Train"
