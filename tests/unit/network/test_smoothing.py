"""Moving averages against their definition."""

import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from hypothesis.extra import numpy as hnp

from gdviz.network.smoothing import centred, smoothed

values = hnp.arrays(float, st.tuples(st.integers(1, 40), st.integers(1, 3)), elements=st.floats(-100, 100))


def defined(epochs, values, span):
    """The mean of all before, each weighted with how much of it is left, one after the other."""
    means = np.full_like(values, math.nan)
    for row, column in np.ndindex(*values.shape):
        before = [
            (math.exp(-(epochs[row] - epochs[index]) / span), values[index, column])
            for index in range(row + 1)
            if math.isfinite(values[index, column])
        ]
        if before:
            means[row, column] = sum(weight * value for weight, value in before) / sum(weight for weight, _ in before)
    return means


@given(values, st.floats(12.0, 1000.0), st.integers(0, 2**32 - 1))
def test_is_the_weighted_mean_of_the_past(values, span, seed):
    rng = np.random.default_rng(seed)
    epochs = np.cumsum(rng.integers(1, 20, len(values))).astype(float)
    values[rng.random(values.shape) < 0.2] = math.nan
    expected = defined(epochs, values, span)
    assert smoothed(epochs, values, span) == pytest.approx(expected, rel=1e-9, abs=1e-9, nan_ok=True)


@given(values, st.floats(1.0, 100.0))
def test_stays_within_what_it_averages(values, span):
    smooth = smoothed(np.arange(len(values), dtype=float), values, span)
    assert (smooth >= values.min(axis=0) - 1e-9).all()
    assert (smooth <= values.max(axis=0) + 1e-9).all()


def test_keeps_the_epoch_of_a_lowest_value():
    epochs = np.arange(401.0)
    valley = np.column_stack([(epochs - 200.0) ** 2])
    assert abs(np.argmin(centred(epochs, valley, 15.0)) - 200) <= 1
    assert np.argmin(smoothed(epochs, valley, 15.0)) > 205  # one way alone lags behind


def test_infinities_do_not_spread():
    epochs, values = np.arange(3.0), np.array([[1.0], [math.inf], [3.0]])
    smooth = smoothed(epochs, values, 1.0)
    assert np.isfinite(smooth).all()
    assert smooth[1] == 1.0


def test_forgets_what_is_very_old():
    epochs = np.array([0.0, 1000.0])
    assert np.isnan(smoothed(epochs, np.array([[5.0], [math.nan]]), 2.0)[1])
    assert smoothed(epochs, np.array([[5.0], [7.0]]), 2.0)[1] == 7.0


def test_nothing_is_nothing():
    assert smoothed(np.empty(0), np.empty((0, 4)), 10.0).shape == (0, 4)
