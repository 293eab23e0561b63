"""The cells: a heatmap each, a frame that says how the neuron is, its bias, its name or number."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPen

from gdviz.gui.network.diagram.heatmaps import Heatmaps
from gdviz.gui.network.diagram.plan import Plan
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import KEYS, Bias, Neuron
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import with_alpha
from gdviz.network.features import FEATURES

NUMBERS_FROM = 5.0
"""In cells of this side, in grid units, and larger ones stands what they give for the explained point."""

NAMES = 0.9
"""Size of the names of the inputs, against other text."""

MOST_ROUND = 60
"""Of more biases each is a square."""


class Cells:
    """Draws the cells of a plan, like with like, in few calls."""

    def __init__(self, plan: Plan, look: Look) -> None:
        self._plan, self._look = plan, look
        self._names = self._names_font()
        self._rects: dict[Neuron, QRectF] = {}
        self._dots: dict[Neuron, QRectF] = {}
        for index, column in enumerate(plan.columns):
            for unit in range(column.first, column.first + column.shown):
                neuron = Neuron(index, unit)
                if rect := plan.rect(neuron):
                    self._rects[neuron] = QRectF(*rect)
                if dot := plan.bias(Bias(index, unit)):
                    x, y, radius = dot
                    self._dots[neuron] = QRectF(x - radius, y - radius, 2 * radius, 2 * radius)

    def draw(self, painter: QPainter, shown: Shown, heatmaps: Heatmaps, seen: QRectF) -> None:
        """Draw all that are within what is seen of the diagram."""
        theme = self._look.theme
        rects = {neuron: rect for neuron, rect in self._rects.items() if rect.intersects(seen)}
        kinds: dict[str, list[QRectF]] = {"plain": [], "off": [], "dark": [], "flat": []}
        for neuron, rect in rects.items():
            kind = self._kind(shown, neuron)
            image = heatmaps.images.get(neuron)
            if image is not None:
                painter.drawImage(rect, image)
            else:
                painter.fillRect(rect, QColor(theme.plot))
            kinds[kind].append(rect)
        for rect in kinds["off"]:
            painter.fillRect(rect, with_alpha(theme.panel, 0.75))
        for rect in kinds["dark"]:
            painter.fillRect(rect, with_alpha(theme.plot, 0.85))
        self._draw_frames(painter, kinds)
        self._draw_names(painter, shown)
        for neuron, rect in rects.items():
            if rect.width() >= self._look.pixels(NUMBERS_FROM):
                self._draw_number(painter, shown.source(neuron.column, neuron.unit), rect)
        self._draw_biases(painter, shown, [neuron for neuron in rects if neuron.column])
        self._draw_notes(painter)

    def outline(self, painter: QPainter, neuron: Neuron, color: QColor, width: float) -> None:
        """Draw a frame around a cell."""
        if neuron in self._rects:
            painter.setPen(QPen(color, width))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(self._rects[neuron])

    def _kind(self, shown: Shown, neuron: Neuron) -> str:
        if neuron.column == 0:
            return "plain" if KEYS[neuron.unit] in shown.network.features else "off"
        if shown.dark(neuron):
            return "dark"
        return "flat" if shown.flat(neuron) else "plain"

    def _draw_frames(self, painter: QPainter, kinds: dict[str, list[QRectF]]) -> None:
        """Dotted: not an input. Crossed out: silenced by dropout. Dashed: the same for all points."""
        theme = self._look.theme
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for kind, pen in (
            ("plain", QPen(QColor(theme.muted), 1.0)),
            ("off", QPen(QColor(theme.muted), 1.0, Qt.PenStyle.DotLine)),
            ("dark", QPen(QColor(theme.muted), 1.5)),
            ("flat", QPen(QColor(theme.warning), 2.0, Qt.PenStyle.DashLine)),
        ):
            if kinds[kind]:
                painter.setPen(pen)
                painter.drawRects(kinds[kind])
            if kind == "dark":
                diagonals = [
                    line
                    for rect in kinds[kind]
                    for line in (
                        QLineF(rect.topLeft(), rect.bottomRight()),
                        QLineF(rect.topRight(), rect.bottomLeft()),
                    )
                ]
                painter.drawLines(diagonals)

    def _draw_names(self, painter: QPainter, shown: Shown) -> None:
        theme = self._look.theme
        painter.setFont(self._names)
        flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
        for neuron, rect in self._rects.items():
            if neuron.column == 0:
                used = KEYS[neuron.unit] in shown.network.features
                painter.setPen(QColor(theme.text if used else theme.muted))
                room = QRectF(0.0, rect.top(), rect.left() - self._look.pixels(0.5), rect.height())
                painter.drawText(room, int(flags), FEATURES[KEYS[neuron.unit]].title)

    def _names_font(self) -> QFont:
        """As large as other text, or as the room beside the cells allows."""
        font, column = self._look.font(NAMES), self._plan.columns[0]
        metrics = QFontMetrics(font)
        widest = max(metrics.horizontalAdvance(FEATURES[key].title) for key in KEYS)
        room = column.centre - column.side / 2 - self._look.pixels(0.5)
        row = column.side + self._plan.sizes.gap
        return self._look.font(NAMES * min(1.0, room / widest, row / metrics.height()))

    def _draw_number(self, painter: QPainter, value: float | None, rect: QRectF) -> None:
        if value is None:
            return
        painter.setFont(self._look.font(0.8, bold=True))
        text = f"{value:.2f}".replace("-", "−") if abs(value) < 100.0 else short(value, 2)
        metrics = painter.fontMetrics()
        width, height = metrics.horizontalAdvance(text) + 6, metrics.height()
        place = QRectF(rect.right() - width, rect.bottom() - height, width, height)
        painter.fillRect(place, with_alpha(self._look.theme.plot, 0.7))
        painter.setPen(QColor(self._look.theme.text))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_biases(self, painter: QPainter, shown: Shown, neurons: list[Neuron]) -> None:
        """Dots in the colour of their sign, of 0 in none; squares where there are very many, which is faster."""
        tensors, theme, (low, high) = shown.weights, self._look.theme, self._look.labels
        below: list[QRectF] = []
        zero: list[QRectF] = []
        above: list[QRectF] = []
        for neuron in neurons:
            value = tensors[2 * neuron.column - 1][neuron.unit] if tensors is not None else 0.0
            (above if value > 0.0 else below if value < 0.0 else zero).append(self._dots[neuron])
        painter.setPen(QPen(QColor(theme.panel), 1.0))
        round_ = len(neurons) <= MOST_ROUND
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, round_)
        for color, places in ((low, below), (QColor(theme.muted), zero), (high, above)):
            painter.setBrush(color)
            if round_:
                for place in places:
                    painter.drawEllipse(place)
            elif places:
                painter.drawRects(places)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)

    def _draw_notes(self, painter: QPainter) -> None:
        """Which neurons of a layer are shown, where not all of them are."""
        painter.setFont(self._look.font(0.85))
        painter.setPen(QColor(self._look.theme.muted))
        for column in self._plan.columns:
            if column.collapsed:
                text = f"{column.first + 1}–{column.first + column.shown} of {column.total}"
                bottom = float(column.rows[-1]) + column.side / 2
                room = QRectF(column.left, bottom, column.width, self._plan.sizes.note)
                painter.drawText(room, Qt.AlignmentFlag.AlignCenter, text)
