"""Which columns of a table are x1, x2 and what is learned: by their names, or by their order."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from gdviz.network.cells import is_number, quoted, shortened
from gdviz.network.table.text import MAX_LINE, Row, Text
from gdviz.thousands import whole

_PAIRS = (("x1", "x2"), ("x0", "x1"), ("x", "y"), ("feature1", "feature2"), ("input1", "input2"))
_TELLING_NAMES = (
    *("value", "values", "wert", "label", "labels", "class", "classes", "klasse", "colour", "color", "farbe", "cls"),
    *("target", "output", "result", "group", "category", "type", "grade", "y", "z"),
)
_INDEX_NAMES = ("", "id", "index", "no", "nr", "number", "row", "#")
_VALUE_NAMES = ("value", "values", "wert", "z")
_SAID = 5

ONLY_X1 = "x2"
"""What the axis of x2 is called where there is no column for it."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Where to look in a row.

    Attributes:
        x1: a column, from 0.
        x2: another one; None where what is learned depends on one input alone.
        target: the column that is learned; None where there is none.
        names: of all columns; empty where there is no header.
        width: how many columns a row has.
    """

    x1: int
    x2: int | None
    target: int | None
    names: tuple[str, ...]
    width: int

    @property
    def inputs(self) -> tuple[int, ...]:
        """The columns of x1 and x2, as far as there are any."""
        return (self.x1,) if self.x2 is None else (self.x1, self.x2)

    @property
    def axes(self) -> tuple[str, str] | None:
        """Names of x1 and x2; None where they say no more than that."""
        if not self.names or not all(self.names[column] for column in self.inputs):
            return None
        first, second = (*(shortened(self.names[column]) for column in self.inputs), ONLY_X1)[:2]
        return None if (first.casefold(), second.casefold()) in _PAIRS else (first, second)

    @property
    def target_name(self) -> str:
        """The name of what is learned; "" where there is none."""
        return shortened(self.names[self.target]) if self.names and self.target is not None else ""

    @property
    def holds_values(self) -> bool:
        """Whether the name of what is learned says that it is a value."""
        return _plain(self.target_name) in _VALUE_NAMES

    @property
    def said(self) -> str:
        """Which columns were taken, a sentence; "" where they are the first ones and there are no others."""
        taken = [column for column in (self.x1, self.x2, self.target) if column is not None]
        others = [column for column in range(self.width) if column not in taken]
        if taken == list(range(self.width)):
            return ""
        roles = zip(taken, ("x1", *(() if self.x2 is None else ("x2",)), "what is learned"), strict=False)
        sentence = "Columns: " + ", ".join(f"{self._titled(column)} is {role}" for column, role in roles)
        more = f" and {whole(len(others) - _SAID)} more" if len(others) > _SAID else ""
        return sentence + (f"; left out: {', '.join(map(self._titled, others[:_SAID]))}{more}." if others else ".")

    def _titled(self, column: int) -> str:
        name = shortened(self.names[column]) if self.names else ""
        return quoted(name) if name else f"column {column + 1}"


def columns_of(text: Text) -> tuple[Columns, list[Row]]:
    """The columns that count, and the rows below the header.

    Raises:
        ValueError: there are no two columns of numbers, a sentence for people.
    """
    header, rows = _header_and_rows(text)
    width = _usual([len(cells) for _, cells in rows]) if rows else 0
    if header and width == len(header) + 1:
        header = _completed(header, spaced=text.spaced)
    width = len(header) or width
    plain = [_plain(name) for name in header]
    numeric = _numeric(rows, width)
    places = _only_place(plain, numeric) or _places(plain, numeric)
    if places is None or not rows:
        raise ValueError(_lack(text, rows))
    x1, x2 = places
    return Columns(x1, x2, _target(plain, width, x1, x2), tuple(header), width), rows


def _header_and_rows(text: Text) -> tuple[list[str], list[Row]]:
    """The first line of two or more words and no number; titles above it, of one word, are passed over."""
    for index, (_, cells) in enumerate(text.rows):
        if any(map(is_number, cells)):
            break
        if sum(map(bool, cells)) >= 2:
            return cells, text.rows[index + 1 :]
    width = _usual([len(cells) for _, cells in text.rows]) if text.rows else 0
    fits = len(text.comment[1]) == width >= 2 and not any(map(is_number, text.comment[1]))
    return (text.comment[1] if fits else []), text.rows


def _completed(header: list[str], *, spaced: bool) -> list[str]:
    """A header that has one name too few: R names no column of row names, others not what is learned."""
    if len(header) == 2:
        return [*header, "target"]
    return ["", *header] if spaced else header


def _places(plain: Sequence[str], numeric: Sequence[int]) -> tuple[int, int] | None:
    """x1 and x2: a pair of names, or the first two columns of numbers that are neither learned nor row numbers."""
    for first, second in _PAIRS:
        if first in plain and second in plain:
            return plain.index(first), plain.index(second)
    telling = next((plain.index(name) for name in _TELLING_NAMES if name in plain), None)
    likely = [each for each in numeric if each != telling and not (plain and plain[each] in _INDEX_NAMES)]
    chosen = likely if len(likely) >= 2 else numeric
    return (chosen[0], chosen[1]) if len(chosen) >= 2 else None


def _only_place(plain: Sequence[str], numeric: Sequence[int]) -> tuple[int, None] | None:
    """x1 where it is all there is beside what is learned: of two columns of numbers, the last has a telling name."""
    if len(plain) != 2 or list(numeric) != [0, 1] or tuple(plain) in _PAIRS or plain[0] in _INDEX_NAMES:
        return None
    return (0, None) if plain[1] in _TELLING_NAMES and plain[0] not in _TELLING_NAMES else None


def _target(plain: Sequence[str], width: int, x1: int, x2: int | None) -> int | None:
    """The column of a telling name; otherwise the first behind x1 and x2, or before them, that is no row number."""
    free = [column for column in range(width) if column not in (x1, x2)]
    named = [column for name in _TELLING_NAMES for column in free if plain and plain[column] == name]
    if named:
        return named[0]
    free = [column for column in free if not (plain and plain[column] in _INDEX_NAMES)]
    return min(free, key=lambda column: (column < max(x1, x2 or 0), column), default=None)


def _numeric(rows: Iterable[Row], width: int) -> list[int]:
    """Columns that are numbers for the most part; where there are too few, those that hold a number at all."""
    numbers, words = [0] * width, [0] * width
    for _, cells in rows:
        for column, cell in enumerate(cells[:width]):
            numbers[column] += is_number(cell)
            words[column] += bool(cell)
    mostly = [column for column in range(width) if numbers[column] and 2 * numbers[column] >= words[column]]
    return mostly if len(mostly) >= 2 else [column for column in range(width) if numbers[column]]


def _plain(name: str) -> str:
    """A name without its unit, capitals and signs: "X_1 (cm)" is "x1"."""
    bare = re.sub(r"[(\[].*", "", unicodedata.normalize("NFKC", name)).casefold()
    return "".join(filter(str.isalnum, bare)) or name


def _usual(counts: Iterable[int]) -> int:
    """The most frequent number; of several, the largest."""
    return max(Counter(counts).items(), key=lambda item: (item[1], item[0]))[0]


def _lack(text: Text, rows: Sequence[Row]) -> str:
    if text.overlong and not rows:
        return f"line {text.overlong[0]} is longer than {whole(MAX_LINE)} characters"
    if not rows:
        return "there is nothing below the header" if text.rows else "it is empty"
    line, cells = text.rows[0]
    return f"there are no two columns of numbers; line {line} is {shortened(' '.join(cells))!r}"
