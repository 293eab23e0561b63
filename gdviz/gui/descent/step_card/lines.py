"""Lines of text that may change with every step: painted, so that no layout has to think again."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.gui.theme import Look

SMALLEST = 0.8
"""Of its size, to fit."""


class PaintedLine(QWidget):
    """One line of text of a fixed height, smaller where it is long.

    What does not fit even so ends in an ellipsis and is told by the tool tip.
    """

    def __init__(self, name: str, look: Look, size: float = 1.0, *, bold: bool = False, quiet: bool = False) -> None:
        super().__init__()
        self.setObjectName(name)
        self._look, self._size, self._bold, self._quiet = look, size, bold, quiet
        self.text = ""
        self._swatch: QColor | None = None
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._resize)
        self._resize()

    def show_text(self, text: str, swatch: QColor | None = None) -> None:
        """Show a text, behind a dot of a colour where there is one."""
        if text != self.text or swatch != self._swatch:
            self.text, self._swatch = text, swatch
            self.setToolTip(text)
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The dot and the text."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        box = self.rect()
        if self._swatch is not None:
            side = self._look.pixels(1.5)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(self._swatch)
            painter.drawEllipse(0, (self.height() - side) // 2, side, side)
            box.setLeft(self._look.pixels(2.25))
        font = self._font()
        painter.setFont(font)
        needed = painter.fontMetrics().horizontalAdvance(self.text)
        if needed > box.width():
            font.setPointSizeF(font.pointSizeF() * max(SMALLEST, box.width() / needed - 0.01))
            painter.setFont(font)
        painter.setPen(QColor(self._look.theme.muted if self._quiet else self._look.theme.text))
        text = painter.fontMetrics().elidedText(self.text, Qt.TextElideMode.ElideRight, box.width())
        painter.drawText(box, Qt.AlignmentFlag.AlignVCenter, text)

    def _font(self) -> QFont:
        return self._look.font(self._size, bold=self._bold)

    def _resize(self) -> None:
        self.setFixedHeight(round(QFontMetricsF(self._font()).height()))
        self.update()
