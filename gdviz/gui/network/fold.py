"""A group of controls with a heading that folds it away."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget


class Fold(QWidget):
    """A heading, and below it what it unfolds."""

    def __init__(self, name: str, title: str, content: QWidget, *, open: bool = False, tip: str = "") -> None:
        """Args: name: object name of the heading; title: its words; content: what it shows and hides."""
        super().__init__()
        self._content = content
        self.button = QToolButton()
        self.button.setObjectName(name)
        self.button.setText(title)
        self.button.setAccessibleName(title)
        self.button.setToolTip(tip or f"Show or hide: {title}")
        self.button.setProperty("role", "flat")
        self.button.setStyleSheet("QToolButton:checked { background: transparent; color: palette(text); }")
        self.button.setCheckable(True)
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.button.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.button.toggled.connect(self._fold)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button)
        layout.addWidget(content)
        self.button.setChecked(open)
        self._fold(open)

    @property
    def is_open(self) -> bool:
        """Whether the content is shown."""
        return self.button.isChecked()

    def set_open(self, open: bool) -> None:
        """Show or hide the content."""
        self.button.setChecked(open)

    def _fold(self, open: bool) -> None:
        self.button.setArrowType(Qt.ArrowType.DownArrow if open else Qt.ArrowType.RightArrow)
        self._content.setVisible(open)


def align_labels(panel: QWidget, width: int) -> None:
    """Begin all fields of a panel's forms at the same place, width pixels from the left."""
    for label in panel.findChildren(QLabel):
        if label.buddy() is not None:
            label.setMinimumWidth(width)
