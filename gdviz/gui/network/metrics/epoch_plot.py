"""A plot over the epochs: one can point at an epoch, go to it, and see which one is shown."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QGraphicsRectItem

from gdviz.gui.network.metrics.epoch_ticks import tick_epochs
from gdviz.gui.network.metrics.words_apart import HEIGHTS, FloatArray, bands_between, free_height
from gdviz.gui.numbers import whole
from gdviz.gui.theme import Look, Theme
from gdviz.gui.widgets.plot import Plot, with_alpha

SHORTEST = 10.0
"""The axis shows so many epochs at least."""

LEFT, RIGHT = 6.5, 1.5
"""Widths beside the curves in grid units: of the axis, and of what is left empty."""

STRETCH = 1.04
"""By this factor the axis grows at a time: an axis costs more than curves, and one that stands still reads better."""


class EpochBox(pg.ViewBox):
    """A view box in which the left button chooses an epoch; nothing moves the view.

    Signals:
        chosen(float): the button is down at this place on the axis.
    """

    chosen = Signal(float)

    def __init__(self) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.setMouseEnabled(x=False, y=False)

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """A click chooses an epoch."""
        self._choose(event)

    def mouseDragEvent(self, event, axis=None) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """A drag chooses one after the other."""
        self._choose(event)

    def _choose(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        if event.button() == Qt.MouseButton.LeftButton:
            event.accept()
            self.chosen.emit(self.mapToView(event.pos()).x())


class _Words(pg.InfLineLabel):
    """Words beside a line that are laid out only while they are seen."""

    def updatePosition(self) -> None:
        """The view or the line was moved."""
        if self.isVisible():
            super().updatePosition()


class Mark(pg.InfiniteLine):
    """An upright line at an epoch, with a word about it."""

    def __init__(self, word: str, height: float, color: Callable[[Theme], str], pen: Qt.PenStyle) -> None:
        """Args: word: said before the epoch; height: of the words, 0 to 1; color: of a theme; pen: of the line."""
        # Words lie to the left of the line where it is in the right half, and otherwise to its right.
        super().__init__(angle=90, movable=False)
        self.label = _Words(self, text=" ", position=height, anchors=[(0.0, 0.5), (1.0, 0.5)])
        self._word, self._color, self._style = word, color, pen
        self._visible = False
        self.hide()

    @property
    def epoch(self) -> float | None:
        """Where it is; None while it is hidden."""
        return float(self.value()) if self._visible else None

    @property
    def words(self) -> str:
        """What stands beside it."""
        return str(self.label.format)

    def make_way(self, curves: Sequence[tuple[FloatArray, FloatArray]], taken: FloatArray) -> FloatArray:
        """Move its words up or down to where they cover nothing; they stay where they are for as long as they may.

        Where curves leave no room, words cover some of a curve, but never other words.

        Args:
            curves: epochs and values of each, shape (n,).
            taken: heights where there are other words, lowest and highest as shares of the plot's, shape (k, 2).

        Returns:
            The heights that its words take, shape (1, 2).
        """
        box, size = self.getViewBox(), self.label.textItem.boundingRect()
        (first, last), (low, high) = box.viewRange()
        wide = size.width() * (last - first) / max(1.0, box.width())
        left = self.value() - (wide if self.value() > (first + last) / 2 else 0.0)
        bands = [
            bands_between(epochs, (values - low) / (high - low), first=left, last=left + wide)
            for epochs, values in curves
        ]
        half = size.height() / max(1.0, box.height()) / 2
        height = free_height(bands, taken, half, (self.label.orthoPos, *HEIGHTS))
        if height != self.label.orthoPos:
            self.label.setPosition(height)
        return np.array([[height - half, height + half]])

    def show_at(self, epoch: float | None) -> None:
        """Move it to an epoch; None hides it."""
        if epoch == self.epoch:
            return
        self._visible = epoch is not None
        self.setVisible(self._visible)  # first: what is hidden does not lay its words out
        if epoch is not None:
            self.setValue(epoch)
            self.label.setFormat(f"{self._word} {whole(epoch)}".strip())

    def restyle(self, look: Look) -> None:
        """Take colour and font from the look."""
        color = self._color(look.theme)
        self.setPen(pg.mkPen(color, width=max(1.0, 0.6 * look.line_width), style=self._style))
        self.label.setColor(color)
        self.label.fill = pg.mkBrush(with_alpha(look.theme.plot, 0.7))
        self.label.setFont(look.font(0.8))


class EpochPlot(Plot):
    """Epochs from left to right, all of them always in view.

    Attributes:
        measure: what is measured.
        pointer: the line under the cursor.
        shown: the epoch that is shown, where that is not the newest.
        best, stopped: where early stopping has its best weights, and where it ended training.

    Signals:
        pointed(object): the cursor is at this place on the axis, a float; None when it has left.
        asked_for(float): a click or a drag asks for this place.
    """

    pointed = Signal(object)
    asked_for = Signal(float)

    def __init__(self, name: str, title: str, look: Look, axis: str) -> None:
        """Args: name: object name; title: accessible name; look: to follow; axis: what is measured."""
        self.box = EpochBox()
        self.patience = QGraphicsRectItem()
        self.pointer = Mark("", 0.06, lambda theme: theme.text, Qt.PenStyle.SolidLine)
        self.shown = Mark("shown:", 0.2, lambda theme: theme.text, Qt.PenStyle.DashLine)
        self.best = Mark("best", 0.92, lambda theme: theme.accent, Qt.PenStyle.DashDotLine)
        self.stopped = Mark("stopped", 0.72, lambda theme: theme.warning, Qt.PenStyle.DashDotLine)
        self._marks = (self.best, self.stopped, self.shown, self.pointer)
        super().__init__(name, title, look, view=self.box)
        self.setWhatsThis("Click or drag: go to that epoch")
        self.patience.setZValue(-10)
        self.patience.setPen(pg.mkPen(None))
        self.patience.hide()
        self.box.addItem(self.patience, ignoreBounds=True)
        for depth, mark in enumerate(self._marks):
            mark.setZValue(50 + depth)
            self.box.addItem(mark, ignoreBounds=True)
        tick_epochs(self.getAxis("bottom"))
        self.getAxis("left").setStyle(maxTickLevel=1)
        self.measure = axis
        self._name_axis()
        self.box.chosen.connect(self.asked_for)
        self.box.sigYRangeChanged.connect(self._lay_patience)
        self.scene().sigMouseMoved.connect(self._point)
        self.set_last(0.0)

    def set_last(self, epoch: float) -> None:
        """Show epochs up to this one, or a little farther."""
        steps = math.ceil(math.log(max(1.0, epoch / SHORTEST)) / math.log(STRETCH))
        self.box.setXRange(0.0, SHORTEST * STRETCH**steps, padding=0.0)

    def show_stopping(self, best: float | None, stopped: float | None) -> None:
        """Mark where early stopping has its best weights, where it stopped, and its patience between them."""
        self.best.show_at(best)
        self.stopped.show_at(stopped)
        self._lay_patience()
        self.lay_words()

    def lay_words(self) -> None:
        """Keep the words of early stopping off the curves, and apart."""
        taken = np.empty((0, 2))
        for mark in (self.best, self.stopped):
            if mark.epoch is not None:
                taken = np.concatenate([taken, mark.make_way(self.curves, taken)])

    @property
    def curves(self) -> Sequence[tuple[FloatArray, FloatArray]]:
        """Epochs and values of the curves in front."""
        return ()

    def name_measure(self, measure: str) -> None:
        """Name what is measured."""
        if measure != self.measure:
            self.measure = measure
            self._name_axis()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        super().restyle()
        look = self.look
        self.centralLayout.setContentsMargins(0, look.pixels(1), look.pixels(RIGHT), 0)
        self.getAxis("left").setWidth(look.pixels(LEFT))
        self.getAxis("bottom").setHeight(look.pixels(5))
        self.patience.setBrush(pg.mkBrush(with_alpha(QColor(look.theme.accent), 0.14)))
        for mark in self._marks:
            mark.restyle(look)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """All epochs are always shown."""
        event.ignore()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """There may be room for more words at the axis, or for fewer."""
        super().resizeEvent(event)
        if hasattr(self, "measure"):  # pyqtgraph resizes what it is still building
            self._name_axis()

    def _name_axis(self) -> None:
        # Both names at the bottom: there is seldom room for an upright one.
        words, look = f"{self.measure} by epoch", self.look
        room = self.width() - look.pixels(LEFT) + look.pixels(RIGHT)  # the words stand in the middle of the axis
        fits = QFontMetrics(look.font(0.9)).horizontalAdvance(words) <= room
        self.label(words if fits else self.measure, "")

    def _point(self, position: QPointF) -> None:
        inside = self.box.sceneBoundingRect().contains(position)
        self.pointed.emit(self.box.mapSceneToView(position).x() if inside else None)

    def _lay_patience(self) -> None:
        best, stopped = self.best.epoch, self.stopped.epoch
        self.patience.setVisible(best is not None and stopped is not None)
        if best is not None and stopped is not None:
            low, high = self.box.viewRange()[1]
            self.patience.setRect(best, low, stopped - best, high - low)
