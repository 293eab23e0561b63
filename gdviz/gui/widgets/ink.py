"""How much of a view a line covers, and how faint it is drawn so that what lies beneath it stays to be seen."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.widgets.in_view_item import FAR

Points = NDArray[np.float64]

ROOM = 0.12
"""The share of the view that a line may cover before it is drawn fainter. A smooth one covers some hundredths of it,
one that goes to and fro across the view for a thousand steps nearly all."""

FAINTEST = 0.3
"""The least strength: so opaque, and so much of its width, is a line that covers everything."""

TAIL = 12
"""The last steps of a faint line are drawn as they are: where it is, and how it goes to and fro."""

CELL = 16.0
"""What is drawn on itself covers no more: it is counted in squares of so many pixels, none of them more than full."""

MOST_SEGMENTS = 250
MOST_LOOKS = 40
"""So many segments of a line are looked at, at one place for each ``CELL`` of their length, so many at most."""


def strength(points: Points, size: tuple[float, float], width: float) -> float:
    """How strong a line is to be drawn: 1 as it is, less where it would cover more of the view than ``ROOM``.

    Args:
        points: in pixels, shape (n, 2); the view begins at (0, 0).
        size: width and height of the view, in pixels.
        width: of the line, in pixels.
    """
    if not np.isfinite(points).all():
        points = points[np.isfinite(points).all(axis=1)]
    points = np.clip(points, -FAR, FAR)
    area = max(size[0] * size[1], 1.0)
    if np.abs(np.diff(points, axis=0)).sum() * width <= ROOM * area:  # its length at most; most are as short
        return 1.0
    return float(np.clip(ROOM * area / max(_covered(points, size, width), 1.0), FAINTEST, 1.0))


def _covered(points: Points, size: tuple[float, float], width: float) -> float:
    """The square pixels of the view that a line covers, about."""
    every = -(-len(points) // MOST_SEGMENTS)  # which stands for those it is picked from
    start, way = points[:-1:every], np.diff(points, axis=0)[::every]
    lengths = np.hypot(*way.T)
    looks = np.clip(lengths / CELL, 1, MOST_LOOKS).astype(np.intp)
    segment = np.repeat(np.arange(len(way)), looks)
    number = np.arange(len(segment)) - np.repeat(np.cumsum(looks) - looks, looks)  # of each look, in its segment
    places = start[segment] + ((number + 0.5) / looks[segment])[:, None] * way[segment]
    segment, places = (part[((places >= 0.0) & (places < size)).all(axis=1)] for part in (segment, places))
    column, row = (places // CELL).astype(np.intp).T
    columns, rows = (int(pixels // CELL) + 1 for pixels in size)
    cells = np.bincount(row * columns + column, (lengths / looks)[segment] * width * every, rows * columns)
    return float(np.minimum(cells, CELL * CELL).sum())
