"""Typed formulas: what they compute, and what they must refuse."""

import time
import warnings

import numpy as np
import pytest

from gdviz.descent.formula import formula_surface
from gdviz.descent.surface import Bounds

W = np.array([[0.7, -1.3], [-0.4, 0.2], [1.9, 1.1]])
X, Y = W.T
HOSTILE = {
    "9**9**9**9": "is not a finite number",
    "9^9^9^9": "is not a finite number",
    "(((2*x)**100)**100)**100": "a power of 1e\\+06 is too high; allowed are powers up to 100",
    "x**1000000000": "too high",
    "exp(exp(exp(1000)))": "'exp\\(1000\\)' is not a finite number",
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
    "1/0": "'1 / 0' is not a finite number",
    "x/0": "divides by zero",
    "x/(y - y)": "nowhere a finite number",
    "log(x - x)": "nowhere a finite number",
    "1e999": "is not a finite number",
    "9" * 400: "is not a finite number",
    "(-8)^(1/3)": "is not a finite number",
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
            "sqrt(-1 - x^2)",
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
