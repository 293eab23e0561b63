"""What the colours of a map mean: a sample, a name and a detail a row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import Qt
from PySide6.QtGui import QPixmap
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import muted


@dataclass(frozen=True, slots=True)
class Entry:
    """A row: its sample, and rich text beside it."""

    sample: QPixmap | None
    text: str


class MapLegend(QScrollArea):
    """Rows of samples and texts; rows that are there already are kept, so that nothing flickers while it computes."""

    def __init__(self, name: str, look: Look) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName("What the colours mean")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setWidgetResizable(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._look = look
        self._rows: list[tuple[QLabel, QLabel]] = []
        inside = QWidget()
        self._grid = QGridLayout(inside)
        self._grid.setContentsMargins(8, 8, 4, 8)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(6)
        self._grid.setColumnStretch(1, 1)
        self._grid.setRowStretch(1000, 1)
        self.setWidget(inside)
        look.changed.connect(self._fit)
        self._fit()

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Show these rows."""
        while len(self._rows) < len(entries):
            self._add_row()
        for index, (sample, text) in enumerate(self._rows):
            there = index < len(entries)
            sample.setVisible(there)
            text.setVisible(there)
            if there:
                entry = entries[index]
                sample.setPixmap(entry.sample or QPixmap())
                text.setText(entry.text)

    def text(self) -> str:
        """All that is shown, for tests and screen readers."""
        return "\n".join(text.text() for _, text in self._rows if not text.isHidden())

    def _add_row(self) -> None:
        sample, text = QLabel(), muted()
        text.setTextFormat(Qt.TextFormat.RichText)
        text.setFont(self._look.font(0.9))
        row = len(self._rows)
        self._grid.addWidget(sample, row, 0, Qt.AlignmentFlag.AlignTop)
        self._grid.addWidget(text, row, 1)
        self._rows.append((sample, text))

    def _fit(self) -> None:
        self.setFixedWidth(self._look.pixels(25))
        for _, text in self._rows:
            text.setFont(self._look.font(0.9))
