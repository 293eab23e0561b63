"""The point whose way through the network is explained: where the mouse is on the canvas, or where it was pinned."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from PySide6.QtCore import QObject, Signal

from gdviz.gui.network.state import Position
from gdviz.gui.widgets.timers import one_shot
from gdviz.network.points import Points

FRAME_MILLISECONDS = 16
AUTOMATIC = "nearest"
TARGETS = {AUTOMATIC: "nearest point", "red": "red", "green": "green"}
"""What the output should be for the point."""

Send = Callable[[Position | None, float], None]


class Probe(QObject):
    """Holds the point, and has it explained as long as anyone looks: at most once a frame.

    Signals:
        changed(): another point, or pinned, or free again.
    """

    changed = Signal()

    def __init__(self, send: Send, parent: QObject | None = None) -> None:
        """Args: send: has a place explained against a target; None for none."""
        super().__init__(parent)
        self._send = send
        self._points = Points()
        self._regression = False
        self._hovered: Position | None = None
        self._pinned: Position | None = None
        self._watched = False
        self._sent: tuple[Position | None, float] = (None, 1.0)
        self.choice = AUTOMATIC
        self._soon = one_shot(self, FRAME_MILLISECONDS, self._tell)

    @property
    def place(self) -> Position | None:
        """The point: the pinned one, otherwise where the mouse is or was last."""
        return self._pinned or self._hovered

    @property
    def pinned(self) -> bool:
        """Whether it stays where it is."""
        return self._pinned is not None

    @property
    def target(self) -> float:
        """What the output should be: 0 or 1, or the nearest point's value in regression."""
        if self.choice in ("red", "green") and not self._regression:
            return float(self.choice == "green")
        if self.place is None or not len(self._points):
            return 1.0
        nearest = int(((self._points.xy - np.asarray(self.place)) ** 2).sum(axis=1).argmin())
        return float(self._points.values[nearest] if self._regression else self._points.labels[nearest])

    def hover(self, place: Position | None) -> None:
        """The mouse is over a place; when it leaves, the last one stays."""
        if place is not None and place != self._hovered:
            self._hovered = place
            self._changed()

    def pin(self, place: Position) -> None:
        """Stay here."""
        self._pinned = self._hovered = place
        self._changed()

    def toggle_pin(self) -> None:
        """Stay where it is, or follow the mouse again."""
        self._pinned = None if self._pinned is not None else self._hovered
        self._changed()

    def free(self) -> None:
        """Follow the mouse again."""
        if self._pinned is not None:
            self.toggle_pin()

    def choose_target(self, choice: str) -> None:
        """A key of ``TARGETS``."""
        self.choice = choice
        self._changed()

    def show_points(self, points: Points, *, regression: bool) -> None:
        """The points among which the nearest is looked for."""
        self._points, self._regression = points, regression
        self._ask()

    def watch(self, watched: bool) -> None:
        """Whether anyone looks at what is explained."""
        self._watched = watched
        self._ask()

    def ask_again(self) -> None:
        """The training process may have forgotten it."""
        self._sent = (None, 1.0)
        self._ask()

    def close(self) -> None:
        """End the timer."""
        self._soon.stop()

    def _changed(self) -> None:
        self._ask()
        self.changed.emit()

    def _ask(self) -> None:
        if not self._soon.isActive():
            self._soon.start()

    def _tell(self) -> None:
        place = self.place if self._watched else None
        now = (place, self.target if place is not None else 1.0)
        if now != self._sent:
            self._sent = now
            self._send(*now)
