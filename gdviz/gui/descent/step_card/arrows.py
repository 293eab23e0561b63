"""Draws the marks of a step over a view: arrows with heads and names, and squares beside the ball."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QObject, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.step_card.marks import NOTHING, Arrow, Marks, Squares, StepMarks, mark_color
from gdviz.gui.theme import Look
from gdviz.gui.widgets.formula_label import Ask, Formulas, Typeset
from gdviz.gui.widgets.in_view_item import InViewItem, reported
from gdviz.gui.widgets.plot import with_alpha

if TYPE_CHECKING:
    from gdviz.gui.descent.views.surface_view import SurfaceView

Place = Callable[[FloatArray], FloatArray]
"""Points of the surface, shape (n, 2), to pixels, shape (n, 2); NaN where the view shows nothing."""

FAR = 1e4
LARGEST_SQUARE, LARGEST_OF_MANY = 4.0, 3.0
"""Side of a square of the largest value, in grid units, where there is one accumulator, and where there are more."""

PLACES = [(turn, far) for far in (1.0, 2.5, 4.5) for turn in (0.0, 50.0, -50.0, 95.0, -95.0, 140.0, -140.0)]
"""Where the name of an arrow may stand: degrees from the arrow's direction, grid units from its tip; best first."""


class MarkPainter:
    """Paints marks in pixels, whatever the view."""

    def __init__(self, look: Look, formulas: Formulas) -> None:
        self._look, self._formulas = look, formulas
        self._taken: list[QRectF] = []

    def paint(self, painter: QPainter, marks: Marks, place: Place, area: QRectF, ratio: float, bends: int = 1) -> None:
        """Paint all marks.

        Args:
            painter: in the view's pixels.
            marks: what to paint.
            place: where points are.
            area: of the view; names keep inside.
            ratio: device pixels a pixel.
            bends: pieces of an arrow's shaft, more than one where straight lines are seen as bent ones.
        """
        if marks.at is None:
            return
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._taken = []
        ball = place(marks.at.reshape(1, 2))[0]
        tips = [(arrow, self._paint_arrow(painter, arrow, place, bends)) for arrow in marks.arrows]
        if np.isfinite(ball).all():
            side = self._look.pixels(2)
            self._taken.append(QRectF(ball[0] - side / 2, ball[1] - side / 2, side, side))
            if marks.squares:
                self._paint_squares(painter, marks, ball, tips, area, ratio)
        for _, shaft in tips:
            if shaft is not None:
                self._taken += _along(shaft, self._look.line_width * 3)
        for arrow, shaft in tips:
            if shaft is not None:
                self._paint_name(painter, arrow, shaft, area, ratio)
        painter.restore()

    def _paint_arrow(self, painter: QPainter, arrow: Arrow, place: Place, bends: int) -> FloatArray | None:
        """Paint one; returns its shaft in pixels, None where nothing of it is seen."""
        with np.errstate(all="ignore"):
            pixels = place(arrow.start + _shares(bends) * (arrow.end - arrow.start))
        seen = np.asarray(np.isfinite(pixels).all(axis=1))
        shaft = np.clip(pixels[seen], -FAR, FAR)
        if len(shaft) < 2:
            return None
        color = mark_color(arrow.kind, arrow.name, self._look)
        # A momentum step and its velocity are the same arrow: the wider one stays visible under the other.
        width = self._look.line_width * (3.2 if arrow.kind == "direction" else 1.6)
        length = float(np.hypot(*np.diff(shaft, axis=0).T).sum())
        head = min(width * 3.5 if arrow.kind != "direction" else width * 2.4, 0.75 * length) if seen[-1] else 0.0
        short = _shortened(shaft, head)
        tip = _tip(short[-1], shaft[-1]) if head else QPolygonF()
        # The shaft reaches a little into the head, so that no gap is seen between them.
        line = pg.functions.arrayToQPolygonF(*np.vstack([short, 0.8 * short[-1] + 0.2 * shaft[-1]]).T)
        for brush, margin in ((QColor(self._look.theme.plot), 3.0), (color, 0.0)):
            pen = QPen(brush, width + margin)
            pen.setCapStyle(Qt.PenCapStyle.FlatCap)
            pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
            painter.setPen(pen)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawPolyline(line)
            painter.setPen(QPen(brush, margin) if margin else QPen(Qt.PenStyle.NoPen))
            painter.setBrush(brush)
            painter.drawPolygon(tip)
        return shaft

    def _paint_name(self, painter: QPainter, arrow: Arrow, shaft: FloatArray, area: QRectF, ratio: float) -> None:
        """The name beside the tip, where nothing else stands yet."""
        name = self._name(arrow.label, mark_color(arrow.kind, arrow.name, self._look), ratio)
        if name is None:
            return
        x, y = shaft[-1] - shaft[-2]
        angle = math.atan2(y, x)
        box = self._box(name)
        for turn, far in PLACES:
            towards = angle + math.radians(turn)
            x, y = math.cos(towards), math.sin(towards)
            reach = self._look.pixels(far) + math.hypot(box.width() * x, box.height() * y) / 2
            box.moveCenter(QPointF(shaft[-1][0] + reach * x, shaft[-1][1] + reach * y))
            if area.contains(box) and not any(box.intersects(other) for other in self._taken):
                break
        else:
            if not area.contains(QPointF(*shaft[-1])):
                return
            box = _inside(box, area)
        self._taken.append(box)
        self._paint_box(painter, box, name)

    def _paint_squares(
        self,
        painter: QPainter,
        marks: Marks,
        ball: FloatArray,
        tips: list[tuple[Arrow, FloatArray | None]],
        area: QRectF,
        ratio: float,
    ) -> None:
        """A row for each accumulator, at the side of the ball where no arrow points."""
        look, step = self._look, self._look.pixels(0.5)
        largest = look.pixels(LARGEST_SQUARE if len(marks.squares) == 1 else LARGEST_OF_MANY)
        color = mark_color("accumulator", "", look)
        names = [self._name(squares.label, color, ratio) for squares in marks.squares]
        name_width = max([name.width for name in names if name is not None], default=0.0)
        count = len(marks.squares[0].areas)
        row = QRectF(0, 0, name_width + count * (largest + step) + 3 * step, largest + 2 * step)
        box = QRectF(0, 0, row.width(), row.height() * len(names))
        first = next((shaft for _, shaft in tips if shaft is not None), None)
        x, y = (0.0, 1.0) if first is None else first[-1] - first[0]
        length = math.hypot(x, y) or 1.0
        aside = np.array([-y, x]) / length * (1 if y <= 0 else -1)  # to the right
        reach = look.pixels(2) + abs(aside[0]) * box.width() / 2 + abs(aside[1]) * box.height() / 2
        box.moveCenter(QPointF(*(ball + reach * aside)))
        if not area.contains(box):
            box.moveCenter(QPointF(*(ball - reach * aside)))
        box = _inside(box, area)
        self._taken.append(box)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(look.theme.plot, 0.7))
        painter.drawRoundedRect(box, step, step)
        for number, (squares, name) in enumerate(zip(marks.squares, names, strict=True)):
            middle = box.top() + (number + 0.5) * row.height()
            if name is not None:
                painter.drawImage(QPointF(box.left() + step, middle - (name.ascent + name.descent) / 2), name.image)
            for component, side in enumerate(square_sides(squares, largest)):
                centre = QPointF(
                    box.left() + name_width + 3 * step + largest / 2 + component * (largest + step), middle
                )
                self._paint_square(painter, centre, side, largest, color)

    def _paint_square(self, painter: QPainter, centre: QPointF, side: float, largest: float, color: QColor) -> None:
        """A full square of the value, in an empty one of the largest value."""
        for length, pen, brush in (
            (largest, QPen(with_alpha(color, 0.6), 1), QColor(Qt.GlobalColor.transparent)),
            (side, QPen(Qt.PenStyle.NoPen), color),
        ):
            painter.setPen(pen)
            painter.setBrush(brush)
            painter.drawRect(QRectF(centre.x() - length / 2, centre.y() - length / 2, length, length))

    def _name(self, latex: str, color: QColor, ratio: float) -> Typeset | None:
        size = round(self._look.font(1.2).pointSizeF() * 4 / 3 * 1.15, 1)
        return self._formulas.find(Ask(latex, size, color.name(), ratio))

    def _box(self, name: Typeset) -> QRectF:
        step = self._look.pixels(0.5)
        return QRectF(0, 0, name.width + 2 * step, name.ascent + name.descent + step)

    def _paint_box(self, painter: QPainter, box: QRectF, name: Typeset) -> None:
        step = self._look.pixels(0.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(self._look.theme.plot, 0.7))
        painter.drawRoundedRect(box, step, step)
        painter.drawImage(box.topLeft() + QPointF(step, step / 2), name.image)


