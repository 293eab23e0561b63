"""A student lets one optimizer start from many places, types a start, and gives one racer a start of its own."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage

from tests.windows import pixel_of

RATE = 0.05


def fan(hands) -> list[np.ndarray]:
    """The positions of each of the fan's descents."""
    hands.computed()
    return [trajectory.positions for trajectory in hands.session.race.fan]


def starts(hands) -> set[tuple[float, float]]:
    return {(float(w[0, 0]), float(w[0, 1])) for w in fan(hands)}


def is_drawn(hands, before: QImage, w: np.ndarray) -> bool:
    """Whether the contours show something at a place that they did not show before."""
    contours = hands.find("descent.contours")
    now, pixel = contours.grab().toImage(), contours.viewport().mapTo(contours, pixel_of(contours, *w))
    around = [(pixel.x() + x, pixel.y() + y) for x in (-1, 0, 1) for y in (-1, 0, 1)]
    return any(now.pixel(*place) != before.pixel(*place) for place in around)


def test_a_fan_of_starts_for_one_optimizer(hands, qtbot):
    hands.choose("descent.surface_choice", "bowl")
    hands.type("descent.racer0.learning_rate", str(RATE))
    hands.drawn()

    # Nine on a grid: SGD goes from each straight to the minimum, as on x² + y² each step is the same factor.
    hands.choose("descent.fan", "grid")
    hands.type("descent.fan_setting.number", "9")
    places = (-4 / 3, 0.0, 4 / 3)  # the middles of the bounds' thirds
    assert np.allclose(sorted(starts(hands)), sorted((w0, w1) for w0 in places for w1 in places))
    for w in fan(hands):
        factors = (1 - 2 * RATE) ** np.arange(len(w))
        np.testing.assert_allclose(w, factors[:, None] * w[0], rtol=1e-9, atol=1e-300)
    at_first = hands.find("descent.contours").grab().toImage()
    hands.press(Qt.Key.Key_End)
    for w in (w for w in fan(hands) if len(w) > 1):
        qtbot.waitUntil(lambda w=w: is_drawn(hands, at_first, w[3]))

    # At random: inside the surface, others at a click, and the same again after undo.
    hands.choose("descent.fan", "random")
    hands.type("descent.fan_setting.number", "30")
    first = starts(hands)
    assert len(first) == 30
    assert all(abs(w0) <= 2 and abs(w1) <= 2 for w0, w1 in first)
    hands.click("descent.new_fan")
    assert not first & starts(hands)
    hands.window.descent.contours.setFocus()
    qtbot.keyClick(hands.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert starts(hands) == first

    # Back to one start.
    hands.choose("descent.fan", "")
    assert fan(hands) == []


def test_a_fan_stays_with_its_optimizer_when_another_one_leaves(hands):
    hands.choose("descent.surface_choice", "bowl")
    hands.click("descent.racer2")
    hands.choose("descent.fan", "grid")
    before = fan(hands)
    hands.click("descent.racer0.remove")
    for now, then in zip(fan(hands), before, strict=True):
        np.testing.assert_array_equal(now, then)
    assert hands.find("descent.racer1").isChecked()  # the one that was the third is still the selected one


def test_a_typed_start_and_one_racer_with_its_own(hands, qtbot):
    hands.type("descent.race.w0", "-1.25")
    hands.type("descent.race.w1", "0.5")
    assert {tuple(trajectory.positions[0]) for trajectory in hands.computed()} == {(-1.25, 0.5)}

    # The third racer gets its own; a click on the contours now moves that alone.
    hands.click("descent.racer2")
    hands.click("descent.own_start")
    contours = hands.find("descent.contours")
    qtbot.mouseClick(contours.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(contours, 1.5, -1.5))
    begins = [tuple(trajectory.positions[0]) for trajectory in hands.computed()]
    assert begins[2] == pytest.approx((1.5, -1.5), abs=0.02)
    assert begins[:2] + begins[3:] == [(-1.25, 0.5)] * 3

    # What is typed moves that alone, too. What is no number changes nothing, and the field says what is allowed.
    hands.type("descent.race.w0", "left")
    assert hands.find("descent.race.w0").property("invalid")
    assert "a number" in hands.find("descent.race.w0").toolTip()
    hands.type("descent.race.w0", "-0.75")
    begins = [tuple(trajectory.positions[0]) for trajectory in hands.computed()]
    assert begins[2] == pytest.approx((-0.75, -1.5), abs=0.02)
    assert begins[0] == (-1.25, 0.5)

    # And it joins the others again.
    hands.click("descent.own_start")
    assert {tuple(trajectory.positions[0]) for trajectory in hands.computed()} == {(-1.25, 0.5)}
