"""Python as text: calls and lists laid out as people do, in at most 100 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

COLUMNS = 100
_INDENT = 4


@dataclass(frozen=True, slots=True)
class Group:
    """Something in brackets.

    Attributes:
        opening, closing: what is around the items, such as "f(" and ")".
        items: texts or groups, each with what stands before it, such as "size=" or "".
        tall: give each item a line of its own even where all fit into one.
    """

    opening: str
    items: tuple[tuple[str, str | Group], ...]
    closing: str
    tall: bool = False

    @property
    def flat(self) -> str:
        """All in one line."""
        return self.opening + ", ".join(before + _flat(item) for before, item in self.items) + self.closing


def call(name: str, *positional: str | Group, **named: str | Group) -> Group:
    """A call of a function; strings are Python already."""
    items = [*(("", item) for item in positional), *((f"{key}=", item) for key, item in named.items())]
    return Group(f"{name}(", tuple(items), ")")


def listed(items: Iterable[str | Group], *, tall: bool = False) -> Group:
    """A list."""
    return Group("[", tuple(("", item) for item in items), "]", tall)


def literals(values: Mapping[str, object]) -> dict[str, str]:
    """Named arguments for ``call`` from values."""
    return {name: repr(value) for name, value in values.items()}


def laid_out(item: str | Group, before: str = "", after: str = "", indent: int = 0) -> list[str]:
    """Lines of an expression.

    Args:
        item: what to lay out.
        before: what stands before it in its first line, such as "x = ".
        after: what stands behind it in its last line, such as ",".
        indent: of the first and last line.
    """
    margin = " " * indent
    whole = margin + before + _flat(item) + after
    if isinstance(item, str) or (len(whole) <= COLUMNS and not _is_tall(item)):
        return [whole]
    match item.items:
        case ((name, Group() as only),):  # brackets within brackets share their lines
            merged = Group(item.opening + name + only.opening, only.items, only.closing + item.closing, only.tall)
            return laid_out(merged, before, after, indent)
    inner = indent + _INDENT
    body = " " * inner + ", ".join(name + _flat(each) for name, each in item.items)
    lines = [margin + before + item.opening]
    if len(body) <= COLUMNS and not _is_tall(item):
        lines.append(body)
    else:
        for name, each in item.items:
            lines += laid_out(each, name, ",", inner)
    return [*lines, margin + item.closing + after]


def comment(text: str) -> list[str]:
    """Lines of a comment, whatever is in the text."""
    plain = "".join(character if character.isprintable() else " " for character in text)
    return textwrap.wrap(
        " ".join(plain.split()), COLUMNS, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False
    )


def packed(rows: Sequence[str]) -> list[str]:
    """Items of a list, indented, as many to the line as fit."""
    lines, line = [], ""
    for row in rows:
        longer = f"{line} {row}," if line else " " * _INDENT + f"{row},"
        if len(longer) > COLUMNS:
            lines.append(line)
            longer = " " * _INDENT + f"{row},"
        line = longer
    return [*lines, line] if line else lines


def _flat(item: str | Group) -> str:
    return item if isinstance(item, str) else item.flat


def _is_tall(item: str | Group) -> bool:
    return isinstance(item, Group) and (item.tall or any(_is_tall(each) for _, each in item.items))
