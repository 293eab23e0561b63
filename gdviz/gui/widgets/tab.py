"""What every tab of the window answers to, so that one set of keys works them all."""

from __future__ import annotations

from PySide6.QtCore import QSettings, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from gdviz.gui.widgets.banner import Banner
from gdviz.gui.widgets.number_field import NumberField

_DONE_TYPING = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)


class Tab(QWidget):
    """A tab that plays: the window's menu and keys call these of the tab in front."""

    title = ""
    banner: Banner

    @property
    def main_view(self) -> QWidget:
        """What has the keyboard while nothing is typed."""
        return self

    def begin(self) -> None:
        """Start what the window does not wait for; called once, when it is painted."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Take the keyboard back from a field of numbers that is done with it."""
        if event.key() in _DONE_TYPING and isinstance(QApplication.focusWidget(), NumberField):
            view = self.main_view
            (view if view.isVisible() else self).setFocus(Qt.FocusReason.OtherFocusReason)
            event.accept()
        else:
            super().keyPressEvent(event)

    def play_pause(self) -> None:
        """Start or stop playing."""
        raise NotImplementedError

    def step_forward(self) -> None:
        """One step on."""
        raise NotImplementedError

    def step_back(self) -> None:
        """One step back."""
        raise NotImplementedError

    def to_start(self) -> None:
        """To the first step."""
        raise NotImplementedError

    def to_end(self) -> None:
        """To the last step there is."""
        raise NotImplementedError

    def reset(self) -> None:
        """Begin anew with the same settings."""
        raise NotImplementedError

    def undo(self) -> None:
        """Take back the last change, where the tab keeps changes."""

    def redo(self) -> None:
        """Make the change taken back again."""

    def save_state(self, settings: QSettings) -> None:
        """Write what the tab remembers from one start to the next."""

    def restore_state(self, settings: QSettings) -> None:
        """Read it back; ignore what cannot be read."""

    def close_tab(self) -> None:
        """End threads, timers and processes; nothing is called afterwards."""
