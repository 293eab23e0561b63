"""The marks of a step over the curve of a cut."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import QStyleOptionGraphicsItem, QWidget

from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.curves.cut_curve import CutPicture
from gdviz.gui.descent.curves.cut_view import CutView
from gdviz.gui.descent.step_card.arrows import MarkPainter
from gdviz.gui.descent.step_card.marks import NOTHING, Marks, StepMarks
from gdviz.gui.theme import Look
from gdviz.gui.widgets.formula_label import Formulas
from gdviz.gui.widgets.in_view_item import InViewItem, reported


class CurveArrows(InViewItem):
    """The marks on a curve: lies on the view's plot.

    Arrows are level, from the ball on, as what they show changes the parameter; the step alone ends on the curve.
    """

    def __init__(self, view: CutView, marks: StepMarks, look: Look, formulas: Formulas) -> None:
        super().__init__()
        self._view, self._marks = view, marks
        self._painter = MarkPainter(look, formulas)
        self.setZValue(100)
        view.plot.addItem(self, ignoreBounds=True)
        for signal in (marks.changed, look.changed, formulas.made, view.drawn):
            signal.connect(self._changed)

    def _changed(self) -> None:
        self.update()

    @property
    def drawn(self) -> Marks:
        """What lies on the line, of the marks of the step that the view shows.

        Nothing while it plays: curves are computed beside, and what they show is behind the session's step.
        """
        picture, marks = self._view.picture, self._marks.marks
        if self._marks.playing or picture is None or marks.at is None or not np.array_equal(marks.at, _ball(picture)):
            return NOTHING
        arrows = tuple(arrow for arrow in marks.arrows if picture.cut.holds(arrow.end))
        squares = marks.squares
        if picture.cut.is_whole:
            squares = tuple(replace(square, areas=square.areas[:1]) for square in squares)
        return Marks(marks.at, arrows, squares)

    @reported
    def paint(self, painter: QPainter, option: QStyleOptionGraphicsItem, widget: QWidget | None = None) -> None:
        """Paint in pixels."""
        drawn, picture = self.drawn, self._view.picture
        if drawn.at is None or picture is None:
            return
        to_pixels = painter.worldTransform()
        area = QRectF(self.getViewBox().sceneBoundingRect())

        def place(w: FloatArray) -> FloatArray:
            x, loss = picture.cut.x_of(w), np.full(len(w), picture.ball.loss)
            if picture.next is not None:
                loss[x == picture.next[0]] = picture.next[1]
            return np.column_stack([x * to_pixels.m11() + to_pixels.dx(), loss * to_pixels.m22() + to_pixels.dy()])

        painter.save()
        painter.resetTransform()
        self._painter.paint(painter, drawn, place, area, painter.device().devicePixelRatioF())
        painter.restore()


def _ball(picture: CutPicture) -> FloatArray:
    trajectory = picture.race.trajectories[picture.selected]
    return np.asarray(trajectory.positions[min(picture.step, trajectory.steps)])
