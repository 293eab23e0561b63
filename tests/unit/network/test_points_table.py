"""Points from any common text: whatever way they are written, the same points; whatever else it is, a sentence."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from gdviz.network.points import GREEN, RED, Points
from gdviz.network.points_file import MAX_POINTS, write_points
from gdviz.network.points_table import MOST_PROBLEMS, PointsTable, parse_table, read_table
from gdviz.network.table.text import rows_of
from gdviz.thousands import whole

Place = tuple[float, float]

NUMBERS = st.floats(-1e30, 1e30) | st.floats(-9, 9) | st.integers(-50, 50).map(float)
PAIRS = [
    *[("red", "green"), ("RED", "Green"), ("r", "g"), ("0", "1"), ("-1", "1"), ("0.0", "1.0"), ("false", "true")],
    *[("no", "yes"), ("n", "y"), ("bad", "good"), ("Orange", "Blue"), ("rot", "grün"), ("fail", "pass"), ("-", "+")],
]
OTHER_PAIRS = [("cat", "dog"), ("class A", "class B"), ("1", "2"), ("-5.5", "0"), ("poor", "rich"), ("red", "blue")]
HEADERS = [
    *[("x", "y", "label"), ("x1", "x2", "y"), ("X_1", "X_2", "Class"), ("x0", "x1", "target"), ("x", "y", "Colour")],
    *[("preparation (h)", "length (h)", "grade"), ("Länge", "Breite", "Klasse")],
]


@dataclass
class Style:
    """A way to write a table."""

    separator: str
    comma: bool
    quoted: bool
    end: str
    blank_lines: bool
    encoding: str

    def written(self, rows: list[list[str]]) -> str | bytes:
        out = io.StringIO(newline="")
        quoting = csv.QUOTE_ALL if self.quoted else csv.QUOTE_MINIMAL
        writer = csv.writer(out, delimiter=self.separator, quoting=quoting, lineterminator=self.end)
        for row in rows:
            writer.writerow(row)
            if self.blank_lines:
                out.write(self.end)
        text = out.getvalue()
        return text if self.encoding == "text" else text.encode(self.encoding)

    def number(self, value: float) -> str:
        return repr(value).replace(".", ",") if self.comma else repr(value)


STYLES = st.builds(
    Style,
    st.sampled_from(["\t", ";", ",", "|", " "]),
    st.booleans(),
    st.booleans(),
    st.sampled_from(["\n", "\r\n", "\r"]),
    st.booleans(),
    st.sampled_from(["text", "utf-8", "utf-8-sig", "utf-16", "utf-32", "latin-1"]),
)


@st.composite
def arranged(draw: st.DrawFn, style: Style, rows: list[list[str]], names: tuple[str, ...]) -> str | bytes:
    """Rows with or without a header; where the names are telling, in another order and with one more column."""
    header = draw(st.booleans())
    if header:
        rows = [list(names), *rows]
        if names[0].lower().startswith("x"):
            rows = [[word, *row] for word, row in zip(["id", *map(str, range(len(rows)))], rows, strict=False)]
            order = draw(st.permutations(range(len(names) + 1)))
            rows = [[row[column] for column in order] for row in rows]
    return style.written(rows)


def classes(table: PointsTable) -> tuple[list[Place], list[int]]:
    return [(x1, x2) for x1, x2 in table.points.xy.tolist()], table.points.labels.tolist()


@given(data=st.data(), style=STYLES, names=st.sampled_from(HEADERS), pair=st.sampled_from(PAIRS + OTHER_PAIRS))
def test_labels_are_read_however_they_are_written(
    data: st.DataObject, style: Style, names: tuple[str, ...], pair: tuple[str, str]
) -> None:
    rows = data.draw(st.lists(st.tuples(NUMBERS, NUMBERS, st.sampled_from((RED, GREEN))), min_size=1, max_size=12))
    assume(pair in PAIRS or {RED, GREEN} == {row[2] for row in rows})
    words = [[style.number(x1), style.number(x2), pair[label]] for x1, x2, label in rows]
    table = parse_table(data.draw(arranged(style, words, names)))
    assert classes(table) == ([row[:2] for row in rows], [row[2] for row in rows])
    assert not table.regression
    assert not table.problems
    assert not table.points.has_values


@given(data=st.data(), style=STYLES, names=st.sampled_from(HEADERS))
def test_values_are_read_however_they_are_written(data: st.DataObject, style: Style, names: tuple[str, ...]) -> None:
    rows = data.draw(st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=3, max_size=12))
    values = [row[2] for row in rows]
    assume(len(set(values)) > 2)
    table = parse_table(data.draw(arranged(style, [[*map(style.number, row)] for row in rows], names)))
    assert table.regression
    assert not table.problems
    assert table.points.xy.tolist() == [list(row[:2]) for row in rows]
    assert table.points.values.tolist() == values
    assert table.value_range == (min(values), max(values))
    assert np.array_equal(table.points.labels == GREEN, table.points.values > (min(values) / 2 + max(values) / 2))


@given(data=st.data(), style=STYLES)
def test_places_without_a_third_column_are_questions(data: st.DataObject, style: Style) -> None:
    rows = data.draw(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=1, max_size=12))
    table = parse_table(data.draw(arranged(style, [[*map(style.number, row)] for row in rows], ("x", "y"))))
    assert table.questions == tuple(rows)
    assert len(table.points) == 0
    assert table.notes[-1] == f"Points that are neither red nor green: {len(rows)}."


@given(
    junk=st.binary(max_size=300)
    | st.text(max_size=200)
    | st.text(alphabet='01.,;\t |"#x-+e\nred', max_size=200)
    | st.text(alphabet='01.,;\t |"\r\ny', max_size=200).map(lambda text: f"x,y,label\n1,2,red\n{text}")
)
def test_anything_is_points_or_a_sentence(junk: bytes | str) -> None:
    try:
        table = parse_table(junk)
    except ValueError as error:
        said = [str(error)]
    else:
        assert len(table.points) + len(table.questions) > 0
        said = [*table.notes, *table.problems, *table.axes, table.value_axis]
    assert all(words and len(words) < 400 and len(words.splitlines()) == 1 for words in said)


@given(data=st.data(), separator=st.sampled_from("\t;,"), width=st.integers(2, 6))
def test_a_table_with_empty_cells_is_read_cell_for_cell(data: st.DataObject, separator: str, width: int) -> None:
    plain = st.sampled_from(["red", "green", "A", "ok"])
    words = plain if separator == "," else plain | st.sampled_from(["very good", "Anna B", "1,5", "-0,25"])
    cells = st.just("") | st.integers(-99, 99).map(str) | st.floats(-9, 9).map(repr) | words
    rows = data.draw(st.lists(st.lists(cells, min_size=width, max_size=width).filter(any), min_size=1, max_size=12))
    table = [[f"column{index}" for index in range(width)], *rows]
    read = rows_of("\n".join(separator.join(row) for row in table)).rows
    assert [cells + [""] * (width - len(cells)) for _, cells in read] == table


@pytest.mark.parametrize("name", ["grade", "value", "target", "y"])
def test_a_value_against_one_input_is_learned(name: str) -> None:
    table = parse_table(f"hours,{name}\n1,2.5\n2,3.5\n4,5\n")
    assert table.points.xy.tolist() == [[1, 0], [2, 0], [4, 0]]
    assert table.points.values.tolist() == [2.5, 3.5, 5]
    assert table.regression
    assert (table.axes, table.value_axis, table.questions) == (("hours", "x2"), name, ())
    assert "There is one input, so x2 is 0 for all points." in table.notes


@pytest.mark.parametrize("header", ["x,y", "x1,x2", "hours,preparation"])
def test_two_inputs_without_anything_to_learn_are_questions(header: str) -> None:
    table = parse_table(f"{header}\n1,2.5\n2,3.5\n4,5\n")
    assert table.questions == ((1, 2.5), (2, 3.5), (4, 5))


@pytest.mark.parametrize(
    ("text", "labels", "problems"),
    [
        ("x\ty\tlabel\n1\t\t1\n2\t\t0\n3\t4\t1\n", [GREEN], ("line 2: x2 is missing", "line 3: x2 is missing")),
        ("x\ty\tlabel\n1\t\tred\n2\t3\tgreen\n", [GREEN], ("line 2: x2 is missing",)),
        ("id\tx\ty\tz\tlabel\n1\t2\t3\t\tred\n2\t3\t4\t\tgreen\n", [RED, GREEN], ()),
        (
            "name\tduration\tpreparation\tcomment\tgrade\nA\t1\t2\t\tpoor\nB\t2\t3\t\tgood\nC\t3\t4\tas agreed\tgood\n",
            [RED, GREEN, GREEN],
            (),
        ),
    ],
)
def test_an_empty_cell_between_tabs_is_a_cell(text: str, labels: list[int], problems: tuple[str, ...]) -> None:
    table = parse_table(text)
    assert table.points.labels.tolist() == labels
    assert table.problems == problems
    assert not table.questions


@given(points=st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), min_size=1, max_size=20), values=st.booleans())
def test_our_own_files_are_read(
    points: list[tuple[float, float, float]], values: bool, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "own.csv"
    own = Points.of([row[:2] for row in points], [row[2] > 0 for row in points], [row[2] for row in points])
    write_points(path, own, values=values)
    table = read_table(path)
    assert table.regression is values
    assert np.array_equal(table.points.xy, own.xy)
    assert np.array_equal(table.points.values, own.values) if values else classes(table) == classes(PointsTable(own))
    assert (table.axes, table.value_axis, table.notes, table.problems) == (("x1", "x2"), "value", (), ())


@pytest.mark.parametrize(
    ("text", "xy", "labels"),
    [
        ("  1  2   red\n 3  4\tgreen  \n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("1, 2, red\n3 ,4 , green\n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("sep=;\nx;y;label\n1,5;2;blue\n1;2;orange\n", [(1.5, 2), (1, 2)], [GREEN, RED]),
        (",x,y,label\n0,1,2,cat\n1,2,3,dog\n", [(1, 2), (2, 3)], [RED, GREEN]),
        ('"x" "y" "kind"\n"1" 1.5 2.5 "a"\n"2" 2 3 "b"\n', [(1.5, 2.5), (2, 3)], [RED, GREEN]),
        ("# made by hand\n# x y label\n1 2 red\n# half way\n3 4 green\n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("Results\n\nx;y;label\n1;2;red\n3;4;green\n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("a,b\n1,2,red\n3,4,green\n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("bad,1,2\ngood,3,4\n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("\N{MINUS SIGN}1\t+2\tf\n.5\t4.\tt\n", [(-1, 2), (0.5, 4)], [RED, GREEN]),
        ("1,2,red\n3,4,orange\n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("1,2,yes\n3,4,green\n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("1,2,bad\n3,4,poor\n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("1,2,7\n3,4,7\n", [(1, 2), (3, 4)], [GREEN, GREEN]),
        ("1,\t2,\tred\n3,\t4,\tgreen\n", [(1, 2), (3, 4)], [RED, GREEN]),
        ("1,2,red,,\n3,4,green,,,\n", [(1, 2), (3, 4)], [RED, GREEN]),
    ],
)
def test_what_people_have_is_welcome(text: str, xy: list[Place], labels: list[int]) -> None:
    table = parse_table(text)
    assert classes(table) == (xy, labels)
    assert not table.problems


def test_a_question_mark_in_place_of_a_label_is_a_question() -> None:
    table = parse_table("x,y,label\n1,2,red\n3,4,?\n5,6,Question\n7,8,green\n9,9,blue\n")
    assert classes(table) == ([(1, 2), (7, 8)], [RED, GREEN])
    assert table.questions == ((3, 4), (5, 6))
    assert table.left_out == 1
    values = parse_table("x\ty\tvalue\n1\t2\t0.5\n3\t4\t?\n")
    assert values.points.values.tolist() == [0.5]
    assert values.questions == ((3, 4),)
    assert parse_table("1 2 ?").questions == ((1, 2),)


def test_names_of_columns_become_names_of_axes() -> None:
    table = parse_table("no;preparation  (h);duration (h);grade\n1;1,5;2;4,5\n2;2;3;5\n3;0;1;1\n")
    assert table.axes == ("preparation (h)", "duration (h)")
    assert table.value_axis == "grade"
    assert table.value_range == (1, 5)
    assert table.notes == (
        "Decimal commas were read as points.",
        "Columns: 'preparation (h)' is x1, 'duration (h)' is x2, 'grade' is what is learned; left out: 'no'.",
    )
    assert parse_table("X1 (m),X2 (m),label\n1,2,red").axes == ("X1 (m)", "X2 (m)")
    assert parse_table("y,x,label\n1,2,red").points.xy.tolist() == [[2, 1]]


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("1,2,Good\n3,4,bad", "'Good' became green, 'bad' became red."),
        ("1,2,dog\n3,4,cat", "'dog' became green, 'cat' became red."),
        ("1,2,1.0\n3,4,-1", "'1.0' became green, '-1' became red."),
        ("1,2,cat", "'cat' became red."),
        ("1,2,3,red", "Columns: column 1 is x1, column 2 is x2, column 3 is what is learned; left out: column 4."),
        (b"1,2,gr\xfcn\n1,2,rot", "The text is not UTF-8, so it was read as Latin-1."),
    ],
)
def test_what_was_made_of_it_is_said(text: str | bytes, note: str) -> None:
    assert note in parse_table(text).notes


def test_bad_rows_are_said_with_their_lines_and_the_others_kept() -> None:
    table = parse_table(
        "x,y,label\n1,2,red\n\nabc,2,red\n1,,red\n1,nan,red\n1,inf,red\n1,1e400,red\n1,1_0,red\n1,0x1,red\n1,2\n"
        '1,2,gren\n1,2,red,4\n"1,2,red\n"3","4","green"\n1,2,red\n' + "1" * 10_001 + ",2,red\n3,4,green\n"
    )
    assert classes(table) == ([(1, 2), (3, 4), (1, 2), (3, 4)], [RED, GREEN, RED, GREEN])
    assert table.problems == (
        "line 4: 'abc' is not a number",
        "line 5: x2 is missing",
        "line 6: 'nan' is not a number",
        "line 7: 'inf' is not a number",
        "line 8: '1e400' is too large",
        "line 9: '1_0' is not a number",
        "line 10: '0x1' is not a number",
        "line 11: the label is missing",
        "line 12: the label is 'gren', not 'red' or 'green'",
        "line 13: there are 4 columns; there should be 3",
        "line 14: '1,2,red' is not a number",
        "line 17: the line is longer than 10\N{NO-BREAK SPACE}000 characters",
    )
    assert table.left_out == 12


def test_a_value_that_is_none_is_a_bad_row() -> None:
    table = parse_table("x,y,value\n1,2,3.5\n1,2,\n1,2,much\n1,2,4\n")
    assert table.points.values.tolist() == [3.5, 4]
    assert table.problems == ("line 3: the value is missing", "line 4: 'much' is not a number")
    alone = parse_table("x,y,value\n1,2,3.5\n")
    assert alone.regression
    assert alone.value_range[0] < 3.5 < alone.value_range[1]


def test_thousands_of_bad_rows_are_counted() -> None:
    table = parse_table("x,y,label\n1,2,red\n" + "abc,2,red\n" * 4711)
    assert len(table.points) == 1
    assert table.left_out == 4711
    assert len(table.problems) == MOST_PROBLEMS + 1
    assert table.problems[-1] == f"and {whole(4711 - MOST_PROBLEMS)} more"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "it is empty"),
        ("\n \n\t\t\n", "it is empty"),
        ("x,y,label\n", "there is nothing below the header"),
        ("Dear all,\nplease find attached the points\n", "no two columns of numbers; line 1 is 'Dear all"),
        ("1\n2\n3\n", "no two columns of numbers; line 1 is '1'"),
        ("x,y,label\nabc,2,red\n1,def,red\n", "there is no point in it: line 2: 'abc' is not a number"),
        ("1,2,a\n3,4,b\n5,6,c\n7,8,d\n9,9,e\n", "5 different words ('a', 'b', 'c', …); labels are two"),
        (b"PK\x03\x04\x14\x00", "a spreadsheet's own file; save it as CSV"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "this is not text"),
        (b"\xff\xfe\x00\xd8", "begins like UTF-16-LE text, but is not"),
        ("1" * 20_000, "line 1 is longer than 10\N{NO-BREAK SPACE}000 characters"),
        (b" " * 10_000_001, "larger than 10 MB"),
        ("1 2 red\n" * (MAX_POINTS + 1), "more than 100\N{NO-BREAK SPACE}000 points"),
    ],
)
def test_what_holds_no_points_is_refused_with_a_sentence(data: bytes | str, words: str) -> None:
    with pytest.raises(ValueError, match=re.escape(words)) as caught:
        parse_table(data)
    assert len(str(caught.value)) < 200


def test_as_many_as_allowed_are_read() -> None:
    table = parse_table("x,y,label\n" + "1,2,red\n" * MAX_POINTS)
    assert len(table.points) == MAX_POINTS


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2**34)
    with pytest.raises(ValueError, match="larger than 10 MB"):
        read_table(path)
