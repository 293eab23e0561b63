"""Losses with ripples around the centre: plateau, Ackley and Griewank."""

from __future__ import annotations

import math

import numpy as np

from gdviz.descent.analytic import surface_of
from gdviz.descent.surface import Bounds, FloatArray, Minimum

_Pair = tuple[FloatArray, FloatArray]
_Triple = tuple[FloatArray, FloatArray, FloatArray]


def _radial_gradient(x: FloatArray, y: FloatArray, radius: FloatArray, slope: FloatArray) -> _Pair:
    """Gradient of a function of the radius; 0, one of its subgradients, at the tip of the cone."""
    steepness = np.where(radius > 0, slope / radius, 0.0)
    return steepness * x, steepness * y


def _radial_hessian(
    x: FloatArray, y: FloatArray, radius: FloatArray, slope: FloatArray, curvature: FloatArray
) -> _Triple:
    """Second derivatives of a function of the radius; NaN at the tip of the cone."""
    p, q, across = x / radius, y / radius, slope / radius
    along = curvature - across
    return across + along * p * p, along * p * q, across + along * q * q


def _plateau_radius(x: FloatArray, y: FloatArray) -> _Pair:
    radius = np.hypot(x, y)
    return radius, 10 * radius + 0.01


def _plateau(x: FloatArray, y: FloatArray) -> FloatArray:
    _, r = _plateau_radius(x, y)
    return 0.01 * r * r - np.sin(r) / r


def _plateau_slope(r: FloatArray) -> FloatArray:
    return 10 * (np.sin(r) / (r * r) - np.cos(r) / r + 0.02 * r)


def _plateau_gradient(x: FloatArray, y: FloatArray) -> _Pair:
    radius, r = _plateau_radius(x, y)
    return _radial_gradient(x, y, radius, _plateau_slope(r))


def _plateau_hessian(x: FloatArray, y: FloatArray) -> _Triple:
    radius, r = _plateau_radius(x, y)
    curvature = 100 * (np.sin(r) / r + 2 * np.cos(r) / (r * r) - 2 * np.sin(r) / (r * r * r) + 0.02)
    return _radial_hessian(x, y, radius, _plateau_slope(r), curvature)


_TAU = 2 * math.pi
_FALL = 0.2 / math.sqrt(2)  # Ackley's b over the root of the number of parameters


def _ackley_waves(x: FloatArray, y: FloatArray) -> FloatArray:
    return np.exp((np.cos(_TAU * x) + np.cos(_TAU * y)) / 2)


def _ackley(x: FloatArray, y: FloatArray) -> FloatArray:
    # expm1 keeps the minimum at exactly 0, where 20 + e minus the two terms would leave a rounding error.
    waves = math.e * np.expm1((np.cos(_TAU * x) + np.cos(_TAU * y)) / 2 - 1)
    return -20 * np.expm1(-_FALL * np.hypot(x, y)) - waves


def _ackley_gradient(x: FloatArray, y: FloatArray) -> _Pair:
    radius, waves = np.hypot(x, y), math.pi * _ackley_waves(x, y)
    along_x, along_y = _radial_gradient(x, y, radius, 20 * _FALL * np.exp(-_FALL * radius))
    return along_x + np.sin(_TAU * x) * waves, along_y + np.sin(_TAU * y) * waves


def _ackley_hessian(x: FloatArray, y: FloatArray) -> _Triple:
    radius, waves = np.hypot(x, y), math.pi**2 * _ackley_waves(x, y)
    slope = 20 * _FALL * np.exp(-_FALL * radius)
    xx, xy, yy = _radial_hessian(x, y, radius, slope, -_FALL * slope)
    sine_x, sine_y = np.sin(_TAU * x), np.sin(_TAU * y)
    return (
        xx + (2 * np.cos(_TAU * x) - sine_x * sine_x) * waves,
        xy - sine_x * sine_y * waves,
        yy + (2 * np.cos(_TAU * y) - sine_y * sine_y) * waves,
    )


_ROOT_2 = math.sqrt(2)


def _griewank_gradient(x: FloatArray, y: FloatArray) -> _Pair:
    v = y / _ROOT_2
    return x / 2000 + np.sin(x) * np.cos(v), y / 2000 + np.cos(x) * np.sin(v) / _ROOT_2


def _griewank_hessian(x: FloatArray, y: FloatArray) -> _Triple:
    v = y / _ROOT_2
    cosines = np.cos(x) * np.cos(v)
    return cosines + 1 / 2000, -np.sin(x) * np.sin(v) / _ROOT_2, cosines / 2 + 1 / 2000


WAVES = (
    surface_of(
        key="plateau",
        title="Plateau",
        formula=("-sin(10*sqrt(x^2 + y^2) + 0.01)/(10*sqrt(x^2 + y^2) + 0.01) + 0.01*(10*sqrt(x^2 + y^2) + 0.01)^2"),
        bounds=Bounds.square(2.0),
        value=_plateau,
        gradient=_plateau_gradient,
        hessian=_plateau_hessian,
        minima=(Minimum((0.0, 0.0), 1e-6 - math.sin(0.01) / 0.01),),
        start=(-1.5, 1.0),
        learning_rate=0.02,
        tags=("several minima",),
    ),
    surface_of(
        key="ackley",
        title="Ackley",
        formula="20 - 20*exp(-0.2*sqrt((x^2 + y^2)/2)) + e - exp((cos(2*pi*x) + cos(2*pi*y))/2)",
        bounds=Bounds.square(5.0),
        value=_ackley,
        gradient=_ackley_gradient,
        hessian=_ackley_hessian,
        minima=(Minimum((0.0, 0.0), 0.0),),
        start=(-3.3, 2.4),
        learning_rate=0.01,
        tags=("several minima", "benchmark"),
    ),
    surface_of(
        key="griewank",
        title="Griewank",
        formula="1 + (x^2 + y^2)/4000 - cos(x)*cos(y/sqrt(2))",
        bounds=Bounds.square(8.0),
        value=lambda x, y: 1 + (x * x + y * y) / 4000 - np.cos(x) * np.cos(y / _ROOT_2),
        gradient=_griewank_gradient,
        hessian=_griewank_hessian,
        minima=(
            Minimum((0.0, 0.0), 0.0),
            Minimum((3.1400226338955397, 4.438444480920714), 0.007396040334115117, is_global=False),
            Minimum((3.1400226338955397, -4.438444480920714), 0.007396040334115117, is_global=False),
            Minimum((-3.1400226338955397, 4.438444480920714), 0.007396040334115117, is_global=False),
            Minimum((-3.1400226338955397, -4.438444480920714), 0.007396040334115117, is_global=False),
            Minimum((6.280045279379904, 0.0), 0.009864672061006274, is_global=False),
            Minimum((-6.280045279379904, 0.0), 0.009864672061006274, is_global=False),
        ),
        start=(-5.6, 3.0),
        learning_rate=0.3,
        tags=("several minima", "benchmark"),
    ),
)
