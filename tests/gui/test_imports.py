"""Modules are imported beside the GUI thread, and what waits for them is done on it."""

import threading

from PySide6.QtCore import QObject
from shiboken6 import delete

from gdviz.gui.widgets.imports import after_import


def test_what_waits_is_done_on_the_gui_thread_even_where_a_module_is_missing(qapp, qtbot):
    owner, done = QObject(), []
    for module in ("xml.dom.minidom", "gdviz.no_such_module", "json"):
        after_import(owner, module, lambda module=module: done.append((module, threading.current_thread())))
    qtbot.waitUntil(lambda: len(done) == 3)
    assert {module for module, _ in done} == {"xml.dom.minidom", "gdviz.no_such_module", "json"}
    assert {thread for _, thread in done} == {threading.main_thread()}


def test_nothing_is_done_for_what_is_gone(qapp, qtbot):
    gone, there, done = QObject(), QObject(), []
    after_import(gone, "json", lambda: done.append("gone"))
    delete(gone)
    after_import(there, "json", lambda: done.append("there"))
    qtbot.waitUntil(lambda: bool(done))
    assert done == ["there"]
