"""A part of tab 2: one concern with its widgets, which hears of the state and of frames as the tab does."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QSettings
from PySide6.QtGui import QAction

from gdviz.gui.network.actions import add_action
from gdviz.gui.network.state import NetworkState
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


class Part(QObject):
    """Connects itself to the tab when it is made; the tab calls the methods below, which do nothing here.

    Attributes:
        tab: whose part it is: its ``store`` changes the state, its ``bridge`` asks the training process, its
            ``canvas``, ``pages``, ``lower_pages``, ``top`` and ``transport`` have room for widgets.
    """

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.tab = tab

    def add_action(self, name: str, title: str, key: str, do: Callable[[], object], group: str) -> QAction:
        """Give the tab an action, ``network.action.<name>``; see ``actions``."""
        return add_action(self.tab, name, title, key, do, group)

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """The state is another one; before is None the first time."""

    def show_frame(self, frame: Frame) -> None:
        """A frame of the present run has come."""

    def begin_run(self) -> None:
        """From now on all is of another run, at epoch 0."""

    def show_stage(self) -> None:
        """The tab has another stage, or none any more."""

    def save(self, settings: QSettings) -> None:
        """Remember what should be the same at the next start."""

    def restore(self, settings: QSettings) -> None:
        """Take it from the last time; damaged values are refused."""

    def close(self) -> None:
        """End timers and threads."""
