"""Every action of the window with its keys, read off its menus."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics, QKeySequence
from PySide6.QtWidgets import (
    QDialog,
    QHeaderView,
    QLineEdit,
    QMainWindow,
    QMenu,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
)

from gdviz.gui.theme import Look

SHARE_OF_SCREEN = 0.85


class KeysDialog(QDialog):
    """A list by menus, with a field that filters it; stays beside the window, so that keys can be tried."""

    def __init__(self, window: QMainWindow, look: Look) -> None:
        super().__init__(window)
        self.setObjectName("keys")
        self.setWindowTitle("Keys")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.filter = QLineEdit()
        self.filter.setObjectName("keys.filter")
        self.filter.setPlaceholderText("Type a key or a word, such as Ctrl or surface")
        self.filter.setAccessibleName("Filter")
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._show_matching)
        self._rows: dict[QTreeWidgetItem, list[QTreeWidgetItem]] = {}
        self.tree = QTreeWidget()
        self.tree.setObjectName("keys.list")
        self.tree.setAccessibleName("Actions and their keys")
        self.tree.setHeaderLabels(["action", "keys"])
        self.tree.setRootIsDecorated(False)
        self.tree.setFont(look.font())
        self.tree.header().setStretchLastSection(False)
        self.tree.header().setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        self.tree.header().setSectionResizeMode(1, QHeaderView.ResizeMode.ResizeToContents)
        for action in window.menuBar().actions():
            menu = action.menu()
            if isinstance(menu, QMenu):
                self._add(menu, look)
        self.tree.expandAll()
        column = QVBoxLayout(self)
        column.addWidget(self.filter)
        column.addWidget(self.tree, 1)
        room, letter = window.screen().availableSize() * SHARE_OF_SCREEN, QFontMetrics(look.font())
        self.resize(min(room.width(), letter.averageCharWidth() * 80), min(room.height(), letter.height() * 40))

    def _add(self, menu: QMenu, look: Look) -> None:
        head = QTreeWidgetItem([plain(menu.title())])
        head.setFont(0, look.font(bold=True))
        self.tree.addTopLevelItem(head)
        self._rows[head] = [QTreeWidgetItem(head, [words, keys_of(action)]) for words, action in actions_of(menu)]

    def _show_matching(self, text: str) -> None:
        """Hide what has none of the text, and menus of which nothing is left."""
        wanted = text.strip().casefold()
        for head, rows in self._rows.items():
            for row in rows:
                row.setHidden(wanted not in f"{head.text(0)} {row.text(0)} {row.text(1)}".casefold())
            head.setHidden(all(row.isHidden() for row in rows))


def actions_of(menu: QMenu, path: str = "") -> Iterator[tuple[str, QAction]]:
    """The actions of a menu and of its sub-menus, each with the words that lead to it."""
    for action in menu.actions():
        below = action.menu()
        words = f"{path}{plain(action.text())}"
        if isinstance(below, QMenu):
            yield from actions_of(below, f"{words}: ")
        elif not action.isSeparator():
            yield words, action


def keys_of(action: QAction) -> str:
    """As they are written on this system."""
    return ", ".join(key.toString(QKeySequence.SequenceFormat.NativeText) for key in action.shortcuts())


def plain(title: str) -> str:
    """A title without the mark of its mnemonic."""
    return title.replace("&", "")
