"""Data sets follow their formulas, and repeat."""

import numpy as np
import pytest

from gdviz.network.datasets import DATASETS, DataSet, dataset
from gdviz.network.points import GREEN, RED, Points

EVERY = pytest.mark.parametrize("data_set", DATASETS.values(), ids=DATASETS)
OF_LABELS = {key: entry for key, entry in DATASETS.items() if not entry.regression}
OF_VALUES = {key: entry for key, entry in DATASETS.items() if entry.regression}
EVERY_OF_LABELS = pytest.mark.parametrize("data_set", OF_LABELS.values(), ids=OF_LABELS)
EVERY_OF_VALUES = pytest.mark.parametrize("data_set", OF_VALUES.values(), ids=OF_VALUES)

AS_EVER = {
    "circle": ((-4.152853, 2.270528), 0.049167),
    "xor": ((-4.827386, 4.430675), 12.995328),
    "gaussians": ((-2.343439, -1.358972), -10.224926),
    "spiral": ((-0.855378, -2.705134), 0.24566),
    "moons": ((1.65852, -2.233754), 9.301518),
    "checkerboard": ((5.235568, -3.605737), 12.215617),
    "linear": ((0.87336, -2.211114), 14.831384),
    "e_portfolio": ((2.481894, 4.382785), 246.240266),
    "overfit": ((0.013572, 1.907758), 18.217229),
}
"""The first of 41 points with noise 0.2 and seed 5, and the sum of all coordinates, in the first release."""


def split(points: Points) -> tuple[np.ndarray, np.ndarray]:
    """Red and green positions."""
    return points.xy[points.labels == RED], points.xy[points.labels == GREEN]


def radii(xy: np.ndarray) -> np.ndarray:
    return np.hypot(*xy.T)


def test_every_set_of_the_contract_is_there() -> None:
    assert " ".join(OF_LABELS) == "circle xor gaussians spiral moons checkerboard linear e_portfolio overfit"
    assert " ".join(OF_VALUES) == "plane bumps grade"
    assert list(DATASETS) == [*OF_LABELS, *OF_VALUES]


@pytest.mark.parametrize("key", AS_EVER)
def test_points_stay_what_they_were_from_release_to_release(key: str) -> None:
    first, total = AS_EVER[key]
    points = dataset(key).make(41, 0.2, seed=5)
    np.testing.assert_allclose(points.xy[0], first, atol=1e-6)
    assert points.xy.sum() == pytest.approx(total, abs=1e-5)
    assert not points.has_values


@EVERY
@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("samples", [2, 3, 250, 5000])
def test_as_many_as_asked_for_in_the_extent(data_set: DataSet, samples: int, noise: float) -> None:
    points = data_set.make(samples, noise, seed=1)
    assert len(points) == samples
    left, right, below, above = data_set.extent
    assert ((points.xy >= (left, below)) & (points.xy <= (right, above))).all()


@EVERY_OF_LABELS
@pytest.mark.parametrize("samples", [2, 3, 250])
def test_labels_are_balanced(data_set: DataSet, samples: int) -> None:
    assert data_set.make(samples, 0.3, seed=1).labels.sum() == samples - samples // 2


@EVERY
def test_the_same_seed_gives_the_same_points(data_set: DataSet) -> None:
    assert data_set.make(seed=3) == data_set.make(seed=3)
    assert data_set.make(seed=3) != data_set.make(seed=4)
    assert len(data_set.make()) == data_set.default_samples


@EVERY
def test_noise_changes_points(data_set: DataSet) -> None:
    assert data_set.make(100, 0.4, 1) != data_set.make(100, 0.0, 1)


@EVERY
def test_labels_come_in_no_order(data_set: DataSet) -> None:
    changes = np.count_nonzero(np.diff(data_set.make(200, 0.0, 2).labels))
    assert 60 < changes < 140


