"""The learning-rate sweep beside the contours, against races computed one by one."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtTest import QTest

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.spec import SurfaceSpec
from gdviz.descent.stopping import Outcome
from gdviz.descent.trajectory import race
from gdviz.gui.descent.maps.sweep_view import SweepView
from gdviz.gui.descent.session import DescentSession


@pytest.fixture
def session(qtbot):
    made = DescentSession()
    made.compute()
    qtbot.waitUntil(lambda: bool(made.race.trajectories) and made.race.whole)
    yield made
    made.close()


@pytest.fixture
def view(qtbot, look, session):
    made = SweepView(session, look)
    qtbot.addWidget(made)
    look.dress(made)
    made.resize(500, 400)
    with qtbot.waitExposed(made):
        made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    qtbot.waitUntil(lambda: complete(made))
    yield made
    made.close_view()


def complete(view) -> bool:
    timers = (view._settle, view._soon)
    return not view._missing() and not view._work.running and not any(timer.isActive() for timer in timers)


def pixel(plot, racer: int, rate: int) -> QPoint:
    """Where a point of a curve is drawn."""
    point = QPointF(plot._traces[racer].x[rate], plot._heights[racer][rate])
    return plot.mapFromScene(plot.box.mapViewToScene(point))


def brute_force(session, racer: int, rate: float):
    spec = session.spec
    optimizer = spec.racers[racer].optimizer.with_setting("learning_rate", float(rate))
    return race(session.surface, [optimizer], spec.start, spec.steps)[0]


def test_without_racers_it_says_so(view, session, qtbot):
    while session.spec.racers:
        session.remove_racer(0)
    assert "add one" in view.readout.text()
    session.undo()
    assert "Click a curve" in view.readout.text()


@pytest.mark.parametrize("key", ["two_wells", "rosenbrock"])
def test_curves_are_what_races_come_to(view, session, qtbot, key):
    session.set_surface(SurfaceSpec(key))
    qtbot.waitUntil(lambda: complete(view))
    seen = set()
    for racer, curve in enumerate(view._shown):
        for index in range(5, len(curve.rates), 23):
            trajectory = brute_force(session, racer, curve.rates[index])
            seen.add(trajectory.outcome)
            assert np.isnan(curve.losses[index]) == (trajectory.outcome is Outcome.DIVERGED)
            if trajectory.outcome is not Outcome.DIVERGED:
                assert curve.losses[index] == pytest.approx(trajectory.losses[-1], rel=1e-9, abs=1e-12)
            converged = trajectory.outcome is Outcome.CONVERGED
            assert curve.steps[index] == (trajectory.steps if converged else np.inf)
    assert Outcome.DIVERGED in seen


def test_click_uses_the_rate_for_that_racer(view, session, qtbot):
    curve = view._shown[1]
    index = int(np.flatnonzero(np.isfinite(curve.losses))[40])
    QTest.mouseClick(view.losses.viewport(), Qt.MouseButton.LeftButton, pos=pixel(view.losses, 1, index))
    racer, rate = view._cursor
    assert session.spec.racers[racer].optimizer.learning_rate == curve.rates[rate]
    assert session.selected == racer
    before = len(view._answers)
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert not view._missing()  # the rate alone changes no curve
    assert len(view._answers) == before
    session.undo()
    assert session.spec.racers[racer].optimizer.learning_rate != curve.rates[rate]


def test_marks_do_not_keep_clicks_to_themselves(view, session, qtbot):
    """The cursor that follows the mouse, the present rate's mark and the crosses of what diverged."""
    curve = view._shown[0]
    diverged = int(np.flatnonzero(np.isnan(curve.losses))[5])
    for index in (60, diverged):
        place = pixel(view.losses, 0, index)
        QTest.mouseMove(view.losses.viewport(), place)
        qtbot.waitUntil(lambda: view._cursor is not None)
        racer, rate = view._cursor
        QTest.mouseClick(view.losses.viewport(), Qt.MouseButton.LeftButton, pos=place)
        assert session.spec.racers[racer].optimizer.learning_rate == view._shown[racer].rates[rate]
        assert session.selected == racer


def test_hover_reads_rate_loss_and_steps(view, session, qtbot):
    index = int(np.flatnonzero(np.isfinite(view._shown[3].steps))[10])
    rate = view._shown[3].rates[index]
    trajectory = brute_force(session, 3, rate)
    QTest.mouseMove(view.steps.viewport(), pixel(view.steps, 3, index))
    qtbot.waitUntil(lambda: f"{rate:g}:" in view.readout.text())
    assert f"converged after {trajectory.steps} steps" in view.readout.text()