def square_sides(squares: Squares, largest: float) -> tuple[float, ...]:
    """Sides of the squares, in the unit of the side of the largest: the areas are the values."""
    sides: list[float] = (largest * np.sqrt(np.maximum(squares.areas, 0.0))).tolist()
    return tuple(sides)


def _inside(box: QRectF, area: QRectF) -> QRectF:
    """The box, moved into the area."""
    left = max(area.left(), min(box.left(), area.right() - box.width()))
    top = max(area.top(), min(box.top(), area.bottom() - box.height()))
    return QRectF(left, top, box.width(), box.height())


def _along(shaft: FloatArray, width: float) -> list[QRectF]:
    """Small squares that cover a line."""
    points = shaft if len(shaft) > 2 else shaft[0] + _shares(16) * (shaft[1] - shaft[0])
    return [QRectF(x - width / 2, y - width / 2, width, width) for x, y in points.tolist()]


@lru_cache(maxsize=4)
def _shares(pieces: int) -> FloatArray:
    """From 0 to 1 in so many pieces, shape (pieces + 1, 1)."""
    return np.linspace(0.0, 1.0, pieces + 1)[:, np.newaxis]


def _tip(base: FloatArray, end: FloatArray) -> QPolygonF:
    """The head of an arrow: a triangle."""
    (x, y), (end_x, end_y) = base.tolist(), end.tolist()
    across, down = -0.42 * (end_y - y), 0.42 * (end_x - x)
    return QPolygonF([QPointF(end_x, end_y), QPointF(x + across, y + down), QPointF(x - across, y - down)])


