"""A student sees gradient descent in one dimension, a ball with its tangent on a parabola, and cuts other surfaces."""

from __future__ import annotations

import math

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor
from PySide6.QtTest import QTest

from tests.windows import pixel_of

RATE = 0.2
SURFACES = {
    "himmelblau": lambda x, y: (x * x + y - 11) ** 2 + (x + y * y - 7) ** 2,
    "rosenbrock": lambda x, y: (1 - x) ** 2 + 100 * (y - x * x) ** 2,
    "sine_saddle": lambda x, y: math.sin(x) + y * y,
}


def number(hands, name: str) -> float:
    """What a label below the curve says of the ball: its place, loss or slope, or its next step; NaN for no number."""
    last = hands.find(f"descent.cut.{name}").text().rpartition(" ")[2].replace("−", "-")
    try:
        return float(last)
    except ValueError:
        return math.nan


def numbers(hands) -> list[float]:
    return [number(hands, name) for name in ("place", "loss", "slope", "step")]


def color_at(plot, x: float, y: float, color: QColor) -> int:
    """How far the picture is from a colour where it is nearest, within two pixels of a place."""
    picture, pixel = plot.grab().toImage(), plot.viewport().mapTo(plot, pixel_of(plot, x, y))
    around = [pixel + QPoint(right, down) for right in range(-2, 3) for down in range(-2, 3)]
    colors = [picture.pixelColor(place).getRgb() for place in around]
    return min(max(abs(a - b) for a, b in zip(seen, color.getRgb(), strict=True)) for seen in colors)


def test_a_ball_rolls_down_a_parabola(hands, qtbot):
    hands.choose("descent.surface_choice", "parabola")
    hands.type("descent.racer0.learning_rate", str(RATE))
    hands.computed()
    plot = hands.find("descent.cut.plot")  # a loss of one parameter is shown as a curve, without being asked
    assert not hands.window.descent.contours.isVisible()
    start = hands.numbers("descent.race.w0")[0]

    # With the step card folded away, the next step is told at once; with it, when the step is explained.
    hands.window.descent.card.set_open(False)

    # Step by step: on x² the slope is 2x, and the step is the learning rate times that, downhill.
    for step in range(4):
        x = start * (1 - 2 * RATE) ** step
        expected = pytest.approx([x, x * x, 2 * x, -RATE * 2 * x], abs=1e-4)
        qtbot.waitUntil(lambda expected=expected: numbers(hands) == expected)
        hands.press(Qt.Key.Key_Right)

    # The ball and its tangent are drawn: a little to either side of the ball there is the line of that slope.
    hands.press(Qt.Key.Key_Home)
    hands.press(Qt.Key.Key_Right)
    x = start * (1 - 2 * RATE)
    qtbot.waitUntil(lambda: numbers(hands)[0] == pytest.approx(x, abs=1e-4))
    look = hands.window.look
    assert color_at(plot, x, x * x, look.racer(0)) < 30
    for aside in (-0.12, 0.12):
        assert color_at(plot, x + aside, x * x + 2 * x * aside, QColor(look.theme.text)) < 60

    # She drags the ball to another place on the curve: the race starts there.
    hands.press(Qt.Key.Key_Home)
    begin, end = pixel_of(plot, start, start * start), pixel_of(plot, 1.2, 1.44)
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=begin)
    for share in np.linspace(0.2, 1.0, 5):
        QTest.mouseMove(plot.viewport(), begin + (end - begin) * float(share))
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=end)
    assert hands.computed()[0].positions[0, 0] == pytest.approx(1.2, abs=0.02)
    qtbot.waitUntil(lambda: numbers(hands)[0] == pytest.approx(1.2, abs=0.02))

    # A learning rate above 1 throws it from side to side, higher each time.
    hands.type("descent.racer0.learning_rate", "1.1")
    x = hands.computed()[0].positions[:, 0]
    np.testing.assert_allclose(x[1:], -1.2 * x[:-1], rtol=1e-9)


@pytest.mark.parametrize("key", SURFACES)
def test_a_surface_is_cut_through_the_ball(hands, qtbot, key):
    loss, size = SURFACES[key], 1e-5
    hands.choose("descent.surface_choice", key)
    hands.choose("descent.side", "cut")
    hands.computed()
    for _ in range(3):
        hands.press(Qt.Key.Key_Right)
    w0, w1 = (float(number) for number in hands.computed()[0].positions[3])

    # Through the ball along each axis, and straight downhill, where the slope is the length of the gradient.
    g0 = (loss(w0 + size, w1) - loss(w0 - size, w1)) / (2 * size)
    g1 = (loss(w0, w1 + size) - loss(w0, w1 - size)) / (2 * size)
    for direction, slope in (("w0", g0), ("w1", g1), ("gradient", -math.hypot(g0, g1))):
        hands.choose("descent.cut.direction", direction)
        expected = pytest.approx([loss(w0, w1), slope], rel=1e-3, abs=1e-4)
        qtbot.waitUntil(lambda expected=expected: [number(hands, "loss"), number(hands, "slope")] == expected)
    assert hands.window.descent.contours.isVisible()
