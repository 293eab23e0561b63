"""Losses with Gaussian bells: wells, hills, and a needle's eye on a plain."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from gdviz.descent.analytic import surface_of
from gdviz.descent.surface import Bounds, FloatArray, Minimum, Surface

_Pair = tuple[FloatArray, FloatArray]
_Triple = tuple[FloatArray, FloatArray, FloatArray]
_Numbers = tuple[Any, Any, Any]

_STRETCH = 1.4  # u = 1.4 y
_SHARPNESS = 5.0  # a bell is exp(-5 r²), r the distance from its centre in x and u


def _bells(bells: tuple[tuple[float, float, float], ...], **facts: Any) -> Surface:
    """A bowl x² + u² with bells on it, u = 1.4y; each bell is (height, centre in x, centre in u)."""
    # On the few points of a race it is NumPy's calls and new arrays that take time, and a call with one of Python's
    # numbers takes half as long again as one with an array of that number: of 18 microseconds for ten points 12 are
    # left.
    stretch, sharpness = np.array(_STRETCH), np.array(-_SHARPNESS)
    wells = [tuple(map(np.array, (height, -2 * _SHARPNESS * height, *centre))) for height, *centre in bells]

    def unit_bell(a: FloatArray, b: FloatArray) -> FloatArray:
        exponent = a * a
        exponent += b * b
        exponent *= sharpness
        return np.exp(exponent)

    def value(x: FloatArray, y: FloatArray) -> FloatArray:
        u = stretch * y
        total = x * x + u * u
        for height, _, centre_x, centre_u in wells:
            total += height * unit_bell(x - centre_x, u - centre_u)
        return total

    def gradient(x: FloatArray, y: FloatArray) -> _Pair:
        u = stretch * y
        along_x, along_u = x + x, u + u
        for _, steepness, centre_x, centre_u in wells:
            a, b = x - centre_x, u - centre_u
            slope = steepness * unit_bell(a, b)
            a *= slope
            b *= slope
            along_x += a
            along_u += b
        return along_x, stretch * along_u

    def hessian(x: FloatArray, y: FloatArray) -> _Triple:
        u = _STRETCH * y
        xx, xu, uu = np.full_like(x, 2.0), np.zeros_like(x), np.full_like(x, 2.0)
        k = 2 * _SHARPNESS
        for height, _, centre_x, centre_u in wells:
            a, b = x - centre_x, u - centre_u
            bell = height * unit_bell(a, b)
            xx = xx + k * (k * a * a - 1) * bell
            xu = xu + k * k * a * b * bell
            uu = uu + k * (k * b * b - 1) * bell
        return xx, _STRETCH * xu, _STRETCH**2 * uu

    return surface_of(value=value, gradient=gradient, hessian=hessian, **facts)


def _ecliptic_bell(x: FloatArray, y: FloatArray) -> FloatArray:
    return np.exp(-(x * x + 5 * y * y) / 4)


def _ecliptic_gradient(x: FloatArray, y: FloatArray) -> _Pair:
    bell = _ecliptic_bell(x, y)
    return x * (bell + 1) / 2, y * (10 * bell + 1) / 4


def _ecliptic_hessian(x: FloatArray, y: FloatArray) -> _Triple:
    bell = _ecliptic_bell(x, y)
    return (
        (bell * (2 - x * x) + 2) / 4,
        -1.25 * x * y * bell,
        (bell * (10 - 25 * y * y) + 1) / 4,
    )


def _easom_factor(v: FloatArray) -> _Pair:
    """cos(v)·exp(-(v-π)²) with its derivative; the loss is minus the product of two."""
    a = v - np.pi
    cosine, bell = np.cos(v), np.exp(-a * a)
    return cosine * bell, -(np.sin(v) + 2 * a * cosine) * bell


def _easom_second(v: FloatArray) -> FloatArray:
    """The second derivative of a factor."""
    a = v - np.pi
    return (4 * a * np.sin(v) + (4 * a * a - 3) * np.cos(v)) * np.exp(-a * a)


def _easom(x: FloatArray, y: FloatArray) -> FloatArray:
    return -_easom_factor(x)[0] * _easom_factor(y)[0]


def _easom_gradient(x: FloatArray, y: FloatArray) -> _Pair:
    (a, a1), (b, b1) = _easom_factor(x), _easom_factor(y)
    return -a1 * b, -a * b1


def _easom_hessian(x: FloatArray, y: FloatArray) -> _Triple:
    (a, a1), (b, b1) = _easom_factor(x), _easom_factor(y)
    return -_easom_second(x) * b, -a1 * b1, -a * _easom_second(y)


def _peaks(x: FloatArray, y: FloatArray) -> FloatArray:
    x2, y2 = x * x, y * y
    return (
        3 * (1 - x) * (1 - x) * np.exp(-x2 - (y + 1) * (y + 1))
        - 10 * (x / 5 - x2 * x - y2 * y2 * y) * np.exp(-x2 - y2)
        - np.exp(-(x + 1) * (x + 1) - y2) / 3
    )


def _peaks_terms(x: FloatArray, y: FloatArray) -> Iterator[tuple[_Numbers, _Triple]]:
    """The three terms p·exp(q): (p, dp/dx, dp/dy) and (dq/dx, dq/dy, exp(q)), each a number where it is a constant."""
    a, x2, y2, double_x, double_y = 1 - x, x * x, y * y, -2 * x, -2 * y
    b, c = y + 1, x + 1
    yield (3 * a * a, -6 * a, 0.0), (double_x, -2 * b, np.exp(-x2 - b * b))
    polynomial = 10 * (x2 * x + y2 * y2 * y - x / 5)
    yield (polynomial, 30 * x2 - 2, 50 * y2 * y2), (double_x, double_y, np.exp(-x2 - y2))
    yield (-1 / 3, 0.0, 0.0), (-2 * c, double_y, np.exp(-c * c - y2))


def _peaks_gradient(x: FloatArray, y: FloatArray) -> _Pair:
    along_x = along_y = np.zeros_like(x)
    for (p, p_x, p_y), (q_x, q_y, bell) in _peaks_terms(x, y):
        along_x = along_x + (p_x + p * q_x) * bell
        along_y = along_y + (p_y + p * q_y) * bell
    return along_x, along_y


def _peaks_hessian(x: FloatArray, y: FloatArray) -> _Triple:
    xx = xy = yy = np.zeros_like(x)
    seconds = ((6.0, 0.0), (60 * x, 200 * y * y * y), (0.0, 0.0))  # of each p, along x and along y
    for ((p, p_x, p_y), (q_x, q_y, bell)), (p_xx, p_yy) in zip(_peaks_terms(x, y), seconds, strict=True):
        xx = xx + (p_xx + 2 * p_x * q_x + p * (q_x * q_x - 2)) * bell
        xy = xy + (p_x * q_y + p_y * q_x + p * q_x * q_y) * bell
        yy = yy + (p_yy + 2 * p_y * q_y + p * (q_y * q_y - 2)) * bell
    return xx, xy, yy


BELLS = (
    _bells(
        ((-2.0, 1.0, 0.0), (-6.0, -1.0, 0.0)),
        key="two_wells",
        title="Two wells",
        formula="x^2 + (1.4*y)^2 - 2*exp(-((x-1)^2 + (1.4*y)^2)/0.2) - 6*exp(-((x+1)^2 + (1.4*y)^2)/0.2)",
        bounds=Bounds.square(2.0),
        minima=(
            Minimum((-0.9675774464554597, 0.0), -5.032339968658434),
            Minimum((0.9053178606008483, 0.0), -1.092732038481015, is_global=False),
        ),
        start=(0.7, 1.5),
        learning_rate=0.02,
        tags=("several minima",),
    ),
    _bells(
        ((2.0, 1.0, 0.0), (6.0, -1.0, 0.0), (-2.0, 1.0, -1.0)),
        key="hills",
        title="Hills",
        formula=(
            "x^2 + (1.4*y)^2 + 2*exp(-((x-1)^2 + (1.4*y)^2)/0.2) + 6*exp(-((x+1)^2 + (1.4*y)^2)/0.2)"
            " - 2*exp(-((x-1)^2 + (1.4*y+1)^2)/0.2)"
        ),
        bounds=Bounds.square(2.0),
        minima=(
            Minimum((0.9003065222993073, -0.6534011583039486), -0.15880861003441438),
            Minimum((0.04150712569956174, -0.0006403776376543045), 0.048284960796130906, is_global=False),
        ),
        start=(-1.4, 0.3),
        learning_rate=0.02,
        tags=("several minima",),
    ),
    surface_of(
        key="ecliptic_bowl",
        title="Ecliptic bowl",
        formula="-exp(-((x/2)^2 + 5*(y/2)^2)) + (x/2)^2 + (y/2)^2/2",
        bounds=Bounds.square(2.0),
        value=lambda x, y: (x * x + y * y / 2) / 4 - _ecliptic_bell(x, y),
        gradient=_ecliptic_gradient,
        hessian=_ecliptic_hessian,
        minima=(Minimum((0.0, 0.0), -1.0),),
        start=(-1.8, 1.7),
        learning_rate=0.3,
        tags=("ill-conditioned",),
    ),
    surface_of(
        key="easom",
        title="Easom",
        formula="-cos(x)*cos(y)*exp(-(x-pi)^2 - (y-pi)^2)",
        bounds=Bounds((0.0, 6.3), (0.0, 6.3)),
        value=_easom,
        gradient=_easom_gradient,
        hessian=_easom_hessian,
        minima=(
            Minimum((np.pi, np.pi), -1.0),
            Minimum((1.3049954504376675, 1.3049954504376675), -8.110223891570067e-05, is_global=False),
            Minimum((1.3049954504376675, 4.978189856741919), -8.110223891570067e-05, is_global=False),
            Minimum((4.978189856741919, 1.3049954504376675), -8.110223891570067e-05, is_global=False),
            Minimum((4.978189856741919, 4.978189856741919), -8.110223891570067e-05, is_global=False),
        ),
        start=(2.2, 4.2),
        learning_rate=0.1,
        tags=("plateau", "benchmark"),
    ),
    surface_of(
        key="peaks",
        title="Peaks",
        formula=("3*(1-x)^2*exp(-x^2 - (y+1)^2) - 10*(x/5 - x^3 - y^5)*exp(-x^2 - y^2) - exp(-(x+1)^2 - y^2)/3"),
        bounds=Bounds.square(3.0),
        value=_peaks,
        gradient=_peaks_gradient,
        hessian=_peaks_hessian,
        minima=(
            Minimum((0.22827892055636914, -1.6255349574999964), -6.5511333328358345),
            Minimum((-1.3473962443682108, 0.20451886609700518), -3.04984940280026, is_global=False),
            Minimum((0.2964455538468321, 0.32019624766683435), -0.06493586825552686, is_global=False),
        ),
        start=(0.3, 1.2),
        learning_rate=0.01,
        tags=("several minima",),
    ),
)
