"""A rule for one point, in Python's own numbers: the same lines, several times as fast as on arrays of two numbers.

A line such as ``m = beta_1 * m + (1 - beta_1) * g`` becomes ``m_w0, m_w1 = ...``, once for each parameter. Sums,
products, quotients and roots of doubles are the same to the last bit in Python and in NumPy. What is not (powers of
arrays), or needs more than the point itself (losses, Hessians, matrices), is left to ``rules.Stepper``.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Generator
from functools import lru_cache
from itertools import count
from typing import Any

from gdviz.descent.rules import Rule

Pair = tuple[float, float]
Descent = Generator[Pair, Pair, None]
"""Yields where the point stands, and is sent the gradient there."""


def _quotient_by_zero(dividend: float, zero: float) -> float:
    """What Python refuses to compute."""
    if dividend == 0 or dividend != dividend:
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1.0, zero)


# What NumPy's functions of these names give for two numbers, or one, NaN included.
_FUNCTIONS: dict[str, Callable[..., float]] = {
    "abs": abs,
    "maximum": lambda a, b: a if a >= b or a != a else b,
    "minimum": lambda a, b: a if a <= b or a != a else b,
    "sign": lambda a: 1.0 if a > 0 else -1.0 if a < 0 else a,
}
_HELPERS = {**_FUNCTIONS, "nan": math.nan, "quotient_by_zero": _quotient_by_zero, "sqrt": math.sqrt}
_SIGNS: dict[type[ast.operator], str] = {ast.Add: "+", ast.Sub: "-", ast.Mult: "*"}


@lru_cache(maxsize=256)
def descent_of(rule: Rule, settings: tuple[str, ...]) -> Callable[..., Descent] | None:
    """A rule as a generator for one point; None where a line can only be computed on arrays.

    Args:
        rule: only its active lines.
        settings: names of the optimizer's settings.

    Returns:
        a function of

        - ``clock``: for each step its number, from 1, and its learning rate;
        - ``record``: a function that is told the state before the first step and after each: all numbers of all states;
        - ``w``: w0 and w1; ``state``: such numbers; and the settings by name.

        What it returns yields once more than the clock ticks.
    """
    try:
        source = "\n".join(_source(rule, settings))
    except _OnlyOnArrays:
        return None
    namespace: dict[str, Any] = dict(_HELPERS)
    exec(compile(source, "<update rule of one point>", "exec"), namespace)
    function: Callable[..., Descent] = namespace["descent"]
    return function


class _OnlyOnArrays(Exception):  # noqa: N818
    """A line that cannot be computed in Python's numbers, or not to the last bit."""


def _source(rule: Rule, settings: tuple[str, ...]) -> list[str]:
    if any(state.shape not in ((1,), (2,)) for state in rule.states):
        raise _OnlyOnArrays
    writer = _Writer(rule, settings)
    state = ", ".join(number for state in rule.states for number in writer.numbers(state.name))
    remembered = f"({state},)" if state else "()"
    others = [name for name in settings if name != "learning_rate"]
    return [
        f"def descent({', '.join(['clock', 'record', 'w', 'state', *others])}, **_):",
        "    w_w0, w_w1 = w",
        *([f"    {state}, = state"] if state else []),
        f"    record({remembered})",
        "    for t, learning_rate in clock:",
        "        g_w0, g_w1 = yield w_w0, w_w1",
        *(f"        {writer.assignment(line.name, line.code)}" for line in rule.lines),
        f"        record({remembered})",
        "    yield w_w0, w_w1",
    ]


class _Writer:
    """Writes lines out for w0 and w1.

    Names are of three sorts: pairs of numbers, plain numbers that ``rules.Stepper`` has in Python's own numbers as well
    (the settings, the step, and what is made of them alone), and numbers that it has in arrays.
    """

    def __init__(self, rule: Rule, settings: tuple[str, ...]) -> None:
        self._pairs = {"w", "g", *(state.name for state in rule.states if state.shape == (2,))}
        self._plain = {"t", *settings}
        self._names = count()

    def numbers(self, name: str) -> list[str]:
        """The names of its numbers."""
        return [f"{name}_w0", f"{name}_w1"] if name in self._pairs else [name]

    def assignment(self, name: str, code: str) -> str:
        """A line, for both parameters at once, as each may need what the other one was before."""
        expression = ast.parse(code, mode="eval").body
        if self._is_plain(expression):
            self._plain.add(name)
        elif self._is_pair(expression):
            self._pairs.add(name)
        numbers = self.numbers(name)
        values = [self._written(expression, axis) for axis in ("_w0", "_w1")[: len(numbers)]]
        return f"{', '.join(numbers)} = {', '.join(values)}"

    def _is_plain(self, expression: ast.expr) -> bool:
        names = {node.id for node in ast.walk(expression) if isinstance(node, ast.Name)}
        return names <= self._plain | _HELPERS.keys()

    def _is_pair(self, expression: ast.expr) -> bool:
        if isinstance(expression, ast.Call) and isinstance(expression.func, ast.Name) and expression.func.id == "norm":
            return False
        return any(
            child.id in self._pairs if isinstance(child, ast.Name) else self._is_pair(child)
            for child in ast.iter_child_nodes(expression)
            if isinstance(child, ast.expr)
        )

    def _written(self, expression: ast.expr, axis: str) -> str:
        """An expression for one parameter."""

        def written(part: ast.expr) -> str:
            return self._written(part, axis)

        match expression:
            case ast.Constant(value=number):
                return repr(number)
            case ast.Name(id=name):
                return name + axis if name in self._pairs else name
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return f"(-{written(operand)})"
            case ast.BinOp(left=base, op=ast.Pow(), right=exponent) if self._is_plain(expression):
                return f"({written(base)} ** {written(exponent)})"
            case ast.BinOp(left=ast.Name() as base, op=ast.Pow(), right=ast.Constant(value=2)):
                return f"({written(base)} * {written(base)})"
            case ast.BinOp(left=dividend, op=ast.Div(), right=divisor):
                by, above = f"_{next(self._names)}", written(dividend)
                # Named first, so that it is computed once.
                return f"({above} / {by} if ({by} := {written(divisor)}) else quotient_by_zero({above}, {by}))"
            case ast.BinOp(left=left, op=operator, right=right) if type(operator) in _SIGNS:
                return f"({written(left)} {_SIGNS[type(operator)]} {written(right)})"
            case ast.Call(func=ast.Name(id="norm"), args=[ast.Name(id=name)]):
                return f"sqrt({' + '.join(f'{number} * {number}' for number in self.numbers(name))})"
            case ast.Call(func=ast.Name(id="sqrt"), args=[radicand]):
                root = f"_{next(self._names)}"
                return f"(sqrt({root}) if ({root} := {written(radicand)}) >= 0.0 else nan)"
            case ast.Call(
                func=ast.Name(id="where"),
                args=[ast.Compare(left=left, ops=[ast.Lt()], comparators=[right]), then, otherwise],
            ):
                return f"({written(then)} if {written(left)} < {written(right)} else {written(otherwise)})"
            case ast.Call(func=ast.Name(id=name), args=arguments) if name in _FUNCTIONS:
                return f"{name}({', '.join(map(written, arguments))})"
        raise _OnlyOnArrays
