"""The window: tabs, menus, keys, and what it remembers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QLineEdit, QMessageBox

from gdviz.gui.settings import settings


def test_keys_change_tabs(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.tab is window.network
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.tab is window.descent


def test_space_plays_and_pauses_but_belongs_to_a_field_that_has_the_focus(window, qtbot):
    session = window.descent.session
    qtbot.waitUntil(lambda: session.playing)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not session.playing
    field = window.findChild(QLineEdit, "descent.racer0.learning_rate")
    field.setFocus()
    qtbot.keyClick(field, Qt.Key.Key_Space)
    assert not session.playing
    window.descent.contours.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert session.playing


def test_arrows_step_and_home_and_end_jump(window, qtbot):
    session = window.descent.session
    qtbot.waitUntil(lambda: session.last_step > 0)
    qtbot.keyClick(window, Qt.Key.Key_Home)
    assert (session.step, session.playing) == (0, False)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert session.step == 1
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert session.step == session.last_step


def test_undo_and_redo_by_keys(window, qtbot):
    session = window.descent.session
    before = session.spec
    session.set_start((0.1, 0.2))
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert session.spec == before
    qtbot.keyClick(window, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert session.spec.start == (0.1, 0.2)


def test_text_grows_and_shrinks_by_keys(window, qtbot):
    before = window.font().pointSizeF()
    qtbot.keyClick(window, Qt.Key.Key_Plus, Qt.KeyboardModifier.ControlModifier)
    assert window.font().pointSizeF() > before
    qtbot.keyClick(window, Qt.Key.Key_Minus, Qt.KeyboardModifier.ControlModifier)
    assert window.font().pointSizeF() == before


def test_themes_by_key_and_menu_agree(window, qtbot):
    assert window.action("view.theme.dark").isChecked()
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert window.look.theme.key == "white"
    assert window.action("view.theme.white").isChecked()
    window.action("view.theme.dark").trigger()
    assert window.look.theme.key == "dark"


def test_full_screen_and_back(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    assert not window.menuBar().isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.menuBar().isVisible()


def test_about_tells_versions(window, qtbot):
    window.action("help.about").trigger()
    box = window.findChild(QMessageBox, "about")
    assert box.isVisible()
    for part in ("gdviz", "Python", "Qt", "tensorflow", "keras"):
        assert part in box.informativeText() + box.text()
    box.close()


def test_every_menu_action_has_a_name_and_most_have_keys(window):
    for menu in window.menuBar().actions():
        for action in menu.menu().actions():
            assert action.isSeparator() or action.objectName(), action.text()


def test_window_is_remembered(open_window, qtbot):
    window = open_window()
    window.resize(1111, 666)
    window.look.set_theme("white")
    window.look.set_scale(1.3)
    window.tabs.setCurrentWidget(window.network)
    window.close()
    again = open_window()
    assert (again.width(), again.height()) == (1111, 666)
    assert again.look.theme.key == "white"
    assert again.look.scale == 1.3
    assert again.tab is again.network


@pytest.mark.parametrize("value", ["", "nonsense", "-1", "1e999", "999"])
def test_damaged_settings_are_ignored(open_window, value):
    store = settings()
    for key in (
        "window/geometry",
        "window/tab",
        "look/theme",
        "look/scale",
        "look/pair",
        "descent/speed",
        "descent/view",
    ):
        store.setValue(key, value)
    store.setValue("descent/sides", "nonsense")
    store.sync()
    window = open_window()
    assert window.tab in (window.descent, window.network)
    assert 0.75 <= window.look.scale <= 2.0
    assert 0.1 <= window.descent.session.speed <= 1000


def test_settings_go_where_the_test_says(settings_folder):
    assert QSettings(settings().fileName(), QSettings.Format.IniFormat).fileName().startswith(str(settings_folder))


def test_an_error_nobody_caught_is_said_and_the_program_goes_on(window, qtbot, capsys):
    from gdviz.gui.app import _report

    error = RuntimeError("the sky fell")
    _report(window, RuntimeError, error, None)
    assert "the sky fell" in window.tab.banner.text
    assert "the sky fell" in capsys.readouterr().err
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.tab is window.network
