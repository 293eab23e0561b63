"""A tab widget that is not drawn anew for every change in one of its pages."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize
from PySide6.QtWidgets import QTabWidget


class SteadyTabs(QTabWidget):
    """Qt's own lays itself out, and draws all that is in it, whenever something in a page asks for more or less room.

    That is a number that grows by a digit, say: many times a second, and the whole window. Here only the tabs' own
    titles have it laid out anew; what is around it learns of the room that the pages need as before.
    """

    def __init__(self) -> None:
        super().__init__()
        self._laid_out_for = QSize()

    def event(self, event: QEvent) -> bool:
        """Pass a page's request for room on, and go by it where it is the titles' own."""
        if event.type() != QEvent.Type.LayoutRequest:
            return super().event(event)
        titles = self.tabBar().sizeHint()
        if titles != self._laid_out_for:
            self._laid_out_for = titles
            return super().event(event)
        self.updateGeometry()
        return True
