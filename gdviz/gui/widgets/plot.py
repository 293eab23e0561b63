"""A pyqtgraph plot in the look of the program."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QGraphicsItem

from gdviz.gui.theme import Look

SIDES = ("left", "bottom", "right", "top")


class PlotAxis(pg.AxisItem):
    """An axis that writes its values as they are, and lays its label out when that changes.

    pyqtgraph does so with every change of range, colour or font, and writes 0.8 as 800 of a thousandth.
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
        self.picture = None
        self.update()


class Plot(pg.PlotWidget):
    """A plot without pyqtgraph's own menus and buttons, that follows the look."""

    def __init__(self, name: str, title: str, look: Look, *, view: pg.ViewBox | None = None) -> None:
        """Args: name: object name; title: accessible name; look: to follow; view: a view box of one's own."""
        super().__init__(viewBox=view, axisItems={side: PlotAxis(side) for side in SIDES})
        for side in ("right", "top"):  # given to pyqtgraph, it shows them
            self.hideAxis(side)
        self.look = look
        self.setObjectName(name)
        self.setAccessibleName(title)
        self.setMenuEnabled(False)
        self.hideButtons()
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        for side in ("left", "bottom"):
            self.getAxis(side).setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
        look.changed.connect(self.restyle)
        self.restyle()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        theme = self.look.theme
        self.setBackground(theme.plot)
        for side in ("left", "bottom", "top"):
            axis = self.getAxis(side)
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
        for side in ("left", "bottom", "top"):
            axis = self.getAxis(side)
            if axis.labelText:
                axis.setLabel(axis.labelText, **style)


def with_alpha(color: QColor | str, alpha: float) -> QColor:
    """A colour made translucent: alpha 0 (gone) to 1."""
    made = QColor(color)
    made.setAlphaF(alpha)
    return made
