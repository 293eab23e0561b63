"""A lecturer shows a learning rate that is too low, one that is right and one that is too high, side by side."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.spec import SurfaceSpec
from gdviz.descent.trajectory import race
from gdviz.gui.descent.curves.rates_view import RatesView


def test_lecturer_plays_three_learning_rates_together(window, qtbot):
    tab, session = window.descent, window.descent.session
    session.set_surface(SurfaceSpec("parabola"))
    tab.choose_side("rates")
    view = tab.findChild(RatesView)
    qtbot.waitUntil(lambda: view.isVisible() and view.picture is not None and view.picture.spec == view.asked)
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert [panel.word.text() for panel in view.panels] == ["too low", "just right", "too high"]

    # Home, then play: one transport bar moves all three balls.
    qtbot.keyClick(window, Qt.Key.Key_Home)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: session.step >= 10, timeout=20_000)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    surface = SURFACES["parabola"]
    for panel, rate in zip(view.panels, (0.05, 0.45, 1.05), strict=True):
        alone = race(surface, [OptimizerSpec("sgd", {"learning_rate": rate})], surface.start, 1000)[0]
        row = min(session.step, alone.steps)
        x, y = panel.plot._balls.getData()
        assert (x[0], y[0]) == (alone.positions[row, 0], alone.losses[row])
    assert view.panels[2].plot._balls.getData()[1][0] > view.panels[2].plot.box.viewRange()[1][1]

    # She lowers the third until it arrives, but from both sides: the words say so.
    field = view.findChild(QLineEdit, "descent.rates.high.learning_rate")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.97")
    qtbot.waitUntil(lambda: view.panels[2].sentence.text().startswith("zig-zags: converged"))

    # Back in time, all three together.
    tab.setFocus()
    window.descent.step_back()
    assert view.panels[0].plot._balls.getData()[0][0] == view.picture.trajectories[0].positions[session.step, 0]
