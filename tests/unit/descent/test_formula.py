"""Typed formulas: what they compute, and what they must refuse."""

import contextlib
import re
import time
import warnings

import numpy as np
import pytest
import sympy
import ziamath
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from gdviz.descent.formula import formula_surface
from gdviz.descent.formula_latex import formula_latex
from gdviz.descent.surface import Bounds

W = np.array([[0.7, -1.3], [-0.4, 0.2], [1.9, 1.1]])
X, Y = W.T
HOSTILE = {
    "9**9**9**9": "is too large a number",
    "9^9^9^9": "'9\\^9\\^9' is too large a number",
    "(((2*x)**100)**100)**100": "a power of 1e\\+06 is too high; allowed are powers up to 100",
    "x**1000000000": "too high",
    "exp(exp(exp(1000)))": "'exp\\(1000\\)' is too large a number",
    "__import__('os')": 'the character "\'"',
    "__import__(x)": "'__import__' cannot be called",
    "x.__class__": "is not allowed in a formula",
    "(x).real": "is not allowed in a formula",
    "x.y(3)": "'x.y' cannot be called",
    "sin(x)(y)": "cannot be called",
    "lambda: 3": "the character ':'",
    "[x for x in y]": "the character '\\['",
    "x if y else 2": "is not allowed",
    "x and y": "is not allowed",
    "not x": "is not allowed",
    "x // 2": "is not allowed",
    "x % 2": "the character '%'",
    "x; y": "the character ';'",
    "x = 3": "the character '='",
    "x := 3": "the character ':'",
    "f'{x}'": "the character",
    "eval(x)": "'eval' cannot be called",
    "sin(*x)": "is not allowed",
    "sin(x, y)": "sin takes 1 value, not 2",
    "max(x)": "max takes 2 values, not 1",
    "sin": "write sin\\(...\\)",
    "z + 1": "there is no 'z'",
    "1j * x": "'1j' is not allowed",
    "True": "'True' is not allowed",
    "None": "'None' is not allowed",
    "...": "is not allowed",
    "()": "is not allowed",
    "x, y": "is not allowed",
    "2x": "write 2\\*x for 2x",
    "x y": "write 2\\*x for 2x",
    "x +": "not complete",
    "2if x": "not complete",
    "": "the formula is empty; allowed are numbers",
    " \t ": "the formula is empty",
    "1/0": "'1/0' divides by zero",
    "x/0": "divides by zero",
    "x/(y - y)": "nowhere a finite real number: 'x/\\(y - y\\)' divides by zero",
    "log(x - x)": "takes the logarithm of 0",
    "log(-2) + x": "'log\\(-2\\)' takes the logarithm of a negative number",
    "1e400*x": "'1e400' is too large a number",
    "9" * 400: "is too large a number",
    "(-8)^(1/3)": "raises a negative number to a power that is not whole",
    "x" * 501: "has 501 characters; allowed are at most 500",
    "-" * 400 + "x": "nested too deeply",
    "(" * 240 + "x" + ")" * 240: "not complete",
    "sin(" * 60 + "x" + ")" * 60: "nested too deeply",
    "x\x00": "the character",
}


