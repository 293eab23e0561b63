"""The coach: what the curvature allows where the selected racer stands, and what to try."""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QSizePolicy, QVBoxLayout, QWidget

from gdviz.descent.coach import Advice, diagnose
from gdviz.descent.races import Race, asks_some
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.numbers import in_words, short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.timers import one_shot

REFRESH_MILLISECONDS = 100
WIDE = 70
"""From so many grid units on, most of what the coach says has room on two lines; below, on three."""

WORDINGS = (
    ("stable up to 2/λmax = ", "no largest stable rate: it bends up nowhere", "eigenvalues of the Hessian "),
    ("stable up to 2/λmax = ", "no largest stable rate", "Hessian λ: "),
    ("stable up to 2/λmax = ", "no largest stable rate", "λ: "),
    ("2/λmax = ", "bends up nowhere", "λ: "),
)
"""What is said with 2/λmax, without one, and with the eigenvalues: from most words to fewest."""

WORDINGS_OF_A_CURVE = (
    ("stable up to 2/f″ = ", "no largest stable rate: it bends down", "curvature f″ "),
    ("2/f″ = ", "bends down", "f″ "),
)
WORDINGS_IN_BATCHES = (
    ("of all samples: stable up to 2/λmax = ", "of all samples: no largest stable rate", "eigenvalues of the Hessian "),
    ("of all samples: 2/λmax = ", "of all samples: bends up nowhere", "λ: "),
    *WORDINGS[-1:],
)
"""The same where gradients are those of some samples."""

GAP = " " * 5
LONG_NUMBER = "−444.4444"
"""Few numbers are longer."""

_SUGGESTED = re.compile(r"\btry (?:a learning rate of )?(\d+(?:\.\d+)?(?:e[+-]?\d+)?)", re.IGNORECASE)
_WARNING_STATES = ("diverging", "oscillating", "crawling", "saddle", "maximum", "local minimum", "flat")


@dataclass(frozen=True, slots=True, eq=False)
class _Said:
    """What the coach says about a racer at a row of its trajectory."""

    racer: int
    step: int
    dimensions: int
    in_batches: bool
    advice: Advice


