"""The names of kept runs where their curves end, apart from each other."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor

from gdviz.gui.network.metrics.words_apart import stacked
from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import with_alpha


class GhostName(pg.TextItem):
    """A name in the colour of its curve, and where that ends."""

    def __init__(self, name: str, color: QColor, look: Look, *, epoch: float, value: float) -> None:
        super().__init__(name, color=color, anchor=(0.0, 1.0), fill=with_alpha(look.theme.plot, 0.7))
        self.textItem.document().setDocumentMargin(0)
        self.setFont(look.font(0.75))
        self.setZValue(5)  # in front of kept runs, behind the present one
        self.epoch, self.value = epoch, value


def lay_names(names: Sequence[GhostName], box: pg.ViewBox) -> None:
    """Put each before the end of its curve and above it, or above the names that are there already."""
    (first, last), (low, high) = box.viewRange()
    across, upwards = box.width() / (last - first), box.height() / (high - low)
    if not names or not across or not upwards:
        return
    sizes = [name.textItem.boundingRect() for name in names]
    wide = np.array([size.width() for size in sizes])
    ends = np.array([((name.epoch - first) * across, (name.value - low) * upwards) for name in names])
    left = np.maximum(ends[:, 0] - wide, 0.0)
    bottom = stacked(left, left + wide, ends[:, 1], high=max(size.height() for size in sizes), room=box.height())
    for name, x, y in zip(names, left, bottom, strict=True):
        name.setPos(first + x / across, low + y / upwards)
