"""The outputs written beside their lines on the canvas."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.gui.network.levels import Line
from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import reported
from gdviz.gui.widgets.plot import with_alpha
from gdviz.training.messages import Extent

Box = tuple[float, float, float, float]
"""Left, top, right, bottom."""

GOLDEN = 0.618


def label_places(
    *, lines: Sequence[NDArray[np.float64]], sizes: Sequence[tuple[float, float]], area: Box
) -> list[tuple[float, float] | None]:
    """Where each line's label is centred: on the line, whole within the area, on no other label.

    Each label has a spot of its own that it keeps close to, so that it stays where it is while the line moves.

    Args:
        lines: points of each, shape (k, 2), pixels.
        sizes: width and height of each label.
        area: that the labels have to keep to.

    Returns:
        a place each; None where there is none.
    """
    left, top, right, bottom = area
    taken: list[Box] = []
    places: list[tuple[float, float] | None] = []
    for index, (points, (width, height)) in enumerate(zip(lines, sizes, strict=True)):
        half = np.array([width, height]) / 2
        free = ((points >= np.array([left, top]) + half) & (points <= np.array([right, bottom]) - half)).all(axis=1)
        for box in taken:
            low, high = np.array(box[:2]) - half, np.array(box[2:]) + half
            free &= ~((points > low) & (points < high)).all(axis=1)
        if not free.any():
            places.append(None)
            continue
        spot = [(index + 0.5) / len(lines), (0.5 + (index + 1) * GOLDEN) % 1.0]
        home = np.array([left, top]) + spot * np.array([right - left, bottom - top])
        some = points[free]
        x, y = some[((some - home) ** 2).sum(axis=1).argmin()].tolist()
        taken.append((x - half[0], y - half[1], x + half[0], y + half[1]))
        places.append((x, y))
    return places


class LevelLabels(pg.GraphicsObject):
    """Writes a number on each line that there is room for."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._lines: list[tuple[float, NDArray[np.float64]]] = []
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)

    def show_lines(self, lines: Sequence[tuple[float, Sequence[Line]]], extent: Extent) -> None:
        """Label these lines: the output of each, and its pieces in x1 and x2."""
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent
        self._lines = [(level, np.concatenate(pieces)) for level, pieces in lines if pieces]
        self.update()

    @property
    def texts(self) -> list[str]:
        """What is written, from the lowest output on."""
        return [f"{level:g}".replace("-", "−") for level, _ in self._lines]

    def boundingRect(self) -> QRectF:
        """The extent."""
        left, right, low, high = self._extent
        return QRectF(left, low, right - left, high - low)

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Write in screen pixels."""
        if not self._lines:
            return
        transform = painter.transform()
        area = transform.mapRect(self.boundingRect())
        font = self._look.font(0.8, bold=True)
        metrics = QFontMetricsF(font)
        height = 1.05 * metrics.height()
        sizes = [(metrics.horizontalAdvance(text) + 0.6 * height, height) for text in self.texts]
        scale, shift = np.array([transform.m11(), transform.m22()]), np.array([transform.dx(), transform.dy()])
        places = label_places(
            lines=[points * scale + shift for _, points in self._lines],
            sizes=sizes,
            area=(area.left(), area.top(), area.right(), area.bottom()),
        )
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(font)
        for text, place, (width, _) in zip(self.texts, places, sizes, strict=True):
            if place is not None:
                chip = QRectF(0, 0, width, height)
                chip.moveCenter(QPointF(*place))
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(with_alpha(self._look.theme.plot, 0.8))
                painter.drawRoundedRect(chip, height / 3, height / 3)
                painter.setPen(QColor(self._look.theme.text))
                painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()
