"""The coach: what the curvature allows at a point, and one sentence on why a racer fares as it does."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gdviz.descent.surface import FloatArray, Surface
from gdviz.descent.trajectory import Trajectory

State = Literal[
    "minimum", "local minimum", "saddle", "maximum", "flat", "diverging", "oscillating", "crawling", "descending"
]


@dataclass(frozen=True, slots=True, eq=False)
class Advice:
    """What the coach says about one row of a trajectory.

    Attributes:
        eigenvalues: of the Hessian, shape (2,), the smaller first.
        largest_stable_rate: 2/λmax, up to which plain gradient descent is stable; None without positive curvature.
        condition: λmax/λmin; None unless both are positive.
        rate: learning rate of the step.
        limit: this optimizer's own limit on its learning rate on the parabola that fits here; None where it has none.
        limit_formula: the same as a line of Python in the optimizer's settings and ``curvature``, λmax; "" without one.
        effective_rates: what the adaptive ones multiply each component of the gradient with, shape (2,); else None.
        state: in a word.
        sentence: why, and what to try.
    """

    eigenvalues: FloatArray
    largest_stable_rate: float | None
    condition: float | None
    rate: float
    limit: float | None
    limit_formula: str
    effective_rates: FloatArray | None
    state: State
    sentence: str


def diagnose(surface: Surface, trajectory: Trajectory, step: int) -> Advice:
    """What is to be said at a row of a trajectory.

    Raises:
        ValueError: the step is not in the trajectory.
    """
    raise NotImplementedError
