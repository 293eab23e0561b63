"""A typed formula in x and y becomes a Surface with exact derivatives.

The text is never evaluated: Python's parser makes a tree of it, a white list of nodes is walked, and a SymPy expression
is built from that. Constant parts are folded with ordinary floats on the way, so that SymPy, whose numbers have no
limit, never meets ``9**9**9**9``.
"""

from __future__ import annotations

import ast
import math
import operator
import re
import warnings
from collections.abc import Callable
from typing import Any

import numpy as np

from gdviz.descent.analytic import surface_of
from gdviz.descent.surface import Bounds, FloatArray, Surface

MAX_LENGTH = 500
MAX_DEPTH = 40
MAX_POWER = 100
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
    import sympy

    tree = _parse(text)
    builder = _Builder(sympy)
    expression = builder.expression(tree)
    first = [sympy.diff(expression, variable) for variable in builder.variables]
    second = [sympy.diff(first[0], builder.x), sympy.diff(first[0], builder.y), sympy.diff(first[1], builder.y)]
    for derivative in (expression, *first, *second):
        if derivative.has(sympy.zoo, sympy.nan, sympy.oo):
            raise ValueError("the formula is nowhere a finite number: it divides by zero or takes the logarithm of 0")
    value = builder.numeric([expression])
    return surface_of(
        key="formula",
        title="Formula",
        formula=text.strip(),
        bounds=bounds,
        value=lambda x, y: value(x, y)[0],
        gradient=builder.numeric(first),
        hessian=builder.numeric(second),
        start=(bounds.w0[0] * 0.75, bounds.w1[1] * 0.6),
        dimensions=1 if expression.free_symbols == {builder.x} else 2,
        tags=("formula",),
    )


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


class _Builder:
    """Walks a tree and builds what it says."""

    def __init__(self, sympy: Any) -> None:
        self.sympy = sympy
        self.x, self.y = self.variables = sympy.symbols("x y", real=True)
        self._functions = _symbolic_functions(sympy)

    def expression(self, tree: ast.expr) -> Any:
        """The SymPy expression; ValueError names the first part that is not allowed."""
        return self._symbolic(self._walk(tree, 0, 1.0))

    def numeric(self, expressions: list[Any]) -> Callable[[FloatArray, FloatArray], Any]:
        """A NumPy function of x and y that gives a value for each expression."""
        known = {f"_{name}": numeric for name, (numeric, _) in _FUNCTIONS.items()}
        known["_step"] = lambda u: np.heaviside(u, 0.5)
        function = self.sympy.lambdify(
            self.variables, expressions, modules=[known, "numpy"], printer=_exact_printer(), cse=True
        )
        return lambda x, y: tuple(_real(value) for value in function(x, y))

    def _walk(self, node: ast.expr, depth: int, power: float) -> Any:
        """A float where the part is constant, else a SymPy expression; power is that of all powers around it."""
        if depth > MAX_DEPTH:
            raise ValueError(f"the formula is nested too deeply; allowed are {MAX_DEPTH} levels")
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return _finite(number, ast.unparse(node))
            case ast.Name(id=name) if name in _VARIABLES:
                return self.x if _VARIABLES[name] == "x" else self.y
            case ast.Name(id=name) if name in _CONSTANTS:
                return _CONSTANTS[name]
            case ast.Name(id=name) if name in _FUNCTIONS:
                raise ValueError(f"{name} is a function; write {name}(...)")
            case ast.Name(id=name):
                raise ValueError(f"there is no {name!r}; {_ALLOWED}")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._walk(operand, depth + 1, power)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self._walk(operand, depth + 1, power)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(node, left, right, depth, power)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in _OPERATORS:
                operands = [self._walk(side, depth + 1, power) for side in (left, right)]
                return self._combined(node, _OPERATORS[type(op)], operands)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in _FUNCTIONS:
                return self._call(node, name, arguments, depth, power)
            case ast.Call(func=function):
                raise ValueError(f"{ast.unparse(function)!r} cannot be called; {_ALLOWED}")
            case _:
                raise ValueError(f"{ast.unparse(node)!r} is not allowed in a formula; {_ALLOWED}")

    def _power(self, node: ast.expr, left: ast.expr, right: ast.expr, depth: int, power: float) -> Any:
        exponent = self._walk(right, depth + 1, power)
        if isinstance(exponent, float):
            # Powers of powers multiply, and with them the length of SymPy's numbers.
            power *= max(1.0, abs(exponent))
        base = self._walk(left, depth + 1, power)
        if power > MAX_POWER and not (isinstance(base, float) and isinstance(exponent, float)):
            raise ValueError(f"a power of {power:g} is too high; allowed are powers up to {MAX_POWER}")
        return self._combined(node, operator.pow, [base, exponent])

    def _call(self, node: ast.expr, name: str, arguments: list[ast.expr], depth: int, power: float) -> Any:
        numeric, count = _FUNCTIONS[name]
        if len(arguments) != count:
            raise ValueError(f"{name} takes {count} value{'s' * (count > 1)}, not {len(arguments)}")
        values = [self._walk(argument, depth + 1, power) for argument in arguments]
        if all(isinstance(value, float) for value in values):
            return self._combined(node, numeric, values)
        return self._functions[name](*map(self._symbolic, values))

    def _combined(self, node: ast.expr, operation: Callable[..., Any], values: list[Any]) -> Any:
        if all(isinstance(value, float) for value in values):
            with np.errstate(all="ignore"):
                return _finite(operation(*map(np.float64, values)), ast.unparse(node))
        if operation is operator.truediv and isinstance(values[1], float) and values[1] == 0:
            raise ValueError(f"{ast.unparse(node)!r} divides by zero")
        return operation(*map(self._symbolic, values))

    def _symbolic(self, value: Any) -> Any:
        """A number as SymPy's own: whole ones stay exact, so that the derivative of x^2 is 2x."""
        if not isinstance(value, float):
            return value
        return self.sympy.Integer(int(value)) if value.is_integer() and abs(value) <= 1e6 else self.sympy.Float(value)


