"""What the colours of the canvas stand for: a slim bar with three numbers."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QLinearGradient, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gdviz.gui.network.levels import UNIT, Range, middle
from gdviz.gui.theme import Look


class ColorScale(QWidget):
    """The output at the two ends of the colours, and in the middle, where the line is."""

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("network.color_scale")
        self._look = look
        self._ends = UNIT
        look.changed.connect(self.update)
        self.show_ends(UNIT, "")

    @property
    def texts(self) -> tuple[str, str, str]:
        """What is written, from below."""
        low, high = self._ends
        return f"{low:.4g}", f"{middle(self._ends):.4g}", f"{high:.4g}"

    def show_ends(self, ends: Range, name: str) -> None:
        """Show the outputs at both ends; the name says what they are."""
        self._ends = ends
        low, half, high = self.texts
        words = f"{name or 'output'}: {low} to {high}; the line is at {half}"
        self.setAccessibleName(f"Colour scale of {words}")
        self.setToolTip(words)
        self.update()

    def sizeHint(self) -> QSize:
        """The bar, and the widest number beside it."""
        metrics = QFontMetrics(self._look.font(0.9))
        return QSize(self._look.pixels(2.5) + max(map(metrics.horizontalAdvance, self.texts)), 8 * metrics.height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the colours from below, and the numbers beside them."""
        look, painter = self._look, QPainter(self)
        font = look.font(0.9)
        half = QFontMetrics(font).height() / 2
        bar = QRectF(look.pixels(0.5), half, look.pixels(1), self.height() - 2 * half)
        gradient = QLinearGradient(bar.bottomLeft(), bar.topLeft())
        places, colors = look.boundary_map().getStops(mode="qcolor")
        for place, color in zip(places, colors, strict=True):
            gradient.setColorAt(float(place), color)
        painter.fillRect(bar, gradient)
        painter.setPen(QPen(QColor(look.theme.text), look.line_width))
        painter.drawLine(QPointF(bar.left(), bar.center().y()), QPointF(bar.right(), bar.center().y()))
        painter.setFont(font)
        left = bar.right() + look.pixels(0.5)
        for text, y in zip(self.texts, (bar.bottom(), bar.center().y(), bar.top()), strict=True):
            room = QRectF(left, y - half, self.width() - left, 2 * half)
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
