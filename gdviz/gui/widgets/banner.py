"""A quiet line across the top of a tab: what happened, and one thing to do about it."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QPushButton, QSizePolicy, QWidget


class Banner(QFrame):
    """Shows one message at a time; hidden while there is none."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        """Args: name: object name; its button is ``<name>.action``."""
        super().__init__(parent)
        self.setObjectName(name)
        self.setProperty("role", "banner")
        self._action: Callable[[], None] | None = None
        self._about: object = None
        self._label = QLabel()
        self._label.setObjectName(f"{name}.text")
        self._label.setWordWrap(True)
        self._label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._label.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        self._button = QPushButton()
        self._button.setObjectName(f"{name}.action")
        self._button.clicked.connect(self._act)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(12, 6, 6, 6)
        layout.addWidget(self._label)
        layout.addWidget(self._button)
        self.hide()

    @property
    def text(self) -> str:
        """The message on show, "" while there is none."""
        return self._label.text() if not self.isHidden() else ""

    def say(
        self,
        text: str,
        *,
        kind: str = "warning",
        action: str = "Dismiss",
        on_action: Callable[[], None] | None = None,
        about: object = None,
    ) -> None:
        """Show a message.

        Args:
            text: for people: what happened, and what to do.
            kind: "info", "warning" or "error".
            action: words on the button.
            on_action: what the button does, besides hiding the banner.
            about: the message goes when this is no longer so (see ``outdate``); None where it stays.
        """
        self._action, self._about = on_action, about
        self._label.setText(text)
        self.setAccessibleName(text)
        self._button.setText(action)
        self.setProperty("kind", kind)
        self.style().unpolish(self)
        self.style().polish(self)
        self.show()

    def clear(self) -> None:
        """Hide the banner."""
        self._action = self._about = None
        self.hide()

    def dismiss(self) -> bool:
        """Hide a message that asks for nothing; False where there is none."""
        quiet = bool(self.text) and self._action is None
        if quiet:
            self.clear()
        return quiet

    def outdate(self, *current: object) -> None:
        """Hide a message that is about none of these: what is so now."""
        if self._about is not None and all(self._about is not each for each in current):
            self.clear()

    def withdraw(self, about: object) -> None:
        """Hide a message that is about this."""
        if self._about is about:
            self.clear()

    def _act(self) -> None:
        action = self._action
        self.clear()
        if action is not None:
            action()
