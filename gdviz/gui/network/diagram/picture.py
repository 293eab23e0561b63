"""The picture of the network: where everything lies, and drawing it as often as there is time for."""

from __future__ import annotations

import time
from collections.abc import Iterable

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.gui.network.diagram.cells import Cells
from gdviz.gui.network.diagram.heatmaps import Heatmaps, colors_of
from gdviz.gui.network.diagram.links import Links, link_pen
from gdviz.gui.network.diagram.plan import Plan, Sizes, plan
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import Bias, Link, Neuron, Spot, exists
from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import reported
from gdviz.gui.widgets.timers import one_shot
from gdviz.gui.widgets.turns import in_turn

BUDGET_SECONDS = 0.004
REST = 4
"""A picture that takes longer than the budget is followed by so many times its length without one."""


class Picture(QWidget):
    """Draws a ``Shown``, and in it what is pointed at, selected and lit.

    Attributes:
        heatmaps, links: as they are drawn.

    Signals:
        caught_up(): numbers that had to wait are drawn.
    """

    caught_up = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._look = look
        self._shown = Shown()
        self._waiting: Shown | None = None
        self._gradients = False
        self._first: dict[int, int] = {}
        self.heatmaps, self.links = Heatmaps(), Links()
        self._colors = colors_of(look)
        self._pointed: Spot | None = None
        self._selected: Spot | None = None
        self._lit: tuple[Spot, ...] = ()
        self._spent = 0.0
        self._take_waiting = in_turn(self._show_waiting)
        self._rest = one_shot(self, 0, self._take_waiting)
        self._plan = self._planned()
        self._cells = Cells(self._plan, look)
        look.changed.connect(self._restyle)

    @property
    def shown(self) -> Shown:
        """What is drawn."""
        return self._shown

    @property
    def plan(self) -> Plan:
        """Where everything lies."""
        return self._plan

    @property
    def lit(self) -> tuple[Spot, ...]:
        """What is being explained."""
        return self._lit

    def show_network(self, shown: Shown) -> None:
        """Draw this in a turn of its own; while the last picture is still being recovered from, the newest waits."""
        if shown.network != self._shown.network:
            self._shown, self._waiting = shown, None
            self._lit = tuple(spot for spot in self._lit if exists(shown.network, spot))
            self._lay_out()
        elif not self.isVisible():
            self._shown, self._waiting = shown, None
        else:
            self._waiting = shown
            if not self._rest.isActive():
                self._take_waiting()

    def show_gradients(self, on: bool) -> None:
        """Draw links as thick as their gradient, or as their weight."""
        self._gradients = on
        self._take(self._shown)

    def light(self, spots: Iterable[Spot]) -> None:
        """Make these stand out."""
        self._lit = tuple(spots)
        self.update()

    def place_of(self, spot: Spot) -> QPointF:
        """Where a spot is, in pixels; the middle of a link. ValueError where it is not shown."""
        rect = self.rect_of(spot)
        return rect.center()

    def rect_of(self, spot: Spot) -> QRectF:
        """A cell, or a little around a bias or a link's middle, in pixels. ValueError where it is not shown."""
        if isinstance(spot, Neuron):
            if (rect := self._plan.rect(spot)) is not None:
                return QRectF(*rect)
        elif isinstance(spot, Bias):
            if (dot := self._plan.bias(spot)) is not None:
                return self._around(dot[0], dot[1])
        elif (line := self._plan.line(spot)) is not None:
            return self._around(float(line[0] + line[2]) / 2, float(line[1] + line[3]) / 2)
        raise ValueError(f"{spot} is not shown")

    def close_picture(self) -> None:
        """End the timer."""
        self._rest.stop()

    def minimumSizeHint(self) -> QSize:
        """Room for a few small cells in each column."""
        return QSize(0, self._look.pixels(8))

    def sizeHint(self) -> QSize:
        """Room for eight neurons."""
        return QSize(0, self._look.pixels(34))

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has come meanwhile."""
        super().showEvent(event)
        self._take(self._shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Lay everything out anew."""
        super().resizeEvent(event)
        self._lay_out()

    @reported
    def paintEvent(self, event: QPaintEvent) -> None:
        """Links, then cells, then what stands out."""
        begun = time.perf_counter()
        painter = QPainter(self)
        theme = self._look.theme
        painter.fillRect(event.rect(), QColor(theme.panel))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self.links.draw(painter, self._look)
        self._draw_lines(painter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        self._cells.draw(painter, self._shown, self.heatmaps, QRectF(event.rect()))
        self._draw_frames(painter)
        if self.hasFocus():
            painter.setPen(QPen(QColor(theme.accent), 1.0))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.end()
        self._spent += time.perf_counter() - begun
        if self._spent > BUDGET_SECONDS and not self._rest.isActive():
            self._rest.start(round(1000 * REST * self._spent))
        self._spent = 0.0

    def _draw_lines(self, painter: QPainter) -> None:
        """The links that stand out."""
        width = self._look.pixels(0.5)
        for spot in (*self._lit, self._pointed, self._selected):
            if isinstance(spot, Link) and (line := self._plan.line(spot)) is not None:
                color = QColor(self._look.theme.text if spot == self._pointed else self._look.theme.accent)
                painter.setPen(link_pen(color, width))
                painter.drawLine(QLineF(*line.tolist()))

    def _draw_frames(self, painter: QPainter) -> None:
        """The cells and biases that stand out."""
        accent, text = QColor(self._look.theme.accent), QColor(self._look.theme.text)
        width = max(2.0, self._look.line_width)
        for spot in (*self._lit, self._pointed, self._selected):
            color = text if spot == self._pointed else accent
            if isinstance(spot, Neuron):
                self._cells.outline(painter, spot, color, width + (spot in self._lit))
            elif isinstance(spot, Bias) and (dot := self._plan.bias(spot)) is not None:
                painter.setPen(QPen(color, width))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(QPointF(dot[0], dot[1]), dot[2] + 2.0, dot[2] + 2.0)

    def _around(self, x: float, y: float) -> QRectF:
        half = self._look.pixels(0.5)
        return QRectF(x - half, y - half, 2 * half, 2 * half)

    def _show_waiting(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None:
            self._take(waiting)
            self.caught_up.emit()

    def _take(self, shown: Shown) -> None:
        begun = time.perf_counter()
        self._shown = shown
        self.heatmaps.show(shown, self._plan, self._colors)
        self.links.show(shown, self._plan, gradients=self._gradients)
        self._spent = time.perf_counter() - begun
        self.update()

    def _lay_out(self) -> None:
        self._plan = self._planned()
        self._cells = Cells(self._plan, self._look)
        self._take(self._shown)

    def _planned(self) -> Plan:
        pixels = self._look.pixels
        sizes = Sizes(
            largest=pixels(14),  # the smallest are so at any text scale: rather small rows than some that are not seen
            note=pixels(2.25),
            names=pixels(6),
            reach=pixels(0.75),
        )
        return plan(counts=self._shown.counts, first=self._first, width=self.width(), height=self.height(), sizes=sizes)

    def _restyle(self) -> None:
        self._colors = colors_of(self._look)
        self.updateGeometry()
        self._lay_out()
