"""Lines of Python as LaTeX, for the step card: the formula, and the formula with its numbers.

Nothing is written for an optimizer: a line's syntax tree is walked, names become symbols by one table, and what is not
in the table stands upright as it is.
"""

from __future__ import annotations

import ast
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np
from numpy.typing import ArrayLike

from gdviz.descent.rules import Line

_SYMBOLS = {
    **{name: rf"\{name}" for name in ("alpha", "beta", "beta_1", "beta_2", "epsilon", "mu", "nu", "pi", "rho")},
    **{name: name for name in ("e", "g", "m", "p", "r", "s", "t", "u", "v", "w", "x", "y")},
    "w0": "w_0",
    "w1": "w_1",
    "nu_1": r"\nu_1",
    "nu_2": r"\nu_2",
    "learning_rate": r"\eta",
    "momentum": r"\mu",
    "weight_decay": r"\lambda",
    "clipnorm": "c",
    "clipvalue": "c",
    "velocity": "v",
    "accumulator": "G",
    "delta": r"\Delta w",
    "direction": "d",
    "mean_square": r"E\left[g^2\right]",
    "mean_gradient": r"E\left[g\right]",
    "mean_square_gradient": r"E\left[g^2\right]",
    "mean_square_step": r"E\left[\Delta w^2\right]",
    "scale": r"\mathrm{RMS}\left[g\right]",
    "m_hat": r"\hat{m}",
    "v_hat": r"\hat{v}",
    "mean": r"\tilde{m}",
    "square": r"\tilde{v}",
    "mu_next": r"\mu_{\mathrm{next}}",
    "mu_product": r"\Pi_\mu",
    "shrunk": r"\tilde{g}",
    "update": "u",
    "trust": r"\phi",
    "scaled": "u",
    "epsilon_1": r"\epsilon_1",
    "epsilon_2": r"\epsilon_2",
    "beta_2_decay": r"\gamma",
    "clip_threshold": "d",
    "before": r"\sigma_{\mathrm{before}}",
    "after": r"\sigma_{\mathrm{after}}",
    "linear": "z",
    "clipped": "c",
    "quadratic": "q",
    "learning_rate_power": "p",
    "l1_regularization_strength": r"\lambda_1",
    "l2_regularization_strength": r"\lambda_2",
    "l2_shrinkage_regularization_strength": r"\lambda_s",
    "damping": r"\lambda",
    "curvature": r"\lambda_{\max}",
    "inverse_hessian": "B",
    "w_before": r"w_{\mathrm{before}}",
    "g_before": r"g_{\mathrm{before}}",
    "halvings": "k",
    "evaluations": "n",
    "shrink": r"\tau",
    "sufficient_decrease": "c",
    "hessian": "H",
    "initial_learning_rate": r"\eta_{\mathrm{initial}}",
    "iteration": "i",
    "factor": r"\gamma",
    "every": "T",
    "decay_rate": r"\gamma",
    "decay_steps": "T",
    "total_steps": "T",
    "warmup_steps": r"T_{\mathrm{warm}}",
    "warmup_target": r"\eta_{\mathrm{warm}}",
    "highest": r"\eta_{\max}",
    "lowest": r"\eta_{\min}",
    "first": r"\eta_{\mathrm{first}}",
    "rise": r"\varrho",
    "start_divisor": r"d_{\mathrm{start}}",
    "end_divisor": r"d_{\mathrm{end}}",
}

# How tightly a piece of LaTeX holds together; looser ones get parentheses inside tighter ones.
_COMPARISON, _SUM, _SIGN, _PRODUCT, _POWER, _ATOM = range(6)
_OPERATORS: dict[type[ast.operator], tuple[str, int]] = {ast.Add: ("+", _SUM), ast.Sub: ("-", _SUM)}
_DIGITS = 4
_PLAIN_LENGTH = 7


@dataclass(frozen=True, slots=True)
class _Piece:
    """A piece of LaTeX, how tightly it holds, and whether it is a number, which needs a dot to be multiplied."""

    text: str
    binds: int = _ATOM
    number: bool = False

    def within(self, binds: int) -> str:
        """The text, in parentheses where it holds less tightly."""
        return self.text if self.binds >= binds else _in_parentheses(self.text)


def formula(line: Line) -> str:
    r"""A line as LaTeX, such as ``m_{t} = \beta_1 m_{t-1} + \left(1 - \beta_1\right) g``.

    Where a name is assigned from itself, its old value has the index t-1 and its new one t, as in Adam's paper.
    """
    return f"{_assigned(line)} = {_right_side(line, {})}"


