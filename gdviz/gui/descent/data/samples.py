"""The samples of a loss made of data: where they are in the plot, and what a step has looked at."""

from __future__ import annotations

from functools import lru_cache

import msgspec
import numpy as np

from gdviz.descent.data_losses import HOURS_AND_GRADES, Indices, MiniBatches
from gdviz.descent.races import DATA_LOSSES, Race, data_loss_of, gradient_source
from gdviz.descent.spec import DescentSpec, Noise, Sample, SurfaceSpec
from gdviz.descent.surface import Bounds, FloatArray
from gdviz.gui.descent.views.relief import relief

FEWEST = 2
GHOST_EVERY = 3
"""Every so many of the levels of a relief are drawn as ghosts: they are to be told from the surface's own."""


def is_line(spec: SurfaceSpec) -> bool:
    """Whether it is the line through grades, else the perceptron."""
    return spec.key == HOURS_AND_GRADES.key


@lru_cache(maxsize=32)
def samples_of(spec: SurfaceSpec) -> tuple[Sample, ...]:
    """All samples, moved ones or the loss's own."""
    if spec.samples:
        return spec.samples
    loss = DATA_LOSSES[spec.key]
    # A line's features are 1 and t; what stands in a sample is t and nothing.
    first, second = (loss.features[:, 1], np.zeros(len(loss.targets))) if is_line(spec) else loss.features.T
    return tuple(map(_sample, first, second, loss.targets))


def _sample(first: float, second: float, target: float) -> Sample:
    return float(first), float(second), float(target)


def place_of(spec: SurfaceSpec, sample: Sample) -> tuple[float, float]:
    """Where it is in the plot: hours and grade, or x1 and x2."""
    return (sample[0], sample[2]) if is_line(spec) else (sample[0], sample[1])


def at_place(spec: SurfaceSpec, sample: Sample, x: float, y: float) -> Sample:
    """The sample at another place in the plot, its label kept."""
    return (x, 0.0, y) if is_line(spec) else (x, y, sample[2])


def with_samples(spec: SurfaceSpec, samples: tuple[Sample, ...]) -> SurfaceSpec:
    """The same loss of other samples."""
    return msgspec.structs.replace(spec, samples=samples)


def batch_at(spec: DescentSpec, step: int) -> Indices:
    """The samples whose gradient the step that leaves this row uses, in ascending order."""
    batches = _batches(spec.surface, spec.noise)
    return np.arange(len(samples_of(spec.surface))) if batches is None else batches.batch_at(step)


def touched(race: Race, index: int, step: int) -> int:
    """How many samples a racer has looked at by a step, those it looked at again counted again."""
    trajectory = race.trajectories[index]
    row = min(step, trajectory.steps)
    batches = _batches(race.spec.surface, race.spec.noise)
    if batches is None:
        return int(trajectory.evaluations[row]) * len(samples_of(race.spec.surface))
    # A step may ask more than once: some search along a line.
    return int(np.diff(trajectory.evaluations[: row + 1]) @ np.diff(batches.cost(np.arange(row + 1))))


@lru_cache(maxsize=4)
def _batches(surface: SurfaceSpec, noise: Noise) -> MiniBatches | None:
    """What deals the samples out; None where every step looks at all of them."""
    source = gradient_source(surface, noise)
    return source if isinstance(source, MiniBatches) else None


def batch_relief_lines(spec: DescentSpec, step: int, bounds: Bounds) -> FloatArray:
    """Contour lines of the loss of the samples that one step looks at: for any thread but the GUI's.

    Args:
        spec: on a surface made of data; elsewhere there are no lines.
        step: whose samples; a step's batch depends on the seed and the step alone.
        bounds: the rectangle they are drawn in.

    Returns:
        points (w0, w1, loss), shape (n, 3); lines are parted by a row of NaN, as in ``Relief.lines``. Only every
        ``GHOST_EVERY``-th of the relief's levels is there.
    """
    if spec.surface.key not in DATA_LOSSES:
        return np.empty((0, 3))
    return _lines_of(spec.surface, tuple(batch_at(spec, step).tolist()), bounds)


@lru_cache(maxsize=64)
def _lines_of(spec: SurfaceSpec, indices: tuple[int, ...], bounds: Bounds) -> FloatArray:
    batch = data_loss_of(spec).batch(np.array(indices)).surface
    lines = relief(batch, bounds, logarithmic=batch.logarithmic).lines
    levels = np.unique(lines[:, 2][~np.isnan(lines[:, 2])])[::GHOST_EVERY]
    # A gap belongs to the line before it.
    level = lines[np.maximum(np.arange(len(lines)) - np.isnan(lines[:, 0]), 0), 2]
    return np.asarray(lines[np.isin(level, levels)])
