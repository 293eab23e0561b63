"""A spec becomes a race; and races that end early because enough is known."""

import numpy as np
import pytest

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.races import compute, fan_starts, surface_of
from gdviz.descent.spec import FANS, Change, DescentSpec, Fan, Noise, Racer, SurfaceSpec
from gdviz.descent.trajectory import Outcome, StoppingRule, extend, race

FOR_EVER = StoppingRule(tolerance=0.0, far_outside=np.inf)
ADAM, BFGS = OptimizerSpec("adam"), OptimizerSpec("bfgs")
SPEC = DescentSpec(SurfaceSpec("rosenbrock"), (Racer(ADAM), Racer(BFGS, 1)), (-1.2, 1.0), steps=700, tolerance=0.0)


def same(one, other, rows):
    for name in ("positions", "losses", "gradients", "learning_rates", "evaluations"):
        np.testing.assert_array_equal(getattr(one, name)[:rows], getattr(other, name)[:rows])
    assert one.state.keys() == other.state.keys()
    for name, values in one.state.items():
        np.testing.assert_array_equal(values[:rows], other.state[name][:rows])


@pytest.mark.parametrize("last_row", [1, 15, 16, 17, 100, 300])
def test_enough_ends_all_racers_at_one_row(last_row):
    surface = SURFACES["two_wells"]
    racers = [OptimizerSpec(key) for key in OPTIMIZERS]
    whole = race(surface, racers, surface.start, 300, FOR_EVER)
    cut = race(surface, racers, surface.start, 300, FOR_EVER, enough=lambda row: row == last_row)
    for early, late in zip(cut, whole, strict=True):
        rows = min(last_row, late.steps + 1)  # Newton and the line searches may be still before that
        assert len(early.positions) == rows
        same(early, late, rows)


def test_what_was_cut_can_be_extended_as_if_it_had_not_been():
    surface = SURFACES["two_wells"]
    for key in OPTIMIZERS:
        (whole,) = race(surface, [OptimizerSpec(key)], surface.start, 120, FOR_EVER)
        (cut,) = race(surface, [OptimizerSpec(key)], surface.start, 120, FOR_EVER, enough=lambda row: row == 41)
        same(extend(surface, cut, 120 - cut.steps, FOR_EVER), whole, 121)


def test_enough_is_asked_with_the_number_of_each_row_but_the_first():
    asked = []
    surface = SURFACES["bowl"]
    race(surface, [OptimizerSpec()], surface.start, 40, FOR_EVER, enough=lambda row: asked.append(row))
    assert asked == list(range(1, 41))


def test_a_race_that_was_cut_is_not_whole():
    assert compute(SPEC).whole
    assert not compute(SPEC, most_steps=100).whole
    cut = compute(SPEC, enough=lambda row: row > 200)
    assert not cut.whole
    assert {trajectory.outcome for trajectory in cut.trajectories} <= {Outcome.RUNNING, Outcome.DIVERGED}
    assert cut.last_step == 200


def test_a_race_whose_racers_all_ended_before_is_whole():
    spec = DescentSpec(SurfaceSpec("bowl"), (Racer(OptimizerSpec("newton")),), (1.0, 1.0))
    assert compute(spec, enough=lambda row: row > 16).whole


def test_forks_and_fans_end_early_as_well():
    racer = Racer(ADAM, changes=(Change(50, OptimizerSpec("sgd")), Change(90, OptimizerSpec("lion"))))
    spec = DescentSpec(SurfaceSpec("himmelblau"), (racer,), (0.0, 0.0), 5000, 0.0, fan=Fan())
    whole, cut = compute(spec), compute(spec, enough=lambda row: row > 120)
    assert not cut.whole
    assert [trajectory.steps for trajectory in (*cut.trajectories, *cut.fan)] == [120] * 26
    for early, late in zip((*cut.trajectories, *cut.fan), (*whole.trajectories, *whole.fan), strict=True):
        same(early, late, 121)


def test_nothing_more_is_asked_of_the_data_once_it_is_enough():
    spec = DescentSpec(
        SurfaceSpec("line_mse"), (Racer(OptimizerSpec()),), (0.0, 0.0), 100_000, noise=Noise("batch", seed=3)
    )
    cut = compute(spec, enough=lambda row: row > 1000)
    assert (cut.last_step, cut.whole) == (1000, False)


@pytest.mark.parametrize("count", [1, 2, 7, 9, 12])
def test_a_grid_of_starts_has_as_many_as_are_asked_for(count):
    on = surface_of(SurfaceSpec("bowl"))
    bounds, starts = on.bounds, fan_starts(Fan("grid", count), on)
    assert len(starts) == len({tuple(start) for start in starts.tolist()}) == count
    assert ((starts > (bounds.w0[0], bounds.w1[0])) & (starts < (bounds.w0[1], bounds.w1[1]))).all()


@pytest.mark.parametrize("kind", FANS)
@pytest.mark.parametrize("key", ["parabola", "double_well"])
def test_starts_on_a_loss_of_one_parameter_are_all_different_ones(key, kind):
    on = surface_of(SurfaceSpec(key))
    starts = fan_starts(Fan(kind, 25), on)
    assert len(set(starts[:, 0].tolist())) == 25
    assert set(starts[:, 1].tolist()) == {on.start[1]}


def test_racers_of_one_optimizer_are_called_apart():
    def names(*racers):
        return compute(DescentSpec(SurfaceSpec("bowl"), racers, (1.0, 1.0), steps=20)).names

    slow, fast, other = (
        OptimizerSpec(key, {"learning_rate": rate})
        for key, rate in (
            ("adam", 0.001),
            ("adam", 0.1),
            ("rmsprop", 0.1),
        )
    )
    assert names(Racer(slow), Racer(other, 1)) == ("Adam", "RMSprop")
    assert names(Racer(slow), Racer(fast, 1), Racer(other, 2)) == ("Adam 0.001", "Adam 0.1", "RMSprop")
    assert names(Racer(fast), Racer(slow, 1), Racer(fast, 2)) == ("Adam 0.1 (1)", "Adam 0.001", "Adam 0.1 (3)")
    assert names(Racer(slow).fork(Change(5, fast)), Racer(other, 1)) == ("Adam from 5", "RMSprop")
    forks = (Racer(slow), Racer(slow, 1).fork(Change(5, fast)), Racer(slow, 2).fork(Change(7, slow)))
    assert names(*forks) == ("Adam 0.001", "Adam 0.1 from 5", "Adam 0.001 from 7")
    assert names() == ()


def test_whether_another_setting_still_comes_in_time():
    good, bad = (Racer(OptimizerSpec("sgd", {"learning_rate": rate})) for rate in (0.3, 1e200))
    race = compute(DescentSpec(SurfaceSpec("bowl"), (good, bad, Racer(ADAM)), (1.0, 1.0), steps=200))
    converged, diverged, running = (trajectory.steps for trajectory in race.trajectories)
    assert [race.has_ended(0, step) for step in (converged - 1, converged)] == [False, True]
    assert [race.has_ended(1, step) for step in (diverged, diverged + 1)] == [False, True]
    assert [race.has_ended(2, step) for step in (running - 1, running)] == [False, True]
    assert not race.has_ended(3, 200)
