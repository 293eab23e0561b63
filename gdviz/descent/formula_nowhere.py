"""Which part of a typed formula is to blame where the whole is nowhere defined."""

from __future__ import annotations

import ast

import numpy as np

from gdviz.descent.formula_domain import reason
from gdviz.descent.formula_walk import CONSTANTS, FUNCTIONS, OPERATORS, VARIABLES, quoted
from gdviz.descent.surface import FloatArray


@np.errstate(all="ignore")
def why_nowhere(tree: ast.expr, typed: str, python: str, points: FloatArray) -> str:
    """What is wrong with a formula, such as ``'log(-1 - x^2)' takes the logarithm of a negative number``.

    Args:
        tree: a formula that is allowed, but nowhere a finite real number.
        typed: the formula.
        python: what the tree was parsed from.
        points: where it was tried, shape (n, 2).
    """
    somewhere: dict[ast.expr, bool] = {}

    def values(node: ast.expr) -> FloatArray:
        made = _result(node, [values(operand) for operand in _operands(node)], points)
        somewhere[node] = bool(np.isfinite(made).any())
        return made

    values(tree)
    wrong = tree
    while (part := next((part for part in _operands(wrong) if not somewhere[part]), None)) is not None:
        wrong = part
    return f"{quoted(wrong, typed, python)} {reason(wrong, *map(values, _operands(wrong)))}"


def _operands(node: ast.expr) -> list[ast.expr]:
    match node:
        case ast.Call(args=arguments):
            return arguments
        case ast.BinOp(left=left, right=right):
            return [left, right]
        case ast.UnaryOp(operand=operand):
            return [operand]
    return []


def _result(node: ast.expr, given: list[FloatArray], points: FloatArray) -> FloatArray:
    match node:
        case ast.Constant(value=int() | float() as number):
            return np.asarray(float(number))
        case ast.Name(id=name) if name in VARIABLES:
            return points[:, "xy".index(VARIABLES[name])]
        case ast.Name(id=name):
            return np.asarray(CONSTANTS[name])
        case ast.BinOp(op=op):
            return np.asarray(OPERATORS[type(op)](*given))
        case ast.Call(func=ast.Name(id=name)):
            return np.asarray(FUNCTIONS[name][0](*given))
        case ast.UnaryOp(op=ast.USub()):
            return -given[0]
    return given[0]
