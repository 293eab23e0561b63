"""Holds tab 2's state: gestures give it a new one, views draw what it says."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from gdviz.gui.network.state import Journal, NetworkState, Painted
from gdviz.network.points import Points


class Store(QObject):
    """The one place where the state of the tab changes.

    Signals:
        changed(object, object): the state before and after a change.
        undo_changed(): whether there is something to undo or redo may be different now.
    """

    changed = Signal(object, object)
    undo_changed = Signal()

    def __init__(self, state: NetworkState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.journal = Journal()
        self._before_stroke: Painted | None = None

    def change(self, **fields: Any) -> None:
        """Replace fields of the state."""
        before = self.state
        self.state = replace(before, **fields)
        self.changed.emit(before, self.state)

    def begin_stroke(self) -> None:
        """From here to ``end_stroke`` all edits of points are one step of undo."""
        self._before_stroke = self.state.painted

    def paint(self, points: Points) -> None:
        """Other points, within a stroke."""
        if points is not self.state.points:
            self.change(points=points)

    def end_stroke(self) -> None:
        """The stroke is complete; one that changed nothing is no step."""
        before, self._before_stroke = self._before_stroke, None
        if before is not None and before.points is not self.state.points:
            self.journal.edited(before)
            self.undo_changed.emit()

    def replace_points(self, painted: Painted) -> None:
        """All points at once: a data set, a file, or none; one step of undo."""
        self.end_stroke()
        before = self.state.painted
        self._draw(painted)
        self.journal.edited(before)
        self.undo_changed.emit()

    def undo(self) -> None:
        """Take back the last stroke."""
        self.end_stroke()
        self._show(self.journal.undo(self.state.painted))

    def redo(self) -> None:
        """Make the stroke taken back again."""
        self.end_stroke()
        self._show(self.journal.redo(self.state.painted))

    def _draw(self, painted: Painted) -> None:
        self.change(points=painted.points, extent=painted.extent, axes=painted.axes, source=painted.source)

    def _show(self, painted: Painted) -> None:
        if painted.points is not self.state.points:
            self._draw(painted)
            self.undo_changed.emit()
