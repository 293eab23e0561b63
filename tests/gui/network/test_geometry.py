"""The arithmetic of painting, without a window."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.gui.network import geometry
from gdviz.gui.network.painting import DENSITIES, MOST_POINTS, MOST_QUESTIONS, QUESTION, Ink, Stroke
from gdviz.gui.network.state import EXTENT, Painted, Source
from gdviz.network.points import Points

HOURS = (0.0, 6.0, 0.0, 24.0)
RED_INK = Ink(0, 0.0)
canvas_units = st.tuples(st.floats(-6, 6), st.floats(-6, 6))


def stroke(*, tool="brush", ink=RED_INK, radius=1.0, density=4.0):
    return Stroke(tool=tool, ink=ink, radius=radius, density=density, rng=np.random.default_rng(0))


@given(units=canvas_units)
def test_canvas_units_go_there_and_back(units):
    there = geometry.from_canvas(units=np.array(units), extent=HOURS)
    assert geometry.to_canvas(xy=there, extent=HOURS) == pytest.approx(units, abs=1e-12)


def test_canvas_units_are_inputs_on_the_usual_extent():
    xy = np.array([[1.5, -2.0]])
    assert geometry.to_canvas(xy=xy, extent=EXTENT) == pytest.approx(xy)


@given(
    way=st.lists(canvas_units, min_size=2, max_size=12),
    spacing=st.floats(0.05, 2.0),
)
def test_drops_are_evenly_spaced_along_any_way(way, spacing):
    carried, drops = 0.0, 0
    for start, end in itertools.pairwise(way):
        made, carried = geometry.drops_along(start=start, end=end, carried=carried, spacing=spacing)
        drops += len(made)
        assert 0.0 <= carried < spacing * (1 + 1e-9)
    length = sum(np.hypot(*np.subtract(b, a)) for a, b in itertools.pairwise(way))
    assert drops * spacing + carried == pytest.approx(length, abs=1e-6)


@given(radius=st.floats(0.1, 3.0), centre=canvas_units)
def test_sprayed_points_are_under_the_brush_and_on_the_canvas(radius, centre):
    rng = np.random.default_rng(1)
    units = geometry.sprayed(centres=np.repeat([centre], 50, axis=0), radius=radius, rng=rng)
    assert np.hypot(*(units - centre).T).max(initial=0.0) <= radius * (1 + 1e-9)
    assert geometry.inside(xy=units, extent=EXTENT).all()


def test_a_wide_brush_is_as_dense_as_a_narrow_one():
    for density in DENSITIES:
        for radius in (0.5, 1.5):
            made = stroke(radius=radius, density=density)
            painted = made.move(made.begin(Painted(Points()), (-3.0, 0.0)), (3.0, 0.0))
            area = 6.0 * 2.0 * radius + np.pi * radius**2
            assert len(painted.points) / area == pytest.approx(density, rel=0.2, abs=0.15)


def test_the_eraser_reaches_all_along_its_way_and_no_farther():
    points = Points.of([(0, 0), (0, 0.9), (0, 1.1), (5.5, 0), (7.1, 0)], [0, 1, 0, 1, 0])
    painted = Painted(points, (-6, 12, -6, 12), questions=((1.0, -0.9), (1.0, 3.0)))
    eraser = stroke(tool="eraser", radius=2 / 3)
    left = eraser.move(eraser.begin(painted, (-6, -2)), (3, -2))
    assert left.points.xy.tolist() == [[0, 1.1]]
    assert left.questions == ((1.0, 3.0),)
    assert stroke(tool="eraser", radius=0.1).begin(left, (5, 5)) is left


def test_probability_is_between_those_of_the_pixels_around():
    boundary = np.arange(6, dtype=np.float32).reshape(2, 3)  # x + 3 y, counted from the centre of the first pixel

    def at(x1, x2):
        return geometry.probability_at(boundary=boundary, extent=(0, 3, 0, 2), x1=x1, x2=x2)

    assert (at(0, 0), at(2.9, 0.5), at(0.5, 1.5), at(3, 2)) == (0, 2, 3, 5)
    assert at(1.25, 0.9) == pytest.approx(0.75 + 3 * 0.4)
    assert at(0.2, 0.9) == pytest.approx(3 * 0.4)
    assert at(3.1, 1) is None


def test_the_extent_grows_around_points_far_out():
    assert geometry.extent_of(points=Points()) == EXTENT
    assert geometry.extent_of(points=Points.of([(-6, 6)], [0])) == EXTENT
    far = Points.of([(0, 5), (100, 5)], [0, 1])
    extent = geometry.extent_of(points=far)
    assert geometry.inside(xy=far.xy, extent=extent).all()
    assert extent[0] < 0 < 100 < extent[1]
    assert extent[2] < 5 < extent[3]


@pytest.mark.parametrize(
    ("data", "ends"),
    [
        ([1.5, 3.0], (1.2, 3.2)),
        ([0.0, 100.0], (0.0, 110.0)),
        ([0.02, 0.9], (0.0, 1.0)),
        ([1990.0, 2024.0], (1985.0, 2030.0)),
        ([-3.0, 4.0], (-4.0, 5.0)),
        ([3.0, 3.0], (0.0, 6.0)),
        ([0.0, 0.0], (-1.0, 1.0)),
    ],
)
def test_a_rounded_range_has_round_ends_close_to_the_data(data, ends):
    points = Points.of([(value, value) for value in data], [0] * len(data))
    assert geometry.rounded_extent_of(points=points) == ends + ends


@given(xy=st.lists(st.tuples(st.floats(-1e30, 1e30), st.floats(-9, 9)), min_size=1, max_size=9))
def test_a_rounded_range_holds_any_points(xy):
    points = Points.of(xy, [0] * len(xy))
    left, right, below, above = geometry.rounded_extent_of(points=points)
    assert left < right
    assert below < above
    assert geometry.inside(xy=points.xy, extent=(left, right, below, above)).all()


def test_there_is_an_end_to_painting():
    full = Painted(
        Points.of(np.zeros((MOST_POINTS, 2)), np.zeros(MOST_POINTS)), questions=((0.0, 0.0),) * MOST_QUESTIONS
    )
    for ink in (RED_INK, Ink(QUESTION, 0.0)):
        assert stroke(tool="point", ink=ink).begin(full, (0.0, 0.0)) is full


def test_a_source_says_what_it_has():
    source = Source.usual("moons").having("samples", 40).having("noise", 0.1).having("seed", 3)
    assert source == Source("moons", 40, 0.1, 3)
    assert len(source.painted().points) == 40
    with pytest.raises(ValueError, match="samples, noise and seed"):
        source.having("colour", 1)


@given(st.lists(canvas_units, min_size=1, max_size=20), st.tuples(st.floats(-20, 20), st.floats(-20, 20)))
def test_a_shift_goes_as_far_as_all_stay_on_the_canvas(places, way):
    units = np.array(places)
    shift = geometry.shift_within(units=units, shift=way)
    assert np.abs(units + shift).max() <= 6.0 + 1e-9
    for axis in range(2):
        if abs(way[axis] - shift[axis]) > 1e-9:  # held up by the canvas's edge, and by nothing before it
            assert np.abs(units[:, axis] + shift[axis]).max() == pytest.approx(6.0)
        assert shift[axis] * way[axis] >= 0.0


@given(st.lists(canvas_units, max_size=20), canvas_units, st.floats(0.01, 5))
def test_the_nearest_is_the_nearest(places, at, reach):
    distances = [np.hypot(x - at[0], y - at[1]) for x, y in places]
    found = geometry.nearest(units=np.array(places).reshape(-1, 2), at=at, reach=reach)
    if found is None:
        assert all(distance >= reach * (1 - 1e-9) for distance in distances)
    else:
        assert distances[found] == pytest.approx(min(distances))
        assert distances[found] <= reach * (1 + 1e-9)


@given(st.lists(canvas_units, max_size=20), canvas_units, canvas_units)
def test_a_band_catches_what_is_between_its_corners(places, corner, other):
    caught = geometry.in_box(units=np.array(places).reshape(-1, 2), corner=corner, other=other)
    for (x, y), is_in in zip(places, caught, strict=True):
        between = sorted([corner[0], x, other[0]])[1] == x and sorted([corner[1], y, other[1]])[1] == y
        assert is_in == between


def test_a_question_is_dragged_to_its_place():
    asks = stroke(ink=Ink(QUESTION, 0.0))  # a brush does not spray questions
    painted = asks.begin(Painted(Points(), HOURS, questions=((1.0, 1.0),)), (0.0, 0.0))
    assert painted.questions == ((1.0, 1.0), (3.0, 12.0))
    painted = asks.move(painted, (9.0, -3.0))
    assert painted.questions == ((1.0, 1.0), (6.0, 6.0))
    assert len(painted.points) == 0


def test_ink_of_a_value_has_the_label_of_the_nearer_end():
    assert Ink.of_value(3.9, (2.0, 6.0)) == Ink(0, 3.9)
    assert Ink.of_value(4.1, (2.0, 6.0)) == Ink(1, 4.1)
    assert Ink.of(1, (2.0, 6.0)) == Ink(1, 6.0)
