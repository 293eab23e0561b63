"""The window: tabs, menus, keys, and what it remembers."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QComboBox, QDialog, QLineEdit, QMenu, QMessageBox

from gdviz.gui.settings import settings


def test_keys_change_tabs(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    assert window.tab is window.network
    qtbot.keyClick(window, Qt.Key.Key_1, Qt.KeyboardModifier.ControlModifier)
    assert window.tab is window.descent


def test_no_menu_has_a_mnemonic_twice(window):
    bar = window.menuBar()
    for menu in (bar, *bar.findChildren(QMenu)):
        keys = [QKeySequence.mnemonic(action.text()).toString() for action in menu.actions()]
        keys = [key for key in keys if key]
        assert len(keys) == len(set(keys))


def a_field(window, qtbot, page):
    """A field with the focus, and what plays beside it."""
    if page == "descent":
        playing, name = (lambda: window.descent.session.playing), "descent.racer0.learning_rate"
        qtbot.waitUntil(playing)
        qtbot.keyClick(window, Qt.Key.Key_Space)
    else:
        qtbot.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
        playing, name = (lambda: window.network.bridge.running), "network.layer1.units"
    field = window.findChild(QLineEdit, name)
    field.setFocus()
    assert field.hasFocus()
    assert not playing()
    return field, playing


@pytest.mark.parametrize("page", ["descent", "network"])
def test_space_plays_and_pauses_even_while_a_number_is_typed(window, qtbot, page):
    field, playing = a_field(window, qtbot, page)
    text = field.text()
    qtbot.keyClick(field, Qt.Key.Key_Space)
    assert playing()
    qtbot.keyClick(field, Qt.Key.Key_Space)
    assert not playing()
    assert field.text() == text


@pytest.mark.parametrize("page", ["descent", "network"])
def test_enter_takes_a_number_and_leaves_the_keyboard_to_the_view(window, qtbot, page):
    field, playing = a_field(window, qtbot, page)
    field.selectAll()
    qtbot.keyClicks(field, "3")
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert field.value == 3
    assert window.tab.main_view.hasFocus()
    qtbot.keyClick(window.tab.main_view, Qt.Key.Key_Space)
    assert playing()
    qtbot.keyClick(window.tab.main_view, Qt.Key.Key_Space)


@pytest.mark.parametrize("page", ["descent", "network"])
@pytest.mark.parametrize("typed", ["3", "3x", ""])
def test_escape_brings_the_number_back_and_leaves_the_keyboard_to_the_view(window, qtbot, page, typed):
    field, _ = a_field(window, qtbot, page)
    text, value = field.text(), field.value
    window.toggle_full_screen()
    qtbot.waitUntil(window.isFullScreen)
    field.selectAll()
    qtbot.keyClick(field, Qt.Key.Key_Delete)
    qtbot.keyClicks(field, typed)
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.value, field.property("invalid")) == (text, value, False)
    assert window.tab.main_view.hasFocus()
    assert window.isFullScreen()
    qtbot.keyClick(window.tab.main_view, Qt.Key.Key_Escape)
    assert not window.isFullScreen()


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


def test_a_race_waits_while_the_other_tab_is_in_front(window, qtbot):
    session = window.descent.session
    qtbot.waitUntil(lambda: session.last_step > 0)
    session.go_to(0)
    session.clock.speed, session.loop = 100.0, True
    with qtbot.waitSignal(session.step_changed):
        session.play()
    window.tabs.setCurrentIndex(1)
    step = session.step
    with qtbot.assertNotEmitted(session.step_changed, wait=100):
        pass
    assert session.playing
    assert session.step == step
    with qtbot.waitSignal(session.step_changed):
        window.tabs.setCurrentIndex(0)
    session.pause()


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


def test_every_menu_opens_by_its_letter(window):
    titles = [action.text() for action in window.menuBar().actions()]
    assert all(not QKeySequence.mnemonic(title).isEmpty() for title in titles)
    assert {"&Gradient descent", "&Neural network"} < set(titles)


def test_escape_dismisses_a_message_that_asks_for_nothing(window, qtbot):
    for page in ("descent", "network"):
        tab = getattr(window, page)
        window.tabs.setCurrentWidget(tab)
        tab.banner.say("It cannot be done.")
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert tab.banner.text == ""
        tab.banner.say("It has failed.", action="Restart", on_action=lambda: None)
        qtbot.keyClick(window, Qt.Key.Key_Escape)
        assert tab.banner.text == "It has failed."


def test_themes_by_key_and_menu_agree(window, qtbot):
    assert window.action("view.theme.dark").isChecked()
    qtbot.keyClick(window, Qt.Key.Key_T, Qt.KeyboardModifier.ControlModifier)
    assert window.look.theme.key == "white"
    assert window.action("view.theme.white").isChecked()
    window.action("view.theme.dark").trigger()
    assert window.look.theme.key == "dark"


@pytest.mark.parametrize("theme", ["dark", "white"])
@pytest.mark.parametrize("enabled", [True, False])
def test_both_ends_of_a_choice_have_the_same_edge(look, qtbot, theme, enabled):
    look.set_theme(theme)
    box = QComboBox()
    qtbot.addWidget(box)
    look.dress(box)
    box.setEnabled(enabled)
    box.resize(120, 32)
    image = box.grab().toImage()
    width, height = box.width(), box.height()
    for x in range(4):  # between the round corners
        left, right = ([image.pixel(each, y) for y in range(6, height - 6)] for each in (x, width - 1 - x))
        assert left == right
    look.set_theme("dark")


def test_full_screen_and_back(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_F11)
    qtbot.waitUntil(window.isFullScreen)
    assert not window.menuBar().isVisible()
    qtbot.keyClick(window, Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not window.isFullScreen())
    assert window.menuBar().isVisible()


def test_a_tab_that_is_needed_before_the_window_has_begun_begins_once(qtbot, qapp):
    from gdviz.gui.app import build

    _, window = build(["gdviz"])
    qtbot.addWidget(window)
    begun = []
    network = window.network
    network.begin = lambda: begun.append(window.isVisible())
    with qtbot.waitExposed(window):
        window.show()
    window.repaint()
    assert window.descent.surface_view is None
    qtbot.waitUntil(lambda: window.descent.surface_view is not None or bool(window.descent.views.problem))
    assert begun == [True]
    window.close()
    window.look.deleteLater()


def test_the_keys_are_those_of_the_menus_and_can_be_filtered(window, qtbot):
    window.network  # noqa: B018  # builds it: its actions are listed, too
    qtbot.keyClick(window, Qt.Key.Key_F1)
    dialog = window.findChild(QDialog, "keys")
    qtbot.waitUntil(dialog.isVisible)
    heads = [dialog.tree.topLevelItem(index) for index in range(dialog.tree.topLevelItemCount())]
    listed = {head.child(row).text(1) for head in heads for row in range(head.childCount())}
    for action in window.findChildren(QAction):
        if action.objectName() and action.shortcut().toString() and action.associatedObjects():
            assert any(action.shortcut().toString() in keys for keys in listed), action.objectName()
    qtbot.keyClicks(dialog.filter, "full")
    assert [head.text(0) for head in heads if not head.isHidden()] == ["View"]
    rows = [head.child(row) for head in heads for row in range(head.childCount())]
    shown = [row.text(0) for row in rows if not row.isHidden()]
    assert shown == ["Full screen", "Dismiss the message, or leave full screen"]

    def is_active():  # what a window manager sees to
        dialog.activateWindow()
        return dialog.isActiveWindow()

    qtbot.waitUntil(is_active)
    with qtbot.waitSignal(dialog.finished):
        qtbot.keyClick(dialog.filter, Qt.Key.Key_Escape)


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
    assert 0.1 <= window.descent.session.clock.speed <= 1000


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


def test_a_tab_s_actions_are_grouped_in_sub_menus_that_fit_a_small_screen(window):
    tab = window.network
    menu = window._tab_menus["network"]
    groups = [action.menu() for action in menu.actions() if action.menu() is not None]
    assert {action for group in groups for action in group.actions()} == set(tab.actions())
    for each in (menu, *groups):
        assert each.sizeHint().height() < 600, each.title()
    assert all(group.menuAction().objectName() and group.title() for group in groups)
