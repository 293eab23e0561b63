"""Where the diagram's cells and links lie, and what is at a place: pure geometry, no Qt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from gdviz.gui.network.diagram.spots import Bias, Link, Neuron, Spot

FloatArray = NDArray[np.float64]
LARGEST_SHARE = 0.46
"""Of a column's width a cell takes at most this; the rest is for the links."""

AIR = 1.5
"""Cells stand no farther apart than this many of their sides."""


@dataclass(frozen=True, slots=True)
class Sizes:
    """Lengths in pixels.

    Attributes:
        smallest, largest: side of a cell; where more neurons are asked for than fit, some are not shown.
        gap: least space between cells.
        note: height of the line that says how many are shown.
        names: room for the names of the inputs, left of their cells.
        reach: how near to a line the mouse has to be.
    """

    smallest: float = 12.0
    largest: float = 110.0
    gap: float = 2.0
    note: float = 18.0
    names: float = 46.0
    reach: float = 5.0


@dataclass(frozen=True, slots=True, eq=False)
class Column:
    """The cells of a layer that are shown.

    Attributes:
        left, width: of the column, pixels.
        centre: of its cells, from the left edge of the diagram.
        side: of a cell.
        first, total: the first neuron shown, and how many there are.
        rows: middle of each cell shown, from above.
    """

    left: float
    width: float
    centre: float
    side: float
    first: int
    total: int
    rows: FloatArray

    @property
    def shown(self) -> int:
        """How many cells are shown."""
        return len(self.rows)

    @property
    def collapsed(self) -> bool:
        """Whether some are not."""
        return self.shown < self.total

    def row(self, unit: int) -> float | None:
        """Middle of a neuron's cell; None where it is not shown."""
        index = unit - self.first
        return float(self.rows[index]) if 0 <= index < self.shown else None


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """The whole diagram: a column for each layer."""

    columns: tuple[Column, ...]
    sizes: Sizes

    def rect(self, spot: Neuron | Bias) -> tuple[float, float, float, float] | None:
        """Left, top, width and height of a cell; None where it is not shown."""
        if not 0 <= spot.column < len(self.columns):
            return None
        column = self.columns[spot.column]
        row = column.row(spot.unit)
        half = column.side / 2
        return None if row is None else (column.centre - half, row - half, column.side, column.side)

    def lines(self, column: int) -> FloatArray:
        """Links into a column, shape (sources shown, neurons shown, 4): x and y of both ends."""
        before, behind = self.columns[column - 1], self.columns[column]
        made = np.empty((before.shown, behind.shown, 4))
        made[..., 0], made[..., 2] = before.centre + before.side / 2, behind.centre - behind.side / 2
        made[..., 1], made[..., 3] = before.rows[:, None], behind.rows[None]
        return made

    def line(self, link: Link) -> FloatArray | None:
        """Both ends of a link, shape (4,); None where one of its cells is not shown."""
        source = link.source - self.columns[link.column - 1].first
        unit = link.unit - self.columns[link.column].first
        lines = self.lines(link.column)
        if not (0 <= source < lines.shape[0] and 0 <= unit < lines.shape[1]):
            return None
        end: FloatArray = lines[source, unit]
        return end

    def bias(self, spot: Bias | Neuron) -> tuple[float, float, float] | None:
        """Centre and radius of the dot that stands for a bias, at the lower left of its cell."""
        rect = self.rect(spot)
        if rect is None or spot.column == 0:
            return None
        left, top, side, _ = rect
        return left, top + side, max(2.5, min(side * 0.12, 7.0))


def plan(*, counts: Sequence[int], first: Mapping[int, int], width: float, height: float, sizes: Sizes) -> Plan:
    """Lay the columns out.

    Args:
        counts: cells of each column.
        first: the first neuron to be shown, for columns where not all fit.
        width: of the diagram, pixels.
        height: of the diagram, pixels.
        sizes: see there.
    """
    each = width / len(counts)
    edge = sizes.gap + 2.0
    columns = []
    for index, total in enumerate(counts):
        room = height - 2 * edge
        most = max(1, int(room / (sizes.smallest + sizes.gap)))
        if total > most:
            room -= sizes.note
            most = max(1, int(room / (sizes.smallest + sizes.gap)))
        shown = min(total, most)
        names = min(sizes.names, each / 2) if index == 0 else 0.0
        side = min(sizes.largest, LARGEST_SHARE * (each if index else each - names / 2), room / shown - sizes.gap)
        side = max(side, 4.0)
        pitch = min(room / shown, AIR * side + sizes.gap)
        rows = edge + room / 2 + (np.arange(shown, dtype=np.float64) - (shown - 1) / 2) * pitch
        left = index * each
        centre = left + names + side / 2 + 2.0 if index == 0 else left + each / 2
        begin = min(max(first.get(index, 0), 0), total - shown)
        columns.append(Column(left, each, centre, side, begin, total, rows))
    return Plan(tuple(columns), sizes)


def column_at(plan: Plan, x: float) -> int:
    """The column that a place belongs to."""
    return min(max(int(x / plan.columns[0].width), 0), len(plan.columns) - 1)


def spot_at(plan: Plan, used: NDArray[np.bool_], x: float, y: float) -> Spot | None:
    """What is at a place: a bias before its cell, a cell before a link; None where there is nothing.

    Args:
        plan: of the diagram.
        used: which of the cells in column 0 have links, shape (features,).
        x: pixels from the left edge of the diagram.
        y: pixels from above.
    """
    for index, column in enumerate(plan.columns):
        row = int(np.abs(column.rows - y).argmin())
        unit = column.first + row
        if (dot := plan.bias(Bias(index, unit))) and np.hypot(x - dot[0], y - dot[1]) <= dot[2] + 2.0:
            return Bias(index, unit)
        left = plan.sizes.names if index == 0 else 0.0  # its name belongs to a feature
        half = column.side / 2
        if column.centre - half - left <= x <= column.centre + half and abs(y - column.rows[row]) <= half:
            return Neuron(index, unit)
    return _link_at(plan, used, x, y)


def _link_at(plan: Plan, used: NDArray[np.bool_], x: float, y: float) -> Link | None:
    """The nearest link within reach."""
    for index in range(1, len(plan.columns)):
        lines = plan.lines(index)
        if not lines.size or not lines[0, 0, 0] <= x <= lines[0, 0, 2]:
            continue
        share = (x - lines[..., 0]) / (lines[..., 2] - lines[..., 0])
        rise = (lines[..., 3] - lines[..., 1]) / (lines[..., 2] - lines[..., 0])
        distance = np.abs(lines[..., 1] + share * (lines[..., 3] - lines[..., 1]) - y) / np.hypot(1.0, rise)
        if index == 1:
            shown = slice(plan.columns[0].first, plan.columns[0].first + plan.columns[0].shown)
            distance[~used[shown]] = np.inf
        source, unit = np.unravel_index(int(distance.argmin()), distance.shape)
        if distance[source, unit] <= plan.sizes.reach:
            before, behind = plan.columns[index - 1], plan.columns[index]
            return Link(index, before.first + int(source), behind.first + int(unit))
    return None
