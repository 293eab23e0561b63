"""Surfaces made of data."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.data_losses import HOURS_AND_GRADES, RED_AND_GREEN, line_mse, perceptron_bce
from gdviz.descent.trajectory import StoppingRule, extend, fork, race

BOTH = pytest.mark.parametrize("data", [HOURS_AND_GRADES, RED_AND_GREEN], ids=["line", "perceptron"])
POINTS = st.tuples(st.floats(-3, 3), st.floats(-3, 3)).map(np.array)


@given(POINTS)
def test_line_is_the_mean_squared_error(w):
    hours, grades = HOURS_AND_GRADES.features[:, 1], HOURS_AND_GRADES.targets
    assert HOURS_AND_GRADES.surface.value(w) == pytest.approx(np.mean((w[0] + w[1] * hours - grades) ** 2))


@given(POINTS)
def test_perceptron_is_the_cross_entropy(w):
    green = 1 / (1 + np.exp(-(RED_AND_GREEN.features @ w)))
    labels = RED_AND_GREEN.targets
    expected = -np.mean(labels * np.log(green) + (1 - labels) * np.log(1 - green))
    assert RED_AND_GREEN.surface.value(w) == pytest.approx(expected, rel=1e-9)


def test_cross_entropy_stays_finite_where_the_perceptron_is_sure():
    w = np.array([[1e4, 1e4], [-1e5, 2e5]])
    assert np.isfinite(RED_AND_GREEN.surface.value(w)).all()
    assert np.isfinite(RED_AND_GREEN.surface.gradient(w)).all()


@BOTH
@given(w=POINTS)
def test_gradient_is_the_mean_of_the_samples_gradients(data, w):
    each = data.sample_gradients(w)
    assert each.shape == (len(data.targets), 2)
    np.testing.assert_allclose(each.mean(axis=0), data.surface.gradient(w), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(each[[1, 5]].mean(axis=0), data.gradient_of(np.array([1, 5]))(w), rtol=1e-12, atol=1e-14)


@BOTH
def test_sample_gradients_of_many_points(data):
    w = np.zeros((3, 4, 2))
    assert data.sample_gradients(w).shape == (3, 4, len(data.targets), 2)


def test_minimum_of_the_line_is_least_squares():
    (minimum,) = HOURS_AND_GRADES.surface.minima
    solution, residuals, *_ = np.linalg.lstsq(HOURS_AND_GRADES.features, HOURS_AND_GRADES.targets)
    assert minimum.w == pytest.approx(tuple(solution), rel=1e-13)
    assert minimum.value == pytest.approx(residuals[0] / len(HOURS_AND_GRADES.targets), rel=1e-13)


def test_separable_points_have_no_best_perceptron():
    assert perceptron_bce([(-1, 0), (1, 0), (0, -1), (0, 1)], [0, 1, 0, 1]).surface.minima == ()


def test_samples_all_alike_have_no_best_line():
    assert line_mse([2, 2], [3, 4]).surface.minima == ()


@pytest.mark.parametrize(
    ("hours", "grades", "message"),
    [([], [], "at least one sample"), ([1], [1, 2], "1 samples but 2 targets"), ([1], [np.nan], "not finite")],
)
def test_says_what_does_not_fit(hours, grades, message):
    with pytest.raises(ValueError, match=message):
        line_mse(hours, grades)


def test_an_epoch_of_mini_batches_deals_every_sample_once():
    source = RED_AND_GREEN.mini_batches(batch_size=5, seed=3)
    w = np.array([[0.3, -0.2]])
    weights = np.array([5, 5, 5, 1]) / 16
    epochs = [sum(weights[step] * source(w, 4 * epoch + step) for step in range(4)) for epoch in range(3)]
    np.testing.assert_allclose(epochs, [RED_AND_GREEN.surface.gradient(w)] * 3, rtol=1e-12)
    assert not np.array_equal(source(w, 0), source(w, 4))


def test_a_noisy_race_can_be_extended():
    source = RED_AND_GREEN.mini_batches(batch_size=3, seed=1)
    surface, sgd, rule = RED_AND_GREEN.surface, OptimizerSpec("sgd", {"learning_rate": 0.5}), StoppingRule(0.0)
    (whole,) = race(surface, [sgd], surface.start, 90, rule, source)
    (part,) = race(surface, [sgd], surface.start, 40, rule, source)
    np.testing.assert_array_equal(extend(surface, part, 50, rule, source).positions, whole.positions)
    assert not np.array_equal(whole.gradients, surface.gradient(whole.positions))


def test_a_batch_needs_a_sample():
    with pytest.raises(ValueError, match="batch_size is 0"):
        RED_AND_GREEN.mini_batches(0, 1)


def test_all_racers_see_the_same_batches_alone_or_together_extended_or_forked():
    surface, rule = RED_AND_GREEN.surface, StoppingRule(0.0)
    specs = [OptimizerSpec("sgd", {"learning_rate": 0.5}), OptimizerSpec("adam", {"learning_rate": 0.1})]
    source = RED_AND_GREEN.mini_batches(3, seed=8)
    together = race(surface, specs, surface.start, 40, rule, source)
    for spec, each in zip(specs, together, strict=True):
        (alone,) = race(surface, [spec], surface.start, 40, rule, RED_AND_GREEN.mini_batches(3, seed=8))
        np.testing.assert_array_equal(alone.gradients, each.gradients)
        for step in (0, 17, 40):
            batch = RED_AND_GREEN.mini_batches(3, seed=8).batch_at(step)
            expected = RED_AND_GREEN.batch(batch).surface.gradient(each.positions[step])
            np.testing.assert_array_equal(each.gradients[step], expected)
    forked = fork(surface, together[0], 25, specs[0], 15, rule, RED_AND_GREEN.mini_batches(3, seed=8))
    np.testing.assert_array_equal(forked.positions, together[0].positions)
    (other,) = race(surface, specs[:1], surface.start, 40, rule, RED_AND_GREEN.mini_batches(3, seed=9))
    assert not np.array_equal(other.positions, together[0].positions)


@pytest.mark.parametrize("batch_size", [1, 3, 5, 16, 40])
def test_cost_is_the_samples_touched(batch_size):
    source = RED_AND_GREEN.mini_batches(batch_size, seed=0)
    touched = np.cumsum([0, *(len(source.batch_at(step)) for step in range(50))])
    np.testing.assert_array_equal(source.cost(np.arange(51)), touched)


@BOTH
def test_a_batch_of_all_samples_is_the_surface(data):
    w = np.random.default_rng(0).normal(size=(9, 2))
    np.testing.assert_array_equal(data.mini_batches(len(data.targets), 5)(w, 3), data.surface.gradient(w))


def test_a_moved_point_of_the_line():
    moved = HOURS_AND_GRADES.with_point_moved(2, 3.5, 4.75)
    expected = HOURS_AND_GRADES.points
    expected[2] = 3.5, 4.75
    np.testing.assert_array_equal(moved.points, expected)
    again = line_mse(expected[:, 0], expected[:, 1])
    w = np.array([[0.3, 0.2], [-1.0, 0.5]])
    np.testing.assert_array_equal(moved.surface.value(w), again.surface.value(w))
    assert moved.surface.minima == again.surface.minima
    assert moved.surface.minima != HOURS_AND_GRADES.surface.minima


def test_a_moved_point_of_the_perceptron_keeps_its_label():
    moved = RED_AND_GREEN.with_point_moved(9, -3.0, 0.5)
    assert moved.points[9].tolist() == [-3.0, 0.5]
    np.testing.assert_array_equal(moved.targets, RED_AND_GREEN.targets)
    assert RED_AND_GREEN.points[9].tolist() != [-3.0, 0.5]


@pytest.mark.parametrize(
    ("index", "x", "message"), [(16, 0.0, "no sample 16; there are 0 to 15"), (0, np.nan, "finite")]
)
def test_a_point_that_cannot_be_moved(index, x, message):
    with pytest.raises(ValueError, match=message):
        RED_AND_GREEN.with_point_moved(index, x, 0.0)
