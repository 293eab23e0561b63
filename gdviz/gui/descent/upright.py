"""What stands above each other in tab 1: the views of the surface, and the losses and results below."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QSplitter

from gdviz.gui.theme import Look

LOW = 20
"""In grid units: where there is less height, the views of the surface have it alone."""


class Upright(QSplitter):
    """Two widgets above each other; the lower one folds away while there is no room for both."""

    def __init__(self, look: Look) -> None:
        super().__init__(Qt.Orientation.Vertical)
        self._look = look
        look.changed.connect(self._fold)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Both, or the upper one alone."""
        super().resizeEvent(event)
        self._fold()

    def minimumSizeHint(self) -> QSize:
        """What the upper one needs."""
        upper = self.widget(0)
        return upper.minimumSizeHint() if upper is not None else QSize()

    def _fold(self) -> None:
        lower = self.widget(1)
        if lower is not None:
            lower.setVisible(self.height() >= self._look.pixels(LOW))
