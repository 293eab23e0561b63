"""Notices a training process that is there and is to train, but says nothing any more."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from gdviz.gui.network.bridge import TrainingBridge
from gdviz.gui.widgets.timers import one_shot
from gdviz.training.messages import Frame

SECONDS = 20
"""Longer than the largest network that is not compiled yet takes for a frame, on a slow computer."""


class Silence(QObject):
    """Listens to what comes from the process while it trains.

    Attributes:
        seconds: what is too long.

    Signals:
        began(): it has been silent for too long.
        broken(): it speaks again, is not waited for any more, or is another one.
    """

    began = Signal()
    broken = Signal()

    def __init__(self, bridge: TrainingBridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._bridge = bridge
        self._lasts = False
        self.seconds = SECONDS
        self._timer = one_shot(self, round(1000 * self.seconds), self._begin)
        bridge.frame.connect(self._hear)
        bridge.running_changed.connect(self._listen)
        bridge.run_began.connect(self._listen)
        bridge.ready.connect(self._listen)
        bridge.ended.connect(self._listen)

    def close(self) -> None:
        """Listen no more."""
        self._timer.stop()

    def _hear(self, frame: Frame) -> None:
        self._listen()
        if frame.state != "running":  # it waits for points, say
            self._timer.stop()

    def _listen(self, *_: object) -> None:
        """From now on it is silent."""
        if self._lasts:
            self._lasts = False
            self.broken.emit()
        if self._bridge.is_ready and self._bridge.running:
            self._timer.start()
        else:
            self._timer.stop()

    def _begin(self) -> None:
        self._lasts = True
        self.began.emit()
