"""A row of widgets that breaks into more rows where it does not fit, as words do in a paragraph."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtWidgets import QFrame, QLayout, QLayoutItem, QWidget


class FlowLayout(QLayout):
    """Lays items out from left to right, each row centred upright."""

    def __init__(self, parent: QWidget, *, margins: tuple[int, int, int, int], spacing: int) -> None:
        """Args: margins: left, top, right, bottom; spacing: between items and rows; pixels all."""
        super().__init__(parent)
        self._items: list[QLayoutItem] = []
        self.setContentsMargins(*margins)
        self.setSpacing(spacing)

    def addItem(self, item: QLayoutItem) -> None:
        """Add at the end."""
        self._items.append(item)

    def insert_widget(self, index: int, widget: QWidget) -> None:
        """Put a widget before that item."""
        self.addWidget(widget)
        self._items.insert(index, self._items.pop())
        self.invalidate()

    def count(self) -> int:
        """Number of items."""
        return len(self._items)

    def itemAt(self, index: int) -> QLayoutItem | None:
        """One item; None beyond the end."""
        return self._items[index] if 0 <= index < len(self._items) else None

    def takeAt(self, index: int) -> QLayoutItem | None:
        """Remove an item."""
        return self._items.pop(index) if 0 <= index < len(self._items) else None

    def expandingDirections(self) -> Qt.Orientation:
        """Neither way."""
        return Qt.Orientation(0)

    def hasHeightForWidth(self) -> bool:
        """The narrower, the higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Height of all rows at this width."""
        return self._place(QRect(0, 0, width, 0), move=False)

    def setGeometry(self, rect: QRect) -> None:
        """Put the items into their rows."""
        super().setGeometry(rect)
        self._place(rect, move=True)

    def sizeHint(self) -> QSize:
        """All in one row."""
        margins = self.contentsMargins()
        hints = [item.sizeHint() for item in self._items if not item.isEmpty()]
        width = sum(hint.width() for hint in hints) + self.spacing() * max(0, len(hints) - 1)
        height = max((hint.height() for hint in hints), default=0)
        return QSize(width + margins.left() + margins.right(), height + margins.top() + margins.bottom())

    def minimumSize(self) -> QSize:
        """The widest item alone."""
        margins = self.contentsMargins()
        size = QSize(0, 0)
        for item in self._items:
            size = size.expandedTo(item.minimumSize())
        return size + QSize(margins.left() + margins.right(), margins.top() + margins.bottom())

    def _place(self, rect: QRect, *, move: bool) -> int:
        margins = self.contentsMargins()
        inner = rect.marginsRemoved(margins)
        rows: list[list[QLayoutItem]] = [[]]
        used = 0
        for item in self._items:
            if item.isEmpty():
                continue
            width = item.sizeHint().width()
            if rows[-1] and used + self.spacing() + width > inner.width():
                rows.append([])
            used = width if not rows[-1] else used + self.spacing() + width
            rows[-1].append(item)
        y = inner.y()
        for row in rows:
            height = max((_height(item, inner.width()) for item in row), default=0)
            x = inner.x()
            used = sum(item.sizeHint().width() for item in row) + self.spacing() * (len(row) - 1)
            spare = max(0, inner.width() - used)
            for item in row:
                hint = item.sizeHint()
                width = min(hint.width(), inner.width())
                if item.expandingDirections() & Qt.Orientation.Horizontal:  # the first one takes all that is left
                    width, spare = width + spare, 0
                if move:
                    own = _height(item, inner.width())
                    item.setGeometry(QRect(QPoint(x, y + (height - own) // 2), QSize(width, own)))
                x += width + self.spacing()
            y += height + self.spacing()
        return y - self.spacing() - rect.y() + margins.bottom()


def _height(item: QLayoutItem, most: int) -> int:
    """What an item needs; one that is a flow itself breaks where it is wider than the whole row."""
    hint = item.sizeHint()
    breaks = hint.width() > most and item.hasHeightForWidth()
    return item.heightForWidth(most) if breaks else hint.height()


def flow_bar(name: str, widgets: Iterable[QWidget], *, spacing: int = 8) -> QFrame:
    """A bar of the theme whose widgets go into a second row where the window is narrow or the text large."""
    frame = QFrame()
    frame.setObjectName(name)
    frame.setProperty("role", "bar")
    layout = FlowLayout(frame, margins=(8, 4, 8, 4), spacing=spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return frame


def side_by_side(*widgets: QWidget, spacing: int = 4) -> QWidget:
    """Widgets that stay together when a bar breaks."""
    group = QWidget()
    layout = FlowLayout(group, margins=(0, 0, 0, 0), spacing=spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return group
