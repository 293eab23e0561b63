"""Between the training process and the tab: commands out, frames in, all on the GUI thread."""

from __future__ import annotations

import logging
import threading
from dataclasses import replace
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Qt, Signal

from gdviz.gui.network.clients import MakeClient, Seats
from gdviz.gui.network.commands import USUAL_VIEW, configure, differences, same_run
from gdviz.gui.network.state import NetworkState
from gdviz.gui.widgets.timers import one_shot
from gdviz.gui.widgets.turns import in_turn
from gdviz.training.client import TrainingClient
from gdviz.training.messages import (
    Acknowledge,
    At,
    Command,
    Event,
    Failed,
    Frame,
    GoTo,
    Loaded,
    LoadModel,
    Pause,
    Ready,
    Reset,
    Run,
    Saved,
    SaveModel,
    SetProbe,
    SetWeight,
    StepBatch,
    StepEpoch,
)

log = logging.getLogger(__name__)

POINTS_MILLISECONDS = 30


class TrainingBridge(QObject):
    """Keeps the training process at the state of the tab, and tells the tab what it trained.

    Attributes:
        seats: what else is trained in the process.

    Signals:
        ready(object): TensorFlow is loaded; a Ready.
        frame(object): the newest Frame of the present run; call ``drawn()`` once it is on the screen.
        refused(str): a command could not be carried out, and why.
        ended(str): the process ended by itself; why.
        saved(object): a Saved: the model was written.
        loaded(object): a Loaded: a model was read.
        running_changed(bool): whether it trains, or will as soon as it can.
        run_began(): from now on all is of another run, which begins at epoch 0.
    """

    ready = Signal(object)
    frame = Signal(object)
    refused = Signal(str)
    ended = Signal(str)
    saved = Signal(object)
    loaded = Signal(object)
    running_changed = Signal(bool)
    run_began = Signal()
    _arrived = Signal()
    _happened = Signal(object)
    _exited = Signal(str)

    def __init__(
        self,
        state: NetworkState,
        parent: QObject | None = None,
        *,
        make_client: MakeClient = TrainingClient,
        abreast: bool = False,
    ) -> None:
        """Args: state: to start with; make_client: what talks to the process; abreast: as ``Run`` has it."""
        super().__init__(parent)
        self._state = state
        self._sent = state
        self._run = 0
        self._is_ready = False
        self._wants_run = False
        self._until = 0  # the epoch that training pauses at; 0 is none
        self._speed, self._abreast = 0.0, abreast
        self._view = USUAL_VIEW
        self._needs: dict[str, dict[str, Any]] = {}
        self._halted = False  # stopped or failed by itself
        self._closed = False
        self._lock = threading.Lock()
        self._newest: Frame | None = None
        self._drawing = False  # a frame is told of and not on the screen yet; the next one waits
        self._taken: Frame | None = None
        self._tell_in_turn = in_turn(self._tell_frame)
        self.seats = Seats(self)
        self._collect = one_shot(self, POINTS_MILLISECONDS, self._send_differences)
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
    def sent(self) -> NetworkState:
        """The state that the process was told last: what frames are about."""
        return self._sent

    @property
    def running(self) -> bool:
        """Whether it trains, or will as soon as it can."""
        return self._wants_run and not self._halted

    @property
    def until(self) -> int:
        """The epoch that it pauses at; 0 where it trains until told otherwise."""
        return self._until if self.running else 0

    def start(self) -> None:
        """Start the process."""
        if not self._closed:
            self._client.start()

    def restart(self) -> None:
        """Another process, with the state as it is now; training that was under way begins anew."""
        self._is_ready = False
        self._begin_run()
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
        if not same_run(before, state):
            self._configure()
        elif before.points is not state.points and before.extent == state.extent:
            if not self._collect.isActive():
                self._collect.start()
        else:
            self._send_differences()

    @property
    def speed(self) -> float:
        """Epochs a second at most; 0 is as fast as possible."""
        return self._speed

    def set_speed(self, epochs_per_second: float) -> None:
        """Train so many epochs a second at most; 0 is as fast as possible."""
        changed, self._speed = epochs_per_second != self._speed, epochs_per_second
        if changed and self.running:
            self._ask_to_run()

    def train(self, until: int = 0) -> None:
        """Train until told otherwise, or to the end of this epoch of the run, or of another that begins meanwhile."""
        self._want(True, until)
        self._ask_to_run()

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

    def go_to(self, epoch: int) -> None:
        """Show a kept epoch, and pause."""
        self._want(False)
        self._ask(GoTo(epoch))

    def set_weight(self, tensor: int, place: tuple[int, ...], value: float) -> None:
        """Change one weight or bias; see ``SetWeight``."""
        self._ask(SetWeight(tensor, place, value))

    def set_view(self, *, by: str = "", **fields: Any) -> None:
        """Have frames carry more or less: ``samples``, ``neuron_samples`` or ``hidden_layer`` of SetView.

        Args:
            by: who asks, in place of what was asked by the same name before; of what several ask, the most is sent.
            fields: what is needed; nothing where frames carry enough.
        """
        before, self._needs[by] = self._view, fields
        names = {name for needs in self._needs.values() for name in needs}
        most = {name: max(needs[name] for needs in self._needs.values() if name in needs) for name in names}
        self._view = replace(USUAL_VIEW, **most)
        if self._view != before:
            self._ask(replace(self._view, extent=self._state.extent))

    def probe(self, xy: tuple[float, float] | None, target: float = 1.0) -> None:
        """Have every frame explain this point; None for none. Once a frame is enough."""
        self._ask(SetProbe(xy, target))

    def reset(self, seed: int | None = None) -> None:
        """Back to the initial weights, or to those of another seed; what trains goes on training."""
        running, until = self.running, self.until
        self._begin_run()
        self._ask(Reset(self._run, seed))
        self._go_on(running, until)

    def save_model(self, path: str) -> None:
        """Have the model written to a .keras file; ``saved`` or ``refused`` says what came of it."""
        self._ask_or_refuse(SaveModel(path))

    def load_model(self, path: str) -> None:
        """Have a .keras file read; ``loaded`` or ``refused`` says what came of it."""
        self._ask_or_refuse(LoadModel(path))

    def drawn(self) -> None:
        """The last frame is on the screen: tell of the next one, which the process has made meanwhile."""
        self._drawing = False
        self._take_frame()

    def ask_seat(self, number: int, command: Command) -> None:
        """Send a command to another seat of the process."""
        if self._is_ready and not self._closed:
            self._client.send(At(number, command))

    # To the process

    def _want(self, running: bool, until: int = 0) -> None:
        before = self.running
        self._wants_run, self._until, self._halted = running, until, False
        if self.running != before:
            self.running_changed.emit(self.running)

    def _go_on(self, running: bool, until: int) -> None:
        """In a run that has begun, as in the one before."""
        self._want(running, until)
        if running:
            self._ask_to_run()

    def _ask_to_run(self) -> None:
        self._ask(Run(self._speed, self._abreast, self._until))

    def _configure(self) -> None:
        running, until = self.running, self.until
        self._collect.stop()
        self._begin_run()
        self._sent = self._state
        for command in configure(self._state, run=self._run, view=self._view):
            self._ask(command)
        self._go_on(running, until)

    def _begin_run(self) -> None:
        self._run += 1
        self._halted = False
        self.run_began.emit()

    def _send_differences(self) -> None:
        before, self._sent = self._sent, self._state
        for command in differences(before, self._state, self._view):
            self._ask(command)

    def _ask(self, command: Command) -> None:
        """Send a command; the points painted so far go ahead of it."""
        if not self._is_ready or self._closed:
            return  # all that matters is sent when it is ready
        if self._collect.isActive():
            self._collect.stop()
            self._send_differences()
        self._client.send(command)

    def _ask_or_refuse(self, command: Command) -> None:
        if self._is_ready:
            self._ask(command)
        else:
            self.refused.emit("TensorFlow is still loading: try again in some seconds.")

    # From the process: these two on its reading thread, the others on the GUI thread

    def _on_event(self, event: Event) -> None:
        if self.seats.tell(event):
            return
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
        if self._drawing:
            return
        with self._lock:
            frame, self._newest = self._newest, None
        if frame is None or self._closed or not self._is_ready:
            return
        self._client.send(Acknowledge(frame.number))  # before it is drawn: the next one is made at the same time
        if frame.run == self._run:
            self._drawing, self._taken = True, frame
            self._tell_in_turn()

    def _tell_frame(self) -> None:
        frame, self._taken = self._taken, None
        if self._closed or frame is None:
            return
        if frame.run != self._run:  # another one has begun meanwhile
            self.drawn()
            return
        before = self.running
        there = frame.state == "paused" and 0 < self._until <= frame.epoch
        self._halted = there or frame.state in ("stopped", "failed")
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
            case Saved():
                self.saved.emit(event)
            case Loaded():
                self.loaded.emit(event)
            case Failed():
                log.info("%s was refused: %s", event.what, event.message)
                self.refused.emit(event.message)

    def _take_exit(self, reason: str) -> None:
        if self._closed:
            return
        self._is_ready = False
        self._collect.stop()
        self.ended.emit(reason)