def with_numbers(line: Line, values: Mapping[str, ArrayLike], result: ArrayLike | None = None) -> str:
    """The same formula with numbers of four digits in place of names; vectors stand as columns.

    Args:
        line: as the rule declares it.
        values: of the names in the line, as ``SubStep.uses`` has them; a name without a value keeps its symbol.
        result: set behind another equals sign.
    """
    end = "" if result is None else f" = {_number(result).text}"
    return f"{_assigned(line)} = {_right_side(line, values)}{end}"


def _assigned(line: Line) -> str:
    symbol = _symbol(line.name)
    return _indexed(symbol, "t") if _from_itself(line) else symbol


def _right_side(line: Line, values: Mapping[str, ArrayLike]) -> str:
    old = line.name if _from_itself(line) else None
    return _Writer(values, old).piece(ast.parse(line.code, mode="eval").body).text


def _from_itself(line: Line) -> bool:
    return any(isinstance(node, ast.Name) and node.id == line.name for node in ast.walk(ast.parse(line.code)))


def _symbol(name: str) -> str:
    return _SYMBOLS.get(name) or rf"\mathrm{{{name.replace('_', chr(92) + ' ')}}}"


def _indexed(symbol: str, index: str) -> str:
    """A symbol with an index behind the one that it may have."""
    base, underscore, own = symbol.partition("_")
    if not underscore:
        return f"{symbol}_{{{index}}}"
    return f"{base}_{{{own.removeprefix('{').removesuffix('}')},{index}}}"


class _Writer:
    """Walks the tree of an expression.

    Attributes:
        values: numbers by name; empty for the formula.
        old: the name that the line gives a new value.
    """

    def __init__(self, values: Mapping[str, ArrayLike], old: str | None) -> None:
        self.values = values
        self.old = old

    def piece(self, node: ast.expr) -> _Piece:
        """The LaTeX of a part."""
        match node:
            case ast.Constant(value=int() | float() as value):
                return _number(value)
            case ast.Name(id=name) if name in self.values and name != "pi":
                return _number(self.values[name])
            case ast.Name(id=name):
                return _Piece(_indexed(_symbol(name), "t-1") if name == self.old else _symbol(name))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return _Piece("-" + self.piece(operand).within(_PRODUCT), _SIGN)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return self.piece(operand)
            case ast.BinOp(left=left, op=ast.Div(), right=right):
                return _Piece(rf"\frac{{{self.piece(left).text}}}{{{self.piece(right).text}}}", _PRODUCT)
            case ast.BinOp(left=left, op=ast.Pow(), right=right):
                base = self.piece(left)
                return _Piece(f"{{{base.within(_ATOM)}}}^{{{self.piece(right).text}}}", _POWER, base.number)
            case ast.BinOp(left=left, op=ast.Mult(), right=right):
                return self._product(left, right)
            case ast.BinOp(left=left, op=op, right=right):
                sign, binds = _OPERATORS[type(op)]
                return _Piece(f"{self.piece(left).within(binds)} {sign} {self.piece(right).within(_PRODUCT)}", binds)
            case ast.Compare(left=left, ops=[ast.Lt()], comparators=[right]):
                return _Piece(f"{self.piece(left).text} < {self.piece(right).text}", _COMPARISON)
            case ast.Call(func=ast.Name(id=name), args=arguments):
                return _FUNCTIONS[name](*(self._argument(name, argument) for argument in arguments))
        raise ValueError(f"{ast.unparse(node)!r} cannot be typeset")

    def _product(self, left: ast.expr, right: ast.expr) -> _Piece:
        first, second = self.piece(left), self.piece(right)
        dot = r" \cdot " if second.number or self.values else " "
        # A sign in front of a product is one in front of its first factor.
        binds = _SIGN if first.binds == _SIGN else _PRODUCT
        return _Piece(first.within(_SIGN) + dot + second.within(_PRODUCT), binds, first.number)

    def _argument(self, function: str, node: ast.expr) -> _Piece:
        # The Hessian is a value like another: its numbers stand under the name of the function.
        if isinstance(node, ast.Call) and ast.unparse(node.func) == "hessian" and "hessian" in self.values:
            return _number(self.values["hessian"])
        return self.piece(node)


def _in_parentheses(text: str) -> str:
    return rf"\left({text}\right)"


def _call(name: str, *arguments: _Piece) -> _Piece:
    return _Piece(name + _in_parentheses(", ".join(argument.text for argument in arguments)))


