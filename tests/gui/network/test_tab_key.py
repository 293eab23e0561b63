"""The tab key goes from control to control as they are read, also through those that come late."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QWidget


def names_by_tab(tab: QWidget, first: str, count: int) -> list[str]:
    """The controls that the tab key reaches from one of them."""
    tab.activateWindow()
    tab.findChild(QWidget, first).setFocus()
    names = []
    for _ in range(count):
        QTest.keyClick(QApplication.focusWidget(), Qt.Key.Key_Tab)
        names.append(QApplication.focusWidget().objectName())
    return names


def wait_for(qtbot, tab: QWidget, name: str) -> None:
    qtbot.waitUntil(lambda: tab.findChild(QWidget, name).isVisible())


def test_settings_follow_their_optimizer_whichever_it_is(tab, qtbot):
    tab.pages.setCurrentIndex(1)
    for key, settings in (("adam", ["beta_1", "beta_2", "amsgrad"]), ("rmsprop", ["rho", "momentum", "centered"])):
        tab.training_panel._choose_optimizer(key)
        expected = ["network.setting.learning_rate", "network.rate_slider"]
        expected += [f"network.setting.{name}" for name in settings]
        with qtbot.waitActive(tab):
            tab.activateWindow()
        wait_for(qtbot, tab, expected[-1])
        assert names_by_tab(tab, "network.optimizer", len(expected)) == expected


def test_a_layer_that_is_added_comes_before_the_output(tab, qtbot):
    with qtbot.waitActive(tab):
        tab.activateWindow()
    tab.resize(1800, 1000)
    for count in (3, 4):
        qtbot.mouseClick(tab.findChild(QWidget, "network.more_layers"), Qt.MouseButton.LeftButton)
        layer = [f"network.layer{count}.{name}" for name in ("fewer", "units", "more", "activation")]
        wait_for(qtbot, tab, layer[-1])
        assert names_by_tab(tab, f"network.layer{count - 1}.activation", 5) == [*layer, "network.head"]
