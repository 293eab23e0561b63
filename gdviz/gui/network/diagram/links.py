"""The links as lines: as thick as they weigh, coloured by sign, drawn in a few batches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gdviz.gui.network.diagram.plan import Plan
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.theme import Look

MOST_LINKS = 250
"""Of more links only the strongest are drawn."""

LEVELS = 8
THINNEST, THICKEST = 0.6, 6.5
"""Pixels, times the text scale."""

FULL_WEIGHT = 3.0
"""A weight of this size is as thick as can be, unless there are larger ones."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Lines that are drawn with one pen.

    Attributes:
        level: 0 for the thinnest, to ``LEVELS`` - 1.
        positive: sign of the weights; None where they are 0, or there are none yet.
        lines: where they are.
    """

    level: int
    positive: bool | None
    lines: list[QLineF]


class Links:
    """All links between cells that are shown.

    Attributes:
        batches: weakest first.
        strongest: size of the largest weight or gradient.
        hidden: how many are not drawn because there are too many.
    """

    def __init__(self) -> None:
        self.batches: list[Batch] = []
        self.strongest = 0.0
        self.hidden = 0
        self._plan: Plan | None = None
        self._used: NDArray[np.bool_] = np.zeros(0, np.bool_)
        self._lines: list[QLineF] = []
        self._places: list[tuple[slice, slice, NDArray[np.bool_]]] = []

    def show(self, shown: Shown, plan: Plan, *, gradients: bool = False) -> None:
        """Sort the links by size and sign of their weights, or of their gradients, the largest as thick as can be."""
        self._lay_out(shown, plan)
        tensors = shown.gradients if gradients else shown.weights
        self.batches, self.strongest, self.hidden = [], 0.0, 0
        if tensors is None:
            self.batches = [Batch(0, None, self._lines[:MOST_LINKS])]
            return
        values = self._values(shown, tensors)
        size = np.abs(values)
        self.strongest = float(size.max(initial=0.0))
        full = (self.strongest or 1.0) if gradients else max(FULL_WEIGHT, self.strongest)
        level = np.minimum(size / full * LEVELS, LEVELS - 1).astype(int)
        drawn = np.ones(len(values), np.bool_)
        if len(values) > MOST_LINKS:
            drawn[np.argpartition(size, -MOST_LINKS)[:-MOST_LINKS]] = False
            self.hidden = len(values) - MOST_LINKS
        self._add(0, None, drawn & (size == 0.0))
        drawn &= size > 0.0
        for each in range(LEVELS):
            for positive in (False, True):
                self._add(each, positive, drawn & (level == each) & ((values > 0.0) == positive))

    def _add(self, level: int, positive: bool | None, chosen: NDArray[np.bool_]) -> None:
        if chosen.any():
            lines = self._lines
            self.batches.append(Batch(level, positive, [lines[index] for index in np.flatnonzero(chosen).tolist()]))

    def draw(self, painter: QPainter, look: Look) -> None:
        """Draw the batches."""
        for batch in self.batches:
            share = batch.level / (LEVELS - 1)
            # Mixed beforehand: Qt takes six times as long for lines that are translucent.
            full = QColor(look.theme.muted) if batch.positive is None else look.labels[int(batch.positive)]
            color = mixed(look.theme.panel, full, 0.35 + 0.65 * share)
            painter.setPen(link_pen(color, look.scale * (THINNEST + (THICKEST - THINNEST) * share)))
            painter.drawLines(batch.lines)

    def _values(self, shown: Shown, tensors: tuple[NDArray[np.float32], ...]) -> NDArray[np.float32]:
        found = [np.zeros(0, np.float32)]
        for column, (sources, units, used) in enumerate(self._places, start=1):
            kernel = shown.kernel(tensors, column)
            assert kernel is not None
            found.append(kernel[sources, units][used].ravel())
        return np.nan_to_num(np.concatenate(found), posinf=0.0, neginf=0.0)

    def _lay_out(self, shown: Shown, plan: Plan) -> None:
        """Where the lines are changes with the plan and the features alone."""
        used = shown.used
        if plan is self._plan and np.array_equal(used, self._used):
            return
        self._plan, self._used, self._places, self._lines = plan, used, [], []
        for column in range(1, len(plan.columns)):
            before, behind = plan.columns[column - 1], plan.columns[column]
            sources = slice(before.first, before.first + before.shown)
            units = slice(behind.first, behind.first + behind.shown)
            linked = used[sources] if column == 1 else np.ones(before.shown, np.bool_)
            self._places.append((sources, units, linked))
            self._lines += [QLineF(*ends) for ends in plan.lines(column)[linked].reshape(-1, 4).tolist()]


def link_pen(color: QColor, width: float) -> QPen:
    """A pen for lines that end at cells."""
    return QPen(color, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.FlatCap)


def mixed(ground: QColor | str, color: QColor | str, share: float) -> QColor:
    """A colour as it looks on a ground that shines through."""
    pairs = zip(QColor(ground).getRgbF()[:3], QColor(color).getRgbF()[:3], strict=True)  # type: ignore[index]
    return QColor.fromRgbF(*(below + (above - below) * share for below, above in pairs))
