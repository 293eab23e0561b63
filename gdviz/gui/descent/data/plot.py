"""The samples, what each racer makes of them, and how far off the selected racer is."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QPainter

from gdviz.descent.surface import FloatArray
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import Readout, free_corner
from gdviz.gui.widgets.markers import Markers
from gdviz.gui.widgets.plot import Plot, with_alpha
from gdviz.gui.widgets.polylines import Polyline, Polylines
from gdviz.gui.widgets.zoom_box import ZoomBox

CLOSEST, FARTHEST = 1e-3, 20.0
"""The least and the most that zooming shows, in sizes of the frame."""

PROBABILITY_SAMPLES = 72
REACH = 2.0
"""A sample is taken hold of within so many grid units."""


class SampleBox(ZoomBox):
    """A view box in which the left button moves, a double click adds and the right button removes a sample.

    The middle button pans, the wheel zooms.

    Signals:
        pressed(float, float): the left button went down here.
        dragged(float, float): and is here now.
        released(): it was let go.
        added(float, float): a double click.
        removed(float, float): a click with the right button.
    """

    pressed = Signal(float, float)
    dragged = Signal(float, float)
    released = Signal()
    added = Signal(float, float)
    removed = Signal(float, float)

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """Choose, add or remove a sample."""
        event.accept()
        if event.button() == Qt.MouseButton.RightButton:
            self.removed.emit(*self._place(event.pos()))
        elif event.button() == Qt.MouseButton.LeftButton and event.double():
            self.added.emit(*self._place(event.pos()))
        elif event.button() == Qt.MouseButton.LeftButton:
            self.pressed.emit(*self._place(event.pos()))
            self.released.emit()

    def mouseDragEvent(self, event, axis=None) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """Move a sample, or pan."""
        event.accept()
        if event.button() != Qt.MouseButton.LeftButton:
            delta = self.mapToView(event.lastPos()) - self.mapToView(event.pos())
            self.translateBy(x=delta.x(), y=delta.y())
            return
        if event.isStart():
            self.pressed.emit(*self._place(event.buttonDownPos()))
        self.dragged.emit(*self._place(event.pos()))
        if event.isFinish():
            self.released.emit()

    def _place(self, position: QPointF) -> tuple[float, float]:
        point = self.mapToView(position)
        digits = [max(0, math.ceil(-math.log10(size))) for size in self.viewPixelSize()]  # no finer than a pixel
        return round(point.x(), digits[0]), round(point.y(), digits[1])


class SmoothImage(pg.ImageItem):
    """A picture whose pixels flow into each other."""

    def paint(self, painter: QPainter, *rest: object) -> None:
        """Draw it smoothly."""
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        super().paint(painter, *rest)


class SamplePlot(Plot):
    """Draws samples of a line or a perceptron, and the lines or boundaries of racers."""

    def __init__(self, look: Look) -> None:
        self.box = SampleBox()
        super().__init__("descent.data.plot", "The samples that the loss is made of", look, view=self.box)
        self.describe: Callable[[float, float], str] | None = None
        self.places: FloatArray = np.empty((0, 2))
        self._probability = SmoothImage()
        self._residuals = pg.PlotCurveItem(connect="pairs")
        self._rings = Markers(pxMode=True)
        self._lines = Polylines()
        self._samples = Markers(pxMode=True)
        self._chosen = Markers(pxMode=True)
        items = (self._probability, self._lines, self._residuals, self._rings, self._samples, self._chosen)
        for depth, item in enumerate(items):
            item.setZValue(10 * depth)
            self.addItem(item, ignoreBounds=True)
        self._readout = Readout("descent.data.readout")
        self._readout.setParent(self)
        self.scene().sigMouseMoved.connect(self._hover)
        self.restyle()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        super().restyle()
        if hasattr(self, "_readout"):  # not yet while the base class is being built
            self._probability.setColorMap(self.look.boundary_map())

    def show_frame(self, left: float, right: float, low: float, high: float) -> None:
        """Bring this part of the plane into view, and let the wheel not lose it."""
        self.box.limit_zoom(right - left, high - low, closest=CLOSEST, farthest=FARTHEST)
        self.box.setRange(xRange=(left, right), yRange=(low, high), padding=0.0)

    def show_samples(
        self, places: FloatArray, labels: Sequence[int] | None, in_batch: FloatArray, chosen: int | None
    ) -> None:
        """Draw samples.

        Args:
            places: in the plot, shape (n, 2).
            labels: 0 (red) or 1 (green) of each; None where they have none.
            in_batch: 1 for those that this step looks at, 0 for the others, shape (n,).
            chosen: index of the one that is edited.
        """
        self.places = places
        look, theme = self.look, self.look.theme
        plain = [QColor(theme.text)] * len(places)
        colors = plain if labels is None else [look.labels[label] for label in labels]
        self._samples.setData(
            pos=places,
            symbol=["o" if labels is None or labels[index] == 0 else "t1" for index in range(len(places))],
            size=[look.pixels(1.6 if inside else 1.1) for inside in in_batch],
            brush=[pg.mkBrush(color if inside else None) for color, inside in zip(colors, in_batch, strict=True)],
            pen=[
                pg.mkPen(theme.plot if inside else color, width=1.5)
                for color, inside in zip(colors, in_batch, strict=True)
            ],
        )
        self._chosen.setData(
            pos=places[[] if chosen is None else [chosen]],
            size=look.pixels(2.75),
            pen=pg.mkPen(theme.accent, width=2),
            brush=pg.mkBrush(None),
        )

    def show_lines(self, lines: Sequence[FloatArray], colors: Sequence[QColor], selected: int) -> None:
        """Draw a line, shape (2, 2), for each racer; that of the selected one on top, and wider."""
        width = self.look.line_width
        order = sorted(range(len(lines)), key=lambda index: index == selected)
        self._lines.set_lines(
            [Polyline(lines[index], colors[index], 1.6 * width if index == selected else width) for index in order]
        )

    def show_residuals(self, pairs: FloatArray, color: QColor) -> None:
        """Draw strokes from samples to what the selected racer says, shape (n, 2, 2)."""
        ends = pairs.reshape(-1, 2)
        self._residuals.setPen(pg.mkPen(with_alpha(color, 0.75), width=max(1.5, 0.75 * self.look.line_width)))
        self._residuals.setData(ends[:, 0], ends[:, 1])

    def show_rings(self, errors: FloatArray, color: QColor) -> None:
        """Draw a ring around each sample whose area grows with its error of 0 to 1, shape (n,)."""
        least = self.look.pixels(1.6)
        self._rings.setData(
            pos=self.places[: len(errors)],
            # Whole pixels, as every new size is drawn anew.
            size=np.round(least + (self.look.pixels(4) - least) * np.sqrt(errors)),
            pen=pg.mkPen(color, width=max(1.5, 0.75 * self.look.line_width)),
            brush=pg.mkBrush(None),
        )

    def show_probability(self, w: FloatArray | None) -> None:
        """Colour the plot by the probability of green of a perceptron with these weights; None leaves it black."""
        self._probability.setVisible(w is not None)
        if w is None:
            return
        (left, right), (low, high) = self.box.viewRange()
        places = (np.arange(PROBABILITY_SAMPLES) + 0.5) / PROBABILITY_SAMPLES
        x1, x2 = left + (right - left) * places, low + (high - low) * places
        z = w[0] * x1[np.newaxis, :] + w[1] * x2[:, np.newaxis]
        probability = (0.5 * (1.0 + np.tanh(0.5 * z))).astype(np.float32)
        self._probability.setImage(probability, levels=(0.0, 1.0))
        self._probability.setRect(QRectF(left, low, right - left, high - low))

    def nearest(self, x: float, y: float) -> int | None:
        """The sample under a place, within a hand's reach."""
        if not len(self.places):
            return None
        width, height = self.box.viewPixelSize()
        distances = np.hypot((self.places[:, 0] - x) / width, (self.places[:, 1] - y) / height)
        index = int(distances.argmin())
        return index if distances[index] <= self.look.pixels(REACH) else None

    def _hover(self, position: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(position)
        point = self.box.mapSceneToView(position)
        text = self.describe(point.x(), point.y()) if inside and self.describe is not None else ""
        self._readout.setText(text)
        self._readout.resize(self._readout.sizeHint())
        room, apart = self.box.sceneBoundingRect().toRect(), self.look.pixels(REACH)
        # Before all it leaves the cursor free, then as many samples as it can.
        samples = [self.box.mapViewToScene(QPointF(*place)) for place in self.places.tolist()]
        marks = [*samples, *[position] * (len(samples) + 1)]
        self._readout.move(free_corner(self._readout.size(), room, marks, apart=apart))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self._readout.clear()
