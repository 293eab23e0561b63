"""How numbers are written: short ones for reading at a glance, exact ones for fields."""

from __future__ import annotations

import math
import re

from gdviz.descent.surface import FloatArray
from gdviz.thousands import whole as whole


def exact(value: float) -> str:
    """The shortest text that reads back as the same number: 0.001, 5, 1e-07."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    return repr(value)


def short(value: float, digits: int = 4) -> str:
    """A number in a stable width, for tables and labels that change while it plays; a true minus sign."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    size = abs(value)
    text = f"{value + 0.0:.{digits}f}" if size == 0.0 or 1e-3 <= size < 1e4 else f"{value:.{digits - 2}e}"
    return text.replace("-", "−")


def in_words(sentence: str) -> str:
    """A sentence with true minus signs before its numbers, and with spaces between their thousands."""
    spaced = re.sub(r"(?<![\w.])\d{4,}", lambda number: whole(int(number[0])), sentence)
    return re.sub(r"-(?=\d)", "−", spaced)


def as_sentence(text: str) -> str:
    """What an error says, with a capital letter and a full stop; a name with an underscore stays as it is written."""
    first, _, _ = text.partition(" ")
    begun = text if "_" in first else f"{text[:1].upper()}{text[1:]}"
    return begun if begun.endswith((".", "?", "!")) else f"{begun}."


def place(value: float) -> str:
    """A coordinate: four decimals, as long as it is of a size that is seen on a surface."""
    return f"{round(value, 4) + 0.0:.4f}".replace("-", "−") if abs(value) < 1e3 else short(value)


def percent(share: float) -> str:
    """A share as a percentage with one decimal."""
    return "–" if math.isnan(share) else f"{100 * share:.1f} %"


def place_text(w: FloatArray, loss: float, gradient: FloatArray) -> str:
    """What is at a place of a surface, in three lines: where, loss and gradient, each shape (parameters,)."""
    where = "   ".join(f"w{number} {place(value)}" for number, value in enumerate(w.tolist()))
    return f"{where}\nloss {short(loss)}\ngradient {', '.join(map(short, gradient.tolist()))}"
