"""The output as a surface in three dimensions, with the points where the output should be."""

from __future__ import annotations

import numpy as np
import pyqtgraph.opengl as gl
from OpenGL import GL
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QPaintEvent, QVector3D

from gdviz.gui.network.views.height_axes import axes
from gdviz.gui.network.views.heights import LIFT, Heights, level, plane
from gdviz.gui.network.views.result import Result
from gdviz.gui.theme import Look
from gdviz.gui.widgets.gl_scene import SceneView, Tick, grid_faces, rgba, shade
from gdviz.gui.widgets.in_view_item import reported

CAMERA = {"elevation": 32, "azimuth": -62, "distance": 3.6}
CENTRE = (0.0, 0.0, -0.1)
MOVING = 1.0
"""Pixels that the mouse has to move at least until a pan is worth drawing."""

_RING = 8.0
"""So much wider than a point is the ring around a mistake, of which a narrower rim hides the inside."""

IN_FRONT = {
    GL.GL_DEPTH_TEST: False,
    GL.GL_BLEND: True,
    "glBlendFunc": (GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA),
}
"""A point is seen even where the surface is above it: there the network is wrong."""


class HeightScene(SceneView):
    """Rotate with the left button, pan with the right or middle one, zoom with the wheel.

    Signals:
        hovered(object, object): (x1, x2, output) under the cursor and the cursor's pixel; None twice when it left.
        painted(): what was shown last is on the screen.
    """

    hovered = Signal(object, object)
    painted = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.relief.scene")
        self.setAccessibleName("The output as height")
        self._look = look
        self.heights: Heights | None = None
        self._ticks: tuple[Tick, ...] = ()
        self._axes_of: object = None
        self._pressed_at = QPointF()
        self._at: QPointF | None = None  # of a mouse that only looks
        self._mesh = gl.GLMeshItem(smooth=False, computeNormals=False, drawEdges=False, shader=None, glOptions="opaque")
        self._middle = gl.GLMeshItem(smooth=False, computeNormals=False, shader=None, glOptions="translucent")
        self._frame, self._line, self._stems = (
            gl.GLLinePlotItem(mode="lines", antialias=False, glOptions="translucent") for _ in range(3)
        )
        self._rings, self._rims, self._dots, self._holes = (
            gl.GLScatterPlotItem(pxMode=True, glOptions=IN_FRONT) for _ in range(4)
        )
        self.setMouseTracking(True)
        self.look_as_at_first()

    def look_as_at_first(self) -> None:
        """See all of it, from a corner."""
        self.setCameraPosition(pos=QVector3D(*CENTRE), **CAMERA)  # a vector of its own: panning changes it

    def show_result(self, result: Result) -> None:
        """Draw another surface, other points, or the same in other colours."""
        self.setBackgroundColor(QColor(self._look.theme.plot))
        self._show_axes(result)
        self._show_surface(result)
        self._show_points(result)
        if self._at is not None:
            self.hovered.emit(self.place_at(self._at), self._at)
        running = result.frame is not None and result.frame.state == "running"
        if running != self._hurried:
            self.hurry(running)

    def _show_axes(self, result: Result) -> None:
        names = (*result.state.axes, result.output_name)
        key = (result.state.extent, result.ends, names, self._look.theme.key)
        if key != self._axes_of:
            self._axes_of = key
            lines, self._ticks = axes(result.state.extent, result.ends, names)
            self._fill(self._frame, pos=lines, color=rgba(self._look.theme.muted, 0.8), width=1)

    def _show_surface(self, result: Result) -> None:
        frame = result.frame
        if frame is None or frame.boundary.ndim != 2 or min(frame.boundary.shape) < 2:
            return
        heights = self.heights = Heights.of(frame.boundary, frame.extent, result.ends)
        vertices = heights.vertices()
        faces = grid_faces(*heights.output.shape)
        finite = np.isfinite(vertices[:, 2])
        faces = faces[finite[faces].all(axis=1)]
        for item in (self._mesh, self._middle, self._line):
            item.setVisible(bool(len(faces)))
        if not len(faces):
            return
        z = np.where(finite, vertices[:, 2], 0.0)
        colors = self._look.boundary_map().map(z + 0.5, mode="float")
        colors[:, :3] *= shade(z.reshape(heights.output.shape), heights.x, heights.y)[:, None]
        vertices[:, 2] = z
        self._fill(self._mesh, vertexes=vertices.astype(np.float32), faces=faces.astype(np.uint32), vertexColors=colors)
        corners = np.array([[-1, -1, 0], [1, -1, 0], [1, 1, 0], [-1, 1, 0]], np.float32)
        pane = np.tile(rgba(self._look.theme.text, 0.13), (4, 1)).astype(np.float32)
        self._fill(self._middle, vertexes=corners, faces=np.array([[0, 1, 2], [0, 2, 3]], np.uint32), vertexColors=pane)
        line = heights.middle_line().astype(np.float32)
        self._fill(self._line, pos=line, color=rgba(self._look.theme.text), width=self._look.line_width)

    def _show_points(self, result: Result) -> None:
        """At the heights that they should have, each with a stem to the height that it has."""
        points = result.state.points
        at = plane(points.xy, result.state.extent).reshape(-1, 2)
        places = np.column_stack([at, level(result.targets, result.ends)]).astype(np.float32)
        share = places[:, 2] + 0.5
        labels = np.array([rgba(color) for color in self._look.labels])
        colors = labels[points.labels] if result.value_range is None else self._look.boundary_map().map(share, "float")
        size = float(self._look.pixels(1.1))
        plot, text = rgba(self._look.theme.plot), rgba(self._look.theme.text)
        wrong = places[np.isin(points.ids, result.wrong)]
        self._fill(self._rings, pos=wrong, color=text, size=size + _RING)
        self._fill(self._rims, pos=places, color=plot if result.value_range is None else text, size=size + 3)
        self._fill(self._dots, pos=places, color=colors, size=size)
        self._fill(self._holes, pos=places[result.test], color=plot, size=size / 2)
        stems = np.empty((0, 3), np.float32)
        if self.heights is not None and len(points) and self.heights.extent == result.state.extent:
            stems = np.repeat(places, 2, axis=0)
            stems[1::2, 2] = self.heights.below(points.xy) + LIFT
        self._fill(self._stems, pos=stems, color=np.repeat(colors, 2, axis=0)[: len(stems)] * [1, 1, 1, 0.5], width=1)

    def _fill(self, item: gl.GLGraphicsItem.GLGraphicsItem, **data: object) -> None:
        """Items without data cannot be drawn, so they join the scene only with some."""
        if isinstance(item, gl.GLMeshItem):
            item.setMeshData(**data)
        else:
            item.setData(**data)
        if item.view() is None:
            self.addItem(item)

    # Mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A drag begins."""
        super().mousePressEvent(event)
        self._pressed_at = event.position()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Rotate and pan while a button is down; tell what is under the cursor otherwise."""
        if event.buttons() & Qt.MouseButton.RightButton:
            way = event.position() - self._pressed_at
            if way.manhattanLength() >= MOVING:
                self._pressed_at = event.position()
                self.pan(way.x(), way.y(), 0, relative="view")
        elif event.buttons() != Qt.MouseButton.NoButton:
            super().mouseMoveEvent(event)
        else:
            self._at = event.position()
            self.hovered.emit(self.place_at(self._at), self._at)
            return
        self._at = None
        self.hovered.emit(None, None)

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self._at = None
        self.hovered.emit(None, None)

    def place_at(self, position: QPointF) -> tuple[float, float, float] | None:
        """x1, x2 and output of the vertex seen at a pixel; None beside the surface."""
        if self.heights is None:
            return None
        vertices = self.heights.vertices()
        finite = np.flatnonzero(np.isfinite(vertices[:, 2]))
        found = self.nearest(vertices[finite], position, self._look.pixels(2)) if len(finite) else None
        return None if found is None else self.heights.place(int(finite[found]))

    @reported
    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, then tell that it is done."""
        super().paintEvent(event)
        self.painted.emit()

    def draw_over(self, painter: QPainter) -> None:
        """Write the axes' values and names beside them."""
        self.write(painter, self._ticks, self._look)
