"""What there is to be known about a racer at one row of its trajectory, before words are found for it."""

from __future__ import annotations

from functools import cached_property

import numpy as np

from gdviz.descent.settling import LeastLimit, jumps_about, least_limit
from gdviz.descent.stability import effective_rates, limit_of
from gdviz.descent.stopping import Outcome
from gdviz.descent.surface import Surface, curvatures
from gdviz.descent.trajectory import DEFAULT_STOPPING, Trajectory

LOOK_BACK = 20
"""Steps that are looked back on to see whether it goes to and fro."""


class Situation:
    """A row of a trajectory, with the surface around it.

    Attributes:
        surface, trajectory, step: which row.
        optimizer, title: what makes the step from there.
        rate: its learning rate.
        w, gradient, slope: where it stands, the gradient of the loss there, shape (2,) each, and its length.
        eigenvalues, vectors: of the Hessian, as of ``curvatures``; lowest, steepest: the first and the last of them.
        limit: the optimizer's largest stable learning rate here; None where it has none.
        effective_rates: as of ``stability.effective_rates``.
    """

    def __init__(self, surface: Surface, trajectory: Trajectory, step: int) -> None:
        self.surface, self.trajectory, self.step = surface, trajectory, step
        maker = trajectory.maker(step)
        self.optimizer = maker.optimizer
        self.title = self.optimizer.declaration.title
        self.rate = float(trajectory.learning_rates[step])
        self.w = trajectory.positions[step]
        self.gradient = surface.gradient(self.w)
        self.slope = float(np.hypot(*self.gradient))
        self.eigenvalues, self.vectors = curvatures(surface, self.w)
        self.lowest, self.steepest = (float(value) for value in self.eigenvalues)
        self.limit = limit_of(self.optimizer, self.lowest, self.steepest)
        self.effective_rates = effective_rates(surface, trajectory, step)

    def is_at_rest(self) -> bool:
        """Whether the gradient is as good as zero."""
        if self.slope < DEFAULT_STOPPING.tolerance:
            return True
        is_end = self.trajectory.outcome is Outcome.CONVERGED and self.step == self.trajectory.steps
        # The gradient of a mini-batch may vanish where that of all samples does not.
        return is_end and bool(np.allclose(self.trajectory.gradients[self.step], self.gradient))

    def turns(self) -> int:
        """How often it turned round, along the steepest direction, in the last steps."""
        rows = self.trajectory.positions[max(0, self.step - LOOK_BACK) : self.step + 1]
        along = np.diff(rows, axis=0) @ self.vectors[:, 1]
        # What is lost in rounding is no turn.
        along = along[np.abs(along) > 1e-9 * self.surface.bounds.diagonal]
        return int(np.count_nonzero(along[1:] * along[:-1] < 0))

    def is_above_limit(self) -> bool:
        """Whether the learning rate is too high for the parabola that fits here."""
        return self.limit is not None and self.rate > self.limit

    @cached_property
    def least(self) -> LeastLimit | None:
        """The least of the optimizer's limits around, as of ``settling.least_limit``."""
        return least_limit(self.surface, self.trajectory.positions, self.step, self.optimizer)

    def cannot_settle(self) -> bool:
        """Whether the learning rate is above the least limit around, and the racer has not settled all the same."""
        settles = self.trajectory.outcome is Outcome.CONVERGED
        return not settles and self.least is not None and self.rate > self.least.limit

    def jumps(self) -> tuple[float, float] | None:
        """Between which losses it jumps up and down since the learning rate is too high around; None if it does not."""
        return jumps_about(self.trajectory.losses, self.step) if self.cannot_settle() else None

    def momentum(self) -> float:
        """The share of the last step that is kept; 0 where the optimizer has none."""
        return float(self.optimizer.values().get("momentum", 0.0))

    def first_row_above_limit(self) -> tuple[int, float, float] | None:
        """The first row of all at which the learning rate is too high: its number, the limit, and λmax there."""
        eigenvalues, _ = curvatures(self.surface, self.trajectory.positions)
        for row, (lowest, steepest) in enumerate(eigenvalues.tolist()):
            limit = limit_of(self.trajectory.maker(row).optimizer, lowest, steepest)
            if limit is not None and self.trajectory.learning_rates[row] > limit:
                return row, limit, steepest
        return None

    def stationary_point_distance(self) -> float:
        """How far it is to where the local parabola is flat."""
        along = self.vectors.T @ self.gradient
        return float(np.hypot(*np.where(along == 0, 0.0, along / self.eigenvalues)))

    def distance_to_a_minimum(self) -> float | None:
        """How far it is to the nearest known minimum, or to the bottom of the bowl it is in; None without either."""
        if self.surface.minima:
            offsets = np.array([minimum.w for minimum in self.surface.minima]) - self.w
            return float(np.sqrt((offsets[:, : self.surface.dimensions] ** 2).sum(axis=1)).min())
        return self.stationary_point_distance() if self.lowest > 0 else None
