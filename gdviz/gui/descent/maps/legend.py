"""What the colours of a map mean: a sample, a name and a detail an entry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap, QResizeEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QScrollArea, QSizePolicy, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import muted
from gdviz.gui.widgets.flow import FlowLayout

WIDTH, HIGHEST = 26.0, 8.5
"""Width of a legend beside its map, and the most height of one below it, in grid units."""


@dataclass(frozen=True, slots=True)
class Entry:
    """A sample, and rich text beside it; where room is scarce a short one, and the other becomes a tool tip."""

    sample: QPixmap | None
    text: str
    short: str = ""


class _Row(QWidget):
    """A sample and its text."""

    def __init__(self) -> None:
        super().__init__()
        self._sample, self._text = QLabel(), muted()
        self._text.setTextFormat(Qt.TextFormat.RichText)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(6)
        row.addWidget(self._sample, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)

    def show_entry(self, entry: Entry, look: Look, *, in_short: bool) -> None:
        """Show another entry."""
        self._sample.setPixmap(entry.sample or QPixmap())
        self._sample.setVisible(entry.sample is not None or not in_short)
        self._sample.setMinimumWidth(0 if in_short else look.pixels(3))
        self._text.setFont(look.font(0.9))
        self._text.setText(entry.short if in_short and entry.short else entry.text)
        self.setToolTip(entry.text if in_short else "")
        self.setContentsMargins(0, 0, 8 if in_short else 0, 0)
        # As wide as the legend, or no wider than it needs.
        self.setMinimumWidth(0 if in_short else look.pixels(WIDTH) - 12)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)


class MapLegend(QScrollArea):
    """One entry a row beside a map, or in short as many as fit below it.

    Rows that are there already are kept, so that nothing flickers while it computes.
    """

    def __init__(self, name: str, look: Look) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("What the colours mean")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._look = look
        self._in_short = False
        self._entries: Sequence[Entry] = ()
        self._rows: list[_Row] = []
        inside = QWidget()
        self._flow = FlowLayout(inside, margins=(8, 4, 4, 4), spacing=4)
        self.setWidget(inside)
        look.changed.connect(self._show)
        self._show()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these."""
        self._entries = entries
        self._show()

    def set_in_short(self, in_short: bool) -> None:
        """Lie below the map, or stand beside it."""
        if in_short != self._in_short:
            self._in_short = in_short
            self._show()

    def text(self) -> str:
        """All that is to be known, for tests and screen readers."""
        return "\n".join(entry.text for entry in self._entries)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Be as high as the rows need at this width."""
        super().resizeEvent(event)
        self._fit()

    def _show(self) -> None:
        while len(self._rows) < len(self._entries):
            self._rows.append(_Row())
            self._flow.addWidget(self._rows[-1])
        for index, row in enumerate(self._rows):
            there = index < len(self._entries)
            row.setVisible(there)
            if there:
                row.show_entry(self._entries[index], self._look, in_short=self._in_short)
        self._fit()

    def _fit(self) -> None:
        free = 16_777_215  # Qt's own for "no limit"
        look = self._look
        width = look.pixels(WIDTH)
        self.setMinimumWidth(0 if self._in_short else width)
        self.setMaximumWidth(free if self._in_short else width)
        height = min(self._flow.heightForWidth(self.viewport().width()), look.pixels(HIGHEST))
        self.setMinimumHeight(height if self._in_short else 0)
        self.setMaximumHeight(height if self._in_short else free)
