"""What is kept of a long run: how it began, how it is now, and an even choice between."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.testing import assert_array_equal

from gdviz.training.snapshots import Snapshots


def trained(epochs: range | list[int], size: int = 100, **room: int) -> Snapshots:
    snapshots = Snapshots(**room)
    for epoch in epochs:
        snapshots.put(epoch, f"epoch {epoch}", size)
    return snapshots


def test_of_a_short_run_every_epoch_is_kept() -> None:
    snapshots = trained(range(600))
    assert_array_equal(snapshots.epochs, np.arange(600))
    assert snapshots.at(0) == "epoch 0"
    assert snapshots.at(417) == "epoch 417"
    assert snapshots.bytes == 60_000


def test_what_is_asked_for_and_not_kept_is_the_newest_before() -> None:
    snapshots = trained([0, 25, 50])
    assert [snapshots.at(epoch) for epoch in (24, 25, 49, 10_000)] == ["epoch 0", "epoch 25", "epoch 25", "epoch 50"]
    with pytest.raises(ValueError, match="allowed is 0 or later"):
        snapshots.at(-1)
    with pytest.raises(ValueError, match="epoch is 0"):
        Snapshots().at(0)


@given(
    steps=st.lists(st.integers(1, 60), min_size=1, max_size=400),
    size=st.integers(1, 3_000),
    most=st.integers(2, 60),
    budget=st.integers(1, 40_000),
)
def test_a_long_run_stays_within_its_room_and_spread_evenly(
    steps: list[int], size: int, most: int, budget: int
) -> None:
    trained_epochs = [0, *np.cumsum(steps).tolist()]
    snapshots = trained(trained_epochs, size, most=most, budget=budget)
    kept = snapshots.epochs.tolist()
    room = max(2, min(most, budget // size))
    assert len(kept) <= room
    assert snapshots.bytes == len(kept) * size
    assert set(kept) <= set(trained_epochs)
    assert (kept[0], kept[-1]) == (0, trained_epochs[-1])
    edge = max(1, room // 8)
    assert (kept[:edge], kept[-edge:]) == (trained_epochs[:edge], trained_epochs[-edge:])
    assert all(snapshots.at(epoch) == f"epoch {epoch}" for epoch in kept)
    # Nowhere is there a hole: all gaps are of a kind, twice as long as need be at most, and a call of training longer.
    if len(trained_epochs) > room >= 8:
        assert max(b - a for a, b in pairwise(kept)) <= 8 * trained_epochs[-1] / room + max(steps)


def test_a_very_long_run_costs_no_more() -> None:
    snapshots = trained(range(0, 1_000_000, 25))
    assert 300 <= len(snapshots.epochs) <= 600
    assert_array_equal(np.diff(snapshots.epochs[:75]), 25)
    assert_array_equal(np.diff(snapshots.epochs[-75:]), 25)
    between = np.diff(snapshots.epochs[76:-76])
    assert between.max() <= 2 * between.min()


def test_going_on_from_the_past_drops_what_came_after() -> None:
    snapshots = trained(range(5_000))
    snapshots.forget_after(40)
    assert snapshots.epochs[-1] <= 40
    for epoch in range(41, 400):
        snapshots.put(epoch, f"again {epoch}", 100)
    assert snapshots.at(399) == "again 399"
    assert_array_equal(snapshots.epochs[-300:], np.arange(100, 400))
    assert snapshots.bytes == 100 * len(snapshots.epochs)


def test_an_epoch_is_kept_once_as_it_was_last() -> None:
    snapshots = trained(range(10))
    snapshots.put(4, "edited", 300)
    assert snapshots.at(4) == "edited"
    assert len(snapshots.epochs) == 10
    assert snapshots.bytes == 1_200


def test_two_are_kept_however_large() -> None:
    assert_array_equal(trained(range(50), size=10**9).epochs, [0, 49])
