"""A slider with keys of its own."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QSlider

from gdviz.gui.widgets.wheel_guard import WheelGuard

_KEYS = frozenset(
    (
        Qt.Key.Key_Left,
        Qt.Key.Key_Right,
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    )
)


class KeyedSlider(QSlider):
    """A slider that, once one has come to it with Tab, has its keys for itself rather than the window's playback.

    A click leaves the keys where they are: who has slid to a setting steps on with the arrows as before. A wheel turn
    over a slider without the focus scrolls the panel.
    """

    def __init__(self, name: str, title: str, tip: str, *, first: int = 0, last: int, page: int = 1) -> None:
        """Args: name, title, tip: of the object; first, last: notches at its ends; page: notches of Page Up."""
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setToolTip(tip)
        self.setRange(first, last)
        self.setPageStep(page)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.installEventFilter(WheelGuard(self))

    def event(self, event: QEvent) -> bool:
        """Claim its keys before the window's shortcuts do."""
        if (
            event.type() == QEvent.Type.ShortcutOverride
            and isinstance(event, QKeyEvent)
            and event.key() in _KEYS
            and not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        ):
            event.accept()
            return True
        return super().event(event)
