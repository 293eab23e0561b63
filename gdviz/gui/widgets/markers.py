"""Marks of a plot that leave clicks to the plot."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget


class Markers(pg.ScatterPlotItem):
    """A scatter plot through which one can click; pyqtgraph's own takes every click on one of its points."""

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """Leave it to what lies below."""
        event.ignore()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the marks that are in view; where none are, pyqtgraph hands Qt a pointer to nothing, and Qt crashes."""
        if len(self.data):
            super().paint(painter, option, widget)
