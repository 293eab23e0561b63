"""Data sets follow their formulas, and repeat."""

import numpy as np
import pytest

from gdviz.network.datasets import DATASETS, DataSet, dataset
from gdviz.network.points import GREEN, RED, Points

EVERY = pytest.mark.parametrize("data_set", DATASETS.values(), ids=DATASETS)


def split(points: Points) -> tuple[np.ndarray, np.ndarray]:
    """Red and green positions."""
    return points.xy[points.labels == RED], points.xy[points.labels == GREEN]


def radii(xy: np.ndarray) -> np.ndarray:
    return np.hypot(*xy.T)


def test_every_set_of_the_contract_is_there() -> None:
    keys = "circle xor gaussians spiral moons checkerboard linear e_portfolio overfit"
    assert list(DATASETS) == keys.split()


@EVERY
@pytest.mark.parametrize("noise", [0.0, 0.5])
@pytest.mark.parametrize("samples", [2, 3, 250, 5000])
def test_as_many_as_asked_for_balanced_and_in_the_extent(data_set: DataSet, samples: int, noise: float) -> None:
    points = data_set.make(samples, noise, seed=1)
    assert len(points) == samples
    assert points.labels.sum() == samples - samples // 2
    left, right, below, above = data_set.extent
    assert ((points.xy >= (left, below)) & (points.xy <= (right, above))).all()


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
