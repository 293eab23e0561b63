"""A student's racers diverge; the coach says why and what to try, she tries it with one click, and they arrive."""

from __future__ import annotations

import re

import pytest
from PySide6.QtCore import Qt

# On x²/20 + y² the curvatures are 0.1 and 2 everywhere, so gradient descent is stable up to 2/2 = 1, and with a
# momentum of m up to 2 (1 + m)/2.
STABLE = 1.0


def states(hands) -> list[str]:
    model = hands.find("descent.table").model()
    return [model.data(model.index(row, model.columnCount() - 1)) for row in range(model.rowCount())]


def told(hands, qtbot, rate: float) -> str:
    """What the coach says, once it speaks of a learning rate."""
    words = hands.find("descent.coach.words")
    qtbot.waitUntil(lambda: f"learning rate {rate:g} " in words.text())
    return words.text()


@pytest.mark.parametrize(("racer", "rate", "limit"), [(0, 1.5, STABLE), (1, 3.0, 1.9 * STABLE)])
def test_the_coach_gets_a_diverging_racer_to_the_minimum(hands, qtbot, racer, rate, limit):
    hands.choose("descent.surface_choice", "valley")
    hands.click(f"descent.racer{racer}")
    hands.type(f"descent.racer{racer}.learning_rate", str(rate))
    hands.computed()
    hands.press(Qt.Key.Key_End)
    assert states(hands)[racer] == "diverged"

    # Why: the learning rate is above the limit of the curvature. What to try: less than that.
    words = told(hands, qtbot, rate)
    assert f"above 2/λmax = {limit:g}" in words or f"above the limit = {limit:g}" in words
    assert re.search(rf"stable up to 2/λmax = {STABLE:g}\b", hands.find("descent.coach.numbers").text())
    button = hands.find("descent.coach.try")
    suggested = float(button.text().removeprefix("Try "))
    assert 0 < suggested < limit

    # One click, and it arrives; the coach has nothing more to suggest.
    hands.click("descent.coach.try")
    assert hands.numbers(f"descent.racer{racer}.learning_rate") == [suggested]
    arrived = hands.computed()[racer].positions[-1]
    assert arrived == pytest.approx((0.0, 0.0), abs=1e-4)
    hands.press(Qt.Key.Key_End)
    assert states(hands)[racer] == "converged"
    qtbot.waitUntil(lambda: "arrived" in hands.find("descent.coach.words").text())
    assert not button.isVisible()


def test_the_coach_says_so_where_no_rate_can_help(hands, qtbot):
    # On x² - y² whoever is beside the ridge runs away for ever, however small the steps.
    hands.choose("descent.surface_choice", "saddle")
    hands.computed()
    hands.press(Qt.Key.Key_End)
    assert states(hands)[0] == "diverged"
    qtbot.waitUntil(lambda: "Nothing stops it" in hands.find("descent.coach.words").text())
    assert not hands.window.findChild(object, "descent.coach.try").isVisible()