def _shortened(shaft: FloatArray, by: float) -> FloatArray:
    """A line without its last pixels."""
    lengths = np.hypot(*np.diff(shaft, axis=0).T)
    along = np.concatenate([[0.0], np.cumsum(lengths)])
    end = max(0.0, along[-1] - by)
    kept = along < end
    last = [np.interp(end, along, shaft[:, axis]) for axis in (0, 1)]
    return np.vstack([shaft[kept], last]) if kept.any() else np.vstack([shaft[:1], last])


class ContourArrows(InViewItem):
    """The marks on the contours: add it to their plot."""

    def __init__(self, marks: StepMarks, look: Look, formulas: Formulas) -> None:
        super().__init__()
        self._marks, self._look = marks, look
        self._painter = MarkPainter(look, formulas)
        self._drawn = NOTHING  # what there is room for around: newer ones would be painted where nothing erases them
        self._around = QRectF()
        self.setZValue(100)
        for signal in (marks.changed, look.changed, formulas.made):
            signal.connect(self._changed)

    def boundingRect(self) -> QRectF:
        """Around all arrows, with room for names and squares."""
        return QRectF(self._around)

    def _look_again(self) -> None:
        super()._look_again()
        self._around = self._surroundings()

    def _surroundings(self) -> QRectF:
        drawn = self._drawn = self._marks.marks
        if drawn.at is None or self._in_view.isEmpty():
            return QRectF()
        points = np.array([drawn.at, *(point for arrow in drawn.arrows for point in (arrow.start, arrow.end))])
        points = points[np.isfinite(points).all(axis=1)]
        (left, low), (right, high) = points.min(axis=0), points.max(axis=0)
        width, height = (size * self._look.pixels(20) for size in self.pixel_size())
        around = QRectF(left - width, low - height, right - left + 2 * width, high - low + 2 * height)
        return around.intersected(self._in_view)

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in pixels."""
        to_pixels = painter.worldTransform()
        corners = QRectF(self.getViewBox().sceneBoundingRect())

        def place(w: FloatArray) -> FloatArray:
            return np.column_stack(
                [w[:, 0] * to_pixels.m11() + to_pixels.dx(), w[:, 1] * to_pixels.m22() + to_pixels.dy()]
            )

        painter.save()
        painter.resetTransform()
        self._painter.paint(painter, self._drawn, place, corners, painter.device().devicePixelRatioF())
        painter.restore()

    def _changed(self) -> None:
        self.prepareGeometryChange()  # Qt looks up the rectangle it knows so far
        self._around = self._surroundings()
        self.update()


class SurfaceArrows(QObject):
    """The marks over the 3-D view, along the surface: lays itself over the view."""

    BENDS = 16

    def __init__(self, view: SurfaceView, marks: StepMarks, look: Look, formulas: Formulas) -> None:
        super().__init__(view)
        self._view, self._marks = view, marks
        self._painter = MarkPainter(look, formulas)
        view.overlays.append(self.paint)
        for signal in (marks.changed, formulas.made):
            signal.connect(self._changed)

    def paint(self, painter: QPainter) -> None:
        """Paint in the view's pixels."""
        area, ratio = QRectF(self._view.rect()), self._view.devicePixelRatioF()
        self._painter.paint(painter, self._marks.marks, self._place, area, ratio, self.BENDS)

    def _place(self, w: FloatArray) -> FloatArray:
        return self._view.pixels_of(w, self._marks.height(w))

    def _changed(self) -> None:
        if not self._marks.playing:
            QWidget.update(self._view)  # not the view's own: the scene under the arrows is the same
