"""The floor and the axes of the 3-D view, with values."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QVector3D

from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.views.relief import Relief, Scale
from gdviz.gui.descent.views.scene import HEIGHT, plane
from gdviz.gui.widgets.gl_scene import TICK, Tick, nice_values


class SceneAxes:
    """Lines for OpenGL, ends of segments, shape (2 m, 3), and texts that are painted over the picture."""

    def __init__(self) -> None:
        self.lines: NDArray[np.float64] = np.empty((0, 3))
        self.ticks: tuple[Tick, ...] = ()

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
        for value in nice_values(low, high) if relief.dimensions > 1 else ():
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
            Tick(loss, QVector3D(*top) + QVector3D(0, 0, 0.12), QVector3D(0, 0, 1), is_name=True),
        ]
        if relief.dimensions > 1:
            ticks.append(Tick("w1", QVector3D(*(floor[1] + floor[2]) / 2) + sideways * 0.22, sideways, is_name=True))
        self.lines, self.ticks = np.concatenate(lines), tuple(ticks)


def _from(at: FloatArray, tick: tuple[float, float, float]) -> FloatArray:
    return np.array([at, at + np.array(tick)])


def loss_values(scale: Scale) -> list[tuple[float, str]]:
    """Losses to write at the upright axis: their share of its height, and their text."""
    if not scale.logarithmic:
        return [
            (float(scale.to_unit(np.array(value))), f"{value:g}") for value in nice_values(scale.lowest, scale.highest)
        ]
    shares = np.linspace(0.0, 1.0, 5)
    losses = [float(f"{float(scale.from_unit(np.array(share))):.2g}") for share in shares]
    return [(float(share), f"{loss:g}") for share, loss in zip(shares, losses, strict=True)]
