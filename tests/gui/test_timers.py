"""Timers that fire once: what is done, what is not, and what they hold on to."""

from __future__ import annotations

import gc
import weakref

import pytest
from PySide6.QtCore import QCoreApplication, QElapsedTimer, QEvent, QObject, QTimer

from gdviz.gui.widgets.timers import once, settled


@pytest.mark.parametrize("later", [once, settled])
def test_it_is_done_once_and_the_timer_is_gone(qtbot, later):
    owner, done = QObject(), []
    watch = QElapsedTimer()
    watch.start()
    later(owner, 20, lambda: done.append(watch.elapsed()))
    assert done == []
    qtbot.waitUntil(lambda: len(done) == 1)
    assert done[0] >= 19  # milliseconds; Qt's timers may be that much early
    qtbot.waitUntil(lambda: not owner.findChildren(QTimer))
    assert len(done) == 1


@pytest.mark.parametrize("later", [once, settled])
@pytest.mark.parametrize("turns", [0, 1])
def test_where_the_owner_is_gone_it_is_not_done_and_what_it_held_on_to_is_free(qtbot, later, turns):
    class Held:
        def do(self) -> None:
            done.append(1)

    done: list[int] = []
    owner, held = QObject(), Held()
    gone = weakref.ref(held)
    later(owner, 20, held.do)
    for _ in range(turns):
        QCoreApplication.processEvents()
    owner.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)
    del owner, held
    gc.collect()
    assert gone() is None
    another, later_still = QObject(), []
    once(another, 30, lambda: later_still.append(1))
    qtbot.waitUntil(lambda: later_still == [1])
    assert done == []
