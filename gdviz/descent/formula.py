"""A typed formula in x and y becomes a Surface with exact derivatives.

The text is never evaluated: Python's parser makes a tree of it, and a white list of nodes is walked. On the way every
part is written down as a line of NumPy with its first and second derivatives beside it (automatic differentiation,
forwards), so that code and time grow with the length of the formula alone. A computer algebra would expand the
derivatives of ``sin(x)*sin(2*x)*...`` into thousands of terms, and would simplify ``sqrt(x)^2`` to an x that is defined
where it is not. Constant parts are folded with ordinary floats.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from gdviz.descent.analytic import surface_of
from gdviz.descent.surface import Bounds, FloatArray, Surface
from gdviz.descent.typeset import expression

MAX_LENGTH = 500
MAX_DEPTH = 40
MAX_POWER = 100
_QUOTED = 60
BOUNDS = Bounds.square(2.0)

_VARIABLES = {"x": "x", "y": "y", "w0": "x", "w1": "y"}
_CONSTANTS = {"pi": math.pi, "e": math.e}
_FUNCTIONS: dict[str, tuple[Callable[..., Any], int]] = {
    **{name: (getattr(np, name), 1) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt")},
    "asin": (np.arcsin, 1),
    "acos": (np.arccos, 1),
    "atan": (np.arctan, 1),
    "abs": (np.abs, 1),
    "sign": (np.sign, 1),
    "min": (np.minimum, 2),
    "max": (np.maximum, 2),
}
_OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
_ALLOWED = "allowed are numbers, x, y, pi, e, + - * / ^, parentheses and the functions " + ", ".join(sorted(_FUNCTIONS))
# Where a formula may be defined if it is nowhere so inside its bounds.
_FAR_AND_WIDE = [Bounds.square(size).grid(64)[2] for size in (1.0, 30.0, 1000.0)]
# What people type or paste from a paper.
_SPELLINGS = str.maketrans({"^": "**", "−": "-", "·": "*", "×": "*", "²": "**2", "³": "**3", "⁴": "**4", "π": "pi"})
_LEGAL = re.compile(r"[0-9A-Za-z_.,+\-*/() ]*")


def formula_surface(text: str, bounds: Bounds = BOUNDS) -> Surface:
    """The surface of a typed formula.

    Args:
        text: a formula in x and y (or w0 and w1), such as ``x^2 + 3*sin(y)``.
        bounds: where it is to be shown.

    Returns:
        a surface with the exact gradient and Hessian; where a kink has no derivative, abs, sign, min and max count as
        flat. Places where the formula is not defined are NaN.

    Raises:
        ValueError: what cannot be understood, and what is allowed.
    """
    tree = _parse(text)
    code = _Code()
    whole = _Walker(code).walk(tree, 0, 1.0)
    value = code.function([whole.value])
    surface = surface_of(
        key="formula",
        title="Formula",
        formula=text.strip(),
        bounds=bounds,
        value=lambda x, y: value(x, y)[0],
        gradient=code.function(whole.first),
        hessian=code.function(whole.second),
        dimensions=1 if _variables(tree) == {"x"} else 2,
        tags=("formula",),
    )
    if not any(np.isfinite(surface.value(points)).any() for points in (bounds.grid(64)[2], *_FAR_AND_WIDE)):
        raise ValueError("the formula is nowhere a finite number: it divides by zero or takes the logarithm of 0")
    return replace(surface, start=_start(surface))


def _start(surface: Surface) -> tuple[float, float]:
    """A place towards the upper left, where the loss is defined: of a grid, the nearest one to an eighth in."""
    points = surface.bounds.grid(17)[2].reshape(-1, 2)
    wanted = points.min(axis=0) + np.array([0.125, 0.8125]) * np.ptp(points, axis=0)
    defined = points[np.isfinite(surface.value(points))]
    w = defined[np.hypot(*(defined - wanted).T).argmin()] if len(defined) else wanted
    return float(w[0]), float(w[1])


def formula_latex(text: str) -> str:
    """A typed formula as LaTeX; ValueError as of ``formula_surface``, but for what shows only where it is computed."""
    tree = _parse(text)
    _Walker(_Code()).walk(tree, 0, 1.0)
    try:
        return expression(tree)
    except RecursionError:
        raise ValueError("the formula is too long to be typeset") from None


def _parse(text: str) -> ast.expr:
    if len(text) > MAX_LENGTH:
        raise ValueError(f"the formula has {len(text)} characters; allowed are at most {MAX_LENGTH}")
    python = " ".join(text.translate(_SPELLINGS).split())
    if not python:
        raise ValueError("the formula is empty; " + _ALLOWED)
    legal = _LEGAL.match(python)
    if legal is not None and legal.end() < len(python):
        raise ValueError(f"the formula has the character {python[legal.end()]!r}; {_ALLOWED}")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of "2if" and the like, which is refused below
            return ast.parse(python, mode="eval").body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise ValueError(f"the formula {text.strip()!r} is not complete or lacks a sign; write 2*x for 2x") from None


def _variables(tree: ast.expr) -> set[str]:
    """Which of x and y occur."""
    names = (node.id for node in ast.walk(tree) if isinstance(node, ast.Name))
    return {_VARIABLES[name] for name in names if name in _VARIABLES}


@dataclass(frozen=True, slots=True)
class _Part:
    """A part of the formula with its derivatives: names of lines of code, or numbers.

    Attributes:
        value: of the part.
        first: derivatives by x and y.
        second: by x twice, by both, by y twice.
    """

    value: str | float
    first: tuple[str | float, ...] = (0.0, 0.0)
    second: tuple[str | float, ...] = (0.0, 0.0, 0.0)

    @property
    def constant(self) -> float | None:
        """The number that it is wherever one stands; None where it is not."""
        return self.value if isinstance(self.value, float) else None


# The pairs of first derivatives that belong to the second ones.
_PAIRS = ((0, 0), (0, 1), (1, 1))


class _Code:
    """Straight lines of NumPy: each gives a name to one operation; none is written twice."""

    def __init__(self) -> None:
        self._names: dict[tuple[str | float, ...], str] = {}

    def line(self, form: str, *operands: str | float) -> str:
        """The name of an operation's result; in the form, {0} stands for the first operand."""
        return self._names.setdefault((form, *operands), f"t{len(self._names)}")

    def sum(self, *terms: str | float) -> str | float:
        """The sum; numbers are added at once."""
        number = sum((term for term in terms if isinstance(term, float)), 0.0)
        names = [term for term in terms if isinstance(term, str)]
        if not names:
            return number
        total = names[0]
        for name in names[1:]:
            total = self.line("{0} + {1}", total, name)
        return self.line("{0} + {1}", number, total) if number else total

    def product(self, *factors: str | float) -> str | float:
        """The product; numbers are multiplied at once, and zero makes it zero."""
        number = math.prod(factor for factor in factors if isinstance(factor, float))
        names = [factor for factor in factors if isinstance(factor, str)]
        if not names or number == 0:
            return number
        total = names[0]
        for name in names[1:]:
            total = self.line("{0} * {1}", total, name)
        if number == -1:
            return self.line("-{0}", total)
        return total if number == 1 else self.line("{0} * {1}", number, total)

    def chain(self, value: str, slope: str | float, bend: str | float, u: _Part) -> _Part:
        """f(u) by the chain rule, given f, f' and f'' at u."""
        return _Part(
            value,
            tuple(self.product(slope, first) for first in u.first),
            tuple(
                self.sum(self.product(bend, u.first[i], u.first[j]), self.product(slope, second))
                for (i, j), second in zip(_PAIRS, u.second, strict=True)
            ),
        )

    def chain_of_two(
        self, value: str, slopes: tuple[str | float, ...], bends: tuple[str | float, ...], a: _Part, b: _Part
    ) -> _Part:
        """f(a, b) by the chain rule, given f, its slopes by a and b, and its bends by aa, ab and bb."""
        first = tuple(
            self.sum(self.product(slopes[0], a.first[i]), self.product(slopes[1], b.first[i])) for i in range(2)
        )
        second = tuple(
            self.sum(
                self.product(slopes[0], a.second[number]),
                self.product(slopes[1], b.second[number]),
                self.product(bends[0], a.first[i], a.first[j]),
                self.product(bends[1], a.first[i], b.first[j]),
                self.product(bends[1], a.first[j], b.first[i]),
                self.product(bends[2], b.first[i], b.first[j]),
            )
            for number, (i, j) in enumerate(_PAIRS)
        )
        return _Part(value, first, second)

    def function(self, results: Iterable[str | float]) -> Callable[[FloatArray, FloatArray], Any]:
        """A function of x and y that gives these results as a tuple, and computes no line that they do not need."""
        wanted = list(results)
        needed = {name for name in wanted if isinstance(name, str)}
        lines: list[str] = []
        for (form, *operands), name in reversed(self._names.items()):
            if name in needed:
                # Nothing is kept longer than it is used: to ask for fresh memory takes longer than most operations.
                ends = {operand for operand in operands if isinstance(operand, str)} - needed - {"x", "y"}
                needed |= ends
                lines += [f"    del {', '.join(sorted(ends))}"] if ends else []
                lines.append(f"    {name} = {str(form).format(*map(_written, operands))}")
        source = ["def formula(x, y):", *reversed(lines), f"    return ({', '.join(map(_written, wanted))},)"]
        namespace: dict[str, Any] = {"np": np}
        exec(compile("\n".join(source), "<formula>", "exec"), namespace)
        function: Callable[[FloatArray, FloatArray], Any] = namespace["formula"]
        return function


