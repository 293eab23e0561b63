"""Losses a(x) + b(y): each parameter descends as if the other were not there, so the Hessian is diagonal."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import ArrayLike

from gdviz.descent.analytic import surface_of
from gdviz.descent.surface import Bounds, FloatArray, Minimum, Surface

_PI = np.pi
_Function = Callable[[FloatArray], ArrayLike]


@dataclass(frozen=True, slots=True)
class _Term:
    """A function of one parameter with its first and second derivative."""

    value: _Function
    first: _Function
    second: _Function


def _separable(a: _Term, b: _Term, **facts: Any) -> Surface:
    return surface_of(
        value=lambda x, y: np.add(a.value(x), b.value(y)),
        gradient=lambda x, y: (a.first(x), b.first(y)),
        hessian=lambda x, y: (a.second(x), 0.0, b.second(y)),
        **facts,
    )


_NOTHING = _Term(lambda v: 0.0, lambda v: 0.0, lambda v: 0.0)
_SQUARE = _Term(lambda v: v * v, lambda v: 2 * v, lambda v: 2.0)
_SINE = _Term(np.sin, np.cos, lambda v: -np.sin(v))
_DOUBLE_WELL = _Term(
    lambda v: (v * v - 2) * v * v + 0.3 * v, lambda v: 4 * v * (v * v - 1) + 0.3, lambda v: 12 * v * v - 4
)
_STYBLINSKI_TANG = _Term(
    lambda v: 0.5 * v * ((v * v - 16) * v + 5), lambda v: 2 * v * (v * v - 8) + 2.5, lambda v: 6 * v * v - 16
)
_RASTRIGIN = _Term(
    lambda v: v * v + 10 * (1 - np.cos(2 * _PI * v)),
    lambda v: 2 * v + 20 * _PI * np.sin(2 * _PI * v),
    lambda v: 2 + 40 * _PI**2 * np.cos(2 * _PI * v),
)


def _sine_squared(v: FloatArray) -> FloatArray:
    sine: FloatArray = np.sin(v)
    return sine * sine


def _levy_x(x: FloatArray) -> FloatArray:
    d = (x - 1) / 4
    return _sine_squared(_PI * d) + d * d * (1 + 10 * _sine_squared(_PI * d + 1))


def _levy_x_first(x: FloatArray) -> FloatArray:
    d = (x - 1) / 4
    ripple, slope = _sine_squared(_PI * d + 1), np.sin(2 * _PI * d + 2)
    return (_PI * np.sin(2 * _PI * d) + 2 * d * (1 + 10 * ripple) + 10 * _PI * d * d * slope) / 4


def _levy_x_second(x: FloatArray) -> FloatArray:
    d = (x - 1) / 4
    ripple, slope, curve = _sine_squared(_PI * d + 1), np.sin(2 * _PI * d + 2), np.cos(2 * _PI * d + 2)
    own = 2 * _PI**2 * np.cos(2 * _PI * d)
    return (own + 2 * (1 + 10 * ripple) + 40 * _PI * d * slope + 20 * _PI**2 * d * d * curve) / 16


def _levy_y(y: FloatArray) -> FloatArray:
    d = (y - 1) / 4
    return d * d * (1 + _sine_squared(2 * _PI * d))


def _levy_y_first(y: FloatArray) -> FloatArray:
    d = (y - 1) / 4
    return (2 * d * (1 + _sine_squared(2 * _PI * d)) + 2 * _PI * d * d * np.sin(4 * _PI * d)) / 4


def _levy_y_second(y: FloatArray) -> FloatArray:
    d = (y - 1) / 4
    ripple, slope, curve = _sine_squared(2 * _PI * d), np.sin(4 * _PI * d), np.cos(4 * _PI * d)
    return (2 * (1 + ripple) + 8 * _PI * d * slope + 8 * _PI**2 * d * d * curve) / 16


_LEVY_X = _Term(_levy_x, _levy_x_first, _levy_x_second)
_LEVY_Y = _Term(_levy_y, _levy_y_first, _levy_y_second)

SEPARABLE = (
    _separable(
        _SINE,
        _SQUARE,
        key="sine_saddle",
        title="Sine saddle",
        formula="sin(x) + y^2",
        bounds=Bounds.square(2.0),
        minima=(Minimum((-_PI / 2, 0.0), -1.0),),
        start=(1.5, 1.6),
        learning_rate=0.1,
        tags=("saddle",),
    ),
    _separable(
        _STYBLINSKI_TANG,
        _STYBLINSKI_TANG,
        key="styblinski_tang",
        title="Styblinski-Tang",
        formula="(x^4 - 16*x^2 + 5*x + y^4 - 16*y^2 + 5*y)/2",
        bounds=Bounds.square(5.0),
        minima=(
            Minimum((-2.903534027771177, -2.903534027771177), -78.33233140754282),
            Minimum((-2.903534027771177, 2.746802770990837), -64.19561235905536, is_global=False),
            Minimum((2.746802770990837, -2.903534027771177), -64.19561235905536, is_global=False),
            Minimum((2.746802770990837, 2.746802770990837), -50.05889331056789, is_global=False),
        ),
        start=(0.0, 4.5),
        learning_rate=0.01,
        tags=("several minima", "benchmark"),
    ),
    _separable(
        _RASTRIGIN,
        _RASTRIGIN,
        key="rastrigin",
        title="Rastrigin",
        formula="20 + x^2 + y^2 - 10*cos(2*pi*x) - 10*cos(2*pi*y)",
        bounds=Bounds.square(5.12),
        minima=(Minimum((0.0, 0.0), 0.0),),
        start=(-3.4, 2.6),
        learning_rate=0.002,
        tags=("several minima", "benchmark"),
    ),
    _separable(
        _LEVY_X,
        _LEVY_Y,
        key="levy",
        title="Levy",
        formula="sin(pi*(x+3)/4)^2 + ((x-1)/4)^2*(1 + 10*sin(pi*(x+3)/4 + 1)^2) + ((y-1)/4)^2*(1 + sin(pi*(y+3)/2)^2)",
        bounds=Bounds.square(10.0),
        minima=(Minimum((1.0, 1.0), 0.0),),
        start=(-7.0, 8.0),
        learning_rate=0.03,
        tags=("several minima", "benchmark"),
    ),
    _separable(
        _SQUARE,
        _NOTHING,
        key="parabola",
        title="Parabola (one parameter)",
        formula="x^2",
        bounds=Bounds.square(2.0),
        minima=(Minimum((0.0, 0.0), 0.0),),
        start=(-1.7, 0.0),
        learning_rate=0.1,
        dimensions=1,
        tags=("convex",),
    ),
    _separable(
        _DOUBLE_WELL,
        _NOTHING,
        key="double_well",
        title="Double well (one parameter)",
        formula="x^4 - 2*x^2 + 0.3*x",
        bounds=Bounds.square(2.0),
        minima=(
            Minimum((-1.0355787140888537, 0.0), -1.305428483743916),
            Minimum((0.9601495555191055, 0.0), -0.7058535189717372, is_global=False),
        ),
        start=(1.6, 0.0),
        learning_rate=0.02,
        dimensions=1,
        tags=("several minima",),
    ),
)
