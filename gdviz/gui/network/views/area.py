"""The middle of the tab: the canvas, or another view of the result in its place."""

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStackedWidget, QVBoxLayout, QWidget

from gdviz.gui.network.canvas_frame import CanvasFrame


class ViewArea(QStackedWidget):
    """Shows one of them at a time.

    Attributes:
        above: where controls stand above the canvas while it needs any.
    """

    def __init__(self, canvas: CanvasFrame) -> None:
        super().__init__()
        self.setObjectName("network.views")
        self._canvas = canvas
        self._first = page = QWidget()
        self.above = QVBoxLayout()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.above)
        column.addWidget(canvas, 1)
        self.addWidget(page)

    def show_canvas(self) -> None:
        """Show the canvas."""
        self._bring(self._first)

    def show_view(self, view: QWidget) -> None:
        """Show a view in its place."""
        if self.indexOf(view) < 0:
            self.addWidget(view)
        self._bring(view)

    def width_for(self, height: int) -> int:
        """The width at which a canvas of this height is square."""
        return self._canvas.width_for(height)

    def _bring(self, page: QWidget) -> None:
        """Bring it to the front; Qt would give the keys of the page before to its first field, which types them."""
        focused = QApplication.focusWidget()
        had_keys = focused is not None and self.isAncestorOf(focused)
        self.setCurrentWidget(page)
        if had_keys:
            page.setFocus()