def _written(operand: str | float) -> str:
    """A name as it is, a number with all its digits."""
    return operand if isinstance(operand, str) else f"({operand!r})" if math.isfinite(operand) else "np.nan"


class _Walker:
    """Walks a tree and writes down what it says."""

    def __init__(self, code: _Code) -> None:
        self._code = code

    def walk(self, node: ast.expr, depth: int, power: float) -> _Part:
        """A part and its derivatives; power is that of all powers around it.

        Raises:
            ValueError: the first part that is not allowed.
        """
        if depth > MAX_DEPTH:
            raise ValueError(f"the formula is nested too deeply; allowed are {MAX_DEPTH} levels")
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return _Part(_finite(number, node))
            case ast.Name(id=name) if name in _VARIABLES:
                return _Part("x", (1.0, 0.0)) if _VARIABLES[name] == "x" else _Part("y", (0.0, 1.0))
            case ast.Name(id=name) if name in _CONSTANTS:
                return _Part(_CONSTANTS[name])
            case ast.Name(id=name) if name in _FUNCTIONS:
                raise ValueError(f"{name} is a function; write {name}(...)")
            case ast.Name(id=name):
                raise ValueError(f"there is no {name!r}; {_ALLOWED}")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negative(self.walk(operand, depth + 1, power))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.walk(operand, depth + 1, power)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(node, left, right, depth, power)
            case ast.BinOp(op=op) if type(op) in _OPERATORS:
                return self._row(node, depth, power)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
                return self._call(node, name, arguments, depth, power)
            case ast.Call(func=function):
                raise ValueError(f"{_text(function)} cannot be called; {_ALLOWED}")
            case _:
                raise ValueError(f"{_text(node)} is not allowed in a formula; {_ALLOWED}")

    def _row(self, node: ast.expr, depth: int, power: float) -> _Part:
        """Terms or factors in a row: to Python one deeper than the other, to people side by side."""
        row: list[ast.BinOp] = []
        while isinstance(node, ast.BinOp) and type(node.op) in _OPERATORS and not isinstance(node.op, ast.Pow):
            row.append(node)
            node = node.left
        result = self.walk(node, depth + 1, power)
        for link in reversed(row):
            right = self.walk(link.right, depth + 1, power)
            folded = self._folded(link, _OPERATORS[type(link.op)], result, right)
            result = folded or self._arithmetic(link, link.op, result, right)
        return result

    def _folded(self, node: ast.expr, operation: Callable[..., Any], *parts: _Part) -> _Part | None:
        """The number that an operation on numbers gives; None where a part is no number."""
        numbers = [part.constant for part in parts]
        if None in numbers:
            return None
        with np.errstate(all="ignore"):
            return _Part(_finite(operation(*map(np.float64, numbers)), node))

    def _negative(self, u: _Part) -> _Part:
        if u.constant is not None:
            return _Part(-u.constant)
        return self._code.chain(self._code.line("-{0}", u.value), -1.0, 0.0, u)

    def _arithmetic(self, node: ast.expr, op: ast.operator, a: _Part, b: _Part) -> _Part:
        code = self._code
        match op:
            case ast.Add():
                return code.chain_of_two(code.line("{0} + {1}", a.value, b.value), (1.0, 1.0), (0.0, 0.0, 0.0), a, b)
            case ast.Sub():
                return code.chain_of_two(code.line("{0} - {1}", a.value, b.value), (1.0, -1.0), (0.0, 0.0, 0.0), a, b)
            case ast.Mult():
                product = code.line("{0} * {1}", a.value, b.value)
                return code.chain_of_two(product, (b.value, a.value), (0.0, 1.0, 0.0), a, b)
        if b.constant == 0:
            raise ValueError(f"{_text(node)} divides by zero")
        quotient = code.line("{0} / {1}", a.value, b.value)
        if b.constant and math.isfinite(1 / b.constant):
            return code.chain(quotient, 1 / b.constant, 0.0, a)
        slope = code.line("1 / {0}", b.value)
        return code.chain_of_two(
            quotient,
            (slope, code.line("-{0} / {1}", quotient, b.value)),
            (0.0, code.line("-{0} / {1}", slope, b.value), code.line("2 * {0} / {1} / {1}", quotient, b.value)),
            a,
            b,
        )

    def _power(self, node: ast.expr, left: ast.expr, right: ast.expr, depth: int, power: float) -> _Part:
        b = self.walk(right, depth + 1, power)
        if b.constant is not None:
            # Powers of powers multiply.
            power *= max(1.0, abs(b.constant))
        a = self.walk(left, depth + 1, power)
        folded = self._folded(node, operator.pow, a, b)
        if folded:
            return folded
        if power > MAX_POWER:
            raise ValueError(f"a power of {power:g} is too high; allowed are powers up to {MAX_POWER}")
        code = self._code
        if b.constant is None:
            value = code.line("{0} ** {1}", a.value, b.value)
            less = code.line("{0} ** ({1} - 1)", a.value, b.value)
            # Where the power is 0 it stays so, though the logarithm of its base is infinite.
            log = code.line("np.log(np.where({0} == 0, 1.0, {1}))", value, a.value)
            slopes = (code.line("{0} * {1}", b.value, less), code.line("{0} * {1}", value, log))
            bends = (
                code.line("{1} * ({1} - 1) * {0} ** ({1} - 2)", a.value, b.value),
                code.line("{0} * (1 + {1} * {2})", less, b.value, log),
                code.line("{0} * {1} * {1}", value, log),
            )
            return code.chain_of_two(value, slopes, bends, a, b)
        if b.constant in (0.0, 1.0):
            return a if b.constant else _Part(1.0)
        value = code.line("{0} ** {1}", a.value, b.value)
        return code.chain(value, self._slope(a, b.constant), self._bend(a, b.constant), a)

    def _slope(self, a: _Part, exponent: float) -> str | float:
        base = a.value if exponent == 2 else self._code.line("{0} ** {1}", a.value, exponent - 1)
        return self._code.product(exponent, base)

    def _bend(self, a: _Part, exponent: float) -> str | float:
        if exponent == 2:
            return 2.0
        return self._code.product(exponent * (exponent - 1), self._code.line("{0} ** {1}", a.value, exponent - 2))

    def _call(self, node: ast.expr, name: str, arguments: list[ast.expr], depth: int, power: float) -> _Part:
        numeric, count = _FUNCTIONS[name]
        if len(arguments) != count:
            raise ValueError(f"{name} takes {count} value{'s' * (count > 1)}, not {len(arguments)}")
        parts = [self.walk(argument, depth + 1, power) for argument in arguments]
        folded = self._folded(node, numeric, *parts)
        if folded:
            return folded
        code = self._code
        value = code.line(
            f"np.{numeric.__name__}({', '.join('{' + str(i) + '}' for i in range(count))})",
            *(part.value for part in parts),
        )
        if count == 2:
            # The slope by the one that is taken is 1, by the other one 0, and one half each where both are the same.
            ahead = [code.line("np.heaviside({0} - {1}, 0.5)", a.value, b.value) for a, b in (parts, parts[::-1])]
            slopes = tuple(ahead if name == "max" else ahead[::-1])
            return code.chain_of_two(value, slopes, (0.0, 0.0, 0.0), *parts)
        slope, bend = (
            form if isinstance(form, float) else value if form == "{1}" else code.line(form, parts[0].value, value)
            for form in _DERIVATIVES[name]
        )
        return code.chain(value, slope, bend, parts[0])


