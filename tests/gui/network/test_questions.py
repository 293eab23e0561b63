"""Question points: put, answered, moved, erased; and rings around mistakes."""

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from gdviz.gui.network.mistakes import Mistakes, on_the_wrong_side
from gdviz.gui.network.questions import Questions, answer_text, carried
from gdviz.gui.network.state import Painted
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import SetQuestions

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def questions(tab):
    return next(part for part in tab.parts if isinstance(part, Questions))


@pytest.fixture
def mistakes(tab):
    return next(part for part in tab.parts if isinstance(part, Mistakes))


@pytest.fixture
def ask(qtbot, tab, at):
    """Puts a question at a place in canvas units, by key and mouse."""

    def asked(x, y, *on):
        if tab.painter.label != 2:
            QTest.keyClick(tab.canvas, Qt.Key.Key_Q)
        viewport = tab.canvas.viewport()
        qtbot.mousePress(viewport, LEFT, pos=at(x, y))
        for place in on:
            qtbot.mouseMove(viewport, at(*place))
        qtbot.mouseRelease(viewport, LEFT, pos=at(*(on or [(x, y)])[-1]))

    return asked


@pytest.fixture
def say(qtbot, tab, ready, a_frame):
    """Has the process send a frame."""

    def said(**fields):
        with qtbot.waitSignal(tab.bridge.frame):
            ready.on_event(a_frame(tab.bridge._run, **fields))

    return said


def test_a_question_is_put_told_and_answered(tab, ready, ask, say, questions):
    ask(1, 2)
    assert tab.store.state.questions == (pytest.approx((1, 2), abs=0.05),)
    assert len(tab.store.state.points) == 0
    assert questions.texts == ["–"]
    assert ready.last(SetQuestions).xy.tolist() == [list(tab.store.state.questions[0])]
    say(answers=np.array([0.718], np.float32))
    assert questions.texts == ["72 %"]
    say(number=2, answers=np.array([0.004], np.float32))
    assert questions.texts == ["0 %"]
    tab.undo()
    assert tab.store.state.questions == ()
    assert questions.texts == []
    assert ready.last(SetQuestions).xy.shape == (0, 2)


def test_an_answer_to_other_questions_is_not_shown(ask, say, questions):
    ask(1, 2)
    say(answers=np.array([0.1, 0.2], np.float32))
    assert questions.texts == ["–"]
    say(number=2)  # a process that does not answer
    assert questions.texts == ["–"]


def test_answers_stay_with_their_questions(tab, ask, say, questions):
    ask(1, 2)
    ask(-3, -3)
    say(answers=np.array([0.9, 0.2], np.float32))
    ask(4, 4)
    assert questions.texts == ["90 %", "20 %", "–"]
    QTest.keyClick(tab.canvas, Qt.Key.Key_E)
    QTest.mouseClick(tab.canvas.viewport(), LEFT, pos=tab.canvas.place_of(1, 2).toPoint())
    assert questions.texts == ["20 %", "–"]
    tab.bridge.reset()
    assert questions.texts == ["–", "–"]


def test_a_question_is_dragged_where_it_is_put_and_later(qtbot, tab, ask, say, questions, at):
    ask(0, 0, (1, 1), (2, -2))
    assert tab.store.state.questions == (pytest.approx((2, -2), abs=0.05),)
    say(answers=np.array([0.5], np.float32))
    QTest.keyClick(tab.canvas, Qt.Key.Key_S)
    viewport = tab.canvas.viewport()
    qtbot.mousePress(viewport, LEFT, pos=at(2, -2))
    qtbot.mouseMove(viewport, at(3, 3))
    qtbot.mouseRelease(viewport, LEFT, pos=at(3, 3))
    assert tab.store.state.questions == (pytest.approx((3, 3), abs=0.1),)
    assert questions.texts == ["50 %"]
    tab.undo()
    assert tab.store.state.questions == (pytest.approx((2, -2), abs=0.05),)
    tab.undo()
    assert tab.store.state.questions == ()


