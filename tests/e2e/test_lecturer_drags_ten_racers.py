"""A lecturer lets ten racers start from one place and drags it about: all ten follow while the button is down."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdviz.gui.descent.racers.table import COLUMNS
from tests.windows import pixel_of

OTHERS = ("nesterov", "adagrad", "adadelta", "adamax", "nadam", "lion")


def begins(race) -> set[tuple[float, float]]:
    return {(float(trajectory.positions[0, 0]), float(trajectory.positions[0, 1])) for trajectory in race.trajectories}


def test_ten_racers_follow_the_dragged_start(hands, qtbot):
    session = hands.session
    hands.choose("descent.surface_choice", "bowl")
    for key in OTHERS:
        hands.pick(f"descent.add_racer.{key}")
    assert len(hands.computed()) == 10
    assert not hands.find("descent.add_racer").isEnabled()  # there are ten colours

    # She stands at step 20 of the race and drags the start: every answer has all ten, from one place, as far as shown.
    for _ in range(20):
        hands.press(Qt.Key.Key_Right)
    before, answers = session.spec.start, []
    session.race_changed.connect(lambda: answers.append(session.race))
    contours = hands.find("descent.contours")
    viewport = contours.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=pixel_of(contours, *before))
    for w in ((0.0, 1.5), (1.5, 1.0), (1.0, -1.5), (-1.0, -1.0)):

        def follow(w=w) -> bool:
            hands.move(viewport, pixel_of(contours, *w))
            return bool(answers) and all(begin == pytest.approx(w, abs=0.02) for begin in begins(answers[-1]))

        qtbot.waitUntil(follow)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=pixel_of(contours, -1.0, -1.0))
    trajectories = hands.computed()
    assert {len(race.trajectories) for race in answers} == {10}
    assert {len(begins(race)) for race in answers} == {1}
    assert session.step == 20
    assert all(trajectory.steps >= 20 for race in answers for trajectory in race.trajectories)

    # The balls stand where the ten are after 20 steps, each elsewhere; SGD where 20 equal factors lead on x² + y².
    start = session.spec.start
    assert start == pytest.approx((-1.0, -1.0), abs=0.02)
    rate = hands.numbers("descent.racer0.learning_rate")[0]
    np.testing.assert_allclose(trajectories[0].positions[20], np.array(start) * (1 - 2 * rate) ** 20, rtol=1e-9)
    assert len({tuple(trajectory.positions[20]) for trajectory in trajectories}) == 10
    model = hands.find("descent.table").model()
    shown = [float(model.index(row, COLUMNS.index("w0")).data().replace("−", "-")) for row in range(10)]
    np.testing.assert_allclose(shown, [trajectory.positions[20, 0] for trajectory in trajectories], atol=1e-4)

    # The whole drag is one step back.
    contours.setFocus()
    qtbot.keyClick(hands.window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert {tuple(trajectory.positions[0]) for trajectory in hands.computed()} == {before}
