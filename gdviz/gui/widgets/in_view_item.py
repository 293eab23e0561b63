"""The base of items that cover all that is in view, whatever that is."""

from __future__ import annotations

import functools
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pyqtgraph as pg
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

FAR = 1e4
"""Pixels beyond which nothing is drawn; Qt's own arithmetic fails a little farther out."""


def reported(paint: Callable[..., None]) -> Callable[..., None]:
    """A paint method whose errors are reported like any other: PySide6 crashes where one is raised through Qt's C++."""

    @functools.wraps(paint)
    def painted(*arguments: object, **named: object) -> None:
        try:
            paint(*arguments, **named)
        except Exception as error:
            sys.excepthook(type(error), error, error.__traceback__)

    return painted


class InViewItem(pg.GraphicsObject):
    """An item as large as the view; it never decides the view's range."""

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
        """Nothing that the view should make room for."""
        return

    def pixel_size(self) -> tuple[float, float]:
        """Width and height of a pixel, in units of the plot; 0 where the view has no room to show anything."""
        width, height = self.pixelSize()
        return width or 0.0, height or 0.0

    def _look_again(self) -> None:
        rect = self.viewRect()
        self.prepareGeometryChange()  # Qt looks up the rectangle it knows so far
        self._in_view = QRectF() if rect is None else QRectF(rect)


def blank_picture(size: QSize) -> QPixmap:
    """A transparent picture of so many pixels."""
    picture = QPixmap(size)
    picture.fill(Qt.GlobalColor.transparent)
    return picture


def device_size(painter: QPainter) -> QSize:
    """Pixels of what is painted on."""
    device = painter.device()
    return QSize(device.width(), device.height()) * device.devicePixelRatioF()


@contextmanager
def on_pixels(painter: QPainter) -> Iterator[None]:
    """Draw in pixels of the device."""
    ratio = painter.device().devicePixelRatioF()
    painter.save()
    painter.resetTransform()
    painter.scale(1.0 / ratio, 1.0 / ratio)
    yield
    painter.restore()


def draw_pictures(painter: QPainter, *pictures: QPixmap) -> None:
    """Lay pictures of the device's size over it, pixel on pixel."""
    with on_pixels(painter):
        for picture in pictures:
            painter.drawPixmap(0, 0, picture)
