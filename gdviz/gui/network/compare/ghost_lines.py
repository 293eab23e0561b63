"""The boundaries of kept runs: dashed lines in their own colours over the canvas."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import InViewItem, blank_picture, device_size, draw_pictures, reported


@dataclass(frozen=True, slots=True, eq=False)
class GhostLine:
    """Pieces of a line, x1 and x2, shape (k, 2) each, and their colour."""

    pieces: Sequence[NDArray[np.float64]]
    color: QColor


class GhostLines(InViewItem):
    """Draws the lines once, and then their picture: dashes are slow, and every frame of training draws them again."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.lines: tuple[GhostLine, ...] = ()
        self._polygons: list[tuple[QColor, list[QPolygonF]]] = []
        self._picture = QPixmap()
        self._transform = QTransform()

    def show_lines(self, lines: Sequence[GhostLine]) -> None:
        """Draw these."""
        self.lines = tuple(lines)
        self._polygons = [
            (line.color, [arrayToQPolygonF(piece[:, 0], piece[:, 1]) for piece in line.pieces]) for line in lines
        ]
        self._picture = QPixmap()
        self.update()

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the picture; make it first where it is not that of this view."""
        if not self._polygons:
            return
        transform, size = painter.combinedTransform(), device_size(painter)
        if self._picture.isNull() or self._picture.size() != size or self._transform != transform:
            self._picture, self._transform = blank_picture(size), transform
            ratio = painter.device().devicePixelRatioF()
            brush = QPainter(self._picture)
            brush.setRenderHint(QPainter.RenderHint.Antialiasing)
            brush.scale(ratio, ratio)
            brush.setTransform(transform, combine=True)
            for color, polygons in self._polygons:
                brush.setPen(self._pen(color))
                for polygon in polygons:
                    brush.drawPolyline(polygon)
            brush.end()
        draw_pictures(painter, self._picture)

    def _pen(self, color: QColor) -> QPen:
        pen = QPen(color, 1.2 * self._look.line_width, Qt.PenStyle.DashLine)
        pen.setCosmetic(True)
        return pen