@pytest.mark.parametrize(("text", "message"), HOSTILE.items(), ids=[text[:30] for text in HOSTILE])
def test_refuses_with_a_clear_word_and_at_once(text, message):
    began = time.perf_counter()
    with pytest.raises(ValueError, match=message) as refusal:
        formula_surface(text)
    assert time.perf_counter() - began < 1
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("x^2 + 3*sin(y)", X**2 + 3 * np.sin(Y)),
        ("w0**2 - w1", X**2 - Y),
        ("x² · π − y³", X**2 * np.pi - Y**3),
        ("-x^2", -(X**2)),
        ("2^-3 * e", np.full(3, np.e / 8)),
        ("min(x, y) + max(0, 1 - x)", np.minimum(X, Y) + np.maximum(0, 1 - X)),
        ("abs(x) - sign(y)", np.abs(X) - np.sign(Y)),
        ("asin(x/3) + acos(y/3) + atan(x)", np.arcsin(X / 3) + np.arccos(Y / 3) + np.arctan(X)),
        ("sinh(x) + cosh(y) + tanh(x) + tan(y)", np.sinh(X) + np.cosh(Y) + np.tanh(X) + np.tan(Y)),
        ("exp(x)*log(y + 2)/sqrt(x + 1)", np.exp(X) * np.log(Y + 2) / np.sqrt(X + 1)),
        ("7", np.full(3, 7.0)),
        ("y", Y),
        ("0.1*x + 1/3", 0.1 * X + 1 / 3),
    ],
)
def test_computes_what_is_typed(text, value):
    np.testing.assert_allclose(formula_surface(text).value(W), value, rtol=1e-15)


@pytest.mark.parametrize(
    "text", ["x^2*y + sin(x*y)", "abs(x)*y^2", "max(x, y^2) - min(3*x, y)", "3", "exp(-x^2)", "y*x^0.5"]
)
def test_derivatives_agree_with_finite_differences(text):
    surface, h = formula_surface(text), 1e-6
    w = np.abs(W)
    for function, derivative in ((surface.value, surface.gradient), (surface.gradient, surface.hessian)):
        central = [(function(w + h * unit) - function(w - h * unit)) / (2 * h) for unit in np.eye(2)]
        np.testing.assert_allclose(derivative(w), np.stack(central, axis=-1), atol=1e-7)


def test_undefined_places_are_nan_or_infinite_without_a_warning():
    w = np.array([[-1.0, 0.0], [0.0, 0.0], [1e200, -1e300]])
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for text in (
            "log(x)",
            "sqrt(x)*y",
            "1/x",
            "(-2)^x",
            "sqrt(x - 1 - y^2)",
            "exp(exp(x))",
            "x^100*1e300",
            "abs(log(x))",
        ):
            surface = formula_surface(text)
            for function, shape in (("value", (3,)), ("gradient", (3, 2)), ("hessian", (3, 2, 2))):
                result = getattr(surface, function)(w)
                assert result.shape == shape
                assert result.dtype == np.float64
    assert np.isnan(formula_surface("log(x)").value(w)[0])
    assert np.isinf(formula_surface("1/x").value(w)[1])


def test_kinks_count_as_flat():
    surface = formula_surface("abs(x) + max(0, y)")
    np.testing.assert_array_equal(surface.gradient(np.zeros(2)), (0, 0.5))
    np.testing.assert_array_equal(surface.hessian(np.zeros(2)), np.zeros((2, 2)))


def test_numbers_keep_all_their_digits():
    assert formula_surface("0.12345678901234567*x").value(np.array([1.0, 0.0])) == 0.12345678901234567


@pytest.mark.parametrize(("text", "dimensions"), [("x^2", 1), ("y^2", 2), ("x*y", 2), ("5", 2)])
def test_knows_how_many_parameters_matter(text, dimensions):
    assert formula_surface(text).dimensions == dimensions


def test_says_what_it_is():
    surface = formula_surface(" x^2 ", Bounds((0, 4), (-1, 1)))
    assert (surface.key, surface.formula, surface.bounds.w0) == ("formula", "x^2", (0, 4))
    assert surface.bounds.w0[0] <= surface.start[0] <= surface.bounds.w0[1]
    assert surface.bounds.w1[0] <= surface.start[1] <= surface.bounds.w1[1]


