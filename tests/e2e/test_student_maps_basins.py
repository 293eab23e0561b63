"""A student maps where every start ends, picks one that ends elsewhere, and takes the numbers away."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from gdviz.descent.spec import SurfaceSpec


def test_basins_then_a_start_in_another_one_then_the_numbers(window, qtbot):
    tab, session = window.descent, window.descent.session
    session.set_surface(SurfaceSpec("himmelblau"))
    tab.choose_side("basins")
    view = tab.views._sides["basins"]
    qtbot.waitUntil(lambda: view._complete, timeout=30_000)
    found = view._found
    reached = np.unique(found.basin[found.basin >= 0])
    assert len(reached) >= 3  # himmelblau has four minima

    # A start in the middle of each basin does end in its minimum.
    for basin in reached[:3]:
        rows, columns = np.nonzero(found.basin == basin)
        middle = len(rows) // 2
        session.set_start((float(found.w0[columns[middle]]), float(found.w1[rows[middle]])))
        qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
        end = session.race.trajectories[0].positions[-1]
        assert np.hypot(*(end - found.minima[basin].w)) < 0.02 * session.surface.bounds.diagonal

    # The trajectory goes to the clipboard, every step.
    QApplication.clipboard().clear()
    tab.table.setFocus()
    qtbot.keyClick(tab.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QApplication.clipboard().text().startswith("step,w0,w1"))
    assert len(QApplication.clipboard().text().splitlines()) == session.race.trajectories[session.selected].steps + 2
