"""Line searches of many points at once, against one point after the other; Newton's step against linear algebra."""

import numpy as np
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdviz.descent.second_order import MAX_HALVINGS, armijo_halvings, newton_direction

NUMBERS = st.sampled_from([0, 1, 2, 15, 98, 99, 100, 101])


@settings(max_examples=60)
@given(
    needed=st.lists(NUMBERS, min_size=1, max_size=8).flatmap(
        lambda some: st.sampled_from([1, 5, 40]).map(lambda times: some * times)
    ),
    columns=st.booleans(),
)
@example(needed=[99] * 60 + [100] * 5, columns=False)  # few are left for the very last trial
@example(needed=[100] * 60, columns=True)
def test_halvings_as_each_point_needs_them(needed, columns):
    """Point i pays from its k-th halving on: its loss depends on where it is, its number stands in w1."""
    halvings_needed, count = np.array(needed), len(needed)

    def loss(w):
        moved, point = w[..., 0], w[..., 1].astype(int)
        return np.where(moved == 0, 0.0, np.where(moved > 0.5 ** (halvings_needed[point] - 0.5), np.nan, -1.0))

    w = np.column_stack([np.zeros(count), np.arange(count)])
    direction = np.tile([1.0, 0.0], (count, 1))
    rate, shrink, share = (np.full((count, 1), value) if columns else value for value in (1.0, 0.5, 0.1))
    halvings = armijo_halvings(loss, w, -direction, direction, rate, shrink, share)
    np.testing.assert_array_equal(halvings[:, 0], np.minimum(halvings_needed, MAX_HALVINGS))


@given(
    st.lists(st.tuples(*[st.sampled_from([0.0, 1.0, -2.0, 3.5, 1e-3])] * 5), min_size=1, max_size=20),
    st.sampled_from([0.0, 0.5]),
)
def test_newton_direction_as_linear_algebra_has_it(numbers, damping):
    xx, xy, yy, g0, g1 = np.array(numbers).T
    hessian = np.stack([np.stack([xx, xy], axis=-1), np.stack([xy, yy], axis=-1)], axis=-1)
    g = np.stack([g0, g1], axis=-1)
    with np.errstate(all="ignore"):
        directions = newton_direction(hessian, g, damping)
    for matrix, slope, direction in zip(hessian + damping * np.eye(2), g, directions, strict=True):
        for axis in (0, 1):
            if slope[axis] == 0 and not matrix[axis].any():  # a parameter without effect stays where it is
                matrix[axis, axis] = 1.0
        determinant = matrix[0, 0] * matrix[1, 1] - matrix[0, 1] ** 2
        if determinant == 0:
            assert not np.isfinite(direction).all()
        else:
            np.testing.assert_allclose(matrix @ direction, -slope, atol=1e-9 * max(1, abs(1 / determinant)))
