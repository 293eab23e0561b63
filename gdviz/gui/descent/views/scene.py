"""Geometry of the 3-D scene: parameters and losses as points of a box, the surface as shaded triangles."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.views.relief import Relief
from gdviz.gui.theme import Look
from gdviz.gui.widgets.gl_scene import grid_faces, shade

STRIDE = 2
"""Every second sample is a vertex: 80 x 80 quads look smooth and are quick to draw without a GPU."""

HEIGHT = 0.9
LIFT = 0.008


def plane(w: FloatArray, relief: Relief) -> FloatArray:
    """Parameters to the scene's floor: the longer side becomes -1..1, and the other keeps its proportion."""
    (left, right), (low, high) = relief.bounds.w0, relief.bounds.w1
    half = max(right - left, high - low) / 2
    return np.asarray((w - [(left + right) / 2, (low + high) / 2]) / half)


def height(loss: FloatArray, relief: Relief) -> FloatArray:
    """A loss as a height in the scene, by the relief's scale."""
    return np.asarray((relief.scale.to_unit(loss) - 0.5) * HEIGHT)


def mesh(relief: Relief, look: Look) -> tuple[NDArray[np.float32], NDArray[np.uint32], NDArray[np.float32]]:
    """Vertices, faces and shaded colours; faces that touch an undefined loss are left out."""
    loss = relief.loss[::STRIDE, ::STRIDE]
    w0, w1 = np.meshgrid(relief.w0[::STRIDE], relief.w1[::STRIDE])
    rows, columns = loss.shape
    heights = height(loss, relief)
    vertices = np.column_stack([plane(np.stack([w0, w1], -1).reshape(-1, 2), relief), heights.ravel()])
    faces = grid_faces(rows, columns)
    faces = faces[np.isfinite(vertices[:, 2])[faces].all(axis=1)]
    share = np.clip(np.nan_to_num(relief.scale.to_unit(loss)), 0.0, 1.0)
    colors = look.surface_map().map(share.ravel(), mode="float")
    colors[:, :3] *= shade(np.nan_to_num(heights), vertices[:columns, 0], vertices[::columns, 1])[:, None]
    return np.nan_to_num(vertices).astype(np.float32), faces.astype(np.uint32), np.clip(colors, 0, 1).astype(np.float32)


def segments(lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lines parted by NaN as separate segments, shape (2 m, 3)."""
    if len(lines) < 2:
        return np.empty((0, 3))
    pairs = np.stack([lines[:-1], lines[1:]], axis=1)
    return pairs[np.isfinite(pairs).all(axis=(1, 2))].reshape(-1, 3)
