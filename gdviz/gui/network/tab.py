"""Tab 2: a Keras network learns points painted by hand."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import replace

import msgspec
import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gdviz.gui.network import memory, sayings
from gdviz.gui.network.bridge import TrainingBridge
from gdviz.gui.network.canvas import Canvas
from gdviz.gui.network.canvas_frame import CanvasFrame
from gdviz.gui.network.clients import MakeClient
from gdviz.gui.network.columns import Columns, SettingsScroll
from gdviz.gui.network.curves import Curves
from gdviz.gui.network.data_panel import DataPanel
from gdviz.gui.network.files import PointsFiles
from gdviz.gui.network.keys import add_keys
from gdviz.gui.network.network_panel import NetworkPanel
from gdviz.gui.network.notices import Notices
from gdviz.gui.network.output import Output
from gdviz.gui.network.paint_panel import PaintPanel
from gdviz.gui.network.painter import Painter
from gdviz.gui.network.parts import PARTS
from gdviz.gui.network.process_life import ProcessLife
from gdviz.gui.network.stage import Stage, unless_staged
from gdviz.gui.network.state import NetworkState, Painted, Source
from gdviz.gui.network.store import Store
from gdviz.gui.network.time_travel import TimeTravel
from gdviz.gui.network.top_bar import TopBar
from gdviz.gui.network.training_bar import TrainingBar
from gdviz.gui.network.training_panel import TrainingPanel
from gdviz.gui.network.views.area import ViewArea
from gdviz.gui.theme import Look
from gdviz.gui.widgets.banner import Banner
from gdviz.gui.widgets.pages import Pages
from gdviz.gui.widgets.tab import Tab
from gdviz.gui.widgets.timers import once, one_shot
from gdviz.network.points import Points
from gdviz.network.spec import HEAD_LOSSES, NetworkSpec, TrainingSpec, lack_of
from gdviz.network.split import test_mask
from gdviz.training.client import TrainingClient
from gdviz.training.messages import Frame

FIRST_DATASET = "e_portfolio"
UNSEEN_MILLISECONDS = 200
"""After this long a frame counts as drawn though nothing was painted: another tab is in front."""


class NetworkTab(Tab):
    """Lays views and controls out, and connects them with the state and with the training process."""

    title = "Neural network"

    def __init__(self, look: Look, *, make_client: MakeClient = TrainingClient) -> None:
        super().__init__()
        self.setObjectName("network")
        self.look = look
        first = Source.usual(FIRST_DATASET).painted()
        self.store = Store(NetworkState(first.points, extent=first.extent, axes=first.axes, source=first.source), self)
        self.bridge = TrainingBridge(self.store.state, self, make_client=make_client)
        self.frame: Frame | None = None
        self.stage: Stage | None = None
        self._looked_at = first.points
        self.files = PointsFiles(self)
        self.canvas = Canvas(look)
        self.painter = Painter(self.canvas, self.store)
        self.paint_panel = PaintPanel(look)
        self.data_panel = DataPanel(look)
        self.network_panel = NetworkPanel(look)
        self.training_panel = TrainingPanel(look)
        self.curves = Curves(look)
        self.top = TopBar(look)
        self.banner = Banner("network.banner")
        self.transport = TrainingBar(look)
        self.readouts = self.transport.readouts
        self._unseen = one_shot(self, UNSEEN_MILLISECONDS, self.bridge.drawn)
        self._lay_out()
        self.travel, self.life = TimeTravel(self), ProcessLife(self)
        self.parts = (self.travel, self.life, *(part(self) for part in PARTS))
        self._connect()
        add_keys(self)
        self._show(None, self.store.state)
        self._show_undo()

    def begin(self) -> None:
        """Start the process that loads TensorFlow."""
        self.bridge.start()

    @property
    def ready(self) -> bool:
        """Whether TensorFlow is loaded."""
        return self.bridge.is_ready

    @property
    def epoch(self) -> int:
        """Epochs trained in this run."""
        return self.frame.epoch if self.frame is not None else 0

    @property
    def main_view(self) -> QWidget:
        """The canvas."""
        return self.canvas

    def _lay_out(self) -> None:
        self.canvas_frame = CanvasFrame(self.canvas, self.look)
        self.view_area = ViewArea(self.canvas_frame)
        self.pages, self.lower_pages = Pages("network.pages"), Pages("network.lower_pages")
        self.pages.add("network", "Network", self.network_panel, "Layers and neurons, as a diagram")
        self.pages.add("training", "Training", SettingsScroll("network.training_page", self.look, self.training_panel))
        self.lower_pages.add("curves", "Curves", self.curves, "Loss and accuracy against epoch")
        self.columns = Columns(
            self.look,
            left=SettingsScroll("network.left", self.look, self.paint_panel, self.data_panel),
            canvas=self.view_area,
            right=self.pages,
            lower=self.lower_pages,
        )
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.columns, 1)
        column.addWidget(self.transport)
        self.notices = Notices(self, over=self.view_area)
        self.notices.add(self.banner)

    def _connect(self) -> None:
        store, bridge, panel = self.store, self.bridge, self.paint_panel
        store.changed.connect(self._show)
        store.undo_changed.connect(self._show_undo)
        store.undo_changed.connect(self._look_at_state)
        store.weight_edited.connect(lambda edit: bridge.set_weight(edit.tensor, edit.place, edit.after))
        self.look.changed.connect(lambda: self._show(None, store.state))
        self.canvas.hovered.connect(panel.show_place)
        self.canvas.painted.connect(self._drawn)
        panel.undo.connect(self.undo)
        panel.redo.connect(self.redo)
        panel.clear.connect(self.clear)
        self.top.dataset_chosen.connect(lambda key: self.load(Source.usual(key).painted()))
        self.top.import_asked.connect(self.files.ask_to_read)
        self.top.export_asked.connect(self.export_points)
        self.top.folded.connect(self.columns.toggle)
        self.files.failed.connect(self.refuse)
        self.network_panel.edited.connect(self._set_network)
        self.training_panel.network_edited.connect(lambda network, gesture: store.edit(gesture, network=network))
        self.training_panel.training_edited.connect(lambda training, gesture: store.edit(gesture, training=training))
        self.training_panel.more_asked.connect(self.train_more)
        self.transport.play_toggled.connect(self.play_pause)
        self.transport.step_forward.connect(self.step_forward)
        self.transport.step_batch.connect(self.step_batch)
        self.transport.to_start.connect(self.to_start)
        self.transport.reset.connect(self.reset)
        self.readouts.new_seed.connect(self.new_seed)
        bridge.frame.connect(self._show_frame)
        bridge.run_began.connect(self._begin_run)
        bridge.running_changed.connect(self._show_running)

    # What the state says is drawn

    def _show(self, before: NetworkState | None, now: NetworkState) -> None:
        if before is not None:
            self.bridge.change(now)
        if before is None or before.extent != now.extent or before.axes != now.axes:
            self.canvas.show_extent(now.extent, now.axes)
        test = test_mask(now.points.ids, now.training.test_fraction, now.training.split_seed)
        self.canvas.show_points(now.points, test, now.value_range if now.network.regression else None)
        self.canvas_frame.show_scale(now.value_range if now.network.regression else None, now.value_axis)
        self.canvas_frame.show_hint(not len(now.points))
        if before is not None and before.network.regression != now.network.regression:
            once(self.columns, 0, self.columns.arrange)  # the panels need other widths
        self.data_panel.show_state(now)
        self.top.show_source(now.source.key if now.source is not None else "")
        if before is None or before.network != now.network or before.training != now.training:
            self.network_panel.show_network(now.network)
            self.training_panel.show_specs(now.network, now.training)
            self.readouts.show_seed(now.training.seed)
        for part in self.parts:
            part.show_state(before, now)
        self.say()

    def _show_undo(self) -> None:
        journal = self.store.journal
        self.paint_panel.show_undo(journal.can_undo, journal.can_redo)

    def _look_at_state(self) -> None:
        """Another state, and the gesture is complete: within a stroke, a banner that changes would move the canvas."""
        now = self.store.state
        life = self.life
        self.banner.outdate(now, now.points, life, life.silence, life.failure, self.files)
        if now.points is not self._looked_at:
            self._looked_at = now.points
            if self.bridge.running:
                self._say_lack()

    def _show_running(self, running: bool) -> None:
        self.transport.set_playing(running)
        self.say()

    # Frames

    def _begin_run(self) -> None:
        self.frame = None
        self.store.forget_weights()
        self.curves.clear()
        self.readouts.begin_run()
        self.training_panel.begin_run()
        for part in self.parts:
            part.begin_run()

    def _show_frame(self, frame: Frame) -> None:
        self.frame = frame
        self._unseen.start()
        self.canvas.show_output(Output(self.bridge.sent.network, frame))
        if frame.epoch == 0:
            now = frame.metrics
            self.curves.restart(np.array([[0.0, now.loss, now.accuracy, now.test_loss, now.test_accuracy]]))
        self.curves.extend(frame.history)
        self.readouts.show_frame(frame)
        self.training_panel.show_progress(frame)
        for part in self.parts:
            part.show_frame(frame)
        self.say()

    def _drawn(self) -> None:
        self._unseen.stop()
        self.bridge.drawn()

    def say(self) -> None:
        """Say how training is getting on."""
        ready = self.bridge.is_ready
        self.transport.set_ready(ready)
        self.top.say(
            sayings.status(
                ready=ready,
                ended=self.life.has_ended,
                running=(self.stage or self.bridge).running,
                until=self.bridge.until,
                again=self.travel.replaying,
                points=len(self.store.state.points),
                frame=self.frame if self.stage is None else None,
                abreast=self.stage is not None and self.stage.begun,
            )
        )

    # Gestures

    def load(self, painted: Painted) -> None:
        """Other points altogether: training begins anew, and goes on where it was under way."""
        self.canvas.show_output(None)  # it is another network's
        network = self.store.state.network
        if network.regression != painted.regression:  # values are learned where there are some, labels otherwise
            suiting = msgspec.structs.replace(network, head="linear" if painted.regression else "sigmoid")
            self.store.replace_points(painted, **self._specs(suiting))
        else:
            self.store.replace_points(painted)
            self.bridge.reset()

    def train_more(self, epochs: int) -> None:
        """Train so many epochs, then pause."""
        self._train(self.epoch + epochs)

    def _train(self, until: int = 0) -> None:
        self.travel.stop()
        self.life.forget_failure()
        self.bridge.train(until)
        self._say_lack()
        self.say()

    def clear(self) -> None:
        """Remove all points; the axes stay as they are, and the network keeps what it learned."""
        now = self.store.state
        if len(now.points):
            self.store.replace_points(replace(now.painted, points=Points(), source=None, questions=()))

    def export_points(self) -> None:
        """Ask where to write the points."""
        self.files.ask_to_write(self.store.state.points, values=self.store.state.network.regression)

    def new_seed(self) -> None:
        """Other initial weights, other test points, other shuffles."""
        before = self.store.state.training.seed
        seed = random.choice([seed for seed in range(1000) if seed != before])
        self.store.edit(training=msgspec.structs.replace(self.store.state.training, seed=seed))
        self.bridge.reset()

    def _say_lack(self) -> None:
        """Say what the points lack to be trained on."""
        points = self.store.state.points
        if lack := lack_of(self.store.state.network, points):
            self.banner.say(sayings.stands_still(lack, waits=self.bridge.running), about=points)

    def refuse(self, text: str, *, kind: str = "warning") -> None:
        """Say why something cannot be done; until something else is."""
        self.banner.say(text, kind=kind, about=self.store.state)

    def tell(self, text: str) -> None:
        """Say what was done; until something else is."""
        self.banner.say(text, kind="info", about=self.store.state)

    def _set_network(self, network: NetworkSpec) -> None:
        self.store.edit(**self._specs(network))

    def _specs(self, network: NetworkSpec) -> dict[str, NetworkSpec | TrainingSpec]:
        """A network, and how it is trained: with a loss that it can have."""
        training = self.store.state.training
        if training.loss not in HEAD_LOSSES[network.head]:
            training = msgspec.structs.replace(training, loss="")  # the head's own
        return {"network": network, "training": training}

    def set_stage(self, stage: Stage | None) -> None:
        """What is in front of the tab's own network from now on; None for nothing."""
        self.stage = stage
        for part in self.parts:
            part.show_stage()

    # The window's menu and keys

    @unless_staged
    def play_pause(self) -> None:
        """Train, or pause; before TensorFlow is ready, training starts as soon as it is."""
        if self.bridge.running:
            self.bridge.pause()
            self.say()
        else:
            self._train()

    @unless_staged
    def step_forward(self) -> None:
        """To the next kept epoch, where an earlier one is shown; otherwise train to the end of the epoch."""
        if not self.travel.step_forward():
            self.bridge.step_epoch()
            self._say_lack()

    @unless_staged
    def step_batch(self) -> None:
        """Train one batch."""
        self.bridge.step_batch()
        self._say_lack()

    @unless_staged
    def step_back(self) -> None:
        """To the kept epoch before."""
        self.travel.step_back()

    @unless_staged
    def to_start(self) -> None:
        """Back to the initial weights; what was trained is kept."""
        self.travel.to_start()

    @unless_staged
    def to_end(self) -> None:
        """To the newest epoch."""
        self.travel.to_end()

    @unless_staged
    def reset(self) -> None:
        """Back to epoch 0 and the same initial weights."""
        self.life.forget_failure()
        self.bridge.reset()

    def undo(self) -> None:
        """Take back the last edit of points or settings."""
        self._travel(self.store.undo)

    def redo(self) -> None:
        """Make the edit taken back again."""
        self._travel(self.store.redo)

    def _travel(self, step: Callable[[], None]) -> None:
        before = self.store.state.training.seed
        step()
        if self.store.state.training.seed != before:
            self.bridge.reset()  # as it was done when the seed was first changed

    def save_state(self, settings: QSettings) -> None:
        """Remember tool, brush, axis and layout."""
        for part in self.parts:
            part.save(settings)
        memory.save(self, settings)

    def restore_state(self, settings: QSettings) -> None:
        """Take tool, brush, axis and layout from the last time."""
        memory.restore(self, settings)
        for part in self.parts:
            part.restore(settings)

    def close_tab(self) -> None:
        """End timers, threads and the training process."""
        self._unseen.stop()
        for part in self.parts:
            part.close()
        self.curves.close_view()
        self.files.close()
        self.bridge.close()