class CoachLine(QWidget):
    """Eigenvalues and the largest stable rate in one line, what to try below; ten times a second at most."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.coach")
        self.setAccessibleName("Coach")
        self._session, self._look = session, look
        self._said: _Said | None = None
        self._outdated = False
        self._warns = False
        self._make()
        self._worker: Latest | None = None
        self._pause = one_shot(self, REFRESH_MILLISECONDS, self._ask_again)
        for changed in (session.spec_changed, session.race_changed, session.step_changed):
            changed.connect(self._refresh)
        look.changed.connect(self._restyle)
        self._restyle()

    def close_line(self) -> None:
        """End the thread and the timer."""
        self._pause.stop()
        if self._worker is not None:
            self._worker.close()

    def showEvent(self, event: QShowEvent) -> None:
        """From now on the coach looks."""
        super().showEvent(event)
        self._refresh()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Two lines of words where most have room, three where it is narrow."""
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit()

    def _make(self) -> None:
        self.numbers = ElidedLabel("descent.coach.numbers")
        self.words = QLabel()
        self.words.setObjectName("descent.coach.words")
        self.words.setWordWrap(True)
        self.words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.button = QPushButton()
        self.button.setObjectName("descent.coach.try")
        self.button.setToolTip("Use the learning rate that the coach suggests")
        keeps = self.button.sizePolicy()
        keeps.setRetainSizeWhenHidden(True)
        self.button.setSizePolicy(keeps)
        self.button.clicked.connect(self._try)
        self.button.hide()
        texts = QVBoxLayout()
        texts.setSpacing(2)
        texts.addWidget(self.numbers)
        texts.addWidget(self.words)
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        row.addLayout(texts, 1)
        row.addWidget(self.button, 0, Qt.AlignmentFlag.AlignVCenter)

    def _color_words(self) -> None:
        theme = self._look.theme
        self.words.setStyleSheet(f"color: {theme.warning if self._warns else theme.text}")

    def _restyle(self) -> None:
        self._color_words()
        self.words.setFont(self._look.font(0.95))
        self.button.setFixedWidth(self.button.fontMetrics().horizontalAdvance("Try 0.000005") + self._look.pixels(3))
        self._fit()

    def _fit(self) -> None:
        lines = 2 if self.width() >= self._look.pixels(WIDE) else 3
        self._show_numbers()
        self.words.setFixedHeight(lines * self.words.fontMetrics().lineSpacing() + 2)
        self._make_room()

    def _make_room(self) -> None:
        """Let words that need more lines have them; fewer again only at another width: the views must not jump."""
        needed = self.words.heightForWidth(self.words.width())
        if self.isVisible() and needed > self.words.height():
            self.words.setFixedHeight(needed)

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange and hasattr(self, "button"):
            self._restyle()

    # Asking

    def _refresh(self) -> None:
        if not self.isVisible():
            return
        if self._pause.isActive():
            self._outdated = True
            return
        self._pause.start()
        self._ask()

    def _ask_again(self) -> None:
        if self._outdated:
            self._outdated = False
            self._refresh()

    def _ask(self) -> None:
        session = self._session
        index, race = session.selected, session.race
        if index >= len(race.trajectories) or index >= len(session.spec.racers):
            self._said = None
            self._show(None)
            return
        if self._worker is None:
            self._worker = Latest("coach", self)
            self._worker.done.connect(self._show)
            self._worker.failed.connect(lambda _: self._show(None))
        step = session.rows()[index]
        self._worker.request(partial(_diagnosed, race, index, step))

    # Saying

    def _show(self, said: _Said | None) -> None:
        self._said = said
        advice = None if said is None else said.advice
        self._show_numbers()
        words = "" if advice is None else in_words(advice.sentence)
        warns = advice is not None and advice.state in _WARNING_STATES
        self.words.setText(words)
        self._make_room()
        if warns != self._warns:
            self._warns = warns
            self._color_words()
        in_full = "" if said is None else _numbers(said)
        self.setAccessibleDescription(f"{in_full}. {words}")
        rate = None if advice is None else suggested_rate(advice.sentence)
        self.button.setVisible(rate is not None)
        if rate is not None:
            self.button.setText(f"Try {rate:g}")
            self.button.setAccessibleName(f"Try a learning rate of {rate:g}")

    def _show_numbers(self) -> None:
        """Where it is narrow, words give way and not the numbers."""
        said = self._said
        if said is None:
            self.numbers.tell("", "")
            return
        room, width = self.numbers.width(), self.numbers.fontMetrics().horizontalAdvance
        wordings = _wordings(said)
        texts = [_numbers(said, wording) for wording in range(len(wordings))]
        # Mostly by the room alone, so that the words stay the same while it plays.
        fits = [max(width(_longest(each)), width(text)) <= room for each, text in zip(wordings, texts, strict=True)]
        first = fits.index(True) if True in fits else -1
        self.numbers.tell(texts[first], texts[0] if first else "")

    def _try(self) -> None:
        said, session = self._said, self._session
        rate = None if said is None else suggested_rate(said.advice.sentence)
        if said is None or rate is None or said.racer >= len(session.spec.racers):
            return
        # Settings that were changed in mid-race are what it runs with there: those are changed, from where they began.
        change = session.spec.racers[said.racer].at(said.step)
        session.set_optimizer(said.racer, change.optimizer.with_setting("learning_rate", rate), step=change.step)


def suggested_rate(sentence: str) -> float | None:
    """The learning rate that a sentence of the coach suggests, None where it suggests something else."""
    found = _SUGGESTED.search(sentence)
    rate = None if found is None else float(found[1])
    return rate if rate else None


def _diagnosed(race: Race, racer: int, step: int) -> _Said:
    in_batches = asks_some(race.spec.surface, race.spec.noise)
    advice = diagnose(race.surface, race.trajectories[racer], step, in_batches=in_batches)
    return _Said(racer, step, race.surface.dimensions, in_batches, advice)


def _wordings(said: _Said) -> tuple[tuple[str, str, str], ...]:
    if said.dimensions == 1:
        return WORDINGS_OF_A_CURVE
    return WORDINGS_IN_BATCHES if said.in_batches else WORDINGS


def _numbers(said: _Said, wording: int = 0) -> str:
    advice = said.advice
    if any(math.isnan(value) for value in advice.eigenvalues):
        return "the Hessian is not finite here"
    with_limit, without, of_hessian = _wordings(said)[wording]
    stable = advice.largest_stable_rate
    allowed = without if stable is None else f"{with_limit}{stable:.4g}"
    eigenvalues = [short(float(value)) for value in advice.eigenvalues[-said.dimensions :]]
    return f"{allowed}{GAP}{of_hessian}{', '.join(eigenvalues)}"


def _longest(wording: tuple[str, str, str]) -> str:
    """As much as such words may need."""
    with_limit, without, of_hessian = wording
    return f"{max(with_limit + LONG_NUMBER, without, key=len)}{GAP}{of_hessian}{LONG_NUMBER}, {LONG_NUMBER}"
