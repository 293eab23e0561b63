"""Surfaces cut along a line."""

import numpy as np
import pytest

from gdviz.descent.catalog import SURFACES
from gdviz.descent.slices import cut


@pytest.mark.parametrize("key", SURFACES)
def test_derivatives_are_those_of_the_values(key):
    surface = SURFACES[key]
    line = cut(surface, surface.start, (0.6, -1.7))
    t, h = np.linspace(*line.limits, 9)[1:-1], 1e-5
    np.testing.assert_array_equal(line.values(t), surface.value(line.points(t)))
    for function, derivative in ((line.values, line.slope), (line.slope, line.curvature)):
        central = (function(t + h) - function(t - h)) / (2 * h)
        np.testing.assert_allclose(derivative(t), central, rtol=1e-5, atol=1e-5 * (1 + np.abs(central).max()))


@pytest.mark.parametrize("direction", [(1, 0), (0, -2), (1e-300, 1e-300), (3e200, -4e200), (-1, 5)])
def test_limits_are_where_the_line_leaves_the_bounds(direction):
    surface = SURFACES["rosenbrock"]
    line = cut(surface, (0.5, 2.0), direction)
    assert np.hypot(*line.direction) == pytest.approx(1)
    assert np.cross(np.append(line.direction, 0), np.append(np.array(direction) / np.abs(direction).max(), 0))[
        2
    ] == pytest.approx(0)
    bounds = np.array([surface.bounds.w0, surface.bounds.w1])
    for t in line.limits:
        on_edge = np.abs(line.points(t)[:, np.newaxis] - bounds).min()
        assert on_edge < 1e-12
    inside = line.points(np.linspace(*line.limits, 50))
    assert ((inside >= bounds[:, 0] - 1e-12) & (inside <= bounds[:, 1] + 1e-12)).all()


def test_a_line_beside_the_bounds_is_shown_all_the_same():
    surface = SURFACES["bowl"]
    half = surface.bounds.diagonal / 2
    for point, direction in [((9.0, 0.0), (0, 1)), ((9.0, 9.0), (1, -1)), ((0.0, -3.0), (1, 0))]:
        assert cut(surface, point, direction).limits == (-half, half)
    assert cut(surface, (9.0, 0.5), (1, 0)).limits == (-11, -7)


def test_position_undoes_points():
    line = cut(SURFACES["bowl"], (0.3, -0.4), (2, 1))
    t = np.array([[-1.0, 0.0], [0.7, 2.0]])
    np.testing.assert_allclose(line.position(line.points(t)), t, atol=1e-15)
    aside = line.points(0.7) + 3 * np.array([-line.direction[1], line.direction[0]])
    assert line.position(aside) == pytest.approx(0.7)


@pytest.mark.parametrize(
    ("point", "direction", "message"), [((0, np.nan), (1, 0), "the point is"), ((0, 0), (0, 0), "not both zero")]
)
def test_says_what_is_wrong(point, direction, message):
    with pytest.raises(ValueError, match=message):
        cut(SURFACES["bowl"], point, direction)
