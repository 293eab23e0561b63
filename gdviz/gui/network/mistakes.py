"""Rings around the points that the network takes for the other colour."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSettings

from gdviz.gui.network.canvas import MISTAKES
from gdviz.gui.network.marks_item import MarksItem
from gdviz.gui.network.part import Part
from gdviz.gui.network.points_item import ring
from gdviz.gui.network.state import NetworkState
from gdviz.network.points import Points
from gdviz.training.messages import Float32Array, Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


class Mistakes(Part):
    """Compares what each frame predicts with the labels; the box of the paint panel switches the rings on and off.

    Attributes:
        wrong: ids of the points that the newest frame has on the wrong side.
    """

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.wrong: NDArray[np.int64] = np.empty(0, np.int64)
        self.item = MarksItem(tab.look, ring)
        tab.canvas.add_item(self.item, MISTAKES)
        self.box = tab.paint_panel.mistakes
        self.box.toggled.connect(self._draw)
        tab.look.changed.connect(self.item.restyle)

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """The rings follow their points."""
        self.box.setEnabled(not now.network.regression)
        if before is None or before.points is not now.points or before.network.regression != now.network.regression:
            self._draw()

    def show_frame(self, frame: Frame) -> None:
        """Ring the mistakes, unless the frame is about other points."""
        points = self.tab.bridge.sent.points
        if len(frame.predictions) == len(points):
            self.wrong = points.ids[on_the_wrong_side(points, frame.predictions)]
            self._draw()

    def begin_run(self) -> None:
        """Another network has made none yet."""
        self.wrong = self.wrong[:0]
        self._draw()

    def save(self, settings: QSettings) -> None:
        """Remember the switch."""
        settings.setValue("network/mistakes", self.box.isChecked())

    def restore(self, settings: QSettings) -> None:
        """Take it from the last time."""
        self.box.setChecked(str(settings.value("network/mistakes", "true")).lower() != "false")

    def _draw(self) -> None:
        state = self.tab.store.state
        xy = np.empty((0, 2))
        if self.box.isChecked() and not state.network.regression and len(self.wrong):
            xy = state.points.xy[np.isin(state.points.ids, self.wrong)]
        self.item.show_marks(xy, np.zeros(len(xy), np.int64), state.extent)


def on_the_wrong_side(points: Points, predictions: Float32Array) -> NDArray[np.bool_]:
    """Which points, shape (n,), have a probability of green on the other side of one half; as Keras counts accuracy."""
    wrong: NDArray[np.bool_] = np.isfinite(predictions) & ((predictions > 0.5) != points.labels.astype(np.bool_))
    return wrong
