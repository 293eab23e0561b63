"""One of the three panels: a learning rate, what became of it, and its ball on the curve."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics
from PySide6.QtWidgets import QBoxLayout, QFrame, QGridLayout, QLabel, QSizePolicy, QVBoxLayout

from gdviz.declared.optimizers import OPTIMIZERS
from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.curves.curve_plot import CurvePlot
from gdviz.gui.descent.curves.three_rates import RIGHT, TOO_HIGH, TOO_LOW, RatesPicture
from gdviz.gui.numbers import place, short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel
from gdviz.gui.widgets.number_field import NumberField
from gdviz.gui.widgets.plot import with_alpha

VISITED = 40
"""So many of the points that it has visited are drawn, the last ones."""

DIGITS = 6
"""So many of a learning rate are seen beside the word."""

FAR = 1e3
LONG_NUMBERS = ("w0 −9999.99", "loss −1.23e+45")

SPOTS = (Qt.AlignmentFlag.AlignTop, Qt.AlignmentFlag.AlignVCenter, Qt.AlignmentFlag.AlignBottom)
"""Where the sentence may lie over the plot, the best first."""


class RatePanel(QFrame):
    """Shows one learning rate of a ``RatesPicture``. The sentence lies over the plot: that has the room.

    Signals:
        rate_edited(object): a person chose another learning rate.
        start_moved(float), start_dropped(): and another start.
    """

    rate_edited = Signal(object)
    start_moved = Signal(float)
    start_dropped = Signal()

    def __init__(self, look: Look, name: str, title: str, index: int) -> None:
        """Args: look: to follow; name: of objects; title: accessible name; index: in the picture."""
        super().__init__()
        self.setObjectName(name)
        self._look, self._index = look, index
        self._points: FloatArray = np.empty((0, 2))
        self._wordless = False
        self._ball: tuple[float, float] | None = None
        self.word = QLabel()
        self.word.setObjectName(f"{name}.word")
        self.rate = NumberField(OPTIMIZERS["sgd"].parameter("learning_rate"))
        self.rate.setObjectName(f"{name}.learning_rate")
        self.rate.setAccessibleName(f"Learning rate, {title}")
        self.rate.setMinimumWidth(0)
        self.rate.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.rate.edited.connect(self.rate_edited)
        # The word has what it needs, and the learning rate the rest.
        self.rate.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.word.setMinimumWidth(1)  # a view that becomes narrow has it stand above the learning rate
        self.word.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.numbers = [ElidedLabel(f"{name}.{number}", letters=4) for number in ("w0", "loss")]
        self.plot = CurvePlot(f"{name}.plot", f"The descent with the learning rate {title}", look)
        self.plot.setToolTip("Click or drag: a new start for all three")
        self.plot.box.setMouseEnabled(x=False, y=False)
        self.plot.describe = self._describe
        self.plot.moved.connect(self.start_moved)
        self.plot.dropped.connect(self.start_dropped)
        self._picture: RatesPicture | None = None
        self._head, self._foot = (QBoxLayout(QBoxLayout.Direction.LeftToRight) for _ in range(2))
        for row, widgets in ((self._head, (self.word, self.rate)), (self._foot, self.numbers)):
            row.setSpacing(4)
            for widget in widgets:
                row.addWidget(widget)
        self._lay_sentence_over_the_plot(name)
        self._head.setStretchFactor(self.rate, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(2)
        column.addLayout(self._head)
        column.addWidget(self.plot, 1)
        column.addLayout(self._foot)
        self.restyle()

    def _lay_sentence_over_the_plot(self, name: str) -> None:
        self.sentence = QLabel()
        self.sentence.setObjectName(f"{name}.sentence")
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.sentence.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.sentence.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        over = self.plot.layout()
        assert isinstance(over, QGridLayout)
        over.addWidget(self.sentence, 0, 0, max(2, over.rowCount()), over.columnCount(), SPOTS[0])
        self._spot = SPOTS[0]
        self.plot.told.connect(self._make_way)
        self.plot.box.sigResized.connect(self._keep_clear_of_axis)
        self.plot.box.sigTransformChanged.connect(self._keep_clear_of_ball)

    def _make_way(self, told: bool) -> None:  # a signal's value
        """What is told about the place under the cursor lies where the sentence does."""
        self.sentence.setVisible(not told and not self._wordless)

    def leave_out_words(self, wordless: bool) -> None:
        """Have the word alone say what became of it: the sentence becomes a tool tip, the ball's numbers go."""
        if wordless != self._wordless:
            self._wordless = wordless
            for label in (self.sentence, *self.numbers):
                label.setVisible(not wordless)

    def _fit_sentence(self) -> None:
        """No wider than its words: its ground makes the curve paler that lies under it."""
        words = self.sentence.fontMetrics().horizontalAdvance(self.sentence.text())
        self.sentence.setMaximumWidth(words + self._look.pixels(1))

    def _keep_clear_of_axis(self) -> None:
        over = self.plot.layout()
        assert over is not None
        over.setContentsMargins(round(self.plot.box.sceneBoundingRect().left()) + 4, 8, 4, 8)

        self._keep_clear_of_ball()

    def _keep_clear_of_ball(self) -> None:
        """Move the sentence where it covers the ball, or the mark at the edge for it; where it does not, it stays."""
        over, box = self.plot.layout(), self.plot.box
        if over is None or self._ball is None or self._wordless:
            return
        edges, height_of_ball = box.sceneBoundingRect(), box.mapViewToScene(QPointF(*self._ball)).y()
        y = min(max(height_of_ball, edges.top()), edges.bottom())
        room = self.plot.rect().marginsRemoved(over.contentsMargins())  # the layout itself may not have heard of it yet
        radius = self._look.pixels(1.5)
        height = max(self.sentence.heightForWidth(room.width()), 0)
        tops = (room.top(), room.center().y() - height // 2, room.bottom() + 1 - height)
        free = [spot for spot, top in zip(SPOTS, tops, strict=True) if not top - radius <= y <= top + height + radius]
        if free and self._spot not in free:
            self._spot = free[0]
            over.setAlignment(self.sentence, self._spot)
            over.update()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        look = self._look
        self.word.setFont(look.font(1.15, bold=True))
        for label in (self.sentence, *self.numbers):
            label.setFont(look.font(0.85))
        ground = with_alpha(look.theme.plot, 0.7).name(QColor.NameFormat.HexArgb)
        self.sentence.setStyleSheet(f"background: {ground};")
        self._fit_sentence()
        self.plot.show_axis("left", shown=self._index == 0)  # all three have the same
        self.plot.label("", "loss" if self._index == 0 else "")  # w0 is named below, with its value

    @property
    def room_for_rows(self) -> tuple[int, int]:
        """The widths from which on two stand side by side above the plot, and two below; the same for all panels."""
        word = max(QFontMetrics(self.word.font()).horizontalAdvance(each) for each in (TOO_LOW, RIGHT, TOO_HIGH))
        rate = self.rate.fontMetrics().horizontalAdvance("0" * DIGITS)
        number = max(self.numbers[0].fontMetrics().horizontalAdvance(each) for each in LONG_NUMBERS)
        return word + rate + self._look.pixels(4), 2 * number + self._look.pixels(3)

    def set_in_rows(self, above: bool, below: bool) -> None:
        """Let what is above the plot, and what is below, stand side by side, or in two rows."""
        directions = QBoxLayout.Direction
        for row, in_a_row in ((self._head, above), (self._foot, below)):
            row.setDirection(directions.LeftToRight if in_a_row else directions.TopToBottom)

    def show_picture(self, picture: RatesPicture, color: int) -> None:
        """Draw another descent, in the colour of that number."""
        self._picture = picture
        trajectory, verdict = picture.trajectories[self._index], picture.verdicts[self._index]
        theme = self._look.theme
        colors = {TOO_LOW: theme.warning, RIGHT: theme.accent, TOO_HIGH: theme.error}
        self.word.setText(verdict.word)
        self.word.setStyleSheet(f"color: {colors[verdict.word]};")
        self.word.setToolTip(f"{verdict.sentence}\n{trajectory.reason}".strip())
        self.sentence.setText(verdict.sentence)
        self._fit_sentence()
        self.rate.set_value(picture.rates[self._index])
        self._points = np.column_stack([trajectory.positions[:, 0], trajectory.losses])
        self._color = self._look.racer(color)
        self.plot.show_curve(picture.w0, picture.loss)
        self.plot.show_minima(np.array([(minimum.w[0], minimum.value) for minimum in picture.surface.minima]))
        self.plot.show_frame(*picture.frame)
        self.plot.show_trail(self._points, self._color, 0)

    def show_step(self, step: int) -> None:
        """Draw the descent up to a step, or to its end."""
        row = min(step, len(self._points) - 1)
        if row < 0:
            return
        w0, loss = (float(value) for value in self._points[row])
        self.plot.set_row(row)
        self.plot.show_dots([(self._points[max(0, row - VISITED) : row], self._color)])
        self.plot.show_balls([(w0, loss)], [self._color])
        self._ball = (w0, loss)
        self._keep_clear_of_ball()
        # Of one that is far away, fewer digits: they are to be read in a narrow panel.
        self.numbers[0].setText(f"w0 {place(w0) if abs(w0) < FAR else short(w0, 2)}")
        self.numbers[1].setText(f"loss {short(loss)}")

    def _describe(self, w0: float) -> str:
        if self._picture is None:
            return ""
        w = np.array([w0, 0.0])
        with np.errstate(all="ignore"):
            loss, slope = float(self._picture.surface.value(w)), float(self._picture.surface.gradient(w)[0])
        return f"w0 {place(w0)}\nloss {short(loss)}\nslope {short(slope)}"
