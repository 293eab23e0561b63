"""Points as CSV: header ``x,y,label``, then a line a point; label is red or green."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator
from pathlib import Path

from gdviz.files import write_atomically
from gdviz.network.points import LABELS, Points

HEADER = ("x", "y", "label")
MAX_POINTS = 100_000
_MAX_BYTES = 100 * MAX_POINTS


def write_points(path: Path, points: Points) -> None:
    """Write points, digits enough to read the very same ones back; OSError where the file cannot be written."""
    lines = [",".join(HEADER)]
    lines += [
        f"{x!r},{y!r},{LABELS[label]}" for (x, y), label in zip(points.xy.tolist(), points.labels.tolist(), strict=True)
    ]
    write_atomically(path, ("\n".join(lines) + "\n").encode())


def read_points(path: Path) -> Points:
    """Read points; a byte-order mark, CRLF, blank lines and capital letters are welcome.

    Raises:
        OSError: the file cannot be read.
        ValueError: "line N: " and what is wrong there.
    """
    with path.open("rb") as file:
        data = file.read(_MAX_BYTES + 1)
    if len(data) > _MAX_BYTES:
        raise ValueError(
            f"line 1: the file is larger than {_MAX_BYTES // 1_000_000} MB; allowed are {MAX_POINTS:,} points"
        )
    return parse_points(data)


def parse_points(data: bytes) -> Points:
    """Points from the bytes of a CSV file; ValueError as for ``read_points``."""
    rows = _rows(_decode(data))
    try:
        line, header = next(rows)
    except StopIteration:
        raise ValueError(f"line 1: the file is empty; the first line must be {','.join(HEADER)}") from None
    if tuple(word.lower() for word in header) != HEADER:
        raise ValueError(f"line {line}: the header is {_quoted(','.join(header))}; it must be {','.join(HEADER)}")
    xy: list[tuple[float, float]] = []
    labels: list[int] = []
    for line, row in rows:
        if len(xy) == MAX_POINTS:
            raise ValueError(f"line {line}: there are more than {MAX_POINTS:,} points")
        if len(row) != len(HEADER):
            raise ValueError(f"line {line}: there are {len(row)} columns; there must be three: {','.join(HEADER)}")
        xy.append((_number(line, "x", row[0]), _number(line, "y", row[1])))
        labels.append(_label(line, row[2]))
    return Points.of(xy, labels)


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
    try:
        value = float(word) if word.isascii() and "_" not in word else math.nan
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ValueError(f"line {line}: {column} is {_quoted(word)}; it must be a number such as -1.5")
    return value


def _label(line: int, word: str) -> int:
    try:
        return LABELS.index(word.lower())
    except ValueError:
        raise ValueError(f"line {line}: the label is {_quoted(word)}; it must be red or green") from None


def _quoted(word: str) -> str:
    """The word for a message of one line, however long or strange it is."""
    return repr(word if len(word) <= 40 else word[:40] + "…")
