"""A lecturer plays a race slowly and fast and in a loop, hears who won at its end, and sorts the table."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import QPoint, Qt


@pytest.fixture
def clock(monkeypatch):
    """The clock by which it plays: it stands until it is moved on, so that a slow computer plays as fast."""

    class Clock:
        now = 0.0

    monkeypatch.setattr(time, "perf_counter", lambda: Clock.now)
    return Clock


def column(hands, name: str) -> list[str]:
    """A column of the table, from above."""
    model = hands.find("descent.table").model()
    names = [model.headerData(number, Qt.Orientation.Horizontal) for number in range(model.columnCount())]
    return [model.data(model.index(row, names.index(name))) for row in range(model.rowCount())]


def click_header(hands, qtbot, name: str) -> None:
    header = hands.find("descent.table").horizontalHeader()
    model = header.model()
    names = [model.headerData(number, Qt.Orientation.Horizontal) for number in range(model.columnCount())]
    left, width = header.sectionViewportPosition(names.index(name)), header.sectionSize(names.index(name))
    place = QPoint(left + width // 2, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)


def test_from_a_step_in_ten_seconds_to_a_thousand_a_second(hands, qtbot, clock):
    session = hands.session

    # A tenth of a step a second is the slowest, a thousand the fastest; beyond them the field says what is allowed.
    for beyond in ("0.05", "1001"):
        hands.type("descent.speed", beyond)
        assert hands.find("descent.speed").property("invalid")
        assert "at least 0.1 and at most 1000" in hands.find("descent.speed").toolTip()
    for speed, seconds, steps in (("0.1", 10.0, 1), ("30", 2.0, 60), ("1000", 0.25, 250)):
        hands.type("descent.speed", speed)
        hands.press(Qt.Key.Key_Home)
        hands.click("descent.play")
        clock.now += seconds
        qtbot.waitUntil(lambda steps=steps: session.step == steps)
        hands.click("descent.play")
        assert session.step == steps
        assert hands.find("descent.position").text().startswith(f"step {steps} ")

    # With the keys: slower, and faster again.
    hands.press(Qt.Key.Key_Comma)
    assert hands.numbers("descent.speed") == [500.0]
    hands.press(Qt.Key.Key_Period)
    assert hands.numbers("descent.speed") == [1000.0]


def test_at_the_end_it_says_who_won_and_in_a_loop_it_begins_again(hands, qtbot, clock):
    session = hands.session
    # On x² + y² a learning rate of a half leads to the minimum in one step; the others are made to crawl.
    hands.choose("descent.surface_choice", "bowl")
    for racer, rate in enumerate(("0.5", "1e-6", "1e-6", "1e-6")):
        hands.type(f"descent.racer{racer}.learning_rate", rate)
    assert hands.computed()[0].steps == 1
    last = session.last_step
    assert last == 1000

    # It plays to the end, stops there and says who won; not before.
    hands.type("descent.speed", "1000")
    hands.click("descent.play")
    clock.now += 0.999
    qtbot.waitUntil(lambda: session.step == last - 1)
    assert hands.find("descent.verdict").text() == ""
    clock.now += 1.0
    qtbot.waitUntil(lambda: hands.find("descent.play").text() == "Play")
    assert session.step == last
    assert hands.find("descent.verdict").text().startswith("Lowest loss: SGD, in ")

    # Now SGD crawls, and Adam steps to where the loss is lowest.
    hands.type("descent.racer0.learning_rate", "1e-6")
    hands.type("descent.racer3.learning_rate", "0.05")
    hands.computed()
    hands.press(Qt.Key.Key_End)
    assert hands.find("descent.verdict").text().startswith("Lowest loss: Adam, in ")

    # In a loop the end is the beginning: from ten steps before it to ten steps behind the start, and it plays on.
    hands.press(Qt.Key.Key_Home)
    hands.press(Qt.Key.Key_O)
    assert hands.find("descent.loop").isChecked()
    last = session.last_step
    hands.click("descent.play")
    clock.now += (last - 10) / 1000
    qtbot.waitUntil(lambda: session.step in (last - 11, last - 10))
    clock.now += 0.02
    qtbot.waitUntil(lambda: session.step in (9, 10))
    assert hands.find("descent.play").text() == "Pause"
    hands.click("descent.play")


def test_the_table_sorts_by_any_column_and_keeps_sorting(hands, qtbot):
    as_they_are = column(hands, "racer")
    assert as_they_are == ["SGD", "Momentum", "RMSprop", "Adam"]
    for _ in range(20):
        hands.press(Qt.Key.Key_Right)
    for name in ("step", "w0", "w1", "loss", "‖gradient‖"):
        click_header(hands, qtbot, name)
        numbers = [float(text.replace("−", "-")) for text in column(hands, name)]
        assert numbers == sorted(numbers)
        click_header(hands, qtbot, name)
        assert [float(text.replace("−", "-")) for text in column(hands, name)] == sorted(numbers, reverse=True)

    # By the loss, while it is stepped on: the order follows the numbers, and a click in a row selects its racer.
    click_header(hands, qtbot, "loss")
    for _ in range(30):
        hands.press(Qt.Key.Key_Right)
        numbers = [float(text.replace("−", "-")) for text in column(hands, "loss")]
        assert numbers == sorted(numbers)
    best, table = column(hands, "racer")[0], hands.find("descent.table")
    place = table.visualRect(table.model().index(0, 0)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert hands.find(f"descent.racer{as_they_are.index(best)}").isChecked()

    # A third click on the same column: the racers' own order again.
    for _ in range(2):
        click_header(hands, qtbot, "loss")
    assert column(hands, "racer") == as_they_are
