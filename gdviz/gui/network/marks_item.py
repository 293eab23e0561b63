"""Thousands of small marks, drawn once into a layer of their own."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QPainter, QPixmap, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget
from shiboken6 import wrapInstance

from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import reported
from gdviz.training.messages import Extent

DrawMark = Callable[[QPainter, int, float, Look], None]
"""Draws a mark of this kind about (0, 0), for a disc of this diameter in pixels, in the colours of the look."""


def mark_size(*, side: float, look: Look) -> float:
    """Diameter of a disc on a canvas of this side, pixels both."""
    return max(6.0, min(side / 36, max(look.pixels(1.1), side / 75)))


def atlas_of(draw: DrawMark, *, kinds: int, size: float, reach: float, look: Look, ratio: float) -> QPixmap:
    """All marks side by side, each in a square.

    Args:
        draw: draws one of them.
        kinds: how many there are.
        size: of a disc, in pixels.
        reach: how far a mark goes from its place, in sizes.
        look: colours.
        ratio: device pixels a pixel; the atlas is in device pixels.
    """
    side = round((2 * int(reach * size) + 5) * ratio)
    atlas = QPixmap(kinds * side, side)
    atlas.fill(Qt.GlobalColor.transparent)
    painter = QPainter(atlas)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    for kind in range(kinds):
        painter.save()
        painter.translate((kind + 0.5) * side, 0.5 * side)
        painter.scale(ratio, ratio)
        draw(painter, kind, size, look)
        painter.restore()
    painter.end()
    return atlas


class MarksItem(pg.GraphicsObject):
    """Draws marks of a few kinds into a layer of their own.

    A new boundary behind them costs one blit, and so does a move of all of them together; new ones at the end cost
    themselves alone.
    """

    def __init__(self, look: Look, draw: DrawMark, *, kinds: int = 1, reach: float = 0.9) -> None:
        """Args: draw: draws one mark; kinds: how many different ones there are; reach: see ``atlas_of``."""
        super().__init__()
        self._look = look
        self._draw = draw
        self._kinds = kinds
        self._reach = reach
        self._xy: NDArray[np.float64] = np.empty((0, 2))
        self._stamped: NDArray[np.float64] = np.empty((0, 2))  # where the marks in the layer were stamped
        self._which: NDArray[np.int64] = np.empty(0, np.int64)
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)
        self._atlas: tuple[object, QPixmap] | None = None
        self._layer: QPixmap | None = None
        self._drawn_for: tuple[object, ...] = ()

    def show_marks(self, xy: NDArray[np.float64], which: NDArray[np.int64], extent: Extent) -> None:
        """Draw marks at these places, shape (n, 2), of these kinds, shape (n,)."""
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent
        before, count = self._xy, len(self._stamped)
        if not np.array_equal(which[: len(before)], self._which):
            self._drawn_for = ()
        elif np.array_equal(xy, before):
            return
        elif not np.array_equal(xy[:count], self._stamped) and not self._is_shifted(xy):
            self._drawn_for = ()
        self._xy, self._which = xy, which
        self.update()

    def _is_shifted(self, xy: NDArray[np.float64]) -> bool:
        """Whether these are the marks of the layer, all moved by the same way."""
        if len(xy) != len(self._stamped):
            return False
        spread = np.ptp(xy - self._stamped, axis=0)
        left, right, low, high = self._extent
        return bool((spread <= 1e-9 * np.array([right - left, high - low])).all())

    def restyle(self) -> None:
        """Draw everything anew, in the colours of the look."""
        self._atlas, self._drawn_for = None, ()
        self.update()

    def set_kinds(self, draw: DrawMark, kinds: int) -> None:
        """Draw other marks."""
        self._draw, self._kinds = draw, kinds
        self.restyle()

    def boundingRect(self) -> QRectF:
        """The extent, and room for the marks at its edge."""
        left, right, low, high = self._extent
        width, height = (right - left) / 40, (high - low) / 40
        return QRectF(left - width, low - height, right - left + 2 * width, high - low + 2 * height)

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Bring the layer up to date, and put it over the plot."""
        if not len(self._xy):
            return
        transform = painter.transform()
        place = transform.mapRect(self.boundingRect()).toAlignedRect()
        ratio = painter.device().devicePixelRatioF() if painter.device() else 1.0
        key = (place, ratio, transform)
        if key != self._drawn_for or self._layer is None:
            size = place.size() * ratio
            if self._layer is None or self._layer.size() != size:
                self._layer = QPixmap(size)
                self._layer.setDevicePixelRatio(ratio)
            self._layer.fill(Qt.GlobalColor.transparent)
            self._drawn_for, self._stamped = key, self._xy[:0]
        if len(self._stamped) < len(self._xy):
            self._stamp(self._layer, transform, place, ratio)
        way = transform.map(QPointF(*self._xy[0])) - transform.map(QPointF(*self._stamped[0]))
        painter.save()
        painter.resetTransform()
        painter.drawPixmap(place.topLeft() + way.toPoint(), self._layer)
        painter.restore()

    def _stamp(self, layer: QPixmap, transform: QTransform, place: QRect, ratio: float) -> None:
        """Put the marks that are not in the layer yet into it."""
        atlas = self._atlas_for(mark_size(side=place.width(), look=self._look), ratio)
        cell = atlas.height()
        new = slice(len(self._stamped), None)
        xy, which = self._xy[new], self._which[new]
        fragments = np.empty((len(xy), 10))  # the fields of QPainter.PixmapFragment, in order
        fragments[:, 0] = transform.m11() * xy[:, 0] + transform.m21() * xy[:, 1] + transform.dx() - place.x()
        fragments[:, 1] = transform.m12() * xy[:, 0] + transform.m22() * xy[:, 1] + transform.dy() - place.y()
        fragments[:, 2] = which * cell
        fragments[:, 3:] = (0.0, cell, cell, 1.0 / ratio, 1.0 / ratio, 0.0, 1.0)
        painter = QPainter(layer)
        first = cast(QPainter.PixmapFragment, wrapInstance(fragments.ctypes.data, QPainter.PixmapFragment))
        painter.drawPixmapFragments(first, len(fragments), atlas)
        painter.end()
        self._stamped = self._xy

    def _atlas_for(self, size: float, ratio: float) -> QPixmap:
        key = (size, ratio)
        if self._atlas is None or self._atlas[0] != key:
            made = atlas_of(self._draw, kinds=self._kinds, size=size, reach=self._reach, look=self._look, ratio=ratio)
            self._atlas = (key, made)
        return self._atlas[1]
