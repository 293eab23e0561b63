"""A typed formula as LaTeX, in the order in which it was typed."""

from __future__ import annotations

import ast
import re

from gdviz.descent.formula import SPELLINGS
from gdviz.descent.formula_walk import VARIABLES

_SYMBOLS = {"pi": r"\pi", "w0": "w_0", "w1": "w_1"}
_LATEX_FUNCTIONS = {
    **{name: rf"\{name}" for name in ("sin", "cos", "tan", "sinh", "cosh", "tanh", "exp", "log", "min", "max")},
    "asin": r"\arcsin",
    "acos": r"\arccos",
    "atan": r"\arctan",
    "sign": r"\mathrm{sign}",
}
# How tightly a piece holds together; looser ones get parentheses inside tighter ones.
_SUM, _PRODUCT, _SIGN, _POWER, _ATOM = range(5)
_Piece = tuple[str, int]


MOST_LEVELS = 6
"""Deeper formulas are not typeset: each level doubles the time it takes, and this many take a tenth of a second."""

MOST_STOREYS = 2
"""Exponents upon exponents become too small to be read: above these, exp is written with parentheses."""


def formula_latex(text: str) -> str:
    """A formula that is allowed, as LaTeX behind ``J =``.

    Returns:
        "" where it is nested too deeply to be typeset; a little before that its parentheses no longer grow.

    Raises:
        ValueError, SyntaxError: it is no formula.
    """
    latex = _latex(text)
    if levels(latex) > MOST_LEVELS:
        latex = latex.replace(r"\left", "").replace(r"\right", "")
    return latex if levels(latex) <= MOST_LEVELS else ""


def levels(latex: str) -> int:
    """How deeply braces and growing parentheses are nested."""
    deepest = depth = 0
    for token in re.findall(r"\\left\b|\\right\b|[{}]", latex):
        depth += 1 if token in ("{", r"\left") else -1
        deepest = max(deepest, depth)
    return deepest


def _latex(text: str) -> str:
    tree = ast.parse(" ".join(text.translate(SPELLINGS).split()), mode="eval").body
    names = [node for node in ast.walk(tree) if isinstance(node, ast.Name)]
    used = {name.id for name in names}
    of_one = not used & {"y", "w1"} and bool(used & {"x", "w0"})
    if used & {"w0", "w1"} and not used & {"x", "y"}:
        arguments = "w_0" if of_one else "w_0, w_1"
    else:
        arguments = "x" if of_one else "x, y"
        for name in names:  # w0*x is a square: of two names for one parameter, one is shown
            name.id = VARIABLES.get(name.id, name.id)
    return rf"J\left({arguments}\right) = {_piece(tree)[0]}"


def _piece(node: ast.expr) -> _Piece:
    match node:
        case ast.Constant(value=int() | float() as number):
            return _number(number)
        case ast.Name(id=name):
            return _SYMBOLS.get(name, name), _ATOM
        case ast.UnaryOp(op=ast.USub(), operand=operand):
            return f"-{_within(_piece(operand), _PRODUCT)}", _SIGN
        case ast.UnaryOp(op=ast.UAdd(), operand=operand):
            return _piece(operand)
        case ast.BinOp(left=left, op=op, right=right):
            return _operation(left, op, right)
        case ast.Call(func=ast.Name(id=name), args=arguments):
            return _call(name, [_piece(argument)[0] for argument in arguments])
    raise ValueError(f"{ast.unparse(node)!r} cannot be typeset")


def _operation(left: ast.expr, op: ast.operator, right: ast.expr) -> _Piece:
    first, second = _piece(left), _piece(right)
    match op:
        case ast.Add():
            return f"{first[0]} + {_signed(second, _SUM)}", _SUM
        case ast.Sub():
            return f"{first[0]} - {_signed(second, _PRODUCT)}", _SUM
        case ast.Mult():
            # A number behind another factor, or two numbers, need a sign; 3 x does not.
            dot = r" \cdot " if isinstance(_leftmost(right), ast.Constant) else r" \, "
            return f"{_within(first, _PRODUCT)}{dot}{_signed(second, _PRODUCT)}", _PRODUCT
        case ast.Div():
            return rf"\frac{{{first[0]}}}{{{second[0]}}}", _PRODUCT
        case ast.Pow():
            return f"{_within(first, _ATOM)}^{{{second[0]}}}", _POWER
    raise ValueError("this cannot be typeset")


def _leftmost(node: ast.expr) -> ast.expr:
    while isinstance(node, ast.BinOp) and not isinstance(node.op, ast.Div):
        node = node.left
    return node


def _signed(piece: _Piece, binds: int) -> str:
    """A piece behind another sign: with parentheses where it holds less tightly or begins with a sign itself."""
    return f"\\left({piece[0]}\\right)" if piece[0].startswith("-") else _within(piece, binds)


def _within(piece: _Piece, binds: int) -> str:
    return piece[0] if piece[1] >= binds else rf"\left({piece[0]}\right)"


def _call(name: str, arguments: list[str]) -> _Piece:
    inside = ", ".join(arguments)
    match name:
        case "sqrt":
            return rf"\sqrt{{{inside}}}", _ATOM
        case "abs":
            return rf"\left|{inside}\right|", _ATOM
        case "exp" if _storeys(inside) < MOST_STOREYS:
            return f"e^{{{inside}}}", _POWER
    return rf"{_LATEX_FUNCTIONS.get(name, name)}\left({inside}\right)", _ATOM


def _storeys(latex: str) -> int:
    """How high exponents stand upon exponents."""
    highest, open_braces = 0, list[bool]()
    for token in re.findall(r"\^?\{|\}", latex):
        if token == "}":
            open_braces.pop()
        else:
            open_braces.append(token == "^{")
            highest = max(highest, sum(open_braces))
    return highest


def _number(value: float) -> _Piece:
    digits, _, exponent = f"{value!r}".partition("e")
    if not exponent:
        return digits, _ATOM
    return rf"{digits} \cdot 10^{{{int(exponent)}}}", _PRODUCT
