"""Turns strokes of the mouse on the canvas into points of the store."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from gdviz.gui.network.canvas import Canvas
from gdviz.gui.network.painting import SIZES, TOOLS, USUAL_SIZE, Stroke
from gdviz.gui.network.store import Store


class Painter(QObject):
    """Holds the tool and the size of the brush.

    Signals:
        changed(): another tool or size.
    """

    changed = Signal()

    def __init__(self, canvas: Canvas, store: Store, *, seed: int = 0) -> None:
        """Args: canvas: where the mouse paints; store: whose points change; seed: of the spray."""
        super().__init__(canvas)
        self._canvas = canvas
        self._store = store
        self._rng = np.random.default_rng(seed)
        self._stroke: Stroke | None = None
        self.tool = TOOLS[0]
        self.size = USUAL_SIZE
        canvas.pressed.connect(self._begin)
        canvas.dragged.connect(self._move)
        canvas.released.connect(self._end)
        canvas.sized.connect(self.resize)
        self._show()

    def set_tool(self, tool: str) -> None:
        """Take another tool: one of ``TOOLS``."""
        self.tool = tool
        self._show()

    def set_size(self, size: int) -> None:
        """Take a brush of another size: an index of ``SIZES``, brought into range."""
        self.size = min(max(size, 0), len(SIZES) - 1)
        self._show()

    def resize(self, steps: int) -> None:
        """A larger or smaller brush."""
        self.set_size(self.size + steps)

    def _show(self) -> None:
        self._canvas.set_radius(None if self.tool == "point" else SIZES[self.size])
        self.changed.emit()

    def _begin(self, label: int, x: float, y: float) -> None:
        self._stroke = Stroke(
            tool=self.tool, label=label, radius=SIZES[self.size], extent=self._store.state.extent, rng=self._rng
        )
        self._store.begin_stroke()
        self._store.paint(self._stroke.begin(self._store.state.points, (x, y)))

    def _move(self, x: float, y: float) -> None:
        if self._stroke is not None:
            self._store.paint(self._stroke.move(self._store.state.points, (x, y)))

    def _end(self) -> None:
        self._stroke = None
        self._store.end_stroke()
