"""Which racer is drawn on top, and how large balls are."""

from __future__ import annotations

BALL, SMALL_BALL = 1.75, 0.75
"""Diameters in grid units; small are all balls while a step is taken apart: most arrows begin in several of them, and
short ones would not be seen."""


def drawn_order(count: int, selected: int) -> list[int]:
    """The indices of racers in the order in which they are drawn: the selected one last, and so on top."""
    return sorted(range(count), key=lambda index: index == selected)
