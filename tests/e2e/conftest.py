"""Someone at the window: works controls by their object names, with mouse and keys."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QMenu, QWidget


class Hands:
    """Two hands on mouse and keyboard; what cannot be seen cannot be worked."""

    def __init__(self, window, qtbot):
        self.window, self.qtbot = window, qtbot
        self.session = window.descent.session
        self._aside = 0

    def find(self, name: str) -> QWidget:
        """A control or view by its object name, as soon as it is shown."""

        def is_shown() -> None:
            found = self.window.findChild(QWidget, name)
            assert found is not None, f"there is no {name}"
            assert found.isVisible(), f"{name} is not shown"

        self.qtbot.waitUntil(is_shown)
        return self.window.findChild(QWidget, name)

    def click(self, name: str) -> None:
        self.qtbot.mouseClick(self.find(name), Qt.MouseButton.LeftButton)

    def press(self, *keys: Qt.Key) -> None:
        for key in keys:
            self.qtbot.keyClick(self.window, key)

    def type(self, name: str, text: str) -> None:
        """Type into a field in place of what it holds."""
        field = self.find(name)
        self.qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
        self.qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        self.qtbot.keyClicks(field, text)

    def choose(self, name: str, key: str) -> None:
        """Choose from a combo box with the arrow keys."""
        box = self.find(name)
        assert isinstance(box, QComboBox)
        box.setFocus()
        steps = box.findData(key) - box.currentIndex()
        for _ in range(abs(steps)):
            self.qtbot.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
        assert box.currentData() == key

    def pick(self, name: str) -> None:
        """Pick an entry of a menu by its object name."""
        action = self.window.findChild(QAction, name)
        menu = next(menu for menu in action.associatedObjects() if isinstance(menu, QMenu))
        menu.popup(self.window.mapToGlobal(self.window.rect().center()))
        menu.setActiveAction(action)
        self.qtbot.keyClick(menu, Qt.Key.Key_Return)

    def move(self, view: QWidget, place: QPoint) -> None:
        """Move the mouse to a place of a view, give or take a pixel.

        To be repeated until it is answered: Qt leaves out a move to where the mouse is, pyqtgraph one that follows
        another at once.
        """
        self._aside = 1 - self._aside
        QTest.mouseMove(view, place + QPoint(self._aside, 0))

    def numbers(self, name: str) -> list[float]:
        """The numbers that a label or field says, in order; words between them are skipped."""
        words = self.find(name).text().replace("−", "-").replace(",", " ").split()
        return [float(word) for word in words if word.lstrip("+-")[:1].isdigit()]

    def computed(self):
        """Wait for the race as it is now set, to its end; its trajectories, a racer each."""
        session = self.session
        self.qtbot.waitUntil(
            lambda: (
                session.race.spec == session.spec
                and session.race.whole
                and len(session.race.trajectories) == len(session.spec.racers)
            )
        )
        return session.race.trajectories

    def drawn(self) -> None:
        """Wait until contours and 3-D view show the surface that is set."""
        contours, surface = self.find("descent.contours"), self.session.surface

        def is_drawn() -> bool:
            relief = contours.whole
            if relief is None or relief.bounds != surface.bounds:
                return False
            return np.allclose(relief.loss, surface.value(np.stack(np.meshgrid(relief.w0, relief.w1), axis=-1)))

        self.qtbot.waitUntil(is_drawn)


@pytest.fixture
def hands(window, qtbot):
    """At the window as it opens, its first race computed and back at the start."""
    made = Hands(window, qtbot)
    made.computed()
    made.press(Qt.Key.Key_Home)
    return made
