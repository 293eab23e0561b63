"""The page with the norm of each layer's gradient against the epoch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QWidget

from gdviz.gui.network.columns import SettingsScroll
from gdviz.gui.network.history import History
from gdviz.gui.network.metrics.curve_rows import loss_range, on_axis
from gdviz.gui.network.metrics.series_plot import Line, SeriesPlot
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel
from gdviz.gui.widgets.log_ticks import make_logarithmic
from gdviz.gui.widgets.timers import one_shot

DRAW_MILLISECONDS = 80
_STYLES = (
    (Qt.PenStyle.SolidLine, "━"),
    (Qt.PenStyle.DashLine, "╍"),
    (Qt.PenStyle.DotLine, "┅"),
    (Qt.PenStyle.DashDotLine, "╍"),
)


def norms(gradients: Sequence[NDArray[np.float32]]) -> NDArray[np.float64]:
    """Length of each Dense layer's gradient, from those of its kernel and bias, in order; shape (layers,)."""
    squares = np.array([np.square(each, dtype=np.float64).sum() for each in gradients])
    return np.asarray(np.sqrt(squares[::2] + squares[1::2]))


class GradientsPage(QWidget):
    """Collects norms with every frame; draws them only while it is seen.

    Attributes:
        history: epoch and the norm of each Dense layer, the output layer last.

    Signals:
        asked_for(int): a person asks for this epoch, one that was measured.
    """

    asked_for = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.gradients")
        self._look = look
        self.history = History(fields=1)
        self._pointed: float | None = None
        self._names: list[QLabel] = []
        self._numbers: list[SteadyLabel] = []
        self.plot = SeriesPlot(
            "network.gradient_curves", "Gradient norm of each layer against epoch", look, "gradient norm"
        )
        make_logarithmic(self.plot.getAxis("left"), True)
        self.plot.setWhatsThis("Length of dJ/dw of the weights and biases of each layer, over all training points")
        self.plot.pointed.connect(self._point)
        self.plot.asked_for.connect(self._ask)
        self._rows = QWidget()
        self._grid = QGridLayout(self._rows)
        self._grid.setContentsMargins(4, 4, 8, 4)
        self._grid.setSpacing(4)
        self._legend = SettingsScroll("network.gradient_legend", look, self._rows)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(0)
        row.addWidget(self.plot, 1)
        row.addWidget(self._legend)
        self._later = one_shot(self, DRAW_MILLISECONDS, self.draw)
        look.changed.connect(self._restyle)

    def collect(self, epoch: int, gradients: Sequence[NDArray[np.float32]]) -> None:
        """Take over the gradients at an epoch, kernel and bias of each Dense layer; earlier epochs do not count."""
        if not gradients or epoch < self.history.last:
            return
        row = np.concatenate([[epoch], norms(gradients)])
        if len(row) != len(self._names) + 1:
            self._begin(len(row) - 1)
        self.history.extend(row[None])
        if self.isVisible() and not self._later.isActive():
            self._later.start()

    def truncate(self, epoch: float) -> None:
        """Forget what came later than this epoch."""
        self.history.truncate(epoch)

    def clear(self) -> None:
        """A new run begins."""
        self.history.clear()
        if self.isVisible():
            self._later.start()

    def draw(self) -> None:
        """Draw what there is."""
        rows = self.history.rows()
        self.plot.set_last(float(rows[-1, 0]) if len(rows) else 0.0)
        shown = np.where(rows[:, 1:] > 0.0, rows[:, 1:], np.nan)  # no gradient is no place on this axis
        self.plot.box.setYRange(*loss_range([shown], True), padding=0.0)
        self.plot.draw(rows[:, 0], on_axis(shown, True))
        self._read()

    def close_page(self) -> None:
        """Draw no more."""
        self._later.stop()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has been collected meanwhile."""
        super().showEvent(event)
        self.draw()

    def _begin(self, layers: int) -> None:
        """Another network."""
        self.history = History(fields=layers + 1)
        for label in (*self._names, *self._numbers):
            self._grid.removeWidget(label)
            label.deleteLater()
        self._names = [QLabel() for _ in range(layers)]
        self._numbers = []
        for index, name in enumerate(self._names):
            number = SteadyLabel("0.0e−00", name=f"network.gradient{index + 1}")
            number.setAccessibleName(f"Gradient norm of {self._title(index)}")
            self._numbers.append(number)
            number.setAlignment(Qt.AlignmentFlag.AlignRight)
            self._grid.addWidget(name, index, 0)
            self._grid.addWidget(number, index, 1)
            name.show()  # at once: what is hidden has no width
            number.show()
        self._restyle()

    def _title(self, index: int) -> str:
        return "output" if index == len(self._names) - 1 else f"layer {index + 1}"

    def _point(self, epoch: float | None) -> None:
        self._pointed = epoch
        self._read()

    def _ask(self, epoch: float) -> None:
        row = self.history.nearest(epoch)
        if row is not None:
            self.asked_for.emit(int(row[0]))

    def _read(self) -> None:
        """The numbers under the cursor, or the newest ones."""
        row = self.history.nearest(self.history.last if self._pointed is None else self._pointed)
        for index, label in enumerate(self._numbers):
            text = "–" if row is None else short(float(row[index + 1]), 3)
            if label.text() != text:
                label.setText(text)
        self.plot.pointer.show_at(None if self._pointed is None or row is None else float(row[0]))

    def _restyle(self) -> None:
        lines = []
        for index, name in enumerate(self._names):
            style, glyph = _STYLES[index % len(_STYLES)]
            color = self._look.racer(index)
            lines.append(Line(color, style))
            name.setText(f"<span style='color:{color.name()}'>{glyph}</span> {self._title(index)}")
        for label in (*self._names, *self._numbers):
            label.setFont(self._look.font(0.8))
        self._legend.setFixedWidth(self._legend.needed)
        self.plot.set_lines(lines)
        self.draw()
