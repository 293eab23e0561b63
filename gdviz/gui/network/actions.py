"""Actions of tab 2: a name, words for the menu, keys, and what they do."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QWidget


def add_action(tab: QWidget, name: str, title: str, key: str, do: Callable[[], object], group: str) -> QAction:
    """Give a tab one action, ``network.action.<name>``, worked by a key or by several.

    The window's menu shows it in the sub-menu of its group.
    """
    action = QAction(title, tab)
    action.setObjectName(f"network.action.{name}")
    action.setShortcuts(QKeySequence.listFromString(key))
    action.setProperty("group", group)
    action.triggered.connect(lambda: do())
    tab.addAction(action)
    return action
