"""Formulas, typeset: made from LaTeX on a thread of their own, kept, and painted in lines as wide as there is room."""

from __future__ import annotations

import logging
import math
import re
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache, partial

from PySide6.QtCore import QByteArray, QObject, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontInfo, QImage, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QSizePolicy, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.latest import Latest
from gdviz.gui.widgets.timers import one_shot

log = logging.getLogger(__name__)

DRAWN_SIZE = 24
"""Every formula is typeset in this size once; in others it is only painted."""

KEPT = 600
FIRST_MILLISECONDS = 400
"""The first formula waits for so long: loading what typesets takes a tenth of a second, in which a window opens."""

SMALLEST = 0.6
"""A piece of formula that is too wide is painted smaller, down to this share of its size."""

_BREAK = re.compile(r"(\\left\b|\\begin\b|\{)|(\\right\b|\\end\b|\})|(?<= )(=|\+|-|\\leq|<)(?= )")


@dataclass(frozen=True, slots=True)
class Ask:
    """What is to be typeset: LaTeX, its size in pixels, its colour, and device pixels a pixel."""

    latex: str
    size: float
    color: str
    ratio: float


@dataclass(frozen=True, slots=True, eq=False)
class Typeset:
    """A formula as a picture, and how far it reaches above and below the line it stands on, in pixels."""

    image: QImage
    width: float
    ascent: float
    descent: float


class Formulas(QObject):
    """Typesets what it is asked for, off the GUI thread, in the order in which it was asked.

    Signals:
        made(): something more has been typeset.
    """

    made = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._kept: OrderedDict[Ask, Typeset] = OrderedDict()
        self._waiting: dict[Ask, None] = {}
        self._under_way: Ask | None = None
        self._worker: Latest | None = None
        self._closed = False
        self._first = one_shot(self, FIRST_MILLISECONDS, self._start)

    def find(self, ask: Ask) -> Typeset | None:
        """The picture, or None while it is not ready; ``made`` follows."""
        found = self._kept.get(ask)
        if found is not None:
            self._kept.move_to_end(ask)
            return found
        if ask != self._under_way and not self._closed:
            self._waiting[ask] = None
            self._next()
        return None

    def forget_waiting(self) -> None:
        """Something else is to be shown: what has not been begun is not needed any more."""
        self._waiting.clear()

    def close(self) -> None:
        """End the thread."""
        self._closed = True
        self._first.stop()
        self._waiting.clear()
        if self._worker is not None:
            self._worker.close()

    def _start(self) -> None:
        self._worker = Latest("formulas", self)
        self._worker.done.connect(self._keep)
        self._worker.failed.connect(self._give_up)
        self._next()

    def _next(self) -> None:
        if self._worker is None:
            if not self._first.isActive():
                self._first.start()
        elif self._under_way is None and self._waiting:
            self._under_way = next(reversed(self._waiting))  # people look at what came last
            del self._waiting[self._under_way]
            self._worker.request(partial(typeset, self._under_way))

    def _keep(self, made: Typeset) -> None:
        assert self._under_way is not None
        self._kept[self._under_way] = made
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)
        self._under_way = None
        self.made.emit()
        self._next()

    def _give_up(self, problem: str) -> None:
        assert self._under_way is not None
        log.error("the formula %r cannot be typeset: %s", self._under_way.latex, problem)
        self._keep(Typeset(QImage(), 0.0, 0.0, 0.0))


def typeset(ask: Ask) -> Typeset:
    """Paint a formula. Slow the first time for each: for any thread but the GUI's."""
    svg, (_, top, width, height) = _drawn(ask.latex)
    scale = ask.size / DRAWN_SIZE
    # Whole device pixels, with room for the smooth edges.
    size = QSize(int(width * scale * ask.ratio) + 2, int(height * scale * ask.ratio) + 2)
    image = QImage(size, QImage.Format.Format_ARGB32_Premultiplied)
    image.fill(Qt.GlobalColor.transparent)
    renderer = QSvgRenderer(QByteArray(svg.replace('"black"', f'"{ask.color}"').encode()))
    painter = QPainter(image)
    renderer.render(painter, QRectF(0, 0, width * scale * ask.ratio, height * scale * ask.ratio))
    painter.end()
    image.setDevicePixelRatio(ask.ratio)
    return Typeset(image, width * scale, -top * scale, (height + top) * scale)


@lru_cache(maxsize=KEPT)
def _drawn(latex: str) -> tuple[str, tuple[float, ...]]:
    """A formula as SVG, and its view box: left, top, width, height, measured from where it stands on the line."""
    from ziamath.config import config  # a tenth of a second
    from ziamath.zmath import Latex

    config.svg2 = False  # Qt draws SVG 1.2
    # A sign at the beginning goes on with the line before: it stands apart from what follows.
    svg: str = Latex(re.sub(r"^([+-]) ", r"\1\\: ", latex), size=DRAWN_SIZE).svg()
    box = re.search(r'viewBox="([^"]*)"', svg)
    assert box is not None
    return svg, tuple(float(number) for number in box[1].split())


