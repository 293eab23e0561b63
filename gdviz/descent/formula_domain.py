"""Why a part of a typed formula is not a finite real number, in words."""

from __future__ import annotations

import ast

import numpy as np

from gdviz.descent.surface import FloatArray

TOO_LARGE = "is too large a number"
_ARCS = {"asin": "arcsine", "acos": "arccosine"}


def reason(node: ast.expr, *operands: FloatArray) -> str:
    """What is wrong with an operation none of whose results is a finite number.

    Args:
        node: the operation, or a number.
        operands: what it was given, each of shape (n,) or ().

    Returns:
        a verb and what follows, such as ``takes the logarithm of a negative number``.
    """
    finite = np.isfinite(np.broadcast_arrays(*operands)).all(axis=0) if operands else np.array(True)
    if not finite.any():
        return "has parts that are never defined together"
    given = [np.broadcast_to(operand, finite.shape)[finite] for operand in operands]
    match node:
        case ast.Call(func=ast.Name(id="log")):
            return f"takes the logarithm of {_too_low(given[0])}"
        case ast.Call(func=ast.Name(id="sqrt")):
            return "takes the square root of a negative number"
        case ast.Call(func=ast.Name(id=name)) if name in _ARCS:
            return f"takes the {_ARCS[name]} of a number that is not between -1 and 1"
        case ast.BinOp(op=ast.Div()) if not given[1].any():
            return "divides by zero"
        case ast.BinOp(op=ast.Pow()) if not given[0].any() and (given[1] < 0).all():
            return "divides by zero"
        case ast.BinOp(op=ast.Pow()) if (given[0] < 0).all() and (given[1] % 1 != 0).all():
            return "raises a negative number to a power that is not whole"
    return TOO_LARGE


def _too_low(numbers: FloatArray) -> str:
    if not numbers.any():
        return "0"
    return "a negative number" if (numbers < 0).all() else "a number that is not positive"