def test_asking_once_more_paints_again(tab):
    QTest.mouseClick(tab.findChild(QToolButton, "network.ink.question"), LEFT)
    assert tab.painter.label == 2
    assert not tab.canvas.shows_brush
    QTest.mouseClick(tab.findChild(QToolButton, "network.ink.question"), LEFT)
    assert tab.painter.label == 0
    assert tab.findChild(QToolButton, "network.ink.red").isChecked()
    assert tab.canvas.shows_brush


def test_answers_in_regression_are_values(tab, ask, say, questions):
    tab.store.change(network=NetworkSpec(head="linear"), value_range=(0.0, 15.0))
    ask(1, 2)
    say(answers=np.array([12.345], np.float32))
    assert questions.texts == ["12.35"]


def test_answers_in_words():
    assert [answer_text(share, regression=False) for share in (0.0, 0.5, 1.0, np.nan)] == ["0 %", "50 %", "100 %", "–"]
    assert answer_text(-3.0, regression=True) == "−3.00"
    assert carried((), (), ((1.0, 1.0),)) == (pytest.approx(np.nan, nan_ok=True),)


@pytest.mark.parametrize("theme", ["dark", "white"])
def test_a_question_and_its_answer_are_seen_and_the_answer_does_not_move(qtbot, tab, look, ask, say, theme):
    look.set_theme(theme)
    ask(0, 0)
    tab.canvas.viewport().repaint()
    spot = tab.canvas.place_of(0, 0).toPoint()
    boxes = []
    for number, answer in enumerate((0.05, 1.0), start=1):
        say(number=number, answers=np.array([answer], np.float32))
        picture = tab.canvas.viewport().grab(QRect(spot.x() - 60, spot.y() - 30, 160, 60)).toImage()
        chip = look.theme.accent
        columns = [x for x in range(80, 160) if any(picture.pixelColor(x, y).name() == chip for y in range(60))]
        boxes.append((columns[0], columns[-1]))
    assert boxes[0] == boxes[1]
    look.set_theme("dark")


def test_mistakes_are_ringed_follow_their_points_and_can_be_switched_off(tab, say, mistakes, some_points):
    tab.store.replace_points(Painted(some_points))
    tab.bridge._send_differences()
    say(predictions=np.array([0.1, 0.9, 0.9, 0.4], np.float32))
    assert mistakes.item._xy.tolist() == [[-2, -3], [3, 3]]
    tab.store.edit(points=tab.store.state.points.kept(np.array([False, True, True, True])))
    assert mistakes.item._xy.tolist() == [[-2, -3], [3, 3]]
    tab.store.edit(points=tab.store.state.points.moved(0, (0, 0)))
    assert mistakes.item._xy.tolist() == [[0, 0], [3, 3]]
    QTest.keyClick(tab.canvas, Qt.Key.Key_M)
    assert len(mistakes.item._xy) == 0
    QTest.mouseClick(tab.paint_panel.mistakes, LEFT, pos=tab.paint_panel.mistakes.rect().center() * 0.2)
    assert len(mistakes.item._xy) == 2
    tab.store.change(network=NetworkSpec(head="linear"))
    assert len(mistakes.item._xy) == 0
    assert not tab.paint_panel.mistakes.isEnabled()


def test_predictions_of_other_points_ring_nothing(tab, say, mistakes, some_points):
    tab.store.replace_points(Painted(some_points))
    say(predictions=np.array([0.9], np.float32))
    say(number=2)
    assert len(mistakes.item._xy) == 0


def test_another_run_begins_without_rings(tab, say, mistakes, some_points):
    tab.store.replace_points(Painted(some_points))
    tab.bridge._send_differences()
    say(predictions=np.array([0.9, 0.9, 0.9, 0.9], np.float32))
    assert len(mistakes.item._xy) == 2
    tab.bridge.reset()
    assert len(mistakes.item._xy) == 0


def test_the_side_is_that_of_keras_accuracy():
    """Keras rounds: exactly one half is red."""
    points = Points.of(np.zeros((5, 2)), [0, 0, 1, 1, 1])
    wrong = on_the_wrong_side(points, np.array([0.5, 0.51, 0.5, 0.51, np.nan], np.float32))
    assert wrong.tolist() == [False, True, True, False, False]
