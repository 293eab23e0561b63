"""Who won a race: by the loss reached, and by what it cost."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from gdviz.descent.trajectory import Outcome, Trajectory

CLOSE = 1e-3
"""A loss is as good as the best one when no more than this share of the way from the start remains."""


class Winners(NamedTuple):
    """Who won.

    Attributes:
        best: the indices of those that reached the lowest loss (ties within ``CLOSE`` of the way down, in order).
        cheapest: of them those that needed the fewest evaluations of gradient and loss to get there.
        evaluations: how many they needed.
    """

    best: list[int]
    cheapest: list[int]
    evaluations: int


def winners(trajectories: Sequence[Trajectory]) -> Winners | None:
    """Who won; None where nobody got anywhere."""
    running = [index for index, one in enumerate(trajectories) if one.outcome is not Outcome.DIVERGED]
    finals = {index: float(trajectories[index].losses[-1]) for index in running}
    finals = {index: loss for index, loss in finals.items() if np.isfinite(loss)}
    if not finals:
        return None
    lowest = min(finals.values())
    way = max(float(trajectories[index].losses[0]) for index in finals) - lowest
    if way <= 0:
        return None
    costs = {
        index: cost_of(trajectories[index], lowest + CLOSE * way)
        for index, loss in finals.items()
        if loss - lowest <= CLOSE * way
    }
    fewest = min(costs.values())
    return Winners(list(costs), [index for index, cost in costs.items() if cost == fewest], fewest)


def cost_of(trajectory: Trajectory, loss: float) -> int:
    """Evaluations of gradient and loss until a trajectory first was at or below a loss that it does reach."""
    return int(trajectory.evaluations[int(np.argmax(trajectory.losses <= loss))])
