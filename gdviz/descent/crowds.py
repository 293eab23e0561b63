"""Crowds: thousands of points that descend together and of which only the ends are kept, for maps and sweeps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from gdviz.descent.rules import Rule, Stepper
from gdviz.descent.stopping import StoppingRule
from gdviz.descent.surface import FloatArray, Surface

# A crowd of which a share below this is still running goes on without the others.
_WORTH_GATHERING = 0.8
_NONE = np.zeros(0, dtype=np.intp)


@dataclass(frozen=True, slots=True, eq=False)
class Ends:
    """How each point of a crowd ended.

    Attributes:
        positions: the last row of each, shape (n, 2): what would be the last row of its trajectory.
        steps: number of that row, shape (n,).
        converged, diverged: shape (n,); a point that is neither is running.
    """

    positions: FloatArray
    steps: NDArray[np.int64]
    converged: NDArray[np.bool_]
    diverged: NDArray[np.bool_]


def run_crowd(
    surface: Surface,
    rule: Rule,
    settings: dict[str, Any],
    points: FloatArray,
    steps: int,
    stopping: StoppingRule,
    cancelled: Callable[[], bool] = lambda: False,
    watch: Callable[[int, NDArray[np.intp], FloatArray], None] | None = None,
) -> Ends | None:
    """Let many points descend without a record, each as ``run`` would let it.

    Args:
        surface: what they descend.
        rule: only its active lines.
        settings: floats, or columns of shape (n, 1).
        points: shape (n, 2); some thousand are fastest, as they then stay in the processor's cache.
        steps: the most that each may make.
        stopping: when one has finished.
        cancelled: asked at every row; where it says True, None is returned.
        watch: told each row: its number, the indices of the points that are still there, and where they stand. A point
            may still be there some rows after its end.

    Raises:
        ValueError: steps is negative.
    """
    if steps < 0:
        raise ValueError(f"steps is {steps}; allowed is a whole number at least 0")
    ends = Ends(points.copy(), np.full(len(points), steps), *np.zeros((2, len(points)), dtype=np.bool_))
    there, alive, left = np.arange(len(points)), np.ones(len(points), dtype=np.bool_), len(points)
    stepper = _stepper(rule, surface, settings, points)
    before = stepper.w
    look = _Look(surface, stopping)
    with np.errstate(all="ignore"):
        for row in range(steps + 1):
            if cancelled():
                return None
            w = stepper.w
            g = surface.gradient(w)
            suspects = look.suspects(w, g)
            if len(suspects):
                candidates = suspects[alive[suspects]]
                finite, far, flat = _verdicts(surface, stopping, w[candidates], g[candidates])
                ended = ~finite | far | flat
                which, finite, far = candidates[ended], finite[ended], far[ended]
                kept = finite | (row == 0)
                alive[which], left = False, left - len(which)
                ends.positions[there[which]] = np.where(kept[:, np.newaxis], w[which], before[which])
                ends.steps[there[which]] = np.where(kept, row, row - 1)
                ends.diverged[there[which]] = ~finite | far
                ends.converged[there[which]] = finite & ~far
            if watch:
                watch(row, there, w)
            if not left:
                break
            if row == steps:
                ends.positions[there[alive]] = w[alive]
            elif left < _WORTH_GATHERING * len(alive):
                settings = {
                    name: value[alive] if np.ndim(value) == 2 and len(value) == len(alive) else value
                    for name, value in settings.items()
                }
                states = {name: values[alive] for name, values in stepper.states.items()}
                stepper = _stepper(rule, surface, settings, w[alive], row, states)
                there, g, alive = there[alive], g[alive], np.ones(left, dtype=np.bool_)
            before = stepper.w
            stepper.advance(g)
    return ends


def _stepper(
    rule: Rule,
    surface: Surface,
    settings: dict[str, Any],
    points: FloatArray,
    t: int = 0,
    states: dict[str, FloatArray] | None = None,
) -> Stepper:
    """A stepper with arrays in memory column by column: surfaces take w0 and w1 apart; numbers in a row are fast."""
    stepper = Stepper(rule, surface, settings, np.asfortranarray(points), t, states)
    stepper.states = {name: np.asfortranarray(values) for name, values in stepper.states.items()}
    return stepper


class _Look:
    """A quick look at points and gradients, shape (n, 2) each, that overlooks none that has ended."""

    def __init__(self, surface: Surface, stopping: StoppingRule) -> None:
        bounds = surface.bounds
        self._small = max(stopping.tolerance**2 * (1 + 1e-9), 1e-290)
        centre = max(abs(sum(bounds.w0)), abs(sum(bounds.w1))) / 2
        # Inside this square about the origin nothing is far outside.
        self._near = stopping.far_outside * bounds.diagonal / 2 - centre
        # A typed formula may have a slope where it has no value: that of log(x) left of zero.
        self._value = surface.value if "formula" in surface.tags else None
        # The same memory at every look: to ask for it anew takes longer than what is computed in it.
        self._squares, self._steepness = np.empty((0, 2)), np.empty(0)

    def suspects(self, w: FloatArray, g: FloatArray) -> NDArray[np.intp]:
        """The indices of points that may have ended."""
        if len(self._steepness) != len(g):
            self._squares, self._steepness = np.empty_like(g), np.empty(len(g))
        squares = np.multiply(g, g, out=self._squares)
        steepness = np.add(squares[:, 0], squares[:, 1], out=self._steepness)
        # Comparisons with NaN are false.
        steady = steepness.min() > self._small and steepness.max() < np.inf
        near = w.min() > -self._near and w.max() < self._near
        values = None if self._value is None else self._value(w)
        defined = values is None or np.isfinite(values).all()
        if steady and near and defined:
            return _NONE
        calm = (steepness > self._small) & (steepness < np.inf)
        if not near:
            calm &= (np.abs(w) < self._near).all(axis=-1)
        if values is not None:
            calm &= np.isfinite(values)
        return np.flatnonzero(~calm)


def _verdicts(
    surface: Surface, stopping: StoppingRule, w: FloatArray, g: FloatArray
) -> tuple[NDArray[np.bool_], NDArray[np.bool_], NDArray[np.bool_]]:
    """For each point whether all is finite, whether it is far outside, and whether the gradient is below the tolerance.

    The same as ``stopping.judge`` says, in its order, but for a hundred thousand points without words.
    """
    bounds = surface.bounds
    finite = np.isfinite(w).all(axis=-1) & np.isfinite(g).all(axis=-1) & np.isfinite(surface.value(w))
    distances = np.hypot(w[:, 0] - sum(bounds.w0) / 2, w[:, 1] - sum(bounds.w1) / 2)
    far = distances > stopping.far_outside * bounds.diagonal
    return finite, far, np.hypot(g[:, 0], g[:, 1]) < stopping.tolerance
