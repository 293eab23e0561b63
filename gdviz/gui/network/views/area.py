"""The middle of the tab: the canvas, or another view of the result in its place."""

from __future__ import annotations

from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

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
        page = QWidget()
        self.above = QVBoxLayout()
        column = QVBoxLayout(page)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addLayout(self.above)
        column.addWidget(canvas, 1)
        self.addWidget(page)

    def show_canvas(self) -> None:
        """Show the canvas."""
        self.setCurrentIndex(0)

    def show_view(self, view: QWidget) -> None:
        """Show a view in its place."""
        if self.indexOf(view) < 0:
            self.addWidget(view)
        self.setCurrentWidget(view)

    def width_for(self, height: int) -> int:
        """The width at which a canvas of this height is square."""
        return self._canvas.width_for(height)
