"""What went wrong, in words for people."""

from __future__ import annotations

_LONGEST = 500  # Keras's own messages can fill pages


def said(error: Exception) -> str:
    """An exception on one line: those raised for people as they are, others with their kind."""
    text = " ".join(str(error).split())
    words = text if isinstance(error, ValueError | OSError) else f"{type(error).__name__}: {text}"
    return words if len(words) <= _LONGEST else words[: _LONGEST - 1] + "…"