def _finite(number: Any, text: str) -> float:
    try:
        value = float(number)
    except OverflowError:
        value = math.inf
    if not math.isfinite(value):
        raise ValueError(f"{text[:60]!r} is not a finite number")
    return value


def _real(value: Any) -> Any:
    """Real numbers; NaN where SymPy's derivative is a complex one, such as that of (-2)^x."""
    return np.where(np.imag(value) == 0, np.real(value), np.nan) if np.iscomplexobj(value) else value


def _symbolic_functions(sympy: Any) -> dict[str, Callable[..., Any]]:
    """SymPy's functions by our names; those with a kink are our own, as SymPy would derive distributions from them."""

    def function(name: str, derivative: Callable[..., Any]) -> Any:
        return type(f"_{name}", (sympy.Function,), {"fdiff": derivative, "is_real": True})

    sign = function("sign", lambda self, index=1: sympy.S.Zero)
    step = function("step", lambda self, index=1: sympy.S.Zero)
    absolute = function("abs", lambda self, index=1: sign(self.args[0]))
    # The slope of max(a, b) by a is 1 where a is the larger one; of min(a, b), where it is the smaller one.
    larger = function("max", lambda self, index=1: step((self.args[0] - self.args[1]) * (-1) ** (index - 1)))
    smaller = function("min", lambda self, index=1: step((self.args[1] - self.args[0]) * (-1) ** (index - 1)))
    own = {"sign": sign, "abs": absolute, "max": larger, "min": smaller}
    return {name: own.get(name) or getattr(sympy, name) for name in _FUNCTIONS}


def _exact_printer() -> Any:
    """Writes numbers with all their digits; SymPy's own printer writes 15 of 17, and whole numbers of any length."""
    from sympy.printing.numpy import NumPyPrinter

    def written_out(printer: Any, number: Any) -> str:
        return _written(number)

    def whole(printer: Any, number: Any) -> str:
        return f"({number})" if abs(number) < 2**53 else _written(number)

    methods = {"_print_Float": written_out, "_print_Rational": written_out, "_print_Integer": whole}
    printer = type("Printer", (NumPyPrinter,), methods)
    return printer({"fully_qualified_modules": False, "inline": True, "allow_unknown_functions": True})


def _written(number: Any) -> str:
    try:
        value = float(number)
    except OverflowError:
        value = math.copysign(math.inf, number)
    return f"({value!r})" if math.isfinite(value) else f"float('{value}')"
