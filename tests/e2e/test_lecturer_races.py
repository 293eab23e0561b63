"""A lecturer races SGD, momentum and Adam on two wells, steps back ten steps and forward again."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox

from gdviz.gui.descent.views.on_top import drawn_order
from tests.windows import pixel_of


def keep_three(window, qtbot):
    """Only SGD, momentum and Adam, with the mouse: remove what is there, add what is wanted."""
    session = window.descent.session
    while session.spec.racers:
        qtbot.mouseClick(window.findChild(QAbstractButton, "descent.racer0.remove"), Qt.MouseButton.LeftButton)
    menu = window.findChild(QAbstractButton, "descent.add_racer").menu()
    for key in ("sgd", "momentum", "adam"):
        menu.popup(window.mapToGlobal(window.rect().center()))
        action = next(action for action in menu.actions() if action.objectName() == f"descent.add_racer.{key}")
        menu.setActiveAction(action)
        qtbot.keyClick(menu, Qt.Key.Key_Return)


def table_rows(window):
    model = window.descent.table.model()
    return [
        [model.data(model.index(row, column)) for column in range(model.columnCount())]
        for row in range(model.rowCount())
    ]


def test_lecturer_races_three_optimizers_and_steps_back_and_forward(window, qtbot):
    session = window.descent.session
    assert window.findChild(QComboBox, "descent.surface_choice").currentData() == "two_wells"
    keep_three(window, qtbot)
    assert [racer.optimizer.key for racer in session.spec.racers] == ["sgd", "momentum", "adam"]

    # She clicks where all three are to start; the race is computed at once.
    qtbot.mouseClick(
        window.descent.contours.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(window.descent.contours, 0.7, 1.4)
    )
    qtbot.waitUntil(lambda: session.race.spec == session.spec)

    # Home, then play: step by step, in time with the clock.
    qtbot.keyClick(window, Qt.Key.Key_Home)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session.step >= 20, timeout=20_000)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert not session.playing
    stopped_at, shown = session.step, table_rows(window)

    # Ten steps back: every view shows that step.
    for _ in range(10):
        qtbot.keyClick(window, Qt.Key.Key_Left)
    assert session.step == stopped_at - 10
    x, y = window.descent.contours._balls.getData()
    for place, index in enumerate(drawn_order(len(x), session.selected)):
        trajectory = session.race.trajectories[index]
        row = min(session.step, trajectory.steps)
        np.testing.assert_array_equal([x[place], y[place]], trajectory.positions[row])
    assert [row[1] for row in table_rows(window)] == [
        str(min(session.step, trajectory.steps)) for trajectory in session.race.trajectories
    ]
    assert window.descent.transport.position.text().startswith(f"step {session.step} ")

    # And ten forward: exactly what was there before.
    for _ in range(10):
        qtbot.keyClick(window, Qt.Key.Key_Right)
    assert session.step == stopped_at
    assert table_rows(window) == shown


def test_lecturer_sees_who_converged(window, qtbot):
    session = window.descent.session
    qtbot.waitUntil(lambda: session.last_step > 0 and session.race.whole)
    qtbot.keyClick(window, Qt.Key.Key_End)
    states = {row[-1] for row in table_rows(window)}
    assert "converged" in states
    assert states <= {"converged", "unfinished", "diverged"}
