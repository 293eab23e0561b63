"""Many thick, smooth lines that grow while it plays, at the cost of their new pieces alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPixmap, QTransform
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.gui.widgets.in_view_item import FAR, InViewItem, blank_picture, device_size, draw_pictures, reported

_NOTHING = np.empty((0, 2))

PIECE = 40
"""Segments that are stroked together; a noisy line of a thousand takes ten times as long in one piece."""

ROUND_FROM = 4.0
"""The corners of lines that are so many pixels wide are seen."""

SAME = 0.25
"""Ends of segments that are nearer than so many pixels are one."""

STRAIGHT = 0.12
LOOKS = 4
"""A line that is drawn anew may differ by so many pixels, so many times: half a pixel."""


@dataclass(frozen=True, slots=True, eq=False)
class Polyline:
    """A line: points in plot coordinates, shape (n, 2), and how to draw it (width in pixels)."""

    points: NDArray[np.float64]
    color: QColor
    width: float


class Polylines(InViewItem):
    """Draws lines up to a row each.

    Stroking smooth lines is what costs, and more than in proportion to their length: noisy ones are drawn in pieces of
    some points, and where a line lies on itself it is drawn once. What is drawn stays in a picture for each line, to
    which only new pieces are added, until the view, the lines or an earlier row ask for a new one. Later lines lie on
    earlier ones, however they grow.
    """

    def __init__(self) -> None:
        super().__init__()
        self._lines: Sequence[Polyline] = ()
        self._rows: list[int] = []
        self._drawn: list[int] = []
        self._pictures: list[QPixmap] = []
        self._transform = QTransform()

    def set_lines(self, lines: Sequence[Polyline], rows: Sequence[int] | None = None) -> None:
        """Draw other lines, up to these rows or, where there are none, to their ends."""
        self._lines, self._rows = lines, []
        self._pictures, self._drawn = [], []
        self.set_rows([len(line.points) - 1 for line in lines] if rows is None else rows)

    def set_rows(self, rows: Sequence[int]) -> None:
        """Draw each line from its first point to that of its row."""
        before, self._rows = self._rows, list(rows)
        if len(before) != len(self._rows) or any(row < old for row, old in zip(self._rows, before, strict=True)):
            self.update()
            return
        for line, row, old in zip(self._lines, self._rows, before, strict=True):
            if row > old:
                self.update(self._around(line.points[old : row + 1], line.width))

    def _around(self, points: NDArray[np.float64], width: float) -> QRectF:
        """The part of the plot that a piece of line covers."""
        (left, low), (right, high) = np.nanmin(points, axis=0), np.nanmax(points, axis=0)
        pixel_width, pixel_height = self.pixelSize()
        margin = width + 1.0
        return QRectF(left, low, right - left, high - low).adjusted(
            -margin * pixel_width, -margin * pixel_height, margin * pixel_width, margin * pixel_height
        )

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Add what is new to the picture, and draw the picture."""
        transform = painter.combinedTransform()
        ratio = painter.device().devicePixelRatioF()
        size = device_size(painter)
        shrunk = any(row < drawn for row, drawn in zip(self._rows, self._drawn, strict=False))
        usable = len(self._drawn) == len(self._lines) and not shrunk and transform == self._transform
        if not usable or any(picture.size() != size for picture in self._pictures):
            self._pictures = [blank_picture(size) for _ in self._lines]
            self._transform = transform
            self._drawn = [0] * len(self._rows)
        self._draw_new_pieces(ratio)
        draw_pictures(painter, *self._pictures)

    def _draw_new_pieces(self, ratio: float) -> None:
        for line, picture, row, drawn in zip(self._lines, self._pictures, self._rows, self._drawn, strict=True):
            pixels = self._in_pixels(line.points[drawn : row + 1]) if row > drawn else _NOTHING
            if len(pixels) > 1:
                brush = QPainter(picture)
                brush.setRenderHint(QPainter.RenderHint.Antialiasing)
                pen = QPen(line.color, line.width * ratio)
                pen.setCapStyle(Qt.PenCapStyle.RoundCap)
                thick = line.width > ROUND_FROM
                pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin if thick else Qt.PenJoinStyle.BevelJoin)
                brush.setPen(pen)
                for run in drawn_once(pixels):
                    for start in range(0, len(run) - 1, PIECE):
                        piece = run[start : start + PIECE + 1]
                        brush.drawPolyline(pg.functions.arrayToQPolygonF(piece[:, 0], piece[:, 1]))
                brush.end()
        self._drawn = list(self._rows)

    def _in_pixels(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points in the picture's pixels; points far outside are drawn just far enough outside."""
        t = self._transform
        pixels = np.column_stack([points[:, 0] * t.m11() + t.dx(), points[:, 1] * t.m22() + t.dy()])
        pixels = pixels[np.isfinite(pixels).all(axis=1)]
        # Steps shorter than a fifth of a pixel cannot be seen, and a racer at rest makes thousands of them.
        if len(pixels) > 2:
            moved = np.abs(np.diff(np.round(pixels * 5), axis=0)).any(axis=1)
            pixels = pixels[np.concatenate([[True], moved])]
        return np.asarray(np.clip(without_straight(pixels), -FAR, FAR))


def without_straight(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """A line without the points that lie between their neighbours, nearer than ``STRAIGHT`` to the straight way.

    Every other point is looked at, and so again with what is left: of a smooth line of a thousand points some fifty
    stay, and stroking them costs a tenth. No point is farther from the new line than ``LOOKS`` times as much.
    """
    for _ in range(LOOKS):
        before, here, after = points[:-2:2], points[1:-1:2], points[2::2]
        way, part = after - before, here - before
        length = np.hypot(way[:, 0], way[:, 1])
        beside = np.abs(way[:, 0] * part[:, 1] - way[:, 1] * part[:, 0]) >= STRAIGHT * length
        along = (way * part).sum(axis=1)
        kept = np.ones(len(points), dtype=bool)
        kept[1:-1:2] = beside | (along < 0) | (along > length * length)
        if kept.all():
            break
        points = points[kept]
    return points


def drawn_once(points: NDArray[np.float64]) -> list[NDArray[np.float64]]:
    """A line in pieces, without the segments that lie on earlier ones: an optimizer that cannot rest goes to and fro.

    Of the thousand segments of such a line some fifty are left, and stroking them costs as little.
    """
    ends = np.round(points / SAME).astype(np.int64) @ (1 << 20, 1)
    low, high = np.minimum(ends[:-1], ends[1:]), np.maximum(ends[:-1], ends[1:])
    order = np.lexsort((high, low))  # stable: of those that are alike the first comes first
    new = np.ones(len(order), np.bool_)
    new[order[1:]] = (np.diff(low[order]) != 0) | (np.diff(high[order]) != 0)
    if new.all():
        return [points]
    turns = np.flatnonzero(np.diff(new, prepend=False, append=False))  # where new ones begin and end, in turn
    return [points[start : stop + 1] for start, stop in turns.reshape(-1, 2).tolist()]
