"""What a benchmark says, and the table made of it."""

from __future__ import annotations

from collections.abc import Sequence

import msgspec


class Result(msgspec.Struct, frozen=True):
    """One measured figure.

    Attributes:
        what: was measured.
        budget: what is allowed, with its unit.
        measured: what came out, with its unit.
        met: whether it is within the budget.
    """

    what: str
    budget: str
    measured: str
    met: bool


def table(results: Sequence[Result]) -> str:
    """The results as a table of Markdown."""
    rows = [f"| {r.what} | {r.budget} | {r.measured} | {'yes' if r.met else '**no**'} |" for r in results]
    return "\n".join(["| what | budget | measured | met |", "| --- | --- | --- | --- |", *rows])
