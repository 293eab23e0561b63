"""The output as heights over the plane: pure functions, no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.network.levels import Range, half_lines
from gdviz.training.messages import Extent, Float32Array

FloatArray = NDArray[np.float64]

SAMPLES = 50
"""Vertices in each direction: smooth, and quick to draw without a GPU."""

HEIGHT = 1.0
LIFT = 0.008


@dataclass(frozen=True, slots=True, eq=False)
class Heights:
    """Some of the boundary's pixels as vertices; the plane is -1 to 1 in both directions.

    Attributes:
        x, y: of the columns and rows, in the scene.
        output: shape (rows, columns).
        extent: what the boundary covers.
        ends: the outputs at the floor and at the top.
    """

    x: FloatArray
    y: FloatArray
    output: FloatArray
    extent: Extent
    ends: Range

    @classmethod
    def of(cls, boundary: Float32Array, extent: Extent, ends: Range) -> Heights:
        """Take about ``SAMPLES`` pixels in each direction, both edges among them."""
        rows, columns = (
            np.unique(np.linspace(0, size - 1, min(SAMPLES, size)).round().astype(int)) for size in boundary.shape
        )
        x = (columns + 0.5) / boundary.shape[1] * 2.0 - 1.0
        y = (rows + 0.5) / boundary.shape[0] * 2.0 - 1.0
        return cls(x, y, boundary[np.ix_(rows, columns)].astype(np.float64), extent, ends)

    def vertices(self) -> FloatArray:
        """Places in the scene, row by row, shape (n, 3); NaN where there is no output."""
        x, y = np.meshgrid(self.x, self.y)
        return np.column_stack([x.ravel(), y.ravel(), level(self.output, self.ends).ravel()])

    def below(self, xy: FloatArray) -> FloatArray:
        """The height of the surface at places x1 and x2, shape (n,): that of the nearest vertex."""
        at = plane(xy, self.extent)
        column, row = (
            np.abs(axis[:, None] - along).argmin(axis=0) if len(along) else np.zeros(0, int)
            for axis, along in ((self.x, at[:, 0]), (self.y, at[:, 1]))
        )
        return level(self.output[row, column], self.ends)

    def middle_line(self) -> FloatArray:
        """Where the surface goes through the plane in the middle: ends of segments in the scene, shape (2 m, 3)."""
        step_x, step_y = (abs(axis[-1] - axis[0]) / max(len(axis) - 1, 1) / 2 for axis in (self.x, self.y))
        whole = (self.x[0] - step_x, self.x[-1] + step_x, self.y[0] - step_y, self.y[-1] + step_y)
        pieces = half_lines(boundary=self.output.astype(np.float32), extent=whole, ends=self.ends)
        pairs = [np.stack([piece[:-1], piece[1:]], axis=1).reshape(-1, 2) for piece in pieces]
        flat = np.concatenate(pairs) if pairs else np.empty((0, 2))
        return np.column_stack([flat, np.full(len(flat), LIFT)])

    def place(self, index: int) -> tuple[float, float, float]:
        """x1, x2 and output of a vertex."""
        row, column = divmod(index, len(self.x))
        left, right, low, high = self.extent
        return (
            float(left + (self.x[column] + 1.0) / 2.0 * (right - left)),
            float(low + (self.y[row] + 1.0) / 2.0 * (high - low)),
            float(self.output[row, column]),
        )


def plane(xy: FloatArray, extent: Extent) -> FloatArray:
    """x1 and x2, shape (n, 2), as x and y of the scene."""
    low, size = np.array(extent[::2]), np.array([extent[1] - extent[0], extent[3] - extent[2]])
    return np.asarray((np.asarray(xy) - low) / size * 2.0 - 1.0)


def level(output: FloatArray, ends: Range) -> FloatArray:
    """Outputs as heights of the scene; beyond the ends that of the end, NaN where there is none."""
    low, high = ends
    share = (np.asarray(output) - low) / ((high - low) or 1.0)
    return np.asarray((np.clip(share, 0.0, 1.0) - 0.5) * HEIGHT)