def test_diverged_rates_are_told_and_drawn_in_the_strip(view, qtbot):
    curve = view._shown[0]
    index = int(np.flatnonzero(np.isnan(curve.losses))[-1])
    assert view.losses._strip.isVisible()
    assert view.losses._heights[0][index] > view.losses._high
    QTest.mouseMove(view.losses.viewport(), pixel(view.losses, 0, index))
    qtbot.waitUntil(lambda: "diverged" in view.readout.text())


def test_keys_do_what_the_mouse_does(view, session, qtbot):
    view.losses.setFocus()
    present = session.spec.racers[0].optimizer.learning_rate
    qtbot.keyClick(view.losses, Qt.Key.Key_Right)  # begins at the present rate of the selected racer
    assert view._shown[0].rates[view._cursor[1]] == pytest.approx(present, rel=0.07)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Down):
        qtbot.keyClick(view.losses, key)
    racer, rate = view._cursor
    assert racer == 1
    qtbot.keyClick(view.losses, Qt.Key.Key_Return)
    assert session.spec.racers[1].optimizer.learning_rate == view._shown[1].rates[rate]


def test_marks_are_what_the_race_came_to(view, session, qtbot):
    session.set_optimizer(0, OptimizerSpec("sgd", {"learning_rate": 5.0}))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    qtbot.waitUntil(lambda: complete(view))
    traces = view.losses._traces
    assert traces[0].mark_diverged
    floor = min(curve.lowest for curve in view._shown)
    loss = session.race.trajectories[3].losses[-1]
    assert traces[3].mark[1] == pytest.approx(np.log10(max(loss - floor, 1e-16)))


def test_only_the_racer_that_changed_is_swept_again(view, session, qtbot):
    kept = list(view._shown)
    session.set_optimizer(1, session.spec.racers[1].optimizer.with_setting("momentum", 0.5))
    assert len(view._missing()) == 1
    qtbot.waitUntil(lambda: complete(view))
    assert [new is old for new, old in zip(view._shown, kept, strict=True)] == [True, False, True, True]


def test_nothing_is_computed_while_hidden(view, session, qtbot):
    view.hide()
    before = len(view._answers)
    session.set_surface(SurfaceSpec("rosenbrock"))
    qtbot.wait(200)
    assert len(view._answers) == before
    assert not view._work.running
    view.show()
    qtbot.waitUntil(lambda: len(view._answers) > before and complete(view))


def test_long_sweeps_say_how_far_they_are_and_hiding_ends_them(view, session, qtbot):
    session.change(type(session.spec)(SurfaceSpec("plateau"), session.spec.racers, (0.5, 0.5), 100_000, 0.0))
    qtbot.waitUntil(lambda: "computing" in view.progress.text(), timeout=10_000)
    view.hide()
    assert view.progress.text() == ""
    assert not view._work.running


def test_axis_numbers_leave_each_other_room(view, qtbot):
    axes = [plot.getAxis("left") for plot in (view.losses, view.steps)]
    assert axes[0].width() == axes[1].width()
    assert axes[0].style["tickFont"] == axes[1].style["tickFont"] == view.look.font(0.85)
    for low, high in ((-1.0, 1.0), (0.4, 1.7), (-16.0, 2.0)):  # the first is what there is until a curve is computed
        ((_, ticks),) = axes[0].logTickValues(low, high, 150, [])
        assert len(ticks) > 1
        apart = np.diff(ticks).min() * 150 / (high - low)
        assert apart > QFontMetrics(view.look.font(0.85)).height()


def test_without_racers_nothing_is_drawn(view, session):
    for _ in range(len(session.spec.racers)):
        session.remove_racer(0)
    assert view.losses._traces == []
    view.losses.moved.emit(1, 0)
    assert view._cursor is None


@pytest.mark.parametrize("theme", ["dark", "white"])
def test_curves_have_the_racers_colours(view, qtbot, theme):
    view.look.set_theme(theme)
    index = int(np.flatnonzero(np.isfinite(view._shown[3].losses))[10])
    place = pixel(view.losses, 3, index)
    picture = view.losses.grab().toImage()
    color = view.look.racer(view.session.spec.racers[3].color).getRgb()
    near = [picture.pixelColor(place + QPoint(dx, dy)).getRgb() for dx in range(-2, 3) for dy in range(-2, 3)]
    assert min(np.abs(np.subtract(seen, color)).max() for seen in near) < 50  # a smooth line is a little darker
    view.look.set_theme("dark")