NUMBERS = st.sampled_from(["0", "1", "2", "3", "0.5", "1.5", "pi", "e", "7"])
ONE = [
    *("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt"),
    *("asin", "acos", "atan", "abs", "sign"),
]
FORMULAS = st.recursive(
    st.one_of(st.sampled_from(["x", "y", "x", "y", "w0", "w1"]), NUMBERS),
    lambda inner: st.one_of(
        st.builds("({} {} {})".format, inner, st.sampled_from("+-*/"), inner),
        st.builds("{}({})".format, st.sampled_from(ONE), inner),
        st.builds("{}({}, {})".format, st.sampled_from(["min", "max"]), inner, inner),
        st.builds("({})^{}".format, inner, st.sampled_from(["2", "3", "0.5", "(-1)", "(-2)", "0", "1", "2.5"])),
        st.builds("({})^({})".format, inner, inner),
        st.builds("-{}".format, inner),
    ),
    max_leaves=7,
)
SPOTS = [(0.7, -1.3), (-0.4, 0.2), (1.9, 1.1), (0.3, 0.6)]


def by_sympy(text, spot):
    """Value, gradient and Hessian by SymPy, to 40 digits; None where one of them is not a finite real number."""
    x, y = sympy.symbols("x y")
    names = {"x": x, "y": y, "w0": x, "w1": y, "e": sympy.E}
    names |= {"min": lambda a, b: sympy.Piecewise((a, a < b), (b, True))}
    names |= {"max": lambda a, b: sympy.Piecewise((a, a > b), (b, True))}
    # Away from their kinks these are what they are in a small neighbourhood.
    names |= {"abs": lambda u: sympy.sqrt(u**2), "sign": lambda u: u / sympy.sqrt(u**2)}
    whole = sympy.sympify(text.replace("^", "**"), locals=names)
    wanted = [whole, *(whole.diff(*by) for by in ([x], [y], [x, x], [x, y], [y, y]))]
    at = {x: sympy.Rational(str(spot[0])), y: sympy.Rational(str(spot[1]))}
    results = [complex(each.subs(at).evalf(40)) for each in wanted]
    finite = all(np.isfinite(result) and abs(result.imag) < 1e-20 * (1 + abs(result)) for result in results)
    return [result.real for result in results] if finite else None


def accepted(text):
    try:
        return formula_surface(text)
    except ValueError:
        assume(False)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.filter_too_much, HealthCheck.too_slow])
@given(text=FORMULAS, spot=st.sampled_from(SPOTS))
def test_agrees_with_sympy(text, spot):
    surface = accepted(text)
    w = np.array(spot)
    ours = [surface.value(w), *surface.gradient(w), *surface.hessian(w)[([0, 0, 1], [0, 1, 1])]]
    assume(np.isfinite(ours).all())
    try:
        truth = by_sympy(text, spot)
    except (TypeError, ValueError, ZeroDivisionError, OverflowError, NotImplementedError, RecursionError):
        assume(False)
    assume(truth is not None)
    assume(np.abs(truth).max() < 1e8)
    # Where parts of it are huge and cancel, or it stands on a kink, the last digits are nobody's.
    near = [surface.value(w * (1 + 1e-13 * sign)) for sign in (-1, 1)]
    assume(np.isfinite(near).all())
    assume(abs(near[0] - near[1]) < 1e-9 * (1 + abs(truth[0])))
    np.testing.assert_allclose(ours, truth, rtol=1e-6, atol=1e-6 * (1 + np.abs(truth).max()))


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.filter_too_much])
@given(text=FORMULAS, spot=st.sampled_from(SPOTS))
def test_agrees_with_finite_differences(text, spot):
    surface, w, h = accepted(text), np.array(spot), 1e-5
    for function, derivative in ((surface.value, surface.gradient), (surface.gradient, surface.hessian)):
        with np.errstate(all="ignore"):
            steps = [
                np.stack([(function(w + s * unit) - function(w - s * unit)) / (2 * s) for unit in np.eye(2)], axis=-1)
                for s in (h, h / 2)
            ]
            exact = derivative(w)
        assume(np.isfinite(steps).all())
        assume(np.isfinite(exact).all())
        scale = 1 + np.abs(steps[1]).max() + abs(float(surface.value(w)))
        # Finite differences that disagree with each other are no witnesses.
        assume(np.abs(steps[0] - steps[1]).max() < 1e-6 * scale)
        np.testing.assert_allclose(exact, steps[1], atol=1e-4 * scale)


