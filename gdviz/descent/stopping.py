"""When a descent has finished, and why."""

from __future__ import annotations

import enum
import math
from dataclasses import dataclass

import numpy as np

from gdviz.descent.surface import Bounds, FloatArray


class Outcome(enum.StrEnum):
    """How a trajectory ended."""

    RUNNING = "running"
    CONVERGED = "converged"
    DIVERGED = "diverged"


@dataclass(frozen=True, slots=True)
class StoppingRule:
    """When a racer has finished.

    Attributes:
        tolerance: it has converged where the gradient's norm is below; 0 is never.
        far_outside: it has diverged where it is more than so many diagonals of the bounds from their centre; inf is
            never.
    """

    tolerance: float = 1e-6
    far_outside: float = 1e3


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of a racer in a block of rows: how it ended, why, and how many of the rows belong to it."""

    outcome: Outcome
    reason: str
    rows: int


def judge(
    rule: StoppingRule, bounds: Bounds, first_row: int, positions: FloatArray, losses: FloatArray, gradients: FloatArray
) -> list[Verdict]:
    """A verdict a racer on a block of rows.

    Args:
        rule: when one has finished.
        bounds: of the surface.
        first_row: number of the block's first row.
        positions: shape (rows, n, 2).
        losses: shape (rows, n).
        gradients: shape (rows, n, 2).
    """
    finite = np.isfinite(positions).all(axis=-1) & np.isfinite(losses) & np.isfinite(gradients).all(axis=-1)
    centre = (sum(bounds.w0) / 2, sum(bounds.w1) / 2)
    distances = np.hypot(positions[..., 0] - centre[0], positions[..., 1] - centre[1])
    far = distances > rule.far_outside * bounds.diagonal
    norms = np.hypot(gradients[..., 0], gradients[..., 1])
    ended = ~finite | far | (norms < rule.tolerance)
    first_ended = np.where(ended.any(axis=0), ended.argmax(axis=0), -1)

    def verdict(racer: int, end: int) -> Verdict:
        if end < 0:
            return Verdict(Outcome.RUNNING, f"gradient norm {norms[-1, racer]:.2g}", len(positions))
        if not finite[end, racer]:
            what = _not_finite(positions[end, racer], float(losses[end, racer]))
            # A start that is not finite is shown all the same: there is nothing else to show.
            kept = max(end, 1 if first_row == 0 else 0)
            return Verdict(Outcome.DIVERGED, f"the {what} is not finite at step {first_row + end}", kept)
        if far[end, racer]:
            length = math.hypot(*positions[end, racer])
            return Verdict(Outcome.DIVERGED, f"left the surface far behind: |w| = {length:.2g}", end + 1)
        reason = f"gradient norm {norms[end, racer]:.2g} is below {rule.tolerance:.2g}"
        return Verdict(Outcome.CONVERGED, reason, end + 1)

    return [verdict(racer, int(end)) for racer, end in enumerate(first_ended)]


def _not_finite(position: FloatArray, loss: float) -> str:
    if not np.isfinite(position).all():
        return "position"
    return "gradient" if math.isfinite(loss) else "loss"
