"""What the session asks of the engine: first as much of a race as is seen, so that views follow a drag, then all."""

from __future__ import annotations

import time

from gdviz.descent.races import Race, compute
from gdviz.descent.spec import DescentSpec
from gdviz.gui.widgets.latest import Latest

FIRST_LOOK = 100
"""Steps of a first look, at least, whatever is seen."""

PATIENCE_SECONDS = 0.042
LONGEST_SECONDS = 0.25
"""A first look gives what it has by then: sooner where a newer race is waited for, as while somebody drags.

Computing and drawing take turns. With this patience a slow computer has drawn what follows the mouse after two frames
of 30 a second, if only the first hundreds of steps; a fast one has computed all of them by then.
"""


def first_look(spec: DescentSpec, seen: int, worker: Latest) -> Race:
    """A race up to the steps that are seen, or as far as it gets.

    Args:
        spec: what to compute.
        seen: the step that views show.
        worker: it runs there; nothing more is computed once it is closed.

    Raises:
        ValueError: something in the spec is not allowed.
    """
    began = time.perf_counter()

    def enough(row: int) -> bool:
        if worker.closed():
            return True
        if row <= FIRST_LOOK:
            return False
        return time.perf_counter() - began > (PATIENCE_SECONDS if worker.superseded() else LONGEST_SECONDS)

    return compute(spec, most_steps=max(seen, FIRST_LOOK), enough=enough)


def whole_race(spec: DescentSpec, worker: Latest) -> Race | None:
    """All of a race; None where something newer was asked of the worker before that.

    Raises:
        ValueError: something in the spec is not allowed.
    """
    race = compute(spec, enough=lambda row: worker.superseded())
    return race if race.whole else None
