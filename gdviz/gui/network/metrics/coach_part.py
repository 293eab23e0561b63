"""The part of tab 2 that warns: it asks the coach a few times a second."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

import msgspec
import numpy as np
from PySide6.QtCore import QSettings

from gdviz.gui.network.metrics.coach_line import CoachLine
from gdviz.gui.network.part import Part
from gdviz.gui.network.state import NetworkState
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.timers import one_shot
from gdviz.network.features import inputs_of
from gdviz.network.spec import TrainingSpec
from gdviz.network.split import test_mask
from gdviz.network.straight import Straightness, straightness
from gdviz.network.training_coach import Advice, Facts, advise, draws_lines_only
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

LOOK_MILLISECONDS = 400
MOST_ROWS = 1000
FAILED = "failed"
"""The kind of advice that the tab's banner gives."""


class CoachPart(Part):
    """Collects the facts, shows what the coach makes of them, and does what it suggests."""

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.line = CoachLine(tab.look)
        self.line.tried.connect(self._try)
        tab.notices.add(self.line)
        self._frame: Frame | None = None
        self._since = 0
        self._loss = _loss_of(tab.store.state)
        self._enabled = True
        self._measured: NetworkState | None = None  # whose straightness was asked for
        self._straight: Straightness | None = None
        self._worker: Latest | None = None
        self._soon = one_shot(self, LOOK_MILLISECONDS, self._look)
        action = self.add_action(
            "coach", "Warnings of the coach", "F9", lambda: self.set_enabled(action.isChecked()), "Training"
        )
        action.setCheckable(True)
        action.setChecked(True)
        self._action = action

    def set_enabled(self, enabled: bool) -> None:
        """Whether it warns at all."""
        self._enabled = enabled
        self._action.setChecked(enabled)
        if enabled:
            self._look()
        else:
            self.line.clear()

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """What was measured before a change is no evidence of what comes after it."""
        if before is not None and not _comparable(before, now):
            self._since = self._frame.epoch if self._frame is not None else 0
            self._wait()

    def show_frame(self, frame: Frame) -> None:
        """Look at it soon; some of many are enough."""
        self._frame = frame
        self._wait()

    def begin_run(self) -> None:
        """Nothing is known of the new run."""
        self._frame, self._since = None, 0
        self._loss = _loss_of(self.tab.store.state)
        self._soon.stop()
        self.line.clear()

    def show_stage(self) -> None:
        """What it knows is of the tab's own network alone."""
        self.line.set_aside(self.tab.stage is not None)

    def save(self, settings: QSettings) -> None:
        """Remember whether it warns."""
        settings.setValue("network/coach", self._enabled)

    def restore(self, settings: QSettings) -> None:
        """Warn, or do not, as last time."""
        self.set_enabled(str(settings.value("network/coach", "true")).lower() != "false")

    def close(self) -> None:
        """End timers and the thread."""
        self._soon.stop()
        self.line.close_line()
        if self._worker is not None:
            self._worker.close()

    def _wait(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _look(self) -> None:
        if self._frame is None or not self._enabled:
            return
        self._measure()
        said = advise(self._facts(self._frame))
        self.line.say([advice for advice in said if advice.kind != FAILED])

    def _facts(self, frame: Frame) -> Facts:
        state = self.tab.store.state
        rows = self.tab.curves.history.rows(MOST_ROWS)
        return Facts(
            state.network,
            state.training,
            rows[(rows[:, 0] >= self._since) & (rows[:, 0] <= frame.epoch)],
            max(0, len(state.points) - len(frame.test_indices)),
            untrained=float(rows[0, 1]) if len(rows) and rows[0, 0] == 0 else np.nan,
            another_loss=_loss_of(state) != self._loss,
            failure=frame.reason if frame.state == "failed" else "",
            stopped=frame.state == "stopped",
            weights=frame.weights,
            flat=frame.flat,
            straight=self._straight,
        )

    def _measure(self) -> None:
        """Ask off the GUI thread how a line fares on the training points, where that matters."""
        state = self.tab.store.state
        if not draws_lines_only(state.network):
            self._measured = self._straight = None
            return
        if self._measured is not None and _same_task(self._measured, state):
            return
        self._measured, self._straight = state, None
        if self._worker is None:
            self._worker = Latest("straightness", self)
            self._worker.done.connect(self._take)
        self._worker.request(partial(_straightness, state))

    def _take(self, found: tuple[NetworkState, Straightness]) -> None:
        if found[0] is self._measured:
            self._straight = found[1]
            self._wait()

    def _try(self, advice: Advice) -> None:
        changes = {"network": advice.network, "training": advice.training}
        self.tab.store.edit(**{name: spec for name, spec in changes.items() if spec is not None})
        if advice.anew and advice.network is None:  # another architecture begins anew by itself
            self.tab.reset()


def _straightness(state: NetworkState) -> tuple[NetworkState, Straightness]:
    points, training, network = state.points, state.training, state.network
    train = ~test_mask(points.ids, training.test_fraction, training.split_seed)
    x1, x2 = points.xy[train].T
    inputs = np.column_stack(inputs_of(x1, x2, network.features))
    targets = (points.values if network.regression else points.labels)[train].astype(np.float64)
    return state, straightness(inputs, targets, regression=network.regression)


def _same_task(first: NetworkState, second: NetworkState) -> bool:
    """Whether a line has the same points to divide."""

    def task(state: NetworkState) -> tuple[object, ...]:
        network, training = state.network, state.training
        return network.features, network.regression, training.test_fraction, training.split_seed

    return first.points is second.points and task(first) == task(second)


def _loss_of(state: NetworkState) -> tuple[object, ...]:
    """What the loss measures; a network that had learned some points before its run is worse on others."""
    network = state.network
    return network.head, state.training.loss, network.l1, network.l2, state.points if state.given else None


def _comparable(first: NetworkState, second: NetworkState) -> bool:
    """Whether losses before a change can be compared with those after it; when to stop does not matter."""

    def bare(training: TrainingSpec) -> TrainingSpec:
        return msgspec.structs.replace(training, patience=0, epochs=0, goal_loss=0.0, goal_accuracy=0.0)

    same = first.points is second.points and first.network == second.network
    return same and bare(first.training) == bare(second.training)
