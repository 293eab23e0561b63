"""The floor and the axes of the output as height."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QVector3D

from gdviz.gui.network.levels import Range, middle
from gdviz.gui.network.views.heights import HEIGHT, FloatArray, level, plane
from gdviz.gui.widgets.gl_scene import TICK, Tick, nice_values
from gdviz.training.messages import Extent

FLOOR = -HEIGHT / 2


def axes(extent: Extent, ends: Range, names: tuple[str, str, str]) -> tuple[FloatArray, tuple[Tick, ...]]:
    """Lines for OpenGL, ends of segments, shape (2 m, 3), and what is written beside them.

    Args:
        extent: of the plane.
        ends: outputs at the floor and at the top.
        names: of x1, x2 and the output.
    """
    corners = np.array([[-1.0, -1, FLOOR], [1, -1, FLOOR], [1, 1, FLOOR], [-1, 1, FLOOR]])
    lines = [corners[[0, 1, 1, 2, 2, 3, 3, 0]], np.array([corners[0], corners[0] + [0, 0, HEIGHT]])]
    ticks: list[Tick] = []
    left, right, low, high = extent
    forward, sideways = QVector3D(0, -1, 0), QVector3D(1, 0, 0)
    for value in nice_values(left, right).tolist():
        at = np.array([plane(np.array([[value, low]]), extent)[0, 0], -1.0, FLOOR])
        _add(lines, ticks, f"{value:g}", at, forward)
    for value in nice_values(low, high).tolist():
        at = np.array([1.0, plane(np.array([[left, value]]), extent)[0, 1], FLOOR])
        _add(lines, ticks, f"{value:g}", at, sideways)
    for value in (ends[0], middle(ends), ends[1]):
        at = np.array([-1.0, -1.0, float(level(np.array(value), ends))])
        _add(lines, ticks, f"{value:g}", at, -sideways)
    for name, place, outwards in (
        (names[0], QVector3D(0, -1.22, FLOOR), forward),
        (names[1], QVector3D(1.22, 0, FLOOR), sideways),
        (names[2], QVector3D(-1, -1, -FLOOR + 0.12), QVector3D(0, 0, 1)),
    ):
        ticks.append(Tick(name, place, outwards, is_name=True))
    return np.concatenate(lines), tuple(ticks)


def _add(lines: list[FloatArray], ticks: list[Tick], text: str, at: FloatArray, outwards: QVector3D) -> None:
    away = np.array([outwards.x(), outwards.y(), outwards.z()]) * TICK
    lines.append(np.array([at, at + away]))
    ticks.append(Tick(text.replace("-", "−"), QVector3D(*at.tolist()), outwards))
