"""The coach's line: its numbers against the Hessian, its suggestions against what they do."""

from __future__ import annotations

import re
import time

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.spec import SurfaceSpec
from gdviz.descent.stopping import Outcome
from gdviz.gui.descent.racers.coach_line import CoachLine, suggested_rate
from gdviz.gui.descent.session import DescentSession


@pytest.fixture
def session(qtbot):
    made = DescentSession()
    made.compute()
    qtbot.waitUntil(lambda: bool(made.race.trajectories) and made.race.whole)
    yield made
    made.close()


@pytest.fixture
def line(qtbot, look, session):
    made = CoachLine(session, look)
    qtbot.addWidget(made)
    look.dress(made)
    made.resize(900, 90)
    with qtbot.waitExposed(made):
        made.show()
    yield made
    made.close_line()


def raced(session, qtbot):
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)


def numbers(text: str) -> list[float]:
    plain = text.replace("−", "-").replace("2/", "")
    return [float(number) for number in re.findall(r"-?\d+(?:\.\d+)?(?:e[+-]?\d+)?", plain)]


@pytest.mark.parametrize("step", [0, 3, 25])
@pytest.mark.parametrize("key", ["rosenbrock", "two_wells", "valley"])
def test_numbers_are_the_hessians(line, session, qtbot, key, step):
    session.set_surface(SurfaceSpec(key))
    raced(session, qtbot)
    session.go_to(step)
    w = session.race.trajectories[0].positions[session.rows()[0]]
    eigenvalues = np.linalg.eigvalsh(session.surface.hessian(w))
    qtbot.waitUntil(lambda: numbers(line.numbers.text())[-2:] == pytest.approx(list(eigenvalues), rel=1e-2, abs=1e-4))
    if eigenvalues[1] > 0:
        assert numbers(line.numbers.text())[0] == pytest.approx(2 / eigenvalues[1], rel=1e-3)


@pytest.mark.parametrize("key", ["two_wells", "himmelblau"])
def test_where_it_is_narrow_words_give_way_and_not_numbers(line, session, qtbot, key):
    session.set_surface(SurfaceSpec(key))
    raced(session, qtbot)
    session.go_to(0)
    qtbot.waitUntil(lambda: line._said is not None and line._said.step == 0 and "of the Hessian" in line.numbers.text())
    in_full = line.numbers.text()
    line.resize(500, line.height())
    shorter = line.numbers.text()
    assert len(shorter) < len(in_full)
    assert numbers(shorter)[-2:] == numbers(in_full)[-2:]
    assert line.numbers.fontMetrics().horizontalAdvance(shorter) <= line.numbers.width()
    assert line.numbers.toolTip() == in_full
    line.resize(900, line.height())
    assert (line.numbers.text(), line.numbers.toolTip()) == (in_full, "")


def test_a_curve_has_one_curvature(line, session, qtbot):
    session.set_surface(SurfaceSpec("parabola"))
    raced(session, qtbot)
    qtbot.waitUntil(lambda: "curvature" in line.numbers.text())
    assert "eigenvalues" not in line.numbers.text()
    assert numbers(line.numbers.text())[-1] == pytest.approx(session.surface.hessian(np.zeros(2))[0, 0])


def test_a_rate_that_diverges_is_explained_and_what_to_try_works(line, session, qtbot):
    session.set_surface(SurfaceSpec("valley"))
    session.set_optimizer(0, OptimizerSpec("sgd", {"learning_rate": 1.5}))
    raced(session, qtbot)
    assert session.race.trajectories[0].outcome is Outcome.DIVERGED
    session.go_to(session.last_step)
    qtbot.waitUntil(lambda: line.button.isVisible() and "above 2/λmax" in line.words.text())
    rate = suggested_rate(line.words.text())
    stable = 2 / np.linalg.eigvalsh(session.surface.hessian(np.array(session.spec.start)))[1]
    assert rate < stable
    assert line.button.text() == f"Try {rate:g}"
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    assert session.spec.racers[0].optimizer.learning_rate == rate
    raced(session, qtbot)
    assert session.race.trajectories[0].outcome is Outcome.CONVERGED
    qtbot.waitUntil(lambda: not line.button.isVisible())


def test_settings_changed_in_mid_race_are_what_is_set(line, session, qtbot):
    session.set_surface(SurfaceSpec("valley"))
    session.set_optimizer(0, OptimizerSpec("sgd", {"learning_rate": 0.1}))
    session.set_optimizer(0, OptimizerSpec("sgd", {"learning_rate": 3.0}), step=5)
    raced(session, qtbot)
    session.go_to(session.race.trajectories[0].steps)
    qtbot.waitUntil(lambda: line._said.step == session.step and "above 2/λmax" in line.words.text())
    rate = suggested_rate(line.words.text())
    qtbot.mouseClick(line.button, Qt.MouseButton.LeftButton)
    racer = session.spec.racers[0]
    assert racer.optimizer.learning_rate == 0.1
    assert racer.changes[0].step == 5
    assert racer.changes[0].optimizer.learning_rate == rate


def test_all_that_it_says_is_to_be_read_and_its_room_does_not_jump(line, session, qtbot):
    line.resize(400, 90)
    session.go_to(40)
    session.select(2)
    qtbot.waitUntil(lambda: "too much for a curvature" in line.words.text())
    needed = line.words.heightForWidth(line.words.width())
    assert needed > 3 * line.words.fontMetrics().lineSpacing() + 2
    assert line.words.height() == needed
    session.select(3)
    qtbot.waitUntil(lambda: "Adam" in line.words.text())
    assert line.words.height() == needed
    line.resize(900, line.height())
    assert line.words.height() < needed


def test_it_looks_at_the_selected_racer(line, session, qtbot):
    qtbot.waitUntil(lambda: line.words.text() != "")
    session.go_to(10)
    session.select(3)
    qtbot.waitUntil(lambda: "Adam" in line.words.text())


def test_at_most_ten_times_a_second_while_it_plays(line, session, qtbot, monkeypatch):
    asked = []
    ask = line._ask
    monkeypatch.setattr(line, "_ask", lambda: (asked.append(time.perf_counter()), ask()))
    session.clock.speed = 100.0
    session.go_to(0)
    session.play()
    qtbot.waitUntil(lambda: session.step > 60, timeout=10_000)
    session.pause()
    gaps = np.diff(asked)
    assert len(asked) >= 3
    assert gaps.min() > 0.08


def test_nothing_is_asked_while_hidden(line, session, qtbot, monkeypatch):
    line.hide()
    asked = []
    monkeypatch.setattr(line, "_ask", lambda: asked.append(1))
    session.go_to(12)
    qtbot.wait(150)
    assert not asked


def test_without_racers_it_is_silent(line, session, qtbot):
    for _ in range(len(session.spec.racers)):
        session.remove_racer(0)
    raced(session, qtbot)
    qtbot.waitUntil(lambda: line.words.text() == "")
    assert not line.button.isVisible()


@pytest.mark.parametrize(
    ("sentence", "rate"),
    [
        ("It overshoots; try 0.1.", 0.1),
        ("Too much; try a learning rate of 2e-05.", 2e-5),
        ("Far below the limit; try 10.", 10.0),
        ("It rolls past the bottom; try less.", None),
        ("What is slow; try momentum or an adaptive optimizer.", None),
        ("It has arrived: the gradient is 1e-07.", None),
    ],
)
def test_suggested_rates_are_found(sentence, rate):
    assert suggested_rate(sentence) == rate