@settings(max_examples=300, deadline=None)
@given(st.text(alphabet="xyw01239.+-*/^() ,esincolgqrtabm\u00b2\u03c0:=_[]{}'\\\"%&|<>~!?\n\u0660\uff58", max_size=40))
def test_any_text_gives_a_surface_or_a_clear_word(text):
    surface = None
    with contextlib.suppress(ValueError):
        surface = formula_surface(text)
    assert surface is None or surface.hessian(W).shape == (3, 2, 2)


LONG = [
    "*".join(f"sin({number}*x+y)" for number in range(1, 35)),
    "*".join(f"(x+{number}*y)^{number}" for number in range(1, 39)),
    "(tan(tan(tan(x*y)))^3+sin(cos(x*y)))^7*exp(tan(x*y)^5)",
    "sin(" * 38 + "x*y" + ")" * 38,
    "tan(" * 38 + "x*y" + ")" * 38,
    "max(x," * 38 + "y" + ")" * 38,
    "x^y^" * 15 + "x",
    "(x^2+y^2+1)" + "/(x^2+y^2+1)" * 38,
    "(" + "+".join(f"x^{number}*y" for number in range(2, 30)) + ")^3",
    "(x^x)^99",
    "+".join(["x*y"] * 125),
    "x" + "-1" * 245,
    "1" + "+1" * 249 + "",
]


@pytest.mark.parametrize("text", ["log(-1-x^2)" + "-x" * 240, "x-" * 240 + "log(-1-x^2)"], ids=["first", "last"])
def test_long_formulas_are_refused_at_once(text):
    began = time.perf_counter()
    with pytest.raises(ValueError, match="logarithm of a negative number"):
        formula_surface(text)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("text", LONG, ids=lambda text: text[:20])
def test_long_formulas_are_ready_at_once(text):
    began = time.perf_counter()
    surface = formula_surface(text)
    for function in (surface.value, surface.gradient, surface.hessian):
        function(W)
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize("text", ["(x^2)^(1/2)", "sqrt(x^2)", "(x^4)^0.25"])
def test_roots_of_squares_are_no_trap(text):
    surface = formula_surface(text)
    np.testing.assert_allclose(surface.value(W), np.abs(X))
    np.testing.assert_allclose(surface.gradient(W)[:, 0], np.sign(X))
    np.testing.assert_allclose(surface.hessian(W), 0, atol=1e-12)


@pytest.mark.parametrize("text", ["sqrt(x)^2", "exp(log(x))", "x/x", "x - x + y/x*x", "0*log(x)"])
def test_holes_stay_holes(text):
    assert np.isnan(formula_surface(text).value(np.array([0.0 if "/" in text else -1.0, 1.0])))


def test_powers_of_zero():
    surface = formula_surface("x^y")
    np.testing.assert_array_equal(surface.gradient(np.array([0.0, 2.0])), (0, 0))
    assert formula_surface("x^0 + 0^0").value(np.zeros(2)) == 2
    np.testing.assert_allclose(formula_surface("2^x").gradient(np.array([3.0, 0.0])), (8 * np.log(2), 0))


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("3 - log(-1 - x^2)", "'log(-1 - x^2)' takes the logarithm of a negative number"),
        ("log(-exp(x))", "'log(-exp(x))' takes the logarithm of a number that is not positive"),
        ("sqrt(-1 - x^2)", "'sqrt(-1 - x^2)' takes the square root of a negative number"),
        ("y*(-1-x**2)**0.5", "'(-1-x**2)**0.5' raises a negative number to a power that is not whole"),
        ("asin(2 + x^2)", "'asin(2 + x^2)' takes the arcsine of a number that is not between -1 and 1"),
        ("sin(1/(x - x))", "'1/(x - x)' divides by zero"),
        ("(x - x)^(-2)", "'(x - x)^(-2)' divides by zero"),
        ("exp(exp(9 + x^2))", "'exp(exp(9 + x^2))' is too large a number"),
        ("sqrt(x) + sqrt(-1 - x)", "'sqrt(x) + sqrt(-1 - x)' has parts that are never defined together"),
    ],
)
def test_nowhere_defined_is_refused_with_the_reason(text, why):
    with pytest.raises(ValueError, match=re.escape(f"the formula is nowhere a finite real number: {why}")):
        formula_surface(text)


