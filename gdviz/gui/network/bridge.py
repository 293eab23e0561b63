"""Between the training process and the tab: commands out, frames in, all on the GUI thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import replace
from typing import Protocol

import numpy as np
from PySide6.QtCore import QObject, Qt, QTimer, Signal

from gdviz.gui.network.commands import configure, differences, same_architecture
from gdviz.gui.network.state import NetworkState
from gdviz.training.client import TrainingClient
from gdviz.training.messages import (
    Acknowledge,
    Command,
    Event,
    Failed,
    Frame,
    Pause,
    Ready,
    Reset,
    Run,
    StepBatch,
    StepEpoch,
)

log = logging.getLogger(__name__)

POINTS_MILLISECONDS = 30


class Client(Protocol):
    """What the bridge needs of ``TrainingClient``."""

    @property
    def pid(self) -> int | None:
        """The process; None where none was started."""

    def start(self) -> None:
        """Start the process."""

    def send(self, command: Command) -> None:
        """Send a command."""

    def stop(self) -> None:
        """End the process and the reading thread."""

    def restart(self) -> None:
        """End the process where it still runs, and start another."""


MakeClient = Callable[[Callable[[Event], None], Callable[[str], None]], Client]


class TrainingBridge(QObject):
    """Keeps the training process at the state of the tab, and tells the tab what it trained.

    Signals:
        ready(object): TensorFlow is loaded; a Ready.
        frame(object): the newest Frame of the present run; call ``drawn()`` once it is on the screen.
        refused(str): a command could not be carried out, and why.
        ended(str): the process ended by itself; why.
        running_changed(bool): whether it trains, or will as soon as it can.
        run_began(): from now on all is of another run, which begins at epoch 0.
    """

    ready = Signal(object)
    frame = Signal(object)
    refused = Signal(str)
    ended = Signal(str)
    running_changed = Signal(bool)
    run_began = Signal()
    _arrived = Signal()
    _happened = Signal(object)
    _exited = Signal(str)

    def __init__(
        self, state: NetworkState, parent: QObject | None = None, *, make_client: MakeClient = TrainingClient
    ) -> None:
        """Args: state: to start with; make_client: what talks to the process."""
        super().__init__(parent)
        self._state = state
        self._sent = state
        self._run = 0
        self._is_ready = False
        self._wants_run = False
        self._halted = False  # stopped or failed by itself
        self._closed = False
        self._lock = threading.Lock()
        self._newest: Frame | None = None
        self._to_acknowledge: int | None = None
        self._collect = QTimer(self)
        self._collect.setSingleShot(True)
        self._collect.setInterval(POINTS_MILLISECONDS)
        self._collect.timeout.connect(self._send_differences)
        queued = Qt.ConnectionType.QueuedConnection
        self._arrived.connect(self._take_frame, queued)
        self._happened.connect(self._take_event, queued)
        self._exited.connect(self._take_exit, queued)
        self._client = make_client(self._on_event, self._on_exit)

    @property
    def is_ready(self) -> bool:
        """Whether TensorFlow is loaded."""
        return self._is_ready

    @property
    def pid(self) -> int | None:
        """The training process; None where none was started."""
        return self._client.pid

    @property
    def running(self) -> bool:
        """Whether it trains, or will as soon as it can."""
        return self._wants_run and not self._halted

    def start(self) -> None:
        """Start the process."""
        if not self._closed:
            self._client.start()

    def restart(self) -> None:
        """Another process, with the state as it is now; training that was under way begins anew."""
        self._is_ready = False
        self._client.restart()

    def close(self) -> None:
        """End the process; nothing is emitted afterwards."""
        self._closed = True
        self._collect.stop()
        self._client.stop()

    # What the tab asks for

    def change(self, state: NetworkState) -> None:
        """The state of the tab is another one; a drag of the brush is sent a few times a second only."""
        before, self._state = self._state, state
        if not self._is_ready:
            return
        if not same_architecture(before.network, state.network):
            self._configure()
        elif before.points is not state.points and before.extent == state.extent:
            if not self._collect.isActive():
                self._collect.start()
        else:
            self._send_differences()

    def train(self) -> None:
        """Train until told otherwise."""
        self._want(True)
        self._ask(Run())

    def pause(self) -> None:
        """Stop training."""
        self._want(False)
        self._ask(Pause())

    def step_epoch(self) -> None:
        """Train to the end of the epoch."""
        self._want(False)
        self._ask(StepEpoch())

    def step_batch(self) -> None:
        """Train one batch."""
        self._want(False)
        self._ask(StepBatch())

    def reset(self, seed: int | None = None) -> None:
        """Back to the initial weights, or to those of another seed; what trains goes on training."""
        running = self.running
        self._begin_run()
        self._ask(Reset(self._run, seed))
        self._want(running)
        if running:
            self._ask(Run())

    def drawn(self) -> None:
        """The last frame is on the screen: let the next one come. The process sends no more than 60 a second."""
        self._acknowledge()

    # To the process

    def _want(self, running: bool) -> None:
        before = self.running
        self._wants_run, self._halted = running, False
        if self.running != before:
            self.running_changed.emit(self.running)

    def _configure(self) -> None:
        running = self.running
        self._collect.stop()
        self._begin_run()
        self._sent = self._state
        for command in configure(self._state, run=self._run):
            self._ask(command)
        self._want(running)
        if running:
            self._ask(Run())

    def _begin_run(self) -> None:
        self._run += 1
        self._halted = False
        self.run_began.emit()

    def _send_differences(self) -> None:
        before, self._sent = self._sent, self._state
        for command in differences(before, self._state):
            self._ask(command)

    def _ask(self, command: Command) -> None:
        """Send a command; the points painted so far go ahead of it."""
        if not self._is_ready or self._closed:
            return  # all that matters is sent when it is ready
        if self._collect.isActive():
            self._collect.stop()
            self._send_differences()
        self._client.send(command)

    def _acknowledge(self) -> None:
        number, self._to_acknowledge = self._to_acknowledge, None
        if number is not None and self._is_ready and not self._closed:
            self._client.send(Acknowledge(number))

    # From the process: these two on its reading thread, the others on the GUI thread

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Frame):
            with self._lock:
                skipped, self._newest = self._newest, event
                if skipped is not None and skipped.run == event.run:  # its epochs are not told again
                    history = np.concatenate([skipped.history, event.history])
                    self._newest = replace(event, history=history)
            if skipped is None:
                self._arrived.emit()
        else:
            self._happened.emit(event)

    def _on_exit(self, reason: str) -> None:
        self._exited.emit(reason)

    def _take_frame(self) -> None:
        with self._lock:
            frame, self._newest = self._newest, None
        if frame is None or self._closed or not self._is_ready:
            return
        self._to_acknowledge = frame.number
        if frame.run != self._run:
            self._acknowledge()
            return
        before = self.running
        self._halted = frame.state in ("stopped", "failed")
        if self.running != before:
            self.running_changed.emit(self.running)
        self.frame.emit(frame)

    def _take_event(self, event: Event) -> None:
        if self._closed:
            return
        match event:
            case Ready():
                self._is_ready = True
                self.ready.emit(event)
                self._configure()
            case Failed():
                log.info("%s was refused: %s", event.what, event.message)
                self.refused.emit(event.message)

    def _take_exit(self, reason: str) -> None:
        if self._closed:
            return
        self._is_ready = False
        self._collect.stop()
        self.ended.emit(reason)
