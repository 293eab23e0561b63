"""A walk through the tree of a typed formula: what is allowed in it, and what each part's derivatives are."""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable
from typing import Any

import numpy as np

from gdviz.descent.formula_code import Code, Part
from gdviz.descent.formula_domain import reason

MAX_DEPTH = 40
MAX_POWER = 100
_QUOTED = 60

VARIABLES = {"x": "x", "y": "y", "w0": "x", "w1": "y"}
CONSTANTS = {"pi": math.pi, "e": math.e}
FUNCTIONS: dict[str, tuple[Callable[..., Any], int]] = {
    **{name: (getattr(np, name), 1) for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "sqrt")},
    "asin": (np.arcsin, 1),
    "acos": (np.arccos, 1),
    "atan": (np.arctan, 1),
    "abs": (np.abs, 1),
    "sign": (np.sign, 1),
    "min": (np.minimum, 2),
    "max": (np.maximum, 2),
}
OPERATORS: dict[type[ast.operator], Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
ALLOWED = "allowed are numbers, x and y (or w0 and w1), pi, e, + - * / ^, parentheses and the functions " + ", ".join(
    sorted(FUNCTIONS)
)


class Walker:
    """Walks a tree and writes down what it says."""

    def __init__(self, code: Code, typed: str, python: str) -> None:
        """Args: code: to write to; typed: the formula, to be quoted; python: the same as the tree was parsed from."""
        self._code, self._typed, self._python = code, typed, python

    def walk(self, node: ast.expr, depth: int, power: float) -> Part:
        """A part and its derivatives; power is that of all powers around it.

        Raises:
            ValueError: the first part that is not allowed.
        """
        if depth > MAX_DEPTH:
            raise ValueError(f"the formula is nested too deeply; allowed are {MAX_DEPTH} levels")
        match node:
            case ast.Constant(value=int() | float() as number) if not isinstance(number, bool):
                return Part(self._finite(number, node))
            case ast.Name(id=name) if name in VARIABLES:
                return Part("x", (1.0, 0.0)) if VARIABLES[name] == "x" else Part("y", (0.0, 1.0))
            case ast.Name(id=name) if name in CONSTANTS:
                return Part(CONSTANTS[name])
            case ast.Name(id=name) if name in FUNCTIONS:
                raise ValueError(f"{name} is a function; write {name}(...)")
            case ast.Name(id=name):
                raise ValueError(f"there is no {name!r}; {ALLOWED}")
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return self._negative(self.walk(operand, depth + 1, power))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.walk(operand, depth + 1, power)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                return self._power(node, left, right, depth, power)
            case ast.BinOp(op=op) if type(op) in OPERATORS:
                return self._row(node, depth, power)
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in FUNCTIONS:
                return self._call(node, name, arguments, depth, power)
            case ast.Call(func=function):
                raise ValueError(f"{self._text(function)} cannot be called; {ALLOWED}")
            case _:
                raise ValueError(f"{self._text(node)} is not allowed in a formula; {ALLOWED}")

    def _row(self, node: ast.expr, depth: int, power: float) -> Part:
        """Terms or factors in a row: to Python one deeper than the other, to people side by side."""
        row: list[ast.BinOp] = []
        while isinstance(node, ast.BinOp) and type(node.op) in OPERATORS and not isinstance(node.op, ast.Pow):
            row.append(node)
            node = node.left
        result = self.walk(node, depth + 1, power)
        for link in reversed(row):
            right = self.walk(link.right, depth + 1, power)
            folded = self._folded(link, OPERATORS[type(link.op)], result, right)
            result = folded or self._arithmetic(link, link.op, result, right)
        return result

    def _folded(self, node: ast.expr, operation: Callable[..., Any], *parts: Part) -> Part | None:
        """The number that an operation on numbers gives; None where a part is no number."""
        numbers = [part.constant for part in parts]
        if None in numbers:
            return None
        with np.errstate(all="ignore"):
            values = [np.float64(number) for number in numbers if number is not None]
            return Part(self._finite(operation(*values), node, *values))

    def _negative(self, u: Part) -> Part:
        if u.constant is not None:
            return Part(-u.constant)
        return self._code.chain(self._code.line("-{0}", u.value), -1.0, 0.0, u)

    def _arithmetic(self, node: ast.expr, op: ast.operator, a: Part, b: Part) -> Part:
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
            raise ValueError(f"{self._text(node)} divides by zero")
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

    def _power(self, node: ast.expr, left: ast.expr, right: ast.expr, depth: int, power: float) -> Part:
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
            return a if b.constant else Part(1.0)
        value = code.line("{0} ** {1}", a.value, b.value)
        return code.chain(value, self._slope(a, b.constant), self._bend(a, b.constant), a)

    def _slope(self, a: Part, exponent: float) -> str | float:
        base = a.value if exponent == 2 else self._code.line("{0} ** {1}", a.value, exponent - 1)
        return self._code.product(exponent, base)

    def _bend(self, a: Part, exponent: float) -> str | float:
        if exponent == 2:
            return 2.0
        return self._code.product(exponent * (exponent - 1), self._code.line("{0} ** {1}", a.value, exponent - 2))

    def _call(self, node: ast.expr, name: str, arguments: list[ast.expr], depth: int, power: float) -> Part:
        numeric, count = FUNCTIONS[name]
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

    def _finite(self, number: Any, node: ast.expr, *operands: np.float64) -> float:
        try:
            value = float(number)
        except OverflowError:
            value = math.inf
        if not math.isfinite(value):
            raise ValueError(f"{self._text(node)} {reason(node, *map(np.asarray, operands))}")
        return value

    def _text(self, node: ast.expr) -> str:
        return quoted(node, self._typed, self._python)


def quoted(node: ast.expr, typed: str, python: str) -> str:
    """A part as it was typed, shortened where it is long, in quotation marks.

    Args:
        node: the part.
        typed: the formula.
        python: what it was parsed from.
    """
    text = python[node.col_offset : node.end_col_offset].replace("**", "**" if "**" in typed else "^")
    return repr(text if len(text) <= _QUOTED else text[: _QUOTED - 1] + "…")


# f' and f'' of each function of one value: {0} is its argument, {1} its value.
_DERIVATIVES: dict[str, tuple[str | float, str | float]] = {
    "sin": ("np.cos({0})", "-{1}"),
    "cos": ("-np.sin({0})", "-{1}"),
    "tan": ("1 + {1} * {1}", "2 * {1} * (1 + {1} * {1})"),
    "sinh": ("np.cosh({0})", "{1}"),
    "cosh": ("np.sinh({0})", "{1}"),
    "tanh": ("1 - {1} * {1}", "-2 * {1} * (1 - {1} * {1})"),
    "exp": ("{1}", "{1}"),
    # 1/x goes on where the logarithm has ended, and there a gradient would be that of nothing.
    "log": ("1 / np.where({0} >= 0, {0}, np.nan)", "-1 / np.where({0} >= 0, {0} * {0}, np.nan)"),
    "sqrt": ("0.5 / {1}", "-0.25 / ({0} * {1})"),
    "asin": ("(1 - {0} * {0}) ** -0.5", "{0} * (1 - {0} * {0}) ** -1.5"),
    "acos": ("-((1 - {0} * {0}) ** -0.5)", "-{0} * (1 - {0} * {0}) ** -1.5"),
    "atan": ("1 / (1 + {0} * {0})", "-2 * {0} / (1 + {0} * {0}) ** 2"),
    "abs": ("np.sign({0})", 0.0),
    "sign": (0.0, 0.0),
}
