"""A student drags a sample, sees the surface and the line follow, and looks at single samples only."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox

from gdviz.gui.descent.data.samples import place_of, samples_of
from gdviz.gui.descent.data.view import DataView
from tests.windows import pixel_of


def test_student_moves_a_sample_and_the_line_follows(window, qtbot):
    tab, session = window.descent, window.descent.session
    tab.choose_side("data")
    view = tab.findChild(DataView)

    # The surface of the day is not made of data; a button leads to one that is.
    qtbot.mouseClick(window.findChild(QAbstractButton, "descent.data.choose_line_mse"), Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    before, surface_before = session.spec, session.race.surface
    assert view.plot.isVisible()

    # She drags the last sample down; surface, trajectories and line follow.
    sample = samples_of(session.spec.surface)[-1]
    first, last = pixel_of(view.plot, *place_of(session.spec.surface, sample)), pixel_of(view.plot, 5.5, 2.5)
    QTest.mousePress(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=first)
    for share in np.linspace(0.1, 1.0, 8):
        QTest.mouseMove(view.plot.viewport(), first + (last - first) * float(share))
        qtbot.wait(5)
    QTest.mouseRelease(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=last)
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert session.race.surface is not surface_before
    hours, grades = np.array([place_of(session.spec.surface, one) for one in samples_of(session.spec.surface)]).T
    best = np.polynomial.polynomial.polyfit(hours, grades, 1)
    qtbot.keyClick(window, Qt.Key.Key_End)
    np.testing.assert_allclose(session.race.trajectories[0].positions[-1], best, atol=1e-3)

    # From now on one sample a step: the trajectory trembles, and the cost falls.
    whole = view.cost.text()
    box = window.findChild(QComboBox, "descent.data.noise")
    box.setFocus()
    for _ in range(2):
        qtbot.keyClick(box, Qt.Key.Key_Down)
    assert session.spec.noise.kind == "single"
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    session.go_to(10)
    assert view.cost.text() == "10 samples touched: 0.8 times all 12"
    assert whole != view.cost.text()

    # Undo takes back the noise, then the whole drag.
    session.undo()
    session.undo()
    assert session.spec == before
