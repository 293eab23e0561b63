"""The edges of a surface, typed."""

from __future__ import annotations

import contextlib
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.gui.descent.formula.check import Corners
from gdviz.gui.widgets.controls import muted
from gdviz.gui.widgets.number_field import NumberField

FARTHEST = 1e6
EDGES = tuple(
    Parameter(name, default, meaning, minimum=-FARTHEST, maximum=FARTHEST)
    for name, default, meaning in (
        ("w0_from", -2.0, "left edge of the surface"),
        ("w0_to", 2.0, "right edge of the surface"),
        ("w1_from", -2.0, "lower edge of the surface"),
        ("w1_to", 2.0, "upper edge of the surface"),
    )
)


class BoundsRow(QWidget):
    """Four fields side by side.

    Signals:
        edited(): one of them has a new value.
    """

    edited = Signal()

    def __init__(self, prefix: str) -> None:
        """Args: prefix: of the object names (``descent.own`` gives ``descent.own.w0_from``)."""
        super().__init__()
        self.fields = [NumberField(edge) for edge in EDGES]
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for index, (word, field) in enumerate(zip(("w0 from", "to", "w1 from", "to"), self.fields, strict=True)):
            if index == 2:
                row.addSpacing(16)
            field.setObjectName(f"{prefix}.{field.parameter.name}")
            field.edited.connect(lambda _: self.edited.emit())
            field.installEventFilter(self)
            label = muted(word)
            label.setBuddy(field)
            row.addWidget(label)
            row.addWidget(field, 1)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Return in a field whose text is no number does nothing: it must not use the number that was there before."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            refused = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and bool(watched.property("invalid"))
            if refused:
                return True
        return super().eventFilter(watched, event)

    @property
    def corners(self) -> Corners:
        """w0 from, w0 to, w1 from, w1 to."""
        low0, high0, low1, high1 = (field.value for field in self.fields)
        return low0, high0, low1, high1

    def mark(self, wrong: Sequence[int]) -> None:
        """Frame the fields of w0 (0), w1 (1) or neither: numbers that are allowed each, but not together."""
        for index, field in enumerate(self.fields):
            contradicts = index // 2 in wrong
            if contradicts != bool(field.property("contradicts")):
                field.setProperty("contradicts", contradicts)
                field.style().unpolish(field)
                field.style().polish(field)

    def set_corners(self, corners: Corners) -> None:
        """Show others; those that are not allowed stay as they were."""
        for field, value in zip(self.fields, corners, strict=True):
            with contextlib.suppress(ValueError):  # a file that was edited by hand may say anything
                field.set_value(value)
