"""The floor and the axes of the 3-D view, with values."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QColor, QMatrix4x4, QPainter, QVector3D

from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.relief import Relief, Scale
from gdviz.gui.descent.scene import HEIGHT, plane
from gdviz.gui.theme import Look

TICK = 0.04


@dataclass(frozen=True, slots=True)
class Tick:
    """A text at a place of the scene, and the direction in which it stands away from the axis."""

    text: str
    place: QVector3D
    outwards: QVector3D
    is_name: bool = False


class SceneAxes:
    """Lines for OpenGL, and texts that are painted over the picture."""

    def __init__(self) -> None:
        self.lines: NDArray[np.float64] = np.empty((0, 3))
        self._ticks: list[Tick] = []

    def fit(self, relief: Relief) -> None:
        """Take the values of a surface."""
        (left, right), (low, high) = relief.bounds.w0, relief.bounds.w1
        corners = np.array([[left, low], [right, low], [right, high], [left, high]])
        floor = np.column_stack([plane(corners, relief), np.full(4, -HEIGHT / 2)])
        top = floor[0] + np.array([0.0, 0.0, HEIGHT])
        lines = [floor[[0, 1, 1, 2, 2, 3, 3, 0]], np.array([floor[0], top])]
        ticks: list[Tick] = []
        forward, sideways = QVector3D(0, -1, 0), QVector3D(1, 0, 0)
        for value in nice_values(left, right):
            at = np.array([*plane(np.array([[value, low]]), relief)[0], -HEIGHT / 2])
            lines.append(_from(at, (0, -TICK, 0)))
            ticks.append(Tick(f"{value:g}", QVector3D(*at), forward))
        for value in nice_values(low, high):
            at = np.array([*plane(np.array([[right, value]]), relief)[0], -HEIGHT / 2])
            lines.append(_from(at, (TICK, 0, 0)))
            ticks.append(Tick(f"{value:g}", QVector3D(*at), sideways))
        for share, text in loss_values(relief.scale):
            at = floor[0] + [0, 0, HEIGHT * share]
            lines.append(_from(at, (-TICK, 0, 0)))
            ticks.append(Tick(text, QVector3D(*at), -sideways))
        loss = "loss (logarithmic)" if relief.scale.logarithmic else "loss"
        ticks += [
            Tick("w0", QVector3D(*(floor[0] + floor[1]) / 2) + forward * 0.22, forward, is_name=True),
            Tick("w1", QVector3D(*(floor[1] + floor[2]) / 2) + sideways * 0.22, sideways, is_name=True),
            Tick(loss, QVector3D(*top) + QVector3D(0, 0, 0.12), QVector3D(0, 0, 1), is_name=True),
        ]
        self.lines, self._ticks = np.concatenate(lines), ticks

    def draw(self, painter: QPainter, to_widget: QMatrix4x4, look: Look) -> None:
        """Write values and names beside the axes.

        Args:
            painter: of the widget.
            to_widget: from the scene to the widget's pixels.
            look: fonts and colours.
        """
        small, large = look.font(0.75), look.font(0.9)
        for tick in self._ticks:
            painter.setFont(large if tick.is_name else small)
            painter.setPen(QColor(look.theme.text if tick.is_name else look.theme.muted))
            box = QRectF(painter.fontMetrics().boundingRect(tick.text))
            anchor = to_widget.map(tick.place).toPointF()
            away = to_widget.map(tick.place + tick.outwards * TICK).toPointF() - anchor
            length = max(float(np.hypot(away.x(), away.y())), 1e-6)
            # Far enough from the axis for the text's own size in that direction.
            reach = (abs(away.x()) * box.width() + abs(away.y()) * box.height()) / (2 * length) + look.pixels(1)
            box.moveCenter(anchor + QPointF(away.x() * reach / length, away.y() * reach / length))
            painter.drawText(box.topLeft() + QPointF(0, painter.fontMetrics().ascent()), tick.text)


def _from(at: FloatArray, tick: tuple[float, float, float]) -> FloatArray:
    return np.array([at, at + np.array(tick)])


def nice_values(low: float, high: float, most: int = 5) -> FloatArray:
    """About ``most`` round numbers between two ends, at equal distances of 1, 2 or 5 times a power of ten."""
    raw = (high - low) / most
    power = 10.0 ** np.floor(np.log10(raw))
    step = next(power * factor for factor in (1, 2, 5, 10) if power * factor >= raw * (1 - 1e-9))
    first = np.ceil(low / step - 1e-9)
    return np.asarray(np.arange(first, np.floor(high / step + 1e-9) + 1) * step)


def loss_values(scale: Scale) -> list[tuple[float, str]]:
    """Losses to write at the upright axis: their share of its height, and their text."""
    if not scale.logarithmic:
        return [
            (float(scale.to_unit(np.array(value))), f"{value:g}") for value in nice_values(scale.lowest, scale.highest)
        ]
    shares = np.linspace(0.0, 1.0, 5)
    return [(float(share), f"{float(scale.from_unit(np.array(share))):.2g}") for share in shares]
