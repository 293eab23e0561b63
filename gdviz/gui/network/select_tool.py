"""The tool that selects: a click takes one, a rubber band many, a drag moves all that is selected."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent

from gdviz.gui.network import marks
from gdviz.gui.network.canvas import Canvas
from gdviz.gui.network.geometry import FloatArray, Position, from_canvas, in_box, nearest, shift_within, to_canvas
from gdviz.gui.network.marks import Mask
from gdviz.gui.network.pointed_plot import SHIFT, Contact
from gdviz.gui.network.selected import Selected
from gdviz.gui.network.state import Painted
from gdviz.gui.network.store import Store

NUDGE = 0.1
"""How far an arrow key moves what is selected, canvas units; with Shift ten times as far."""

_WAYS = {
    Qt.Key.Key_Left: (-1.0, 0.0),
    Qt.Key.Key_Right: (1.0, 0.0),
    Qt.Key.Key_Up: (0.0, 1.0),
    Qt.Key.Key_Down: (0.0, -1.0),
}


class Band:
    """A rubber band under way."""

    def __init__(self, canvas: Canvas, store: Store, selected: Selected, contact: Contact) -> None:
        self._canvas, self._store, self._selected = canvas, store, selected
        self._corner = contact.at
        self._contact = contact
        self._before = selected.chosen if contact.shift or contact.control else marks.none_of(store.state)
        self._selected.take(self._before)

    def move(self, contact: Contact) -> None:
        """Its other corner is here."""
        self._canvas.show_band(self._corner, contact.at)
        caught = in_box(units=_units(self._store), corner=self._corner, other=contact.at)
        if len(caught) == len(self._before):  # training goes on, but another data set may have come
            self._selected.take(joined(self._before, caught, self._contact))

    def end(self) -> None:
        """It is let go."""
        self._canvas.hide_band()


class Drag:
    """What is selected, on its way to another place."""

    def __init__(self, canvas: Canvas, store: Store, selected: Selected, contact: Contact, hit: int) -> None:
        self._store, self._selected = store, selected
        self._slack = canvas.reach / 4
        self._from = contact.at
        self._hit: int | None = None if contact.shift or contact.control else hit
        self._origin: Painted | None = None
        self._units: FloatArray = np.empty((0, 2))

    def move(self, contact: Contact) -> None:
        """It is dragged here; all of it stays on the canvas."""
        way: Position = (contact.at[0] - self._from[0], contact.at[1] - self._from[1])
        if self._origin is None:
            if max(abs(way[0]), abs(way[1])) < self._slack or not len(self._selected):
                return  # a hand trembles
            self._hit = None
            self._origin, self._units = self._store.state.painted, self._selected.units
            self._store.begin_stroke()
        elif not self._store.is_stroking:
            return  # undone in the middle of it
        there = self._units + shift_within(units=self._units, shift=way)
        places = from_canvas(units=there, extent=self._origin.extent)
        self._store.put(marks.placed(self._origin, self._selected.chosen, places))

    def end(self) -> None:
        """It is let go; a click without a drag leaves the one that was clicked."""
        if self._hit is not None:
            self._selected.take(single(self._store, self._hit))
        elif self._origin is not None:
            self._store.end_stroke()


class SelectTool(QObject):
    """Begins what a press on the canvas begins, and moves the selection with the arrow keys."""

    def __init__(self, canvas: Canvas, store: Store, selected: Selected) -> None:
        super().__init__(canvas)
        self._canvas, self._store, self._selected = canvas, store, selected
        self._nudging = False
        canvas.installEventFilter(self)

    def begin(self, contact: Contact) -> Band | Drag | None:
        """The band or drag that begins here; None where the press selects and no more."""
        hit = self.hit(contact)
        if hit is None:
            return Band(self._canvas, self._store, self._selected, contact)
        chosen = self._selected.chosen
        if contact.shift or contact.control or not chosen[hit]:
            before = chosen if contact.shift or contact.control else marks.none_of(self._store.state)
            self._selected.take(joined(before, single(self._store, hit), contact))
        return Drag(self._canvas, self._store, self._selected, contact, hit) if self._selected.chosen[hit] else None

    def hit(self, contact: Contact) -> int | None:
        """The mark that is meant there; None where there is none."""
        reach = self._canvas.reach * (2.0 if contact.coarse else 1.0)
        return nearest(units=_units(self._store), at=contact.at, reach=reach)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """While something is selected and the canvas has the focus, arrow keys move it and Escape lets go of it."""
        if isinstance(event, QKeyEvent) and len(self._selected):
            key = Qt.Key(event.key())
            if key == Qt.Key.Key_Escape or (key in _WAYS and not event.modifiers() & ~(SHIFT | _PAD)):
                return self._key(key, event)
        return super().eventFilter(watched, event)

    def _key(self, key: Qt.Key, event: QKeyEvent) -> bool:
        match event.type():
            case QEvent.Type.ShortcutOverride:
                event.accept()  # ours, and not a step of training
            case QEvent.Type.KeyPress if key == Qt.Key.Key_Escape:
                self._selected.drop()
            case QEvent.Type.KeyPress:
                if not event.isAutoRepeat():
                    self._store.begin_stroke()  # as long as the key is down it is one
                step = NUDGE * (10.0 if event.modifiers() & SHIFT else 1.0)
                self._selected.shift((step * _WAYS[key][0], step * _WAYS[key][1]))
            case QEvent.Type.KeyRelease if key in _WAYS and not event.isAutoRepeat():
                self._store.end_stroke()
        return True


_PAD = Qt.KeyboardModifier.KeypadModifier  # macOS says so of arrow keys


def joined(before: Mask, caught: Mask, contact: Contact) -> Mask:
    """What is selected then: Control toggles, otherwise it is added."""
    return before ^ caught if contact.control else before | caught


def single(store: Store, hit: int) -> Mask:
    """One mark alone."""
    chosen = marks.none_of(store.state)
    chosen[hit : hit + 1] = True
    return chosen


def _units(store: Store) -> FloatArray:
    return to_canvas(xy=marks.places_of(store.state), extent=store.state.extent)
