"""The part of tab 2 that trains three networks at once, in the place of the one."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from gdviz.gui.network.bridge import TrainingBridge
from gdviz.gui.network.compare.page import ComparePage
from gdviz.gui.network.compare.panel import ComparePanel
from gdviz.gui.network.compare.presets import PRESETS
from gdviz.gui.network.compare.room import Room
from gdviz.gui.network.part import Part
from gdviz.gui.network.sayings import begun
from gdviz.gui.network.state import Given, NetworkState
from gdviz.gui.network.top_bar import VIEWS
from gdviz.gui.widgets.controls import icon_button
from gdviz.training.messages import Frame

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

FIRST_SEAT = 1
"""The panels have this one and the next two; seat 0 is the tab's own."""


ON_PANELS = ("soft", "hard")
"""Views that the panels have; in place of another one they show the first."""


class ComparePart(Part):
    """Opens and closes the page, and is the tab's stage while it is open.

    Attributes:
        preset: a key of ``PRESETS``.
        page: with the panels; None before it is first opened.
    """

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.preset = next(iter(PRESETS))
        self.page: ComparePage | None = None
        self._room: Room | None = None
        self.button = icon_button(
            "network.compare",
            "compare",
            "Compare three networks",
            tab.look,
            tip="Three networks side by side on the same points (Ctrl+P)",
            checkable=True,
        )
        self.button.clicked.connect(lambda _=False: self.toggle())
        tab.top.add(self.button)
        self.add_action("compare", "Compare three networks", "Ctrl+P", self.toggle, "Runs")

    @property
    def is_open(self) -> bool:
        """Whether three networks are compared now."""
        return self.tab.stage is self

    @property
    def running(self) -> bool:
        """Whether any of them trains, or will as soon as it can."""
        return any(bridge.running for bridge in self._bridges)

    @property
    def begun(self) -> bool:
        """Whether any of them is past its initial weights."""
        frames = [panel.frame for panel in (self.page.panels if self.page is not None else ())]
        return any(frame is not None and begun(frame) for frame in frames)

    def toggle(self) -> None:
        """Compare, or go back to the one network."""
        if self.is_open:
            self.leave()
        else:
            self.enter()

    def enter(self) -> None:
        """Pause the tab's own network, and show the three."""
        if self.is_open:
            return
        tab = self.tab
        if tab.bridge.running:
            tab.bridge.pause()
        tab.travel.stop()
        if self.page is None:
            self.page = self._made()
            self._room = Room(tab, self.page)
            tab.notices.lie_over(*(panel.canvas_frame for panel in self.page.panels))
        tab.set_stage(self)
        tab.top.offer_views(ON_PANELS)
        self._show()
        for seat, panel in enumerate(self.page.panels, start=FIRST_SEAT):
            self._seat(panel, seat)
        if self._room is not None:
            self._room.take()
        self.button.setChecked(True)
        self.page.transport.play_button.setFocus()
        self._show_running()

    def leave(self) -> None:
        """Back to the one network; the seats are given back."""
        if not self.is_open or self.page is None or self._room is None:
            return
        self.tab.set_stage(None)
        self.tab.top.offer_views(VIEWS)
        for panel in self.page.panels:
            panel.leave()
        self._room.give_back()
        self.button.setChecked(False)
        self.tab.say()
        self.tab.canvas.setFocus()

    def choose(self, preset: str) -> None:
        """Compare one of ``PRESETS``, from the start."""
        self.preset = preset
        if self.is_open:
            self._show()
            self.reset()

    # The tab's stage

    def play_pause(self) -> None:
        """Train all of them, or pause them all."""
        running = self.running
        for bridge in self._bridges:
            if running:
                bridge.pause()
            else:
                bridge.set_speed(self.tab.bridge.speed)
                bridge.train()

    def step_forward(self) -> None:
        """Train each of them to the end of its epoch."""
        for bridge in self._bridges:
            bridge.step_epoch()

    def step_batch(self) -> None:
        """Train each of them one batch."""
        for bridge in self._bridges:
            bridge.step_batch()

    def step_back(self) -> None:
        """Each of them a kept epoch back."""
        self._go(lambda frame: max(0, frame.epoch - 1))

    def to_start(self) -> None:
        """All of them back to their initial weights; what was trained is kept."""
        self._go(lambda _: 0)

    def to_end(self) -> None:
        """All of them to their newest epoch."""
        self._go(lambda frame: int(frame.kept[-1]) if len(frame.kept) else frame.epoch)

    def reset(self) -> None:
        """All of them anew with the same initial weights; what trains goes on training."""
        for bridge in self._bridges:
            bridge.reset()

    # What the tab tells

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """Other points for all three, or other settings that they share."""
        if self.is_open:
            self._show()

    def begin_run(self) -> None:
        """Other data or another seed: they begin anew as well."""
        if self.is_open:
            self.reset()

    def save(self, settings: QSettings) -> None:
        """Remember what is compared; the layout is remembered as it is without."""
        self.leave()
        settings.setValue("network/compare", self.preset)

    def restore(self, settings: QSettings) -> None:
        """Take it from the last time."""
        preset = settings.value("network/compare")
        if preset in PRESETS:
            self.preset = str(preset)

    def close(self) -> None:
        """End timers, and give the seats back."""
        self.leave()

    def _go(self, epoch_of: Callable[[Frame], int]) -> None:
        for panel in self.page.panels if self.page is not None else ():
            if panel.bridge is not None and panel.frame is not None:
                panel.bridge.go_to(epoch_of(panel.frame))

    @property
    def _bridges(self) -> list[TrainingBridge]:
        panels = self.page.panels if self.page is not None else ()
        return [panel.bridge for panel in panels if panel.bridge is not None]

    def _made(self) -> ComparePage:
        tab, page = self.tab, ComparePage(self.tab.look)
        page.preset_chosen.connect(self.choose)
        page.data_asked.connect(lambda source: tab.load(source.painted()))
        page.left.connect(self.leave)
        page.transport.play_toggled.connect(self.play_pause)
        page.transport.step_forward.connect(self.step_forward)
        page.transport.to_start.connect(self.to_start)
        page.reset.clicked.connect(self.reset)
        page.new_seed.clicked.connect(tab.new_seed)
        tab.travel.speed.chosen.connect(self._set_speed)
        tab.top.view_chosen.connect(lambda _: self._show_view())
        tab.paint_panel.mistakes.toggled.connect(lambda _: self._show_view())
        tab.painter.selected.changed.connect(self._show_selected)
        tab.painter.changed.connect(self._show_brush)
        for panel in page.panels:
            panel.taken.connect(self._take)
            canvas = panel.canvas
            # Contacts are in canvas units, so that what is done here is done on the tab's own canvas.
            canvas.pressed.connect(tab.canvas.pressed)
            canvas.dragged.connect(tab.canvas.dragged)
            canvas.released.connect(tab.canvas.released)
            canvas.sized.connect(tab.canvas.sized)
            canvas.hovered.connect(tab.paint_panel.show_place)
        return page

    def _seat(self, panel: ComparePanel, seat: int) -> None:
        if panel.state is None:
            return
        bridge = TrainingBridge(panel.state, panel, make_client=self.tab.bridge.seats.client(seat), abreast=True)
        bridge.set_speed(self.tab.bridge.speed)
        bridge.running_changed.connect(self._show_running)
        panel.sit(bridge)
        bridge.frame.connect(lambda _: self.tab.say())  # after the panel, which has it then

    def _show(self) -> None:
        """Bring all three up to date."""
        if self.page is None:
            return
        self.page.show_preset(self.preset)
        state = self.tab.store.state
        self.page.show_seed(state.training.seed)
        self._show_brush()
        self._show_selected()
        self._show_view()
        for panel, each in zip(self.page.panels, PRESETS[self.preset].states(state), strict=True):
            panel.show_state(each)

    def _show_selected(self) -> None:
        if self.page is not None and self.is_open:
            for panel in self.page.panels:
                panel.canvas.show_selected(*self.tab.painter.selected.shown)

    def _show_view(self) -> None:
        """The panels obey the view and the rings that are chosen for the tab's own canvas."""
        if self.page is not None and self.is_open:
            for panel in self.page.panels:
                panel.canvas.set_hard(self.tab.top.view.currentData() == "hard")
                panel.show_rings(self.tab.paint_panel.mistakes.isChecked())

    def _show_brush(self) -> None:
        if self.page is not None:
            for panel in self.page.panels:
                panel.canvas.set_radius(self.tab.canvas.radius)

    def _show_running(self) -> None:
        if self.page is not None:
            self.page.transport.set_playing(self.running)
        self.tab.say()

    def _set_speed(self, epochs_per_second: float) -> None:
        for bridge in self._bridges:
            bridge.set_speed(epochs_per_second)

    def _take(self, state: NetworkState, frame: Frame | None) -> None:
        """The tab's own network is this one from now on, with what it has learned."""
        self.leave()
        network, training = state.network, state.training
        if frame is None:
            self.tab.store.edit(network=network, training=training)
            self.tab.bridge.reset()
        else:
            self.tab.store.edit(network=network, training=training, given=Given(network, training.seed, frame.weights))
        text = "This is the tab's network now, as far as it was trained: a reset comes back to it. The others are gone."
        self.tab.tell(text)
