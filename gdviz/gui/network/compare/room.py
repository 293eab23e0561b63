"""Gives the comparison the room of canvas, network and transport bar, and gives it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


class Room:
    """Puts a page beside the data panel, in place of all else; tools and data stay at hand."""

    def __init__(self, tab: NetworkTab, page: QWidget) -> None:
        self._columns, self._page = tab.columns, page
        self._others: tuple[QWidget, ...] = (tab.view_area, tab.columns.upright, tab.transport)
        self._shown: list[QWidget] = []
        self._before: tuple[list[int], bool] = ([], False)
        page.hide()
        tab.columns.addWidget(page)
        index = tab.columns.indexOf(page)
        tab.columns.setCollapsible(index, False)
        tab.columns.setStretchFactor(index, 1)

    def take(self) -> None:
        """Show the page."""
        columns = self._columns
        self._before = (columns.sizes(), columns.moved)
        self._shown = [widget for widget in self._others if not widget.isHidden()]
        for widget in self._shown:
            widget.hide()
        self._page.show()
        columns.arrange()

    def give_back(self) -> None:
        """Show what was there before, as large as it was."""
        columns = self._columns
        self._page.hide()
        for widget in self._shown:
            widget.show()
        sizes, columns.moved = self._before
        if columns.moved:
            columns.setSizes(sizes)
        else:
            columns.arrange()
