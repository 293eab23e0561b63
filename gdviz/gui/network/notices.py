"""What is said comes and goes over the bottom of what is drawn: nothing moves for it, and no control is covered."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect
from PySide6.QtWidgets import QVBoxLayout, QWidget

_COMES_OR_GOES = frozenset((QEvent.Type.Show, QEvent.Type.Hide))
_MOVES = _COMES_OR_GOES | {QEvent.Type.Resize, QEvent.Type.Move}


class Notices(QWidget):
    """Lines above each other that lie over another widget, as high as they need, and take no room of a layout."""

    def __init__(self, tab: QWidget, over: QWidget) -> None:
        """Args: tab: to lie in; over: over the bottom of this, unless another place is named."""
        super().__init__(tab)
        self.setObjectName("network.notices")
        self._tab = tab
        self._places: list[tuple[QWidget, ...]] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(0)
        self.lie_over(over)

    def lie_over(self, *beside: QWidget) -> None:
        """Lie over the bottom of these, which stand beside each other, while they are seen and no earlier ones are."""
        self._places.append(beside)
        for widget in beside:
            widget.installEventFilter(self)

    def add(self, line: QWidget) -> None:
        """Put a line below the others; it may show and hide itself."""
        self._column.addWidget(line)
        line.installEventFilter(self)

    def event(self, event: QEvent) -> bool:
        """A line needs other room."""
        done = super().event(event)
        if event.type() == QEvent.Type.LayoutRequest:
            self._place()
        return done

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What it lies over has another place, or a line came or went: its button can be clicked at once."""
        if watched.parent() is not self:
            if event.type() in _MOVES:
                self._place()
        elif event.type() in _COMES_OR_GOES:
            self._column.invalidate()  # this event comes before the layout hears of it
            self._place()
        return super().eventFilter(watched, event)

    def _place(self) -> None:
        places = [beside for beside in self._places if beside[0].isVisibleTo(self._tab)]
        if not places:
            return
        area = QRect()
        for widget in places[0]:
            area |= QRect(widget.mapTo(self._tab, QPoint()), widget.size())
        wanted = self._column.heightForWidth(area.width()) if self._column.hasHeightForWidth() else 0
        height = min(wanted, area.height())
        self.setGeometry(area.left(), area.bottom() + 1 - height, area.width(), height)
        self._column.activate()
        self.raise_()
