"""The surfaces: against finite differences, against SymPy, and against the literature."""

import warnings

import numpy as np
import pytest
import sympy
from hypothesis import given
from hypothesis import strategies as st

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.catalog import SURFACES, surface
from gdviz.descent.formula import formula_surface
from gdviz.descent.trajectory import race

KEYS = list(SURFACES)
ANALYTIC = [key for key, each in SURFACES.items() if "data" not in each.tags]
ONE_PARAMETER = ("parabola", "double_well")

# Written down from the literature, not from the code.
G = "exp(-((x - ({a}))**2 + (7*y/5 - ({b}))**2)*5)"
R = "(10*sqrt(x**2 + y**2) + Rational(1, 100))"
FORMULAS = {
    "bowl": "x**2 + y**2",
    "valley": "x**2/20 + y**2",
    "saddle": "x**2 - y**2",
    "sine_saddle": "sin(x) + y**2",
    "monkey_saddle": "x**3 - 3*x*y**2",
    "two_wells": f"x**2 + (7*y/5)**2 - 2*{G.format(a=1, b=0)} - 6*{G.format(a=-1, b=0)}",
    "hills": f"x**2 + (7*y/5)**2 + 2*{G.format(a=1, b=0)} + 6*{G.format(a=-1, b=0)} - 2*{G.format(a=1, b=-1)}",
    "plateau": f"-sin({R})/{R} + {R}**2/100",
    "ecliptic_bowl": "-exp(-((x/2)**2 + 5*(y/2)**2)) + (x/2)**2 + (y/2)**2/2",
    "rosenbrock": "(1 - x)**2 + 100*(y - x**2)**2",
    "himmelblau": "(x**2 + y - 11)**2 + (x + y**2 - 7)**2",
    "beale": "(Rational(3,2) - x + x*y)**2 + (Rational(9,4) - x + x*y**2)**2 + (Rational(21,8) - x + x*y**3)**2",
    "booth": "(x + 2*y - 7)**2 + (2*x + y - 5)**2",
    "matyas": "Rational(26,100)*(x**2 + y**2) - Rational(48,100)*x*y",
    "three_hump_camel": "2*x**2 - Rational(105,100)*x**4 + x**6/6 + x*y + y**2",
    "six_hump_camel": "(4 - Rational(21,10)*x**2 + x**4/3)*x**2 + x*y + (-4 + 4*y**2)*y**2",
    "styblinski_tang": "((x**4 - 16*x**2 + 5*x) + (y**4 - 16*y**2 + 5*y))/2",
    "goldstein_price": "(1 + (x+y+1)**2*(19 - 14*x + 3*x**2 - 14*y + 6*x*y + 3*y**2))"
    "*(30 + (2*x - 3*y)**2*(18 - 32*x + 12*x**2 + 48*y - 36*x*y + 27*y**2))",
    "rastrigin": "20 + (x**2 - 10*cos(2*pi*x)) + (y**2 - 10*cos(2*pi*y))",
    "ackley": "-20*exp(-sqrt((x**2 + y**2)/2)/5) - exp((cos(2*pi*x) + cos(2*pi*y))/2) + 20 + E",
    "levy": "sin(pi*(1+(x-1)/4))**2 + ((x-1)/4)**2*(1 + 10*sin(pi*(1+(x-1)/4) + 1)**2)"
    " + ((y-1)/4)**2*(1 + sin(2*pi*(1+(y-1)/4))**2)",
    "griewank": "1 + x**2/4000 + y**2/4000 - cos(x)*cos(y/sqrt(2))",
    "easom": "-cos(x)*cos(y)*exp(-(x-pi)**2 - (y-pi)**2)",
    "peaks": "3*(1-x)**2*exp(-x**2 - (y+1)**2) - 10*(x/5 - x**3 - y**5)*exp(-x**2 - y**2) - exp(-(x+1)**2 - y**2)/3",
    "distill_momentum": "(1-x)**2 + 20*(3*y - x**2)**2",
    "parabola": "x**2",
    "double_well": "x**4 - 2*x**2 + Rational(3,10)*x",
}
# The lowest minima as the literature gives them: where (any one of them), how low, and to how many decimals.
PUBLISHED = {
    "two_wells": ((-0.968, 0), -5.032, 3),
    "hills": ((0.90, -0.653), -0.159, 2),
    "rosenbrock": ((1, 1), 0, 12),
    "himmelblau": ((-2.805118, 3.131312), 0, 6),
    "beale": ((3, 0.5), 0, 12),
    "booth": ((1, 3), 0, 12),
    "matyas": ((0, 0), 0, 12),
    "three_hump_camel": ((0, 0), 0, 12),
    "six_hump_camel": ((0.0898, -0.7126), -1.0316, 4),
    "styblinski_tang": ((-2.903534, -2.903534), -78.33233, 5),
    "goldstein_price": ((0, -1), 3, 12),
    "rastrigin": ((0, 0), 0, 12),
    "ackley": ((0, 0), 0, 12),
    "levy": ((1, 1), 0, 12),
    "griewank": ((0, 0), 0, 12),
    "easom": ((np.pi, np.pi), -1, 12),
    "peaks": ((0.228, -1.626), -6.551, 3),
    "distill_momentum": ((1, 1 / 3), 0, 12),
}


