"""Which points and questions are selected, and what can be done with them."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal

from gdviz.gui.network import marks
from gdviz.gui.network.geometry import FloatArray, from_canvas, on_canvas, shift_within, to_canvas
from gdviz.gui.network.marks import Mask
from gdviz.gui.network.painting import FULL, QUESTION, Ink, has_room
from gdviz.gui.network.state import NetworkState, Painted
from gdviz.gui.network.store import Store

JITTER = 0.15
"""Standard deviation of a jitter, canvas units."""

BESIDE = 0.4
"""How far beside the original a copy lies, in each direction, canvas units."""

SAME = "Nothing to change: what is selected is like that already."


class Selected(QObject):
    """Keeps the selection through all changes of the points; each edit is one step of undo, unless it is in a stroke.

    Attributes:
        chosen: which marks (points, then questions) are selected, shape (n + q,).

    Signals:
        changed(): another selection, or other places of it.
        refused(str): something could not be done; why, for people.
    """

    changed = Signal()
    refused = Signal(str)

    def __init__(self, store: Store, parent: QObject, *, seed: int = 0) -> None:
        """Args: store: whose points are selected; seed: of the jitter."""
        super().__init__(parent)
        self._store = store
        self._rng = np.random.default_rng(seed)
        self.chosen = marks.none_of(store.state)
        store.changed.connect(self._follow)
        store.replaced.connect(self.drop)

    def __len__(self) -> int:
        return int(self.chosen.sum())

    @property
    def units(self) -> FloatArray:
        """Where the selected marks are, shape (k, 2), canvas units."""
        return to_canvas(xy=self.places, extent=self._store.state.extent)

    @property
    def places(self) -> FloatArray:
        """Where the selected marks are, shape (k, 2), x1 and x2."""
        return marks.places_of(self._store.state)[self.chosen]

    @property
    def shown(self) -> tuple[Mask, FloatArray]:
        """Which points are selected, shape (n,), and where the selected questions are, shape (k, 2), x1 and x2."""
        count = len(self._store.state.points)
        points = self.chosen[:count]
        return points, self.places[int(points.sum()) :]

    def take(self, chosen: Mask) -> None:
        """Select these marks and no others."""
        if not np.array_equal(chosen, self.chosen):
            self.chosen = chosen
            self.changed.emit()

    def take_all(self) -> None:
        """Select all points and questions."""
        self.take(~marks.none_of(self._store.state))

    def drop(self) -> None:
        """Select none."""
        self.take(marks.none_of(self._store.state))

    def delete(self) -> None:
        """Remove what is selected."""
        self._store.put(marks.without(self._store.state.painted, self.chosen))

    def shift(self, by: tuple[float, float]) -> None:
        """Move what is selected, in canvas units, as far as all of it stays on the canvas."""
        if len(self):
            units = self.units
            self._place(units + shift_within(units=units, shift=by))

    def jitter(self) -> None:
        """Move each selected mark a little way of its own."""
        units = self.units
        self._place(on_canvas(units + self._rng.normal(0.0, JITTER, units.shape)))

    def relabel(self, ink: Ink) -> None:
        """Give what is selected another label and value, or make it questions; it stays selected."""
        if not len(self):
            return
        before, asks = self._store.state.painted, ink.label == QUESTION
        if asks and not has_room(before, 0, int(self.chosen[: len(before.points)].sum())):
            self.refused.emit(FULL)
            return
        chosen, label, value = self.chosen, ink.label, ink.value
        now = marks.asked_about(before, chosen) if asks else marks.relabelled(before, chosen, label, value)
        if now[0] == before:
            self.refused.emit(SAME)
        else:
            self.draw(*now)

    def duplicate(self) -> None:
        """Copy what is selected to a place beside it; the copies are selected then."""
        before = self._store.state.painted
        count = int(self.chosen[: len(before.points)].sum())
        if not has_room(before, count, len(self) - count):
            self.refused.emit(FULL)
            return
        if not len(self):
            return
        units = self.units
        ways = [shift_within(units=units, shift=(x, y)) for x in (BESIDE, -BESIDE) for y in (-BESIDE, BESIDE)]
        places = units + max(ways, key=lambda way: float(np.abs(way).sum()))
        self.draw(*marks.with_copies(before, self.chosen, self._in_inputs(places)))

    def draw(self, painted: Painted, chosen: Mask) -> None:
        """Other points and questions, and which of them are selected then."""
        self._store.put(painted)
        self.take(chosen)

    def _place(self, units: FloatArray) -> None:
        self._store.put(marks.placed(self._store.state.painted, self.chosen, self._in_inputs(units)))

    def _in_inputs(self, units: FloatArray) -> FloatArray:
        return from_canvas(units=units, extent=self._store.state.extent)

    def _follow(self, before: NetworkState, now: NetworkState) -> None:
        """Keep the same marks selected; those of another data set are others."""
        if before.points is now.points and before.questions == now.questions:
            return
        anew = before.source != now.source
        self.chosen = marks.none_of(now) if anew else marks.followed(before, now, self.chosen)
        self.changed.emit()
