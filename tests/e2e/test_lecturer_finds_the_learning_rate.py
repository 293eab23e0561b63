"""A lecturer sweeps the learning rate, takes one that diverges, asks the coach, and looks at the basins."""

from __future__ import annotations

import msgspec
import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QWidget

from gdviz.descent.spec import SurfaceSpec
from gdviz.descent.stopping import Outcome


def show_side(window, qtbot, key: str):
    """Choose what stands beside the contours, with the keyboard."""
    box = window.findChild(QComboBox, "descent.side")
    box.setFocus()
    steps = box.findData(key) - box.currentIndex()
    for _ in range(abs(steps)):
        qtbot.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    return window.findChild(QWidget, f"descent.{key}")


def click_rate(view, qtbot, racer: int, rate: float):
    """Click a racer's curve at a learning rate."""
    index = int(np.abs(view._shown[racer].rates - rate).argmin())
    plot = view.losses
    point = QPointF(plot._traces[racer].x[index], plot._heights[racer][index])
    pos = plot.mapFromScene(plot.box.mapViewToScene(point))
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=pos)


def test_lecturer_finds_a_learning_rate(window, qtbot):
    session = window.descent.session
    session.pause()
    session.set_surface(SurfaceSpec("valley"))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)

    # The sweep shows where SGD diverges: its Hessian's largest eigenvalue is 2, so above a learning rate of 1.
    view = show_side(window, qtbot, "sweep")
    qtbot.waitUntil(lambda: len(view._asked) > 0 and not view._missing(), timeout=20_000)
    # What is shown may still be the sweep of the surface before.
    qtbot.waitUntil(lambda: bool(np.isnan(view._shown[0].losses[-1])) and not view._missing(), timeout=20_000)
    curve = view._shown[0]
    first_diverged = curve.rates[np.isnan(curve.losses)].min()
    assert 1.0 < first_diverged <= 1.13
    assert not np.isnan(curve.losses[curve.rates < 1.0]).any()

    # She clicks one that is too high: the race diverges, as the picture said.
    click_rate(view, qtbot, 0, 2.0)
    assert session.spec.racers[0].optimizer.learning_rate == 2.0
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert session.race.trajectories[0].outcome is Outcome.DIVERGED

    # And one that is right: fewer steps than any other, and the race needs as many.
    best = int(np.argmin(curve.steps))
    click_rate(view, qtbot, 0, curve.rates[best])
    chosen = session.spec.racers[0].optimizer.learning_rate
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert session.race.trajectories[0].steps == curve.steps[curve.rates == chosen][0]
    assert session.race.trajectories[0].steps <= 1.5 * curve.steps[best]

    # One minimum: whatever the start, it ends there, but not in the same number of steps.
    view = show_side(window, qtbot, "basins")
    qtbot.waitUntil(lambda: view._complete, timeout=60_000)
    assert (view._found.basin == 0).all()
    assert view._found.steps.max() > view._found.steps.min()
    plot = view.plot
    pos = plot.mapFromScene(plot.box.mapViewToScene(QPointF(3.0, -2.0)))
    QTest.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=pos)
    assert np.hypot(session.spec.start[0] - 3.0, session.spec.start[1] + 2.0) < 0.1

    # A map that takes too long: Escape stops it, wherever the focus is, and does not leave full screen.
    window.toggle_full_screen()
    session.change(msgspec.structs.replace(session.spec, steps=100_000, tolerance=0.0))
    qtbot.waitUntil(lambda: view._work.running)
    qtbot.keyClick(window.descent.table, Qt.Key.Key_Escape)
    assert not view._work.running
    assert window.isFullScreen()
    qtbot.keyClick(window.descent.table, Qt.Key.Key_Escape)
    assert not window.isFullScreen()
