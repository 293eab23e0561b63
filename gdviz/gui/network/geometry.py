"""Where a brush hits and what it leaves: pure functions on arrays, no Qt.

The brush works in *canvas units*: the canvas is a square from -6 to 6 whatever extent it shows, so that a brush is as
large on the screen for hours of preparation as for points about the origin. On the usual extent they are x1 and x2.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.network.state import EXTENT
from gdviz.network.points import Points
from gdviz.training.messages import Extent, Float32Array

FloatArray = NDArray[np.float64]
Position = tuple[float, float]

DENSITY = 4.0
"""Points a brush leaves a square canvas unit, in one pass."""

MARGIN = 0.08
"""Free share of the canvas around points that lie beyond the usual extent."""


def to_canvas(*, xy: FloatArray, extent: Extent) -> FloatArray:
    """Positions in canvas units, shape (..., 2)."""
    low, size = np.array(extent[::2]), np.array([extent[1] - extent[0], extent[3] - extent[2]])
    moved: FloatArray = (np.asarray(xy) - low) / size * 12.0 - 6.0
    return moved


def from_canvas(*, units: FloatArray, extent: Extent) -> FloatArray:
    """Positions in x1 and x2, shape (..., 2)."""
    low, size = np.array(extent[::2]), np.array([extent[1] - extent[0], extent[3] - extent[2]])
    moved: FloatArray = low + (np.asarray(units) + 6.0) / 12.0 * size
    return moved


def inside(*, xy: FloatArray, extent: Extent) -> NDArray[np.bool_]:
    """Which positions, shape (n, 2), lie within the extent."""
    x, y = np.asarray(xy).T
    within: NDArray[np.bool_] = (x >= extent[0]) & (x <= extent[1]) & (y >= extent[2]) & (y <= extent[3])
    return within


def extent_of(*, points: Points) -> Extent:
    """The usual extent where all points lie within it, otherwise one around them with a margin."""
    if not len(points) or inside(xy=points.xy, extent=EXTENT).all():
        return EXTENT
    low, high = points.xy.min(axis=0), points.xy.max(axis=0)
    size = np.where(high > low, high - low, np.maximum(np.abs(high), 1.0))
    low, high = low - MARGIN * size, high + MARGIN * size
    return float(low[0]), float(high[0]), float(low[1]), float(high[1])


def drop_spacing(*, radius: float) -> float:
    """Way between two sprayed points, so that a wide brush covers its area as densely as a narrow one."""
    return 1.0 / (DENSITY * 2.0 * radius)


def drops_along(*, start: Position, end: Position, carried: float, spacing: float) -> tuple[FloatArray, float]:
    """Where a brush lets go of a point on a straight way, whatever the speed of the mouse.

    Args:
        start: of this piece of the stroke, canvas units.
        end: of this piece of the stroke.
        carried: way since the last point at start.
        spacing: way between points.

    Returns:
        positions, shape (n, 2), and the way since the last of them at end.
    """
    way = np.subtract(end, start)
    length = float(np.hypot(*way))
    along = np.arange(spacing - carried, length, spacing)
    if not len(along):
        return np.empty((0, 2)), carried + length
    return np.asarray(start) + along[:, None] / length * way, length - float(along[-1])


def sprayed(*, centres: FloatArray, radius: float, rng: np.random.Generator) -> FloatArray:
    """A random position in the disc around each centre, shape (n, 2), canvas units; none of them off the canvas."""
    distance = radius * np.sqrt(rng.random(len(centres)))
    angle = rng.random(len(centres)) * 2.0 * np.pi
    units = centres + distance[:, None] * np.column_stack([np.cos(angle), np.sin(angle)])
    return np.asarray(units[inside(xy=units, extent=EXTENT)])


def erased(*, points: Points, extent: Extent, start: Position, end: Position, radius: float) -> Points:
    """The points not within radius (canvas units) of the way from start to end; the same object where all stay."""
    if not len(points):
        return points
    offset = to_canvas(xy=points.xy, extent=extent) - np.asarray(start)
    way = np.subtract(end, start)
    square = float(way @ way)
    share = np.clip(offset @ way / square, 0.0, 1.0) if square else np.zeros(len(points))
    keep = ((offset - share[:, None] * way) ** 2).sum(axis=1) > radius**2
    return points if keep.all() else Points.of(points.xy[keep], points.labels[keep])


def probability_at(*, boundary: Float32Array, extent: Extent, x1: float, x2: float) -> float | None:
    """The boundary's value at a place (nearest pixel); None off the canvas."""
    rows, columns = boundary.shape
    if not (extent[0] <= x1 <= extent[1] and extent[2] <= x2 <= extent[3]):
        return None
    column = min(int((x1 - extent[0]) / (extent[1] - extent[0]) * columns), columns - 1)
    row = min(int((x2 - extent[2]) / (extent[3] - extent[2]) * rows), rows - 1)
    return float(boundary[row, column])