def inside(key, rows=200, seed=3):
    bounds = SURFACES[key].bounds
    low, high = np.transpose([bounds.w0, bounds.w1])
    return np.random.default_rng(seed).uniform(low, high, size=(rows, 2))


def close(actual, expected, tolerance):
    scale = np.abs(expected).max() + 1e-300
    assert np.abs(actual - expected).max() <= tolerance * scale


def test_keys_are_known_and_in_order():
    assert [*FORMULAS, "line_mse", "perceptron_bce"] == KEYS
    assert all(each.key == key for key, each in SURFACES.items())


def test_unknown_key_lists_those_there_are():
    with pytest.raises(ValueError, match="no surface 'bow'; there are bowl, valley"):
        surface("bow")


@pytest.mark.parametrize("key", ANALYTIC)
def test_agrees_with_sympy(key):
    x, y = sympy.symbols("x y", real=True)
    loss = sympy.sympify(FORMULAS[key], locals={"x": x, "y": y})
    gradient = [loss.diff(x), loss.diff(y)]
    hessian = [loss.diff(a, b) for a in (x, y) for b in (x, y)]
    w = inside(key, 12)

    def exactly(expressions):
        return np.array([[float(e.evalf(25, subs={x: a, y: b})) for e in expressions] for a, b in w])

    ours = SURFACES[key]
    close(ours.value(w), exactly([loss])[:, 0], 1e-13)
    close(ours.gradient(w), exactly(gradient), 1e-13)
    close(ours.hessian(w), exactly(hessian).reshape(-1, 2, 2), 1e-12)


@pytest.mark.parametrize("key", ANALYTIC)
def test_its_formula_is_what_it_computes(key):
    w, ours, typed = inside(key), SURFACES[key], formula_surface(SURFACES[key].formula)
    close(ours.value(w), typed.value(w), 1e-13)
    assert typed.dimensions == ours.dimensions == (1 if key in ONE_PARAMETER else 2)


@pytest.mark.parametrize("key", KEYS)
@given(share=st.tuples(st.floats(0.01, 0.99), st.floats(0.01, 0.99)))
def test_derivatives_agree_with_finite_differences(key, share):
    each = SURFACES[key]
    w = np.array(
        [low + part * (high - low) for part, (low, high) in zip(share, (each.bounds.w0, each.bounds.w1), strict=True)]
    )
    if np.hypot(*w) < 1e-2:
        return  # plateau and ackley come to a point there
    h = 1e-6 * each.bounds.diagonal

    def central(function):
        return np.stack([(function(w + h * unit) - function(w - h * unit)) / (2 * h) for unit in np.eye(2)], axis=-1)

    nearby = inside(key)
    for function, derivative in ((each.value, each.gradient), (each.gradient, each.hessian)):
        scale = np.abs(derivative(nearby)).max() + np.abs(function(nearby)).max() + 1
        assert np.abs(central(function) - derivative(w)).max() <= 1e-6 * scale


