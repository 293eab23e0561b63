"""Ticks of a logarithmic axis that are few enough to be read, however low the plot."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QFontMetricsF

_MANTISSAS = ((1, 2, 3, 4, 5, 6, 7, 8, 9), (1, 2, 5), (1, 3), (1,))
_LINES_APART = 1.9
"""Distance of two ticks at least, in heights of their text."""


def log_ticks(low: float, high: float, most: int) -> NDArray[np.float64]:
    """Logarithms at which an axis has ticks, rising.

    Args:
        low: the lower end of the axis, as a logarithm to the base 10.
        high: its upper end.
        most: there is room for so many.

    Returns:
        The finest of tenths, 1-2-5, 1-3 or powers of ten that fit; every so many powers of ten where they do not. Where
        none of these numbers lies within, numbers of two digits do.
    """
    powers = np.arange(np.floor(low), np.ceil(high) + 1.0)
    for mantissas in _MANTISSAS:
        ticks = (powers[:, None] + np.log10(mantissas)).ravel()
        ticks = ticks[(low <= ticks) & (ticks <= high)]
        if len(ticks) <= most:
            break
    if len(ticks) > most:
        return np.asarray(ticks[:: -(-len(ticks) // max(1, most))])
    if len(ticks) > 1 or most < 2:
        return np.asarray(ticks)
    rounded = [float(f"{10.0**place:.2g}") for place in np.linspace(low, high, min(most, 4) + 2)[1:-1]]
    between = np.log10(np.unique(rounded))
    return np.asarray(between[(low <= between) & (between <= high)])


def make_logarithmic(axis: pg.AxisItem, logarithmic: bool) -> None:
    """Have an upright axis write powers of ten, or not."""
    axis.setLogMode(y=logarithmic)
    axis.logTickValues = lambda low, high, size, _: [(1.0, list(log_ticks(low, high, room_for(axis, size))))]
    axis.logTickStrings = lambda values, scale, spacing: [f"{10.0**value:.2g}" for value in values]


def room_for(axis: pg.AxisItem, pixels: float) -> int:
    """The most ticks that an upright axis has room for."""
    height = QFontMetricsF(axis.style["tickFont"] or axis.font()).height()
    return max(2, int(pixels / (_LINES_APART * height)))
