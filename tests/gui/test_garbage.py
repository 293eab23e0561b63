"""What is garbage goes between events of the GUI thread, whoever makes it."""

from __future__ import annotations

import gc
import threading
import weakref
from functools import partial

import pytest
from PySide6.QtCore import QObject

from gdviz.cli import import_app
from gdviz.gui.widgets.garbage import collect_between_events


class Cycle:
    def __init__(self) -> None:
        self.itself = self


def test_it_goes_in_the_gui_thread_though_another_one_makes_more(qtbot):
    owner, gone_in, kept = QObject(), [], []
    collect_between_events(owner)
    assert not gc.isenabled()
    weakref.finalize(Cycle(), lambda: gone_in.append(threading.get_ident()))
    maker = threading.Thread(target=lambda: kept.extend([] for _ in range(100_000)))
    maker.start()
    maker.join()
    assert gone_in == []
    qtbot.waitUntil(lambda: gone_in != [])
    assert gone_in == [threading.get_ident()]


@pytest.mark.parametrize("collects", [True, False])
def test_once_the_window_is_imported_it_is_collected_as_before(collects, monkeypatch):
    called = []
    for name in ("enable", "disable"):
        monkeypatch.setattr(gc, name, partial(called.append, name))
    monkeypatch.setattr(gc, "isenabled", lambda: collects)
    assert callable(import_app().run_window)
    assert called == (["disable", "enable"] if collects else ["disable"])
