"""A lecturer opens the step card and walks through one step of Adam with the presenter's remote."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QFrame, QLineEdit


def blocks(window):
    card = window.findChild(QFrame, "descent.step_card")
    found = sorted(
        (frame for frame in card.findChildren(QFrame) if frame.objectName().startswith("descent.substep")),
        key=lambda frame: int(frame.objectName().removeprefix("descent.substep")),
    )
    return [block for block in found if block.isVisible()]


def test_lecturer_walks_through_one_step_of_adam(window, qtbot):
    session = window.descent.session
    qtbot.waitUntil(lambda: session.last_step > 0 and session.race.whole)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.keyClick(window, Qt.Key.Key_Home)
    assert not session.playing

    # She chooses Adam, opens the card if it is folded, and goes to the fifth step.
    adam = next(index for index, racer in enumerate(session.spec.racers) if racer.optimizer.key == "adam")
    qtbot.mouseClick(window.findChild(QAbstractButton, f"descent.racer{adam}"), Qt.MouseButton.LeftButton)
    if window.findChild(QFrame, "descent.step_card").isHidden():
        qtbot.keyClick(window, Qt.Key.Key_S)
    for _ in range(4):
        qtbot.keyClick(window, Qt.Key.Key_Right)
    assert blocks(window) == []

    # One press is one sub-step: gradient, both moments, the corrected learning rate, the step.
    names = []
    for count in range(1, 6):
        qtbot.keyClick(window, Qt.Key.Key_PageDown)
        assert len(blocks(window)) == count
        names.append(blocks(window)[-1].explained.name)
    assert names == ["g", "m", "v", "alpha", "w"]
    qtbot.waitUntil(lambda: all(block.numbers.complete and block.numbers.height() for block in blocks(window)))

    # Every number is the one that Adam computed, and the arrow ends where the next key goes.
    trajectory = session.race.trajectories[adam]
    w0, w1 = (float(number) for number in trajectory.positions[5])
    assert blocks(window)[-1].explained.exact_result == f"w = ({w0!r}, {w1!r})"
    last = window.descent.card.marks.marks.arrows[-1]
    np.testing.assert_array_equal(last.end, trajectory.positions[5])
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    assert (session.step, session.substep) == (5, 0)
    x, y = window.descent.contours._balls.getData()
    assert session.selected == adam
    np.testing.assert_array_equal([x[-1], y[-1]], last.end)  # the selected one's is drawn last

    # Somebody did not follow: back into the step, to its gradient.
    for _ in range(5):
        qtbot.keyClick(window, Qt.Key.Key_PageUp)
    assert session.step == 4
    assert [block.explained.name for block in blocks(window)] == ["g"]


def test_lecturer_starts_at_random_and_stops_early(window, qtbot):
    session = window.descent.session
    qtbot.waitUntil(lambda: session.last_step > 0 and session.race.whole)
    if window.findChild(QFrame, "descent.step_card").isHidden():
        qtbot.keyClick(window, Qt.Key.Key_S)

    # The same seed in two lectures is the same start.
    seed = window.findChild(QLineEdit, "descent.step_card.seed")
    starts = []
    for typed in ("5", "6", "5"):
        seed.setFocus()
        seed.selectAll()
        qtbot.keyClicks(seed, typed)
        starts.append(session.spec.start)
    assert starts[0] == starts[2] != starts[1]

    # "Until the gradient is zero": a coarser zero ends sooner.
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    steps = session.race.trajectories[0].steps
    tolerance = window.findChild(QLineEdit, "descent.step_card.tolerance")
    tolerance.setFocus()
    tolerance.selectAll()
    qtbot.keyClicks(tolerance, "0.1")
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert session.race.trajectories[0].steps < steps
    qtbot.keyClick(window, Qt.Key.Key_End)
    assert "converged" in window.descent.card.foot.verdict.text()
