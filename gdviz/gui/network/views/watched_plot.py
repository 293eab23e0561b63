"""A plot that tells where the mouse is, and when it has been drawn."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QMouseEvent, QPaintEvent
from PySide6.QtWidgets import QGraphicsItem

from gdviz.gui.network.geometry import FloatArray
from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import Plot
from gdviz.training.messages import Extent


class WatchedPlot(Plot):
    """A plot with a fixed extent; pyqtgraph's own panning stays out of it.

    Signals:
        pointed(object): where the mouse is, a QPointF in pixels of the viewport; None when it left.
        painted(): whatever was shown before is on the screen.
    """

    pointed = Signal(object)
    painted = Signal()

    def __init__(self, name: str, title: str, look: Look) -> None:
        super().__init__(name, title, look)
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)
        self.box.setMouseEnabled(x=False, y=False)
        self.setMouseTracking(True)
        self.box.setDefaultPadding(0.0)
        self.box.disableAutoRange()

    def lay(self, *items: QGraphicsItem) -> None:
        """Draw these, each above the one before; they do not change what is covered."""
        for depth, item in enumerate(items):
            item.setZValue(depth)
            self.box.addItem(item, ignoreBounds=True)

    @property
    def extent(self) -> Extent:
        """What it covers."""
        return self._extent

    def cover(self, extent: Extent) -> None:
        """Cover another extent."""
        if extent != self._extent:
            self._extent = extent
            self.box.setRange(xRange=extent[:2], yRange=extent[2:], padding=0.0)

    def name_axes(self, bottom: str, left: str) -> None:
        """Name the axes, where they have other names so far: pyqtgraph takes 5 ms for it."""
        if (self.getAxis("bottom").labelText, self.getAxis("left").labelText) != (bottom, left):
            self.label(bottom, left)

    def place_at(self, position: QPointF) -> tuple[float, float]:
        """The place of the axes at a pixel of the viewport."""
        place = self.box.mapSceneToView(self.mapToScene(position.toPoint()))
        return place.x(), place.y()

    def pixels_of(self, places: FloatArray) -> FloatArray:
        """Where places of the axes, shape (n, 2), are in pixels of the viewport."""
        box = self.box
        first, other = (self.mapFromScene(box.mapViewToScene(QPointF(*corner))) for corner in self._corners())
        low, size = np.array(self._extent[::2]), np.subtract(self._extent[1::2], self._extent[::2])
        start, end = np.array([first.x(), first.y()]), np.array([other.x(), other.y()])
        return np.asarray(start + (places - low) / size * (end - start))

    def _corners(self) -> tuple[tuple[float, float], tuple[float, float]]:
        left, right, low, high = self._extent
        return (left, low), (right, high)

    def restyle(self) -> None:
        """Take colours and sizes from the look; the axes keep their room whatever their numbers are."""
        super().restyle()
        self.getAxis("left").setWidth(self.look.pixels(6.5))
        self.getAxis("bottom").setHeight(self.look.pixels(5.25))
        self.centralLayout.setContentsMargins(0, self.look.pixels(1), self.look.pixels(1), 0)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the keyboard, as the canvas does."""
        self.setFocus(Qt.FocusReason.MouseFocusReason)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell where the mouse is."""
        self.pointed.emit(event.position())
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw, then tell that it is done."""
        super().paintEvent(event)
        self.painted.emit()
