"""Symbols and numbers of the explanation, in LaTeX."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from gdviz.gui.network.diagram.spots import KEYS
from gdviz.gui.numbers import short

_ONE = {
    "binary_crossentropy": r"-y \ln \hat{y} - \left(1 - y\right) \ln \left(1 - \hat{y}\right)",
    "mean_squared_error": r"\left(\hat{y} - y\right)^2",
    "mean_absolute_error": r"\left|\hat{y} - y\right|",
    "huber": r"\mathrm{huber}\left(\hat{y} - y\right)",
    "hinge": r"\max\left(0,\, 1 - \left(2 y - 1\right) \hat{y}\right)",
}
_SEVERAL = {
    "categorical_crossentropy": r"-\sum_k y_k \ln \hat{y}_k",
    "mean_squared_error": r"\frac{1}{2} \sum_k \left(\hat{y}_k - y_k\right)^2",
    "hinge": r"\frac{1}{2} \sum_k \max\left(0,\, 1 - \left(2 y_k - 1\right) \hat{y}_k\right)",
}

DERIVATIVES: dict[str, Callable[[str], str]] = {
    "linear": lambda a: "1",
    "sigmoid": lambda a: rf"{a} \left(1 - {a}\right)",
    "tanh": lambda a: rf"1 - \left({a}\right)^2",
    "exponential": lambda a: a,
}
"""The derivative of an activation, where its output says it."""

_INPUTS = {
    "x1": "{x}_1",
    "x2": "{x}_2",
    "x1_squared": "{x}_1^2",
    "x2_squared": "{x}_2^2",
    "x1_x2": "{x}_1 {x}_2",
    "sin_x1": r"\sin {x}_1",
    "sin_x2": r"\sin {x}_2",
}


def loss_formula(loss: str, outputs: int) -> str:
    """The loss of one point, by its key, for so many outputs."""
    return (_ONE if outputs == 1 else _SEVERAL)[loss]


def input_symbol(unit: int, *, scaled: bool) -> str:
    """A feature, by its index in ``KEYS``; of scaled x1 and x2 it has a tilde."""
    return _INPUTS[KEYS[unit]].replace("{x}", r"\tilde{x}" if scaled else "x")


def output_symbol(layer: int, unit: int | str, outputs: int | None = None) -> str:
    """What a neuron hands on; ŷ where the layer has ``outputs``, being the last one."""
    if outputs is None:
        return rf"a^{{({layer})}}_{{{_count(unit)}}}"
    return r"\hat{y}" if outputs == 1 else rf"\hat{{y}}_{{{_count(unit)}}}"


def sum_symbol(layer: int, unit: int | str) -> str:
    """The sum of a neuron."""
    return rf"z^{{({layer})}}_{{{_count(unit)}}}"


def weight_symbol(layer: int, source: int | str, unit: int | str) -> str:
    """A weight; ``source`` counts from 1 or is a letter, ``unit`` counts from 0 or is a letter."""
    return (
        rf"w^{{({layer})}}_{{{source}{_count(unit)}}}"
        if _short(source, unit)
        else (rf"w^{{({layer})}}_{{{source},{_count(unit)}}}")
    )


def number(value: float, *, inner: bool = False) -> str:
    """A number of four digits; ``inner`` puts parentheses where a product needs them."""
    text = short(value + 0.0).replace("−", "-").replace("∞", r"\infty").replace("–", r"\mathrm{NaN}")
    if "e" in text:
        digits, exponent = text.split("e")
        text = rf"{digits} \cdot 10^{{{int(exponent)}}}"
    return rf"\left({text}\right)" if inner and (text.startswith("-") or "cdot" in text) else text


def product(*factors: float) -> str:
    """Numbers multiplied."""
    first, *others = factors
    return r" \cdot ".join([number(first), *(number(factor, inner=True) for factor in others)])


def total(pairs: Sequence[tuple[float, float]], bias: float | None, most: int, keep: int = 0) -> str:
    """A sum of products, in order; dots stand for the last ones where there are more than ``most``.

    Args:
        pairs: what is multiplied.
        bias: is added at the end; None where there is none.
        most: terms that are written out.
        keep: index of one that is written out in any case.
    """
    kept = list(range(len(pairs)))
    if len(pairs) > most:
        kept = sorted({*range(most - 2), keep, *([most - 2] if keep < most - 2 else [])})
    terms = [product(*pairs[index]) for index in kept]
    if len(kept) < len(pairs):
        terms.append(r"\ldots")
    if bias is not None:
        terms.append(number(bias))
    text = terms[0]
    for term in terms[1:]:
        text += f" - {term[1:]}" if term.startswith("-") else f" + {term}"
    return text


def _count(unit: int | str) -> str:
    return unit if isinstance(unit, str) else str(unit + 1)


def _short(source: int | str, unit: int | str) -> bool:
    """Whether two indices can stand beside each other without a comma."""
    return len(str(source)) == 1 and len(_count(unit)) == 1
