"""What has to be stroked of long lines: a part of their points, and each segment once.

Of several lines at a time: most are short, and NumPy takes longer to begin than to compute. They are one array of
points, in pixels, shape (n, 2), and one of the number of each point's line, shape (n,), in order.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.widgets.in_view_item import FAR

Points = NDArray[np.float64]
Numbers = NDArray[np.intp]

SAME = 0.25
"""Ends of segments that are nearer than so many pixels are one."""

REST = 0.2
"""Steps that are shorter than so many pixels cannot be seen, and a racer at rest makes thousands of them."""

STRAIGHT = 0.12
LOOKS = 4
"""A line that is drawn anew may differ by so many pixels, so many times: half a pixel."""


def strokes(points: Points, line: Numbers) -> Iterator[tuple[int, Points]]:
    """The lines in pieces, each with the number of its line: what is to be seen of them, to half a pixel.

    Points far outside are moved until they are just far enough outside; those that are not finite are left out.
    """
    if not np.isfinite(points).all():
        here = np.isfinite(points).all(axis=1)
        points, line = points[here], line[here]
    return drawn_once(*without_straight(*without_rest(np.clip(points, -FAR, FAR), line)))


def without_rest(points: Points, line: Numbers) -> tuple[Points, Numbers]:
    """Lines without the points that are seen at the same place as the one before; their ends stay."""
    apart = np.diff(np.round(points / REST), axis=0) != 0
    moved = apart[:, 0] | apart[:, 1]  # in a tenth of the time of any()
    at_end = line[1:] != line[:-1]
    kept = np.ones(len(points), dtype=bool)
    kept[1:-1] = moved[:-1] | at_end[:-1] | at_end[1:]
    return points[kept], line[kept]


def without_straight(points: Points, line: Numbers) -> tuple[Points, Numbers]:
    """Lines without the points that lie between their neighbours, nearer than ``STRAIGHT`` to the straight way.

    Every other point is looked at, and so again with what is left: of a smooth line of a thousand points some fifty
    stay, and stroking them costs a tenth. No point is farther from the new line than ``LOOKS`` times as much.
    """
    for _ in range(LOOKS):
        before, here, after = points[:-2:2], points[1:-1:2], points[2::2]
        way, part = after - before, here - before
        length = np.hypot(way[:, 0], way[:, 1])
        beside = np.abs(way[:, 0] * part[:, 1] - way[:, 1] * part[:, 0]) >= STRAIGHT * length
        along = (way * part).sum(axis=1)
        at_end = line[2::2] != line[:-2:2]
        kept = np.ones(len(points), dtype=bool)
        kept[1:-1:2] = at_end | beside | (along < 0) | (along > length * length)
        if kept.all():
            break
        points, line = points[kept], line[kept]
    return points, line


def drawn_once(points: Points, line: Numbers) -> Iterator[tuple[int, Points]]:
    """Lines in pieces, without the segments that lie on earlier ones of the same line.

    An optimizer that cannot rest goes to and fro: of a thousand segments some fifty are left.
    """
    ends = np.round(points / SAME).astype(np.int64) @ (1 << 20, 1)
    low, high = np.minimum(ends[:-1], ends[1:]), np.maximum(ends[:-1], ends[1:])
    between = line[1:] != line[:-1]  # the end of a line and where the next one begins: no segment
    segments = np.stack([high, low, np.where(between, -1, line[1:])])
    order = np.lexsort(segments)  # stable: of those that are alike the first comes first
    new = ~between
    new[order[1:]] &= (np.diff(segments[:, order]) != 0).any(axis=0)
    turns = np.flatnonzero(np.diff(new, prepend=False, append=False))  # where new ones begin and end, in turn
    for start, stop in turns.reshape(-1, 2).tolist():
        yield int(line[start]), points[start : stop + 1]
