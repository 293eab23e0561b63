"""A lecturer goes back and forth in a race, forks it, and drags its start; nothing is lost on the way."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit

from tests.windows import pixel_of


def whole(qtbot, session):
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)


def test_click_back_fork_and_compare(window, qtbot):
    tab, session = window.descent, window.descent.session
    qtbot.waitUntil(lambda: session.last_step > 0)
    whole(qtbot, session)
    session.pause()
    before = [trajectory.positions for trajectory in session.race.trajectories]

    # A click on the loss curves goes back to where the losses part.
    low, high = tab.losses.getViewBox().viewRange()[1]
    where = pixel_of(tab.losses, 20, (low + high) / 2)
    qtbot.mouseClick(tab.losses.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert session.step == pytest.approx(20, abs=3)
    at = session.step

    # There she forks the first racer and gives the copy another rate: both go on.
    qtbot.keyClick(window, Qt.Key.Key_K)
    field = window.findChild(QLineEdit, f"descent.racer{len(before)}.learning_rate")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.001")
    whole(qtbot, session)
    forked = session.race.trajectories[-1].positions
    np.testing.assert_array_equal(forked[: at + 1], before[0][: at + 1])
    assert not np.array_equal(forked[at + 1], before[0][at + 1])
    for trajectory, positions in zip(session.race.trajectories, before, strict=False):
        np.testing.assert_array_equal(trajectory.positions, positions)

    # Undo takes the fork back, value by value.
    tab.contours.setFocus()
    while len(session.spec.racers) > len(before):
        qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    whole(qtbot, session)
    assert len(session.race.trajectories) == len(before)


def test_trajectories_follow_the_dragged_start(window, qtbot):
    tab, session = window.descent, window.descent.session
    qtbot.waitUntil(lambda: session.last_step > 0)
    session.pause()
    viewport = tab.contours.viewport()
    begin, end = pixel_of(tab.contours, *session.spec.start), pixel_of(tab.contours, -1.2, -1.2)
    seen = []
    session.race_changed.connect(lambda: seen.append(tuple(session.race.trajectories[0].positions[0])))
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=begin)
    for share in np.linspace(0.1, 1.0, 6):
        count = len(seen)
        QTest.mouseMove(viewport, begin + (end - begin) * float(share))
        qtbot.waitUntil(lambda count=count: len(seen) > count)  # answered while the button is still down
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    whole(qtbot, session)
    assert len(set(seen)) > 3
    assert seen[-1] == pytest.approx((-1.2, -1.2), abs=0.05)
