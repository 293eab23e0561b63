"""A plot of which a place can be picked: by pointing and clicking, or with arrow keys and Return."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QKeyEvent

from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import Plot, PlotAxis
from gdviz.gui.widgets.zoom_box import ZoomBox

_MOVES = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, 1),
    Qt.Key.Key_Down: (0, -1),
}
_USE = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_PLAIN = Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier
FAST = 8
"""How far an arrow key goes while Shift is down."""


class PickBox(ZoomBox):
    """A view box in which a click with the left button picks; the wheel zooms, a drag pans.

    Signals:
        clicked(QPointF): where, in the scene.
    """

    clicked = Signal(QPointF)

    def __init__(self, *, zooms: tuple[bool, bool] = (True, True)) -> None:
        super().__init__()
        self.setMouseEnabled(x=zooms[0], y=zooms[1])

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """A click with the left button picks what is under it."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.clicked.emit(event.scenePos())


class Marks(pg.ScatterPlotItem):
    """Marks on a plot that leave clicks to it: pyqtgraph's own keep them, and the cursor is always under the mouse."""

    def __init__(self, symbol: str = "o") -> None:
        super().__init__(pxMode=True, symbol=symbol)

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """For what lies below."""
        event.ignore()


class PickPlot(Plot):
    """A plot with a ``PickBox``; arrows and Return are its own while it has the focus.

    Signals:
        moved(int, int): an arrow key: so many places right and up.
        used(): Return: take what the cursor is on.
    """

    moved = Signal(int, int)
    used = Signal()

    def __init__(
        self,
        name: str,
        title: str,
        look: Look,
        *,
        zooms: tuple[bool, bool] = (True, True),
        axes: Sequence[PlotAxis] = (),
    ) -> None:
        self.box = PickBox(zooms=zooms)
        super().__init__(name, title, look, view=self.box, axes=axes)

    def event(self, event: QEvent) -> bool:
        """Take arrows and Return before the window's shortcuts do."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            plain = not event.modifiers() & ~_PLAIN
            if plain and event.key() in (*_MOVES, *_USE):
                event.accept()
                return True
        return bool(super().event(event))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the cursor, Return uses what it is on."""
        key = Qt.Key(event.key())
        if key in _MOVES:
            far = FAST if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 1
            right, up = _MOVES[key]
            self.moved.emit(right * far, up * far)
        elif key in _USE:
            self.used.emit()
        else:
            super().keyPressEvent(event)
