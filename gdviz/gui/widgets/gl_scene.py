"""What the 3-D views of the program have in common: geometry, a light, written axes, and how they are looked at."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize
from PySide6.QtGui import QColor, QKeyEvent, QMatrix4x4, QPainter, QPixmap, QVector3D, QVector4D, QWheelEvent
from PySide6.QtWidgets import QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import blank_picture
from gdviz.gui.widgets.offscreen_gl import OffscreenGLView

FloatArray = NDArray[np.float64]
Places = NDArray[np.floating]
"""Of the scene, shape (n, 3)."""

WIDE = 1.3
"""From this proportion of width to height on, it is the height that the scene has to fit into."""

TICK = 0.04
CLOSER = 0.999
"""The distance of the camera after each eighth of a degree that the wheel turns, as a share of what it was."""

NEAREST, FARTHEST = 0.2, 20.0
"""Distances of the camera, in half widths of the scene."""

LIGHT = np.array([-0.4, -0.5, 0.77])
BEHIND = 0.3
"""A vertex so much farther away than one seen at the same place lies on another part of the surface, behind it."""


@dataclass(frozen=True, slots=True)
class Tick:
    """A text at a place of the scene, and the direction in which it stands away from the axis."""

    text: str
    place: QVector3D
    outwards: QVector3D
    is_name: bool = False


def grid_faces(rows: int, columns: int) -> NDArray[np.int64]:
    """The triangles between vertices of a grid, given row by row, shape (m, 3)."""
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    return np.concatenate(
        [
            np.column_stack([corner, corner + 1, corner + columns]),
            np.column_stack([corner + 1, corner + columns + 1, corner + columns]),
        ]
    )


def shade(heights: FloatArray, x: FloatArray, y: FloatArray) -> FloatArray:
    """Brightness of each vertex under a fixed light, so that no shader has to compute normals.

    Args:
        heights: finite, shape (rows, columns).
        x: of the columns.
        y: of the rows.

    Returns:
        0.6 to 1, row by row.
    """
    slope_y, slope_x = np.gradient(heights, y, x)
    normals = np.stack([-slope_x, -slope_y, np.ones_like(heights)], axis=-1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return np.asarray(0.6 + 0.4 * np.clip(normals @ LIGHT, 0.0, 1.0)).ravel()


def rgba(color: QColor | str, alpha: float = 1.0) -> tuple[float, float, float, float]:
    """A colour as OpenGL takes it."""
    made = QColor(color)
    return (made.redF(), made.greenF(), made.blueF(), alpha)


def nice_values(low: float, high: float, most: int = 5) -> FloatArray:
    """About ``most`` round numbers between two ends, at equal distances of 1, 2 or 5 times a power of ten.

    Where the ends are one, that is the number.
    """
    if not high > low:
        return np.array([low])
    raw = (high - low) / most
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-9))
    first = np.ceil(low / step - 1e-9)
    return np.asarray(np.arange(first, np.floor(high / step + 1e-9) + 1) * step + 0.0)  # no -0


def draw_ticks(painter: QPainter, ticks: Sequence[Tick], to_widget: QMatrix4x4, look: Look, size: QSize) -> None:
    """Write values and names beside the axes; names first, and nothing over what is written already.

    Args:
        painter: in the widget's pixels.
        ticks: what to write.
        to_widget: from the scene to the widget's pixels.
        look: fonts and colours.
        size: of the widget; what is at its edge is moved inside, what is farther away is not written.
    """
    small, large = look.font(0.75), look.font(0.9)
    written: list[QRectF] = []
    for tick in sorted(ticks, key=lambda tick: not tick.is_name):
        if to_widget.map(QVector4D(tick.place, 1.0)).w() <= 0.0:  # behind the camera
            continue
        painter.setFont(large if tick.is_name else small)
        painter.setPen(QColor(look.theme.text if tick.is_name else look.theme.muted))
        box = QRectF(painter.fontMetrics().boundingRect(tick.text))
        anchor = to_widget.map(tick.place).toPointF()
        away = to_widget.map(tick.place + tick.outwards * TICK).toPointF() - anchor
        length = max(float(np.hypot(away.x(), away.y())), 1e-6)
        # Far enough from the axis for the text's own size in that direction.
        reach = (abs(away.x()) * box.width() + abs(away.y()) * box.height()) / (2 * length) + look.pixels(1)
        box.moveCenter(anchor + QPointF(away.x() * reach / length, away.y() * reach / length))
        seen = box.center()
        box.moveLeft(max(0.0, min(box.left(), size.width() - box.width())))
        box.moveTop(max(0.0, min(box.top(), size.height() - box.height())))
        moved = (box.center() - seen).manhattanLength()
        if moved > box.width() + box.height() or any(box.intersects(other) for other in written):
            continue
        written.append(QRectF(box))
        painter.drawText(box.topLeft() + QPointF(0, painter.fontMetrics().ascent()), tick.text)


class SceneView(OffscreenGLView):
    """A scene of about -1 to 1 in each direction, in a window of any proportion."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._written = QPixmap()
        self._written_as: object = None

    def write(self, painter: QPainter, ticks: tuple[Tick, ...], look: Look) -> None:
        """Write values and names beside the axes; they are painted once for each camera."""
        to_widget, ratio = self.to_widget(), self.devicePixelRatioF()
        size = self.size() * ratio
        written_as = (ticks, to_widget.copyDataTo(), size, ratio, look.theme.key, look.scale)
        if written_as != self._written_as:
            self._written_as = written_as
            self._written = blank_picture(size)
            self._written.setDevicePixelRatio(ratio)
            brush = QPainter(self._written)
            draw_ticks(brush, ticks, to_widget, look, self.size())
            brush.end()
        painter.drawPixmap(0, 0, self._written)

    def projectionMatrix(self, region: tuple[int, ...], viewport: tuple[int, ...]) -> QMatrix4x4:
        """As pyqtgraph's, but in a wide view it is the height that the scene has to fit into."""
        width, height = viewport[2:]
        usual = self.opts["fov"]
        wider = math.tan(math.radians(usual / 2)) * max(1.0, width / height / WIDE)
        self.opts["fov"] = math.degrees(2 * math.atan(wider))
        matrix: QMatrix4x4 = super().projectionMatrix(region, viewport)
        self.opts["fov"] = usual
        return matrix

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Zoom, as far as there is something to see; pyqtgraph would go on for ever, and with Ctrl change the lens."""
        turned = event.angleDelta().y() or event.angleDelta().x()
        distance = self.opts["distance"] * CLOSER**turned
        self.setCameraPosition(distance=min(max(distance, NEAREST), FARTHEST))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys to the window: pyqtgraph would swallow those that step and page."""
        event.ignore()

    def to_widget(self) -> QMatrix4x4:
        """From the scene to the widget's pixels."""
        matrix = QMatrix4x4()
        matrix.viewport(0, self.height(), self.width(), -self.height())
        matrix *= self.currentProjection()
        matrix *= self.currentModelView()
        return matrix

    def seen_at(self, places: Places) -> tuple[FloatArray, FloatArray]:
        """Where places of the scene, shape (n, 3), are seen: pixels of the widget, shape (n, 2), and how far away."""
        points = np.column_stack([places, np.ones(len(places))])
        x, y, _, depth = np.array(self.to_widget().copyDataTo()).reshape(4, 4) @ points.T
        return np.column_stack([x / depth, y / depth]), depth

    def nearest(self, places: Places, at: QPointF, reach: float) -> int | None:
        """Which of the places, shape (n, 3), is seen within so many pixels of one, in front; None where none is."""
        pixels, depth = self.seen_at(places)
        away = np.hypot(pixels[:, 0] - at.x(), pixels[:, 1] - at.y())
        near = np.flatnonzero(away < reach)
        if not len(near):
            return None
        in_front = near[depth[near] < depth[near].min() + BEHIND]
        return int(in_front[away[in_front].argmin()])
