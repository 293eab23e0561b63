"""The points as markers: a disc for red and a triangle for green, hollow where they are kept apart for the test."""

from __future__ import annotations

from typing import cast

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QPolygonF, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget
from shiboken6 import wrapInstance

from gdviz.gui.theme import Look
from gdviz.network.points import GREEN, Points
from gdviz.training.messages import Extent


def marker_atlas(*, size: float, look: Look, ratio: float) -> QPixmap:
    """All markers side by side, each in a square: red, red of the test, green, green of the test.

    Args:
        size: of a disc, in pixels.
        look: colours.
        ratio: device pixels a pixel; the atlas is in device pixels.
    """
    side = round((int(1.25 * size) + 5) * ratio)
    atlas = QPixmap(4 * side, side)
    atlas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(atlas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for kind in range(4):
        painter.save()
        painter.translate((kind + 0.5) * side, 0.5 * side)
        painter.scale(ratio, ratio)
        _draw_marker(painter, label=kind // 2, hollow=bool(kind % 2), size=size, look=look)
        painter.restore()
    painter.end()
    return atlas


def _draw_marker(painter: QPainter, *, label: int, hollow: bool, size: float, look: Look) -> None:
    color, rim = look.labels[label], QColor(look.theme.plot)
    radius = size / 2

    def draw(radius: float) -> None:
        if label == GREEN:
            corner = radius * 1.2
            painter.drawPolygon(
                QPolygonF([QPointF(0, -corner), QPointF(corner, corner * 0.8), QPointF(-corner, corner * 0.8)])
            )
        else:
            painter.drawEllipse(QPointF(0, 0), radius, radius)

    join = Qt.PenJoinStyle.RoundJoin
    painter.setPen(QPen(rim, 3.0 if hollow else 2.0, j=join, c=Qt.PenCapStyle.RoundCap, s=Qt.PenStyle.SolidLine))
    painter.setBrush(rim if hollow else color)
    draw(radius)
    if hollow:
        painter.setPen(QPen(color, max(1.5, size / 6), j=join, c=Qt.PenCapStyle.RoundCap, s=Qt.PenStyle.SolidLine))
        draw(radius - size / 12)


class PointsItem(pg.GraphicsObject):
    """Draws points into a layer of their own, so that a new boundary behind 5,000 of them costs one blit."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._points = Points()
        self._test: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)
        self._layer: QPixmap | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._drawn = 0  # points that are in the layer

    def show_points(self, points: Points, test: NDArray[np.bool_], extent: Extent) -> None:
        """Draw these points, shape (n,), and which of them are test points."""
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent
        count = len(self._points)
        grown = (
            len(points) >= count
            and np.array_equal(points.xy[:count], self._points.xy)
            and np.array_equal(points.labels[:count], self._points.labels)
            and np.array_equal(test[:count], self._test)
        )
        self._points, self._test = points, test
        if not grown:
            self._drawn_for = ()
        self.update()

    def restyle(self) -> None:
        """Draw everything anew, in the colours of the look."""
        self._drawn_for = ()
        self.update()

    def boundingRect(self) -> QRectF:
        """The extent, and room for the markers at its edge."""
        left, right, low, high = self._extent
        width, height = (right - left) / 50, (high - low) / 50
        return QRectF(left - width, low - height, right - left + 2 * width, high - low + 2 * height)

    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Bring the layer up to date, and put it over the plot."""
        transform = painter.transform()
        place = transform.mapRect(self.boundingRect()).toAlignedRect()
        ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
        key = (place, ratio, transform)
        if key != self._drawn_for or self._layer is None:
            self._layer = QPixmap(round(place.width() * ratio), round(place.height() * ratio))
            self._layer.setDevicePixelRatio(ratio)
            self._layer.fill(Qt.GlobalColor.transparent)
            self._drawn_for, self._drawn = key, 0
        if self._drawn < len(self._points):
            self._stamp(transform, place, ratio)
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(place.topLeft(), self._layer)
        painter.restore()

    def _stamp(self, transform: QTransform, place: QRect, ratio: float) -> None:
        """Put the points that are not in the layer yet into it."""
        assert self._layer is not None
        side = place.width()
        size = max(6.0, min(side / 36, max(self._look.pixels(1.1), side / 75)))
        atlas = marker_atlas(size=size, look=self._look, ratio=ratio)
        cell = atlas.height()
        new = slice(self._drawn, None)
        xy, kinds = self._points.xy[new], 2 * self._points.labels[new] + self._test[new]
        fragments = np.empty((len(xy), 10))  # the fields of QPainter.PixmapFragment, in order
        fragments[:, 0] = transform.m11() * xy[:, 0] + transform.m21() * xy[:, 1] + transform.dx() - place.x()
        fragments[:, 1] = transform.m12() * xy[:, 0] + transform.m22() * xy[:, 1] + transform.dy() - place.y()
        fragments[:, 2] = kinds * cell
        fragments[:, 3:] = (0.0, cell, cell, 1.0 / ratio, 1.0 / ratio, 0.0, 1.0)
        painter = QPainter(self._layer)
        first = cast(QPainter.PixmapFragment, wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment))
        painter.drawPixmapFragments(first, len(fragments), atlas)
        painter.end()
        self._drawn = len(self._points)
