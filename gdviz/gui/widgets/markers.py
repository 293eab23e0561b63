"""Marks of a plot that leave clicks to the plot."""

from __future__ import annotations

import pyqtgraph as pg


class Markers(pg.ScatterPlotItem):
    """A scatter plot through which one can click; pyqtgraph's own takes every click on one of its points."""

    def mouseClickEvent(self, event) -> None:  # type: ignore[no-untyped-def]  # pyqtgraph's own event
        """Leave it to what lies below."""
        event.ignore()