@pytest.mark.parametrize("text", ["log(x*y) + x^2 + y^2", "sqrt(x*y)", "asin(3*x*y)", "(x*y)^1.5", "acos(3*x*y)"])
def test_what_is_not_defined_has_no_gradient_and_no_hessian(text):
    made, w = formula_surface(text), np.array([-1.0, 0.7])
    assert np.isnan(made.value(w))
    assert np.isnan(made.gradient(w)).all()
    assert np.isnan(made.hessian(w)).all()


def test_defined_outside_its_bounds_alone_is_all_right():
    assert np.isnan(formula_surface("log(x - 10)").value(W)).all()


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("x^2 + 3*sin(y)", r"J\left(x, y\right) = x^{2} + 3 \, \sin\left(y\right)"),
        ("w0^2 - (w1 - 1)", r"J\left(w_0, w_1\right) = w_0^{2} - \left(w_1 - 1\right)"),
        ("-(w0 - 1)/2", r"J\left(w_0\right) = \frac{-\left(w_0 - 1\right)}{2}"),
        ("(x+y)^2/2", r"J\left(x, y\right) = \frac{\left(x + y\right)^{2}}{2}"),
        ("-x^2*(-3)", r"J\left(x\right) = -x^{2} \, \left(-3\right)"),
        ("2*3e-7", r"J\left(x, y\right) = 2 \cdot 3 \cdot 10^{-7}"),
        ("exp(-x²)", r"J\left(x\right) = e^{-x^{2}}"),
        ("max(abs(x), sqrt(y))", r"J\left(x, y\right) = \max\left(\left|x\right|, \sqrt{y}\right)"),
        ("+x - +3", r"J\left(x\right) = x - 3"),
        ("w0*x + w1", r"J\left(x, y\right) = x \, x + y"),
        ("exp(exp(5*x))", r"J\left(x\right) = e^{e^{5 \, x}}"),
        ("exp(exp(exp(5*x)))", r"J\left(x\right) = \exp\left(e^{e^{5 \, x}}\right)"),
        ("asin(x)", r"J\left(x\right) = \arcsin\left(x\right)"),
    ],
)
def test_typeset_in_the_order_in_which_it_was_typed(text, latex):
    assert formula_latex(text) == latex
    assert ziamath.Latex(latex).svg().startswith("<svg")


@settings(max_examples=60, deadline=None)
@given(FORMULAS)
def test_whatever_is_typed_can_be_typeset(text):
    try:
        formula_surface(text)
    except ValueError:
        assume(False)
    if latex := formula_latex(text):  # "" where it is nested too deeply
        assert ziamath.Latex(latex).svg()


@pytest.mark.parametrize(("text", "bounds"), [("sqrt(x) + y^2", (-2, 2)), ("x^2 + y^2", (1, 3)), ("log(x*y)", (-3, 1))])
def test_a_race_starts_inside_the_bounds_where_the_loss_is_defined(text, bounds):
    surface = formula_surface(text, Bounds(bounds, bounds))
    assert bounds[0] <= surface.start[0] <= bounds[1]
    assert bounds[0] <= surface.start[1] <= bounds[1]
    assert np.isfinite(surface.value(np.array(surface.start)))
