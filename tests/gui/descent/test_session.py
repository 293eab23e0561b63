"""The state of tab 1 without its views."""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np
import pytest

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.catalog import surface
from gdviz.descent.races import compute
from gdviz.descent.spec import MAX_RACERS, MAX_STEPS, SurfaceSpec
from gdviz.descent.trajectory import race
from gdviz.gui.descent import race_work
from gdviz.gui.descent.race_work import FIRST_LOOK, first_look, whole_race
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
    session.clock.speed = 1000.0
    session.go_to(session.last_step - 20)
    with qtbot.waitSignal(session.playing_changed, check_params_cb=lambda playing: not playing):
        session.play()
    assert session.step == session.last_step


def test_playing_in_a_loop_begins_again(session, qtbot):
    session.clock.speed, session.loop = 1000.0, True
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
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
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


def endless(session):
    """A race that takes many seconds: so many steps, and no racer ends before."""
    return msgspec.structs.replace(session.spec, steps=MAX_STEPS, tolerance=0.0)


@pytest.fixture
def computed(monkeypatch):
    """All races that the session's thread has computed, in order."""
    races = []

    def recorded(spec, **options):
        races.append(compute(spec, **options))
        return races[-1]

    monkeypatch.setattr(race_work, "compute", recorded)
    return races


def test_closing_ends_a_long_race(session, qtbot, computed):
    with qtbot.waitSignal(session.race_changed):  # the first steps of it
        session.change(endless(session))
    qtbot.waitUntil(lambda: session._worker._waiting is None)  # the rest of it is under way
    session.close()
    first_look, rest = computed[0], computed[1:]
    assert not first_look.whole
    assert all(trajectory.steps < MAX_STEPS for race in rest for trajectory in race.trajectories)


def test_a_newer_race_ends_a_long_one(session, qtbot, computed):
    long, shown = endless(session), []
    session.race_changed.connect(lambda: shown.append(session.race))
    with qtbot.waitSignal(session.race_changed):
        session.change(long)
    qtbot.waitUntil(lambda: session._worker._waiting is None)
    session.change(msgspec.structs.replace(long, steps=300))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert session.last_step == 300
    assert all(trajectory.steps < MAX_STEPS for race in computed for trajectory in race.trajectories)
    assert not any(race.whole for race in shown if race.spec == long)
    assert {len(race.trajectories) for race in shown} == {len(long.racers)}


@dataclass
class Worker:
    """Stands for the thread that somebody waits for, or for something newer of, or not any more."""

    is_closed: bool = False
    is_superseded: bool = False

    def closed(self) -> bool:
        return self.is_closed

    def superseded(self) -> bool:
        return self.is_closed or self.is_superseded


@pytest.mark.parametrize("superseded", [False, True])
def test_a_first_look_does_not_wait_for_all_that_is_seen(session, superseded):
    worker = Worker(is_superseded=superseded)
    race = first_look(endless(session), MAX_STEPS, worker)
    assert not race.whole
    assert FIRST_LOOK <= race.last_step < MAX_STEPS
    again = first_look(endless(session), 0, worker)
    assert again.last_step == FIRST_LOOK


def test_a_first_look_is_not_ended_at_once_by_a_newer_race(session, monkeypatch):
    """Else nothing would be seen of a drag, in which the next place is asked for before this one is computed."""
    monkeypatch.setattr(race_work, "PATIENCE_SECONDS", 60.0)
    assert first_look(session.spec, 300, Worker(is_superseded=True)).last_step == 300
    assert whole_race(session.spec, Worker(is_superseded=True)) is None


def test_a_first_look_that_nobody_waits_for_ends_at_once(session):
    assert first_look(endless(session), MAX_STEPS, Worker(is_closed=True)).last_step == 0
    assert whole_race(endless(session), Worker(is_closed=True)) is None


def test_a_fork_can_be_forked_before_it_is_computed(session):
    count = len(session.spec.racers)
    for _ in range(2):
        session.fork(session.selected, session.spec.racers[session.selected].optimizer)
    assert len(session.spec.racers) == count + 2
    assert session.selected == count + 1


def test_where_all_that_is_seen_is_the_whole_race_it_is_computed_once(session, qtbot, computed, monkeypatch):
    monkeypatch.setattr(race_work, "LONGEST_SECONDS", 60.0)
    session.go_to(session.last_step)
    with qtbot.waitSignal(session.race_changed):
        session.change(msgspec.structs.replace(session.spec, steps=session.step, start=(0.4, 0.9), tolerance=0.0))
    assert session.race.whole
    assert len(computed) == 1
