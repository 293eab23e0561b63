"""Back to any kept epoch: scrub, step, play the training again, and go on from there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSettings

from gdviz.gui.network.part import Part
from gdviz.gui.network.speed import SPEEDS, SpeedBox
from gdviz.gui.numbers import whole
from gdviz.gui.widgets.controls import icon_button
from gdviz.gui.widgets.step_clock import StepClock
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

REPLAY_SECONDS = 10.0
"""How long the whole training takes to play again at the highest speed."""


class TimeTravel(Part):
    """Works slider, step buttons, speed and the button that plays again.

    Attributes:
        kept: epochs that can be shown, in order, shape (k,).
        epoch: the one that is shown.
    """

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.kept: NDArray[np.int64] = np.zeros(1, np.int64)
        self.epoch = 0
        self._restored = -1
        self.speed = SpeedBox()
        self.speed.chosen.connect(self._set_speed)
        self.replay_button = icon_button(
            "network.replay",
            "replay",
            "Play again",
            tab.look,
            tip="Play the training again (Shift+Space)",
            checkable=True,
        )
        self.replay_button.clicked.connect(self.toggle_replay)
        self._clock = StepClock(self)
        self._clock.moved.connect(self._play_on)
        transport = tab.transport
        tab.transport.add(self.replay_button)
        tab.transport.add(self.speed)
        transport.slider.setToolTip("Drag to go back to any kept epoch")
        transport.scrubbed.connect(lambda index: self.go_to(int(self.kept[index])))
        transport.step_back.connect(self.step_back)
        transport.to_end.connect(self.to_end)
        self._show()

    @property
    def newest(self) -> int:
        """The last epoch that was trained."""
        return max(int(self.kept[-1]), self.epoch)

    @property
    def in_the_past(self) -> bool:
        """Whether an earlier epoch than the newest is shown."""
        return self.epoch < self.newest

    @property
    def replaying(self) -> bool:
        """Whether the training is being played again."""
        return self._clock.running

    def show_frame(self, frame: Frame) -> None:
        """Take over which epochs are kept, and which is shown."""
        if len(frame.kept):
            self.kept = frame.kept
        self.epoch, self._restored = frame.epoch, frame.restored
        self._show()

    def begin_run(self) -> None:
        """Nothing is kept yet."""
        self.stop()
        self.kept, self.epoch, self._restored = np.zeros(1, np.int64), 0, -1
        self._show()

    def go_to(self, epoch: int) -> None:
        """Show a kept epoch, the newest not later than this; training pauses."""
        self.stop()
        self.tab.bridge.go_to(epoch)

    def step_back(self) -> None:
        """To the kept epoch before."""
        earlier = self.kept[self.kept < self.epoch]
        if len(earlier):
            self.go_to(int(earlier[-1]))

    def step_forward(self) -> bool:
        """To the next kept epoch; False where there is none, and training has to make one."""
        later = self.kept[self.kept > self.epoch]
        if not len(later):
            return False
        self.go_to(int(later[0]))
        return True

    def to_start(self) -> None:
        """To the initial weights."""
        self.go_to(0)

    def to_end(self) -> None:
        """To the newest epoch."""
        self.go_to(self.newest)

    def toggle_replay(self) -> None:
        """Play the training again from here, from the start where this is the end; or stop playing."""
        if self.replaying:
            self.stop()
        elif self.newest > 0:
            self.tab.bridge.pause()
            self._clock.position = float(self.epoch if self.in_the_past else 0)
            self._clock.speed = self._rate
            self._clock.run(True)
        self.replay_button.setChecked(self.replaying)
        self.tab.say()

    def stop(self) -> None:
        """Play no more."""
        played = self.replaying
        self._clock.run(False)
        self.replay_button.setChecked(False)
        if played:
            self.tab.say()

    def save(self, settings: QSettings) -> None:
        """Remember the speed."""
        settings.setValue("network/speed", self.speed.speed)

    def restore(self, settings: QSettings) -> None:
        """Take the speed from the last time, if it is one that is offered."""
        try:
            speed = float(str(settings.value("network/speed", 0.0)))
        except ValueError:
            return
        if speed in SPEEDS:
            self.speed.set_speed(speed)
            self.tab.bridge.set_speed(speed)

    def close(self) -> None:
        """End the timer."""
        self._clock.run(False)

    def _set_speed(self, speed: float) -> None:
        self._clock.speed = self._rate
        self.tab.bridge.set_speed(speed)

    @property
    def _rate(self) -> float:
        """Epochs a second of playing again."""
        return self.speed.speed or self.newest / REPLAY_SECONDS

    def _play_on(self) -> None:
        due = self._clock.position
        index = int(np.searchsorted(self.kept, due, side="right")) - 1
        epoch = int(self.kept[max(index, 0)])
        if epoch != self.epoch:
            self.tab.bridge.go_to(epoch)
        if due >= self.newest:
            self.stop()

    def _show(self) -> None:
        index = int(np.searchsorted(self.kept, self.epoch, side="right")) - 1
        position = f"epoch {whole(self.epoch)}"
        note = f"weights of {whole(self._restored)}" if self._restored >= 0 else ""
        transport = self.tab.transport
        transport.set_position(max(index, 0), len(self.kept) - 1, position, note)
        transport.step_back_button.setEnabled(self.epoch > 0)
        transport.to_start_button.setEnabled(self.epoch > 0)
        transport.to_end_button.setEnabled(self.in_the_past)
        self.replay_button.setEnabled(self.newest > 0)
