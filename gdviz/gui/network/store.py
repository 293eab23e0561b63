"""Holds tab 2's state: gestures give it a new one, views draw what it says."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from gdviz.gui.network.journal import Journal, WeightEdit
from gdviz.gui.network.state import NetworkState, Painted
from gdviz.network.points import Points


class Store(QObject):
    """The one place where the state of the tab changes.

    Signals:
        changed(object, object): the state before and after a change.
        replaced(): all points are about to be others.
        weight_edited(object): a weight is to be what a WeightEdit says.
        undo_changed(): whether there is something to undo or redo may be different now.
    """

    changed = Signal(object, object)
    replaced = Signal()
    weight_edited = Signal(object)
    undo_changed = Signal()

    def __init__(self, state: NetworkState, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = state
        self.journal = Journal()
        self._before_stroke: NetworkState | None = None
        self._gesture = ""

    def change(self, **fields: Any) -> None:
        """Replace fields of the state; within a stroke, or undo does not know of it."""
        before = self.state
        self.state = replace(before, **fields)
        self.changed.emit(before, self.state)

    def begin_stroke(self, gesture: str = "") -> None:
        """From here to ``end_stroke`` all is one step of undo; strokes of one gesture in a row are one, too."""
        self.end_stroke()
        self._before_stroke, self._gesture = self.state, gesture

    @property
    def is_stroking(self) -> bool:
        """Whether a stroke has begun and not ended."""
        return self._before_stroke is not None

    def edit(self, gesture: str = "", /, **changes: Any) -> None:
        """Change fields of the state; one step of undo, unless it is part of a stroke.

        Args:
            gesture: edits of one name in a row, such as the digits of a number, are one step.
            changes: the fields.
        """
        alone = self._before_stroke is None
        if alone:
            self.begin_stroke(gesture)
        self.change(**changes)
        if alone:
            self.end_stroke()

    def paint(self, points: Points) -> None:
        """Other points, within a stroke."""
        if points is not self.state.points:
            self.change(points=points)

    def put(self, painted: Painted) -> None:
        """Change what is other than in the state; one step of undo, unless it is part of a stroke."""
        given = {each.name: getattr(painted, each.name) for each in fields(painted)}
        changes = {name: value for name, value in given.items() if value is not getattr(self.state, name)}
        if changes:
            self.edit(**changes)

    def end_stroke(self) -> None:
        """The stroke is complete; one that changed nothing is no step."""
        before, self._before_stroke = self._before_stroke, None
        if before is not None and before != self.state:
            self.journal.edited(before, self._gesture)
            self.undo_changed.emit()

    def replace_points(self, painted: Painted, **specs: Any) -> None:
        """All points at once, a data set, a file, or none, and the specs that suit them; one step of undo."""
        self.end_stroke()
        before = self.state
        self.replaced.emit()
        self.change(**{each.name: getattr(painted, each.name) for each in fields(painted)}, **specs)
        self.journal.edited(before)
        self.undo_changed.emit()

    def edit_weight(self, edit: WeightEdit, gesture: object) -> None:
        """Change a weight of the network that is trained; edits of one gesture in a row are one step of undo."""
        self.end_stroke()
        self.journal.weight_edited(edit, gesture)
        self.weight_edited.emit(edit)
        self.undo_changed.emit()

    def forget_weights(self) -> None:
        """The weights are others from now on."""
        self.journal.forget_weights()
        self.undo_changed.emit()

    def undo(self) -> None:
        """Take back the last edit."""
        self.end_stroke()
        self._show(self.journal.undo(self.state))

    def redo(self) -> None:
        """Make the edit taken back again."""
        self.end_stroke()
        self._show(self.journal.redo(self.state))

    def _show(self, edit: NetworkState | WeightEdit | None) -> None:
        if isinstance(edit, WeightEdit):
            self.weight_edited.emit(edit)
        elif edit is not None:
            before, self.state = self.state, edit
            self.changed.emit(before, edit)
        self.undo_changed.emit()
