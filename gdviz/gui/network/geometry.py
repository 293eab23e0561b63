"""Where a brush hits and what it leaves: pure functions on arrays, no Qt.

The brush works in *canvas units*: the canvas is a square from -6 to 6 whatever extent it shows, so that a brush is as
large on the screen for hours of preparation as for points about the origin. On the usual extent they are x1 and x2.
"""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.network.state import EXTENT
from gdviz.network.points import Points
from gdviz.training.messages import Extent, Float32Array

FloatArray = NDArray[np.float64]
Position = tuple[float, float]

HALF = 6.0
"""Half the side of the canvas, in canvas units."""

MARGIN = 0.08
"""Free share of the canvas around points that lie beyond the usual extent."""

_PARTS = 10
"""A rounded range has about as many round steps."""

_NARROWEST, _LEAST = 1e-6, 1e-100
"""The least size of a rounded range: as a share of its larger end, and at all."""

_STEPS = (0.1, 0.2, 0.5, 1.0)


def to_canvas(*, xy: FloatArray, extent: Extent) -> FloatArray:
    """Positions in canvas units, shape (..., 2)."""
    low, size = np.array(extent[::2]), np.array([extent[1] - extent[0], extent[3] - extent[2]])
    moved: FloatArray = (np.asarray(xy) - low) / size * 2 * HALF - HALF
    return moved


def from_canvas(*, units: FloatArray, extent: Extent) -> FloatArray:
    """Positions in x1 and x2, shape (..., 2)."""
    low, size = np.array(extent[::2]), np.array([extent[1] - extent[0], extent[3] - extent[2]])
    moved: FloatArray = low + (np.asarray(units) + HALF) / (2 * HALF) * size
    return moved


def on_canvas(units: FloatArray) -> FloatArray:
    """The nearest positions on the canvas, shape (..., 2), canvas units."""
    return np.clip(units, -HALF, HALF)


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


def rounded_extent_of(*, points: Points) -> Extent:
    """A range around the points whose ends are round numbers; it begins at 0 where a little room would lead below it.

    There must be points.
    """
    ends: list[float] = []
    for low, high in zip(points.xy.min(axis=0).tolist(), points.xy.max(axis=0).tolist(), strict=True):
        size = max(high - low, _NARROWEST * max(abs(low), abs(high)), _LEAST) if low < high else max(abs(high), 1.0)
        power = 10.0 ** math.floor(math.log10(size))
        step = next(share * power for share in _STEPS if share * power >= size / _PARTS)
        room = MARGIN * size if low < high else size
        start, end = 0.0 if low - room < 0.0 < high and low >= 0.0 else low - room, high + room
        ends += [float(f"{step * part:.12g}") for part in (math.floor(start / step), math.ceil(end / step))]
    left, right, below, above = ends
    return left, right, below, above


def drop_spacing(*, radius: float, density: float) -> float:
    """Way between two sprayed points, so that a wide brush covers its area as densely as a narrow one.

    Args:
        radius: of the brush, canvas units.
        density: points that it leaves a square canvas unit, in one pass.
    """
    return 1.0 / (density * 2.0 * radius)


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


def near_way(*, units: FloatArray, start: Position, end: Position, radius: float) -> NDArray[np.bool_]:
    """Which positions, shape (n, 2), are within radius of the way from start to end; canvas units all."""
    offset = units - np.asarray(start)
    way = np.subtract(end, start)
    square = float(way @ way)
    share = np.clip(offset @ way / square, 0.0, 1.0) if square else np.zeros(len(units))
    near: NDArray[np.bool_] = ((offset - share[:, None] * way) ** 2).sum(axis=1) <= radius**2
    return near


def nearest(*, units: FloatArray, at: Position, reach: float) -> int | None:
    """The position, of shape (n, 2), that is nearest to a place; None where none is within reach."""
    if not len(units):
        return None
    squares = ((units - np.asarray(at)) ** 2).sum(axis=1)
    index = int(squares.argmin())
    return index if squares[index] <= reach**2 else None


def in_box(*, units: FloatArray, corner: Position, other: Position) -> NDArray[np.bool_]:
    """Which positions, shape (n, 2), lie within the rectangle between two opposite corners."""
    low, high = np.minimum(corner, other), np.maximum(corner, other)
    return np.asarray(((units >= low) & (units <= high)).all(axis=1))


def shift_within(*, units: FloatArray, shift: Position) -> FloatArray:
    """As much of a shift, shape (2,), as leaves all these positions, shape (n, 2), on the canvas."""
    room = -HALF - units.min(axis=0), HALF - units.max(axis=0)
    allowed: FloatArray = np.clip(shift, np.minimum(room[0], 0.0), np.maximum(room[1], 0.0))
    return allowed


def probability_at(*, boundary: Float32Array, extent: Extent, x1: float, x2: float) -> float | None:
    """The boundary's value at a place, between the centres of its pixels in proportion; None off the canvas."""
    if not (extent[0] <= x1 <= extent[1] and extent[2] <= x2 <= extent[3]):
        return None
    rows, columns = boundary.shape
    across, to_right = _between(x1, extent[:2], columns)
    upwards, to_top = _between(x2, extent[2:], rows)
    four = boundary[np.ix_(upwards, across)].astype(np.float64)
    return float(to_top @ four @ to_right)


def _between(at: float, span: tuple[float, float], pixels: int) -> tuple[NDArray[np.int64], FloatArray]:
    """The pixels whose centres are next to a place, and their shares; beyond the last centre that pixel alone."""
    place = min(max((at - span[0]) / (span[1] - span[0]) * pixels - 0.5, 0.0), pixels - 1.0)
    share = place - int(place)
    if not share:
        return np.array([int(place)]), np.ones(1)
    return np.array([int(place), int(place) + 1]), np.array([1.0 - share, share])
