"""The part of tab 2 that remembers runs, and keeps some of them as ghosts."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from gdviz.gui.network.compare.ghosts import FULL, Ghosts, loss
from gdviz.gui.network.compare.runs import Recorder, RunRecord
from gdviz.gui.network.compare.runs_page import RunsPage
from gdviz.gui.network.part import Part
from gdviz.gui.network.state import NetworkState
from gdviz.gui.widgets.timers import one_shot
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

READABLE_MILLISECONDS = 250
"""Numbers of the present run change four times a second at most."""

NOTHING_TO_KEEP = "There is nothing to keep yet: train an epoch first."


class RunsPart(Part):
    """Follows the runs; fills the page "Runs"; keeps ghosts.

    Attributes:
        recorder: what is known of each run.
        page: the table.
        ghosts: the runs that are kept in view.
    """

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.recorder = Recorder()
        self.page = RunsPage(tab.look)
        self.ghosts = Ghosts(tab)
        tab.lower_pages.add("runs", "Runs", self.page, "Every run with its settings and results")
        self._soon = one_shot(self, READABLE_MILLISECONDS, self._show)
        self.page.keep_asked.connect(self.keep)
        self.page.remove_asked.connect(self.ghosts.remove)
        self.page.settings_asked.connect(self.take)
        self.ghosts.changed.connect(self._show_ghosts)
        for name, title, key, do in (
            ("keep_ghost", "Keep this run as a ghost", "Ctrl+G", self.keep),
            ("remove_ghosts", "Remove all ghosts", "Ctrl+Shift+G", self.ghosts.clear),
        ):
            self.add_action(name, title, key, do, "Runs")

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """Ghosts belong to a loss, and their lines to axes."""
        if before is not None and (before.axes, loss(before)) != (now.axes, loss(now)):
            self.ghosts.show()

    def show_frame(self, frame: Frame) -> None:
        """The present run went on."""
        self.recorder.take(frame, self.tab.bridge.sent, time.perf_counter())
        if not self._soon.isActive():
            self._soon.start()

    def begin_run(self) -> None:
        """Another run begins."""
        self.recorder.begin()
        self._show()

    def close(self) -> None:
        """End the timer."""
        self._soon.stop()

    def keep(self, record: RunRecord | None = None) -> None:
        """Keep a run as a ghost; None is the present one, or the last one where that has not begun."""
        if record is None:
            records = self.recorder.records
            if not records:
                self.tab.refuse(NOTHING_TO_KEEP)
                return
            record = records[-1]
        self._show()  # the ghost is of what the table says
        current = next((each for each in self.page.model.records if each.number == record.number), record)
        if not self.ghosts.keep(current):
            self.tab.refuse(FULL)
        elif self.recorder.present is not None and self.recorder.present.number == current.number:
            self.recorder.keep()

    def take(self, record: RunRecord) -> None:
        """Begin anew with the settings of a run, on the points as they are now."""
        self.tab.store.edit(network=record.state.network, training=record.state.training)
        self.tab.bridge.reset()

    def _show(self) -> None:
        self.page.show_records(self.recorder.records)

    def _show_ghosts(self) -> None:
        colors = self.ghosts.colors
        self.page.model.show_colors(colors)
        self.page.show_ghosts(frozenset(colors))
