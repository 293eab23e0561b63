"""What is remembered of each run; no Qt."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.network.history import History
from gdviz.gui.network.state import NetworkState
from gdviz.network.datasets import DATASETS
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.training.messages import Extent, Float32Array, Frame, Metrics

MOST_RUNS = 100
"""The oldest ones beyond are forgotten."""

ROWS = 1024


@dataclass(frozen=True, slots=True, eq=False)
class RunRecord:
    """A run as it is, or as it ended.

    Attributes:
        number: 1 for the first run.
        state: what was trained, and on what.
        epochs: trained.
        metrics: after them.
        seconds: spent on training.
        rows: epoch, loss, accuracy, test loss and test accuracy, shape (k, 5).
        boundary: the output over the extent, shape (samples, samples).
        extent: x1 from, x1 to, x2 from, x2 to.
    """

    number: int
    state: NetworkState
    epochs: int
    metrics: Metrics
    seconds: float
    rows: NDArray[np.float64]
    boundary: Float32Array
    extent: Extent

    @property
    def data(self) -> str:
        """The data set's title, or "own points"."""
        source = self.state.source
        return DATASETS[source.key].title if source is not None else "own points"


class Recorder:
    """Follows the frames of one run after the other; a run counts once an epoch of it is trained.

    A run that was kept goes on as itself, and with other settings as another one: what was compared with stays.
    """

    def __init__(self) -> None:
        self.ended: list[RunRecord] = []
        self._number = 1
        self._history = History(ROWS)
        self._state: NetworkState | None = None
        self._frame: Frame | None = None
        self._seconds = 0.0
        self._kept: NetworkState | None = None  # as the present run was when it was kept
        self._split_at = -1  # the epoch at which the run before went on as this one
        self._began: float | None = None  # while it trains: when the last frame of it came

    @property
    def present(self) -> RunRecord | None:
        """The run under way; None before its first epoch."""
        frame, state = self._frame, self._state
        if frame is None or state is None or frame.epoch < 1 or frame.epoch == self._split_at:
            return None
        rows = self._history.rows().copy()  # the history goes on
        return RunRecord(
            self._number, state, frame.epoch, frame.metrics, self._seconds, rows, frame.boundary, frame.extent
        )

    @property
    def records(self) -> list[RunRecord]:
        """All of them, the present one last."""
        present = self.present
        return [*self.ended, *([present] if present is not None else [])]

    def take(self, frame: Frame, state: NetworkState, now: float) -> None:
        """A frame of the present run has come.

        Args:
            frame: the newest one; while it shows an earlier epoch, the run stays as it was.
            state: what the process was told to train.
            now: seconds, on any clock.
        """
        if self._began is not None:
            self._seconds += now - self._began
        self._began = now if frame.state == "running" else None
        self._history.extend(frame.history)
        if len(frame.kept):
            self._history.truncate(max(float(frame.kept[-1]), float(frame.epoch)))
        if not len(frame.kept) or frame.kept[-1] <= frame.epoch:
            self._take_newest(frame, state)

    def keep(self) -> None:
        """The present run is kept for comparison."""
        if self.present is not None:
            self._kept = self._state

    def begin(self) -> None:
        """Another run begins; the present one is as it ended."""
        present = self.present
        if present is not None:
            self._end(present)
        self._history.clear()
        self._frame, self._state, self._began, self._seconds, self._split_at = None, None, None, 0.0, -1
        self._kept = None

    def _take_newest(self, frame: Frame, state: NetworkState) -> None:
        if self._kept is not None and _settings(self._kept) != _settings(state):
            if self._frame is not None and self._frame.epoch == frame.epoch:
                return  # nothing is trained with them yet, and they may be taken back
            self._split()
        self._frame, self._state = frame, state
        if frame.epoch != self._split_at:
            self._split_at = -1

    def _split(self) -> None:
        """Leave the present run as it is; what is trained from now on is another one, that goes on from it."""
        self._kept = None
        present = self.present
        if present is not None:
            self._end(present)
            self._split_at = present.epochs

    def _end(self, present: RunRecord) -> None:
        self.ended = [*self.ended[1 - MOST_RUNS :], present]
        self._number += 1


def _settings(state: NetworkState) -> tuple[NetworkSpec, TrainingSpec]:
    """What a run is told apart by."""
    return state.network, state.training