# f' and f'' of each function of one value: {0} is its argument, {1} its value.
_DERIVATIVES: dict[str, tuple[str | float, str | float]] = {
    "sin": ("np.cos({0})", "-{1}"),
    "cos": ("-np.sin({0})", "-{1}"),
    "tan": ("1 + {1} * {1}", "2 * {1} * (1 + {1} * {1})"),
    "sinh": ("np.cosh({0})", "{1}"),
    "cosh": ("np.sinh({0})", "{1}"),
    "tanh": ("1 - {1} * {1}", "-2 * {1} * (1 - {1} * {1})"),
    "exp": ("{1}", "{1}"),
    "log": ("1 / {0}", "-1 / ({0} * {0})"),
    "sqrt": ("0.5 / {1}", "-0.25 / ({0} * {1})"),
    "asin": ("(1 - {0} * {0}) ** -0.5", "{0} * (1 - {0} * {0}) ** -1.5"),
    "acos": ("-((1 - {0} * {0}) ** -0.5)", "-{0} * (1 - {0} * {0}) ** -1.5"),
    "atan": ("1 / (1 + {0} * {0})", "-2 * {0} / (1 + {0} * {0}) ** 2"),
    "abs": ("np.sign({0})", 0.0),
    "sign": (0.0, 0.0),
}


def _text(node: ast.expr) -> str:
    """A part as it was typed, shortened where it is long."""
    try:
        text = ast.unparse(node)
    except RecursionError:
        return "a long part of it"
    return repr(text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…")


def _finite(number: Any, node: ast.expr) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(f"{_text(node)} is not a finite number")
    return value
