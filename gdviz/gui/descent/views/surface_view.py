"""The surface in three dimensions, with the same colours, trajectories and balls as the contours."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pyqtgraph.opengl as gl
from numpy.typing import NDArray
from OpenGL import GL
from PySide6.QtCore import QEvent, QPointF, Qt
from PySide6.QtGui import QColor, QMouseEvent, QPainter, QVector3D

from gdviz.descent.surface import FloatArray
from gdviz.descent.trajectory import Trajectory
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.views.camera import CAMERAS, CENTRE, CameraButton
from gdviz.gui.descent.views.contour_view import fan_color
from gdviz.gui.descent.views.flat_points import FlatPoints
from gdviz.gui.descent.views.on_top import BALL, SMALL_BALL, drawn_order
from gdviz.gui.descent.views.relief import Relief
from gdviz.gui.descent.views.scene import LIFT, STRIDE, height, mesh, plane, segments
from gdviz.gui.descent.views.scene_axes import SceneAxes
from gdviz.gui.descent.views.surface_marks import SurfaceMarks
from gdviz.gui.numbers import place_text
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import Readout, in_corner
from gdviz.gui.widgets.gl_scene import SceneView, rgba
from gdviz.gui.widgets.ink import TAIL, strength
from gdviz.gui.widgets.timers import one_shot

CALM_MILLISECONDS = 150
"""After so long without another race the edges are drawn smooth."""

IN_FRONT = {
    GL.GL_DEPTH_TEST: False,
    GL.GL_BLEND: True,
    "glBlendFunc": (GL.GL_SRC_ALPHA, GL.GL_ONE_MINUS_SRC_ALPHA),
}
"""A ball is seen even when it rolls behind a hill."""


Trail = tuple[NDArray[np.float32], NDArray[np.float32]]
"""The segments of a trajectory, shape (2 steps, 3), and their colours, shape (2 steps, 4)."""

NOTHING: Trail = (np.empty((0, 3), np.float32), np.empty((0, 4), np.float32))


def _draw(item: gl.GLLinePlotItem, trails: Sequence[Trail], pieces: Sequence[slice], width: float) -> None:
    """Show some steps of each trajectory."""
    item.setVisible(bool(trails))
    ends = [slice(2 * piece.start, 2 * piece.stop) for piece in pieces]
    shown = [(points[piece], color[piece]) for (points, color), piece in zip(trails, ends, strict=False)]
    points, color = (np.concatenate(part) for part in zip(*(shown or [NOTHING]), strict=True))
    item.setData(pos=points, color=color, width=width)


class SurfaceView(SceneView):
    """Draws the session's race over the relief it is given. Rotate with the left button, pan with the middle one."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.surface")
        self.setAccessibleName("The loss surface in three dimensions")
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._session, self._look = session, look
        self._relief: Relief | None = None
        self._trails: list[Trail] = []
        self._faint_trails: dict[int, Trail] = {}  # of those that are not drawn in full strength
        self._fan_trails: list[Trail] = []
        self._order: list[int] = []  # of the racers: the last one is on top
        self._small = False  # balls, while arrows begin in them
        self._ends: NDArray[np.float32] = np.empty((0, 3), np.float32)
        self._mesh = gl.GLMeshItem(smooth=False, computeNormals=False, drawEdges=False, shader=None, glOptions="opaque")
        self._contours = gl.GLLinePlotItem(mode="lines", antialias=False, glOptions="translucent")
        self._frame = gl.GLLinePlotItem(mode="lines", antialias=False, glOptions="translucent")
        self._fan = gl.GLLinePlotItem(mode="lines", antialias=False, glOptions="translucent")
        self._lines = gl.GLLinePlotItem(mode="lines", antialias=False, glOptions="translucent")
        self._faint = gl.GLLinePlotItem(mode="lines", antialias=False, glOptions="translucent")
        self._balls = gl.GLScatterPlotItem(pxMode=True, glOptions=IN_FRONT)
        self._axes = SceneAxes()
        self.followed = False
        self.overlays: list[Callable[[QPainter], None]] = []
        self._readout = Readout("descent.surface_readout")
        self._camera = CameraButton(look)
        self._camera.chosen.connect(self.look_from)
        self._camera.followed.connect(self.follow)
        in_corner(self, self._readout)
        in_corner(self, self._camera, left=True)
        self.setMouseTracking(True)
        self.reset_view()
        look.changed.connect(self.restyle)
        self._calm = one_shot(self, CALM_MILLISECONDS, lambda: self.hurry(session.playing))
        session.race_changed.connect(self._follow)
        session.follow_steps(self.draw_step)
        session.spec_changed.connect(self._raise_selected)
        session.playing_changed.connect(self.hurry)
        for signal in (session.substep_changed, session.playing_changed):
            signal.connect(self._size_balls)
        self.hurry(session.playing)
        self.restyle()

    def reset_view(self) -> None:
        """Look from where the whole surface is seen."""
        self._camera.show_followed(False)
        self.look_from("corner")

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self.setBackgroundColor(QColor(self._look.theme.plot))
        if self._relief is not None:
            self.show_relief(self._relief)

    def show_relief(self, relief: Relief) -> None:
        """Draw another surface."""
        first = self._relief is None
        self._relief = relief
        vertices, faces, colors = mesh(relief, self._look)
        self._mesh.setMeshData(vertexes=vertices, faces=faces, vertexColors=colors)
        lines = segments(relief.lines)
        placed = self._place(lines[:, :2], lines[:, 2])
        self._contours.setData(pos=placed, color=rgba(self._look.theme.plot, 0.35), width=1)
        self._axes.fit(relief)
        self._frame.setData(pos=self._axes.lines, color=rgba(self._look.theme.muted, 0.8), width=1)
        if first:
            # Items without data cannot be drawn, so they join the scene only now.
            for item in (self._mesh, self._contours, self._frame):
                self.add_still(item)
            for item in (self._fan, self._lines, self._faint, self._balls):
                self.addItem(item)
        self.redraw_still()
        self.draw_race()

    def mark(self, points: FlatPoints) -> None:
        """Mark these, too."""
        SurfaceMarks(self, points)

    def release(self) -> None:
        """Give back what OpenGL holds, and end the timer."""
        self._calm.stop()
        super().release()

    def _follow(self) -> None:
        """Draw another race; in a drag one follows the other, and the last one is drawn smooth."""
        self.draw_race()
        self.hurry(True)
        self._calm.start()

    def draw_race(self) -> None:
        """Place the trajectories of a new race on the surface."""
        if self._relief is None:
            return
        race, look = self._session.race, self._look
        self._trails = self._placed(race.trajectories, [look.racer(racer.color) for racer in race.spec.racers])
        strengths = [self._strength(points) for points, _ in self._trails]
        self._faint_trails = {
            index: (points, color * np.array((1.0, 1.0, 1.0, strong), np.float32))
            for index, ((points, color), strong) in enumerate(zip(self._trails, strengths, strict=True))
            if strong < 1.0
        }
        pale = fan_color(race, look)
        self._fan_trails = self._placed(race.fan, [pale] * len(race.fan))
        self.draw_step()

    def draw_step(self) -> None:
        """Draw trajectories and balls up to the step shown."""
        if self._relief is None:
            return
        session, look = self._session, self._look
        trajectories, rows = session.race.trajectories, session.rows()
        w = [trajectory.positions[row] for trajectory, row in zip(trajectories, rows, strict=True)]
        losses = [trajectory.losses[row] for trajectory, row in zip(trajectories, rows, strict=True)]
        ends = self._ends = self._place(np.array(w).reshape(-1, 2), np.array(losses))
        order = self._order = drawn_order(len(trajectories), session.selected)
        # What OpenGL draws first stays above what it finds at the same depth; balls are drawn without regard to depth.
        first = order[::-1]
        bold_from = {index: max(0, rows[index] - TAIL) for index in first if index in self._faint_trails}
        bold = [slice(bold_from.get(index, 0), rows[index]) for index in first]
        _draw(self._lines, [self._trails[index] for index in first], bold, look.line_width)
        faint = [self._faint_trails[index] for index in bold_from]
        _draw(self._faint, faint, [slice(0, row) for row in bold_from.values()], 1.0)
        _draw(self._fan, self._fan_trails, [slice(0, row) for row in session.fan_rows()], 1.0)
        colors = [rgba(look.racer(session.race.spec.racers[index].color)) for index in order]
        self._small = session.takes_apart
        # Each ball has a rim: a larger ball beneath all balls.
        self._balls.setData(
            pos=np.tile(ends[order], (2, 1)),
            color=np.array([rgba(look.theme.plot)] * len(ends) + colors, np.float32).reshape(-1, 4),
            size=np.repeat(np.array([self._ball_size + 4, self._ball_size], np.float32), len(ends)),
        )
        if self.followed and session.selected < len(ends) and np.isfinite(ends[session.selected]).all():
            self.setCameraPosition(pos=QVector3D(*ends[session.selected].tolist()))

    def _raise_selected(self) -> None:
        """Draw the selected racer on top, where it is another one now."""
        if self._order != drawn_order(len(self._order), self._session.selected):
            self.draw_step()

    def _size_balls(self) -> None:
        """Draw them small where arrows begin in them, or in full."""
        if self._small != self._session.takes_apart:
            self.draw_step()

    def _placed(self, trajectories: Sequence[Trajectory], colors: Sequence[QColor]) -> list[Trail]:
        """Each step is a segment of its own, so that all trajectories are one item and one call to OpenGL."""
        if not trajectories:
            return []
        # All at once: NumPy takes longer to begin than to compute.
        points = self._place(
            np.concatenate([trajectory.positions for trajectory in trajectories]),
            np.concatenate([trajectory.losses for trajectory in trajectories]),
        )
        doubled = np.repeat(points, 2, axis=0)
        ends = np.cumsum([2 * len(trajectory.positions) for trajectory in trajectories]).tolist()
        pieces = [doubled[begin + 1 : end - 1] for begin, end in pairwise([0, *ends])]
        return [
            (piece, np.full((len(piece), 4), rgba(color, color.alphaF()), np.float32))
            for piece, color in zip(pieces, colors, strict=False)
        ]

    def _strength(self, points: NDArray[np.float32]) -> float:
        """How strong segments are drawn, so that the surface is seen through them, from wherever one looks."""
        relief = self._relief
        assert relief is not None
        corners = plane(np.column_stack([relief.bounds.w0, relief.bounds.w1]), relief)
        scale = min(self.width(), self.height()) / 2  # pixels a unit of the scene, about
        width, height = ((corners[1] - corners[0]) * scale).tolist()
        return strength((points[:, :2] - corners[0]) * scale, (width, height), self._look.line_width)

    def _place(self, w: FloatArray, loss: FloatArray) -> NDArray[np.float32]:
        """Points of the surface as points in the scene; NaN outside the bounds, where there is no surface."""
        relief = self._relief
        assert relief is not None
        with np.errstate(all="ignore"):
            placed = np.column_stack([plane(w, relief), height(loss, relief) + LIFT])
        (left, right), (low, high) = relief.bounds.w0, relief.bounds.w1
        outside = (w[:, 0] < left) | (w[:, 0] > right) | (w[:, 1] < low) | (w[:, 1] > high)
        placed[outside] = np.nan
        return placed.astype(np.float32)

    def pixels_of(self, w: FloatArray, loss: FloatArray) -> FloatArray:
        """Where points of the surface are seen, in the widget's pixels; NaN outside the bounds."""
        if self._relief is None:
            return np.full((len(w), 2), np.nan)
        return self.seen_at(self._place(w, loss))[0]

    def ball_pixels(self) -> tuple[FloatArray, float]:
        """Where the balls are seen, shape (n, 2), and how far they reach, pixels both; NaN outside the bounds."""
        return self.seen_at(self._ends)[0], self._ball_size / 2 + 2

    @property
    def _ball_size(self) -> int:
        return self._look.pixels(SMALL_BALL if self._small else BALL)

    def follow(self, followed: bool) -> None:
        """Keep the selected racer's ball in the middle, or let the camera stand."""
        self.followed = followed
        if followed:
            self.draw_step()
        else:
            self.reset_view()

    def look_from(self, preset: str) -> None:
        """Look from a key of ``CAMERAS``."""
        self.followed = False
        self.setCameraPosition(pos=QVector3D(*CENTRE), **CAMERAS[preset].position)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Rotate and pan while a button is down; tell what is under the cursor otherwise."""
        if event.buttons() != Qt.MouseButton.NoButton:
            super().mouseMoveEvent(event)
        elif self._relief is not None:
            self._readout.setText(self._told_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self._readout.clear()

    def _told_at(self, position: QPointF) -> str:
        """What the nearest of the surface's vertices under the cursor is; "" beside the surface."""
        relief = self._relief
        assert relief is not None
        w = np.stack(np.meshgrid(relief.w0[::STRIDE], relief.w1[::STRIDE]), axis=-1).reshape(-1, 2)
        loss = relief.loss[::STRIDE, ::STRIDE].ravel()
        found = self.nearest(self._place(w, loss), position, self._look.pixels(1))
        if found is None:
            return ""
        place = w[found]
        surface = self._session.race.surface
        with np.errstate(all="ignore"):
            value, gradient = float(surface.value(place)), surface.gradient(place)
        parameters = slice(surface.dimensions)
        return place_text(place[parameters], value, gradient[parameters])

    def draw_over(self, painter: QPainter) -> None:
        """Write the axes' values and names beside them."""
        for overlay in self.overlays:
            overlay(painter)
        if self._relief is not None:
            self.write(painter, self._axes.ticks, self._look)
