"""What lets pictures follow a drag: fewer points, marks that are kept, rough edges for a moment."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pyqtgraph as pg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.gui.widgets.markers import Markers
from gdviz.gui.widgets.polylines import LOOKS, SAME, STRAIGHT, drawn_once, without_straight


def farthest(points: np.ndarray, line: np.ndarray) -> float:
    """The largest distance of points to a line of pieces."""
    begins, ways = line[:-1], np.diff(line, axis=0)
    lengths = np.maximum((ways**2).sum(axis=1), 1e-300)
    shares = np.clip(((points[:, None] - begins) * ways).sum(axis=2) / lengths, 0.0, 1.0)
    nearest = begins + shares[..., None] * ways
    return float(np.linalg.norm(points[:, None] - nearest, axis=2).min(axis=1).max())


coordinates = st.floats(-500, 500)


@given(st.lists(st.tuples(coordinates, coordinates), min_size=2, max_size=40))
def test_a_line_without_what_is_straight_is_the_same_to_half_a_pixel(points):
    line = np.array(points)
    thinner = without_straight(line)
    np.testing.assert_array_equal(thinner[[0, -1]], line[[0, -1]])
    assert farthest(line, thinner) <= LOOKS * STRAIGHT + 1e-6
    assert len(thinner) <= len(line)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_short_lines_stay_as_they_are(count):
    line = np.arange(2.0 * count).reshape(count, 2)
    np.testing.assert_array_equal(without_straight(line), line)


def test_smooth_lines_lose_most_points_and_zigzags_none():
    turn = np.linspace(0, np.pi, 1000)
    smooth = 200 * np.column_stack([np.cos(turn), np.sin(turn)])
    assert len(without_straight(smooth)) < 100
    zigzag = np.column_stack([np.arange(1000.0), 5.0 * (np.arange(1000) % 2)])
    assert len(without_straight(zigzag)) == 1000


pixels = st.integers(-3, 3)


@given(st.lists(st.tuples(pixels, pixels), min_size=2, max_size=40))
def test_what_lies_on_itself_is_drawn_once_and_nothing_is_lost(points):
    def segments(line):
        ends = [tuple(point) for point in np.round(line / SAME).tolist()]
        return [frozenset(pair) for pair in pairwise(ends)]

    line = SAME * np.array(points, float)
    drawn = [segment for piece in drawn_once(line) for segment in segments(piece)]
    assert len(drawn) == len(set(drawn))
    assert set(drawn) == set(segments(line))


def test_a_racer_that_goes_to_and_fro_costs_no_more_than_one_way():
    to_and_fro = np.array([[10.0, 20.0], [14.0, 27.0]] * 500)
    assert [piece.tolist() for piece in drawn_once(to_and_fro)] == [to_and_fro[:2].tolist()]


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
