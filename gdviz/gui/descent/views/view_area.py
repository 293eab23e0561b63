"""The contours and what stands beside them: the 3-D view, or another view of the same race."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSplitter, QWidget

from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.views.contour_view import ContourView
from gdviz.gui.descent.views.opengl import make_surface_view
from gdviz.gui.descent.views.relief import Relief
from gdviz.gui.descent.views.side import SIDES, SideView
from gdviz.gui.theme import Look

if TYPE_CHECKING:
    from gdviz.gui.descent.views.surface_view import SurfaceView

VIEWS = {"both": "side by side", "contours": "contours", "side": "right one alone"}
SURFACE = "surface"
SIDE_TITLES = {SURFACE: "3-D", **{key: kind.title for key, kind in SIDES.items()}}


class ViewArea(QSplitter):
    """Shows the contours, a view beside them, or both.

    Signals:
        changed(): another view is shown.
        built(str, object): the view of a key of ``SIDES`` is there.
        refused(str): something asked for in a view beside is not possible, and why.
    """

    changed = Signal()
    built = Signal(str, object)
    refused = Signal(str)

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("descent.views")
        self.setChildrenCollapsible(False)
        self._session, self._look = session, look
        self.contours = ContourView(session, look)
        self.addWidget(self.contours)
        self.surface_view: SurfaceView | None = None
        self.problem = ""
        self.view = "both"
        self.side = SURFACE
        self._sides: dict[str, SideView] = {}
        self._share = 0.5
        self._marked = True
        self._before_curve: tuple[str, str] | None = None
        self.splitterMoved.connect(self._moved)

    def add_surface_view(self) -> None:
        """Build the 3-D view; where there can be none, ``problem`` says why."""
        self.surface_view, self.problem = make_surface_view(self._session, self._look)
        if self.surface_view is not None:
            self.contours.relief_changed.connect(self._show_relief)
            self.surface_view.mark(self.contours.flat_points)
            self._add(self.surface_view)
            if self.contours.whole is not None:
                self._show_relief(self.contours.whole)
        self._show()

    def choose_view(self, view: str) -> None:
        """Show a key of ``VIEWS``."""
        self.view = view
        self._show()

    def choose_side(self, side: str) -> None:
        """Let a key of ``SIDE_TITLES`` stand beside the contours."""
        self.side = side
        if side in SIDES and side not in self._sides:
            built = self._sides[side] = SIDES[side].build(self._session, self._look)
            built.line_changed.connect(self.contours.cut_trace.show_ends)
            built.refused.connect(self.refused)
            built.mark_minima(marked=self._marked)
            self._add(built)
            self.built.emit(side, built)
        if self.view == "contours":
            self.view = "both"
        self._show()

    def follow_dimensions(self, dimensions: int) -> None:
        """A loss of one parameter is shown as a curve; behind it, what was shown before comes back."""
        if dimensions == 1 and self._before_curve is None:
            before = (self.view, self.side)
            self.choose_side("cut")
            self.choose_view("side")
            self._before_curve = before
        elif dimensions > 1 and self._before_curve is not None:
            view, side = self._before_curve
            self._before_curve = None
            self.choose_side(side)
            self.choose_view(view)

    def reset_view(self) -> None:
        """Show the whole surface in every view."""
        self.contours.reset_view()
        for view in (self.surface_view, *self._sides.values()):
            if view is not None:
                view.reset_view()

    def mark_flat_points(self, marked: bool) -> None:
        """Mark minima and saddle points in every view, or not."""
        self._marked = marked
        self.contours.mark_flat_points(marked)
        for side in self._sides.values():
            side.mark_minima(marked=marked)

    def remove_chosen(self) -> None:
        """Remove what is chosen in the view beside the contours."""
        side = self._sides.get(self.side)
        if side is not None and side.isVisible():
            side.remove_chosen()

    def close_views(self) -> None:
        """End threads and timers, give back what OpenGL holds."""
        self.contours.close_view()
        for view in self._sides.values():
            view.close_view()
        if self.surface_view is not None:
            self.surface_view.release()

    def _add(self, widget: QWidget) -> None:
        widget.hide()  # until it is shown with its share of the room
        self.addWidget(widget)

    def _moved(self) -> None:
        """A person moved the handle: the share of the contours is kept for whatever stands beside them."""
        sizes = self.sizes()
        if self.contours.isVisible() and sum(sizes):
            self._share = sizes[0] / sum(sizes)

    def _show(self) -> None:
        """What is asked for; the contours where the 3-D view that is asked for cannot be there."""
        beside = [widget for widget in (self.surface_view, *self._sides.values()) if widget is not None]
        side: QWidget | None = self.surface_view if self.side == SURFACE else self._sides.get(self.side)
        for widget in beside:
            widget.setVisible(widget is side and self.view != "contours")
        self.contours.setVisible(self.view != "side" or side is None)
        if side is not None and self.view == "both":
            shares = {id(self.contours): self._share, id(side): 1.0 - self._share}
            widgets = [self.widget(index) for index in range(self.count())]
            self.setSizes([round(10_000 * shares.get(id(widget), 0.0)) for widget in widgets])
        self.changed.emit()

    def _show_relief(self, relief: Relief) -> None:
        if self.surface_view is not None:
            self.surface_view.show_relief(relief)
