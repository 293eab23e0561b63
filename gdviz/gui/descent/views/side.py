"""What can stand beside the contours: one view at a time, built when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look


class SideView(QWidget):
    """A view beside the contours. It computes and draws only while it is visible: see ``showEvent``.

    Signals:
        line_changed(object): it shows the surface along the line between two points, shape (2, 2); None no longer.
        refused(str): something asked for is not possible, and why.
    """

    line_changed = Signal(object)
    refused = Signal(str)

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self.session, self.look = session, look

    def reset_view(self) -> None:
        """Show all there is to see."""

    def mark_minima(self, *, marked: bool) -> None:
        """Mark the known minima, or not."""

    def remove_chosen(self) -> None:
        """Remove what is chosen in it."""

    def close_view(self) -> None:
        """End threads and timers."""


@dataclass(frozen=True, slots=True)
class SideKind:
    """A kind of view beside the contours, and where its class is found."""

    title: str
    tip: str
    place: str

    def build(self, session: DescentSession, look: Look) -> SideView:
        """Import the module, make the view."""
        module, name = self.place.rsplit(".", 1)
        make: Callable[[DescentSession, Look], SideView] = getattr(import_module(f"gdviz.gui.descent.{module}"), name)
        return make(session, look)


SIDES: dict[str, SideKind] = {
    "cut": SideKind("Cut", "the surface along a line: curve, tangent and balls", "curves.cut_view.CutView"),
    "rates": SideKind("Three rates", "too low, just right, too high, side by side", "curves.rates_view.RatesView"),
    "sweep": SideKind("Sweep", "final loss against the learning rate", "maps.sweep_view.SweepView"),
    "basins": SideKind("Basins", "where every start ends", "maps.basins_view.BasinsView"),
    "data": SideKind("Data", "the samples that the loss is made of", "data.view.DataView"),
}
