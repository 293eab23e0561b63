"""Loss and accuracy of training and test points against the epoch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QVBoxLayout, QWidget

from gdviz.gui.network.history import History
from gdviz.gui.network.metrics.curve_head import CurveHead
from gdviz.gui.network.metrics.curve_rows import loss_range, on_axis, smooth_rows
from gdviz.gui.network.metrics.series_plot import Ghost, Line, SeriesPlot
from gdviz.gui.theme import Look
from gdviz.gui.widgets.log_ticks import make_logarithmic
from gdviz.gui.widgets.timers import one_shot
from gdviz.gui.widgets.turns import in_turn
from gdviz.training.messages import Metrics

FloatArray = NDArray[np.float64]

DRAW_MILLISECONDS = 80
LOSS_NAMES = {
    "binary_crossentropy": "cross-entropy",
    "categorical_crossentropy": "cross-entropy",
    "mean_squared_error": "squared error",
    "mean_absolute_error": "absolute error",
    "huber": "Huber loss",
    "hinge": "hinge loss",
}
"""Short enough for a narrow plot."""

_LOSSES, _ACCURACIES = [1, 3], [2, 4]


def loss_name(loss: str, penalties: Iterable[str] = ()) -> str:
    """What a loss, a key of ``LOSSES``, and its penalties are together: "cross-entropy + L2"; both are "L1L2"."""
    return " + ".join(part for part in (LOSS_NAMES.get(loss, "loss"), "".join(penalties)) if part)


@dataclass(frozen=True, slots=True, eq=False)
class _KeptRun:
    rows: FloatArray
    color: QColor
    label: str


class Curves(QWidget):
    """Both plots: beside each other where there is room, otherwise loss above accuracy.

    Signals:
        asked_for(int): a person asks for this epoch, one that was measured.
    """

    asked_for = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.curves")
        self._look = look
        self.history = History()
        self._kept: dict[str, _KeptRun] = {}
        self._ghosts: list[FloatArray] = []
        self._has_accuracy = True
        self._pointed: float | None = None
        self._now: FloatArray | None = None
        self._restored = False
        self.head = CurveHead(look)
        self.loss = SeriesPlot("network.loss_curves", "Loss against epoch", look, LOSS_NAMES["binary_crossentropy"])
        self.accuracy = SeriesPlot("network.accuracy_curves", "Accuracy against epoch", look, "accuracy")
        self.accuracy.box.setYRange(0.0, 1.02, padding=0.0)
        self.accuracy.getAxis("left").setTicks([[(share, f"{share:.0%}") for share in (0.0, 0.5, 1.0)], []])
        self._both = (self.loss, self.accuracy)
        self._plots = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._plots.setSpacing(4)
        for plot in self._both:
            self._plots.addWidget(plot, 1)
            plot.pointed.connect(self._point)
            plot.asked_for.connect(self._ask)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.head)
        column.addLayout(self._plots, 1)
        self._losses_in_turn, self._accuracies_in_turn = in_turn(self._draw_losses), in_turn(self._draw_accuracies)
        self._later = one_shot(self, DRAW_MILLISECONDS, self._draw_in_turn)
        self.head.changed.connect(self._draw_all)
        look.changed.connect(self._restyle)
        self._restyle()

    @property
    def logarithmic(self) -> bool:
        """Whether the loss axis is."""
        return self.head.logarithmic

    @property
    def shown(self) -> float | None:
        """The epoch that is marked as shown; None while that is the newest."""
        return self.loss.shown.epoch

    def extend(self, rows: FloatArray) -> None:
        """Epochs were completed, shape (k, 5) as in a frame; drawn a dozen times a second."""
        if len(rows):
            self.history.extend(rows)
            if not self._later.isActive():
                self._later.start()

    def restart(self, row: FloatArray) -> None:
        """The metrics before the first epoch, shape (1, 5); epochs that were trained from there are kept."""
        if self.history.last <= 0.0:
            self.extend(row)

    def truncate(self, epoch: float) -> None:
        """Training goes on from this epoch: what came later is forgotten."""
        if epoch < self.history.last:
            self.history.truncate(epoch)
            self.draw()

    def clear(self) -> None:
        """A new run begins."""
        self.history.clear()
        self._now, self._restored = None, False
        self.show_epoch(None)
        self.show_stopping(None, None)
        self.draw()

    def show_epoch(self, epoch: float | None) -> None:
        """Mark the epoch that is shown; None while that is the newest."""
        if epoch != self.shown:
            for plot in self._both:
                plot.shown.show_at(epoch)

    def show_metrics(self, metrics: Metrics, restored: int) -> None:
        """What the present weights lead to, read while nothing is under the cursor.

        Args:
            metrics: of the frame on the screen; rows of the history are thinned, and older than an edit.
            restored: the earlier epoch whose weights these are; -1 where they are of the epoch of the metrics.
        """
        self._restored = restored >= 0
        self._now = np.array(astuple(metrics), np.float64)
        if self._restored:
            self._now[0] = restored
        if self._pointed is None:
            self._read()

    def show_stopping(self, best: float | None, stopped: float | None) -> None:
        """Mark where early stopping has its best weights, and where it ended training; None for neither."""
        for plot in self._both:
            plot.show_stopping(best, stopped)

    def show_task(self, loss: str, penalties: Iterable[str] = (), *, regression: bool) -> None:
        """Name the loss in force; in regression it has the room of the accuracy, too.

        Args:
            loss: a key of ``LOSSES``.
            penalties: names of those that are added to it.
            regression: whether there is no accuracy.
        """
        self.loss.name_measure(loss_name(loss, penalties))
        self._has_accuracy = not regression
        self.head.readout.show_accuracy(not regression)
        self._share_room()

    def add_ghost(self, key: str, rows: FloatArray, color: QColor | str, label: str) -> None:
        """Draw the curves of a kept run, thin and dashed, behind the present ones.

        Args:
            key: to remove it by; another of the same key is replaced.
            rows: epoch, loss, accuracy, test loss and test accuracy, shape (k, 5).
            color: of the run.
            label: what it is called.
        """
        self._kept[key] = _KeptRun(np.array(rows, np.float64).reshape(-1, 5), QColor(color), label)
        self._draw_all()

    def remove_ghost(self, key: str) -> None:
        """Draw a kept run no more; nothing happens where it is not drawn."""
        if self._kept.pop(key, None) is not None:
            self._draw_all()

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Make the loss axis logarithmic, or linear."""
        self.head.set_logarithmic(logarithmic)

    def toggle_scale(self) -> None:
        """The other loss axis."""
        self.set_logarithmic(not self.logarithmic)

    def draw(self) -> None:
        """Draw what there is."""
        self._draw_losses()
        self._draw_accuracies()

    def _draw_in_turn(self) -> None:
        self._losses_in_turn()
        self._accuracies_in_turn()

    def _draw_losses(self) -> None:
        losses = [each[:, _LOSSES] for each in (self.history.rows(), *self._ghosts)]
        self.loss.box.setYRange(*loss_range(losses, self.logarithmic), padding=0.0)
        self._draw_plot(self.loss, _LOSSES, self.logarithmic)
        self._read()

    def _draw_accuracies(self) -> None:
        self._draw_plot(self.accuracy, _ACCURACIES, False)

    def _draw_plot(self, plot: SeriesPlot, columns: list[int], logarithmic: bool) -> None:
        rows = self.history.rows()
        smooth = smooth_rows(rows[:, [0, *columns]], self.head.span)
        plot.set_last(max((float(each[-1, 0]) for each in (rows, *self._ghosts) if len(each)), default=0.0))
        front = None if smooth is None else on_axis(smooth[:, 1:], logarithmic)
        plot.draw(rows[:, 0], on_axis(rows[:, columns], logarithmic), front)

    def close_view(self) -> None:
        """Draw no more."""
        self._later.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put the plots beside each other where there is room."""
        super().resizeEvent(event)
        self._share_room()
        self._later.start()  # more rows may be told apart, or fewer

    def _share_room(self) -> None:
        wide = self.width() >= min(self._look.pixels(54), round(1.6 * self.height()))
        self._plots.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        self.accuracy.setVisible(self._has_accuracy and (not wide or self.width() >= self._look.pixels(30)))

    def _axes(self) -> tuple[tuple[SeriesPlot, list[int], bool], ...]:
        """Both plots, the columns they draw, and whether their axis is logarithmic."""
        return (self.loss, _LOSSES, self.logarithmic), (self.accuracy, _ACCURACIES, False)

    def _draw_all(self) -> None:
        """Draw the kept runs as well."""
        make_logarithmic(self.loss.getAxis("left"), self.logarithmic)
        smooth = [smooth_rows(kept.rows, self.head.span) for kept in self._kept.values()]
        self._ghosts = [
            kept.rows if rows is None else rows for kept, rows in zip(self._kept.values(), smooth, strict=True)
        ]
        for plot, columns, logarithmic in self._axes():
            plot.draw_ghosts(
                [
                    Ghost(rows[:, 0], on_axis(rows[:, columns], logarithmic), kept.color, kept.label)
                    for kept, rows in zip(self._kept.values(), self._ghosts, strict=True)
                ]
            )
        self.draw()

    def _point(self, epoch: float | None) -> None:
        self._pointed = epoch
        self._read()

    def _ask(self, epoch: float) -> None:
        row = self.history.nearest(epoch)
        if row is not None:
            self.asked_for.emit(int(row[0]))

    def _read(self) -> None:
        """Show the numbers under the cursor, or those of the present weights."""
        row = None if self._pointed is None else self.history.nearest(self._pointed)
        if row is None:
            self.head.readout.show_row(self._now, restored=self._restored)
        else:
            self.head.readout.show_row(row)
        for plot in self._both:
            plot.pointer.show_at(None if row is None else float(row[0]))

    def _restyle(self) -> None:
        theme = self._look.theme
        self.setMinimumHeight(self._look.pixels(12))
        for plot in self._both:
            plot.set_lines([Line(QColor(theme.accent)), Line(QColor(theme.warning), Qt.PenStyle.DashLine)])
        self._draw_all()
