"""Tab 2: a Keras network learns points painted by hand."""

from __future__ import annotations

import random

import msgspec
import numpy as np
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QVBoxLayout

from gdviz.gui.network import memory, sayings
from gdviz.gui.network.bridge import MakeClient, TrainingBridge
from gdviz.gui.network.canvas import Canvas
from gdviz.gui.network.canvas_frame import CanvasFrame
from gdviz.gui.network.columns import Columns, SettingsScroll
from gdviz.gui.network.curves import Curves
from gdviz.gui.network.files import PointsFiles
from gdviz.gui.network.keys import add_keys
from gdviz.gui.network.network_panel import NetworkPanel
from gdviz.gui.network.paint_panel import PaintPanel
from gdviz.gui.network.painter import Painter
from gdviz.gui.network.readouts import Readouts
from gdviz.gui.network.state import NetworkState, Painted, Source
from gdviz.gui.network.store import Store
from gdviz.gui.network.top_bar import TopBar
from gdviz.gui.network.training_panel import TrainingPanel
from gdviz.gui.numbers import whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.banner import Banner
from gdviz.gui.widgets.controls import icon_button
from gdviz.gui.widgets.tab import Tab
from gdviz.gui.widgets.transport import TransportBar
from gdviz.network.points import Points
from gdviz.network.spec import HEAD_LOSSES, NetworkSpec
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
        self._ended = False
        self._failed_run = -1
        self.files = PointsFiles(self)
        self.canvas = Canvas(look)
        self.painter = Painter(self.canvas, self.store)
        self.paint_panel = PaintPanel(look)
        self.network_panel = NetworkPanel(look)
        self.training_panel = TrainingPanel(look)
        self.curves = Curves(look)
        self.top = TopBar(look)
        self.banner = Banner("network.banner")
        self.transport = TransportBar(
            "network", look, play_title="Train", position_template="epoch 0 000 000", scrub=False
        )
        self.readouts = Readouts(look)
        self._unseen = QTimer(self)
        self._unseen.setSingleShot(True)
        self._unseen.setInterval(UNSEEN_MILLISECONDS)
        self._lay_out()
        self._connect()
        add_keys(self)
        self._show(None, self.store.state)
        self._show_tool()
        self._show_undo()
        self._show_epoch()
        # The window opens first; the process that loads TensorFlow starts beside it.
        QTimer.singleShot(0, self, self.bridge.start)

    @property
    def ready(self) -> bool:
        """Whether TensorFlow is loaded."""
        return self.bridge.is_ready

    @property
    def epoch(self) -> int:
        """Epochs trained in this run."""
        return self.frame.epoch if self.frame is not None else 0

    def _lay_out(self) -> None:
        self.canvas_frame = CanvasFrame(self.canvas, self.look)
        settings = SettingsScroll("network.right", self.look, self.network_panel, self.training_panel)
        settings.widened.connect(self.training_panel.unfold)
        self.columns = Columns(
            self.look,
            left=SettingsScroll("network.left", self.look, self.paint_panel),
            canvas=self.canvas_frame,
            settings=settings,
            curves=self.curves,
        )
        batch = icon_button("network.step_batch", "batch", "One batch", self.look, tip="Train one batch (Shift+Right)")
        batch.setAutoRepeat(True)
        batch.clicked.connect(self.step_batch)
        self._steps = (self.transport.step_forward_button, batch)
        self.transport.add_step(batch)
        self.transport.step_forward_button.setAccessibleName("One epoch")
        self.transport.step_forward_button.setToolTip("Train one epoch (Right)")
        self.transport.to_start_button.setAccessibleName("Reset")
        self.transport.to_start_button.setToolTip("Back to epoch 0 and the same initial weights (Home, Ctrl+R)")
        self.transport.add(self.readouts, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.top)
        column.addWidget(self.banner)
        column.addWidget(self.columns, 1)
        column.addWidget(self.transport)

    def _connect(self) -> None:
        store, bridge, panel = self.store, self.bridge, self.paint_panel
        store.changed.connect(self._show)
        store.undo_changed.connect(self._show_undo)
        self.look.changed.connect(lambda: self._show(None, store.state))
        self.canvas.hovered.connect(panel.show_place)
        self.canvas.painted.connect(self._drawn)
        self._unseen.timeout.connect(bridge.drawn)
        self.painter.changed.connect(self._show_tool)
        panel.tool_chosen.connect(self.painter.set_tool)
        panel.size_chosen.connect(self.painter.set_size)
        panel.undo.connect(self.undo)
        panel.redo.connect(self.redo)
        panel.clear.connect(self.clear)
        panel.generate.connect(lambda source: self.load(source.painted()))
        panel.test_fraction_chosen.connect(lambda share: self._set_training(test_fraction=share))
        self.top.dataset_chosen.connect(lambda key: self.load(Source.usual(key).painted()))
        self.top.import_asked.connect(self.files.ask_to_read)
        self.top.export_asked.connect(self.export_points)
        self.top.view_chosen.connect(lambda view: self.canvas.set_hard(view == "hard"))
        self.top.folded.connect(self.columns.toggle)
        self.files.read.connect(self.load)
        self.files.failed.connect(self.banner.say)
        self.network_panel.edited.connect(self._set_network)
        self.training_panel.network_edited.connect(self._set_network)
        self.training_panel.training_edited.connect(lambda training: store.change(training=training))
        self.transport.play_toggled.connect(self.play_pause)
        self.transport.step_forward.connect(self.step_forward)
        self.transport.to_start.connect(self.reset)
        self.readouts.new_seed.connect(self.new_seed)
        bridge.frame.connect(self._show_frame)
        bridge.run_began.connect(self._begin_run)
        bridge.running_changed.connect(self._show_running)
        bridge.ready.connect(lambda _: self._say())
        bridge.refused.connect(lambda text: self.banner.say(text, kind="error"))
        bridge.ended.connect(self._say_ended)

    # What the state says is drawn

    def _show(self, before: NetworkState | None, now: NetworkState) -> None:
        if before is not None:
            self.bridge.change(now)
        if before is None or before.extent != now.extent or before.axes != now.axes:
            self.canvas.show_extent(now.extent, now.axes)
        test = test_mask(len(now.points), now.training.test_fraction, now.training.seed)
        self.canvas.show_points(now.points, test)
        self.canvas_frame.show_hint(not len(now.points))
        self.paint_panel.show_state(now)
        self.top.show_source(now.source.key if now.source is not None else "")
        if before is None or before.network != now.network or before.training != now.training:
            self.network_panel.show_network(now.network)
            self.training_panel.show_specs(now.network, now.training)
            self.readouts.show_seed(now.training.seed)
        self._say()

    def _show_tool(self) -> None:
        self.paint_panel.show_tool(self.painter.tool, self.painter.size)

    def _show_undo(self) -> None:
        journal = self.store.journal
        self.paint_panel.show_undo(journal.can_undo, journal.can_redo)

    def _show_running(self, running: bool) -> None:
        self.transport.set_playing(running)
        self._say()

    # Frames

    def _begin_run(self) -> None:
        self.frame = None
        self.curves.clear()
        self._show_epoch()

    def _show_frame(self, frame: Frame) -> None:
        self.frame = frame
        self._unseen.start()
        self.canvas.show_boundary(frame.boundary, frame.extent)
        if frame.epoch == 0:
            now = frame.metrics
            self.curves.restart(np.array([[0.0, now.loss, now.accuracy, now.test_loss, now.test_accuracy]]))
        self.curves.extend(frame.history)
        self._show_epoch()
        self.readouts.show_frame(frame)
        self._say()
        if frame.state == "failed" and frame.run != self._failed_run:
            self._failed_run = frame.run
            self.banner.say(frame.reason, kind="error", action="Reset", on_action=self.reset)

    def _show_epoch(self) -> None:
        self.transport.set_position(0, 0, f"epoch {whole(self.epoch)}")

    def _forget_failure(self) -> None:
        if self._failed_run >= 0:
            self._failed_run = -1
            self.banner.clear()

    def _drawn(self) -> None:
        self._unseen.stop()
        self.bridge.drawn()

    def _say(self) -> None:
        ready = self.bridge.is_ready
        for button in self._steps:
            button.setEnabled(ready)
        self.top.say(
            sayings.status(
                ready=ready,
                ended=self._ended,
                running=self.bridge.running,
                points=len(self.store.state.points),
                frame=self.frame,
            )
        )

    def _say_ended(self, reason: str) -> None:
        self._ended = True
        self._say()
        text = f"The training process ended ({reason}). Points and settings are kept."
        self.banner.say(text, kind="error", action="Restart", on_action=self._restart)

    def _restart(self) -> None:
        self._ended = False
        self.bridge.restart()
        self._say()

    # Gestures

    def load(self, painted: Painted) -> None:
        """Other points altogether: training begins anew, and goes on where it was under way."""
        self.store.replace_points(painted)
        self.bridge.reset()

    def clear(self) -> None:
        """Remove all points, on the usual canvas; the network keeps what it learned."""
        if len(self.store.state.points):
            self.store.replace_points(Painted(Points()))

    def export_points(self) -> None:
        """Ask where to write the points."""
        self.files.ask_to_write(self.store.state.points)

    def new_seed(self) -> None:
        """Other initial weights, other test points, other shuffles."""
        before = self.store.state.training.seed
        self._set_training(seed=random.choice([seed for seed in range(1000) if seed != before]))
        self.bridge.reset()

    def _set_training(self, **fields: object) -> None:
        self.store.change(training=msgspec.structs.replace(self.store.state.training, **fields))

    def _set_network(self, network: NetworkSpec) -> None:
        training = self.store.state.training
        if training.loss not in HEAD_LOSSES[network.head]:
            training = msgspec.structs.replace(training, loss="")  # the head's own
        self.store.change(network=network, training=training)

    # The window's menu and keys

    def play_pause(self) -> None:
        """Train, or pause; before TensorFlow is ready, training starts as soon as it is."""
        if self.bridge.running:
            self.bridge.pause()
        else:
            self._forget_failure()
            self.bridge.train()
        self._say()

    def step_forward(self) -> None:
        """Train to the end of the epoch."""
        self.bridge.step_epoch()

    def step_batch(self) -> None:
        """Train one batch."""
        self.bridge.step_batch()

    def step_back(self) -> None:
        """Nothing: training has no way back."""

    def to_start(self) -> None:
        """Back to the initial weights."""
        self.reset()

    def to_end(self) -> None:
        """Nothing: training has no end."""

    def reset(self) -> None:
        """Back to epoch 0 and the same initial weights."""
        self._forget_failure()
        self.bridge.reset()

    def undo(self) -> None:
        """Take back the last stroke."""
        self.store.undo()

    def redo(self) -> None:
        """Make the stroke taken back again."""
        self.store.redo()

    def save_state(self, settings: QSettings) -> None:
        """Remember tool, brush, axis and layout."""
        memory.save(self, settings)

    def restore_state(self, settings: QSettings) -> None:
        """Take tool, brush, axis and layout from the last time."""
        memory.restore(self, settings)

    def close_tab(self) -> None:
        """End timers, threads and the training process."""
        self._unseen.stop()
        self.curves.close_view()
        self.files.close()
        self.bridge.close()
