"""Races, and what is done to a trajectory afterwards."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.formula import formula_surface
from gdviz.descent.trajectory import Outcome, StoppingRule, Trajectory, extend, fork, race

FOR_EVER = StoppingRule(tolerance=0.0, far_outside=np.inf)
BOWL, TWO_WELLS = SURFACES["bowl"], SURFACES["two_wells"]


def sgd(rate):
    return OptimizerSpec("sgd", {"learning_rate": rate})


def run(surface, optimizer, start, steps, rule=FOR_EVER):
    (trajectory,) = race(surface, [optimizer], start, steps, rule)
    return trajectory


def assert_same(one: Trajectory, other: Trajectory):
    for name in ("positions", "losses", "gradients", "evaluations"):
        np.testing.assert_array_equal(getattr(one, name), getattr(other, name))
    assert one.state.keys() == other.state.keys()
    for name, rows in one.state.items():
        np.testing.assert_array_equal(rows, other.state[name])
    assert (one.outcome, one.reason, one.since) == (other.outcome, other.reason, other.since)


def test_gradient_descent_on_a_quadratic_in_closed_form():
    trajectory = run(BOWL, sgd(0.1), (-1.6, 1.2), 50)
    expected = np.outer(0.8 ** np.arange(51), (-1.6, 1.2))
    np.testing.assert_allclose(trajectory.positions, expected, rtol=1e-13)
    np.testing.assert_allclose(trajectory.losses, (expected**2).sum(axis=1), rtol=1e-13)
    np.testing.assert_allclose(trajectory.gradient_norms, 4 * 0.8 ** np.arange(51), rtol=1e-13)
    assert (trajectory.steps, trajectory.outcome) == (50, Outcome.RUNNING)
    assert trajectory.evaluations.tolist() == list(range(51))


def test_converges_at_the_first_row_below_the_tolerance():
    trajectory = run(BOWL, sgd(0.1), (-1.6, 1.2), 1000, StoppingRule(1e-3))
    # 4 · 0.8^k < 1e-3
    assert trajectory.steps == int(np.ceil(np.log(1e-3 / 4) / np.log(0.8)))
    assert trajectory.outcome is Outcome.CONVERGED
    assert trajectory.gradient_norms[-1] < 1e-3 <= trajectory.gradient_norms[-2]
    assert trajectory.reason == "gradient norm 0.00083 is below 0.001"


def test_a_start_at_the_minimum_has_converged():
    trajectory = run(BOWL, sgd(0.1), (0.0, 0.0), 10, StoppingRule())
    assert (trajectory.steps, trajectory.outcome) == (0, Outcome.CONVERGED)


def test_diverges_when_it_leaves_the_surface_far_behind():
    trajectory = run(BOWL, sgd(1.5), (1.0, 0.0), 1000, StoppingRule())
    # |w| = 2^k against 1000 diagonals of 4√2
    assert trajectory.steps == 13
    assert trajectory.outcome is Outcome.DIVERGED
    assert trajectory.reason == "left the surface far behind: |w| = 8.2e+03"


def test_divergence_ends_with_the_last_finite_row():
    trajectory = run(BOWL, sgd(3.0), (1.0, 1.0), 1000)
    assert trajectory.outcome is Outcome.DIVERGED
    assert np.isfinite(trajectory.losses).all()
    assert 5.0 ** (2 * trajectory.steps) * 2 < np.finfo(float).max < 5.0 ** (2 * trajectory.steps + 1) * 10
    assert trajectory.reason == f"the loss is not finite at step {trajectory.steps + 1}"


def test_a_start_that_is_not_on_the_surface_is_the_only_row():
    trajectory = run(formula_surface("log(x) + y^2"), sgd(0.1), (-1.0, 0.0), 5)
    assert (trajectory.steps, trajectory.outcome) == (0, Outcome.DIVERGED)
    assert trajectory.reason == "the loss is not finite at step 0"


def test_each_racer_ends_on_its_own():
    specs = [sgd(0.1), sgd(3.0), sgd(0.001), OptimizerSpec("newton")]
    converged, diverged, running, at_once = race(BOWL, specs, (1.0, 1.0), 400)
    assert [each.outcome.value for each in (converged, diverged, running, at_once)] == [
        "converged",
        "diverged",
        "running",
        "converged",
    ]
    assert (running.steps, at_once.steps) == (400, 1)
    for spec, each in zip(specs, (converged, diverged, running, at_once), strict=True):
        assert_same(each, run(BOWL, spec, (1.0, 1.0), 400, StoppingRule()))


def test_each_racer_may_have_its_own_start():
    starts = np.array([(1.0, 1.0), (-0.5, 0.3)])
    first, second = race(TWO_WELLS, [sgd(0.01), sgd(0.01)], starts, 20)
    np.testing.assert_array_equal([first.positions[0], second.positions[0]], starts)


def test_all_optimizers_race_as_each_does_alone():
    specs = [OptimizerSpec(key) for key in OPTIMIZERS]
    specs += [OptimizerSpec("adam", {"learning_rate": 0.05}), OptimizerSpec("adam", {"beta_1": 0.5, "clipnorm": 0.5})]
    specs += [OptimizerSpec("sgd", {"clipnorm": 0.5}), OptimizerSpec("sgd", {"clipnorm": 0.1, "momentum": 0.4})]
    for spec, together in zip(specs, race(TWO_WELLS, specs, TWO_WELLS.start, 600, FOR_EVER), strict=True):
        assert_same(together, run(TWO_WELLS, spec, TWO_WELLS.start, 600))


@pytest.mark.parametrize("key", OPTIMIZERS)
@settings(max_examples=6)
@given(steps=st.sampled_from([0, 1, 17, 255, 256, 257, 400]))
def test_extended_as_if_computed_in_one_go(key, steps):
    spec, rule = OptimizerSpec(key), StoppingRule(1e-9)
    whole = run(TWO_WELLS, spec, TWO_WELLS.start, steps + 60, rule)
    part = run(TWO_WELLS, spec, TWO_WELLS.start, steps, rule)
    assert_same(extend(TWO_WELLS, part, 60, rule), whole)


@pytest.mark.parametrize(("rate", "outcome"), [(0.1, Outcome.CONVERGED), (3.0, Outcome.DIVERGED)])
def test_extending_what_has_finished_changes_nothing(rate, outcome):
    for rule in (StoppingRule(), StoppingRule(far_outside=np.inf)):
        finished = run(BOWL, sgd(rate), (1.0, 1.0), 1000, rule)
        assert finished.outcome is outcome
        assert_same(extend(BOWL, finished, 100, rule), finished)


def test_a_stricter_rule_lets_it_go_on():
    finished = run(BOWL, sgd(0.1), (1.0, 1.0), 1000, StoppingRule(1e-3))
    assert extend(BOWL, finished, 10, FOR_EVER).steps == finished.steps + 10


def test_fork_with_other_settings_keeps_what_the_optimizer_remembers():
    before = run(TWO_WELLS, OptimizerSpec("adam"), TWO_WELLS.start, 50)
    slower = OptimizerSpec("adam", {"learning_rate": 1e-4})
    after = fork(TWO_WELLS, before, 20, slower, 30, FOR_EVER)
    for name in ("positions", "losses", "gradients"):
        np.testing.assert_array_equal(getattr(after, name)[:21], getattr(before, name)[:21])
    np.testing.assert_array_equal(after.state["m"][:21], before.state["m"][:21])
    assert (after.steps, after.since, after.optimizer) == (50, 0, slower)
    # Step 21, by hand, at the 21st step of Adam's own clock.
    g = before.gradients[20]
    m = 0.9 * before.state["m"][20] + 0.1 * g
    v = 0.999 * before.state["v"][20] + 0.001 * g * g
    expected = before.positions[20] - 1e-4 * (m / (1 - 0.9**21)) / (np.sqrt(v / (1 - 0.999**21)))
    np.testing.assert_allclose(after.positions[21], expected, rtol=1e-8)


def test_fork_to_another_optimizer_starts_afresh():
    before = run(TWO_WELLS, OptimizerSpec("adam"), TWO_WELLS.start, 50)
    after = fork(TWO_WELLS, before, 20, OptimizerSpec("lion"), 30, FOR_EVER)
    fresh = run(TWO_WELLS, OptimizerSpec("lion"), before.positions[20], 30)
    np.testing.assert_array_equal(after.positions[20:], fresh.positions)
    np.testing.assert_array_equal(after.state["m"][20:], fresh.state["m"])
    assert np.isnan(after.state["m"][:20]).all()
    assert (after.since, after.steps) == (20, 50)
    assert_same(
        extend(TWO_WELLS, fork(TWO_WELLS, before, 20, OptimizerSpec("lion"), 10, FOR_EVER), 20, FOR_EVER), after
    )


def test_fork_before_another_fork_starts_afresh_even_with_the_same_optimizer():
    before = run(TWO_WELLS, sgd(0.01), TWO_WELLS.start, 50)
    adam = OptimizerSpec("adam")
    forked = fork(TWO_WELLS, before, 20, adam, 30, FOR_EVER)
    earlier = fork(TWO_WELLS, forked, 10, adam, 5, FOR_EVER)
    assert earlier.since == 10
    np.testing.assert_array_equal(earlier.positions[10:], run(TWO_WELLS, adam, before.positions[10], 5).positions)


def test_fork_with_a_setting_that_needs_more_state_starts_that_state_afresh():
    before = run(TWO_WELLS, OptimizerSpec("adam"), TWO_WELLS.start, 30)
    after = fork(TWO_WELLS, before, 10, OptimizerSpec("adam", {"amsgrad": True}), 5, FOR_EVER)
    assert np.isnan(after.state["v_hat"][:10]).all()
    np.testing.assert_array_equal(after.state["v_hat"][10], (0, 0))
    np.testing.assert_array_equal(after.state["v"][:11], before.state["v"][:11])
    without = fork(TWO_WELLS, after, 12, OptimizerSpec("adam"), 5, FOR_EVER)
    assert without.state.keys() == {"m", "v"}


def test_arrays_cannot_be_written_to():
    trajectory = run(TWO_WELLS, OptimizerSpec("adam"), TWO_WELLS.start, 5)
    for rows in (trajectory.positions, trajectory.losses, trajectory.gradients, trajectory.evaluations):
        assert not rows.flags.writeable
    assert not trajectory.state["m"].flags.writeable


def test_state_before_the_first_step():
    trajectory = run(TWO_WELLS, OptimizerSpec("adagrad"), TWO_WELLS.start, 3)
    np.testing.assert_array_equal(trajectory.state["accumulator"][0], (0.1, 0.1))
    expected = 0.1 + np.cumsum(trajectory.gradients[:3] ** 2, axis=0)
    np.testing.assert_allclose(trajectory.state["accumulator"][1:], expected, rtol=1e-13)


def test_no_racers_no_trajectories():
    assert race(BOWL, [], (0.0, 0.0), 10) == []


def test_says_what_is_wrong():
    spec = sgd(0.1)
    with pytest.raises(ValueError, match=r"starts have shape \(3,\)"):
        race(BOWL, [spec], (1.0, 2.0, 3.0), 5)
    with pytest.raises(ValueError, match="a start is not finite"):
        race(BOWL, [spec], (1.0, np.nan), 5)
    with pytest.raises(ValueError, match="steps is -1"):
        race(BOWL, [spec], (1.0, 1.0), -1)
    with pytest.raises(ValueError, match="step is 9; allowed is a whole number from 0 to 5"):
        fork(BOWL, run(BOWL, spec, (1.0, 1.0), 5), 9, spec, 1)
    with pytest.raises(ValueError, match="there is no optimizer 'sdg'"):
        race(BOWL, [OptimizerSpec("sdg")], (1.0, 1.0), 5)
