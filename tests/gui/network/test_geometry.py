"""The arithmetic of painting, without a window."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.gui.network import geometry
from gdviz.gui.network.painting import MOST_POINTS, Stroke
from gdviz.gui.network.state import EXTENT, Source
from gdviz.network.points import Points

HOURS = (0.0, 6.0, 0.0, 24.0)
canvas_units = st.tuples(st.floats(-6, 6), st.floats(-6, 6))


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
    def density(radius):
        stroke = Stroke(tool="brush", label=0, radius=radius, extent=EXTENT, rng=np.random.default_rng(0))
        points = stroke.move(stroke.begin(Points(), (-3.0, 0.0)), (3.0, 0.0))
        return len(points) / (6.0 * 2.0 * radius + np.pi * radius**2)

    assert density(0.5) == pytest.approx(density(1.5), rel=0.15)


def test_the_eraser_reaches_all_along_its_way_and_no_farther():
    points = Points.of([(0, 0), (0, 0.9), (0, 1.1), (5.5, 0), (7.1, 0)], [0, 1, 0, 1, 0])
    left = geometry.erased(points=points, extent=(-6, 12, -6, 12), start=(-6, -2), end=(3, -2), radius=2 / 3)
    assert left.xy.tolist() == [[0, 1.1]]
    assert geometry.erased(points=left, extent=EXTENT, start=(5, 5), end=(5, 5), radius=0.1) is left


def test_probability_is_that_of_the_pixel():
    boundary = np.arange(6, dtype=np.float32).reshape(2, 3)

    def at(x1, x2):
        return geometry.probability_at(boundary=boundary, extent=(0, 3, 0, 2), x1=x1, x2=x2)

    assert (at(0, 0), at(2.9, 0.5), at(0.5, 1.5), at(3, 2)) == (0, 2, 3, 5)
    assert at(3.1, 1) is None


def test_the_extent_grows_around_points_far_out():
    assert geometry.extent_of(points=Points()) == EXTENT
    assert geometry.extent_of(points=Points.of([(-6, 6)], [0])) == EXTENT
    far = Points.of([(0, 5), (100, 5)], [0, 1])
    extent = geometry.extent_of(points=far)
    assert geometry.inside(xy=far.xy, extent=extent).all()
    assert extent[0] < 0 < 100 < extent[1]
    assert extent[2] < 5 < extent[3]


def test_there_is_an_end_to_painting():
    stroke = Stroke(tool="point", label=0, radius=1.0, extent=EXTENT, rng=np.random.default_rng(0))
    full = Points.of(np.zeros((MOST_POINTS, 2)), np.zeros(MOST_POINTS))
    assert stroke.begin(full, (0.0, 0.0)) is full


def test_a_source_says_what_it_has():
    source = Source.usual("moons").having("samples", 40).having("noise", 0.1).having("seed", 3)
    assert source == Source("moons", 40, 0.1, 3)
    assert len(source.painted().points) == 40
    with pytest.raises(ValueError, match="samples, noise and seed"):
        source.having("colour", 1)
