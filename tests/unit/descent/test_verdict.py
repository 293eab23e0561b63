"""Who won a race."""

from __future__ import annotations

import numpy as np

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.catalog import surface
from gdviz.descent.trajectory import race
from gdviz.descent.verdict import cost_of, winners


def raced(key, *optimizers, start=(1.5, 1.0), steps=500):
    return race(surface(key), [OptimizerSpec(name, settings) for name, settings in optimizers], start, steps)


def test_the_lower_loss_wins():
    trajectories = raced("bowl", ("sgd", {"learning_rate": 1e-5}), ("sgd", {"learning_rate": 0.3}))
    assert winners(trajectories)[:2] == ([1], [1])


def test_of_equals_the_cheaper_one_is_named():
    trajectories = raced("bowl", ("sgd", {"learning_rate": 0.05}), ("newton", {}), ("sgd", {"learning_rate": 0.3}))
    best, cheapest, evaluations = winners(trajectories)
    assert best == [0, 1, 2]
    assert (cheapest, evaluations) == ([1], 1)  # one step of Newton's method is the minimum of a bowl


def test_those_that_were_equally_cheap_are_all_named():
    slow, fast = ("sgd", {"learning_rate": 0.05}), ("sgd", {"learning_rate": 0.3})
    assert winners(raced("bowl", fast, slow, fast))[:2] == ([0, 1, 2], [0, 2])


def test_one_that_diverged_cannot_win():
    trajectories = raced("bowl", ("sgd", {"learning_rate": 1.5}), ("sgd", {"learning_rate": 0.001}))
    assert winners(trajectories)[:2] == ([1], [1])


def test_nobody_wins_where_nobody_got_anywhere():
    assert winners([]) is None
    assert winners(raced("bowl", ("sgd", {}), start=(0.0, 0.0))) is None
    assert winners(raced("bowl", ("sgd", {"learning_rate": 1.5}))) is None


def test_cost_counts_evaluations_until_the_loss_is_reached():
    (trajectory,) = raced("bowl", ("sgd", {"learning_rate": 0.1}))
    level = float(trajectory.losses[10])
    assert cost_of(trajectory, level) == trajectory.evaluations[10]
    assert cost_of(trajectory, np.inf) == 0
