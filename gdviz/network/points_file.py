"""Points as CSV, the strict form: header ``x,y,label`` (red or green) or ``x,y,value``, then a line a point."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from gdviz.files import write_atomically
from gdviz.network.cells import MAX_BYTES, MAX_POINTS, TOO_LARGE, number, quoted, read_bytes
from gdviz.network.points import LABELS, Points, labels_of
from gdviz.thousands import whole

HEADER = ("x", "y", "label")
VALUE_HEADER = ("x", "y", "value")


def write_points(path: Path, points: Points, *, values: bool = False) -> None:
    """Write points, digits enough to read the very same ones back; OSError where the file cannot be written.

    Args:
        path: where to.
        points: whatever there is.
        values: write their values, for regression, rather than their labels.
    """
    targets = map(repr, points.values.tolist()) if values else map(LABELS.__getitem__, points.labels.tolist())
    lines = [",".join(VALUE_HEADER if values else HEADER)]
    lines += [f"{x!r},{y!r},{target}" for (x, y), target in zip(points.xy.tolist(), targets, strict=True)]
    write_atomically(path, ("\n".join(lines) + "\n").encode())


def read_points(path: Path) -> Points:
    """Read points; a byte-order mark, CRLF, blank lines and capital letters are welcome.

    Points with values are labelled green above the middle of the values' range; see ``Points.has_values``.

    Raises:
        OSError: the file cannot be read.
        ValueError: "line N: " and what is wrong there.
    """
    data = read_bytes(path)
    if len(data) > MAX_BYTES:
        raise ValueError(f"line 1: the file is {TOO_LARGE}")
    return parse_points(data)


def parse_points(data: bytes) -> Points:
    """Points from the bytes of a CSV file; ValueError as for ``read_points``."""
    rows = _rows(_decode(data))
    try:
        line, header = next(rows)
    except StopIteration:
        raise ValueError(f"line 1: the file is empty; the first line must be {','.join(HEADER)}") from None
    names = tuple(word.lower() for word in header)
    if names not in _TARGETS:
        allowed = " or ".join(map(",".join, _TARGETS))
        raise ValueError(f"line {line}: the header is {quoted(','.join(header))}; it must be {allowed}")
    xy: list[tuple[float, float]] = []
    targets: list[float] = []
    for line, row in rows:
        if len(xy) == MAX_POINTS:
            raise ValueError(f"line {line}: there are more than {whole(MAX_POINTS)} points")
        if len(row) != len(names):
            raise ValueError(f"line {line}: there are {len(row)} columns; there must be three: {','.join(names)}")
        xy.append((_number(line, "x", row[0]), _number(line, "y", row[1])))
        targets.append(_TARGETS[names](line, row[2]))
    if names == HEADER or not xy:
        return Points.of(xy, targets)
    values = np.array(targets)
    return Points.of(xy, labels_of(values, (min(targets), max(targets))), values)


def _decode(data: bytes) -> str:
    binary = data.find(b"\0")
    if binary >= 0:
        raise ValueError(f"line {_line_of(data, binary)}: this is not a text file")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ValueError(f"line {_line_of(data, error.start)}: the text is not UTF-8") from None


def _line_of(data: bytes, position: int) -> int:
    return len(data[: position + 1].splitlines())


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    """Line number and stripped cells of each line that is not blank."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        for row in reader:
            cells = [cell.strip() for cell in row]
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise ValueError(f"line {reader.line_num}: {error}") from None


def _number(line: int, column: str, word: str) -> float:
    value = number(word) if word.isascii() and "," not in word else math.nan
    if not math.isfinite(value):
        raise ValueError(f"line {line}: {column} is {quoted(word)}; it must be a number such as -1.5")
    return value


def _label(line: int, word: str) -> int:
    try:
        return LABELS.index(word.lower())
    except ValueError:
        raise ValueError(f"line {line}: the label is {quoted(word)}; it must be red or green") from None


def _value(line: int, word: str) -> float:
    return _number(line, "the value", word)


_TARGETS: dict[tuple[str, ...], Callable[[int, str], float]] = {HEADER: _label, VALUE_HEADER: _value}
