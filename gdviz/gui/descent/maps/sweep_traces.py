"""From the sweep's numbers to what its panels draw: everything as log10."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QColor

from gdviz.descent.stopping import Outcome
from gdviz.descent.surface import FloatArray
from gdviz.descent.trajectory import Trajectory
from gdviz.gui.descent.maps.sweep_plot import Trace
from gdviz.gui.descent.maps.sweep_work import Curve

SMALLEST = 1e-16
"""Lower heights above the lowest loss are not told apart: that is where doubles end."""

NOTHING = Curve(np.empty(0), np.empty(0), np.empty(0), 0.0)
NO_RANGE = (-1.0, 1.0)


def height(losses: FloatArray | float, floor: float) -> FloatArray:
    """log10 of losses above the lowest one."""
    return np.asarray(np.log10(np.maximum(np.asarray(losses) - floor, SMALLEST)))


def loss_trace(color: QColor, width: float, curve: Curve, floor: float, rate: float, shown: Trajectory | None) -> Trace:
    """The curve of losses.

    Args:
        color: of the racer.
        width: of the line in pixels.
        curve: what was swept.
        floor: the lowest loss of all.
        rate: the racer's present learning rate.
        shown: its own race, for the mark at the present rate; None where that is not computed yet.
    """
    mark = math.nan if shown is None else float(height(shown.losses[-1], floor))
    diverged = shown is not None and shown.outcome is Outcome.DIVERGED
    gone = np.isnan(curve.losses)
    return Trace(
        color, width, np.log10(curve.rates), height(curve.losses, floor), gone, (math.log10(rate), mark), diverged
    )


def step_trace(color: QColor, width: float, curve: Curve, rate: float, shown: Trajectory | None) -> Trace:
    """The curve of steps to converge, with gaps where it did not; arguments as those of ``loss_trace``."""
    converged = shown is not None and shown.outcome is Outcome.CONVERGED
    mark = math.log10(max(shown.steps, 1)) if shown is not None and converged else math.nan
    there = np.isfinite(curve.steps)
    heights = np.log10(np.where(there, np.maximum(curve.steps, 1.0), np.nan))
    return Trace(color, width, np.log10(curve.rates), heights, np.zeros_like(there), (math.log10(rate), mark))


def loss_range(traces: Sequence[Trace], start: float) -> tuple[float, float]:
    """From the lowest loss to a little more than that of the start; what ends higher is drawn at the top."""
    heights = np.concatenate([trace.y for trace in traces] or [np.empty(0)])
    heights = heights[np.isfinite(heights)]
    if not heights.size:
        return NO_RANGE
    low, highest = float(heights.min()), float(heights.max())
    high = max(start, low) if math.isfinite(start) else highest
    return low, max(min(max(high, highest), high + 1.0), low + 1.0)
