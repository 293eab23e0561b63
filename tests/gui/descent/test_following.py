"""What lets pictures follow a drag: fewer points, marks that are kept, rough edges for a moment."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyqtgraph as pg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.gui.widgets.markers import Markers
from gdviz.gui.widgets.strokes import (
    FAR,
    LOOKS,
    REST,
    SAME,
    STRAIGHT,
    drawn_once,
    strokes,
    without_rest,
    without_straight,
)


def farthest(points: np.ndarray, line: np.ndarray) -> float:
    """The largest distance of points to a line of pieces."""
    begins, ways = line[:-1], np.diff(line, axis=0)
    lengths = np.maximum((ways**2).sum(axis=1), 1e-300)
    shares = np.clip(((points[:, None] - begins) * ways).sum(axis=2) / lengths, 0.0, 1.0)
    nearest = begins + shares[..., None] * ways
    return float(np.linalg.norm(points[:, None] - nearest, axis=2).min(axis=1).max())


def of_one(points) -> tuple[np.ndarray, np.ndarray]:
    points = np.array(points, float).reshape(-1, 2)
    return points, np.zeros(len(points), np.intp)


def joined(lines) -> tuple[np.ndarray, np.ndarray]:
    """Lines as one array of points and one of their lines' numbers."""
    parts = [np.array(line, float).reshape(-1, 2) for line in lines]
    return np.concatenate(parts), np.repeat(np.arange(len(parts)), [len(part) for part in parts])


def parted(points: np.ndarray, line: np.ndarray, count: int) -> list[np.ndarray]:
    return [points[line == number] for number in range(count)]


coordinates = st.floats(-500, 500)
some_lines = st.lists(st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=20), min_size=1, max_size=4)


@given(some_lines)
def test_lines_without_what_is_straight_are_the_same_to_half_a_pixel(lines):
    thinner = parted(*without_straight(*joined(lines)), len(lines))
    for before, after in zip(map(np.array, lines), thinner, strict=True):
        np.testing.assert_array_equal(after[[0, -1]], before[[0, -1]])
        assert farthest(before, after) <= LOOKS * STRAIGHT + 1e-6
        assert len(after) <= len(before)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_short_lines_stay_as_they_are(count):
    lines = [np.arange(2.0 * count).reshape(count, 2)] * 3
    for step in (without_rest, without_straight):
        for line in parted(*step(*joined(lines)), 3):
            np.testing.assert_array_equal(line, lines[0])


def test_smooth_lines_lose_most_points_and_zigzags_none():
    turn = np.linspace(0, np.pi, 1000)
    smooth = 200 * np.column_stack([np.cos(turn), np.sin(turn)])
    assert len(without_straight(*of_one(smooth))[0]) < 100
    zigzag = np.column_stack([np.arange(1000.0), 5.0 * (np.arange(1000) % 2)])
    assert len(without_straight(*of_one(zigzag))[0]) == 1000


@given(some_lines)
def test_of_lines_at_rest_the_ends_stay_and_nothing_moves_by_more_than_is_seen(lines):
    slow = [[(x / 500, y / 500) for x, y in line] for line in lines]
    for before, after in zip(slow, parted(*without_rest(*joined(slow)), len(lines)), strict=True):
        np.testing.assert_array_equal(after[[0, -1]], np.array(before)[[0, -1]])
        assert farthest(np.array(before), after) <= REST * np.sqrt(2)


pixels = st.integers(-3, 3)


@given(st.lists(st.lists(st.tuples(pixels, pixels), min_size=2, max_size=20), min_size=1, max_size=4))
def test_what_lies_on_itself_is_drawn_once_and_nothing_is_lost(lines):
    def segments(line):
        ends = [tuple(point) for point in np.round(line / SAME).tolist()]
        return [frozenset(pair) for pair in pairwise(ends)]

    lines = [SAME * np.array(line, float) for line in lines]
    drawn = [(number, segment) for number, piece in drawn_once(*joined(lines)) for segment in segments(piece)]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == {(number, segment) for number, line in enumerate(lines) for segment in segments(line)}
    assert [number for number, _ in drawn] == sorted(number for number, _ in drawn)


def test_a_racer_that_goes_to_and_fro_costs_no_more_than_one_way():
    to_and_fro = np.array([[10.0, 20.0], [14.0, 27.0]] * 500)
    assert [piece.tolist() for _, piece in strokes(*of_one(to_and_fro))] == [to_and_fro[:2].tolist()]


def test_holes_are_left_out_and_what_is_far_outside_is_brought_near():
    line = [(0, 0), (np.nan, 5), (10, 5), (1e300, 0), (np.inf, 1), (10, 9)]
    ((_, drawn),) = strokes(*of_one(line))
    assert drawn.tolist() == [[0, 0], [10, 5], [FAR, 0], [10, 9]]
    assert list(strokes(*of_one([(np.nan, 0.0)] * 5))) == []


def test_marks_that_look_alike_are_drawn_once(qtbot):
    plot = pg.PlotWidget()
    qtbot.addWidget(plot)
    marks = Markers(pxMode=True)
    plot.addItem(marks)

    def show(colors):
        brushes = [pg.mkBrush(color) for color in colors]
        marks.setData(pos=np.zeros((len(colors), 2)), brush=brushes, pen=pg.mkPen("white", width=2), size=10)

    for _ in range(5):
        show(["red", "green", "red"])
    assert len(marks.fragmentAtlas) == 2
    show(["red", "blue", None])
    assert len(marks.fragmentAtlas) == 4
    shown = [point.brush() for point in marks.points()]
    assert [brush.color().name() for brush in shown[:2]] == ["#ff0000", "#0000ff"]
    assert shown[2] == pg.mkBrush(None)


def test_the_3d_view_is_drawn_rough_while_races_follow_each_other(tab, qtbot):
    view = tab.surface_view
    qtbot.waitUntil(lambda: not view._hurried)
    with qtbot.waitSignal(tab.session.race_changed):
        tab.session.set_start((0.3, 0.4))
    assert view._hurried
    qtbot.waitUntil(lambda: not view._hurried)
    tab.session.play()
    with qtbot.waitSignal(tab.session.race_changed):
        tab.session.set_start((0.4, 0.4))
    qtbot.waitUntil(lambda: not view._calm.isActive())
    assert view._hurried
    tab.session.pause()
    assert not view._hurried
