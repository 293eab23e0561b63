"""Loss and accuracy of training and test points against the epoch."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gdviz.gui.network.history import History
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, heading
from gdviz.gui.widgets.number_field import WheelGuard
from gdviz.gui.widgets.plot import Plot

DRAW_MILLISECONDS = 80
MOST_ROWS = 500
SMALLEST = 1e-12
SCALES = {"linear": "lin", "logarithmic": "log"}


class CurvePlot(Plot):
    """One curve for the training points and one for the test points."""

    def __init__(self, name: str, title: str, look: Look, axis: str) -> None:
        self._curves = [pg.PlotCurveItem(connect="finite", antialias=True) for _ in range(2)]
        super().__init__(name, title, look)
        self.setMouseEnabled(x=False, y=False)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.getViewBox().setDefaultPadding(0.0)
        for curve in reversed(self._curves):
            self.getViewBox().addItem(curve, ignoreBounds=True)
        self.getAxis("bottom").tickStrings = _epochs
        self.label("epoch", axis)

    def draw(self, epochs: NDArray[np.float64], train: NDArray[np.float64], test: NDArray[np.float64]) -> None:
        """Draw curves over the epochs, shape (k,) each; values that are not finite are gaps."""
        for curve, values in zip(self._curves, (train, test), strict=True):
            curve.setData(epochs, np.where(np.isfinite(values), values, np.nan))
        self.getViewBox().setXRange(0.0, max(10.0, float(epochs[-1]) if len(epochs) else 0.0), padding=0.0)

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        super().restyle()
        theme, width = self.look.theme, self.look.line_width
        self.getPlotItem().layout.setContentsMargins(0, self.look.pixels(1), self.look.pixels(1.5), 0)
        self.getAxis("left").setWidth(self.look.pixels(8))
        self.getAxis("bottom").setHeight(self.look.pixels(5))
        self._curves[0].setPen(pg.mkPen(theme.accent, width=width))
        self._curves[1].setPen(pg.mkPen(theme.warning, width=width, style=Qt.PenStyle.DashLine))

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The curves always show all epochs."""
        event.ignore()


def _epochs(values: list[float], scale: float, spacing: float) -> list[str]:
    """Short texts for the axis: 500, 20k, 1.5M."""
    for size, letter in ((1e6, "M"), (1e3, "k")):
        if values and max(values) >= 10 * size:
            return [f"{value / size:g}{letter}" for value in values]
    return [f"{value:g}" for value in values]


class Curves(QWidget):
    """Both plots: beside each other where there is room, otherwise loss above accuracy."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.curves")
        self._look = look
        self.history = History()
        self.loss = CurvePlot("network.loss_curves", "Loss against epoch", look, "loss")
        self.accuracy = CurvePlot("network.accuracy_curves", "Accuracy against epoch", look, "accuracy")
        self.accuracy.getViewBox().setYRange(0.0, 1.02, padding=0.0)
        self.accuracy.getAxis("left").setTicks([[(share, f"{share:.0%}") for share in (0.0, 0.5, 1.0)], []])
        self.scale_box = choice_box("network.loss_scale", "Loss axis", SCALES, tip="The loss axis (G)")
        self.scale_box.installEventFilter(WheelGuard(self))
        self.scale_box.activated.connect(lambda _: self._rescale())
        self._legend = QLabel()
        self._legend.setObjectName("network.legend")
        head = QHBoxLayout()
        head.setContentsMargins(12, 4, 8, 4)
        head.addWidget(heading("CURVES"))
        head.addStretch(1)
        head.addWidget(self._legend)
        head.addSpacing(12)
        head.addWidget(self.scale_box)
        self._plots = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._plots.setSpacing(4)
        self._plots.addWidget(self.loss, 1)
        self._plots.addWidget(self.accuracy, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(head)
        column.addLayout(self._plots, 1)
        self._later = QTimer(self)
        self._later.setSingleShot(True)
        self._later.setInterval(DRAW_MILLISECONDS)
        self._later.timeout.connect(self.draw)
        look.changed.connect(self._restyle)
        self._restyle()
        self.draw()

    @property
    def logarithmic(self) -> bool:
        """Whether the loss axis is."""
        return bool(self.scale_box.currentData() == "logarithmic")

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Make the loss axis logarithmic, or linear."""
        self.scale_box.setCurrentIndex(self.scale_box.findData("logarithmic" if logarithmic else "linear"))
        self._rescale()

    def extend(self, rows: NDArray[np.float64]) -> None:
        """Epochs were completed, shape (k, 5) as in a frame; drawn a dozen times a second."""
        if len(rows):
            self.history.extend(rows)
            if not self._later.isActive():
                self._later.start()

    def restart(self, row: NDArray[np.float64]) -> None:
        """Begin with the metrics before the first epoch, shape (1, 5)."""
        self.history.clear()
        self.extend(row)

    def toggle_scale(self) -> None:
        """The other loss axis."""
        self.set_logarithmic(not self.logarithmic)

    def clear(self) -> None:
        """A new run begins."""
        self.history.clear()
        self.draw()

    def draw(self) -> None:
        """Draw what there is."""
        rows = self.history.rows(MOST_ROWS)
        epochs, loss, accuracy, test_loss, test_accuracy = rows.T
        finite = np.concatenate([loss, test_loss])
        finite = finite[np.isfinite(finite)]
        if self.logarithmic:
            loss, test_loss, finite = (np.log10(np.maximum(each, SMALLEST)) for each in (loss, test_loss, finite))
            low, high = (float(finite.min()), float(finite.max())) if len(finite) else (-2.0, 0.0)
            margin = max(0.05, 0.05 * (high - low))
            low, high = low - margin, high + margin
        else:
            low, high = 0.0, 1.06 * (float(finite.max()) if len(finite) else 1.0) or 1.0
        self.loss.getViewBox().setYRange(low, high, padding=0.0)
        self.loss.draw(epochs, loss, test_loss)
        self.accuracy.draw(epochs, accuracy, test_accuracy)

    def close_view(self) -> None:
        """Draw no more."""
        self._later.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the plots beside each other where there is room."""
        super().resizeEvent(event)
        wide = self.width() >= min(self._look.pixels(54), round(1.6 * self.height()))
        self._plots.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        # Above each other, one axis of epochs serves both.
        self.loss.getPlotItem().showAxis("bottom", wide)
        self.accuracy.setVisible(not wide or self.width() >= self._look.pixels(44))  # too little room for two

    def _rescale(self) -> None:
        self.loss.getAxis("left").setLogMode(y=self.logarithmic)
        self.draw()

    def _restyle(self) -> None:
        theme = self._look.theme
        self.setMinimumHeight(self._look.pixels(18))
        self._legend.setText(
            f"<span style='color:{theme.accent}'>━</span> train &nbsp;<span style='color:{theme.warning}'>╍</span> test"
        )