def pieces(latex: str) -> list[str]:
    r"""A formula cut before each ``=``, ``+`` and ``-`` outside all brackets, so that it can go on in the next line.

    What stands on the left of the first ``=`` stays with what follows it.
    """
    cuts, depth = [0], 0
    for token in _BREAK.finditer(latex):
        opening, closing, sign = token.groups()
        # \begin{pmatrix} opens with its name's own braces as well, which close at once.
        depth += 1 if opening else -1 if closing else 0
        if sign and depth == 0:
            cuts.append(token.start(3))
    if len(cuts) > 1:
        del cuts[1]
    return [latex[start:end].strip() for start, end in zip(cuts, [*cuts[1:], len(latex)], strict=True)]


class FormulaLabel(QWidget):
    """Shows a formula, or a line of plain text in its place; as high as it needs at its width."""

    def __init__(self, formulas: Formulas, look: Look, size: float = 1.0) -> None:
        """Args: size: of the letters, against the text of the program."""
        super().__init__()
        self._formulas, self._look, self._size = formulas, look, size
        self.latex = ""
        self.text = ""
        self.complete = True
        self._placed: list[tuple[QPointF, Typeset]] = []
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        formulas.made.connect(self._look_again)
        look.changed.connect(self._lay_out)

    def show_formula(self, latex: str) -> None:
        """Show LaTeX; ask again for what the formulas may have forgotten since."""
        if latex != self.latex or self.text or not self.complete:
            self.latex, self.text = latex, ""
            self._lay_out()

    def show_text(self, text: str) -> None:
        """Show plain text: what changes many times a second is not typeset each time."""
        new = not self.text
        self.text, self.latex = text, ""
        if new:
            self._lay_out()
        self.update()

    def ask_for(self, latex: str) -> None:
        """Have a formula typeset that is going to be shown here."""
        for piece in pieces(latex):
            self._formulas.find(self._ask(piece))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Break the lines anew where the width is another one."""
        super().resizeEvent(event)
        if event.oldSize().width() != event.size().width():
            self._lay_out()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The pieces where they were laid, or the text."""
        painter = QPainter(self)
        if self.text:
            painter.setFont(self._look.font(self._size))
            painter.setPen(self.palette().color(self.foregroundRole()))
            painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter, self.text)
        for place, piece in self._placed:
            painter.drawImage(place, piece.image)

    def _ask(self, latex: str, share: float = 1.0) -> Ask:
        # The letters of formulas are smaller than those of the text at the same size.
        size = round(QFontInfo(self._look.font(self._size)).pixelSize() * 1.15, 1)
        return Ask(latex, math.floor(size * share * 10) / 10, self._look.theme.text, self.devicePixelRatioF())

    def _look_again(self) -> None:
        if not self.complete and self.latex:
            self._lay_out()

    def _lay_out(self) -> None:
        line = self._look.font(self._size).pointSizeF() * 2
        self._placed, self.complete = [], True
        if self.text:
            self._be_high(round(line))
        elif self.latex:
            found = self._found()
            self.complete = all(piece is not None for piece in found)
            if self.complete:
                self._flow([piece for piece in found if piece is not None])
            elif not self.height():
                self._be_high(round(line))
        else:
            self._be_high(0)
        self.update()

    def _found(self) -> list[Typeset | None]:
        """Each piece, a smaller one where it would be too wide."""

        def fitting(latex: str) -> Typeset | None:
            piece = self._formulas.find(self._ask(latex))
            room = self.width() - self._indent
            if piece is None or piece.width <= room or self.width() <= 1:
                return piece
            return self._formulas.find(self._ask(latex, max(SMALLEST, room / piece.width)))

        return [fitting(latex) for latex in pieces(self.latex)]

    @property
    def _indent(self) -> int:
        return self._look.pixels(2)

    def _flow(self, found: list[Typeset]) -> None:
        """One piece behind the other; in the next line, a little further in, where there is no room."""
        gap, room = self._look.pixels(0.6), self.width()
        lines: list[list[tuple[float, Typeset]]] = [[]]
        x = 0.0
        for piece in found:
            if lines[-1] and x + piece.width > room:
                lines.append([])
                x = float(self._indent)
            lines[-1].append((x, piece))
            x += piece.width + gap
        top = 1.0
        for line in lines:
            ascent = max(piece.ascent for _, piece in line)
            self._placed += [(QPointF(x, top + ascent - piece.ascent), piece) for x, piece in line]
            top += ascent + max(piece.descent for _, piece in line) + self._look.pixels(0.75)
        self._be_high(round(top))

    def _be_high(self, height: int) -> None:
        if height != self.height() or height != self.minimumHeight():
            self.setFixedHeight(height)
