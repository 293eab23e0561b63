"""Joins the paint panel with the painter: tools, brush, inks and selection."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QSettings

from gdviz.gui.network import clipboard
from gdviz.gui.network.painting import USUAL_DENSITY
from gdviz.gui.network.part import Part
from gdviz.gui.network.state import NetworkState

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


class Tools(Part):
    """What is chosen in the panel the painter does, and what the painter does the panel shows."""

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        painter, panel = tab.painter, tab.paint_panel
        selected = painter.selected
        panel.tool_chosen.connect(painter.set_tool)
        panel.size_chosen.connect(painter.set_size)
        panel.density_chosen.connect(painter.set_density)
        panel.inks.ink_chosen.connect(painter.use_ink)
        panel.inks.value_chosen.connect(painter.set_value)
        panel.selection.asked.connect(self._do)
        selected.refused.connect(tab.refuse)
        painter.changed.connect(self._show)
        selected.changed.connect(lambda: panel.selection.show_count(len(selected)))
        self._edits: dict[str, Callable[[], None]] = {
            "duplicate": selected.duplicate,
            "jitter": selected.jitter,
            "delete": selected.delete,
            "give_value": painter.give_value,
            "copy": partial(clipboard.copy, tab),
            "paste": partial(clipboard.paste, tab),
        }
        self._show()

    def show_state(self, before: NetworkState | None, now: NetworkState) -> None:
        """Offer colours or values."""
        if before is None or (before.axes, before.network, before.value_axis, before.value_range) != (
            now.axes,
            now.network,
            now.value_axis,
            now.value_range,
        ):
            self.tab.paint_panel.show_state(now)
            self._show()

    def save(self, settings: QSettings) -> None:
        """Remember how dense the spray is."""
        settings.setValue("network/density", self.tab.painter.density)

    def restore(self, settings: QSettings) -> None:
        """Take it from the last time."""
        try:
            self.tab.painter.set_density(int(str(settings.value("network/density", USUAL_DENSITY))))
        except ValueError:
            self.tab.painter.set_density(USUAL_DENSITY)

    def _show(self) -> None:
        self.tab.paint_panel.show_painter(self.tab.painter)

    def _do(self, what: str) -> None:
        self._edits[what]()
