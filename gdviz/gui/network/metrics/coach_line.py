"""The coach's line: one warning, what to try, and a button that tries it."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton

from gdviz.gui.icons import icon
from gdviz.gui.network.metrics.few_lines import FewLines
from gdviz.gui.numbers import in_words
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import icon_button
from gdviz.gui.widgets.timers import one_shot
from gdviz.network.training_coach import Advice

LEAST_SECONDS = 2.0
"""What is said stays for so long at least, so that one can read it."""


class CoachLine(QFrame):
    """Shows the most important advice that was not dismissed; hidden while there is none.

    Attributes:
        advice: what it says; None while it is silent.

    Signals:
        tried(object): the button was clicked; the Advice.
    """

    tried = Signal(object)

    def __init__(self, look: Look, *, now: Callable[[], float] = time.monotonic) -> None:
        """Args: look: to follow; now: the clock, in seconds."""
        super().__init__()
        self.setObjectName("network.coach")
        self.setProperty("role", "bar")
        self.setAccessibleName("Coach")
        self._look, self._now = look, now
        self.advice: Advice | None = None
        self._wanted: Sequence[Advice] = ()
        self._dismissed: set[str] = set()
        self._said_at = -LEAST_SECONDS
        self._aside = False
        self._mark = QLabel()
        self._words = FewLines("network.coach.words")
        self._button = QPushButton()
        self._button.setObjectName("network.coach.try")
        self._button.setToolTip("Do what the coach suggests")
        self._button.setAccessibleName("Do what the coach suggests")
        self._button.clicked.connect(self._try)
        dismiss = icon_button(
            "network.coach.dismiss", "remove", "Dismiss", look, tip="No more of this warning in this run", flat=True
        )
        dismiss.clicked.connect(self.dismiss)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 2, 8, 2)
        row.setSpacing(8)
        row.addWidget(self._mark)
        row.addWidget(self._words, 1)
        row.addWidget(self._button)
        row.addWidget(dismiss)
        self._later = one_shot(self, 0, self._decide)
        look.changed.connect(self._restyle)
        self.hide()

    @property
    def text(self) -> str:
        """What it says, "" while it is silent."""
        return self.advice.sentence if self.advice is not None else ""

    def say(self, advice: Sequence[Advice]) -> None:
        """Say the most important of this; what is said already stays until it could be read."""
        self._wanted = advice
        self._decide()

    def dismiss(self) -> None:
        """Say nothing more of this kind until a new run begins."""
        if self.advice is not None:
            self._dismissed.add(self.advice.kind)
            self._show(self._chosen())

    def clear(self) -> None:
        """A new run begins: nothing is known of it."""
        self._wanted = ()
        self._dismissed.clear()
        self._later.stop()
        self._show(None)

    def set_aside(self, aside: bool) -> None:
        """Keep what it says out of sight, while that would seem to be about something else."""
        self._aside = aside
        self.setVisible(self.advice is not None and not aside)

    def close_line(self) -> None:
        """End the timer."""
        self._later.stop()

    def _chosen(self) -> Advice | None:
        return next((each for each in self._wanted if each.kind not in self._dismissed), None)

    def _decide(self) -> None:
        chosen = self._chosen()
        if chosen == self.advice:
            return
        left = self._said_at + LEAST_SECONDS - self._now()
        if self.advice is not None and left > 0.0:
            self._later.start(round(1000 * left) + 1)
        else:
            self._show(chosen)

    def _show(self, advice: Advice | None) -> None:
        self.advice = advice
        self._said_at = self._now()
        if advice is not None:
            self._words.say(in_words(advice.sentence))
            self._button.setText(advice.action)
            self._button.setVisible(bool(advice.action))
            self.setAccessibleDescription(in_words(advice.sentence))
            self._restyle()
        self.setVisible(advice is not None and not self._aside)

    def _try(self) -> None:
        if self.advice is not None:
            self.tried.emit(self.advice)

    def _restyle(self) -> None:
        if self.advice is not None:  # the first icon loads the set
            side = self._look.pixels(2.25)
            self._mark.setPixmap(icon("warning", self._look.theme.warning).pixmap(side, side))
