"""Which step a click is nearest to."""

from __future__ import annotations

import math

import numpy as np
import pytest

from gdviz.gui.descent.views.nearest_step import nearest_step


def test_the_distance_is_that_of_the_line_and_the_step_its_nearer_end():
    line = np.array([(-30.0, 5.0), (10.0, 5.0), (50.0, 5.0)])
    assert nearest_step(line) == (5.0, 1)
    assert nearest_step(line - (-20.0, 0.0)) == (5.0, 0)


@pytest.mark.parametrize(
    ("points", "expected"),
    [
        ([], (math.inf, 0)),
        ([(3.0, 4.0)], (5.0, 0)),
        ([(3.0, 4.0), (3.0, 4.0)], (5.0, 0)),
        ([(3.0, 4.0), (1e300, 4.0)], (5.0, 0)),
    ],
)
def test_lines_of_no_length_and_without_end(points, expected):
    assert nearest_step(np.reshape(points, (-1, 2)).astype(float)) == pytest.approx(expected)
