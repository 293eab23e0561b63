"""Makes a view when it is first asked for."""

from __future__ import annotations

from gdviz.gui.network.views.result import ResultView
from gdviz.gui.theme import Look


def make_view(key: str, look: Look) -> ResultView:
    """The view of that key: "relief", "warped" or "slice"; KeyError where there is none."""
    from gdviz.gui.network.views.relief_view import ReliefView
    from gdviz.gui.network.views.slice_view import SliceView
    from gdviz.gui.network.views.warped_view import WarpedView

    return {"relief": ReliefView, "warped": WarpedView, "slice": SliceView}[key](look)
