"""A pyqtgraph plot in the look of the program."""

from __future__ import annotations

from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem, QSizePolicy

from gdviz.gui.theme import Look

_BOX_CELL = (1, 1)
_AXIS_CELLS = {"top": (0, 1), "left": (1, 0), "right": (1, 2), "bottom": (2, 1)}
"""Row and column in the layout."""


class PlotAxis(pg.AxisItem):
    """An axis that writes its values as they are, and lays its label out, in the middle, when that changes.

    pyqtgraph does so with every change of range, colour or font, but puts the label into the middle only when the axis
    gets another size; and it writes 0.8 as 800 of a thousandth.
    """

    def __init__(self, side: str) -> None:
        self._html = ""
        super().__init__(side)

    def updateAutoSIPrefix(self) -> None:
        """Write no prefix, of thousands or thousandths; only draw anew."""
        self.picture = None
        self.update()

    def _updateLabel(self) -> None:  # pyqtgraph's
        html = self.labelString() if self.labelText else ""
        if html != self._html:
            self._html = html
            self.label.setHtml(html)
            self._adjustSize()
            self.resizeEvent()
        self.picture = None
        self.update()


class Plot(pg.GraphicsView):
    """A view box with axes around it, that follows the look.

    pyqtgraph's own ``PlotWidget`` makes a form and six menus of options for each plot, which nobody sees here: five
    times the work. What is asked of a plot has the same names.
    """

    def __init__(
        self,
        name: str,
        title: str,
        look: Look,
        *,
        view: pg.ViewBox | None = None,
        axes: Sequence[PlotAxis] = (),
    ) -> None:
        """Args: name: object name; title: accessible name; look: to follow; view, axes: in place of the usual ones."""
        super().__init__()
        self.enableMouse(False)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.box = view if view is not None else pg.ViewBox(enableMenu=False)
        self._axis_of: dict[str, PlotAxis] = {side: PlotAxis(side) for side in ("left", "bottom")}
        self._axis_of |= {axis.orientation: axis for axis in axes}
        self._lay_out()
        self.look = look
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for side in ("left", "bottom"):
            self.getAxis(side).setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        look.changed.connect(self.restyle)
        self.restyle()

    def _lay_out(self) -> None:
        grid = self.centralLayout
        grid.setContentsMargins(1, 1, 1, 1)
        grid.setSpacing(0)
        row, column = _BOX_CELL
        grid.addItem(self.box, row, column)
        grid.setRowStretchFactor(row, 100)
        grid.setColumnStretchFactor(column, 100)
        for side, axis in self._axis_of.items():
            axis.linkToView(self.box)
            grid.addItem(axis, *_AXIS_CELLS[side])
            axis.setZValue(0.5)  # above images, below what is drawn over all
            axis.setFlag(QGraphicsItem.GraphicsItemFlag.ItemNegativeZStacksBehindParent)

    def getViewBox(self) -> pg.ViewBox:
        """What the items are in."""
        return self.box

    def getAxis(self, side: str) -> PlotAxis:
        """The axis of a side: left, bottom, or another that the plot was made with."""
        return self._axis_of[side]

    def show_axis(self, side: str, *, shown: bool) -> None:
        """Show an axis, or give its room to the others."""
        axis = self._axis_of[side]
        axis.show() if shown else axis.hide()
        self.centralLayout.activate()
        self.viewport().update()  # numbers of the other axes reach beyond what Qt knows that they leave

    def addItem(self, item: QGraphicsItem, *, ignoreBounds: bool = False) -> None:  # noqa: N803
        """Add an item to the view box."""
        self.box.addItem(item, ignoreBounds=ignoreBounds)

    def removeItem(self, item: QGraphicsItem) -> None:
        """Take it out again."""
        self.box.removeItem(item)

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        theme = self.look.theme
        self.setBackground(theme.plot)
        for axis in self._axis_of.values():
            axis.setPen(pg.mkPen(theme.border))
            axis.setTextPen(pg.mkPen(theme.muted))
            axis.setTickFont(self.look.font(0.85))
            axis.setStyle(tickTextOffset=4)
        self._style_labels()

    def label(self, bottom: str, left: str) -> None:
        """Name the axes."""
        named = {"bottom": bottom, "left": left}
        if all(self.getAxis(side).labelText == text for side, text in named.items()):
            return
        for side, text in named.items():
            self.getAxis(side).setLabel(text)
        self._style_labels()

    def _style_labels(self) -> None:
        style = {"color": self.look.theme.muted, "font-size": f"{self.look.font(0.9).pointSizeF():g}pt"}
        for axis in self._axis_of.values():
            if axis.labelText:
                axis.setLabel(axis.labelText, **style)


def with_alpha(color: QColor | str, alpha: float) -> QColor:
    """A colour made translucent: alpha 0 (gone) to 1."""
    made = QColor(color)
    made.setAlphaF(alpha)
    return made
