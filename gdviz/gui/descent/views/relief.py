"""What both views show of a surface: heights on a grid, contour lines, and one scale for colour, levels and height."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from contourpy import LineType, contour_generator
from numpy.typing import NDArray

from gdviz.descent.surface import Bounds, FloatArray, Surface

SAMPLES = 161
LEVELS = 20
LOGARITHMIC_RANGE = 1e4
"""On a logarithmic scale the highest loss shown is this many times the lowest height that can be told from zero."""


@dataclass(frozen=True, slots=True)
class Scale:
    """Maps a loss to 0..1, linearly or logarithmically in its height above the lowest.

    Colours, contour levels and the height of the 3-D view all use it, so that they always agree.
    """

    lowest: float
    highest: float
    logarithmic: bool

    def to_unit(self, loss: FloatArray) -> FloatArray:
        """Loss to 0 (lowest) .. 1 (highest); not clipped above; NaN stays NaN."""
        height = np.maximum((loss - self.lowest) / self._span, 0.0)
        if not self.logarithmic:
            return height
        return np.asarray(np.log1p(LOGARITHMIC_RANGE * height) / np.log1p(LOGARITHMIC_RANGE))

    def from_unit(self, share: FloatArray) -> FloatArray:
        """The loss at a share of the scale: the inverse of ``to_unit``."""
        height = np.expm1(share * np.log1p(LOGARITHMIC_RANGE)) / LOGARITHMIC_RANGE if self.logarithmic else share
        return np.asarray(self.lowest + self._span * height)

    def levels(self, count: int = LEVELS) -> FloatArray:
        """Contour levels at equal distances on the scale, both ends left out."""
        return self.from_unit(np.linspace(0.0, 1.0, count + 2)[1:-1])

    @property
    def _span(self) -> float:
        return self.highest - self.lowest or 1.0


@dataclass(frozen=True, slots=True, eq=False)
class Relief:
    """A surface sampled for drawing.

    Attributes:
        bounds: the rectangle it covers.
        w0, w1: the grid's axes, shape (SAMPLES,).
        loss: shape (SAMPLES, SAMPLES); [i, j] at (w0[j], w1[i]); NaN where the loss is not finite.
        scale: loss to 0..1.
        lines: contour lines as points (w0, w1, loss), shape (n, 3); lines are parted by a row of NaN.
        dimensions: of the surface; of one parameter the loss is the same all along w1.
    """

    bounds: Bounds
    w0: FloatArray
    w1: FloatArray
    loss: FloatArray
    scale: Scale
    lines: NDArray[np.float64]
    dimensions: int


def relief(surface: Surface, bounds: Bounds, *, logarithmic: bool) -> Relief:
    """Sample a surface over bounds; the scale is that of the surface's own bounds, whatever part of it is in view."""
    w0, w1, points = bounds.grid(SAMPLES)
    with np.errstate(all="ignore"):
        loss = surface.value(points)
        own = loss if bounds == surface.bounds else surface.value(surface.bounds.grid(SAMPLES)[2])
    loss = np.where(np.isfinite(loss), loss, np.nan)
    scale = scale_of(surface, own, logarithmic=logarithmic)
    return Relief(bounds, w0, w1, loss, scale, _lines(w0, w1, loss, scale.levels()), surface.dimensions)


def scale_of(surface: Surface, loss: FloatArray, *, logarithmic: bool) -> Scale:
    """The scale of a surface from its losses on a grid and its known minima."""
    finite = loss[np.isfinite(loss)]
    if not finite.size:
        return Scale(0.0, 1.0, logarithmic)
    lowest = min([float(finite.min()), *(minimum.value for minimum in surface.minima)])
    return Scale(lowest, float(finite.max()), logarithmic)


def _lines(w0: FloatArray, w1: FloatArray, loss: FloatArray, levels: FloatArray) -> NDArray[np.float64]:
    generator = contour_generator(w0, w1, np.ma.masked_invalid(loss), line_type=LineType.ChunkCombinedNan)
    parts: list[NDArray[np.float64]] = []
    gap = np.full((1, 3), np.nan)
    for level in levels:
        for points in generator.lines(float(level))[0]:
            if points is not None:
                parts += [np.column_stack([points, np.full(len(points), level)]), gap]
    return np.concatenate(parts) if parts else np.empty((0, 3))
