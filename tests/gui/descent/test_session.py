"""The state of tab 1 without its views."""

from __future__ import annotations

import numpy as np
import pytest

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.catalog import surface
from gdviz.descent.spec import MAX_RACERS, SurfaceSpec
from gdviz.descent.trajectory import race
from gdviz.gui.descent.session import DescentSession


@pytest.fixture
def session(qtbot):
    made = DescentSession()
    made.compute()
    qtbot.waitUntil(lambda: bool(made.race.trajectories) and made.race.whole)
    yield made
    made.close()


def test_race_is_what_the_engine_computes(session):
    spec = session.spec
    expected = race(surface(spec.surface.key), [racer.optimizer for racer in spec.racers], spec.start, spec.steps)
    assert len(session.race.trajectories) == len(expected)
    for shown, computed in zip(session.race.trajectories, expected, strict=True):
        np.testing.assert_array_equal(shown.positions, computed.positions)


def test_new_start_moves_every_racer(session, qtbot):
    session.set_start((0.5, -0.25))
    qtbot.waitUntil(lambda: session.race.spec == session.spec)
    for trajectory in session.race.trajectories:
        assert tuple(trajectory.positions[0]) == (0.5, -0.25)


def test_a_drag_is_one_step_of_undo(session):
    before = session.spec
    for offset in (0.1, 0.2, 0.3):
        session.set_start((offset, 0.0), gesture="start")
    session.end_gesture()
    session.set_start((0.9, 0.9), gesture="start")
    session.undo()
    assert session.spec.start == (0.3, 0.0)
    session.undo()
    assert session.spec == before
    session.redo()
    assert session.spec.start == (0.3, 0.0)


def test_steps_stay_within_the_race(session):
    session.go_to(10**9)
    assert session.step == session.last_step
    session.step_by(-(10**9))
    assert session.step == 0


def test_playing_ends_at_the_last_step(session, qtbot):
    session.speed = 1000.0
    session.go_to(session.last_step - 20)
    with qtbot.waitSignal(session.playing_changed, check_params_cb=lambda playing: not playing):
        session.play()
    assert session.step == session.last_step


def test_playing_in_a_loop_begins_again(session, qtbot):
    session.speed, session.loop = 1000.0, True
    session.go_to(session.last_step - 5)
    session.play()
    with qtbot.waitSignal(session.step_changed, check_params_cb=None):
        pass
    qtbot.waitUntil(lambda: session.step < session.last_step - 5)
    assert session.playing


def test_racers_are_limited_and_keep_their_colours(session):
    while len(session.spec.racers) < MAX_RACERS:
        session.add_racer("adam")
    assert sorted(racer.color for racer in session.spec.racers) == list(range(MAX_RACERS))
    with pytest.raises(ValueError, match="remove one first"):
        session.add_racer("sgd")
    session.remove_racer(3)
    assert 3 not in [racer.color for racer in session.spec.racers]
    session.add_racer("sgd")
    assert session.spec.racers[-1].color == 3


def test_another_surface_keeps_learning_rates_that_somebody_chose(session):
    session.set_optimizer(0, session.spec.racers[0].optimizer.with_setting("learning_rate", 0.123))
    session.set_surface(SurfaceSpec("rosenbrock"))
    assert session.spec.racers[0].optimizer.learning_rate == 0.123
    assert session.spec.racers[1].optimizer.learning_rate == surface("rosenbrock").learning_rate
    assert session.spec.start == surface("rosenbrock").start


def test_no_racers_is_an_empty_race(session, qtbot):
    for _ in range(len(session.spec.racers)):
        session.remove_racer(0)
    qtbot.waitUntil(lambda: session.race.spec == session.spec)
    assert session.last_step == 0
    session.play()
    assert not session.playing
    with qtbot.waitSignal(session.race_changed):
        session.add_racer("adam")
    assert session.race.trajectories[0].optimizer == session.spec.racers[0].optimizer


def test_impossible_settings_are_reported_not_raised(session, qtbot):
    with qtbot.waitSignal(session.failed) as failed:
        session.set_optimizer(0, OptimizerSpec("adam", {"beta_1": 7.0}))
    assert "beta_1" in failed.args[0]
