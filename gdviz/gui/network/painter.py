"""Turns what mouse, finger and pen do on the canvas into points and questions of the store."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, QPointF, Qt, Signal

from gdviz.gui.network.canvas import Canvas
from gdviz.gui.network.painting import (
    DENSITIES,
    FULL,
    QUESTION,
    SIZES,
    TOOLS,
    USUAL_DENSITY,
    USUAL_SIZE,
    Ink,
    Stroke,
    has_room,
)
from gdviz.gui.network.pointed_plot import Contact
from gdviz.gui.network.select_tool import Band, Drag, SelectTool
from gdviz.gui.network.selected import Selected
from gdviz.gui.network.state import NetworkState
from gdviz.gui.network.store import Store
from gdviz.network.points import GREEN, RED

LIGHTEST, HEAVIEST = 0.4, 1.6
"""How many times as large as usual the brush is under a pen without and with all pressure."""


class Painter(QObject):
    """Holds the tool, what it paints with, and the selection.

    Attributes:
        tool: one of ``TOOLS``.
        size, density: indices of ``SIZES`` and ``DENSITIES``.
        label: RED, GREEN or QUESTION, what the left button paints; the right one paints the other colour.
        value: what the left button paints in regression; the right one paints its mirror image.
        selected: what is selected.

    Signals:
        changed(): another tool, size, density, label or value.
    """

    changed = Signal()

    def __init__(self, canvas: Canvas, store: Store, *, seed: int = 0) -> None:
        """Args: canvas: where the mouse paints; store: whose points change; seed: of the spray."""
        super().__init__(canvas)
        self._canvas = canvas
        self._store = store
        self._rng = np.random.default_rng(seed)
        self._gesture: PaintGesture | Band | Drag | None = None
        self.tool = TOOLS[0]
        self.size = USUAL_SIZE
        self.density = USUAL_DENSITY
        self.label = RED
        self.value = store.state.value_range[0]
        self.selected = Selected(store, self)
        self._select = SelectTool(canvas, store, self.selected)
        self.selected.changed.connect(self._show_selected)
        store.changed.connect(self._follow)
        canvas.pressed.connect(self._begin)
        canvas.dragged.connect(self._move)
        canvas.released.connect(self._end)
        canvas.sized.connect(self.resize)
        canvas.pointed.connect(self._point)
        self._show_selected()
        self._show()

    def set_tool(self, tool: str) -> None:
        """Take another tool: one of ``TOOLS``."""
        self.tool = tool
        if tool != "select":
            self.selected.drop()
        self._show()

    def set_size(self, size: int) -> None:
        """Take a brush of another size: an index of ``SIZES``, brought into range."""
        self.size = min(max(size, 0), len(SIZES) - 1)
        self._show()

    def set_density(self, density: int) -> None:
        """Take a denser or thinner spray: an index of ``DENSITIES``, brought into range."""
        self.density = min(max(density, 0), len(DENSITIES) - 1)
        self._show()

    def set_value(self, value: float) -> None:
        """Paint points of this value, in regression."""
        self.value = value
        self.label = RED if self.label == QUESTION else self.label
        self._show()

    def resize(self, steps: int) -> None:
        """A larger or smaller brush."""
        self.set_size(self.size + steps)

    def use_ink(self, label: int) -> None:
        """Paint with this label, or with questions; where points are selected, give it to them instead.

        Questions chosen once more are questions no more.
        """
        if len(self.selected):
            self.selected.relabel(Ink.of(label, self._store.state.value_range))
            self._show()  # the button that was clicked is not what is painted with
            return
        ends = self._store.state.value_range
        if label == QUESTION == self.label:
            label = Ink.of_value(self.value, ends).label
        elif label != QUESTION:
            self.value = Ink.of(label, ends).value
        self.label = label
        if self.tool in ("eraser", "select"):
            self.tool = "point" if label == QUESTION else "brush"
        self._show()

    def give_value(self) -> None:
        """Give what is selected the value that is painted with."""
        self.selected.relabel(Ink.of_value(self.value, self._store.state.value_range))

    def select_all(self) -> None:
        """Take the select tool, and select everything."""
        self.take_hold()
        self.selected.take_all()

    def take_hold(self) -> None:
        """Take the select tool, and have the arrow keys move what is selected."""
        self.set_tool("select")
        self._canvas.setFocus(Qt.FocusReason.OtherFocusReason)

    def ink(self, *, other: bool = False) -> Ink:
        """What is painted with, or its counterpart."""
        state = self._store.state
        low, high = ends = state.value_range
        if self.label == QUESTION:
            return Ink.of(QUESTION, ends)
        if state.network.regression:
            return Ink.of_value(low + high - self.value if other else self.value, ends)
        return Ink.of((RED if self.label == GREEN else GREEN) if other else self.label, ends)

    def _show(self) -> None:
        sprays = self.tool == "brush" and self.label != QUESTION
        self._canvas.set_radius(self._radius() if sprays or self.tool == "eraser" else None)
        select = self.tool == "select"
        self._canvas.set_pointer(Qt.CursorShape.ArrowCursor if select else Qt.CursorShape.CrossCursor)
        self.changed.emit()

    def _follow(self, before: NetworkState, now: NetworkState) -> None:
        """Keep the value on the colour scale."""
        if before.value_range != now.value_range:
            low, high = now.value_range
            self.value = min(max(self.value, low), high)
            self._show()

    def _show_selected(self) -> None:
        self._canvas.show_selected(*self.selected.shown)

    def _radius(self, pressure: float | None = None) -> float:
        scale = 1.0 if pressure is None else LIGHTEST + pressure * (HEAVIEST - LIGHTEST)
        return SIZES[self.size] * scale

    def _begin(self, contact: Contact) -> None:
        if self.tool == "select" and not contact.eraser:
            self._gesture = None if contact.right else self._select.begin(contact)
            return
        tool, ink = "eraser" if contact.eraser else self.tool, self.ink(other=contact.right or contact.shift)
        asks = ink.label == QUESTION
        if tool != "eraser" and not has_room(self._store.state.painted, not asks, asks):
            self.selected.refused.emit(FULL)
            return
        stroke = Stroke(
            tool=tool,
            ink=ink,
            radius=self._radius(contact.pressure),
            density=DENSITIES[self.density],
            rng=self._rng,
        )
        self._gesture = PaintGesture(self._store, stroke, contact)

    def _move(self, contact: Contact) -> None:
        if isinstance(self._gesture, PaintGesture) and contact.pressure is not None:
            self._gesture.stroke.radius = self._radius(contact.pressure)
            if self._canvas.shows_brush:
                self._canvas.set_radius(self._gesture.stroke.radius)
        if self._gesture is not None:
            self._gesture.move(contact)

    def _end(self) -> None:
        gesture, self._gesture = self._gesture, None
        if gesture is not None:
            gesture.end()

    def _point(self, position: QPointF | None) -> None:
        """Show by the cursor what a press would take hold of."""
        if self.tool == "select" and self._gesture is None and position is not None:
            over = self._select.hit(Contact(self._canvas.units_at(position)))
            self._canvas.set_pointer(Qt.CursorShape.ArrowCursor if over is None else Qt.CursorShape.SizeAllCursor)


class PaintGesture:
    """A stroke under way."""

    def __init__(self, store: Store, stroke: Stroke, contact: Contact) -> None:
        self._store = store
        self.stroke = stroke
        store.begin_stroke()
        store.put(stroke.begin(store.state.painted, contact.at))

    def move(self, contact: Contact) -> None:
        """It goes on, unless it was undone in the middle of it."""
        if self._store.is_stroking:
            self._store.put(self.stroke.move(self._store.state.painted, contact.at))

    def end(self) -> None:
        """It is complete."""
        self._store.end_stroke()
