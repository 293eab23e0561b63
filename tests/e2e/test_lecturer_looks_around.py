"""A lecturer turns the surface with the mouse, looks at it from elsewhere, follows a racer, and comes back."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest

from tests.e2e.pictures import pixels

NEAR = 3.0  # pixels within which two places on the screen are one


@pytest.fixture
def view(hands):
    """The 3-D view of x² + y²."""
    hands.choose("descent.surface_choice", "bowl")
    hands.drawn()
    return hands.find("descent.surface")


def seen_at(hands, view, w0: float, w1: float) -> np.ndarray:
    """Where the ball is seen when all racers start from a place: the selected one's colour is on top."""
    hands.type("descent.race.w0", str(w0))
    hands.type("descent.race.w1", str(w1))
    hands.computed()
    return ball(hands, view)


def ball(hands, view) -> np.ndarray:
    color = hands.window.look.racer(hands.session.spec.racers[hands.session.selected].color).rgb()
    rows, columns = np.nonzero(pixels(view) == color)
    assert len(rows), "no ball is seen"
    return np.array([columns.mean(), rows.mean()])


def across(hands, view) -> tuple[np.ndarray, np.ndarray]:
    """How two units along w0, and along w1, look on the screen: right and up. All four places are equally high."""
    w0 = seen_at(hands, view, 1, 0) - seen_at(hands, view, -1, 0)
    w1 = seen_at(hands, view, 0, 1) - seen_at(hands, view, 0, -1)
    return w0 * (1, -1), w1 * (1, -1)


def drag(view, right: int, down: int) -> None:
    middle = view.rect().center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    for share in (0.5, 1.0):
        QTest.mouseMove(view, middle + QPoint(right, down) * share)
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(right, down))


def test_dragging_turns_the_surface_and_a_key_turns_it_back(hands, view):
    at_first = seen_at(hands, view, -1.5, 1)
    drag(view, 0, 30)
    tilted = ball(hands, view)
    assert abs(tilted - at_first)[1] > 30
    drag(view, 60, 0)
    turned = ball(hands, view)
    assert abs(turned - tilted)[0] > 30
    drag(view, -60, 0)
    drag(view, 0, -30)
    assert ball(hands, view) == pytest.approx(at_first, abs=NEAR)
    drag(view, 45, 20)
    hands.press(Qt.Key.Key_0)
    assert ball(hands, view) == pytest.approx(at_first, abs=NEAR)


def test_presets_look_from_where_they_say(hands, view):
    long = 100.0
    hands.pick("descent.camera.above")  # a map: w0 to the right, w1 up
    (right, up), (aside, upward) = across(hands, view)
    assert right == pytest.approx(upward, rel=0.02)
    assert right > long
    assert (up, aside) == pytest.approx((0, 0), abs=NEAR)

    hands.pick("descent.camera.w0")  # w0 to the right, and what lies along w1 is behind each other
    (right, up), (aside, upward) = across(hands, view)
    assert right > long
    assert (up, aside) == pytest.approx((0, 0), abs=NEAR)
    assert 0 < upward < right / 3

    hands.pick("descent.camera.w1")  # the other way round
    (aside, away), (right, up) = across(hands, view)
    assert right > long
    assert (up, aside) == pytest.approx((0, 0), abs=NEAR)
    assert 0 < abs(away) < right / 3

    flatness = []
    for preset in ("corner", "low"):  # w0 and w1 both go to the right, and from below they are flatter
        hands.pick(f"descent.camera.{preset}")
        w0, w1 = across(hands, view)
        assert w0[0] > 50 < w1[0]
        flatness.append(abs(w0[1] / w0[0]))
    assert flatness[1] < flatness[0]


def test_the_camera_follows_a_racer_until_the_view_is_reset(hands, view):
    at_first = seen_at(hands, view, -1.6, 1.2)
    last = len(hands.session.spec.racers) - 1
    hands.click(f"descent.racer{last}")
    hands.pick("descent.camera.follow")
    middle = np.array([view.width(), view.height()]) / 2
    color = hands.window.look.racer(hands.session.spec.racers[hands.session.selected].color).rgb()
    for _ in range(12):
        hands.press(Qt.Key.Key_Right)
        column, row = middle.astype(int)
        assert pixels(view)[row, column] == color  # the ball stays in the middle, however far it has come

    # The key that shows the whole surface lets it stand again.
    hands.press(Qt.Key.Key_0)
    assert not hands.window.findChild(QAction, "descent.camera.follow").isChecked()
    hands.press(Qt.Key.Key_Home)
    assert ball(hands, view) == pytest.approx(at_first, abs=NEAR)
