"""The wheel scrolls; it does not change what it happens to be over."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget


class WheelGuard(QObject):
    """Event filter: a wheel turn over a control without focus scrolls the panel instead of changing the control."""

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Hold back wheel events from controls that do not have the focus."""
        if event.type() == QEvent.Type.Wheel and isinstance(watched, QWidget) and not watched.hasFocus():
            event.ignore()
            return True
        return False
