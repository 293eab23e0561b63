"""The output over the canvas as a picture, with the line in its middle or with lines of equal output."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from pyqtgraph.functions import arrayToQPolygonF
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.gui.network.levels import UNIT, Line, Range, half_lines, isolines, middle
from gdviz.gui.widgets.in_view_item import reported
from gdviz.training.messages import Extent, Float32Array

__all__ = ["BoundaryItem", "half_lines"]

THINNER = 0.6
"""Width of the other lines, as a share of that in the middle."""


class BoundaryItem(pg.GraphicsObject):
    """Draws a probability of green, or a value, for each pixel of the extent.

    pyqtgraph's own ImageItem would do, but for the time it takes: colours are looked up here in one NumPy step of
    0.05 ms, and the lines are drawn with the picture so that a frame is one update of the scene.
    """

    def __init__(self) -> None:
        super().__init__()
        self._boundary: Float32Array | None = None
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)
        self._ends: Range = UNIT
        self._levels: tuple[float, ...] = (middle(UNIT),)
        self._colors = np.zeros(256, np.uint32)
        self._image: QImage | None = None
        # Memory of the picture and of what it is made from: new memory for each frame takes longer than the arithmetic.
        self._scaled = np.empty((0, 0), np.float32)
        self._indices = np.empty((0, 0), np.uint8)
        self._pixels = np.empty((0, 0), np.uint32)
        self._lines: list[list[Line]] = [[]]
        self._polygons: list[list[QPolygonF]] = [[]]
        self._pen = QPen()

    @property
    def boundary(self) -> Float32Array | None:
        """What is drawn; None before the first frame."""
        return self._boundary

    @property
    def extent(self) -> Extent:
        """What it covers."""
        return self._extent

    @property
    def ends(self) -> Range:
        """The outputs that the two ends of the colours stand for."""
        return self._ends

    @property
    def lines(self) -> list[tuple[float, list[Line]]]:
        """The levels with the pieces of their lines, x1 and x2."""
        return list(zip(self._levels, self._lines, strict=True))

    def set_colors(self, colors: NDArray[np.uint8], line: QPen) -> None:
        """Colours from the lowest output to the highest, shape (256, 3), and the pen of the line in the middle."""
        red, green, blue = colors.astype(np.uint32).T
        self._colors = 0xFF000000 | red << 16 | green << 8 | blue
        self._pen = QPen(line)
        self._pen.setCosmetic(True)
        self._render()

    def set_scale(self, ends: Range = UNIT, levels: tuple[float, ...] | None = None) -> None:
        """What the ends of the colours stand for, and which lines are drawn; None draws the one in the middle."""
        given = (ends, (middle(ends),) if levels is None else levels)
        if given != (self._ends, self._levels):
            self._ends, self._levels = given
            self._render()

    def show_boundary(self, boundary: Float32Array | None, extent: Extent) -> None:
        """Draw another boundary, shape (rows, columns), row 0 at the bottom; None draws nothing."""
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent
        self._boundary = boundary if boundary is None or boundary.size else None
        self._render()

    def _render(self) -> None:
        if self._boundary is None:
            self._image, self._lines = None, [[] for _ in self._levels]
        else:
            self._image = self._painted(self._boundary)
            self._lines = isolines(boundary=self._boundary, extent=self._extent, levels=self._levels, ends=self._ends)
        self._polygons = [[arrayToQPolygonF(piece[:, 0], piece[:, 1]) for piece in pieces] for pieces in self._lines]
        self.update()

    def _painted(self, boundary: Float32Array) -> QImage:
        """The picture; beyond the ends in the colour of the end, transparent where there is no number."""
        rows, columns = boundary.shape
        low, high = self._ends
        share = boundary if self._ends == UNIT else (boundary - np.float32(low)) / np.float32((high - low) or 1.0)
        if self._pixels.shape != boundary.shape:
            self._scaled = np.empty(boundary.shape, np.float32)
            self._indices, self._pixels = np.empty(boundary.shape, np.uint8), np.empty(boundary.shape, np.uint32)
        scaled = np.multiply(share[::-1], np.float32(255.999), out=self._scaled)
        lacks = np.isnan(scaled)
        holes = bool(lacks.any())
        if holes:
            scaled[lacks] = 0.0
        np.copyto(self._indices, np.clip(scaled, 0.0, 255.0, out=scaled), casting="unsafe")
        np.take(self._colors, self._indices, out=self._pixels, mode="clip")
        if holes:
            self._pixels[lacks] = 0
        form = QImage.Format.Format_ARGB32_Premultiplied if holes else QImage.Format.Format_RGB32
        return QImage(self._pixels.data, columns, rows, 4 * columns, form)

    def boundingRect(self) -> QRectF:
        """The extent."""
        left, right, low, high = self._extent
        return QRectF(left, low, right - left, high - low)

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw the picture in screen pixels, where scaling is fast, then the lines."""
        if self._image is None:
            return
        painter.save()
        place = painter.transform().mapRect(self.boundingRect())
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.drawImage(place, self._image)
        painter.restore()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        thin = QPen(self._pen)
        thin.setWidthF(THINNER * self._pen.widthF())
        for level, pieces in zip(self._levels, self._polygons, strict=True):
            painter.setPen(self._pen if level == middle(self._ends) else thin)
            for piece in pieces:  # half as long as drawing one path of them
                painter.drawPolyline(piece)
