"""The test split: the right share, always the same, and steady while points are added."""

import numpy as np
import pytest

from gdviz.network.split import test_mask as mask_of


@pytest.mark.parametrize("fraction", [0.1, 0.2, 0.5, 0.9])
@pytest.mark.parametrize("count", [10, 101, 5000])
def test_the_share_is_right(fraction: float, count: int) -> None:
    for seed in range(5):
        assert abs(mask_of(np.arange(count), fraction, seed).sum() - fraction * count) < 4


def test_added_points_leave_the_others_where_they_are() -> None:
    few, more = mask_of(np.arange(50), 0.3, 7), mask_of(np.arange(200), 0.3, 7)
    assert np.array_equal(few, more[:50])


def test_seeds_differ_and_repeat() -> None:
    assert np.array_equal(mask_of(np.arange(100), 0.3, 1), mask_of(np.arange(100), 0.3, 1))
    assert not np.array_equal(mask_of(np.arange(100), 0.3, 1), mask_of(np.arange(100), 0.3, 2))


def test_a_training_point_stays() -> None:
    for seed in range(50):
        for count in range(1, 6):
            assert not mask_of(np.arange(count), 0.9, seed).all()
    assert mask_of(np.arange(0), 0.9, 0).shape == (0,)
    assert not mask_of(np.arange(100), 0.0, 3).any()
