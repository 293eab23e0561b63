"""A trajectory as CSV."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gdviz.descent.trajectory import Trajectory

HEADER = "step,w0,w1,loss,g0,g1"


def csv_lines(trajectory: Trajectory) -> Iterator[str]:
    """The header and a line a step, row 0 the start, each with its line break; numbers in full double precision."""
    yield HEADER + "\n"
    columns = (trajectory.positions.tolist(), trajectory.losses.tolist(), trajectory.gradients.tolist())
    for step, ((w0, w1), loss, (g0, g1)) in enumerate(zip(*columns, strict=True)):
        yield f"{step},{w0!r},{w1!r},{loss!r},{g0!r},{g1!r}\n"
