"""One of the networks that are trained side by side: its boundary, and its numbers."""

from __future__ import annotations

import math

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from gdviz.gui.network.bridge import TrainingBridge
from gdviz.gui.network.canvas import MISTAKES, QUESTIONS, Canvas
from gdviz.gui.network.canvas_frame import CanvasFrame
from gdviz.gui.network.compare.presets import Contender
from gdviz.gui.network.compare.words import described
from gdviz.gui.network.marks_item import MarksItem
from gdviz.gui.network.mistakes import on_the_wrong_side
from gdviz.gui.network.output import Output
from gdviz.gui.network.points_item import ring
from gdviz.gui.network.questions import answer_text
from gdviz.gui.network.questions_item import QuestionsItem
from gdviz.gui.network.state import NetworkState
from gdviz.gui.numbers import percent, short, whole
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, Readout, SteadyLabel, icon_button, in_corner, muted
from gdviz.gui.widgets.flow import FlowLayout, side_by_side
from gdviz.gui.widgets.timers import one_shot
from gdviz.network.split import test_mask
from gdviz.training.messages import Frame, Metrics

SAMPLES = 120
"""Pixels of a boundary in each direction; the canvas is small."""

DRAW_MILLISECONDS = 33
"""The next frame may come after so long: three canvases share the time of one."""

UNPREPARED_MILLISECONDS = 200
"""When nothing has come for so long, a person wonders."""

_LOSS, _SHARE = "0.0e−00", "100.0 %"
_NUMBERS = (
    ("train", ("loss", _LOSS, "Loss on the training points"), ("accuracy", _SHARE, "Accuracy on the training points")),
    ("test", ("test_loss", _LOSS, "Loss on the test points"), ("test_accuracy", _SHARE, "Accuracy on the test points")),
)


