"""What every reader of points shares: limits, numbers, and words fit for a message."""

from __future__ import annotations

import math
import re
from pathlib import Path

from gdviz.thousands import whole

MAX_POINTS = 100_000
MAX_BYTES = 100 * MAX_POINTS
TOO_LARGE = f"larger than {MAX_BYTES // 1_000_000} MB; allowed are {whole(MAX_POINTS)} points"

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+|\d+,\d+)(e[+-]?\d+)?", re.ASCII | re.IGNORECASE)
_SHOWN = 40


def read_bytes(path: Path) -> bytes:
    """A file's bytes, but never more than one above ``MAX_BYTES``; OSError where it cannot be read."""
    with path.open("rb") as file:
        return file.read(MAX_BYTES + 1)


def number(word: str) -> float:
    """A number, with a decimal point or a decimal comma; NaN where it is none, infinite where it is beyond all."""
    word = word.replace("\N{MINUS SIGN}", "-")
    return float(word.replace(",", ".")) if _NUMBER.fullmatch(word) else math.nan


def is_number(word: str) -> bool:
    """Whether ``number`` makes something of it."""
    return not math.isnan(number(word))


def shortened(word: str) -> str:
    """The word in one line, however long it is."""
    line = " ".join(word.split())
    return line if len(line) <= _SHOWN else line[:_SHOWN] + "…"


def quoted(word: str) -> str:
    """The word for a message of one line, however long or strange it is."""
    return repr(word if len(word) <= _SHOWN else word[:_SHOWN] + "…")
