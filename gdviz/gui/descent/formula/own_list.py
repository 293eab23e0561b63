"""The list of one's own surfaces: choose, rename, delete, take back."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QAbstractItemView, QHBoxLayout, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from gdviz.gui.descent.formula.own_surfaces import OwnSurface, OwnSurfaces
from gdviz.gui.theme import Look
from gdviz.gui.widgets.banner import Banner
from gdviz.gui.widgets.controls import heading, icon_button

T = TypeVar("T")


class _List(QListWidget):
    """Signals: deleted(): Delete was pressed."""

    deleted = Signal()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete takes the entry out; F2 renames it."""
        if event.matches(QKeySequence.StandardKey.Delete):
            self.deleted.emit()
        else:
            super().keyPressEvent(event)


class FormulaList(QWidget):
    """Shows the entries of a store and changes them.

    Signals:
        opened(object): an ``OwnSurface`` was chosen.
        reloaded(): entries may have changed.
    """

    opened = Signal(object)
    reloaded = Signal()

    def __init__(self, store: OwnSurfaces, banner: Banner, look: Look) -> None:
        """Args: store: whose entries; banner: where problems and what can be taken back are said."""
        super().__init__()
        self._store, self._banner = store, banner
        self._known: dict[str, OwnSurface] = {}
        self.list = _List()
        self.list.setObjectName("descent.own.list")
        self.list.setAccessibleName("Your surfaces")
        self.list.setToolTip("Your surfaces: click to open, F2 to rename, Delete to delete")
        self.list.setEditTriggers(
            QAbstractItemView.EditTrigger.EditKeyPressed | QAbstractItemView.EditTrigger.DoubleClicked
        )
        self.rename_button = icon_button("descent.own.rename", "brush", "Rename", look, tip="Rename (F2)", text=True)
        self.delete_button = icon_button("descent.own.delete", "clear", "Delete", look, tip="Delete (Del)", text=True)
        self.list.itemSelectionChanged.connect(self._open)
        self.list.itemClicked.connect(lambda _: self._open())
        self.list.itemChanged.connect(self._rename)
        self.list.deleted.connect(self._delete)
        self.rename_button.clicked.connect(lambda: self.list.editItem(self.list.currentItem()))
        self.delete_button.clicked.connect(self._delete)
        buttons = QHBoxLayout()
        buttons.addWidget(self.rename_button)
        buttons.addWidget(self.delete_button)
        buttons.addStretch(1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(heading("YOUR SURFACES"))
        column.addWidget(self.list, 1)
        column.addLayout(buttons)

    @property
    def selected(self) -> str | None:
        """Name of the entry that is chosen."""
        items = self.list.selectedItems()
        return str(items[0].data(Qt.ItemDataRole.UserRole)) if items else None

    def reload(self, select: str | None = None) -> None:
        """Show what the store has, with an entry chosen or none."""
        surfaces = self._tried(self._store.all) or ()
        if self._store.problem:
            self._banner.say(self._store.problem, kind="error")
        self._known = {surface.name: surface for surface in surfaces}
        with QSignalBlocker(self.list):
            self.list.clear()
            for surface in surfaces:
                item = QListWidgetItem(surface.name)
                item.setData(Qt.ItemDataRole.UserRole, surface.name)
                item.setToolTip(surface.formula)
                item.setFlags(item.flags() | Qt.ItemFlag.ItemIsEditable)
                self.list.addItem(item)
                if surface.name == select:
                    self.list.setCurrentItem(item)
            if select is None:
                self.list.clearSelection()
        self._enable()
        self.reloaded.emit()

    def keep(self, surface: OwnSurface, *, in_place_of: str | None) -> OwnSurface | None:
        """Add an entry or replace one; what was kept, or None where the banner says why it could not be."""
        kept = self._tried(lambda: self._store.add(surface, in_place_of=in_place_of))
        if kept is not None:
            self.reload(kept.name)
        return kept

    def _enable(self) -> None:
        for button in (self.rename_button, self.delete_button):
            button.setEnabled(self.selected is not None)

    def _open(self) -> None:
        self._enable()
        surface = self._known.get(self.selected or "")
        if surface is not None:
            self.opened.emit(surface)

    def _rename(self, item: QListWidgetItem) -> None:
        before = str(item.data(Qt.ItemDataRole.UserRole))
        if item.text() == before:
            return
        name = self._tried(lambda: self._store.rename(before, item.text()))
        self.reload(name or before)
        self._open()

    def _delete(self) -> None:
        name = self.selected
        if name is None:
            return
        removed = self._tried(lambda: self._store.remove(name))
        self.reload()
        if removed is not None:
            index, surface = removed
            self._banner.say(
                f"Deleted {surface.name}.", action="Undo", on_action=lambda: self._put_back(index, surface)
            )

    def _put_back(self, index: int, surface: OwnSurface) -> None:
        made = self._tried(lambda: self._store.put_back(index, surface))
        self.reload(None if made is None else made.name)

    def _tried(self, do: Callable[[], T]) -> T | None:
        try:
            return do()
        except (OSError, ValueError) as error:
            text = str(error)
            self._banner.say(f"{text[:1].upper()}{text[1:]}.", kind="error")
            return None
