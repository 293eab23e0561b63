"""Gives the diagram the room of the canvas for a while, and back."""

from __future__ import annotations

from gdviz.gui.network.columns import Columns
from gdviz.gui.theme import Look

CANVAS, CANVAS_SHARE = 34, 0.25
"""Width that the canvas keeps: so many grid units, or this share where that is more."""

LOWER_SHARE = 0.38
"""Of the height, for what is below the diagram."""


class Room:
    """Remembers how the columns were shared out before."""

    def __init__(self, columns: Columns, look: Look) -> None:
        self._columns, self._look = columns, look
        data = columns.widget(0)
        assert data is not None
        self._data = data
        self._before: tuple[list[int], list[int], bool, bool] | None = None

    @property
    def is_wide(self) -> bool:
        """Whether the diagram has the room."""
        return self._before is not None

    def widen(self) -> None:
        """A small canvas, a large diagram; the data panel is folded away."""
        if self._before is not None:
            return
        columns = self._columns
        left, right = self._data, columns.upright
        self._before = (columns.sizes(), columns.upright.sizes(), columns.moved, not left.isHidden())
        columns.moved = True  # or they would arrange themselves
        left.hide()
        right.show()
        width, height = columns.width(), columns.upright.height()
        canvas = min(max(self._look.pixels(CANVAS), round(CANVAS_SHARE * width)), width // 2)
        columns.setSizes([0, canvas, width - canvas])
        columns.upright.setSizes([round(height * (1 - LOWER_SHARE)), round(height * LOWER_SHARE)])

    def narrow(self) -> None:
        """As it was."""
        if self._before is None:
            return
        columns = self._columns
        sizes, upright, moved, left = self._before
        self._before = None
        self._data.setVisible(left)
        columns.upright.setSizes(upright)
        columns.moved = moved
        columns.setSizes(sizes)
        if not moved:
            columns.arrange()
