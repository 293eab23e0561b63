"""Straight lines of NumPy: the parts of a formula, with their derivatives beside them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np

from gdviz.descent.surface import FloatArray


@dataclass(frozen=True, slots=True)
class Part:
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


class Code:
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

    def chain(self, value: str, slope: str | float, bend: str | float, u: Part) -> Part:
        """f(u) by the chain rule, given f, f' and f'' at u."""
        return Part(
            value,
            tuple(self.product(slope, first) for first in u.first),
            tuple(
                self.sum(self.product(bend, u.first[i], u.first[j]), self.product(slope, second))
                for (i, j), second in zip(_PAIRS, u.second, strict=True)
            ),
        )

    def chain_of_two(
        self, value: str, slopes: tuple[str | float, ...], bends: tuple[str | float, ...], a: Part, b: Part
    ) -> Part:
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
        return Part(value, first, second)

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
