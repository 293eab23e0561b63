"""The diagram: the picture of the network, worked with mouse and arrow keys."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QWheelEvent
from PySide6.QtWidgets import QToolTip

from gdviz.gui.network.diagram.picture import Picture
from gdviz.gui.network.diagram.plan import column_at, spot_at
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import KEYS, Bias, Link, Neuron, Spot, exists, title_of
from gdviz.gui.network.diagram.walk import Stand, stand_at, walked
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look

_ARROWS = {
    Qt.Key.Key_Left: "left",
    Qt.Key.Key_Right: "right",
    Qt.Key.Key_Up: "up",
    Qt.Key.Key_Down: "down",
}
_ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_LAYER = (Qt.Key.Key_Insert, Qt.Key.Key_Delete)


class Diagram(Picture):
    """Tells what is pointed at, chosen and asked for.

    Signals:
        pointed(object): the Spot under the mouse; None when there is none.
        chosen(object): another Spot is selected; None when none is.
        edit_asked(object): a Link or Bias is to be changed.
        feature_toggled(str): a key of ``FEATURES`` is to be seen by the network, or not any more.
        layer_asked(int, bool): a hidden layer is to be added behind this column (True), or this one removed (False).
    """

    pointed = Signal(object)
    chosen = Signal(object)
    edit_asked = Signal(object)
    feature_toggled = Signal(str)
    layer_asked = Signal(int, bool)

    def __init__(self, look: Look) -> None:
        super().__init__(look)
        self.setObjectName("network.diagram")
        self.setAccessibleName("Diagram of the network")
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._stand: Stand | None = None

    @property
    def selected(self) -> Spot | None:
        """What was clicked last, or reached with the arrow keys."""
        return self._selected

    def select(self, spot: Spot | None) -> None:
        """Select a cell, a link or a bias, and bring it into view."""
        self._stand = stand_at(spot)
        self._select(spot)

    def show_network(self, shown: Shown) -> None:
        """Draw this; what it does not have cannot be selected or pointed at any more."""
        other = shown.network != self._shown.network
        super().show_network(shown)
        if other:
            self._point(None)
            if not exists(shown.network, self._selected):
                self.select(None)

    # Mouse

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """What is under the mouse stands out."""
        self._point(self.spot_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the mouse any more."""
        super().leaveEvent(event)
        self._point(None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Feature: in or out. Link or bias: to be changed. Neuron: selected."""
        if event.button() != Qt.MouseButton.LeftButton:
            super().mousePressEvent(event)
            return
        spot = self.spot_at(event.position())
        self._point(spot)
        self.select(spot)
        if spot is not None:
            self._act(spot)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel moves on through the neurons of a layer that are too many to be shown."""
        index = column_at(self._plan, event.position().x())
        turn = event.angleDelta().y()
        if self._plan.columns[index].collapsed and turn:
            self._shift(index, self._plan.columns[index].first + (-1 if turn > 0 else 1))
            self._point(self.spot_at(event.position()))
            event.accept()
        else:
            event.ignore()

    def words_of(self, spot: Spot) -> str:
        """What is told of a spot when the mouse rests on it; nothing of a neuron, which is enlarged with its name."""
        shown = self._shown
        title = title_of(shown.network, spot)
        if isinstance(spot, Neuron):
            return f"{title}: click to take it in or out" if spot.column == 0 else ""
        weight, gradient = shown.number(shown.weights, spot), shown.number(shown.gradients, spot)
        lines = [title, *([f"weight {short(weight)}"] if weight is not None else [])]
        if gradient is not None:
            lines.append(f"gradient {short(gradient)}")
        return "\n".join([*lines, "click to change it"])

    def spot_at(self, place: QPointF | QPoint) -> Spot | None:
        """What is at a place, in pixels."""
        return spot_at(self._plan, self._shown.used, place.x(), place.y())

    def _point(self, spot: Spot | None) -> None:
        if spot != self._pointed:
            self._pointed = spot
            changes = spot is not None and not (isinstance(spot, Neuron) and spot.column)
            self.setCursor(Qt.CursorShape.PointingHandCursor if changes else Qt.CursorShape.ArrowCursor)
            self.update()
            self.pointed.emit(spot)

    def _act(self, spot: Spot) -> None:
        if isinstance(spot, Neuron):
            if spot.column == 0:
                self.feature_toggled.emit(KEYS[spot.unit])
        else:
            self.edit_asked.emit(spot)

    def _shift(self, column: int, first: int) -> None:
        total, shown = self._plan.columns[column].total, self._plan.columns[column].shown
        first = min(max(first, 0), total - shown)
        if first != self._plan.columns[column].first:
            self._first[column] = first
            self._lay_out()

    # Keyboard

    def event(self, event: QEvent) -> bool:
        """Keep the keys of a walk from the window's shortcuts; tell what the mouse rests on."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._is_own(event):
            event.accept()
            return True
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.words_of(self._pointed) if self._pointed is not None else ""
            QToolTip.showText(event.globalPos(), text, self)
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows walk, Enter changes, Insert and Delete add and remove a layer, Escape leaves."""
        key = Qt.Key(event.key())
        if not self._is_own(event):
            super().keyPressEvent(event)
        elif key in _ARROWS:
            self._stand = walked(self._shown.network, self._stand, _ARROWS[key])
            self._select(self._stand.spot)
        elif self._selected is None:
            super().keyPressEvent(event)
        elif key in _ENTER:
            neuron = isinstance(self._selected, Neuron) and self._selected.column > 0
            self._act(Bias(self._selected.column, self._selected.unit) if neuron else self._selected)
        elif key in _LAYER:
            self.layer_asked.emit(self._selected.column, key == Qt.Key.Key_Insert)
        else:
            self.select(None)

    def _is_own(self, event: QKeyEvent) -> bool:
        """Arrows always; Enter, Escape, Insert and Delete once something is selected."""
        plain = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier == Qt.KeyboardModifier.NoModifier
        key = Qt.Key(event.key())
        return plain and (
            key in _ARROWS or (self._selected is not None and key in (*_ENTER, *_LAYER, Qt.Key.Key_Escape))
        )

    def _select(self, spot: Spot | None) -> None:
        if spot is not None:
            self._bring_into_view(spot.column, spot.unit)
            if isinstance(spot, Link):
                self._bring_into_view(spot.column - 1, spot.source)
        if spot != self._selected:
            self._selected = spot
            self.setAccessibleDescription("" if spot is None else title_of(self._shown.network, spot))
            self.chosen.emit(spot)
        self.update()

    def _bring_into_view(self, index: int, unit: int) -> None:
        column = self._plan.columns[index]
        if column.row(unit) is None:
            self._shift(index, unit if unit < column.first else unit - column.shown + 1)
