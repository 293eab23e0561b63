"""Marks of a plot that leave clicks to the plot."""

from __future__ import annotations

from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QBrush, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

_TOOLS: dict[tuple[Any, ...], QPen | QBrush] = {}


class Markers(pg.ScatterPlotItem):
    """A scatter plot through which one can click; pyqtgraph's own takes every click on one of its points."""

    def setData(self, *args: Any, **kargs: Any) -> None:
        """Show other marks. Pens and brushes that look alike become one, as pyqtgraph draws a mark anew for each."""
        super().setData(*args, **{name: _shared(value) for name, value in kargs.items()})

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """Leave it to what lies below."""
        event.ignore()

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint the marks that are in view; where none are, pyqtgraph hands Qt a pointer to nothing, and Qt crashes."""
        if len(self.data):
            super().paint(painter, option, widget)


def _shared(tool: Any) -> Any:
    """The pen or brush that looked like this one before; of a list each; anything else as it is."""
    match tool:
        case list():
            return [_shared(each) for each in tool]
        case QPen():
            key: tuple[Any, ...] = (tool.style(), tool.color().rgba(), tool.widthF())
        case QBrush() if tool.style() in (Qt.BrushStyle.SolidPattern, Qt.BrushStyle.NoBrush):
            key = (tool.style(), tool.color().rgba())
        case _:
            return tool
    return _TOOLS.setdefault(key, tool)
