"""What is done in turn: one at a time, with drawing in between, once, and never for what is gone."""

import gc

import pytest
import shiboken6
from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gdviz.gui.widgets.turns import in_turn


class View(QWidget):
    """Draws itself anew in turn, and writes down what happens."""

    def __init__(self, name: str, told: list[str]) -> None:
        super().__init__()
        self.name, self.told = name, told
        self.ask = in_turn(self.draw)

    def draw(self) -> None:
        self.told.append(f"{self.name} asks")
        self.update()

    def paintEvent(self, _):  # noqa: N802  # Qt's
        self.told.append(f"{self.name} is painted")


@pytest.fixture
def told() -> list[str]:
    return []


@pytest.fixture
def views(qtbot, told):
    window = QWidget()
    row = QHBoxLayout(window)
    views = [View(name, told) for name in "ab"]
    for view in views:
        row.addWidget(view)
    window.resize(200, 100)
    qtbot.addWidget(window)
    with qtbot.waitExposed(window):
        window.show()
    qtbot.waitUntil(lambda: "b is painted" in told)
    told.clear()
    yield views
    window.close()


def test_one_is_painted_before_the_next_one_is_asked(qtbot, views, told):
    for view in views:
        view.ask()
    assert told == []
    qtbot.waitUntil(lambda: len(told) == 4)
    assert told == ["a asks", "a is painted", "b asks", "b is painted"]


def test_asked_for_often_it_is_done_once(qtbot, views, told):
    first, last = views
    for view in (first, first, last, first):
        view.ask("an argument of a signal")
    qtbot.waitUntil(lambda: told.count("b is painted") == 1)
    assert [each for each in told if each.endswith("asks")] == ["a asks", "b asks"]


class Counter(QObject):
    signal = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.count = 0

    def add(self) -> None:
        self.count += 1

    def fail(self) -> None:
        raise ValueError("no")


def test_nothing_is_done_for_what_is_gone_nor_kept_alive(qtbot):
    deleted, forgotten, left = Counter(), Counter(), Counter()
    left.signal.connect(in_turn(left.add))
    for counter in (deleted, forgotten):
        in_turn(counter.add)()
    left.signal.emit(3)
    shiboken6.delete(deleted)
    count = sum(isinstance(each, Counter) for each in gc.get_objects())
    del forgotten, counter
    gc.collect()
    assert sum(isinstance(each, Counter) for each in gc.get_objects()) == count - 1
    qtbot.waitUntil(lambda: left.count == 1)
    assert deleted.count == 0


def test_an_error_in_one_does_not_stop_the_others(qtbot):
    counter = Counter()
    with qtbot.captureExceptions() as raised:
        in_turn(counter.fail)()
        in_turn(counter.add)()
        qtbot.waitUntil(lambda: counter.count == 1)
    assert [str(error) for _, error, _ in raised] == ["no"]
