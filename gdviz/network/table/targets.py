"""What the third column of a table says: labels in any two words, or values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.network.cells import is_number, number, quoted
from gdviz.network.points import GREEN, LABELS, RED
from gdviz.thousands import whole

LARGEST = 1e30
"""Beyond this, squares do not fit into the numbers that Keras computes with."""

_WORDS = {
    RED: "red r rot orange o 0 -1 false f no n off bad poor negative neg - fail failed low nein falsch schlecht",
    GREEN: "green g grün gruen blue b 1 true t yes y on good positive pos + pass passed high ja wahr gut",
}
_MEANING = {word: label for label, words in _WORDS.items() for word in words.split()}
_FEW = 0.5


@dataclass(frozen=True, slots=True)
class Targets:
    """What is learned, row by row.

    Attributes:
        numbers: labels (0 or 1) or values, shape (n,); NaN where a row has neither.
        regression: whether they are values.
        note: which word became green; "" where that goes without saying.
        wrong: what is wrong with each row of NaN.
    """

    numbers: NDArray[np.float64]
    regression: bool
    note: str
    wrong: dict[int, str]


def wrong_number(word: str, column: str) -> str:
    """What is wrong with a word that should be a number in a column; "" where nothing is."""
    if not word:
        return f"{column} is missing"
    if not is_number(word):
        return f"{quoted(word)} is not a number"
    return "" if abs(number(word)) <= LARGEST else f"{quoted(word)} is too large"


def targets_of(words: Sequence[str], *, holds_values: bool) -> Targets:
    """Labels or values: more than two different numbers are values.

    Args:
        words: the third column's.
        holds_values: whether its name says that these are values.

    Raises:
        ValueError: there are too many different words for labels, a sentence for people.
    """
    counts = Counter(_canonical(word) for word in words if word)
    numeric = [word for word in counts if is_number(word)]
    share = sum(counts[word] for word in numeric) / max(1, counts.total())
    if numeric and share >= _FEW and (holds_values or len(numeric) > 2):
        wrong = {row: why for row, word in enumerate(words) if (why := wrong_number(word, "the value"))}
        return Targets(_numbers(words, wrong), True, "", wrong)
    red, green = _two_of(counts)
    meaning = {red: float(RED), green: float(GREEN)}
    written = {_canonical(word): word for word in reversed(words) if word}
    either = " or ".join(quoted(written[word]) for word in (red, green) if word in written)
    labels, wrong = np.full(len(words), np.nan), {}
    for row, word in enumerate(words):
        label = meaning.get(_canonical(word)) if word else None
        if label is None:
            wrong[row] = f"the label is {quoted(word)}, not {either}" if word else "the label is missing"
        else:
            labels[row] = label
    said = [
        f"{quoted(written[word])} became {LABELS[label]}"
        for word, label in ((green, GREEN), (red, RED))
        if word in written
    ]
    plain = {red, green} <= {*LABELS, None}
    return Targets(labels, False, "" if plain else ", ".join(said) + ".", wrong)


def _numbers(words: Sequence[str], wrong: dict[int, str]) -> NDArray[np.float64]:
    return np.array([np.nan if row in wrong else number(word) for row, word in enumerate(words)])


def _canonical(word: str) -> str:
    """Words alike but for capitals are one; so are numbers alike but for how they are written."""
    return repr(number(word) + 0.0).removesuffix(".0") if is_number(word) else " ".join(word.casefold().split())


def _two_of(counts: Counter[str]) -> tuple[str | None, str | None]:
    """The words that are red and green: of more than two, the most frequent; None where all points are alike."""
    two = sorted(sorted(counts, key=lambda word: (-counts[word], word not in LABELS, word not in _MEANING, word))[:2])
    if sum(counts[word] for word in two) < _FEW * counts.total():
        first = ", ".join(quoted(word) for word in list(counts)[:3])
        raise ValueError(f"the third column has {whole(len(counts))} different words ({first}, …); labels are two")
    if len(two) == 1:
        (only,) = two
        known = _MEANING.get(only, GREEN if is_number(only) and number(only) > 0.0 else RED)
        return (None, only) if known == GREEN else (only, None)
    if all(map(is_number, two)):
        red, green = sorted(two, key=number)
        return red, green
    red, green = two
    turned = (
        _MEANING.get(red, GREEN) == GREEN and _MEANING.get(green, RED) == RED and not _MEANING.keys().isdisjoint(two)
    )
    return (green, red) if turned or red == LABELS[GREEN] or green == LABELS[RED] else (red, green)
