"""Minima and saddle points over the 3-D view, as they are marked on the contours."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
        painter.save()
        painter.setClipPath(self._beside_balls())
        for mark in marks:
            self._paint(painter, mark)
        painter.restore()

    def _beside_balls(self) -> QPainterPath:
        path, balls = QPainterPath(), QPainterPath()
        path.addRect(self._view.rect())
        balls.setFillRule(Qt.FillRule.WindingFill)
        places, radius = self._view.ball_pixels()
        for x, y in places.tolist():
            if x == x:  # a number: within the bounds
                balls.addEllipse(QPointF(x, y), radius, radius)
        return path.subtracted(balls)

    def _paint(self, painter: QPainter, mark: Mark) -> None:
        for x, y in self._view.pixels_of(mark.places, mark.losses).tolist():
            if x != x:  # not a number: outside the bounds
                continue
            painter.save()
            painter.translate(x, y)
            drawSymbol(painter, mark.symbol, mark.size, pg.mkPen(mark.color, width=1.5), pg.mkBrush(mark.fill))
            painter.restore()

    def _changed(self) -> None:
        QWidget.update(self._view)  # not the view's own: the scene under the marks is the same
