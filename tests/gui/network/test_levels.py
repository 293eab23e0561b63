"""Which lines are drawn, and where: against straight lines known from the weights."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from gdviz.gui.network.levels import UNIT, isolines, parse_levels, usual_levels
from gdviz.gui.network.views.level_labels import label_places
from tests.gui.network.nets import plane

EXTENT = (-6.0, 6.0, -6.0, 6.0)


def sigmoid(w1, w2, bias, samples=200):
    x1, x2 = plane(EXTENT, samples)
    return (1.0 / (1.0 + np.exp(-(w1 * x1 + w2 * x2 + bias)))).astype(np.float32)


@pytest.mark.parametrize("weights", [(1.0, 0.0, 0.0), (0.4, -1.1, 0.7), (-3.0, 2.0, 1.0), (40.0, 25.0, -30.0)])
def test_contours_of_a_linear_neuron_are_straight_and_where_its_logit_says(weights):
    """w1 x1 + w2 x2 + b = log(p / (1 - p)) on the line of p, however sharp the boundary."""
    levels = (0.1, 0.25, 0.5, 0.75, 0.9)
    w1, w2, bias = weights
    pixel = 12 / 200
    found = isolines(boundary=sigmoid(*weights), extent=EXTENT, levels=levels)
    for level, pieces in zip(levels, found, strict=True):
        assert len(pieces) == 1
        x1, x2 = pieces[0].T
        distance = (w1 * x1 + w2 * x2 + bias - np.log(level / (1 - level))) / np.hypot(w1, w2)
        assert np.abs(distance).max() < 0.1 * pixel + 1e-3 / np.hypot(w1, w2)


def test_contours_of_values_are_where_the_values_are():
    x1, x2 = plane(EXTENT, 100)
    values = (3.5 + 0.3 * x1 - 0.2 * x2).astype(np.float32)
    for level, (piece,) in zip(
        (2.0, 3.5, 5.0),
        isolines(boundary=values, extent=EXTENT, levels=(2.0, 3.5, 5.0), ends=(1.0, 6.0)),
        strict=True,
    ):
        assert np.abs(3.5 + 0.3 * piece[:, 0] - 0.2 * piece[:, 1] - level).max() < 1e-4


def test_where_there_is_no_number_there_is_no_line():
    boundary = sigmoid(1.0, 0.0, 0.0)
    boundary[:100] = np.nan
    (pieces,) = isolines(boundary=boundary, extent=EXTENT, levels=(0.5,))
    assert min(piece[:, 1].min() for piece in pieces) > -0.1
    assert isolines(boundary=np.full((9, 9), np.nan, np.float32), extent=EXTENT, levels=(0.5,)) == [[]]
    assert isolines(boundary=np.zeros((1, 1), np.float32), extent=EXTENT, levels=(0.5,)) == [[]]


def test_usual_levels_lie_between_the_ends():
    assert usual_levels(UNIT) == (0.1, 0.25, 0.5, 0.75, 0.9)
    assert usual_levels((1.0, 6.0)) == (1.5, 2.25, 3.5, 4.75, 5.5)


@pytest.mark.parametrize(
    ("text", "ends", "levels"),
    [
        ("0.5", UNIT, (0.5,)),
        ("0.9, 0.1", UNIT, (0.1, 0.9)),
        (" .2;.3  0.3", UNIT, (0.2, 0.3)),
        ("0,25; 0,75", UNIT, (0.25, 0.75)),
        ("0,5", UNIT, (0.5,)),
        ("0,2 0,8", UNIT, (0.2, 0.8)),
        ("2,3", (1.0, 6.0), (2.0, 3.0)),
        ("2 3.5", (1.0, 6.0), (2.0, 3.5)),
        ("−0.5 0.5", (-1.0, 1.0), (-0.5, 0.5)),
    ],
)
def test_levels_are_read(text, ends, levels):
    assert parse_levels(text, ends) == levels


@pytest.mark.parametrize("text", ["", "half", "0.5 x", "0", "1", "1.5", "nan", "inf", "-0.1", "0,2,0,8", "1,5"])
def test_levels_that_cannot_be_drawn_are_refused_with_what_is_allowed(text):
    with pytest.raises(ValueError, match="allowed are 1 to 9 numbers between 0 and 1"):
        parse_levels(text, UNIT)


def test_ten_levels_are_too_many():
    with pytest.raises(ValueError, match="10 numbers"):
        parse_levels(" ".join(f"0.{digit}5" for digit in range(10)), UNIT)


@given(
    st.lists(arrays(np.float64, (30, 2), elements=st.floats(-50, 450)), min_size=1, max_size=9),
)
def test_labels_lie_on_their_lines_within_the_area_and_never_on_each_other(lines):
    width, height = 40.0, 16.0
    places = label_places(lines=lines, sizes=[(width, height)] * len(lines), area=(0.0, 0.0, 400.0, 400.0))
    found = [(points, place) for points, place in zip(lines, places, strict=True) if place is not None]
    for points, (x, y) in found:
        assert ((points == (x, y)).all(axis=1)).any()
        assert width / 2 <= x <= 400 - width / 2
        assert height / 2 <= y <= 400 - height / 2
    for index, (_, (x, y)) in enumerate(found):
        for _, (other_x, other_y) in found[:index]:
            assert abs(x - other_x) >= width or abs(y - other_y) >= height
