"""Ticks of the axis of epochs: as many as stand apart."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QFontMetricsF

_APART = 0.6
"""Distance of two texts at least, in heights of them."""


def epoch_ticks(last: float, room: Callable[[list[float]], float]) -> list[float]:
    """Whole epochs from 0 on, in steps of 1, 2 or 5 times a power of ten.

    Args:
        last: the end of the axis.
        room: the epochs that the widest text of such ticks takes on the axis, its distance to the next one included.
    """
    power = 10.0 ** max(0, math.floor(math.log10(max(1.0, last))) - 1)
    for step in (power * 10.0**tens * digit for tens in itertools.count() for digit in (1, 2, 5)):
        ticks = [float(tick) for tick in np.arange(0.0, last + step / 2, step) if tick <= last]
        if room(ticks) <= step or len(ticks) == 1:
            return ticks
    raise AssertionError


def short_epochs(values: list[float]) -> list[str]:
    """Short texts: 500, 20k, 1.5M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if max(values, default=0.0) >= size and not any(value % (size / 10) for value in values):
            return [f"{value / size:g}{letter}" for value in values]
    return [f"{value:g}" for value in values]


def tick_epochs(axis: pg.AxisItem) -> None:
    """Have a lying axis count epochs."""

    def ticks(low: float, high: float, pixels: float) -> list[tuple[float, list[float]]]:
        metrics = QFontMetricsF(axis.style["tickFont"] or axis.font())
        apart = _APART * metrics.height()

        def room(values: list[float]) -> float:
            widest = max(metrics.horizontalAdvance(text) for text in short_epochs(values))
            return (widest + apart) * (high - low) / max(1.0, pixels)

        chosen = epoch_ticks(high, room)
        return [(chosen[1] if len(chosen) > 1 else high, chosen)]

    axis.tickValues = ticks
    axis.tickStrings = lambda values, scale, spacing: short_epochs(values)
