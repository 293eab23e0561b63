"""Questions as diamonds with a question mark, and beside each the network's answer."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.gui.network.marks_item import mark_size
from gdviz.gui.network.state import Position
from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import reported
from gdviz.gui.widgets.plot import with_alpha
from gdviz.training.messages import Extent

WIDEST = "100 %"
LARGE = 1.5
"""How many times as large as a point a question is, so that its mark can be read."""


def question_color(look: Look) -> QColor:
    """Blue; violet where blue is a label's."""
    return QColor(look.theme.accent if look.pair.key == "red_green" else look.theme.racers[5])


class QuestionsItem(pg.GraphicsObject):
    """Draws a few questions; a new answer costs no more than that."""

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._places: tuple[Position, ...] = ()
        self._answers: tuple[str, ...] = ()
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)
        self._widest = WIDEST

    def show_questions(self, places: tuple[Position, ...], answers: Sequence[str], extent: Extent) -> None:
        """Draw questions at these places, an answer beside each."""
        if extent != self._extent:
            self.prepareGeometryChange()
            self._extent = extent
        shown = (places, tuple(answers))
        if shown != (self._places, self._answers):
            self._places, self._answers = shown
            self._widest = max((WIDEST, *answers), key=len)
            self.update()

    def boundingRect(self) -> QRectF:
        """The extent, and room for the marks at its edge."""
        left, right, low, high = self._extent
        width, height = (right - left) / 40, (high - low) / 40
        return QRectF(left - width, low - height, right - left + 2 * width, high - low + 2 * height)

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Draw in screen pixels: text stays as large as it is."""
        if not self._places:
            return
        transform = painter.transform()
        area = transform.mapRect(self.boundingRect())
        painter.save()
        painter.resetTransform()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        radius = 0.5 * LARGE * mark_size(side=area.width(), look=self._look)
        font, mark = self._look.font(1.0, bold=True), self._look.font(1.0, bold=True)
        mark.setPixelSize(max(6, round(1.45 * radius)))
        spots = [transform.map(QPointF(*place)) for place in self._places]
        for spot, answer in zip(spots, self._answers, strict=True):
            self._draw_answer(painter, font, answer, self._chip(spot, radius, QFontMetricsF(font), area))
        for spot in spots:
            self._draw_mark(painter, mark, spot, radius)
        painter.restore()

    def _chip(self, spot: QPointF, radius: float, metrics: QFontMetricsF, area: QRectF) -> QRectF:
        """Where an answer goes: to the right, or to the left where that is off the canvas. Its size does not change."""
        width, height = metrics.horizontalAdvance(self._widest) + metrics.height() * 0.7, metrics.height() * 1.15
        gap = radius * 1.3 + 3.0
        left = spot.x() + gap
        if left + width > area.right():
            left = spot.x() - gap - width
        top = min(max(spot.y() - height / 2, area.top()), area.bottom() - height)
        return QRectF(left, top, width, height)

    def _draw_answer(self, painter: QPainter, font: QFont, answer: str, chip: QRectF) -> None:
        theme = self._look.theme
        painter.setPen(QPen(question_color(self._look), 1.5))
        painter.setBrush(with_alpha(theme.panel, 0.9))
        painter.drawRoundedRect(chip, chip.height() / 4, chip.height() / 4)
        painter.setPen(QColor(theme.text))
        painter.setFont(font)
        painter.drawText(chip, Qt.AlignmentFlag.AlignCenter, answer)

    def _draw_mark(self, painter: QPainter, font: QFont, spot: QPointF, radius: float) -> None:
        theme, reach = self._look.theme, 1.3 * radius
        corners = [QPointF(0, -reach), QPointF(reach, 0), QPointF(0, reach), QPointF(-reach, 0)]
        painter.setPen(QPen(QColor(theme.plot), 2.0))
        painter.setBrush(question_color(self._look))
        painter.drawPolygon(QPolygonF([spot + corner for corner in corners]))
        painter.setPen(QColor(theme.on_accent))
        painter.setFont(font)
        box = QRectF(spot.x() - reach, spot.y() - reach, 2 * reach, 2 * reach)
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, "?")
