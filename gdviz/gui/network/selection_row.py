"""How much is selected, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from gdviz.gui.numbers import whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, icon_button

_BUTTONS = {
    "duplicate": ("duplicate", "Duplicate", "Copies beside what is selected (Ctrl+D)"),
    "copy": ("copy", "Copy", "Copy as text: tabs between x, y and label (Ctrl+C; Ctrl+X cuts)"),
    "paste": ("paste", "Paste", "Add the points copied here; a table from elsewhere replaces all (Ctrl+V)"),
    "jitter": ("jitter", "Jitter", "Move each a little way of its own (J)"),
    "give_value": ("fill", "Give the value", "Give what is selected the value above"),
    "delete": ("clear", "Delete", "Remove what is selected (Del)"),
}


class SelectionRow(QWidget):
    """Says and offers it.

    Signals:
        asked(str): duplicate, copy, paste, jitter, give_value or delete.
    """

    asked = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.said = SteadyLabel("00 000 selected", name="network.selected")
        self.said.setToolTip(
            "Drag around points, or click one; Shift adds, Ctrl takes out or in; arrow keys move, Escape lets go"
        )
        self.buttons: dict[str, QToolButton] = {}
        row = QHBoxLayout()
        row.setSpacing(4)
        for key, (icon, title, tip) in _BUTTONS.items():
            button = icon_button(f"network.selection.{key}", icon, title, look, tip=tip)
            button.setSizePolicy(button.sizePolicy().Policy.Expanding, button.sizePolicy().Policy.Fixed)
            button.clicked.connect(lambda _=False, key=key: self.asked.emit(key))
            self.buttons[key] = button
            row.addWidget(button, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.said)
        column.addLayout(row)
        self.show_count(0)
        self.show_regression(False)

    def show_count(self, count: int) -> None:
        """Say how many are selected."""
        self.said.setText(f"{whole(count)} selected")
        for key, button in self.buttons.items():
            button.setEnabled(count > 0 or key == "paste")

    def show_regression(self, regression: bool) -> None:
        """Whether points have values."""
        self.buttons["give_value"].setVisible(regression)