@EVERY
@pytest.mark.parametrize(
    ("samples", "noise", "seed", "words"),
    [
        (1, 0.0, 0, "samples is 1; allowed is a whole number at least 2 and at most 5,000"),
        (5001, 0.0, 0, "samples is 5001"),
        (10.5, 0.0, 0, "samples is 10.5"),
        (10, -0.1, 0, "noise is -0.1"),
        (10, 0.6, 0, "noise is 0.6"),
        (10, float("nan"), 0, "noise is nan"),
        (10, 0.1, -1, "seed is -1"),
    ],
)
def test_what_is_not_allowed_is_refused(data_set: DataSet, samples: int, noise: float, seed: int, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        data_set.make(samples, noise, seed)


def test_an_unknown_key_is_refused() -> None:
    with pytest.raises(ValueError, match="no data set 'donut'; there are circle"):
        dataset("donut")


def test_circle() -> None:
    red, green = split(dataset("circle").make(2000))
    assert radii(green).max() < 2.5
    assert radii(red).min() >= 3.5
    assert radii(red).max() <= 5.0


def test_xor() -> None:
    red, green = split(dataset("xor").make(2000))
    assert (green.prod(axis=1) > 0).all()
    assert (red.prod(axis=1) < 0).all()
    assert np.abs(np.concatenate([red, green])).min() >= 0.3


def test_gaussians() -> None:
    red, green = split(dataset("gaussians").make(5000))
    np.testing.assert_allclose(green.mean(axis=0), [2, 2], atol=0.1)
    np.testing.assert_allclose(red.mean(axis=0), [-2, -2], atol=0.1)


def test_spiral() -> None:
    n = 100
    red, green = split(dataset("spiral").make(2 * n))
    for arm, turn in ((green, 0.0), (red, np.pi)):
        arm = arm[np.argsort(radii(arm))]
        i = np.arange(n)
        np.testing.assert_allclose(radii(arm), 5 * i / n, atol=1e-12)
        angle = 1.75 * 2 * np.pi * i / n + turn
        np.testing.assert_allclose(arm, (5 * i / n)[:, None] * np.stack([np.sin(angle), np.cos(angle)], 1), atol=1e-12)


def test_moons_reach_into_each_other() -> None:
    red, green = split(dataset("moons").make(2000, 0.0))
    np.testing.assert_allclose(radii(green / 3 + (0.5, 0.25)), 1.0)
    np.testing.assert_allclose(radii(-red / 3 + (0.5, 0.25)), 1.0)
    assert red[:, 0].max() > green[:, 0].mean() > red[:, 0].mean() - 3


def test_checkerboard() -> None:
    red, green = split(dataset("checkerboard").make(2000))
    assert (np.floor(green / 3).sum(axis=1) % 2 == 1).all()
    assert (np.floor(red / 3).sum(axis=1) % 2 == 0).all()


def test_linear() -> None:
    red, green = split(dataset("linear").make(2000))
    assert (green[:, 1] - 0.5 * green[:, 0]).min() > 0.4
    assert (red[:, 1] - 0.5 * red[:, 0]).max() < -0.4


def test_e_portfolio_rewards_preparation_and_a_fair_length() -> None:
    data_set = dataset("e_portfolio")
    red, green = split(data_set.make(2000, 0.0))
    assert all(name.endswith("(h)") for name in data_set.axes)
    assert green[:, 1].mean() > red[:, 1].mean() + 1
    assert abs(green[:, 0] - 3).mean() < abs(red[:, 0] - 3).mean()


def test_overfit_has_few_points_and_many_wrong_ones() -> None:
    points = dataset("overfit").make()
    wrong = (points.xy[:, 1] > 0.5 * points.xy[:, 0]) != (points.labels == GREEN)
    assert len(points) <= 50
    assert wrong.mean() == pytest.approx(0.25)


@EVERY_OF_VALUES
def test_noise_moves_values_and_no_point(data_set: DataSet) -> None:
    calm, noisy = data_set.make(500, 0.0, 1), data_set.make(500, 0.4, 1)
    assert np.array_equal(calm.xy, noisy.xy)
    strayed = np.abs(noisy.values - calm.values)
    assert 0.3 * data_set.reach < strayed.max() <= 0.4 * data_set.reach
    assert data_set.noise.meaning == "how far values stray"


@EVERY_OF_VALUES
@pytest.mark.parametrize("noise", [0.0, 0.5])
def test_values_are_in_their_range_and_green_above_its_middle(data_set: DataSet, noise: float) -> None:
    points = data_set.make(2000, noise, seed=2)
    low, high = data_set.value_range
    assert points.values.min() >= low
    assert points.values.max() <= high
    assert np.ptp(points.values) > 0.8 * (high - low)
    assert np.array_equal(points.labels == GREEN, points.values > (low + high) / 2)
    assert 0.4 < points.labels.mean() < 0.6
    assert points.has_values


def test_plane() -> None:
    points = dataset("plane").make(noise=0.0)
    design = np.column_stack([points.xy, np.ones(len(points))])
    coefficients, residuals, *_ = np.linalg.lstsq(design, points.values)
    assert residuals == pytest.approx(0.0, abs=1e-20)
    assert coefficients[0] == pytest.approx(coefficients[1])


def test_bumps_go_up_and_down_in_turn() -> None:
    points = dataset("bumps").make(5000, 0.0)
    for centre, height in {
        (-4, -2.5): 1,
        (0, -2.5): -1,
        (4, -2.5): 1,
        (-4, 2.5): -1,
        (0, 2.5): 1,
        (4, 2.5): -1,
    }.items():
        near = radii(points.xy - centre) < 0.3
        assert near.any()
        np.testing.assert_allclose(points.values[near], height, atol=0.06)
    assert np.abs(points.values[np.abs(points.xy[:, 1]) > 5.8]).max() < 0.02


def test_a_grade_rewards_preparation_and_a_fair_length() -> None:
    data_set = dataset("grade")
    points = data_set.make(5000, 0.0)
    assert data_set.axes == ("preparation (h)", "duration of the presentation (h)")
    preparation, duration = points.xy.T
    assert np.corrcoef(preparation, points.values)[0, 1] > 0.5
    assert np.corrcoef(np.abs(duration - 3), points.values)[0, 1] < -0.2
    unprepared = preparation < 0.1
    assert points.values[unprepared].max() < 1.5
    assert points.values.max() == pytest.approx(5.75, abs=0.1)
