"""Losses of second degree: one constant Hessian everywhere."""

from __future__ import annotations

from typing import Any

from gdviz.descent.analytic import surface_of
from gdviz.descent.surface import Bounds, FloatArray, Minimum, Surface

_ORIGIN = (Minimum((0.0, 0.0), 0.0),)


def _quadratic(xx: float, xy: float, yy: float, **facts: Any) -> Surface:
    """The surface xx·x² + xy·x·y + yy·y²."""
    return surface_of(
        value=lambda x, y: xx * x * x + xy * x * y + yy * y * y,
        gradient=lambda x, y: (2 * xx * x + xy * y, xy * x + 2 * yy * y),
        hessian=lambda x, y: (2 * xx, xy, 2 * yy),
        **facts,
    )


def _booth(x: FloatArray, y: FloatArray) -> FloatArray:
    # The sum of squares is kept, because multiplied out it loses the last digits near its zero.
    a, b = x + 2 * y - 7, 2 * x + y - 5
    return a * a + b * b


QUADRATIC = (
    _quadratic(
        1.0,
        0.0,
        1.0,
        key="bowl",
        title="Bowl",
        formula="x^2 + y^2",
        bounds=Bounds.square(2.0),
        minima=_ORIGIN,
        start=(-1.6, 1.2),
        learning_rate=0.1,
        tags=("convex",),
    ),
    _quadratic(
        1 / 20,
        0.0,
        1.0,
        key="valley",
        title="Valley",
        formula="x^2/20 + y^2",
        bounds=Bounds.square(4.0),
        minima=_ORIGIN,
        start=(-3.6, 1.4),
        learning_rate=0.9,
        tags=("convex", "ill-conditioned"),
    ),
    _quadratic(
        1.0,
        0.0,
        -1.0,
        key="saddle",
        title="Saddle",
        formula="x^2 - y^2",
        bounds=Bounds.square(2.0),
        start=(-1.8, 0.001),
        learning_rate=0.05,
        tags=("saddle",),
    ),
    surface_of(
        key="booth",
        title="Booth",
        formula="(x + 2*y - 7)^2 + (2*x + y - 5)^2",
        bounds=Bounds.square(10.0),
        value=_booth,
        gradient=lambda x, y: (10 * x + 8 * y - 34, 8 * x + 10 * y - 38),
        hessian=lambda x, y: (10.0, 8.0, 10.0),
        minima=(Minimum((1.0, 3.0), 0.0),),
        start=(-8.0, -6.0),
        learning_rate=0.1,
        logarithmic=True,
        tags=("convex", "benchmark"),
    ),
    _quadratic(
        0.26,
        -0.48,
        0.26,
        key="matyas",
        title="Matyas",
        formula="0.26*(x^2 + y^2) - 0.48*x*y",
        bounds=Bounds.square(10.0),
        minima=_ORIGIN,
        start=(-9.0, 4.0),
        learning_rate=0.9,
        logarithmic=True,
        tags=("convex", "ill-conditioned", "benchmark"),
    ),
)
