"""Where the points come from: generated and changed as a slider moves, imported, dropped, pasted; and their axes."""

from __future__ import annotations

import random
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec
import numpy as np

from gdviz.gui.network import clipboard
from gdviz.gui.network.axes import Axis, axes_of, with_axes
from gdviz.gui.network.axes_dialog import AxesDialog
from gdviz.gui.network.code.part import CodePart
from gdviz.gui.network.data_drop import DropArea
from gdviz.gui.network.data_live import LiveSource
from gdviz.gui.network.data_problems import ProblemsDialog
from gdviz.gui.network.files import Incoming
from gdviz.gui.network.geometry import extent_of, inside
from gdviz.gui.network.marks import places_of
from gdviz.gui.network.painting import MOST_QUESTIONS, has_room
from gdviz.gui.network.part import Part
from gdviz.gui.network.state import NetworkState
from gdviz.gui.numbers import whole
from gdviz.network.points import Points

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

DROPPED_TEXT = "the dropped text"
SEEDS = 1000


class DataPart(Part):
    """Joins the data panel, dialogs and drops with the points."""

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self.live = LiveSource(tab.store, self)
        self.drops = DropArea(tab)
        self._axes: AxesDialog | None = None
        self._problems: ProblemsDialog | None = None
        panel = tab.data_panel
        panel.edited.connect(self._edit)
        panel.let_go.connect(self.live.finish)
        panel.dice.connect(self.roll)
        panel.axes_asked.connect(self.show_axes)
        panel.copy_asked.connect(self.copy_all)
        tab.canvas.pressed.connect(self.live.forget)
        tab.files.reading.connect(self._say_reading)
        tab.files.read.connect(self._take)
        tab.files.written.connect(lambda path: tab.tell(f"The points are saved as {path}."))
        self.drops.points_dropped.connect(tab.files.read_file)
        self.drops.text_dropped.connect(lambda text: tab.files.read_text(text, DROPPED_TEXT))
        self.drops.model_dropped.connect(self._load_model)
        for name, title, key, do in (
            ("new_points", "Other points: a new seed", "Shift+N", lambda: self.roll("seed")),
            ("new_split", "Other test points: a new seed", "Ctrl+Shift+N", lambda: self.roll("split_seed")),
            ("axes", "Axes …", "X", self.show_axes),
            ("copy_all", "Copy all points", "Ctrl+Shift+C", self.copy_all),
        ):
            self.add_action(name, title, key, do, "Points")

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """The window with the axes follows."""
        dialog = self._axes
        if dialog is None or not dialog.isVisible() or before is None:
            return
        if (axes_of(before), before.network.regression) != (axes_of(now), now.network.regression):
            dialog.show_axes(axes_of(now), values=now.network.regression)

    def close(self) -> None:
        """End the timers."""
        self.live.close()

    def roll(self, name: str) -> None:
        """Another seed of the points, or, for "split_seed", of the test points."""
        state = self.tab.store.state
        if name == "split_seed":
            self._edit(name, _other(state.training.split_seed))
        elif state.source is not None:
            self._edit(name, _other(state.source.seed))
            self.live.finish()

    def show_axes(self) -> None:
        """Open the window with the axes, or bring it to the front."""
        state = self.tab.store.state
        if self._axes is None:
            self._axes = AxesDialog(self.tab.look, self.tab)
            self._axes.applied.connect(self._apply_axes)
        self._axes.show_axes(axes_of(state), values=state.network.regression)
        self._axes.say("")
        self._axes.show()
        self._axes.raise_()
        self._axes.activateWindow()

    def copy_all(self) -> None:
        """Put all points and questions into the clipboard, as a table."""
        count = clipboard.copy_all(self.tab)
        self.tab.tell(f"{_points(count)} copied as a table: paste it into a spreadsheet.")

    def _edit(self, name: str, value: float) -> None:
        store = self.tab.store
        if name in ("test_fraction", "split_seed"):
            store.edit(name, training=msgspec.structs.replace(store.state.training, **{name: value}))
        else:
            self.live.edit(name, value)

    def _apply_axes(self, axes: tuple[Axis, Axis, Axis]) -> None:
        store = self.tab.store
        painted, grown = with_axes(store.state.painted, axes, values=store.state.network.regression)
        if painted != store.state.painted:
            store.put(painted)
        if self._axes is not None:
            self._axes.show_axes(axes_of(store.state), values=store.state.network.regression)
            self._axes.say(
                f"The range of {' and '.join(grown)} is larger than that: it holds all points." if grown else ""
            )

    def _say_reading(self, name: str) -> None:
        files = self.tab.files
        self.tab.banner.say(
            f"Reading {name} …", kind="info", action="Cancel", on_action=files.stop_reading, about=files
        )

    def _take(self, incoming: Incoming) -> None:
        """Load what was read; ask first where something is wrong with it."""
        self.tab.banner.withdraw(self.tab.files)
        if self._problems is not None:
            self._problems.reject()
        if not incoming.table.left_out:
            self._load(incoming)
            return
        self._problems = ProblemsDialog(incoming, self.tab)
        self._problems.agreed.connect(self._load)
        self._problems.finished.connect(self._forget_problems)
        self._problems.show()

    def _forget_problems(self) -> None:
        self._problems = None

    def _load(self, incoming: Incoming) -> None:
        if not len(incoming.table.points):
            self._ask_about(incoming)
            return
        tab, table = self.tab, incoming.table
        before, head = len(tab.store.state.points), tab.store.state.network.head
        tab.load(incoming.painted)
        said = [f"{_points(len(table.points))} from {incoming.name}.", *table.notes]
        if tab.store.state.network.head != head:
            learned = "values, with a linear output" if table.regression else "red and green, with a sigmoid output"
            said.append(f"The network now learns {learned}.")
        if before:
            said.append(f"Ctrl+Z brings {_points(before)} back.")
        tab.banner.say(" ".join(said), kind="info", about=tab.store.state.points)

    def _ask_about(self, incoming: Incoming) -> None:
        """Places without a label are questions, if there are not too many."""
        store, asked = self.tab.store, incoming.table.questions
        if not has_room(store.state.painted, 0, len(asked)):
            self.tab.banner.say(
                f"{_points(len(asked))} of {incoming.name} have neither a label nor a value: add a third column. "
                f"Up to {MOST_QUESTIONS} would be questions to the network."
            )
            return
        now = store.state
        places = np.concatenate([places_of(now), np.array(asked)])
        extent = now.extent
        if not inside(xy=places, extent=extent).all():
            extent = extent_of(points=Points.of(places, np.zeros(len(places))))
        store.edit(questions=(*now.questions, *asked), extent=extent)
        many = "1 question" if len(asked) == 1 else f"{len(asked)} questions"
        said = " ".join([f"{many} from {incoming.name}.", *incoming.table.notes])
        self.tab.banner.say(said, kind="info", about=now.points)

    def _load_model(self, path: str) -> None:
        for part in self.tab.parts:
            if isinstance(part, CodePart):
                part.load_model(str(Path(path)))


def _points(count: int) -> str:
    return "1 point" if count == 1 else f"{whole(count)} points"


def _other(seed: int) -> int:
    return random.choice([each for each in range(SEEDS) if each != seed])
