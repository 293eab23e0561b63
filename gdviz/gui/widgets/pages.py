"""Pages of which one is seen, with a row of titles to choose it."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton, QWidget

from gdviz.gui.widgets.steady_tabs import SteadyTabs


class Pages(SteadyTabs):
    """A tab widget whose pages have keys, so that they can be asked for and remembered by name.

    Signals:
        currentChanged(int): Qt's own: another page is in front.
    """

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "pages")
        self.setAccessibleName("Pages")
        self.setDocumentMode(True)
        self.setUsesScrollButtons(False)  # a page behind arrows is not found: rather shorten all titles
        self.setElideMode(Qt.TextElideMode.ElideRight)
        self.tabBar().setExpanding(False)
        self.tabBar().setDrawBase(False)
        for button, way in zip(self.tabBar().findChildren(QToolButton), ("left", "right"), strict=True):
            button.setObjectName(f"{name}.scroll_{way}")
            button.setAccessibleName(f"More pages to the {way}")
            button.setToolTip(f"More pages to the {way}")

    def add(self, key: str, title: str, page: QWidget, tip: str = "") -> None:
        """Add a page at the end."""
        page.setProperty("page", key)
        self.setTabToolTip(self.addTab(page, title), tip)

    @property
    def shown(self) -> str:
        """The key of the page in front; "" where there is none."""
        page = self.currentWidget()
        return str(page.property("page")) if page is not None else ""

    def show_page(self, key: str) -> None:
        """Bring a page to the front; nothing happens where there is none of that key."""
        for index in range(self.count()):
            page = self.widget(index)
            if page is not None and page.property("page") == key:
                self.setCurrentIndex(index)