class ComparePanel(QFrame):
    """Draws what its bridge trains, while it has one.

    Attributes:
        canvas: the points with the boundary.
        canvas_frame: the room that the canvas has.
        what: what is trained, in words; why not, where it is not.
        bridge: of its seat; None while nothing is compared.
        state: what it trains.
        frame: the newest one of the present run.

    Signals:
        taken(object, object): its state is to be the tab's own, and so is its last frame, None where there is none.
    """

    taken = Signal(object, object)

    def __init__(self, number: int, look: Look) -> None:
        """Args: number: 1 to 3, in its name; look: to follow."""
        super().__init__()
        self._look = look
        self._name = f"network.compare.{number}"
        self.setObjectName(self._name)
        self.setProperty("role", "panel")
        self.bridge: TrainingBridge | None = None
        self.state: NetworkState | None = None
        self.frame: Frame | None = None
        self._next = one_shot(self, DRAW_MILLISECONDS, self._drawn)
        self.canvas = Canvas(look)
        self.canvas.setObjectName(f"{self._name}.canvas")
        self._rings, self._questions = MarksItem(look, ring), QuestionsItem(look)
        self.canvas.add_item(self._rings, MISTAKES)
        self.canvas.add_item(self._questions, QUESTIONS)
        self._unprepared = Readout(f"{self._name}.unprepared")
        in_corner(self.canvas, self._unprepared)
        self._late = one_shot(self, UNPREPARED_MILLISECONDS, lambda: self._unprepared.setText("preparing …"))
        self._ringed = True
        self.title = QLabel()
        self.title.setObjectName(f"{self._name}.title")
        self.what = ElidedLabel(f"{self._name}.what")
        self._refusal = ""
        self._labels: dict[str, SteadyLabel] = {}
        take = icon_button(
            f"{self._name}.take", "expand", "Take this network", look, tip="Go on with this network alone", flat=True
        )
        take.clicked.connect(lambda: self.taken.emit(self.state, self.frame))
        head = QHBoxLayout()
        head.addWidget(self.title, 1)
        head.addWidget(take)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 4, 8, 6)
        column.setSpacing(2)
        column.addLayout(head)
        column.addWidget(self.what)
        self.canvas_frame = CanvasFrame(self.canvas, look)
        column.addWidget(self.canvas_frame, 1)
        column.addWidget(self._numbers())
        look.changed.connect(self._restyle)
        self._restyle()

    def sit(self, bridge: TrainingBridge) -> None:
        """Train what this bridge trains, in its seat."""
        self.bridge = bridge
        bridge.set_view(by="panel", samples=SAMPLES)
        bridge.frame.connect(self._show_frame)
        bridge.run_began.connect(self._begin_run)
        bridge.refused.connect(self._refuse)
        self._late.start()
        bridge.start()

    def leave(self) -> None:
        """Give the seat back."""
        self._next.stop()
        self._late.stop()
        if self.bridge is not None:
            self.bridge.close()
            self.bridge.deleteLater()
        self.bridge = None
        self._begin_run()

    def show_contender(self, contender: Contender) -> None:
        """Say what is compared here."""
        self.title.setText(contender.title)
        self.title.setToolTip(contender.meaning)
        self.canvas.setAccessibleName(f"{contender.title}: canvas of the points")

    def show_state(self, state: NetworkState) -> None:
        """Train this, on these points."""
        before, self.state = self.state, state
        if before is None or (before.extent, before.axes) != (state.extent, state.axes):
            self.canvas.show_extent(state.extent, state.axes)
        if before is None or (before.network, before.training) != (state.network, state.training):
            self._say()
        ends = state.value_range if state.network.regression else None
        self.canvas.set_scale(ends or (0.0, 1.0))
        self.canvas_frame.show_scale(ends, state.value_axis)
        test = test_mask(state.points.ids, state.training.test_fraction, state.training.split_seed)
        self.canvas.show_points(state.points, test, ends)
        for key in ("accuracy", "test_accuracy"):
            self._labels[key].setVisible(ends is None)
        if self.bridge is not None:
            self.bridge.change(state)

        self._mark()

    def show_rings(self, ringed: bool) -> None:
        """Whether mistakes are ringed."""
        self._ringed = ringed
        self._mark()

    def text(self, key: str) -> str:
        """What is shown of epoch, loss, accuracy, test_loss or test_accuracy."""
        return self._labels[key].text()

    def _begin_run(self) -> None:
        self.frame = None
        for label in self._labels.values():
            label.setText("–")
        self._refusal = ""
        self._unprepared.clear()
        if self.bridge is not None:
            self._late.start()
        self._say()
        self.canvas.show_output(None)
        self._mark()

    def _show_frame(self, frame: Frame) -> None:
        self.frame = frame
        self._prepared()
        if self.bridge is not None:
            self.canvas.show_output(Output(self.bridge.sent.network, frame))
        self._mark()
        self._labels["epoch"].setText(whole(frame.epoch))
        for key, text in _texts(frame.metrics).items():
            if self._labels[key].text() != text:
                self._labels[key].setText(text)
        self._say()
        self._next.start()

    def _mark(self) -> None:
        """Ring the mistakes, and show the questions with their answers."""
        state, frame = self.state, self.frame
        if state is None:
            return
        xy = np.empty((0, 2))
        answers = (math.nan,) * len(state.questions)
        if frame is not None and self.bridge is not None:
            told = self.bridge.sent.points
            if self._ringed and not state.network.regression and len(frame.predictions) == len(told):
                wrong = told.ids[on_the_wrong_side(told, frame.predictions)]
                xy = state.points.xy[np.isin(state.points.ids, wrong)]
            if len(frame.answers) == len(answers):
                answers = tuple(frame.answers.tolist())
        self._rings.show_marks(xy, np.zeros(len(xy), np.int64), state.extent)
        texts = [answer_text(answer, regression=state.network.regression) for answer in answers]
        self._questions.show_questions(state.questions, texts, state.extent)

    def _drawn(self) -> None:
        """It has been seen for a while, or could not be: another tab may be in front."""
        if self.bridge is not None:
            self.bridge.drawn()

    def _refuse(self, reason: str) -> None:
        self._refusal = reason
        self._prepared()
        self._say()

    def _prepared(self) -> None:
        """There is something to see, or there will be nothing."""
        self._late.stop()
        self._unprepared.clear()

    def _say(self) -> None:
        """What is trained here; or why it is not."""
        reason = self._refusal or (self.frame.reason if self.frame is not None else "")
        spec = described(self.state.network, self.state.training) if self.state is not None else ""
        if self.what.text() != (reason or spec):
            self.what.setText(reason or spec)
            self.what.setAccessibleName(reason or spec)

    def _numbers(self) -> QWidget:
        """Loss and accuracy in two rows, and the epoch beside them or below."""
        made, metrics = QWidget(), QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        made.setSizePolicy(policy)
        grid = QGridLayout(metrics)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(8)
        grid.setVerticalSpacing(0)
        for row, (words, *numbers) in enumerate(_NUMBERS):
            grid.addWidget(muted(words), row, 0)
            for column, (key, widest, tip) in enumerate(numbers, start=1):
                grid.addWidget(self._number(key, widest, tip), row, column)
        flow = FlowLayout(made, margins=(0, 0, 0, 0), spacing=14)
        flow.addWidget(metrics)
        flow.addWidget(side_by_side(muted("epoch"), self._number("epoch", "000 000", "Epochs trained")))
        return made

    def _number(self, key: str, widest: str, tip: str) -> SteadyLabel:
        label = SteadyLabel(widest, name=f"{self._name}.{key}", role="number")
        label.setToolTip(tip)
        label.setAccessibleName(tip)
        label.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        label.setText("–")
        self._labels[key] = label
        return label

    def _restyle(self) -> None:
        self._rings.restyle()
        self._questions.update()
        self.title.setFont(self._look.font(1.1, bold=True))
        for label in self._labels.values():
            label.setFont(self._look.font(0.9, bold=True))


def _texts(metrics: Metrics) -> dict[str, str]:
    return {
        "loss": short(metrics.loss, 3),
        "accuracy": percent(metrics.accuracy),
        "test_loss": short(metrics.test_loss, 3),
        "test_accuracy": percent(metrics.test_accuracy),
    }
