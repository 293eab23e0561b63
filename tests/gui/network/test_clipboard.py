"""Points as text of the clipboard, out and in again."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from gdviz.gui.network.clipboard import marks_in, text_of
from gdviz.gui.network.marks import none_of
from gdviz.gui.network.state import Painted
from gdviz.network.points import Points
from gdviz.network.points_table import parse_table
from gdviz.network.spec import NetworkSpec

CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def board(qapp):
    board = QGuiApplication.clipboard()
    board.clear()
    yield board
    board.clear()


def press(tab, key):
    QTest.keyClick(tab.canvas, key, CONTROL)


def test_copied_points_are_a_table_for_a_spreadsheet(tab, board, some_points):
    tab.store.replace_points(Painted(some_points))
    press(tab, Qt.Key.Key_A)
    press(tab, Qt.Key.Key_C)
    lines = board.text().splitlines()
    assert lines[0] == "x\ty\tlabel"
    assert lines[1] == "-3.0\t-3.0\tred"
    assert len(lines) == 5
    assert parse_table(board.text()).points == some_points  # the import reads it, too


def test_pasted_points_lie_beside_the_originals_and_are_selected(tab, board, some_points):
    tab.store.replace_points(Painted(some_points, questions=((0.0, 0.0),)))
    press(tab, Qt.Key.Key_A)
    press(tab, Qt.Key.Key_C)
    press(tab, Qt.Key.Key_V)
    state = tab.store.state
    assert len(state.points) == 8
    assert len(state.questions) == 2
    assert state.points.xy[4:] == pytest.approx(some_points.xy + np.array([0.4, -0.4]))
    assert len(tab.painter.selected) == 5
    press(tab, Qt.Key.Key_V)
    assert len({tuple(place) for place in tab.store.state.points.xy.tolist()}) == 12
    tab.undo()
    tab.undo()
    assert tab.store.state.points == some_points


def test_cut_and_pasted_points_are_where_they_were(tab, board, some_points):
    tab.store.replace_points(Painted(some_points))
    press(tab, Qt.Key.Key_A)
    press(tab, Qt.Key.Key_X)
    assert len(tab.store.state.points) == 0
    QTest.mouseClick(tab.findChild(QToolButton, "network.selection.paste"), Qt.MouseButton.LeftButton)
    assert tab.store.state.points == some_points


def test_nothing_selected_copies_nothing(tab, board, some_points):
    board.setText("before")
    tab.store.replace_points(Painted(some_points))
    press(tab, Qt.Key.Key_C)
    press(tab, Qt.Key.Key_X)
    assert board.text() == "before"
    assert tab.store.state.points == some_points


def test_a_canvas_grows_around_pasted_points(qtbot, tab, board):
    board.setText("x\ty\tlabel\n0\t0\tred\n20\t0\tgreen\n")
    press(tab, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: tab.canvas.extent[1] > 20)
    tab.undo()
    assert tab.canvas.extent[1] == 6


def test_a_table_from_elsewhere_is_imported_in_place_of_what_is_there(qtbot, tab, board, some_points):
    tab.store.replace_points(Painted(some_points))
    board.setText("hours;preparation;grade\n1,5;2;green\n0,5;4;red\n")
    press(tab, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: tab.store.state.points == Points.of([(1.5, 2), (0.5, 4)], [1, 0]))
    assert tab.store.state.axes == ("hours", "preparation")
    board.setText("1 2\n3 4\n")  # nobody knows their labels
    press(tab, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: tab.store.state.questions == ((1.0, 2.0), (3.0, 4.0)))
    tab.undo()
    tab.undo()
    assert tab.store.state.points == some_points
    assert tab.store.state.axes == ("x1", "x2")


def test_words_are_not_points(qtbot, tab, board):
    board.setText("Dear students,\ntomorrow there is no lecture.")
    press(tab, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: tab.banner.text.startswith("The clipboard holds no points: "))
    assert len(tab.store.state.points) == 0


def test_all_points_are_copied_without_selecting_them(tab, board, some_points):
    tab.store.replace_points(Painted(some_points, questions=((0.5, 0.25),)))
    QTest.keyClick(tab.canvas, Qt.Key.Key_C, CONTROL | Qt.KeyboardModifier.ShiftModifier)
    assert len(tab.painter.selected) == 0
    assert marks_in(board.text(), (0.0, 1.0)) == (some_points, ((0.5, 0.25),))


def test_values_are_copied_in_regression(tab, board):
    points = Points.of([(0, 0), (1, 1)], [0, 1], [0.25, 0.75])
    tab.store.replace_points(Painted(points))
    tab.store.change(network=NetworkSpec(head="linear"))
    press(tab, Qt.Key.Key_A)
    press(tab, Qt.Key.Key_X)
    assert board.text() == "x\ty\tvalue\n0.0\t0.0\t0.25\n1.0\t1.0\t0.75\n"
    press(tab, Qt.Key.Key_V)
    assert tab.store.state.points == points


@pytest.mark.parametrize(
    "text",
    ["", "x\ty\tlabel\n1\t2\n", "x\ty\tlabel\n1\t2\tblue\n", "x\ty\tlabel\n1\tnan\tred\n", "x\ty\tvalue\n1\t2\tinf\n"],
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match=r".+"):
        marks_in(text, (0.0, 1.0))


def test_text_there_and_back():
    painted = Painted(Points.of([(0.1, 1 / 3), (-1e-7, 5)], [1, 0]), questions=((2.5, -0.125),))
    text = text_of(painted, ~none_of(painted), values=False)
    points, questions = marks_in(text, (0.0, 1.0))
    assert points == painted.points
    assert questions == painted.questions
