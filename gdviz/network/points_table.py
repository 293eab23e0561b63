"""Points from any common text: a table in a file, from a spreadsheet's clipboard, typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from gdviz.network.cells import MAX_BYTES, MAX_POINTS, TOO_LARGE, number, read_bytes
from gdviz.network.points import Points, labels_of
from gdviz.network.table.columns import Columns, columns_of
from gdviz.network.table.targets import Targets, targets_of, wrong_number
from gdviz.network.table.text import MAX_LINE, Row, Text, decoded, rows_of
from gdviz.thousands import whole

MOST_PROBLEMS = 50

_AXES = ("x1", "x2")
_VALUE_AXIS = "value"
_VALUE_RANGE = (0.0, 1.0)


@dataclass(frozen=True, slots=True)
class PointsTable:
    """What a text holds.

    Attributes:
        points: those with a label or value.
        questions: x1 and x2 of those that have none, because there is no third column or "?" stands in it.
        regression: whether there are values to learn, rather than labels.
        axes: what x1 and x2 mean.
        value_axis: what a value means, in regression.
        value_range: the lowest and the highest value, never the same; a label is green above the middle.
        notes: what was made of the text, sentences for people.
        problems: what is wrong with lines that were left out, "line 7: 'abc' is not a number"; the last one may say
            how many more there are.
        left_out: how many lines those are.
    """

    points: Points
    questions: tuple[tuple[float, float], ...] = ()
    regression: bool = False
    axes: tuple[str, str] = _AXES
    value_axis: str = _VALUE_AXIS
    value_range: tuple[float, float] = _VALUE_RANGE
    notes: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()
    left_out: int = 0


def read_table(path: Path) -> PointsTable:
    """Points from a file.

    Raises:
        OSError: the file cannot be read.
        ValueError: there is nothing in it that could be used, a sentence for people.
    """
    return parse_table(read_bytes(path))


def parse_table(data: bytes | str) -> PointsTable:
    """Points from the bytes of a file, or from a pasted text.

    Tabs, semicolons, bars, commas or spaces separate the cells; decimals may have a point or a comma. Columns are found
    by the names in a header, or by their order: x1, x2, and the label or value. Any two words or numbers are labels;
    more than two numbers are values; "?" is a question.

    Raises:
        ValueError: there is nothing in it that could be used, a sentence for people.
    """
    text, encoding = _taken_apart(data)
    columns, rows = columns_of(text)
    _check_count(len(rows))
    problems = dict.fromkeys(text.overlong, f"the line is longer than {whole(MAX_LINE)} characters")
    good = _good(rows, columns, problems)
    asked = [row for row in good if _target(row, columns).casefold() in _ASKED]
    told = [row for row in good if _target(row, columns).casefold() not in _ASKED]
    targets = _targets(told, columns)
    if targets:
        problems |= {told[row][0]: wrong for row, wrong in targets.wrong.items()}
        told = [row for row, learned in zip(told, np.isfinite(targets.numbers), strict=True) if learned]
    else:
        asked, told = good, []
    if not (asked or told):
        raise ValueError(f"there is no point in it: {_said(problems)[0]}" if problems else "there is no point in it")
    notes = (
        encoding,
        _decimals(asked + told, columns),
        columns.said,
        _ONE_INPUT if columns.x2 is None else "",
        targets.note if targets else "",
        _ASKED_NOTE.format(whole(len(asked))) if asked else "",
    )
    table = PointsTable(
        Points(),
        questions=tuple(_places(asked, columns)),
        axes=columns.axes or _AXES,
        notes=tuple(filter(None, notes)),
        problems=_said(problems),
        left_out=len(problems),
    )
    if not (targets and told):
        return table
    xy, learned = _places(told, columns), targets.numbers[np.isfinite(targets.numbers)]
    if not targets.regression:
        return replace(table, points=Points.of(xy, learned))
    value_range = _range(learned)
    return replace(
        table,
        points=Points.of(xy, labels_of(learned, value_range), learned),
        regression=True,
        value_axis=columns.target_name or _VALUE_AXIS,
        value_range=value_range,
    )


_ASKED = ("?", "question")
_ONE_INPUT = "There is one input, so x2 is 0 for all points."
_ASKED_NOTE = "Points that are neither red nor green: {}."


def _taken_apart(data: bytes | str) -> tuple[Text, str]:
    """The lines of a text, and what there is to say of its encoding."""
    if isinstance(data, str):
        data = data.encode("utf-8", "replace")
    if len(data) > MAX_BYTES:
        raise ValueError(f"this is {TOO_LARGE}")
    plain, encoding = decoded(data)
    text = rows_of(plain)
    _check_count(len(text.rows) - 1)  # one may be a header
    return text, encoding


def _check_count(count: int) -> None:
    if count > MAX_POINTS:
        raise ValueError(f"there are more than {whole(MAX_POINTS)} points")


def _good(rows: list[Row], columns: Columns, problems: dict[int, str]) -> list[Row]:
    """The rows with a place; what is wrong with the others is added to the problems, by line."""
    good = []
    for line, cells in rows:
        if len(cells) > columns.width:
            problems[line] = f"there are {len(cells)} columns; there should be {columns.width}"
            continue
        words = [cells[column] if column < len(cells) else "" for column in columns.inputs]
        wrong = next(filter(None, map(wrong_number, words, _AXES)), "")
        if wrong:
            problems[line] = wrong
        else:
            good.append((line, cells))
    return good


def _places(rows: list[Row], columns: Columns) -> list[tuple[float, float]]:
    x1, x2 = columns.x1, columns.x2
    return [(number(cells[x1]), 0.0 if x2 is None else number(cells[x2])) for _, cells in rows]


def _target(row: Row, columns: Columns) -> str:
    """What a row says is learned; "" where it does not."""
    cells, column = row[1], columns.target
    return cells[column] if column is not None and column < len(cells) else ""


def _targets(rows: list[Row], columns: Columns) -> Targets | None:
    """What is learned in each row; None where no row says it."""
    words = [_target(row, columns) for row in rows]
    return targets_of(words, holds_values=columns.holds_values) if any(words) else None


def _decimals(good: list[Row], columns: Columns) -> str:
    commas = any("," in cells[column] for _, cells in good for column in columns.inputs)
    return "Decimal commas were read as points." if commas else ""


def _range(values: NDArray[np.float64]) -> tuple[float, float]:
    low, high = float(values.min()), float(values.max())
    if low < high:
        return low, high
    room = max(1.0, abs(low))
    return low - room, high + room


def _said(problems: Mapping[int, str]) -> tuple[str, ...]:
    """What is wrong, line by line; of very many, how many more there are."""
    said = [f"line {line}: {wrong}" for line, wrong in sorted(problems.items())]
    more = len(said) - MOST_PROBLEMS
    return (*said[:MOST_PROBLEMS], f"and {whole(more)} more") if more > 0 else tuple(said)