@pytest.mark.parametrize("key", KEYS)
def test_known_minima_are_minima(key):
    each = SURFACES[key]
    for minimum in each.minima:
        w = np.array(minimum.w)
        assert each.value(w) == pytest.approx(minimum.value, rel=1e-13, abs=1e-28)
        scale = np.abs(each.hessian(inside(key))).max()
        assert np.abs(each.gradient(w)).max() <= 1e-14 * scale
        around = w + 1e-3 * np.stack([np.cos(angles := np.linspace(0, 7, 50)), np.sin(angles)], axis=-1)
        # A loss of one parameter is flat along the other.
        assert (
            each.value(around) >= minimum.value if each.dimensions == 1 else each.value(around) > minimum.value
        ).all()
        assert each.bounds.w0[0] <= w[0] <= each.bounds.w0[1]
        assert each.bounds.w1[0] <= w[1] <= each.bounds.w1[1]


@pytest.mark.parametrize("key", [key for key in KEYS if SURFACES[key].minima])
def test_the_global_minimum_is_the_lowest_place(key):
    each = SURFACES[key]
    lowest = {minimum.value for minimum in each.minima if minimum.is_global}
    assert max(lowest) - min(lowest) < 1e-12
    assert all(minimum.value > max(lowest) for minimum in each.minima if not minimum.is_global)
    _, _, points = each.bounds.grid(201)
    assert each.value(points).min() >= min(lowest) - 1e-12 * (1 + abs(min(lowest)))


@pytest.mark.parametrize("key", PUBLISHED)
def test_the_global_minimum_is_the_published_one(key):
    where, how_low, decimals = PUBLISHED[key]
    minima = [minimum for minimum in SURFACES[key].minima if minimum.is_global]
    assert any(np.abs(np.subtract(minimum.w, where)).max() < 10.0**-decimals for minimum in minima)
    assert minima[0].value == pytest.approx(how_low, abs=10.0**-decimals)


@pytest.mark.parametrize("key", KEYS)
def test_nothing_raises_or_warns_far_away(key):
    w = np.array([[1e308, -1e308], [1e200, 1e-200], [np.inf, np.nan], [0, 0], [-1e160, 3]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for function, shape in (("value", (5,)), ("gradient", (5, 2)), ("hessian", (5, 2, 2))):
            assert getattr(SURFACES[key], function)(w).shape == shape


@pytest.mark.parametrize("key", KEYS)
def test_a_point_gives_the_same_bits_alone_as_among_others(key):
    each, w = SURFACES[key], inside(key, 37).reshape(37, 1, 2)
    for function in (each.value, each.gradient, each.hessian):
        together = function(w)
        assert together.shape[:2] == (37, 1)
        alone = np.array([function(point) for point in w[:, 0]])
        np.testing.assert_array_equal(together[:, 0], alone)


@pytest.mark.parametrize("key", KEYS)
def test_the_start_tells_something(key):
    each = SURFACES[key]
    (trajectory,) = race(each, [OptimizerSpec("sgd", {"learning_rate": each.learning_rate})], each.start, 60)
    assert trajectory.steps > 10
    assert trajectory.losses[-1] < trajectory.losses[0]
    assert (np.diff(trajectory.losses) <= 1e-12).all()


@pytest.mark.parametrize("key", ONE_PARAMETER)
def test_a_surface_of_one_parameter_ignores_the_other(key):
    each = SURFACES[key]
    assert each.value(np.array([0.7, 5.0])) == each.value(np.array([0.7, -1.0]))
    assert each.gradient(np.array([0.7, 5.0]))[1] == 0
    assert each.start[1] == 0
