"""Kept runs: their curves behind the present ones, their boundaries on the canvas, and what their colours mean."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics

from gdviz.gui.network.canvas import BOUNDARY
from gdviz.gui.network.compare.ghost_lines import GhostLine, GhostLines
from gdviz.gui.network.compare.runs import RunRecord
from gdviz.gui.network.compare.words import described
from gdviz.gui.network.levels import UNIT, half_lines
from gdviz.gui.network.state import NetworkState
from gdviz.gui.numbers import whole
from gdviz.gui.widgets.controls import Readout, in_corner
from gdviz.gui.widgets.plot import with_alpha
from gdviz.network.spec import loss_of

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

COLORS = (1, 5, 8, 4, 3, 0, 2, 9)
"""Of the theme's racers, those that are neither the boundary's white nor the red of points."""

MOST = len(COLORS)
FULL = f"There are {MOST} ghosts already: remove one before another is kept."
LEGEND = 40
"""Grid units that words of the legend may take, where the canvas is as wide."""

SWATCH = "╍╍"
MARGIN = 8
"""Pixels around what lies in a corner."""


def loss(state: NetworkState) -> str:
    """What training makes small: curves of another loss say nothing beside those of this one."""
    return loss_of(state.network, state.training)


@dataclass(frozen=True, slots=True, eq=False)
class _Ghost:
    record: RunRecord
    color: int
    pieces: list[NDArray[np.float64]]


class Ghosts(QObject):
    """Keeps runs as they were when they were kept, at most ``MOST``.

    Signals:
        changed(): others are kept, or their colours are others.
    """

    changed = Signal()

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self._tab = tab
        self._ghosts: dict[int, _Ghost] = {}
        self._drawn: set[int] = set()  # whose curves are
        self.lines = GhostLines(tab.look)
        tab.canvas.add_item(self.lines, BOUNDARY + 2)
        self.legend = Readout("network.ghosts")
        self.legend.setTextFormat(Qt.TextFormat.RichText)
        self.legend.setAccessibleName("Ghosts")
        in_corner(tab.canvas, self.legend)
        self._named: list[RunRecord] = []
        tab.canvas.sigDeviceRangeChanged.connect(lambda *_: self._fit())
        tab.look.changed.connect(self.draw)

    @property
    def colors(self) -> dict[int, QColor]:
        """The colour of each ghost, by the number of its run."""
        return {number: self._tab.look.racer(ghost.color) for number, ghost in self._ghosts.items()}

    def keep(self, record: RunRecord) -> bool:
        """Keep a run as it is now, in place of what was kept of it before; False where there is no room."""
        before = self._ghosts.get(record.number)
        used = {ghost.color for ghost in self._ghosts.values()}
        free = [color for color in COLORS if color not in used]
        if before is None and not free:
            return False
        state = record.state
        ends = state.value_range if state.network.regression else UNIT
        pieces = half_lines(boundary=record.boundary, extent=record.extent, ends=ends)
        ghost = _Ghost(record, free[0] if before is None else before.color, pieces)
        self._ghosts[record.number] = ghost
        self._drawn.discard(record.number)
        self._tell()
        return True

    def remove(self, number: int) -> None:
        """Forget the ghost of a run; nothing happens where there is none."""
        if self._ghosts.pop(number, None) is not None:
            self._tab.curves.remove_ghost(str(number))
            self._drawn.discard(number)
            self._tell()

    def clear(self) -> None:
        """Forget all of them."""
        for number in list(self._ghosts):
            self.remove(number)

    def draw(self) -> None:
        """Draw all of them, in the colours of the look."""
        self._drawn.clear()
        self._tell()

    def show(self) -> None:
        """Draw the curves of those whose loss means the same, and the lines of those whose axes do, too."""
        colors, now = self.colors, self._tab.store.state
        alike = {number for number, ghost in self._ghosts.items() if loss(ghost.record.state) == loss(now)}
        for number in self._drawn - alike:
            self._tab.curves.remove_ghost(str(number))
        for number, ghost in self._ghosts.items():
            if number in alike - self._drawn:
                self._draw_curves(ghost)
        self._drawn = alike
        axes = now.axes
        shown = [each for number, each in self._ghosts.items() if number in alike and each.record.state.axes == axes]
        self.lines.show_lines([GhostLine(ghost.pieces, colors[ghost.record.number]) for ghost in shown])
        self._say([ghost.record for ghost in shown])

    def _draw_curves(self, ghost: _Ghost) -> None:
        """All of a plot's ghosts are drawn anew for each, so only those are that have to be."""
        record, color = ghost.record, self._tab.look.racer(ghost.color)
        self._tab.curves.add_ghost(str(record.number), record.rows, color, f"run {record.number}")

    def _tell(self) -> None:
        self.show()
        self.changed.emit()

    def _fit(self) -> None:
        """The canvas is wider, or narrower."""
        if self._named:
            self._say(self._named)

    def _say(self, records: list[RunRecord]) -> None:
        self._named = records
        look, colors = self._tab.look, self.colors
        font = look.font(0.8)
        metrics = QFontMetrics(font)
        around = 2 * (MARGIN + look.pixels(1)) + metrics.horizontalAdvance(f"{SWATCH} ")
        room = min(look.pixels(LEGEND), self._tab.canvas.width() - around)
        rows = []
        for record in records:
            kept = f"run {record.number} at epoch {whole(record.epochs)}"
            what = f"{kept}: {described(record.state.network, record.state.training)}"
            words = metrics.elidedText(what, Qt.TextElideMode.ElideRight, room)
            rows.append(f'<span style="color: {colors[record.number].name()}">{SWATCH}</span> {escape(words)}')
        self.legend.setFont(font)
        panel = with_alpha(look.theme.panel, 0.8)
        shade = f"rgba({panel.red()}, {panel.green()}, {panel.blue()}, {panel.alpha()})"
        self.legend.setStyleSheet(f"color: {look.theme.text}; background: {shade}; padding: {look.pixels(0.5)}px")
        self.legend.setText("<br>".join(rows))
