"""Lines of equal output on the canvas: which ones, and where they run. Pure functions, no Qt."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from typing import Any, cast

import contourpy
import numpy as np
from numpy.typing import NDArray

from gdviz.training.messages import Extent, Float32Array

Range = tuple[float, float]
Line = NDArray[np.float64]
"""A piece of a line: x1 and x2, shape (k, 2)."""

UNIT: Range = (0.0, 1.0)
USUAL_SHARES = (0.1, 0.25, 0.5, 0.75, 0.9)
MOST = 9
TINY = np.float32(1e-6)

_USUAL: dict[str, Any] = {
    "corner_mask": True,
    "line_type": contourpy.LineType.Separate,
    "fill_type": contourpy.FillType.OuterOffset,
    "quad_as_tri": False,
    "z_interp": contourpy.ZInterp.Linear,
}
"""What ``contourpy.contour_generator`` would choose: choosing it again for each frame takes longer than the lines."""


def middle(ends: Range) -> float:
    """Where the two colours meet: one half of a probability."""
    return ends[0] / 2.0 + ends[1] / 2.0


def usual_levels(ends: Range) -> tuple[float, ...]:
    """Five outputs between the two ends of the colours."""
    low, high = ends
    return tuple(float(f"{low + share * (high - low):.4g}") for share in USUAL_SHARES)


def parse_levels(text: str, ends: Range) -> tuple[float, ...]:
    """Outputs that were typed, rising and all different.

    Args:
        text: numbers with commas, semicolons or spaces between them. With semicolons, they may have decimal commas;
            without, commas are decimal where the numbers between them are no levels, as in 0,2 0,8.
        ends: what they have to lie between.

    Raises:
        ValueError: what was wrong, and what is allowed.
    """
    commas = re.sub(r"(?<=\d),(?=\d)", ".", text)
    if ";" in text:
        return _levels(commas, ends)
    try:
        return _levels(text, ends)
    except ValueError:
        if "." not in text and commas != text:  # 0,5 is no two levels, but may well be one
            with suppress(ValueError):
                return _levels(commas, ends)
        raise


def _levels(text: str, ends: Range) -> tuple[float, ...]:
    low, high = ends
    allowed = f"allowed are 1 to {MOST} numbers between {low:g} and {high:g}"
    words = [word for word in re.split(r"[\s,;]+", text.strip()) if word]
    levels = set()
    for word in words:
        try:
            level = float(word.replace("−", "-"))
        except ValueError:
            raise ValueError(f"{word!r} is not a number; {allowed}") from None
        if not low < level < high:
            raise ValueError(f"{word} is not between {low:g} and {high:g}; {allowed}")
        levels.add(level)
    if not 1 <= len(levels) <= MOST:
        raise ValueError(f"{len(levels) or 'no'} numbers; {allowed}")
    return tuple(sorted(levels))


def isolines(
    *, boundary: Float32Array, extent: Extent, levels: Sequence[float], ends: Range = UNIT
) -> list[list[Line]]:
    """Where the boundary crosses each of the levels: pieces of lines, none where it is not finite.

    A sharp boundary is a step from 0 to 1 within a pixel, and its contour a staircase. Its logit is nearly straight
    there, so the line is where that crosses the logit of the level. Values have no logit; they are taken as they are.

    Args:
        boundary: shape (rows, columns), row 0 at the bottom.
        extent: what it covers.
        levels: outputs.
        ends: of the colours; those of a probability are 0 and 1.
    """
    rows, columns = boundary.shape
    if rows < 2 or columns < 2:
        return [[] for _ in levels]
    heights, at = boundary, np.asarray(levels, np.float32)
    if ends == UNIT:
        heights, at = _logit(np.clip(boundary, 0.0, 1.0)), _logit(at)
    finite = np.isfinite(heights)
    mask = cast(Any, None if finite.all() else ~finite)
    made = contourpy.SerialContourGenerator(*_grid(extent, rows, columns), heights.astype(np.float64), mask, **_USUAL)
    return [cast(list[Line], made.lines(float(level))) for level in at]


def half_lines(*, boundary: Float32Array, extent: Extent, ends: Range = UNIT) -> list[Line]:
    """Where the boundary crosses the middle between its ends: one half of a probability."""
    return isolines(boundary=boundary, extent=extent, levels=(middle(ends),), ends=ends)[0]


@lru_cache(maxsize=4)
def _grid(extent: Extent, rows: int, columns: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """x1 and x2 of the pixels' centres, shape (rows, columns) each; the same from frame to frame."""
    x = extent[0] + (np.arange(columns) + 0.5) / columns * (extent[1] - extent[0])
    y = extent[2] + (np.arange(rows) + 0.5) / rows * (extent[3] - extent[2])
    first, second = np.meshgrid(x, y)
    return first, second


def _logit(chance: Float32Array) -> Float32Array:
    made: Float32Array = np.log((chance + TINY) / (1.0 - chance + TINY))
    return made
