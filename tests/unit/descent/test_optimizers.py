"""Update rules that Keras does not have, against their papers, and what holds for all rules."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.optimizers import RULES, rule_of, stepper
from gdviz.descent.second_order import MAX_HALVINGS
from gdviz.descent.trajectory import Outcome, StoppingRule, fork, race

FOR_EVER = StoppingRule(tolerance=0.0, far_outside=np.inf)
ROSENBROCK = SURFACES["rosenbrock"]


def positions(key, settings, surface, start, steps):
    (trajectory,) = race(surface, [OptimizerSpec(key, settings)], start, steps, FOR_EVER)
    return trajectory.positions


def test_every_declared_optimizer_has_a_rule():
    assert list(RULES) == list(OPTIMIZERS)


def test_lines_that_settings_switch_off_are_not_there():
    plain = rule_of(OptimizerSpec("sgd"))
    assert [line.code for line in plain.lines] == ["w - learning_rate * g"]
    assert plain.states == ()
    clipped = rule_of(OptimizerSpec("sgd", {"clipnorm": 1.0, "momentum": 0.5, "weight_decay": 0.1}))
    assert [line.name for line in clipped.lines] == ["g", "w", "velocity", "w"]


def test_lion_needs_a_first_moment_as_in_keras():
    with pytest.raises(ValueError, match=r"beta_1 is 0\.0; allowed is a number above 0"):
        rule_of(OptimizerSpec("lion", {"beta_1": 0.0}))


def test_both_ways_of_clipping_are_refused_as_in_keras():
    with pytest.raises(ValueError, match="clipnorm and clipvalue are both set"):
        rule_of(OptimizerSpec("adam", {"clipnorm": 1.0, "clipvalue": 1.0}))
    with pytest.raises(ValueError, match="both set"):
        OptimizerSpec("adam", {"clipnorm": 1.0}).with_setting("clipvalue", 1.0)


@pytest.mark.parametrize("nu", [0.0, 0.7, 1.0])
def test_qhm_as_in_the_paper(nu):
    """Ma & Yarats 2018, equations 3 and 4."""
    rate, beta = 0.0005, 0.9
    w, mean, expected = np.array([-1.2, 1.0]), np.zeros(2), [np.array([-1.2, 1.0])]
    for _ in range(200):
        g = ROSENBROCK.gradient(w)
        mean = beta * mean + (1 - beta) * g
        w = w - rate * ((1 - nu) * g + nu * mean)
        expected.append(w)
    ours = positions("qhm", {"learning_rate": rate, "beta": beta, "nu": nu}, ROSENBROCK, (-1.2, 1.0), 200)
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


@pytest.mark.parametrize(("nu_1", "nu_2"), [(0.7, 1.0), (0.3, 0.5), (1.0, 1.0)])
def test_qhadam_as_in_the_paper(nu_1, nu_2):
    """Ma & Yarats 2018, section 4: both moments corrected, then mixed with the gradient and its square."""
    rate, beta_1, beta_2, epsilon = 0.01, 0.95, 0.99, 1e-8
    w, m, v, expected = np.array([-1.2, 1.0]), np.zeros(2), np.zeros(2), [np.array([-1.2, 1.0])]
    for t in range(1, 201):
        g = ROSENBROCK.gradient(w)
        m, v = beta_1 * m + (1 - beta_1) * g, beta_2 * v + (1 - beta_2) * g * g
        mean = (1 - nu_1) * g + nu_1 * m / (1 - beta_1**t)
        square = (1 - nu_2) * g * g + nu_2 * v / (1 - beta_2**t)
        w = w - rate * mean / (np.sqrt(square) + epsilon)
        expected.append(w)
    settings = {
        "learning_rate": rate,
        "beta_1": beta_1,
        "beta_2": beta_2,
        "nu_1": nu_1,
        "nu_2": nu_2,
        "epsilon": epsilon,
    }
    ours = positions("qhadam", settings, ROSENBROCK, (-1.2, 1.0), 200)
    np.testing.assert_allclose(ours, expected, rtol=1e-9)


def test_qhadam_with_full_moments_is_adam_with_its_epsilon_elsewhere():
    (qhadam, adam) = race(
        ROSENBROCK,
        [
            OptimizerSpec("qhadam", {"nu_1": 1.0, "nu_2": 1.0, "epsilon": 0.0}),
            OptimizerSpec("adam", {"epsilon": 0.0}),
        ],
        (-1.2, 1.0),
        300,
    )
    np.testing.assert_allclose(qhadam.positions, adam.positions, rtol=1e-10)


@given(st.tuples(st.floats(-9, 9), st.floats(-9, 9)))
def test_newton_needs_one_step_on_a_quadratic(start):
    np.testing.assert_allclose(positions("newton", {}, SURFACES["booth"], start, 1)[1], (1, 3), atol=1e-12)


def test_newton_as_linear_algebra_has_it():
    w = np.array([-0.7, 2.1])
    damped = ROSENBROCK.hessian(w) + 3.0 * np.eye(2)
    expected = w - 0.5 * np.linalg.solve(damped, ROSENBROCK.gradient(w))
    ours = positions("newton", {"learning_rate": 0.5, "damping": 3.0}, ROSENBROCK, w, 1)
    np.testing.assert_allclose(ours[1], expected, rtol=1e-13)


def test_newton_goes_to_saddles_as_it_must():
    (trajectory,) = race(SURFACES["saddle"], [OptimizerSpec("newton")], (1.0, 1.0), 5)
    assert trajectory.outcome is Outcome.CONVERGED
    np.testing.assert_array_equal(trajectory.positions[-1], (0, 0))


def test_newton_diverges_where_the_hessian_is_singular():
    (trajectory,) = race(SURFACES["monkey_saddle"], [OptimizerSpec("newton", {"damping": 6.0})], (-1.0, 0.0), 5)
    assert trajectory.outcome is Outcome.DIVERGED
    assert trajectory.steps == 0
    assert "not finite" in trajectory.reason


def test_newton_descends_a_loss_of_one_parameter():
    np.testing.assert_array_equal(positions("newton", {}, SURFACES["parabola"], (1.5, 0.3), 1)[1], (0, 0.3))


def armijo(surface, w, direction, rate, shrink, share):
    """Backtracking as Nocedal & Wright, algorithm 3.1, in plain Python: the length and the losses asked for."""
    alpha, slope, asked = rate, surface.gradient(w) @ direction, 2
    while surface.value(w + alpha * direction) > surface.value(w) + share * alpha * slope:
        alpha *= shrink
        asked += 1
    return alpha, asked


@pytest.mark.parametrize("key", ["rosenbrock", "two_wells", "himmelblau"])
def test_line_search_as_in_the_textbook(key):
    surface = SURFACES[key]
    settings = {"learning_rate": 1.0, "shrink": 0.5, "sufficient_decrease": 0.1}
    (ours,) = race(surface, [OptimizerSpec("gradient_descent_line_search", settings)], surface.start, 30, FOR_EVER)
    w, evaluations = np.array(surface.start), 0
    for step in range(30):
        alpha, asked = armijo(surface, w, -surface.gradient(w), 1.0, 0.5, 0.1)
        w = w - alpha * surface.gradient(w)
        evaluations += 1 + asked
        np.testing.assert_allclose(ours.positions[step + 1], w, rtol=1e-9, atol=1e-12)
        assert ours.evaluations[step + 1] == evaluations
    assert (np.diff(ours.losses) <= 0).all()


@pytest.mark.parametrize("key", ["rosenbrock", "two_wells", "booth"])
def test_bfgs_as_in_the_textbook(key):
    """Nocedal & Wright, algorithm 6.1, with dense matrices."""
    surface = SURFACES[key]
    (ours,) = race(surface, [OptimizerSpec("bfgs")], surface.start, 15, StoppingRule(1e-3))
    w, inverse = np.array(surface.start), np.eye(2)
    for step in range(ours.steps):
        g = surface.gradient(w)
        alpha, _ = armijo(surface, w, -inverse @ g, 1.0, 0.5, 1e-4)
        s = -alpha * inverse @ g
        y = surface.gradient(w + s) - g
        w = w + s
        np.testing.assert_allclose(ours.positions[step + 1], w, rtol=1e-6, atol=1e-9)
        if s @ y > 0:
            left = np.eye(2) - np.outer(s, y) / (s @ y)
            inverse = left @ inverse @ left.T + np.outer(s, s) / (s @ y)


def test_bfgs_explains_its_last_step():
    surface = SURFACES["booth"]
    (ours,) = race(surface, [OptimizerSpec("bfgs")], surface.start, 6, FOR_EVER)
    for step in range(1, 4):
        s = ours.positions[step] - ours.positions[step - 1]
        y = ours.gradients[step] - ours.gradients[step - 1]
        # The state after a step is what that step was made with: the secant equation H y = s of the step before.
        np.testing.assert_allclose(ours.state["inverse_hessian"][step + 1] @ y, s, rtol=1e-9)


def test_bfgs_stays_positive_definite_where_the_surface_is_not():
    surface = SURFACES["peaks"]
    for start in np.random.default_rng(2).uniform(-3, 3, size=(20, 2)):
        (ours,) = race(surface, [OptimizerSpec("bfgs")], start, 50)
        assert (np.linalg.eigvalsh(ours.state["inverse_hessian"]) > 0).all()
        assert (np.diff(ours.losses) <= 1e-12).all()


def test_bfgs_needs_far_fewer_steps_than_gradient_descent():
    (bfgs, descent) = race(
        ROSENBROCK, [OptimizerSpec("bfgs"), OptimizerSpec("gradient_descent_line_search")], (-1.2, 1.0), 200
    )
    assert bfgs.outcome is Outcome.CONVERGED
    assert bfgs.steps < 60
    assert descent.outcome is Outcome.RUNNING


def test_a_line_search_that_finds_nothing_ends():
    surface = SURFACES["bowl"]
    (ours,) = race(surface, [OptimizerSpec("gradient_descent_line_search")], (0.0, 0.0), 2, FOR_EVER)
    assert ours.evaluations[-1] <= 2 * (MAX_HALVINGS + 3)
    np.testing.assert_array_equal(ours.positions, np.zeros((3, 2)))


def test_evaluations_go_on_after_a_fork():
    surface = SURFACES["two_wells"]
    (start,) = race(surface, [OptimizerSpec("sgd")], surface.start, 10, FOR_EVER)
    searched = fork(surface, start, 7, OptimizerSpec("bfgs"), 3, FOR_EVER)
    assert searched.evaluations[:8].tolist() == list(range(8))
    assert (np.diff(searched.evaluations[7:]) >= 3).all()
    assert fork(surface, searched, 9, OptimizerSpec("adam"), 2, FOR_EVER).evaluations[-1] == searched.evaluations[9] + 2


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_many_points_step_as_one_does(key):
    surface = SURFACES["two_wells"]
    points = np.random.default_rng(5).uniform(-2, 2, size=(50, 2))
    crowd = stepper(surface, OptimizerSpec(key), points)
    with np.errstate(all="ignore"):
        for _ in range(20):
            crowd.advance(surface.gradient(crowd.w))
    alone = [positions(key, {}, surface, point, 20)[-1] for point in points[:10]]
    np.testing.assert_array_equal(crowd.w[:10], alone)


def test_settings_may_differ_from_point_to_point():
    surface = SURFACES["two_wells"]
    rates = np.array([[0.001], [0.01], [0.1]])
    crowd = stepper(surface, OptimizerSpec("adam"), np.tile(surface.start, (3, 1)), learning_rate=rates)
    for _ in range(20):
        crowd.advance(surface.gradient(crowd.w))
    alone = [positions("adam", {"learning_rate": float(rate)}, surface, surface.start, 20)[-1] for (rate,) in rates]
    np.testing.assert_array_equal(crowd.w, alone)
