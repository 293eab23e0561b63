"""One of the three panels: a learning rate, what became of it, and its ball on the curve."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QLabel, QSizePolicy, QVBoxLayout

from gdviz.declared.optimizers import OPTIMIZERS
from gdviz.descent.surface import FloatArray
from gdviz.gui.descent.curves.curve_plot import CurvePlot
from gdviz.gui.descent.curves.three_rates import RIGHT, TOO_HIGH, TOO_LOW, RatesPicture
from gdviz.gui.numbers import place, short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel
from gdviz.gui.widgets.number_field import NumberField

VISITED = 40
"""So many of the points that it has visited are drawn, the last ones."""


class RatePanel(QFrame):
    """Shows one learning rate of a ``RatesPicture``.

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
        self.word = QLabel()
        self.word.setObjectName(f"{name}.word")
        self.rate = NumberField(OPTIMIZERS["sgd"].parameter("learning_rate"))
        self.rate.setObjectName(f"{name}.learning_rate")
        self.rate.setAccessibleName(f"Learning rate, {title}")
        self.rate.setMinimumWidth(0)
        self.rate.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.rate.edited.connect(self.rate_edited)
        self.sentence = QLabel()
        self.sentence.setObjectName(f"{name}.sentence")
        self.sentence.setWordWrap(True)
        self.sentence.setAlignment(Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignTop)
        self.numbers = [ElidedLabel(f"{name}.{number}") for number in ("w0", "loss")]
        for label in (self.word, self.sentence):
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.word.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self.plot = CurvePlot(f"{name}.plot", f"The descent with the learning rate {title}", look)
        self.plot.setToolTip("Click or drag: a new start for all three")
        self.plot.box.setMouseEnabled(x=False, y=False)
        self.plot.describe = self._describe
        self.plot.moved.connect(self.start_moved)
        self.plot.dropped.connect(self.start_dropped)
        self._picture: RatesPicture | None = None
        column = QVBoxLayout(self)
        column.setContentsMargins(4, 4, 4, 4)
        column.setSpacing(2)
        for widget in (self.word, self.rate, self.sentence):
            column.addWidget(widget)
        column.addWidget(self.plot, 1)
        for label in self.numbers:
            column.addWidget(label)
        self.restyle()

    def restyle(self) -> None:
        """Take colours and sizes from the look."""
        self.word.setFont(self._look.font(1.15, bold=True))
        self.plot.getAxis("left").setVisible(self._index == 0)  # all three have the same
        self.plot.label("w0", "loss" if self._index == 0 else "")

    def sentence_height(self) -> int:
        """The height that the sentence needs at the panel's width."""
        return max(0, self.sentence.heightForWidth(max(self.width() - 8, 1)))  # -1 while there is no sentence

    def show_picture(self, picture: RatesPicture, color: int) -> None:
        """Draw another descent, in the colour of that number."""
        self._picture = picture
        trajectory, verdict = picture.trajectories[self._index], picture.verdicts[self._index]
        theme = self._look.theme
        colors = {TOO_LOW: theme.warning, RIGHT: theme.accent, TOO_HIGH: theme.error}
        self.word.setText(verdict.word)
        self.word.setStyleSheet(f"color: {colors[verdict.word]};")
        self.sentence.setText(verdict.sentence)
        self.sentence.setToolTip(trajectory.reason)
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
        self.numbers[0].setText(f"w0 {place(w0)}")
        self.numbers[1].setText(f"loss {short(loss)}")

    def _describe(self, w0: float) -> str:
        if self._picture is None:
            return ""
        w = np.array([w0, 0.0])
        with np.errstate(all="ignore"):
            loss, slope = float(self._picture.surface.value(w)), float(self._picture.surface.gradient(w)[0])
        return f"w0 {place(w0)}\nloss {short(loss)}\nslope {short(slope)}"
