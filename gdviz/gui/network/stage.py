"""Something that has the tab's keys while it is in front of the tab's own network."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


class Stage(Protocol):
    """Plays as a tab does."""

    @property
    def running(self) -> bool:
        """Whether it trains, or will as soon as it can."""

    @property
    def begun(self) -> bool:
        """Whether anything of what is shown was trained."""

    def play_pause(self) -> None:
        """Train, or pause."""

    def step_forward(self) -> None:
        """Train to the end of the epoch."""

    def step_batch(self) -> None:
        """Train one batch."""

    def step_back(self) -> None:
        """An epoch back."""

    def to_start(self) -> None:
        """To the initial weights."""

    def to_end(self) -> None:
        """To the newest epoch."""

    def reset(self) -> None:
        """Begin anew with the same initial weights."""


def unless_staged(method: Callable[[NetworkTab], None]) -> Callable[[NetworkTab], None]:
    """A method of the tab that is the stage's while there is one."""

    @wraps(method)
    def chosen(tab: NetworkTab) -> None:
        if tab.stage is None:
            method(tab)
        else:
            getattr(tab.stage, method.__name__)()

    return chosen
