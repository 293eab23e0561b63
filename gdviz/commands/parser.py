"""Command-line parsing in which bad input gives one clear line and exit status 2."""

from __future__ import annotations

import argparse
import math
from collections.abc import Callable, Mapping
from typing import Any, NoReturn

BAD_INPUT = 2


class Parser(argparse.ArgumentParser):
    """An argument parser that says what was wrong in one line, without the usage around it."""

    def __init__(self, **options: Any) -> None:
        super().__init__(allow_abbrev=False, **options)

    def error(self, message: str) -> NoReturn:
        """End the program with one line on standard error and exit status 2."""
        self.exit(BAD_INPUT, f"{self.prog}: error: {' '.join(message.split())}\n")

    def _parse_optional(self, arg_string: str) -> Any:
        # argparse takes -1e-05 and -x^2 for options; here coordinates and formulas may begin with a dash.
        is_value = arg_string.startswith("-") and not arg_string.startswith("--")
        if is_value and arg_string not in self._option_string_actions:
            return None
        return super()._parse_optional(arg_string)


def number(text: str) -> float:
    """A finite number, for an argument's ``type``."""
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(f"{text!r} is not allowed; allowed is a finite number")
    return value


def whole_number(minimum: int, maximum: int) -> Callable[[str], int]:
    """A whole number in a range, for an argument's ``type``."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = minimum - 1
        if not minimum <= value <= maximum:
            raise argparse.ArgumentTypeError(
                f"{text!r} is not allowed; allowed is a whole number {minimum} to {maximum}"
            )
        return value

    return parse


def settings(texts: list[str], parse: Callable[[str, str], Any]) -> dict[str, Any]:
    """Repeated ``NAME=VALUE`` arguments.

    Args:
        texts: as typed.
        parse: (name, value as typed) to the checked value; raises ValueError.

    Raises:
        ValueError: there is no ``=``, or what ``parse`` says.
    """
    checked: dict[str, Any] = {}
    for text in texts:
        name, equals, value = text.partition("=")
        if not equals:
            raise ValueError(f"--set {text!r} has no value; write NAME=VALUE")
        checked[name.strip()] = parse(name.strip(), value)
    return checked


def table(rows: list[Mapping[str, str]]) -> str:
    """Rows of the same columns as aligned text, a line each."""
    widths = {name: max(len(row[name]) for row in rows) for name in rows[0]} if rows else {}
    return "\n".join("  ".join(row[name].ljust(width) for name, width in widths.items()).rstrip() for row in rows)
