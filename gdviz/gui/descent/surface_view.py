"""The surface in three dimensions, with the same colours, trajectories and balls as the contours."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pyqtgraph.opengl as gl
from numpy.typing import NDArray
from OpenGL import GL
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QKeyEvent, QMatrix4x4, QPainter, QVector3D

from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.relief import Relief
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look
from gdviz.gui.widgets.offscreen_gl import OffscreenGLView

STRIDE = 2
"""Every second sample is a vertex: 80 x 80 quads look smooth and are quick to draw without a GPU."""

HEIGHT = 0.9
LIFT = 0.008
LIGHT = np.array([-0.4, -0.5, 0.77])
IN_FRONT = {
    GL.GL_DEPTH_TEST: False,
    GL.GL_BLEND: True,
    "glBlendFunc": (GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA),
}
"""A ball is seen even when it rolls behind a hill."""

CAMERA = {"distance": 3.6, "elevation": 36, "azimuth": -62}


class SurfaceView(OffscreenGLView):
    """Draws the session's race over the relief it is given. Rotate with the left button, pan with the middle one."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.surface")
        self.setAccessibleName("The loss surface in three dimensions")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._session, self._look = session, look
        self._relief: Relief | None = None
        self._trails: list[tuple[NDArray[np.float32], NDArray[np.float32]]] = []
        self._mesh = gl.GLMeshItem(smooth=False, computeNormals=False, drawEdges=False, shader=None, glOptions="opaque")
        self._contours = gl.GLLinePlotItem(mode="lines", antialias=False, glOptions="translucent")
        self._frame = gl.GLLinePlotItem(mode="lines", antialias=False, glOptions="translucent")
        self._lines = gl.GLLinePlotItem(mode="lines", antialias=False, glOptions="translucent")
        self._rims = gl.GLScatterPlotItem(pxMode=True, glOptions=IN_FRONT)
        self._balls = gl.GLScatterPlotItem(pxMode=True, glOptions=IN_FRONT)
        self._labels: list[tuple[str, QVector3D]] = []
        self.overlays: list[Callable[[QPainter], None]] = []
        self.reset_view()
        look.changed.connect(self.restyle)
        session.race_changed.connect(self.draw_race)
        session.step_changed.connect(self.draw_step)
        session.playing_changed.connect(self.hurry)
        self.hurry(session.playing)
        self.restyle()

    def reset_view(self) -> None:
        """Look from where the whole surface is seen."""
        self.setCameraPosition(pos=QVector3D(0, 0, -0.14), **CAMERA)

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self.setBackgroundColor(QColor(self._look.theme.plot))
        if self._relief is not None:
            self.show_relief(self._relief)

    def show_relief(self, relief: Relief) -> None:
        """Draw another surface."""
        first = self._relief is None
        self._relief = relief
        vertices, faces, colors = _mesh(relief, self._look)
        self._mesh.setMeshData(vertexes=vertices, faces=faces, vertexColors=colors)
        segments = _segments(relief.lines)
        placed = self._place(segments[:, :2], segments[:, 2])
        self._contours.setData(pos=placed, color=_rgba(self._look.theme.plot, 0.35), width=1)
        self._draw_frame()
        if first:
            # Items without data cannot be drawn, so they join the scene only now.
            for item in (self._mesh, self._contours, self._frame, self._lines, self._rims, self._balls):
                self.addItem(item)
        self.draw_race()

    def draw_race(self) -> None:
        """Place the trajectories of a new race on the surface."""
        if self._relief is None:
            return
        session = self._session
        self._trails = []
        for racer, trajectory in zip(session.race.spec.racers, session.race.trajectories, strict=False):
            points = self._place(trajectory.positions, trajectory.losses)
            # Each step is a segment of its own, so that all racers are one item and one call to OpenGL.
            segments = np.repeat(points, 2, axis=0)[1:-1] if len(points) > 1 else points[:0]
            color = np.tile(_rgba(self._look.racer(racer.color)), (len(segments), 1))
            self._trails.append((segments, color))
        self.draw_step()

    def draw_step(self) -> None:
        """Draw trajectories and balls up to the step shown."""
        if self._relief is None:
            return
        session = self._session
        rows = session.rows()
        ends = np.array(
            [
                self._place(trajectory.positions[row : row + 1], trajectory.losses[row : row + 1])[0]
                for trajectory, row in zip(session.race.trajectories, rows, strict=False)
            ],
            dtype=np.float32,
        ).reshape(-1, 3)
        colors = np.array([_rgba(self._look.racer(racer.color)) for racer in session.race.spec.racers[: len(ends)]])
        shown = [
            (points[: 2 * row], color[: 2 * row]) for (points, color), row in zip(self._trails, rows, strict=False)
        ]
        nothing = [(np.empty((0, 3), np.float32), np.empty((0, 4), np.float32))]
        points, color = (np.concatenate(part) for part in zip(*(shown or nothing), strict=True))
        self._lines.setData(pos=points, color=color, width=self._look.line_width)
        size = self._look.pixels(1.75)
        self._rims.setData(pos=ends, color=_rgba(self._look.theme.plot), size=size + 4)
        self._balls.setData(pos=ends, color=colors.reshape(-1, 4), size=size)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Leave keys to the window: pyqtgraph would swallow those that step and page."""
        event.ignore()

    def _place(self, w: FloatArray, loss: FloatArray) -> NDArray[np.float32]:
        """Points of the surface as points in the scene; NaN outside the bounds, where there is no surface."""
        relief = self._relief
        assert relief is not None
        with np.errstate(all="ignore"):
            placed = np.column_stack([_plane(w, relief), _height(loss, relief) + LIFT])
        (left, right), (low, high) = relief.bounds.w0, relief.bounds.w1
        outside = (w[:, 0] < left) | (w[:, 0] > right) | (w[:, 1] < low) | (w[:, 1] > high)
        placed[outside] = np.nan
        return placed.astype(np.float32)

    def pixels_of(self, w: FloatArray, loss: FloatArray) -> FloatArray:
        """Where points of the surface are seen, in the widget's pixels; NaN outside the bounds."""
        if self._relief is None:
            return np.full((len(w), 2), np.nan)
        points = np.column_stack([self._place(w, loss), np.ones(len(w))])
        x, y, _, depth = np.array(self._to_widget().copyDataTo()).reshape(4, 4) @ points.T
        return np.column_stack([x / depth, y / depth])

    def _to_widget(self) -> QMatrix4x4:
        to_widget = QMatrix4x4()
        to_widget.viewport(0, self.height(), self.width(), -self.height())
        to_widget *= self.currentProjection()
        to_widget *= self.currentModelView()
        return to_widget

    def _draw_frame(self) -> None:
        """The floor's edges, named."""
        relief, theme = self._relief, self._look.theme
        assert relief is not None
        (left, right), (low, high) = relief.bounds.w0, relief.bounds.w1
        corners = np.array([[left, low], [right, low], [right, high], [left, high]])
        floor = np.column_stack([_plane(corners, relief), np.full(4, -HEIGHT / 2)])
        edges = floor[[0, 1, 1, 2, 2, 3, 3, 0]]
        upright = np.array([floor[0], [*floor[0, :2], HEIGHT / 2]])
        self._frame.setData(pos=np.concatenate([edges, upright]), color=_rgba(theme.muted, 0.8), width=1)
        logarithmic = " (logarithmic)" if relief.scale.logarithmic else ""
        self._labels = [
            (text, QVector3D(*place))
            for text, place in (
                (f"w0  {left:g} … {right:g}", (floor[0] + floor[1]) / 2),
                (f"w1  {low:g} … {high:g}", (floor[1] + floor[2]) / 2),
                (f"loss{logarithmic}", upright[1]),
            )
        ]

    def draw_over(self, painter: QPainter) -> None:
        """Write the names of the axes beside them."""
        for overlay in self.overlays:
            overlay(painter)
        to_widget = self._to_widget()
        painter.setFont(self._look.font(0.85))
        painter.setPen(QColor(self._look.theme.muted))
        middle = to_widget.map(QVector3D(0, 0, -HEIGHT / 2)).toPointF()
        room = self._look.pixels(1.5)
        for text, place in self._labels:
            anchor = to_widget.map(place).toPointF()
            box = QRectF(painter.fontMetrics().boundingRect(text))
            # Outwards of the axis, seen from the middle of the floor.
            side = 1 if anchor.x() > middle.x() else -1
            box.moveCenter(
                anchor + QPointF(side * (box.width() / 2 + room), room if anchor.y() > middle.y() else -room)
            )
            painter.drawText(box.topLeft() + QPointF(0, painter.fontMetrics().ascent()), text)


