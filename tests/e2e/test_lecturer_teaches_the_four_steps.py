"""A lecturer teaches gradient descent in its four steps: random start, gradient, step, repeat until it is zero."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame

RATE = 0.1


@pytest.fixture
def card(hands):
    """The step card, open, with SGD on x² + y²."""
    hands.choose("descent.surface_choice", "bowl")
    hands.type("descent.racer0.learning_rate", str(RATE))
    if hands.window.findChild(QFrame, "descent.step_card").isHidden():
        hands.press(Qt.Key.Key_S)
    return hands.find("descent.step_card")


def phase(hands) -> str:
    return hands.find("descent.phases").accessibleName()


def said(card, number: int) -> tuple[float, float]:
    """The two numbers that a sub-step ends with."""
    words = card.findChild(QFrame, f"descent.substep{number}").accessibleName()
    w0, w1 = words.rpartition("= (")[2].rstrip(")").replace("−", "-").split(",")
    return float(w0), float(w1)


def steps_until(gradient_norm: float, start: np.ndarray) -> int:
    """On x² + y² the gradient is twice the place, and each step makes both 1 - 2 RATE times as long."""
    return math.ceil(math.log(gradient_norm / np.linalg.norm(2 * start)) / math.log(1 - 2 * RATE))


def test_random_start_gradient_step_repeat(hands, card, qtbot):
    # 1. A random start, from a seed: the same one leads to the same place, another one elsewhere.
    places = []
    for seed in ("7", "8", "7"):
        hands.type("descent.step_card.seed", seed)
        places.append(tuple(hands.computed()[0].positions[0]))
    assert places[0] == places[2] != places[1]
    assert all(abs(number) <= 2 for place in places for number in place)
    start = np.array(places[0])
    hands.press(Qt.Key.Key_Home)
    assert phase(hands).startswith("1. ")
    np.testing.assert_allclose(hands.numbers("descent.race.w0") + hands.numbers("descent.race.w1"), start)

    # 2. The gradient, with its numbers.
    hands.press(Qt.Key.Key_PageDown)
    assert phase(hands).startswith("2. ")
    assert said(card, 0) == pytest.approx(2 * start, abs=1e-4)

    # 3. The step against it.
    hands.press(Qt.Key.Key_PageDown)
    assert phase(hands).startswith("3. ")
    assert said(card, 1) == pytest.approx(start - RATE * 2 * start, abs=1e-4)

    # 4. Repeat: the next key is the next step, and so on until the gradient is zero.
    hands.press(Qt.Key.Key_PageDown)
    assert phase(hands).startswith("4. ")
    assert hands.session.step == 1
    assert "go on" in hands.find("descent.step_card.verdict").text()
    hands.press(Qt.Key.Key_End)
    assert hands.computed()[0].steps == steps_until(1e-6, start)
    assert hands.find("descent.step_card.verdict").text().endswith("converged")


def test_when_it_stops_is_seen_and_chosen(hands, card, qtbot):
    hands.type("descent.step_card.seed", "7")
    start = hands.computed()[0].positions[0]

    # Zero is what she says it is: on the card or in the panel, and both say the same.
    assert hands.numbers("descent.step_card.tolerance") == hands.numbers("descent.race.tolerance") == [1e-6]
    for field, other, zero in (
        ("descent.step_card.tolerance", "descent.race.tolerance", 0.1),
        ("descent.race.tolerance", "descent.step_card.tolerance", 0.001),
    ):
        hands.type(field, str(zero))
        assert hands.numbers(other) == [zero]
        sgd = hands.computed()[0]
        assert sgd.steps == steps_until(zero, start)
        hands.window.descent.contours.setFocus()
        for _ in range(2):  # to where the slowest racer ends, and SGD stands where it ended
            hands.press(Qt.Key.Key_End)
        assert np.linalg.norm(2 * sgd.positions[-1]) < zero <= np.linalg.norm(2 * sgd.positions[-2])
        norm, word = hands.find("descent.step_card.verdict").text().removeprefix("‖g‖ = ").split(": ")
        assert float(norm.replace("−", "-")) < zero
        assert word == "converged"

    # Or when it has made enough steps: not converged then, and the card says why it ended.
    hands.type("descent.race.steps", "5")
    assert hands.computed()[0].steps == 5
    hands.press(Qt.Key.Key_End)
    assert hands.find("descent.step_card.verdict").text().endswith("out of steps")

    # A tolerance below zero is refused.
    hands.type("descent.step_card.tolerance", "-1")
    assert hands.find("descent.step_card.tolerance").property("invalid")
    assert hands.numbers("descent.race.tolerance") == [0.001]
