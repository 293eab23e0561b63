"""What is opened over the window: the neuron under the mouse enlarged, and the weight that is being changed."""

from __future__ import annotations

from math import hypot

from PySide6.QtCore import QObject
from PySide6.QtGui import QCursor

from gdviz.gui.network.diagram.board import Board
from gdviz.gui.network.diagram.closeup import Closeup
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import Bias, Link, Neuron, Spot
from gdviz.gui.network.diagram.weight_popup import WeightPopup
from gdviz.gui.network.explain.probe import Probe
from gdviz.gui.widgets.timers import one_shot

OPEN_MILLISECONDS = 150
"""The mouse rests on a neuron for so long before it is enlarged."""

CLOSE_MILLISECONDS = 250
"""The mouse may rest for so long on its way from a neuron to its picture."""


class LookAt(QObject):
    """Opens and closes them as the diagram is pointed at, walked through and clicked."""

    def __init__(self, board: Board, closeup: Closeup, popup: WeightPopup, probe: Probe) -> None:
        super().__init__(board)
        self._board, self._closeup, self._popup, self._probe = board, closeup, popup, probe
        self._wanted: Neuron | None = None
        self._inside = False
        self._away = 0.0  # from the mouse to the picture, when it was last looked at
        self._soon = one_shot(self, 0, self._open_or_close)
        diagram = board.diagram
        diagram.pointed.connect(self._point)
        diagram.chosen.connect(self._choose)
        diagram.edit_asked.connect(self._edit)
        diagram.caught_up.connect(self.show_drawn)
        closeup.entered.connect(self._enter)
        closeup.left.connect(self._leave)
        closeup.probed.connect(self._move_probe)
        closeup.pinned.connect(lambda x1, x2: probe.pin((x1, x2)))
        popup.closed.connect(diagram.setFocus)
        board.horizontalScrollBar().valueChanged.connect(lambda _: self.close_up())

    def show_drawn(self) -> None:
        """Other numbers are drawn in the diagram."""
        shown = self._board.diagram.shown
        if self._closeup.isVisible():
            self._closeup.show_numbers(shown, self._board.diagram.heatmaps)
        if self._popup.isVisible():
            self._popup.show_numbers(shown)

    def close_up(self) -> None:
        """Enlarge nothing any more."""
        self._soon.stop()
        self._wanted, self._inside = None, False
        self._closeup.close_up()
        self._popup.close_popup()

    def close(self) -> None:
        """End the timer."""
        self._soon.stop()
        self.close_up()

    def _point(self, spot: Spot | None) -> None:
        self._want(spot if isinstance(spot, Neuron) else None)

    def _choose(self, spot: Spot | None) -> None:
        """A neuron that was walked to is enlarged like one that is pointed at; Escape closes everything."""
        if spot is None:
            self.close_up()
        else:
            self._point(spot)

    def _want(self, neuron: Neuron | None) -> None:
        if self._inside:
            return
        self._wanted = neuron
        self._wait()

    def _wait(self) -> None:
        self._away = self._distance()
        self._soon.start(CLOSE_MILLISECONDS if self._wanted is None else OPEN_MILLISECONDS)

    def _distance(self) -> float:
        """From the mouse to the picture, in pixels."""
        picture = self._closeup
        at, rect = picture.mapFromGlobal(QCursor.pos()), picture.rect()
        return hypot(max(-at.x(), 0, at.x() - rect.right()), max(-at.y(), 0, at.y() - rect.bottom()))

    def _open_or_close(self) -> None:
        diagram, neuron = self._board.diagram, self._wanted
        if self._inside or neuron == self._closeup.neuron:
            return
        on_its_way = self._closeup.isVisible() and self._distance() < self._away
        if on_its_way:  # to the picture, over other neurons and links
            self._wait()
        elif neuron is None or not diagram.isVisible() or self._popup.isVisible():
            self._closeup.close_up()
        else:
            if self._probe.place is None:
                self._probe.hover(_middle(diagram.shown))
            cell, board = self._board.rect_of(neuron), self._board.rect()
            board.moveTopLeft(self._board.mapToGlobal(board.topLeft()))
            self._closeup.show_neuron(neuron, diagram.shown, diagram.heatmaps, cell, board)

    def _enter(self) -> None:
        self._inside = True
        self._soon.stop()

    def _leave(self) -> None:
        self._inside = False
        self._want(None)

    def _move_probe(self, x1: float, x2: float) -> None:
        if not self._probe.pinned:
            self._probe.hover((x1, x2))

    def _edit(self, spot: Link | Bias) -> None:
        self._closeup.close_up()
        self._popup.ask(spot, self._board.diagram.shown, self._board.rect_of(spot))


def _middle(shown: Shown) -> tuple[float, float]:
    left, right, low, high = shown.extent
    return (left + right) / 2, (low + high) / 2
