"""Which racer is drawn on top."""

from __future__ import annotations


def drawn_order(count: int, selected: int) -> list[int]:
    """The indices of racers in the order in which they are drawn: the selected one last, and so on top."""
    return sorted(range(count), key=lambda index: index == selected)
