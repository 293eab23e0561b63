"""The keys of painting and of the selection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from gdviz.gui.network import clipboard
from gdviz.gui.network.painting import QUESTION
from gdviz.network.points import GREEN, RED

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

Entry = tuple[str, str, str, Callable[[], object], str]
"""Object name, title, keys, what they do, and their group in the menu."""


def paint_keys(tab: NetworkTab) -> tuple[Entry, ...]:
    """The actions of a tab's painter."""
    painter, selected = tab.painter, tab.painter.selected
    return (
        ("brush", "Brush", "B", partial(painter.set_tool, "brush"), "Tools"),
        ("point", "Single point", "P", partial(painter.set_tool, "point"), "Tools"),
        ("eraser", "Eraser", "E", partial(painter.set_tool, "eraser"), "Tools"),
        ("select", "Select and move", "S", partial(painter.set_tool, "select"), "Tools"),
        ("red", "Red", "1; R", partial(painter.use_ink, RED), "Tools"),
        ("green", "Green", "2", partial(painter.use_ink, GREEN), "Tools"),
        ("question", "Question", "3; Q", partial(painter.use_ink, QUESTION), "Tools"),
        ("larger_brush", "Larger brush", "]", partial(painter.resize, 1), "Tools"),
        ("smaller_brush", "Smaller brush", "[", partial(painter.resize, -1), "Tools"),
        ("denser", "Denser brush", "}", lambda: painter.set_density(painter.density + 1), "Tools"),
        ("thinner", "Thinner brush", "{", lambda: painter.set_density(painter.density - 1), "Tools"),
        ("select_all", "Select all", "Ctrl+A", painter.select_all, "Points"),
        ("copy", "Copy", "Ctrl+C", partial(clipboard.copy, tab), "Points"),
        ("cut", "Cut", "Ctrl+X", partial(clipboard.cut, tab), "Points"),
        ("paste", "Paste", "Ctrl+V", partial(clipboard.paste, tab), "Points"),
        ("duplicate", "Duplicate", "Ctrl+D", selected.duplicate, "Points"),
        ("delete", "Delete", "Del; Backspace", selected.delete, "Points"),
        ("jitter", "Jitter", "J", selected.jitter, "Points"),
        ("mistakes", "Ring mistakes", "M", tab.paint_panel.mistakes.toggle, "View of the result"),
        ("clear", "Remove all points", "Ctrl+Backspace", tab.clear, "Points"),
    )
