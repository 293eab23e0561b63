"""A neuron enlarged: its heatmap with the axes' ends, and how it comes to its output at the point under the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QEnterEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gdviz.gui.network.diagram.arithmetic import Arithmetic, arithmetic
from gdviz.gui.network.diagram.heatmaps import Heatmaps, Range
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import KEYS, Neuron, title_of
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import reported
from gdviz.network.features import FEATURES
from gdviz.network.spec import ACTIVATIONS

SIDE = 22
"""Of the heatmap, in grid units."""

NO_POINT = "Move over the picture to see the arithmetic"
HEAD_TITLES = {"sigmoid": "Sigmoid", "softmax": "Softmax", "linear": "Linear"}
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter


def place_for(*, size: QSize, over: QRect, cell: QRect, board: QRect) -> QRect:
    """Where a close-up covers least of the diagram: beside the cell, or left of the diagram, right, below or above.

    Args:
        size: of the close-up.
        over: what it has to lie within.
        cell: of the neuron, which is never covered where there is a way not to.
        board: the diagram with its settings.
    """
    width, height = size.width(), size.height()
    left, top = cell.center().x() - width // 2, cell.center().y() - height // 2
    corners = (
        (cell.left() - width, top),
        (cell.right() + 1, top),
        (board.left() - width, top),
        (board.right() + 1, top),
        (left, board.bottom() + 1),
        (left, board.top() - height),
    )
    places = [_within(over, QRect(QPoint(*corner), size)) for corner in corners]

    def covers(place: QRect) -> tuple[bool, int]:
        hidden = place.intersected(board).size()
        return place.intersects(cell), hidden.width() * hidden.height()

    return min(places, key=covers)


def _within(over: QRect, place: QRect) -> QRect:
    right, bottom = over.right() + 1 - place.width(), over.bottom() + 1 - place.height()
    place.moveTo(max(over.left(), min(place.left(), right)), max(over.top(), min(place.top(), bottom)))
    return place


class Closeup(QWidget):
    """Lies over the window, clear of the links and settings that may be wanted next.

    Signals:
        probed(float, float): the mouse is over this place, x1 and x2.
        pinned(float, float): this place was clicked.
        entered(), left(): the mouse came or went.
    """

    probed = Signal(float, float)
    pinned = Signal(float, float)
    entered = Signal()
    left = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("network.closeup")
        self.setAccessibleName("Neuron, enlarged")
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # or all that lies below would be painted, too
        self._look = look
        self.neuron: Neuron | None = None
        self._shown = Shown()
        self._image: QImage | None = None
        self._ends: Range = (-1.0, 1.0)
        self.arithmetic: Arithmetic | None = None
        self._cell, self._board = QRect(), QRect()  # on the screen
        self.hide()

    def show_neuron(self, neuron: Neuron, shown: Shown, heatmaps: Heatmaps, cell: QRect, board: QRect) -> None:
        """Enlarge a neuron whose cell is there on the screen, clear of the whole diagram where there is room."""
        self.neuron = neuron
        self._cell, self._board = cell, board
        self.show_numbers(shown, heatmaps)
        self.setAccessibleDescription(title_of(shown.network, neuron))
        self.raise_()
        self.show()

    def show_numbers(self, shown: Shown, heatmaps: Heatmaps) -> None:
        """Other numbers of the same neuron; one that is not there any more is not shown."""
        if self.neuron is None:
            return
        if self.neuron.column >= len(shown.counts) or self.neuron.unit >= shown.counts[self.neuron.column]:
            self.close_up()
            return
        self._shown = shown
        self._image = heatmaps.images.get(self.neuron)
        self._ends = heatmaps.ranges.get(self.neuron, (-1.0, 1.0))
        self.arithmetic = arithmetic(shown, self.neuron)
        self._find_room()
        self.update()

    def close_up(self) -> None:
        """Show no neuron."""
        self.neuron = None
        self.hide()

    @property
    def heat_rect(self) -> QRect:
        """The heatmap, in pixels."""
        pixels, line = self._look.pixels, self._line
        return QRect(pixels(5), pixels(1) + line, pixels(SIDE), pixels(SIDE))

    def sizeHint(self) -> QSize:
        """Room for the heatmap, and for as many terms as there can be."""
        heat, pixels = self.heat_rect, self._look.pixels
        rows = (len(self.arithmetic.terms) + 5 if self.arithmetic is not None else 3) * self._row
        height = self._line + max(heat.height() + 2 * self._line, rows) + pixels(2)
        return QSize(heat.right() + pixels(3) + sum(self._columns()), height)

    @property
    def _line(self) -> int:
        return self._look.pixels(2.5)

    @property
    def _row(self) -> int:
        """Of the arithmetic."""
        return round(self._line * 0.95)

    def _columns(self) -> tuple[int, int, int, int]:
        """Widths of name, value, weight and product."""
        pixels = self._look.pixels
        return pixels(9), pixels(8), pixels(10), pixels(11)

    def _find_room(self) -> None:
        """The arithmetic may have come later than the picture, and takes more room."""
        over, size = self._over, self.sizeHint()
        cell, board = (QRect(over.mapFromGlobal(rect.topLeft()), rect.size()) for rect in (self._cell, self._board))
        self.setGeometry(place_for(size=size, over=over.rect(), cell=cell, board=board))

    # Mouse

    def place_at(self, position: QPointF) -> tuple[float, float] | None:
        """x1 and x2 at a place of the heatmap; None beside it."""
        heat, extent = QRectF(self.heat_rect), self._shown.extent
        if not heat.contains(position):
            return None
        right, up = (position.x() - heat.x()) / heat.width(), 1.0 - (position.y() - heat.y()) / heat.height()
        return extent[0] + right * (extent[1] - extent[0]), extent[2] + up * (extent[3] - extent[2])

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The point under the mouse is explained."""
        if place := self.place_at(event.position()):
            self.probed.emit(*place)
        event.accept()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click pins the point."""
        if place := self.place_at(event.position()):
            self.pinned.emit(*place)
        event.accept()

    def enterEvent(self, event: QEnterEvent) -> None:
        """The mouse came."""
        super().enterEvent(event)
        self.entered.emit()

    def leaveEvent(self, event: QEvent) -> None:
        """The mouse went."""
        super().leaveEvent(event)
        self.left.emit()

    # Drawing

    @reported
    def paintEvent(self, event: QPaintEvent) -> None:
        """Title, heatmap with its axes, arithmetic."""
        if self.neuron is None:
            return
        painter = QPainter(self)
        look, theme, heat = self._look, self._look.theme, self.heat_rect
        painter.setRenderHints(QPainter.RenderHint.SmoothPixmapTransform | QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(theme.accent), 1.0))
        painter.setBrush(QColor(theme.panel))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
        painter.setFont(look.font(bold=True))
        painter.setPen(QColor(theme.text))
        title = QRect(look.pixels(1), look.pixels(0.5), self.width() - look.pixels(2), self._line)
        painter.drawText(title, int(_LEFT), self._title())
        painter.fillRect(heat, QColor(theme.plot))
        if self._image is not None:
            painter.drawImage(heat, self._image)
        self._draw_axes(painter, heat)
        self._draw_point(painter, heat)
        self._draw_arithmetic(painter)

    def _title(self) -> str:
        assert self.neuron is not None
        network, title = self._shown.network, title_of(self._shown.network, self.neuron)
        if self.neuron.column == 0:
            used = KEYS[self.neuron.unit] in network.features
            return f"input {title}" if used else f"{title} — not an input"
        notes = [title]
        if self._shown.dark(self.neuron):
            notes.append("silenced by dropout in this step")
        elif self._shown.flat(self.neuron):
            notes.append("the same for all training points")
        else:
            notes.append(_activation(self._shown.activation(self.neuron.column)))
        return " — ".join(notes)

    def _draw_axes(self, painter: QPainter, heat: QRect) -> None:
        """The ends of both axes, and what the ends of the colours stand for."""
        extent, line = self._shown.extent, self._line
        painter.setFont(self._look.font(0.85))
        painter.setPen(QColor(self._look.theme.muted))
        below = QRect(heat.left(), heat.bottom() + 1, heat.width(), line)
        painter.drawText(below, int(_LEFT), short(extent[0], 1))
        painter.drawText(below, int(_RIGHT), short(extent[1], 1))
        painter.drawText(below, Qt.AlignmentFlag.AlignCenter, "x1")
        beside = QRect(0, heat.top(), heat.left() - 4, heat.height())
        right = Qt.AlignmentFlag.AlignRight
        painter.drawText(beside, int(right | Qt.AlignmentFlag.AlignTop), short(extent[3], 1))
        painter.drawText(beside, int(right | Qt.AlignmentFlag.AlignBottom), short(extent[2], 1))
        painter.drawText(beside, int(_RIGHT), "x2")
        low, high = self._ends
        labels = self._look.labels
        legend = below.translated(0, line)
        painter.setPen(labels[0])
        painter.drawText(legend, int(_LEFT), f"● {short(low, 2)}")
        painter.setPen(labels[1])
        painter.drawText(legend, int(_RIGHT), f"{short(high, 2)} ▲")

    def _draw_point(self, painter: QPainter, heat: QRect) -> None:
        told = self._shown.explanation
        if told is None:
            return
        extent = self._shown.extent
        right = (told.xy[0] - extent[0]) / (extent[1] - extent[0])
        up = (told.xy[1] - extent[2]) / (extent[3] - extent[2])
        if not (0.0 <= right <= 1.0 and 0.0 <= up <= 1.0):
            return
        at = QPointF(heat.x() + right * heat.width(), heat.y() + (1.0 - up) * heat.height())
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for color, width in ((self._look.theme.plot, 4.0), (self._look.theme.text, 2.0)):
            painter.setPen(QPen(QColor(color), width))
            painter.drawEllipse(at, self._look.pixels(0.6), self._look.pixels(0.6))

    def _draw_arithmetic(self, painter: QPainter) -> None:
        """A line a term, then bias, sum and output."""
        heat, theme = self.heat_rect, self._look.theme
        painter.setFont(self._look.font(0.9))
        painter.setPen(QColor(theme.text))
        x, y, line = heat.right() + self._look.pixels(2), heat.top(), self._row
        for cells, strong in self._table():
            painter.setFont(self._look.font(0.9, bold=strong))
            left = x
            for text, width, flags in zip(cells, self._columns(), (_LEFT, _RIGHT, _RIGHT, _RIGHT), strict=True):
                painter.drawText(QRect(left, y, width, line), int(flags | Qt.TextFlag.TextDontClip), text)
                left += width
            y += line

    def _table(self) -> list[tuple[tuple[str, str, str, str], bool]]:
        """The rows of the arithmetic, and whether they are bold."""
        assert self.neuron is not None
        told, done = self._shown.explanation, self.arithmetic
        if told is None:
            return [((NO_POINT, "", "", ""), False)]
        x1, x2 = told.xy
        rows = [((f"x1 = {short(x1, 2)}   x2 = {short(x2, 2)}", "", "", ""), False)]
        if done is None:
            value = self._shown.source(self.neuron.column, self.neuron.unit)
            name = FEATURES[KEYS[self.neuron.unit]].title
            return rows if value is None else [*rows, ((name, "", "=", short(value, 3)), True)]
        rows += [
            ((term.name, short(term.value, 3), f"· {short(term.weight, 3)}", f"= {short(term.product, 3)}"), False)
            for term in done.terms
        ]
        if done.others:
            rows.append(((f"{done.others} others", "", "", f"= {short(done.rest, 3)}"), False))
        rows.append((("bias", "", "", short(done.bias, 3)), False))
        rows.append((("sum z", "", "", f"= {short(done.total, 3)}"), True))
        rows.append(((f"{_activation(done.activation)} of z", "", "", f"= {short(done.output, 3)}"), True))
        return rows


def _activation(key: str) -> str:
    return HEAD_TITLES.get(key, ACTIVATIONS.get(key, key))
