"""What is to be seen of a widget, as numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

from tests.windows import pixel_of


def pixels(widget: QWidget) -> NDArray[np.uint32]:
    """Its picture, shape (height, width), each pixel as QRgb."""
    picture = widget.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    return np.frombuffer(picture.constBits(), np.uint32).reshape(picture.height(), -1)[:, : picture.width()].copy()


def colors(rgb: NDArray[np.uint32]) -> NDArray[np.float64]:
    """Pixels as red, green and blue from 0 to 255, shape (..., 3)."""
    return np.stack([rgb >> 16 & 255, rgb >> 8 & 255, rgb & 255], axis=-1).astype(np.float64)


def patch(plot, w0: float, w1: float, half: int = 3) -> NDArray[np.float64]:
    """The colours around a place of a plot, as far as they are in it, shape (n, 3)."""
    place = plot.viewport().mapTo(plot, pixel_of(plot, w0, w1))
    rows, columns = (slice(max(0, at - half), at + half + 1) for at in (place.y(), place.x()))
    return colors(pixels(plot)[rows, columns]).reshape(-1, 3)
