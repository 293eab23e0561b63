"""Chooses how the result is seen: on the canvas, or in another view in its place."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtWidgets import QApplication, QLabel

from gdviz.gui.network.canvas import BOUNDARY
from gdviz.gui.network.levels import Range, usual_levels
from gdviz.gui.network.mistakes import on_the_wrong_side
from gdviz.gui.network.part import Part
from gdviz.gui.network.state import NetworkState
from gdviz.gui.network.top_bar import VIEWS
from gdviz.gui.network.views.cursor_label import CursorLabel
from gdviz.gui.network.views.level_labels import LevelLabels
from gdviz.gui.network.views.levels_field import LevelsField
from gdviz.gui.network.views.make import make_view
from gdviz.gui.network.views.result import Result, ResultView, ends_of
from gdviz.gui.numbers import short
from gdviz.gui.widgets.controls import ElidedLabel, bar, muted
from gdviz.network.split import test_mask
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

ON_CANVAS = ("soft", "hard", "contours")
"""Views that are painted on."""


class ViewsPart(Part):
    """Shows the view that is chosen, and tells it alone of states and frames.

    Attributes:
        view: a key of ``VIEWS``.
        field: the levels of the contours.
        labels: what is written beside them.
    """

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.view = "soft"
        self._views: dict[str, ResultView] = {}
        self._levels: dict[Range, tuple[float, ...]] = {}
        self._test = test_mask(tab.store.state.points.ids, 0.0, 0)
        self._at: QPointF | None = None
        self.labels = LevelLabels(tab.look)
        tab.canvas.add_item(self.labels, BOUNDARY + 1)
        self.field = LevelsField()
        self._said = ElidedLabel("network.levels_said")
        self._bar = bar("network.levels_bar", (muted("contours at"), self.field, self._said))
        self._bar.hide()
        tab.view_area.above.addWidget(self._bar)
        self._beside = CursorLabel("network.canvas_readout", tab.look, tab.canvas.viewport())
        self._connect()

    def _connect(self) -> None:
        tab = self.tab
        tab.top.view_chosen.connect(self.choose)
        self.field.edited.connect(self._take_levels)
        self.field.refused.connect(self._say_refused)
        self.field.insisted.connect(lambda why: tab.banner.say(f"Contours: {why}.", about=self.field))
        self.field.done.connect(tab.canvas.setFocus)
        tab.canvas.pointed.connect(self._point)
        tab.canvas.hovered.connect(self._tell)
        tab.look.changed.connect(self._draw)
        tab.bridge.ready.connect(lambda _: self._draw())
        tab.paint_panel.mistakes.toggled.connect(lambda _: self._draw())
        for name, title, key, do in (
            ("view_back", "Previous view of the result", "Shift+V", lambda: tab.top.next_view(-1)),
            ("reset_view", "Look at the result as at first", "0", self.reset_view),
        ):
            self.add_action(name, title, key, do, "View of the result")

    @property
    def shown(self) -> ResultView | None:
        """What stands in the place of the canvas; None while the canvas is there."""
        return self._views.get(self.view) if self.view not in ON_CANVAS else None

    def choose(self, view: str) -> None:
        """Show a key of ``VIEWS``."""
        tab = self.tab
        self.view = view
        tab.canvas.pointed.emit(None)  # a canvas that is not seen is not pointed at
        self._bar.setVisible(view == "contours")
        if view in ON_CANVAS:
            tab.view_area.show_canvas()
            tab.canvas.set_hard(view == "hard")
        else:
            if view not in self._views:
                self._views[view] = self._made(view)
            tab.view_area.show_view(self._views[view])
        self._draw()

    def reset_view(self) -> None:
        """Look at the result as at first."""
        if self.shown is not None:
            self.shown.reset_view()

    # What the tab tells

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """Other points, another extent or range, another network."""
        if before is None or before.points is not now.points or before.training != now.training:
            self._test = test_mask(now.points.ids, now.training.test_fraction, now.training.split_seed)
        self._draw()

    def show_frame(self, frame: Frame) -> None:
        """Another output."""
        self._draw()

    def save(self, settings: QSettings) -> None:
        """Remember the view."""
        settings.setValue("network/view", self.view)

    def restore(self, settings: QSettings) -> None:
        """Take it from the last time."""
        view = settings.value("network/view")
        if view in VIEWS and view != self.view:
            self.tab.top.show_view(str(view))

    def close(self) -> None:
        """Give back what the views hold."""
        for view in self._views.values():
            view.close_view()

    def _made(self, view: str) -> ResultView:
        made = make_view(view, self.tab.look)
        made.hovered.connect(self.tab.canvas.hovered)
        made.painted.connect(self.tab.canvas.painted)
        made.turned.connect(self._draw)
        return made

    def _draw(self) -> None:
        """Bring what is seen up to date."""
        tab, state = self.tab, self.tab.store.state
        ends = ends_of(state)
        shown = self.shown
        if shown is not None:
            shown.show_result(Result(state, tab.bridge.sent.points, self._test, self._wrong(), tab.frame))
        tab.bridge.set_view(by="views", **(shown.needs if shown is not None else {}))
        if shown is not None:
            return
        levels = self._levels.get(ends, usual_levels(ends)) if self.view == "contours" else None
        tab.canvas.set_scale(ends, levels)
        if self.view == "contours" and (levels != self.field.levels or self.field.ends != ends):
            self.field.show_levels(levels or (), ends)
        item = tab.canvas.boundary_item
        self.labels.show_lines(item.lines if self.view == "contours" else (), item.extent)

    def _wrong(self) -> NDArray[np.int64]:
        """Which points the network takes for the other colour, unless nobody wants to know."""
        told, frame = self.tab.bridge.sent, self.tab.frame
        rings = self.tab.paint_panel.mistakes.isChecked() and not told.network.regression
        if not rings or frame is None or len(frame.predictions) != len(told.points):
            return np.empty(0, np.int64)
        return told.points.ids[on_the_wrong_side(told.points, frame.predictions)]

    def _take_levels(self, levels: tuple[float, ...]) -> None:
        self._levels[ends_of(self.tab.store.state)] = levels
        self._draw()

    def _say_refused(self, why: str) -> None:
        """Beside the field there is room for the reason; what is allowed is told by its tool tip, and on Enter."""
        self._said.tell(why.partition(";")[0], why)
        if not why:
            self.tab.banner.withdraw(self.field)

    # The label at the cursor

    def _point(self, position: QPointF | None) -> None:
        self._at = position

    def _tell(self, place: tuple[float, float, float | None] | None) -> None:
        """Where nobody reads contours, and the panel says what is under the cursor, the label would be in the way."""
        panel = self.tab.paint_panel.findChild(QLabel, "network.under.p")
        needed = self.view == "contours" or panel is None or not panel.isVisible()
        painting = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        if place is None or place[2] is None or self._at is None or not needed or painting:
            self._beside.hide()
        else:
            self._beside.say(short(place[2], 3), self._at)
