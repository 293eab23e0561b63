"""From bytes to rows of cells: encodings, line ends, and what separates one cell from the next."""

from __future__ import annotations

import codecs
import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import repeat

from gdviz.network.cells import is_number

Row = tuple[int, list[str]]
"""The number of a line, from 1, and its cells without the empty ones at its end."""

MAX_LINE = 10_000
_MARKS = (  # the marks of UTF-32 begin like those of UTF-16
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
    (codecs.BOM_UTF8, "utf-8"),
)
_SPREADSHEETS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
_NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_WORD = re.compile(r'"((?:[^"]|"")*)"|(\S+)')
_SPACES = " "
_SEPARATORS = ("\t", ";", "|", ",", _SPACES)  # in doubt, the earlier one
_EXPLICIT = re.compile(r"[\t;|]")
_HINT = re.compile(r'"?sep=([\t;|,:])"?', re.IGNORECASE)
_LOOKED_AT, _CELLS_LOOKED_AT = 500, 50


@dataclass(frozen=True, slots=True)
class Text:
    """A table's lines, taken apart.

    Attributes:
        rows: each line that is neither blank nor a comment.
        comment: the last comment before the first row; line 0 where there is none.
        spaced: whether spaces separate the cells.
        overlong: lines longer than ``MAX_LINE``, which are not among the rows.
    """

    rows: list[Row]
    comment: Row
    spaced: bool
    overlong: list[int]


def decoded(data: bytes) -> tuple[str, str]:
    """The text of some bytes, and what there is to say of its encoding ("" where nothing is).

    Raises:
        ValueError: this is no text, a sentence for people.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            try:
                return data.removeprefix(mark).decode(encoding), ""
            except UnicodeDecodeError:
                raise ValueError(f"this begins like {encoding.upper()} text, but is not") from None
    if data.startswith(_SPREADSHEETS):
        raise ValueError("this is a spreadsheet's own file; save it as CSV, or copy its cells and paste them")
    try:
        return data.decode("utf-8"), ""
    except UnicodeDecodeError:
        return data.decode("latin-1"), "The text is not UTF-8, so it was read as Latin-1."


def rows_of(text: str) -> Text:
    """Take a text apart; ValueError where it is binary."""
    if _NOT_TEXT.search(text):
        raise ValueError("this is not text")
    lines = [(line, words) for line, words in enumerate(_lines(text), start=1) if words]
    overlong = [line for line, words in lines if len(words) > MAX_LINE]
    lines = [(line, words) for line, words in lines if len(words) <= MAX_LINE]
    separator = ""
    if lines and (hint := _HINT.fullmatch(lines[0][1])):
        separator, lines = hint.group(1), lines[1:]
    rows = [each for each in lines if not each[1].startswith("#")]
    comments = [each for each in lines if each[1].startswith("#") and rows and each[0] < rows[0][0]]
    separator = separator or _separator(rows)
    number, comment = comments[-1] if comments else (0, "")
    return Text(
        [row for row in ((line, cells_of(words, separator)) for line, words in rows) if row[1]],
        (number, cells_of(comment.lstrip("# "), separator)),
        separator == _SPACES,
        overlong,
    )


def cells_of(line: str, separator: str) -> list[str]:
    """The cells of a line, stripped, without the empty ones at its end."""
    cells = [cell.strip() for cell in _split(line, separator)]
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _split(line: str, separator: str) -> list[str]:
    """All cells of a line, as they are."""
    if separator == _SPACES:
        return [(match[1] or "").replace('""', '"') or match[2] or "" for match in _WORD.finditer(line)]
    if '"' in line:
        return next(csv.reader([line], delimiter=separator, skipinitialspace=True), [])
    return line.split(separator)


def _lines(text: str) -> Iterator[str]:
    """Each line, stripped of spaces at its ends, but not of tabs: those separate cells."""
    return (match[0].strip("\r\n \ufeff") for match in _LINE.finditer(text) if match[0])


def _separator(rows: list[tuple[int, str]]) -> str:
    """What separates the cells: what leaves two numbers in most lines, and the fewest words that are none.

    Where nothing leaves two numbers in any line, it is what leaves the most cells. Empty cells are no words. Spaces are
    not tried where most lines hold a tab, semicolon or bar; commas may be decimal.
    """
    looked_at = [words for _, words in rows[:: max(1, len(rows) // _LOOKED_AT)]]
    explicit = sum(bool(_EXPLICIT.search(line.strip())) for line in looked_at)
    blanks = (" ", *repeat(" \t", _CELLS_LOOKED_AT))  # "1,\t2" are two numbers; "\t1,5" is one, behind an empty cell

    def fitness(separator: str) -> tuple[int, float]:
        fitting, numbers, words, cells = 0, 0, 1, 1
        for line in looked_at:
            found = _split(line, separator)[:_CELLS_LOOKED_AT]
            count = sum(is_number(cell.lstrip(blank).rstrip(" ")) for cell, blank in zip(found, blanks, strict=False))
            fitting += count >= 2
            numbers, cells = numbers + count, cells + len(found)
            words += sum(bool(word.strip()) for cell in found for word in _EXPLICIT.split(cell))
        return fitting, numbers / words if fitting else cells

    return max(_SEPARATORS if 2 * explicit <= len(looked_at) else _SEPARATORS[:-1], key=fitness)