def _armijo(loss: _Piece, w: _Piece, g: _Piece, d: _Piece, rate: _Piece, shrink: _Piece, share: _Piece) -> _Piece:
    """The smallest k with which the step pays."""
    length = rf"{rate.within(_ATOM)} \cdot {{{shrink.within(_ATOM)}}}^{{k}}"
    reached = rf"J\left({w.within(_SUM)} + {length} \cdot {d.within(_PRODUCT)}\right)"
    promised = rf"{share.within(_ATOM)} \cdot {length} \cdot {{{g.within(_ATOM)}}}^{{T}} {d.within(_PRODUCT)}"
    return _Piece(rf"\min k : {reached} \leq J\left({w.text}\right) + {promised}", _COMPARISON)


def _newton(hessian: _Piece, g: _Piece, damping: _Piece) -> _Piece:
    inverse = rf"{{\left({hessian.text} + {damping.within(_PRODUCT)} \cdot I\right)}}^{{-1}}"
    return _Piece(rf"-{inverse} {g.within(_ATOM)}", _SIGN)


def _matrix_product(matrix: _Piece, vector: _Piece) -> _Piece:
    single = matrix.number and "pmatrix" not in matrix.text  # of one parameter: a number times a number
    return _Piece(matrix.within(_ATOM) + (r" \cdot " if single else " ") + vector.within(_ATOM), _PRODUCT)


def _where(condition: _Piece, then: _Piece, otherwise: _Piece) -> _Piece:
    return _Piece(rf"{then.text} \text{{ if }} {condition.text} \text{{, else }} {otherwise.text}", _COMPARISON)


_FUNCTIONS: dict[str, Callable[..., _Piece]] = {
    **{name: partial(_call, rf"\{name}") for name in ("cos", "exp", "log", "max", "min", "sin", "tan")},
    **{name: partial(_call, rf"\{name}") for name in ("cosh", "sinh", "tanh")},
    **{name: partial(_call, rf"\mathrm{{arc{name[1:]}}}") for name in ("acos", "asin", "atan")},
    "abs": lambda u: _Piece(rf"\left|{u.text}\right|"),
    "floor": lambda u: _Piece(rf"\left\lfloor {u.text} \right\rfloor"),
    "gradient": partial(_call, r"\nabla J"),
    "hessian": lambda w: _Piece("H"),
    "maximum": partial(_call, r"\max"),
    "minimum": partial(_call, r"\min"),
    "norm": lambda u: _Piece(rf"\left\|{u.text}\right\|"),
    "sign": partial(_call, r"\mathrm{sign}"),
    "sqrt": lambda u: _Piece(rf"\sqrt{{{u.text}}}"),
    "where": _where,
    "armijo_halvings": _armijo,
    "newton_direction": _newton,
    "product": _matrix_product,
    "secant_update": partial(_call, r"\mathrm{BFGS}"),
}


def _number(value: ArrayLike) -> _Piece:
    """A number, a column or a matrix of numbers."""
    array = np.asarray(value, dtype=np.float64)
    if array.ndim == 0:
        return _scalar(float(array))
    rows = [" & ".join(_scalar(float(number)).text for number in np.atleast_1d(row)) for row in array]
    return _Piece(r"\begin{pmatrix} " + r" \\ ".join(rows) + r" \end{pmatrix}", number=True)


def _scalar(value: float) -> _Piece:
    """A number in short: as it is where that is short, or else with four digits; powers of ten where it needs them."""
    if not math.isfinite(value):
        word = r"\mathrm{nan}" if math.isnan(value) else r"\infty" if value > 0 else r"-\infty"
        return _Piece(word, _SIGN if value < 0 else _ATOM, number=True)
    short = f"{value!r}".removesuffix(".0")
    if len(short.lstrip("-")) > _PLAIN_LENGTH:
        short = f"{value:.{_DIGITS}g}"
    if value != 0 and not 1e-3 <= abs(value) < 1e5:
        short = f"{value:.{_DIGITS - 1}e}"
    digits, _, exponent = short.partition("e")
    if not exponent:
        return _Piece(digits, _SIGN if value < 0 else _ATOM, number=True)
    digits = digits.rstrip("0").rstrip(".") if "." in digits else digits
    power = rf"10^{{{int(exponent)}}}"
    text = {"1": power, "-1": f"-{power}"}.get(digits, rf"{digits} \cdot {power}")
    return _Piece(text, _SIGN if value < 0 else _PRODUCT, number=True)