def _plane(w: FloatArray, relief: Relief) -> FloatArray:
    """Parameters to the scene's floor: the longer side becomes -1..1, and the other keeps its proportion."""
    (left, right), (low, high) = relief.bounds.w0, relief.bounds.w1
    half = max(right - left, high - low) / 2
    return np.asarray((w - [(left + right) / 2, (low + high) / 2]) / half)


def _height(loss: FloatArray, relief: Relief) -> FloatArray:
    return np.asarray((relief.scale.to_unit(loss) - 0.5) * HEIGHT)


def _mesh(relief: Relief, look: Look) -> tuple[NDArray[np.float32], NDArray[np.uint32], NDArray[np.float32]]:
    """Vertices, faces and shaded colours; faces that touch an undefined loss are left out."""
    loss = relief.loss[::STRIDE, ::STRIDE]
    w0, w1 = np.meshgrid(relief.w0[::STRIDE], relief.w1[::STRIDE])
    rows, columns = loss.shape
    height = _height(loss, relief)
    vertices = np.column_stack([_plane(np.stack([w0, w1], -1).reshape(-1, 2), relief), height.ravel()])
    corner = (np.arange(rows - 1)[:, None] * columns + np.arange(columns - 1)).ravel()
    faces = np.concatenate(
        [
            np.column_stack([corner, corner + 1, corner + columns]),
            np.column_stack([corner + 1, corner + columns + 1, corner + columns]),
        ]
    )
    faces = faces[np.isfinite(vertices[:, 2])[faces].all(axis=1)]
    share = np.clip(np.nan_to_num(relief.scale.to_unit(loss)), 0.0, 1.0)
    colors = look.surface_map().map(share.ravel(), mode="float")
    colors[:, :3] *= _shade(np.nan_to_num(height), vertices)[:, None]
    return np.nan_to_num(vertices).astype(np.float32), faces.astype(np.uint32), np.clip(colors, 0, 1).astype(np.float32)


def _shade(height: FloatArray, vertices: FloatArray) -> FloatArray:
    """Brightness of each vertex under a fixed light, so that no shader has to compute normals."""
    rows, columns = height.shape
    x = vertices[:, 0].reshape(rows, columns)[0]
    y = vertices[:, 1].reshape(rows, columns)[:, 0]
    slope_y, slope_x = np.gradient(height, y, x)
    normals = np.stack([-slope_x, -slope_y, np.ones_like(height)], axis=-1)
    normals /= np.linalg.norm(normals, axis=-1, keepdims=True)
    return np.asarray(0.6 + 0.4 * np.clip(normals @ LIGHT, 0.0, 1.0)).ravel()


def _segments(lines: NDArray[np.float64]) -> NDArray[np.float64]:
    """Lines parted by NaN as separate segments, shape (2 m, 3)."""
    if len(lines) < 2:
        return np.empty((0, 3))
    pairs = np.stack([lines[:-1], lines[1:]], axis=1)
    return pairs[np.isfinite(pairs).all(axis=(1, 2))].reshape(-1, 3)


def _rgba(color: QColor | str, alpha: float = 1.0) -> tuple[float, float, float, float]:
    made = QColor(color)
    return (made.redF(), made.greenF(), made.blueF(), alpha)
