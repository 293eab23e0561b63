"""The probability over the canvas as a picture, with the line where it is one half."""

from __future__ import annotations

from typing import cast

import contourpy
import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.training.messages import Extent, Float32Array

TINY = np.float32(1e-6)


def half_lines(*, boundary: Float32Array, extent: Extent) -> list[NDArray[np.float64]]:
    """Where the boundary crosses one half: pieces of x1 and x2, shape (k, 2) each.

    A sharp boundary is a step from 0 to 1 within a pixel, and its contour a staircase. Its logit is nearly straight
    there, so the line is where that crosses zero.
    """
    rows, columns = boundary.shape
    logit = np.log((boundary + TINY) / (1.0 - boundary + TINY))
    x = extent[0] + (np.arange(columns) + 0.5) / columns * (extent[1] - extent[0])
    y = extent[2] + (np.arange(rows) + 0.5) / rows * (extent[3] - extent[2])
    made = contourpy.contour_generator(x, y, logit, name="serial", line_type=contourpy.LineType.Separate)
    return cast(list[NDArray[np.float64]], made.lines(0.0))


class BoundaryItem(pg.GraphicsObject):
    """Draws a probability of green for each pixel of the extent.

    pyqtgraph's own ImageItem would do, but for the time it takes: colours are looked up here in one NumPy step of
    0.05 ms, and the line is drawn with the picture so that a frame is one update of the scene.
    """

    def __init__(self) -> None:
        super().__init__()
        self._boundary: Float32Array | None = None
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)
        self._colors = np.zeros(256, np.uint32)
        self._image: QImage | None = None
        self._pixels: NDArray[np.uint32] | None = None  # the image's memory
        self._lines: list[QPolygonF] = []
        self._pen = QPen()

    @property
    def boundary(self) -> Float32Array | None:
        """What is drawn; None before the first frame."""
        return self._boundary

    @property
    def extent(self) -> Extent:
        """What it covers."""
        return self._extent

    def set_colors(self, colors: NDArray[np.uint8], line: QPen) -> None:
        """Colours of the probabilities 0 to 1, shape (256, 3), and the pen of the line."""
        red, green, blue = colors.astype(np.uint32).T
        self._colors = 0xFF000000 | red << 16 | green << 8 | blue
        self._pen = QPen(line)
        self._pen.setCosmetic(True)
        self._render()

    def show_boundary(self, boundary: Float32Array | None, extent: Extent) -> None:
        """Draw another boundary, shape (rows, columns), row 0 at the bottom; None draws nothing."""
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent
        self._boundary = boundary
        self._render()

    def _render(self) -> None:
        if self._boundary is None or not np.isfinite(self._boundary).all():
            self._image, self._lines = None, []
        else:
            rows, columns = self._boundary.shape
            indices = np.clip(self._boundary * np.float32(255.999), 0, 255).astype(np.uint8)
            self._pixels = self._colors[indices[::-1]]
            self._image = QImage(self._pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
            pieces = half_lines(boundary=self._boundary, extent=self._extent)
            self._lines = [arrayToQPolygonF(piece[:, 0], piece[:, 1]) for piece in pieces]
        self.update()

    def boundingRect(self) -> QRectF:
        """The extent."""
        left, right, low, high = self._extent
        return QRectF(left, low, right - left, high - low)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the picture in screen pixels, where scaling is fast, then the line."""
        if self._image is None:
            return
        painter.save()
        place = painter.transform().mapRect(self.boundingRect())
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._pen)
        for line in self._lines:  # half as long as drawing one path of them
            painter.drawPolyline(line)
