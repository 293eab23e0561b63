"""The part of tab 2 that shows the inside of the network: diagram, close-up, weights by hand, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, QSettings, Qt
from PySide6.QtGui import QMouseEvent

from gdviz.gui.network.canvas import TOOL
from gdviz.gui.network.diagram.closeup import Closeup
from gdviz.gui.network.diagram.look_at import LookAt
from gdviz.gui.network.diagram.room import Room
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import Bias, Link, place_of
from gdviz.gui.network.diagram.weight_popup import WeightPopup
from gdviz.gui.network.explain.marker import ProbeMarker
from gdviz.gui.network.explain.page import WhyPage
from gdviz.gui.network.explain.probe import Probe
from gdviz.gui.network.journal import WeightEdit
from gdviz.gui.network.part import Part
from gdviz.gui.network.state import NetworkState
from gdviz.network.spec import NetworkSpec, loss_of
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

SAMPLES = ((64, 32), (192, 16), (512, 8))
"""Neurons up to a number, and how many samples a side each of their heatmaps has: the more neurons, the smaller."""


class DiagramPart(Part):
    """Feeds the diagram, and carries out what is asked for in it.

    Attributes:
        probe: the point that is explained.
        why: the page that explains it.
    """

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self._panel = tab.network_panel
        self._board = tab.network_panel.board
        self._frame: Frame | None = None
        self.probe = Probe(tab.bridge.probe, self)
        self.why = WhyPage(tab.look)
        self.closeup = Closeup(tab.look, tab)
        self.weight_popup = WeightPopup(tab.look, tab)
        self._look_at = LookAt(self._board, self.closeup, self.weight_popup, self.probe)
        self._marker = ProbeMarker(tab.look)
        self._room = Room(tab.columns, tab.look)
        self._mouse_on_canvas = False
        self._cursor = Qt.CursorShape.CrossCursor
        tab.lower_pages.add("explain", "Why", self.why, "Why the network says so: forward and back, step by step")
        tab.canvas.add_item(self._marker, TOOL)
        self._connect()
        self._add_keys()

    def _connect(self) -> None:
        tab, panel, diagram = self.tab, self._panel, self._board.diagram
        tab.canvas.hovered.connect(self._hover)
        tab.bridge.ready.connect(lambda _: self.probe.ask_again())
        tab.painter.changed.connect(lambda: self.why.pick.setChecked(False))
        panel.refused.connect(tab.refuse)
        panel.widened.connect(self._widen)
        diagram.chosen.connect(self.why.go_through)
        self.why.lit.connect(diagram.light)
        self.why.pin_asked.connect(self.probe.toggle_pin)
        self.why.pick_toggled.connect(self._pick)
        self.why.target_chosen.connect(self.probe.choose_target)
        self.probe.changed.connect(self._show_probe)
        self.weight_popup.weight_set.connect(self._set_weight)
        for widget in (diagram, self.why):
            widget.installEventFilter(self)

    def _add_keys(self) -> None:
        for name, title, key, do in (
            ("pin", "Pin the point under the mouse", "K", self.probe.toggle_pin),
            ("pick", "Pick a point with a click", "Shift+K", self.why.pick.toggle),
            ("why_next", "Next step of the explanation", "PgDown", self._next_step),
            ("why_back", "One step of the explanation back", "PgUp", self._previous_step),
            ("links", "Links show weights or gradients", "W", self._panel.gradients.toggle),
            ("wide_diagram", "Large diagram, small canvas", "D", self._panel.wide.toggle),
        ):
            self.add_action(name, title, key, do, "Network")

    # What the tab tells

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """Another architecture, extent or set of points."""
        if before is None or before.network.hidden != now.network.hidden:
            self._ask_for_heatmaps(now.network)
        if before is None or before.points is not now.points or before.network != now.network:
            self.probe.show_points(now.points, regression=now.network.regression)
            self._show_probe()
        if before is None or (before.network, before.training, before.extent, before.value_range) != (
            now.network,
            now.training,
            now.extent,
            now.value_range,
        ):
            self._show()

    def show_frame(self, frame: Frame) -> None:
        """Other numbers."""
        self._frame = frame
        self._show()

    def begin_run(self) -> None:
        """Another network, of which nothing is known yet."""
        self._frame = None
        self.why.restart()
        self.probe.ask_again()

    def save(self, settings: QSettings) -> None:
        """Remember whether dropout and initial weights are shown; the layout that is remembered is the usual one."""
        self._panel.wide.setChecked(False)
        settings.setValue("network/tune_layers", self._panel.tune.isChecked())

    def restore(self, settings: QSettings) -> None:
        """Show them as last time."""
        self._panel.tune.setChecked(str(settings.value("network/tune_layers", "false")).lower() == "true")

    def close(self) -> None:
        """End timers and threads."""
        self.why.pick.setChecked(False)  # or the canvas would ask this while both are deleted
        self._look_at.close()
        self._board.diagram.close_picture()
        self.probe.close()
        self.why.close_page()

    # What is drawn

    def _show(self) -> None:
        state = self.tab.store.state
        shown = Shown(state.network, self._frame, state.extent, state.value_range)
        self._panel.show_shown(shown)
        self._look_at.show_drawn()
        self.why.show_shown(shown, loss_of(state.network, state.training))

    def _show_probe(self) -> None:
        probe = self.probe
        self.why.show_probe(probe, regression=self.tab.store.state.network.regression)
        seen = probe.pinned or not self._mouse_on_canvas
        watched = self._board.diagram.isVisible() or self.why.isVisible()
        self._marker.show_place(probe.place if seen and watched else None, pinned=probe.pinned)

    def _ask_for_heatmaps(self, network: NetworkSpec) -> None:
        """As many samples as the diagram can show; none while it is not seen."""
        neurons = sum(layer.units for layer in network.hidden)
        samples = next(samples for most, samples in SAMPLES if neurons <= most)
        self.tab.bridge.set_view(neuron_samples=samples if neurons and self._board.diagram.isVisible() else 0)

    # What is asked for

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is not seen is not asked for; while a point is being picked, a press on the canvas picks it."""
        if event.type() in (QEvent.Type.Show, QEvent.Type.Hide):
            self._note_visibility()
        elif watched is self.tab.canvas.viewport():
            return self._pick_with(event)
        return False

    def _note_visibility(self) -> None:
        diagram = self._board.diagram
        self._ask_for_heatmaps(self.tab.store.state.network)
        self.probe.watch(diagram.isVisible() or self.why.isVisible())
        if not diagram.isVisible():
            self._look_at.close_up()
        self._show_probe()

    def _hover(self, place: tuple[float, float, float | None] | None) -> None:
        self._mouse_on_canvas = place is not None
        self.probe.hover(place[:2] if place is not None else None)
        self._show_probe()

    def _pick(self, on: bool) -> None:
        canvas, hand = self.tab.canvas, Qt.CursorShape.PointingHandCursor
        viewport = canvas.viewport()
        if on:
            self._cursor = viewport.cursor().shape()
            canvas.set_pointer(hand)
            viewport.installEventFilter(self)
        else:
            viewport.removeEventFilter(self)
            if viewport.cursor().shape() == hand:  # no other tool was taken meanwhile
                canvas.set_pointer(self._cursor)

    def _pick_with(self, event: QEvent) -> bool:
        """A press or drag with the left button pins; nothing is painted."""
        kinds = QEvent.Type
        if not isinstance(event, QMouseEvent) or (event.type() == kinds.MouseMove and not event.buttons()):
            return event.type() in (kinds.TouchBegin, kinds.TabletPress)
        canvas = self.tab.canvas
        if event.buttons() & Qt.MouseButton.LeftButton and canvas.is_inside(event.position()):
            canvas.pointed.emit(event.position())  # the mouse need not have moved to where it is pressed
            self.probe.pin(canvas.view_at(event.position()))
        return True

    def _set_weight(self, spot: Link | Bias, value: float) -> None:
        place, popup = place_of(self.tab.store.state.network, spot), self.weight_popup
        if place is not None:
            self.tab.store.edit_weight(WeightEdit(*place, popup.before, value), (spot, popup.opened))

    def _widen(self, wide: bool) -> None:
        if wide:
            self.tab.pages.show_page("network")
            self._room.widen()
        else:
            self._room.narrow()

    def _next_step(self) -> None:
        """Explain, and stay at the point: what is being explained must not run away."""
        if not self.why.isVisible():
            self.tab.lower_pages.show_page("explain")
        if not self.probe.pinned:
            self.probe.toggle_pin()
        self.why.step_on()

    def _previous_step(self) -> None:
        self.why.step_back()
