"""The contours' view box: what the mouse does on them."""

from __future__ import annotations

import math

from PySide6.QtCore import QPointF, Qt, Signal

from gdviz.gui.widgets.zoom_box import ZoomBox


class StartBox(ZoomBox):
    """A view box in which the left button chooses the start; the right or middle one pans, the wheel zooms.

    Signals:
        clicked(float, float): the left button was clicked here.
        start_moved(float, float): it is held down and moved to here.
        start_dropped(): it was let go.
    """

    clicked = Signal(float, float)
    start_moved = Signal(float, float)
    start_dropped = Signal()

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """Tell of a click with the left button."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.clicked.emit(*self._place(event.pos()))

    def mouseDragEvent(self, event, axis=None) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """A drag with the left button moves the start; with another it pans."""
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.start_moved.emit(*self._place(event.pos()))
            if event.isFinish():
                self.start_dropped.emit()
        elif event.button() in (Qt.MouseButton.RightButton, Qt.MouseButton.MiddleButton):
            event.accept()
            delta = self.mapToView(event.lastPos()) - self.mapToView(event.pos())
            self.translateBy(x=delta.x(), y=delta.y())

    def _place(self, position: QPointF) -> tuple[float, float]:
        """The parameters under a position, no finer than a pixel."""
        point = self.mapToView(position)
        digits = [max(0, math.ceil(-math.log10(size))) for size in self.viewPixelSize()]
        return round(point.x(), digits[0]), round(point.y(), digits[1])
