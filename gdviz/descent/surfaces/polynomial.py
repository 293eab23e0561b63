"""Losses of higher degree: curved valleys, humps and a saddle for a monkey."""

from __future__ import annotations

from gdviz.descent.analytic import surface_of
from gdviz.descent.surface import Bounds, FloatArray, Minimum

_Pair = tuple[FloatArray, FloatArray]
_Triple = tuple[FloatArray, FloatArray, FloatArray]


def _valley_value(x: FloatArray, y: FloatArray, *, steepness: float, stretch: float) -> FloatArray:
    """(1-x)² + steepness·(stretch·y - x²)²: Rosenbrock's curved valley."""
    a, b = 1 - x, stretch * y - x * x
    return a * a + steepness * b * b


def _valley_gradient(x: FloatArray, y: FloatArray, *, steepness: float, stretch: float) -> _Pair:
    pull = 2 * steepness * (stretch * y - x * x)
    return -2 * (1 - x) - 2 * x * pull, stretch * pull


def _valley_hessian(
    x: FloatArray, y: FloatArray, *, steepness: float, stretch: float
) -> tuple[FloatArray, FloatArray, float]:
    return (
        2 - 4 * steepness * (stretch * y - 3 * x * x),
        -4 * steepness * stretch * x,
        2 * steepness * stretch * stretch,
    )


def _himmelblau(x: FloatArray, y: FloatArray) -> FloatArray:
    a, b = x * x + y - 11, x + y * y - 7
    return a * a + b * b


def _himmelblau_gradient(x: FloatArray, y: FloatArray) -> _Pair:
    a, b = x * x + y - 11, x + y * y - 7
    return 4 * x * a + 2 * b, 2 * a + 4 * y * b


_BEALE = (1.5, 2.25, 2.625)


def _beale(x: FloatArray, y: FloatArray) -> FloatArray:
    a, b, c = (constant - x * (1 - power) for constant, power in zip(_BEALE, (y, y * y, y * y * y), strict=True))
    return a * a + b * b + c * c


def _beale_gradient(x: FloatArray, y: FloatArray) -> _Pair:
    y2, y3 = y * y, y * y * y
    a, b, c = (constant - x * (1 - power) for constant, power in zip(_BEALE, (y, y2, y3), strict=True))
    return 2 * (a * (y - 1) + b * (y2 - 1) + c * (y3 - 1)), 2 * x * (a + 2 * b * y + 3 * c * y2)


def _beale_hessian(x: FloatArray, y: FloatArray) -> _Triple:
    y2, y3 = y * y, y * y * y
    a, b, c = (constant - x * (1 - power) for constant, power in zip(_BEALE, (y, y2, y3), strict=True))
    p, q, r = y - 1, y2 - 1, y3 - 1
    return (
        2 * (p * p + q * q + r * r),
        2 * (a + 2 * b * y + 3 * c * y2 + x * (p + 2 * y * q + 3 * y2 * r)),
        2 * x * (2 * b + 6 * c * y + x * (1 + 4 * y2 + 9 * y2 * y2)),
    )


def _goldstein_price_factors(x: FloatArray, y: FloatArray) -> tuple[_Pair, _Pair]:
    """The loss is A(u)·B(v) with u = x + y and v = 2x - 3y: A and B with their derivatives."""
    u, v = x + y, 2 * x - 3 * y
    a = 1 + (u + 1) * (u + 1) * (19 - 14 * u + 3 * u * u)
    b = 30 + v * v * (18 - 16 * v + 3 * v * v)
    return (a, 12 * (u + 1) * (u - 1) * (u - 2)), (b, 12 * v * (v - 1) * (v - 3))


def _goldstein_price(x: FloatArray, y: FloatArray) -> FloatArray:
    (a, _), (b, _) = _goldstein_price_factors(x, y)
    return a * b


def _goldstein_price_gradient(x: FloatArray, y: FloatArray) -> _Pair:
    (a, a1), (b, b1) = _goldstein_price_factors(x, y)
    return a1 * b + 2 * a * b1, a1 * b - 3 * a * b1


def _goldstein_price_hessian(x: FloatArray, y: FloatArray) -> _Triple:
    (a, a1), (b, b1) = _goldstein_price_factors(x, y)
    u, v = x + y, 2 * x - 3 * y
    a2, b2 = 12 * (3 * u * u - 4 * u - 1), 12 * (3 * v * v - 8 * v + 3)
    return (
        a2 * b + 4 * a1 * b1 + 4 * a * b2,
        a2 * b - a1 * b1 - 6 * a * b2,
        a2 * b - 6 * a1 * b1 + 9 * a * b2,
    )


