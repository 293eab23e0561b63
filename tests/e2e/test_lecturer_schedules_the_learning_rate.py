"""A lecturer gives SGD one learning-rate schedule after the other, sees each curve, and turns the rate in mid-run."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

RATE, STEPS = 0.02, 300


def cosine_with_warmup(step: int) -> float:
    if step < 50:
        return RATE + (0.05 - RATE) * step / 50
    return 0.05 * (0.9 * 0.5 * (1 + math.cos(math.pi * min(step - 50, 200) / 200)) + 0.1)


def one_cycle(step: int) -> float:
    """Not in Keras: a rise along a line from a 25th in 30 % of the steps, then half a cosine to a 10 000th."""
    if step < 90:
        return RATE * (1 / 25 + (1 - 1 / 25) * step / 90)
    return RATE * (1e-4 + (1 - 1e-4) * 0.5 * (1 + math.cos(math.pi * (step - 90) / 210)))


# What is typed, and the rate of a step (from 0) by the definitions in Keras's documentation.
SCHEDULES = {
    "step": ({"every": "60", "factor": "0.4"}, lambda step: RATE * 0.4 ** (step // 60)),
    "exponential": ({"decay_steps": "80", "decay_rate": "0.5"}, lambda step: RATE * 0.5 ** (step / 80)),
    "cosine": (
        {"decay_steps": "200", "alpha": "0.1", "warmup_target": "0.05", "warmup_steps": "50"},
        cosine_with_warmup,
    ),
    "inverse_time": ({"decay_steps": "40", "decay_rate": "0.5"}, lambda step: RATE / (1 + 0.5 * step / 40)),
    "one_cycle": ({"total_steps": "300"}, one_cycle),
    "constant": ({}, lambda step: RATE),
}


def on_the_bowl(start, rates):
    """Where gradient descent goes on x² + y², whose gradient is twice the place: each step is a factor."""
    factors = np.cumprod([1.0, *(1 - 2 * rate for rate in rates)])
    return factors[:, None] * start


def drawn_curve(hands) -> np.ndarray:
    """The heights of the schedule's curve as it is drawn, from left to right."""
    picture = hands.find("descent.schedule_curve").grab().toImage()
    accent = QColor(hands.window.look.theme.accent)
    rows = [
        [row for row in range(picture.height()) if _alike(picture.pixelColor(column, row), accent)]
        for column in range(4, picture.width() - 4)
    ]
    return np.array([-np.mean(found) for found in rows if found])


def _alike(first: QColor, second: QColor) -> bool:
    return max(abs(a - b) for a, b in zip(first.getRgb(), second.getRgb(), strict=True)) < 60


def test_each_schedule_is_drawn_and_followed_as_keras_defines_it(hands):
    hands.choose("descent.surface_choice", "bowl")
    hands.type("descent.race.steps", str(STEPS))
    hands.type("descent.racer0.learning_rate", str(RATE))
    for key, (settings, rate) in SCHEDULES.items():
        hands.choose("descent.schedule", key)
        for name, text in settings.items():
            hands.type(f"descent.schedule_setting.{name}", text)
        sgd = hands.computed()[0]
        assert sgd.steps > 250
        rates = [rate(step) for step in range(sgd.steps)]
        np.testing.assert_allclose(sgd.positions, on_the_bowl(sgd.positions[0], rates), rtol=1e-9, err_msg=key)
        if key != "constant":
            heights = drawn_curve(hands)
            expected = np.interp(np.linspace(0, STEPS - 1, len(heights)), range(sgd.steps), rates)
            assert np.corrcoef(heights, expected)[0, 1] > 0.99, key


def test_the_rate_is_turned_up_while_it_plays(hands, qtbot):
    hands.choose("descent.surface_choice", "bowl")
    hands.type("descent.racer0.learning_rate", "0.002")
    before = hands.computed()[0]

    # It plays; from about step 15 on she wants more, and presses Arrow Up in the field: 0.002, 0.005.
    hands.click("descent.from_here")
    hands.click("descent.play")
    qtbot.waitUntil(lambda: hands.session.step >= 15)
    qtbot.keyClick(hands.find("descent.racer0.learning_rate"), Qt.Key.Key_Up)
    after = hands.computed()[0]
    turned = int(np.argmax(after.learning_rates != 0.002))
    assert 15 <= turned <= hands.session.step

    # What had happened stays; from there on each step is by the new rate; and it plays on.
    np.testing.assert_array_equal(after.positions[: turned + 1], before.positions[: turned + 1])
    later = after.positions[turned:]
    np.testing.assert_allclose(later, on_the_bowl(later[0], [0.005] * (len(later) - 1)), rtol=1e-9)
    assert hands.find("descent.play").text() == "Pause"
    shown = hands.session.step
    qtbot.waitUntil(lambda: hands.session.step > shown)

    # Back before the turn, the field says the rate that was in force there.
    hands.press(Qt.Key.Key_Home)
    assert hands.numbers("descent.racer0.learning_rate") == [0.002]
    hands.press(Qt.Key.Key_End)
    assert hands.numbers("descent.racer0.learning_rate") == [0.005]
