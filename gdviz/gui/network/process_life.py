"""What becomes of the training process: it loads, it may fail, end or hang, and another one is started in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gdviz.gui.network.part import Part
from gdviz.gui.network.silence import Silence
from gdviz.gui.numbers import in_words
from gdviz.gui.widgets.timers import one_shot
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

READ_MILLISECONDS = 10_000
"""So long after another process is ready, what was said of the one before is read, and would only be in the way."""


class ProcessLife(Part):
    """Says what happened to the process, and has it started again.

    Attributes:
        silence: of a process that should train.
        has_ended: whether there is no process, and none comes by itself.
        failure: what a message is about that says why a run has failed.
    """

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.has_ended = self._was_ready = False
        self._failed_run = -1
        self.failure = object()
        self._read = one_shot(self, READ_MILLISECONDS, lambda: tab.banner.withdraw(self))
        bridge = tab.bridge
        self.silence = Silence(bridge, self)
        bridge.ready.connect(lambda _: self._say_ready())
        bridge.ended.connect(self._say_ended)
        bridge.refused.connect(lambda text: tab.refuse(text, kind="error"))
        self.silence.began.connect(self._say_silent)
        self.silence.broken.connect(lambda: tab.banner.withdraw(self.silence))

    def show_frame(self, frame: Frame) -> None:
        """Say once why a run has failed."""
        if frame.state == "failed" and frame.run != self._failed_run:
            self._failed_run = frame.run
            said, reset = in_words(frame.reason), self.tab.reset
            self.tab.banner.say(said, kind="error", action="Reset", on_action=reset, about=self.failure)

    def begin_run(self) -> None:
        """Another run has not failed."""
        self.forget_failure()

    def forget_failure(self) -> None:
        """Another attempt is made."""
        self._failed_run = -1
        self.tab.banner.withdraw(self.failure)

    def close(self) -> None:
        """End the timer."""
        self.silence.close()
        self._read.stop()

    def _say_ready(self) -> None:
        self._was_ready = True
        self._read.start()
        self.tab.say()

    def _say_ended(self, reason: str) -> None:
        """Have another process started, unless this one could not even begin."""
        text = f"The training process ended ({reason}). Points and settings are kept"
        if self._was_ready:
            self._read.stop()
            self.tab.banner.say(f"{text}; another one is starting, and training begins anew.", about=self)
            self._restart()
        else:
            self.has_ended = True
            self.tab.say()
            self.tab.banner.say(f"{text}.", kind="error", action="Restart", on_action=self._restart)

    def _say_silent(self) -> None:
        text = f"The training process has not answered for {self.silence.seconds:g} s. Wait, or restart it"
        text = f"{text}: points and settings are kept, and training begins anew."
        self.tab.banner.say(text, action="Restart", on_action=self._restart, about=self.silence)

    def _restart(self) -> None:
        self.has_ended = self._was_ready = False
        self.tab.bridge.restart()
        self.tab.say()