POLYNOMIAL = (
    surface_of(
        key="monkey_saddle",
        title="Monkey saddle",
        formula="x^3 - 3*x*y^2",
        bounds=Bounds.square(2.0),
        value=lambda x, y: x * (x * x - 3 * y * y),
        gradient=lambda x, y: (3 * (x * x - y * y), -6 * x * y),
        hessian=lambda x, y: (6 * x, -6 * y, -6 * x),
        start=(1.8, 0.02),
        learning_rate=0.01,
        tags=("saddle",),
    ),
    surface_of(
        key="rosenbrock",
        title="Rosenbrock",
        formula="(1 - x)^2 + 100*(y - x^2)^2",
        bounds=Bounds((-2.0, 2.0), (-1.0, 3.0)),
        value=lambda x, y: _valley_value(x, y, steepness=100, stretch=1),
        gradient=lambda x, y: _valley_gradient(x, y, steepness=100, stretch=1),
        hessian=lambda x, y: _valley_hessian(x, y, steepness=100, stretch=1),
        minima=(Minimum((1.0, 1.0), 0.0),),
        start=(-1.2, 1.0),
        learning_rate=0.001,
        logarithmic=True,
        tags=("curved valley", "benchmark"),
    ),
    surface_of(
        key="himmelblau",
        title="Himmelblau",
        formula="(x^2 + y - 11)^2 + (x + y^2 - 7)^2",
        bounds=Bounds.square(5.0),
        value=_himmelblau,
        gradient=_himmelblau_gradient,
        hessian=lambda x, y: (12 * x * x + 4 * y - 42, 4 * (x + y), 12 * y * y + 4 * x - 26),
        minima=(
            Minimum((3.0, 2.0), 0.0),
            Minimum((-2.805118086952745, 3.131312518250573), 0.0),
            Minimum((-3.779310253377747, -3.283185991286169), 0.0),
            Minimum((3.5844283403304917, -1.8481265269644034), 0.0),
        ),
        start=(-0.2, -0.9),
        learning_rate=0.005,
        logarithmic=True,
        tags=("several minima", "benchmark"),
    ),
    surface_of(
        key="beale",
        title="Beale",
        formula="(1.5 - x + x*y)^2 + (2.25 - x + x*y^2)^2 + (2.625 - x + x*y^3)^2",
        bounds=Bounds.square(4.5),
        value=_beale,
        gradient=_beale_gradient,
        hessian=_beale_hessian,
        minima=(Minimum((3.0, 0.5), 0.0),),
        start=(1.0, -1.5),
        learning_rate=0.01,
        logarithmic=True,
        tags=("curved valley", "benchmark"),
    ),
    surface_of(
        key="three_hump_camel",
        title="Three-hump camel",
        formula="2*x^2 - 1.05*x^4 + x^6/6 + x*y + y^2",
        bounds=Bounds.square(2.5),
        value=lambda x, y: x * x * (2 + x * x * (x * x / 6 - 1.05)) + x * y + y * y,
        gradient=lambda x, y: (x * (4 + x * x * (x * x - 4.2)) + y, x + 2 * y),
        hessian=lambda x, y: (4 + x * x * (5 * x * x - 12.6), 1.0, 2.0),
        minima=(
            Minimum((0.0, 0.0), 0.0),
            Minimum((1.7475523458302888, -0.8737761729151444), 0.298638442236859, is_global=False),
            Minimum((-1.7475523458302888, 0.8737761729151444), 0.298638442236859, is_global=False),
        ),
        start=(-2.2, 2.2),
        learning_rate=0.02,
        logarithmic=True,
        tags=("several minima", "benchmark"),
    ),
    surface_of(
        key="six_hump_camel",
        title="Six-hump camel",
        formula="(4 - 2.1*x^2 + x^4/3)*x^2 + x*y + (4*y^2 - 4)*y^2",
        bounds=Bounds((-2.0, 2.0), (-1.1, 1.1)),
        value=lambda x, y: x * x * (4 + x * x * (x * x / 3 - 2.1)) + x * y + 4 * y * y * (y * y - 1),
        gradient=lambda x, y: (x * (8 + x * x * (2 * x * x - 8.4)) + y, x + 8 * y * (2 * y * y - 1)),
        hessian=lambda x, y: (8 + x * x * (10 * x * x - 25.2), 1.0, 48 * y * y - 8),
        minima=(
            Minimum((0.08984201310031807, -0.7126564030207396), -1.0316284534898774),
            Minimum((-0.08984201310031807, 0.7126564030207396), -1.0316284534898774),
            Minimum((1.703606714969981, -0.7960835686726251), -0.21546382438371836, is_global=False),
            Minimum((-1.703606714969981, 0.7960835686726251), -0.21546382438371836, is_global=False),
            Minimum((1.6071047529201974, 0.5686514548841314), 2.1042503103112575, is_global=False),
            Minimum((-1.6071047529201974, -0.5686514548841314), 2.1042503103112575, is_global=False),
        ),
        start=(1.0, 0.05),
        learning_rate=0.02,
        tags=("several minima", "benchmark"),
    ),
    surface_of(
        key="goldstein_price",
        title="Goldstein-Price",
        formula=(
            "(1 + (x + y + 1)^2*(19 - 14*x + 3*x^2 - 14*y + 6*x*y + 3*y^2))"
            "*(30 + (2*x - 3*y)^2*(18 - 32*x + 12*x^2 + 48*y - 36*x*y + 27*y^2))"
        ),
        bounds=Bounds.square(2.0),
        value=_goldstein_price,
        gradient=_goldstein_price_gradient,
        hessian=_goldstein_price_hessian,
        minima=(
            Minimum((0.0, -1.0), 3.0),
            Minimum((-0.6, -0.4), 30.0, is_global=False),
            Minimum((1.8, 0.2), 84.0, is_global=False),
            Minimum((1.2, 0.8), 840.0, is_global=False),
        ),
        start=(-1.5, 0.5),
        learning_rate=5e-6,
        logarithmic=True,
        tags=("several minima", "benchmark"),
    ),
    surface_of(
        key="distill_momentum",
        title="Momentum's valley (distill.pub)",
        formula="(1 - x)^2 + 20*(3*y - x^2)^2",
        bounds=Bounds.square(2.0),
        value=lambda x, y: _valley_value(x, y, steepness=20, stretch=3),
        gradient=lambda x, y: _valley_gradient(x, y, steepness=20, stretch=3),
        hessian=lambda x, y: _valley_hessian(x, y, steepness=20, stretch=3),
        minima=(Minimum((1.0, 1 / 3), 0.0),),
        start=(-1.2, 1.4),
        learning_rate=0.002,
        logarithmic=True,
        tags=("curved valley",),
    ),
)
