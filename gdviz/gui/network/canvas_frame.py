"""Keeps the canvas square and as large as its place allows, and says in its middle what to do while it is empty."""

from __future__ import annotations

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QWidget

from gdviz.gui.network.canvas import Canvas
from gdviz.gui.network.color_scale import ColorScale
from gdviz.gui.network.levels import Range
from gdviz.gui.theme import Look

EMPTY = (
    "Left button paints in the chosen colour ●\nRight button, or Shift and left, in the other one ▲\n\n"
    "Or choose a data set above, drop a CSV file here, or paste a table (Ctrl+V)"
)


class CanvasFrame(QWidget):
    """Holds the canvas."""

    def __init__(self, canvas: Canvas, look: Look) -> None:
        super().__init__()
        self._look = look
        self._canvas = canvas
        canvas.setParent(self)
        self.scale = ColorScale(look, self)
        self.scale.hide()
        self._hint = QLabel(EMPTY, self)
        self._hint.setObjectName("network.empty")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.hide()
        look.changed.connect(self._restyle)
        self._restyle()

    def show_hint(self, empty: bool) -> None:
        """Say what to do, or not."""
        self._hint.setVisible(empty)

    def show_scale(self, ends: Range | None, name: str = "") -> None:
        """Say beside the canvas what the colours stand for; None where everyone knows."""
        self.scale.setVisible(ends is not None)
        if ends is not None:
            self.scale.show_ends(ends, name)
        self._place()

    def width_for(self, height: int) -> int:
        """The width at which a canvas of this height is square."""
        beside, below = self._axes()
        return height - below + beside + self._beside()

    def minimumSizeHint(self) -> QSize:
        """Small enough for a large text on a small screen."""
        return QSize(220, 220)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Place the canvas in the middle."""
        super().resizeEvent(event)
        self._place()

    def _axes(self) -> tuple[int, int]:
        """What the canvas needs beside and below its square."""
        edge = self._look.pixels(0.5)
        canvas = self._canvas
        return int(canvas.getAxis("left").width()) + edge, int(canvas.getAxis("bottom").height()) + edge

    def _beside(self) -> int:
        """What the scale takes."""
        return 0 if self.scale.isHidden() else self.scale.sizeHint().width()

    def _restyle(self) -> None:
        self._hint.setFont(self._look.font(1.15))
        theme, round_ = self._look.theme, self._look.pixels(1)
        self._hint.setStyleSheet(f"color: {theme.text}; background: {theme.panel}; border-radius: {round_}px")
        self._place()

    def _place(self) -> None:
        left, bottom = self._axes()
        beside = self._beside()
        side = max(1, min(self.width() - left - beside, self.height() - bottom))
        width, height = side + left, side + bottom
        x, y = (self.width() - width - beside) // 2, (self.height() - height) // 2
        self.scale.setGeometry(x + width, y, beside, side)
        self._canvas.setGeometry(x, y, width, height)
        self._canvas.name_axes()
        room = QRect(x + left, y, side, side)
        margin = self._look.pixels(2)
        text = self._hint.fontMetrics().boundingRect(room, int(Qt.TextFlag.TextWordWrap), EMPTY)
        text.adjust(-margin, -margin, margin, margin)
        text.moveCenter(room.center())
        self._hint.setGeometry(text.intersected(room))
