"""Which points a straight line cannot do justice to: known of each data set by how it is made."""

import itertools

import numpy as np
import pytest

from gdviz.network.datasets import DATASETS
from gdviz.network.straight import straightness

CURVED = ("circle", "xor", "spiral", "moons", "checkerboard")
DIVIDED_BY_A_LINE = ("gaussians", "linear")


def looked_at(key, noise=None, seed=0, samples=None):
    points = DATASETS[key].make(samples, noise, seed)
    return straightness(points.xy, points.labels.astype(float))


@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("key", CURVED)
def test_curved_sets_are(key, seed):
    assert looked_at(key, seed=seed).curved


def test_the_lecture_s_own_set_is_curved():
    assert looked_at("e_portfolio").curved


@pytest.mark.parametrize("noise", [0.0, 0.2, 0.5])
@pytest.mark.parametrize("seed", range(5))
@pytest.mark.parametrize("key", DIVIDED_BY_A_LINE)
def test_sets_with_a_straight_border_are_not_however_noisy(key, seed, noise):
    assert not looked_at(key, noise, seed).curved


@pytest.mark.parametrize("samples", [16, 40, 200])
@pytest.mark.parametrize("seed", range(10))
def test_wrong_colours_do_not_bend_a_border(seed, samples):
    found = looked_at("overfit", 0.25, seed, samples)
    assert not found.curved
    assert found.line >= 0.75 - 1e-9  # the border that it was made with gets all right but the flipped ones


def test_the_best_line_of_few_points_is_found():
    """Against all ways to divide them: of 4 points at the corners of a square a line gets 3 right in XOR."""
    square = np.array([(-1.0, -1.0), (1.0, 1.0), (-1.0, 1.0), (1.0, -1.0)])
    xor = straightness(square, np.array([0.0, 0.0, 1.0, 1.0]))
    assert xor.line == 0.75
    assert xor.curved
    sides = straightness(square, np.array([0.0, 1.0, 0.0, 1.0]))
    assert sides.line == 1.0
    assert not sides.curved


@pytest.mark.parametrize("seed", range(20))
def test_no_line_through_two_points_does_better(seed):
    rng = np.random.default_rng(seed)
    xy, labels = rng.normal(size=(9, 2)), rng.integers(0, 2, 9)
    best = max(labels.mean(), 1 - labels.mean())
    for first, second in itertools.combinations(range(9), 2):
        (right, up), (x, y) = xy[second] - xy[first], (xy - xy[first]).T
        across = right * y - up * x
        for ends in itertools.product((0, 1), repeat=2):  # the two points themselves fall on either side
            above = across > 0
            above[[first, second]] = ends
            best = max(best, (above == labels).mean(), (above != labels).mean())
    if len(set(labels.tolist())) == 2:
        assert straightness(xy, labels.astype(float)).line == pytest.approx(best)


def test_one_input_has_thresholds_alone():
    x = np.linspace(-3, 3, 60)[:, None]
    assert straightness(x, (x[:, 0] > 0.4).astype(float)).line == 1.0
    assert straightness(x, (np.abs(x[:, 0]) > 1.5).astype(float)).curved


def test_points_at_the_same_place_cannot_be_divided():
    same = np.zeros((8, 2))
    found = straightness(same, np.array([0.0, 1.0] * 4))
    assert found.line == 0.5


def test_one_colour_and_no_points_are_no_problem():
    assert not straightness(np.zeros((5, 2)), np.ones(5)).curved
    assert not straightness(np.empty((0, 2)), np.empty(0)).curved


@pytest.mark.parametrize("noise", [0.0, 0.3, 1.0])
def test_values_on_a_plane_are_straight_and_those_of_a_bowl_are_not(noise):
    rng = np.random.default_rng(1)
    xy = rng.uniform(-2, 2, (300, 2))
    strays = rng.normal(0, noise, 300) if noise else 0.0
    plane = straightness(xy, 2 * xy[:, 0] - xy[:, 1] + strays, regression=True)
    assert not plane.curved
    if not noise:
        assert plane.line == pytest.approx(1.0)
    bowl = straightness(xy, (xy**2).sum(axis=1) + strays, regression=True)
    assert bowl.curved
    assert bowl.line < 0.3


def test_very_many_points_take_no_more_time_than_some():
    assert looked_at("xor", samples=5000).curved
