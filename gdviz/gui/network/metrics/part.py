"""The part of tab 2 that measures: curves, confusion and gradients."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from gdviz.gui.network.curves import loss_name
from gdviz.gui.network.metrics.confusion_page import ConfusionPage
from gdviz.gui.network.metrics.gradients_page import GradientsPage
from gdviz.gui.network.part import Part
from gdviz.gui.network.state import NetworkState
from gdviz.network.forward import penalty_of
from gdviz.network.spec import loss_of, penalties
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


class MetricsPart(Part):
    """Tells the curves what they cannot see in a history, and adds two pages beside them."""

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.confusion = ConfusionPage(tab.look)
        self.gradients = GradientsPage(tab.look)
        tab.lower_pages.add(
            "confusion", "Confusion", self.confusion, "What the network says of red and of green points"
        )
        tab.lower_pages.add("gradients", "Gradients", self.gradients, "Length of each layer's gradient against epoch")
        for asked_for in (tab.curves.asked_for, self.gradients.asked_for):
            asked_for.connect(tab.travel.go_to)

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """Curves and matrices follow the task."""
        if before is None or before.network != now.network or before.training != now.training:
            regression = now.network.regression
            loss, added = loss_of(now.network, now.training), penalties(now.network)
            self.tab.curves.show_task(loss, added, regression=regression)
            self.tab.readouts.show_loss(loss_name(loss), "".join(added))
            self.confusion.show_task(regression=regression)
            self.tab.readouts.show_accuracy(not regression)

    def show_frame(self, frame: Frame) -> None:
        """Mark what the frame shows in the curves, count and collect."""
        curves, epoch = self.tab.curves, float(frame.epoch)
        if len(frame.kept):  # a batch trained in the past ends what came after it, before it has a row of its own
            curves.truncate(max(float(frame.kept[-1]), epoch))
        newest = curves.history.last
        earlier = epoch if epoch < newest else None
        curves.show_epoch(earlier)
        curves.show_metrics(frame.metrics, frame.restored)
        self.tab.readouts.show_penalty(frame.metrics, penalty_of(self.tab.bridge.sent.network, frame.weights))
        self.gradients.plot.shown.show_at(earlier)
        waits = self.tab.store.state.training.patience > 0 and 0 <= frame.best_epoch <= frame.epoch
        stopped = waits and frame.state == "stopped"
        curves.show_stopping(float(frame.best_epoch) if waits else None, epoch if stopped else None)
        self.confusion.show_answers(self.tab.store.state.points.labels, frame.predictions, frame.test_indices)
        self.gradients.truncate(newest)
        if frame.restored < 0:  # otherwise its gradients are those of that epoch
            self.gradients.collect(frame.epoch, frame.gradients)

    def begin_run(self) -> None:
        """Nothing was measured yet."""
        self.gradients.plot.shown.show_at(None)
        self.confusion.clear()
        self.gradients.clear()

    def save(self, settings: QSettings) -> None:
        """Remember how much is smoothed."""
        settings.setValue("network/smoothing", self.tab.curves.head.span)

    def restore(self, settings: QSettings) -> None:
        """Smooth as much as last time."""
        word = str(settings.value("network/smoothing", 0))
        if word.isdecimal():
            self.tab.curves.head.set_span(int(word))

    def close(self) -> None:
        """End the timer."""
        self.gradients.close_page()
