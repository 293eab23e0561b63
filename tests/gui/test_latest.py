"""Work off the GUI thread, of which only the latest request counts."""

from __future__ import annotations

import threading

import pytest
from PySide6.QtWidgets import QWidget

from gdviz.gui.widgets.latest import Latest


@pytest.fixture
def latest(qtbot):
    worker = Latest("test")
    yield worker
    worker.close()


def test_a_newer_request_replaces_one_that_waits(latest, qtbot):
    begun, go = threading.Event(), threading.Event()
    results: list[int] = []
    latest.done.connect(results.append)

    def first() -> int:
        begun.set()
        go.wait()
        return 1

    latest.request(first)
    begun.wait()
    assert not latest.superseded()
    latest.request(lambda: 2)
    latest.request(lambda: 3)
    assert latest.superseded()
    go.set()
    qtbot.waitUntil(lambda: results == [1, 3])


def test_what_fails_is_told_and_the_next_request_runs(latest, qtbot):
    with qtbot.waitSignal(latest.failed) as failure:
        latest.request(lambda: 1 // 0)
    assert failure.args == ["integer division or modulo by zero"]
    with qtbot.waitSignal(latest.done) as answer:
        latest.request(lambda: 7)
    assert answer.args == [7]


def test_a_result_is_drawn_before_the_next_request_begins(latest, qtbot):
    events: list[str] = []

    class Picture(QWidget):
        def paintEvent(self, event) -> None:  # noqa: N802
            events.append("drawn")

    picture = Picture()
    qtbot.addWidget(picture)
    picture.show()
    qtbot.waitUntil(lambda: events != [])
    events.clear()

    def show(result: str) -> None:
        if len(events) < 12:
            latest.request(lambda: events.append("computed"))
        picture.update()

    latest.done.connect(show)
    latest.request(lambda: events.append("computed"))
    qtbot.waitUntil(lambda: len(events) == 14)
    assert events == ["computed", "drawn"] * 7


def test_it_ends_while_a_result_waits_to_be_drawn(qtbot):
    worker = Latest("test")
    ran = threading.Event()
    worker.request(ran.set)
    ran.wait()
    worker.request(lambda: None)  # no event loop runs here: nothing is drawn, and this never begins
    worker.close()
    assert worker.closed()
