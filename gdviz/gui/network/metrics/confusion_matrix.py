"""A confusion matrix in large numbers."""

from __future__ import annotations

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.gui.network.metrics.confusion import Confusion
from gdviz.gui.numbers import percent, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.in_view_item import reported
from gdviz.gui.widgets.plot import with_alpha

_CLASSES = (("red", "●"), ("green", "▲"))
_ACTUAL, _SAID = "are", "network says"
"""What rows and columns stand for."""

_WHOLE = percent(1.0)
_SCORES = ("accuracy", "precision", "recall")
_SMALL, _LARGE = 0.85, 2.0
_WIDEST, _HIGHEST = 52, 14
"""Grid units that a matrix and a cell never need more of."""

_LEFT, _RIGHT, _MIDDLE = Qt.AlignmentFlag.AlignLeft, Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
_UPRIGHT, _BOTTOM, _TOP = Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignBottom, Qt.AlignmentFlag.AlignTop


class ConfusionMatrix(QWidget):
    """A row for red and a row for green points, a column for each answer; accuracy, precision and recall below.

    Right answers are tinted with the accent and wrong ones with the colour of warnings, the stronger the more of a row
    they are: blue and amber, which everybody tells apart.
    """

    def __init__(self, name: str, title: str, look: Look) -> None:
        """Args: name: object name; title: which points; look: to follow."""
        super().__init__()
        self.setObjectName(name)
        self.setAccessibleName(f"Confusion matrix of the {title} points")
        self.setToolTip(
            "Rows: what the points are. Columns: what the network says, green above a probability of 0.5.\n"
            "Shares are of all points here, so the two right ones add up to the accuracy.\n"
            "Precision: share of green ones among those it calls green. Recall: share of the green ones that it finds."
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self._title, self._look = title, look
        self.confusion = Confusion(0, 0, 0, 0)
        look.changed.connect(self.update)

    def show_confusion(self, confusion: Confusion) -> None:
        """Show other counts."""
        if confusion != self.confusion:
            self.confusion = confusion
            self.setAccessibleDescription(", ".join(self._spoken()))
            self.update()

    def minimumSizeHint(self) -> QSize:
        """Just readable."""
        return QSize(self._look.pixels(20), self._look.pixels(14))

    def sizeHint(self) -> QSize:
        """Room for large numbers."""
        return QSize(self._look.pixels(32), self._look.pixels(26))

    @reported
    def paintEvent(self, event: QPaintEvent) -> None:
        """The names of columns and rows, the cells, and what follows from them."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, gap = self._look, self._look.pixels(0.5)
        small = QFontMetricsF(look.font(_SMALL))
        line, names = small.height(), small.horizontalAdvance("▲ green ") + gap
        area = QRectF(self.rect()).adjusted(gap, gap, -gap, -gap)
        area.setWidth(min(area.width(), look.pixels(_WIDEST)))
        width = (area.width() - names) / 2 - gap
        height = min((area.height() - 4.4 * line) / 2 - gap, look.pixels(_HIGHEST))
        corner = QRectF(area.left(), area.top(), names - gap, line)
        across = QRectF(area.left() + names, area.top(), 2 * width + gap, line)
        self._write(painter, corner, _LEFT, self._title, _SMALL, muted=True)
        self._write(painter, corner.translated(0, line), _LEFT, _ACTUAL, _SMALL, muted=True)
        self._write(painter, across, _MIDDLE, _SAID, _SMALL, muted=True)
        for index in range(2):
            left, top = area.left() + names + index * (width + gap), area.top() + 2 * line + index * (height + gap)
            self._name(painter, QRectF(left, area.top() + line, width, line), index, centred=True)
            self._name(painter, QRectF(area.left(), top, names, height), index)
            for said in range(2):
                self._cell(painter, QRectF(area.left() + names + said * (width + gap), top, width, height), index, said)
        below = area.top() + 2 * line + 2 * (height + gap)
        third = (area.width() + gap) / len(_SCORES)
        for index, name in enumerate(_SCORES):
            place = QRectF(area.left() + index * third, below, third - gap, 1.1 * line)
            self._write(painter, place, _LEFT, name, 0.8, widest=max(_SCORES, key=len), muted=True)
            score = percent(getattr(self.confusion, name))
            self._write(painter, place.translated(0, 1.1 * line), _LEFT, score, 0.95, widest=_WHOLE, bold=True)
        painter.end()

    def _name(self, painter: QPainter, place: QRectF, index: int, *, centred: bool = False) -> None:
        """The name of a column, in its middle, or of a row."""
        word, mark = _CLASSES[index]
        metrics = QFontMetricsF(self._look.font(_SMALL))
        marked = metrics.horizontalAdvance(f"{mark} ")
        if centred:
            place = place.adjusted(max(0.0, (place.width() - marked - metrics.horizontalAdvance(word)) / 2), 0, 0, 0)
        self._write(painter, place, _LEFT | _UPRIGHT, mark, _SMALL, color=self._look.labels[index])
        self._write(painter, place.adjusted(marked, 0, 0, 0), _LEFT | _UPRIGHT, word, _SMALL)

    def _cell(self, painter: QPainter, cell: QRectF, actual: int, said: int) -> None:
        """A count and its share: above each other, beside each other, or the count alone, as there is room."""
        look, gap = self._look, self._look.pixels(0.5)
        row, total = self.confusion.counts[actual], self.confusion.total
        count, tint = row[said], look.theme.accent if actual == said else look.theme.warning
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(with_alpha(tint, 0.08 + 0.45 * (count / sum(row) if sum(row) else 0.0)))
        painter.drawRoundedRect(cell, gap, gap)
        share = percent(count / total) if total else "–"
        small = QFontMetricsF(look.font(_SMALL))
        aside = small.horizontalAdvance(_WHOLE) + gap
        if cell.height() > 3.0 * small.height():
            upper = QRectF(cell.left(), cell.top(), cell.width(), 0.62 * cell.height())
            lower = QRectF(cell.left(), upper.bottom(), cell.width(), cell.bottom() - upper.bottom())
            self._write(painter, upper, _MIDDLE | _BOTTOM, whole(count), _LARGE, bold=True)
            self._write(painter, lower, _MIDDLE | _TOP, share, _SMALL)
        elif cell.width() > 2.0 * aside:
            left = cell.adjusted(gap, 0, -aside - gap, 0)
            self._write(painter, left, _RIGHT | _UPRIGHT, whole(count), _LARGE, bold=True)
            self._write(painter, cell.adjusted(0, 0, -gap, 0), _RIGHT | _UPRIGHT, share, _SMALL)
        else:
            self._write(painter, cell, _MIDDLE | _UPRIGHT, whole(count), _LARGE, bold=True)

    def _write(
        self,
        painter: QPainter,
        place: QRectF,
        where: Qt.AlignmentFlag,
        text: str,
        size: float,
        *,
        widest: str = "",
        bold: bool = False,
        muted: bool = False,
        color: QColor | None = None,
    ) -> None:
        """Write a text, smaller where it does not fit, or where the widest that may stand there does not."""
        theme = self._look.theme
        painter.setFont(_fitting(self._look.font(size, bold=bold), widest or text, place))
        painter.setPen(color or QColor(theme.muted if muted else theme.text))
        painter.drawText(place, where, text)

    def _spoken(self) -> list[str]:
        counts = [
            f"{whole(count)} {name} {'point' if count == 1 else 'points'} called {said}"
            for (name, _), row in zip(_CLASSES, self.confusion.counts, strict=True)
            for (said, _), count in zip(_CLASSES, row, strict=True)
        ]
        return counts + [f"{name} {percent(getattr(self.confusion, name))}" for name in _SCORES]


def _fitting(font: QFont, text: str, place: QRectF) -> QFont:
    """The font, smaller where the text would not fit."""
    metrics = QFontMetricsF(font)
    wide, high = max(1.0, metrics.horizontalAdvance(text)), max(1.0, metrics.height())
    shrunk = min(1.0, place.width() / wide, place.height() / high)
    if shrunk < 1.0:
        font.setPointSizeF(max(1.0, font.pointSizeF() * shrunk))
    return font
