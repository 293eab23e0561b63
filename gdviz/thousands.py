"""How whole numbers are written, in the window and in messages."""

from __future__ import annotations


def whole(value: float) -> str:
    """A whole number with spaces between thousands at which no line is broken."""
    # Rich text takes the thin space that is not to be broken at for one that is.
    return f"{round(value):,}".replace(",", "\u00a0")
