"""One thing that can be set: its name, kind, default, range and meaning."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal, TypeGuard

Value = float | int | bool | str
Kind = Literal["number", "integer", "flag", "choice"]

_TRUE = {"true", "yes", "on", "1"}
_FALSE = {"false", "no", "off", "0"}


@dataclass(frozen=True, slots=True)
class Parameter:
    """The declaration of a hyper-parameter.

    Attributes:
        name: Keras's argument name where there is one; otherwise a Python identifier.
        default: the value when nothing is said; its type follows ``kind``.
        meaning: one short sentence for tool tips, ``--help`` and the documentation.
        kind: "number" (float), "integer", "flag" (bool) or "choice" (str).
        minimum, maximum: the allowed range; a bound belongs to it unless it is said to be open.
        open_minimum, open_maximum: whether the bound itself is not allowed.
        logarithmic: whether equal ratios feel like equal changes (learning rates, epsilon).
        choices: the allowed words of a "choice".
        advanced: seldom changed; forms may fold it away.
        words: what a person reads in place of the name.
        unit: may be typed behind a number.
    """

    name: str
    default: Value
    meaning: str
    kind: Kind = "number"
    minimum: float = -math.inf
    maximum: float = math.inf
    open_minimum: bool = False
    open_maximum: bool = False
    logarithmic: bool = False
    choices: tuple[str, ...] = ()
    advanced: bool = False
    words: str = ""
    unit: str = ""

    @property
    def title(self) -> str:
        """The name as a person reads it: ``learning_rate`` is "learning rate"."""
        return self.words or self.name.replace("_", " ")

    @property
    def allowed(self) -> str:
        """What is allowed, in words, for messages and documentation."""
        if self.kind == "choice":
            return "one of " + ", ".join(self.choices)
        if self.kind == "flag":
            return "true or false"
        noun = "a whole number" if self.kind == "integer" else "a number"
        below, above = self.minimum > -math.inf, self.maximum < math.inf
        form = ",.0f" if self.kind == "integer" else "g"
        lower = f"{'above' if self.open_minimum else 'at least'} {self.minimum:{form}}"
        upper = f"{'below' if self.open_maximum else 'at most'} {self.maximum:{form}}"
        words = [word for word, said in ((lower, below), (upper, above)) if said]
        return " ".join([noun, " and ".join(words)]).strip()

    def check(self, value: object) -> Value:
        """The value in the parameter's own type.

        Raises:
            ValueError: what was wrong, and what is allowed.
        """
        match self.kind:
            case "flag":
                if isinstance(value, bool):
                    return value
            case "choice":
                if isinstance(value, str) and value in self.choices:
                    return value
            case "integer":
                if _is_number(value) and self._in_range(value) and value == int(value):
                    return int(value)
            case "number":
                if _is_number(value) and self._in_range(value):
                    return float(value)
        raise ValueError(f"{self.name} is {value!r}; allowed is {self.allowed}")

    def parse(self, text: str) -> Value:
        """A typed text as a checked value.

        Raises:
            ValueError: what was wrong, and what is allowed.
        """
        word = text.strip()
        value: object = word
        if self.kind == "flag":
            value = True if word.lower() in _TRUE else False if word.lower() in _FALSE else word
        elif self.kind != "choice":
            try:
                number = word.removesuffix(self.unit)
                value = float(number.replace(",", ".") if number.count(",") == 1 and "." not in number else number)
                value = int(value) if self.kind == "integer" and value == int(value) else value
            except (ValueError, OverflowError):
                raise ValueError(f"{self.name} is {text!r}; allowed is {self.allowed}") from None
        return self.check(value)

    def _in_range(self, value: float) -> bool:
        if not math.isfinite(value):
            return False
        above = value > self.minimum if self.open_minimum else value >= self.minimum
        below = value < self.maximum if self.open_maximum else value <= self.maximum
        return above and below


def _is_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
