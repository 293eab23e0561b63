"""Questions: what would the network say of a point whose label nobody knows? Its answers follow the training."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from gdviz.gui.network.canvas import QUESTIONS
from gdviz.gui.network.part import Part
from gdviz.gui.network.questions_item import QuestionsItem
from gdviz.gui.network.state import NetworkState, Position
from gdviz.gui.numbers import short
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


class Questions(Part):
    """Shows the questions of the state with the newest answers."""

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self._places: tuple[Position, ...] = ()
        self._answers: tuple[float, ...] = ()
        self.item = QuestionsItem(tab.look)
        tab.canvas.add_item(self.item, QUESTIONS)

    @property
    def texts(self) -> list[str]:
        """What is shown beside each question."""
        regression = self.tab.store.state.network.regression
        return [answer_text(answer, regression=regression) for answer in self._answers]

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """Show the questions; each keeps its answer until a new one comes."""
        if now.questions != self._places:
            self._answers = carried(self._places, self._answers, now.questions)
            self._places = now.questions
        self._draw()

    def show_frame(self, frame: Frame) -> None:
        """Show the answers, unless they are to other questions."""
        if len(frame.answers) == len(self._places):
            self._answers = tuple(frame.answers.tolist())
            self._draw()

    def begin_run(self) -> None:
        """Another network has not answered yet."""
        self._answers = (math.nan,) * len(self._places)
        self._draw()

    def _draw(self) -> None:
        self.item.show_questions(self._places, self.texts, self.tab.store.state.extent)
        self.item.update()  # the look may be another one


def answer_text(answer: float, *, regression: bool) -> str:
    """A probability in whole percent, or a value; a dash where there is none yet."""
    if not math.isfinite(answer):
        return "–"
    return short(answer, 2) if regression else f"{100 * answer:.0f} %"


def carried(before: tuple[Position, ...], answers: tuple[float, ...], now: tuple[Position, ...]) -> tuple[float, ...]:
    """The answers so far to questions that are others now: where one was moved, that of its old place."""
    if len(before) == len(now):
        return answers
    known = dict(zip(before, answers, strict=True))
    return tuple(known.get(place, math.nan) for place in now)
