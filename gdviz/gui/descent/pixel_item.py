"""What is drawn in pixels, somewhere in the view."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QRectF

FAR = 1e4
"""Pixels beyond which nothing is drawn; Qt's own arithmetic fails a little farther out."""


class PixelItem(pg.GraphicsObject):
    """An item of a plot whose bounds are those of the view."""

    def __init__(self) -> None:
        super().__init__()
        self._in_view = QRectF()

    def boundingRect(self) -> QRectF:
        """All that is in view."""
        return QRectF(self._in_view)

    def viewRangeChanged(self) -> None:
        """The view was panned, zoomed or resized."""
        super().viewRangeChanged()
        self._look_again()

    def viewTransformChanged(self) -> None:
        """The view was panned, zoomed or resized."""
        super().viewTransformChanged()
        self._look_again()

    def dataBounds(self, axis: int, frac: float = 1.0, orthoRange: object = None) -> None:  # noqa: N803  # pyqtgraph's
        """Never decides the range of the view."""
        return

    def _look_again(self) -> None:
        rect = self.viewRect()
        # Qt looks the item up under its old bounds now: they may change only behind this, or it crashes.
        self.prepareGeometryChange()
        self._in_view = QRectF() if rect is None else QRectF(rect)
