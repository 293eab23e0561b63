"""Thin lines, very many of them, drawn once for each view."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtGui import QPainter, QPainterPath, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.gui.widgets.in_view_item import InViewItem, blank_picture, device_size, draw_pictures, reported


class Isolines(InViewItem):
    """Lines parted by NaN, kept as a picture until the lines or the view are others.

    Qt's own cache of items is of no use: it keeps its picture where pyqtgraph changes the transform of the view.
    """

    def __init__(self) -> None:
        super().__init__()
        self._path = QPainterPath()
        self._pen = QPen()
        self._picture = QPixmap()
        self._transform = QTransform()

    def set_lines(self, points: NDArray[np.float64], pen: QPen) -> None:
        """Draw these lines: points of the plot, shape (n, 2), with rows of NaN between the lines."""
        self._path = pg.functions.arrayToQPath(points[:, 0], points[:, 1], connect="finite")
        self._pen = pen
        self._picture = QPixmap()
        self.update()

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the picture; make it first where it is not that of this view."""
        if self._path.isEmpty():  # as when the window opens, where a picture of nothing would take its time
            return
        transform, size = painter.combinedTransform(), device_size(painter)
        if self._picture.isNull() or self._picture.size() != size or self._transform != transform:
            self._picture, self._transform = blank_picture(size), transform
            ratio = painter.device().devicePixelRatioF()
            brush = QPainter(self._picture)
            brush.scale(ratio, ratio)
            brush.setTransform(transform, combine=True)
            brush.setPen(self._pen)
            brush.drawPath(self._path)
            brush.end()
        draw_pictures(painter, self._picture)
