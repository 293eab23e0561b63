"""Points as CSV: exact there and back, and clear about what is wrong."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.network.points import Points
from gdviz.network.points_file import MAX_POINTS, parse_points, read_points, write_points

FINITE = st.floats(allow_nan=False, allow_infinity=False)
TWO = Points.of([(1.5, -2), (0.1, 3e-300)], [0, 1])


@given(rows=st.lists(st.tuples(FINITE, FINITE, st.sampled_from((0, 1))), max_size=30))
def test_what_is_written_is_read(
    rows: list[tuple[float, float, int]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "points.csv"
    points = Points.of([row[:2] for row in rows], [row[2] for row in rows])
    write_points(path, points)
    again = read_points(path)
    assert again == points
    assert np.array_equal(np.signbit(again.xy), np.signbit(points.xy))


@given(rows=st.lists(st.tuples(FINITE, FINITE, FINITE), max_size=30))
def test_values_that_are_written_are_read(
    rows: list[tuple[float, float, float]], tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "values.csv"
    values = [row[2] for row in rows]
    write_points(path, Points.of([row[:2] for row in rows], [0] * len(rows), values), values=True)
    again = read_points(path)
    assert np.array_equal(again.xy, np.reshape([row[:2] for row in rows], (-1, 2)))
    assert np.array_equal(again.values, values)
    assert set(again.labels.tolist()) <= {0, 1}


def test_values_are_green_above_the_middle_of_their_range(tmp_path: Path) -> None:
    points = Points.of([(1, 2), (3, 4), (5, 6)], [0, 0, 0], [-1.0, 7.0, 3.5])
    write_points(tmp_path / "values.csv", points, values=True)
    assert (tmp_path / "values.csv").read_bytes() == b"x,y,value\n1.0,2.0,-1.0\n3.0,4.0,7.0\n5.0,6.0,3.5\n"
    again = read_points(tmp_path / "values.csv")
    assert again.labels.tolist() == [0, 1, 1]
    assert again.has_values


def test_the_format_is_plain(tmp_path: Path) -> None:
    write_points(tmp_path / "points.csv", TWO)
    assert (tmp_path / "points.csv").read_bytes() == b"x,y,label\n1.5,-2.0,red\n0.1,3e-300,green\n"


@pytest.mark.parametrize(
    "data",
    [
        b"x,y,label\n1.5,-2,red\n0.1,3e-300,green",
        b"\xef\xbb\xbfx,y,label\r\n1.5,-2,red\r\n0.1,3e-300,green\r\n",
        b"\n\nX, Y ,Label\n\n 1.5 ,-2.0, RED \n,,\n0.1,3e-300,Green\n\n\n",
        b'"x","y","label"\n"1.5","-2","red"\n0.1,3e-300,green\n',
    ],
    ids=["plain", "bom and crlf", "blank lines and capitals", "quoted"],
)
def test_what_spreadsheets_write_is_welcome(data: bytes) -> None:
    assert parse_points(data) == TWO


def test_a_header_alone_is_no_points() -> None:
    assert len(parse_points(b"x,y,label\n")) == 0


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "line 1: the file is empty"),
        (b"\n \n", "line 1: the file is empty"),
        (b"1,2,red\n", "line 1: the header is '1,2,red'; it must be x,y,label"),
        (b"x;y;label\n1;2;red\n", "line 1: the header is"),
        (b"a,b,c\n", "line 1: the header is"),
        (b"x,y,value\n1,2,red\n", "line 2: the value is 'red'; it must be a number"),
        (b"x,y,value\n1,2\n", "line 2: there are 2 columns; there must be three: x,y,value"),
        (b"x,y,label\n1,2\n", "line 2: there are 2 columns"),
        (b"x,y,label\n1,2,red,4\n", "line 2: there are 4 columns"),
        (b"x,y,label\n1,2,red\n\n1,,red\n", "line 4: y is ''; it must be a number"),
        (b"x,y,label\none,2,red\n", "line 2: x is 'one'"),
        (b"x,y,label\n1_0,2,red\n", "line 2: x is '1_0'"),
        (b"x,y,label\n0x10,2,red\n", "line 2: x is '0x10'"),
        ("x,y,label\n\u0661,2,red\n".encode(), "line 2: x is"),
        (b"x,y,label\nnan,2,red\n", "line 2: x is 'nan'"),
        (b"x,y,label\n1,-inf,red\n", "line 2: y is '-inf'"),
        (b"x,y,label\n1,1e999,red\n", "line 2: y is '1e999'"),
        (b"x,y,label\n1,2,blue\n", "line 2: the label is 'blue'; it must be red or green"),
        (b"x,y,label\n1,2,\n", "line 2: the label is ''"),
        (b"x,y,label\n1,2,red\n1,2,\xff\n", "line 3: the text is not UTF-8"),
        (b"x,y,label\n1,2,red\n\x00\x01\x02", "line 3: this is not a text file"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "line 3: this is not a text file"),
        (b"PK\x03\x04\xfe\xff", "line 1: the text is not UTF-8"),
        ("x,y,label\n1,2,red".encode("utf-16"), "line 1: this is not a text file"),
        (b'x,y,label\n"1,2,red\n', "line 2: "),
        (b"x,y,label\n" + b"9" * 200_000 + b",1,red\n", "line 2: "),
        (b"x,y,label\n1,2," + b"q" * 100_000 + b"\n", "line 2: the label is"),
    ],
)
def test_what_is_wrong_is_said_with_its_line(data: bytes, message: str) -> None:
    with pytest.raises(ValueError, match="line") as caught:
        parse_points(data)
    said = str(caught.value)
    assert said.startswith(message)
    assert len(said) < 200
    assert "\n" not in said


def test_there_is_a_limit() -> None:
    rows = b"x,y,label\n" + b"1,2,red\n" * MAX_POINTS
    assert len(parse_points(rows)) == MAX_POINTS
    with pytest.raises(ValueError, match=f"line {MAX_POINTS + 2}: there are more than 100\N{NO-BREAK SPACE}000 points"):
        parse_points(rows + b"1,2,red\n")


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    path = tmp_path / "huge.csv"
    with path.open("wb") as file:
        file.truncate(2**34)
    with pytest.raises(ValueError, match="line 1: the file is larger than 10 MB"):
        read_points(path)


@given(data=st.binary(max_size=200) | st.text(max_size=100).map(lambda text: f"x,y,label\n{text}".encode()))
def test_any_bytes_are_points_or_a_line(data: bytes) -> None:
    said = "line "
    try:
        parse_points(data)
    except ValueError as error:
        said = str(error)
    assert said.startswith("line ")
