"""Minima and saddle points over the 3-D view, as they are marked on the contours."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from pyqtgraph.graphicsItems.ScatterPlotItem import drawSymbol
from PySide6.QtCore import QObject, QPointF, Qt
from PySide6.QtGui import QPainter, QPainterPath
from PySide6.QtWidgets import QWidget

from gdviz.gui.descent.views.flat_points import FlatPoints, Mark

if TYPE_CHECKING:
    from gdviz.gui.descent.views.surface_view import SurfaceView


class SurfaceMarks(QObject):
    """Lays the marks over the view, but not over a ball; like the balls, they are seen through a hill."""

    def __init__(self, view: SurfaceView, points: FlatPoints) -> None:
        super().__init__(view)
        self._view, self._points = view, points
        view.overlays.append(self.paint)
        points.changed.connect(self._changed)

    def paint(self, painter: QPainter) -> None:
        """Paint in the view's pixels."""
        marks = self._points.marks
        if not marks:
            return
        balls, radius = self._view.ball_pixels()
        for mark in marks:
            for place in self._view.pixels_of(mark.places, mark.losses):
                if np.isfinite(place).all():  # within the bounds
                    over = balls[np.hypot(*(balls - place).T) < radius + mark.size]
                    self._paint(painter, mark, QPointF(*place), [QPointF(*ball) for ball in over], radius)

    def _paint(self, painter: QPainter, mark: Mark, place: QPointF, balls: list[QPointF], radius: float) -> None:
        """Paint one mark, beside these balls."""
        painter.save()
        if balls:
            path, covered = QPainterPath(), QPainterPath()
            path.addRect(self._view.rect())
            covered.setFillRule(Qt.FillRule.WindingFill)
            for ball in balls:
                covered.addEllipse(ball, radius, radius)
            painter.setClipPath(path.subtracted(covered))
        painter.translate(place)
        drawSymbol(painter, mark.symbol, mark.size, pg.mkPen(mark.color, width=1.5), pg.mkBrush(mark.fill))
        painter.restore()

    def _changed(self) -> None:
        QWidget.update(self._view)  # not the view's own: the scene under the marks is the same
