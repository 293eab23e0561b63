"""Visited points as dots that fade with their age."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import ArrayLike
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.descent.surface import FloatArray
from gdviz.gui.widgets.in_view_item import FAR, InViewItem, reported
from gdviz.gui.widgets.plot import with_alpha

SHADES = 6
FAINTEST, CLEAREST = 0.12, 0.75


class FadingDots(InViewItem):
    """Draws rows of points, the last ones of each the clearest.

    A scatter plot with as many brushes takes 13 ms for ten racers; points of one shade drawn at once take a tenth.
    """

    def __init__(self) -> None:
        super().__init__()
        self._rows: list[tuple[FloatArray, QColor]] = []
        self._size = 7.0

    def set_dots(self, rows: Sequence[tuple[ArrayLike, QColor]], size: float) -> None:
        """Draw rows of points, shape (n, 2) each, each in its colour; size: of a dot in pixels."""
        self._rows = [(np.reshape(points, (-1, 2)), color) for points, color in rows]
        self._size = size
        self.update()

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw in pixels, shade by shade."""
        t = painter.transform()
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for points, color in self._rows:
            pixels = np.column_stack([points[:, 0] * t.m11() + t.dx(), points[:, 1] * t.m22() + t.dy()])
            near = (np.abs(pixels) < FAR).all(axis=1)
            shades = np.arange(1, len(pixels) + 1) * SHADES // max(len(pixels), 1)
            for shade in np.unique(shades[near]):  # of those that are there: a polygon without points crashes
                alpha = FAINTEST + (CLEAREST - FAINTEST) * shade / SHADES
                chosen = pixels[near & (shades == shade)]
                painter.setPen(QPen(with_alpha(color, float(alpha)), self._size, c=Qt.PenCapStyle.RoundCap))
                painter.drawPoints(pg.functions.arrayToQPolygonF(chosen[:, 0], chosen[:, 1]))
        painter.restore()
