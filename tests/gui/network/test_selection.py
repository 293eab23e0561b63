"""Selecting, moving and editing points with real mouse and key events."""

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton

from gdviz.gui.network.marks_item import mark_size
from gdviz.gui.network.mistakes import Mistakes
from gdviz.gui.network.painting import MOST_POINTS
from gdviz.gui.network.points_item import HALO
from gdviz.gui.network.selected import SAME
from gdviz.gui.network.state import Painted
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import SetPoints, StepEpoch

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier
NONE = Qt.KeyboardModifier.NoModifier


@pytest.fixture
def four(tab, some_points):
    """Two red points at the lower left, two green ones at the upper right, and a question between; tool: select."""
    tab.store.replace_points(Painted(some_points, questions=((0.0, 0.0),)))
    QTest.keyClick(tab.canvas, Qt.Key.Key_S)
    assert tab.painter.tool == "select"
    return some_points


@pytest.fixture
def drag(qtbot, tab, at):
    """Drags from place to place, in canvas units."""

    def made(*places, button=LEFT, modifier=NONE):
        viewport = tab.canvas.viewport()
        qtbot.mousePress(viewport, button, modifier, at(*places[0]))
        for place in places[1:]:
            qtbot.mouseMove(viewport, at(*place))
        qtbot.mouseRelease(viewport, button, modifier, at(*places[-1]))

    return made


def selected(tab):
    """Which marks are selected: the places of points by number, "?" for the question."""
    chosen = tab.painter.selected.chosen
    return {"?" if index >= len(tab.store.state.points) else index for index in np.flatnonzero(chosen).tolist()}


def press(tab, key, modifier=NONE):
    QTest.keyClick(tab.canvas, key, modifier)


def test_a_rubber_band_selects_shift_adds_control_toggles(tab, four, drag):
    drag((-4, -4), (-2.5, -2))
    assert selected(tab) == {0}
    assert tab.findChild(object, "network.selected").text() == "1 selected"
    drag((4, 4), (-1, -1), modifier=SHIFT)
    assert selected(tab) == {0, 2, 3, "?"}
    drag((-1, 4), (2.5, -1), modifier=CONTROL)
    assert selected(tab) == {0, 3}
    drag((-5, 5), (-4, 4))
    assert selected(tab) == set()
    assert not tab.findChild(QToolButton, "network.selection.delete").isEnabled()


def test_the_band_is_seen_while_it_is_drawn(qtbot, tab, four, at):
    viewport = tab.canvas.viewport()
    qtbot.mousePress(viewport, LEFT, NONE, at(4, 4))
    qtbot.mouseMove(viewport, at(1, 1))
    assert tab.canvas._band.isVisible()
    assert selected(tab) == {2, 3}
    qtbot.mouseRelease(viewport, LEFT, NONE, at(1, 1))
    assert not tab.canvas._band.isVisible()


def test_a_click_selects_one(tab, four, drag):
    drag((2, 3))
    assert selected(tab) == {2}
    drag((3, 3), modifier=SHIFT)
    assert selected(tab) == {2, 3}
    drag((0, 0), modifier=CONTROL)
    assert selected(tab) == {2, 3, "?"}
    drag((2, 3), modifier=CONTROL)
    assert selected(tab) == {3, "?"}
    drag((3, 3))  # one of several, clicked without a key, is the only one then
    assert selected(tab) == {3}
    drag((3, -3))
    assert selected(tab) == set()
    drag((3, 3), button=RIGHT)
    assert selected(tab) == set()


def test_all_and_none_by_key(tab, four):
    tab.painter.set_tool("brush")
    press(tab, Qt.Key.Key_A, CONTROL)
    assert tab.painter.tool == "select"
    assert selected(tab) == {0, 1, 2, 3, "?"}
    press(tab, Qt.Key.Key_Escape)
    assert selected(tab) == set()
    press(tab, Qt.Key.Key_A, CONTROL)
    press(tab, Qt.Key.Key_B)  # another tool selects nothing
    assert selected(tab) == set()


def test_a_drag_moves_what_is_selected_and_keeps_ids(tab, four, drag):
    ids, test = four.ids.tolist(), tab.canvas._shown[1].tolist()
    drag((4, 4), (1, 1))
    drag((2, 3), (2.5, 1), (3, -1))
    moved = tab.store.state.points
    pixel = 12.0 / tab.canvas.getViewBox().width()
    assert np.abs(moved.xy - [(-3, -3), (-2, -3), (3, -1), (4, -1)]).max() <= 2 * pixel
    assert moved.ids.tolist() == ids
    assert tab.canvas._shown[1].tolist() == test
    assert selected(tab) == {2, 3}
    tab.undo()
    assert tab.store.state.points == four
    assert selected(tab) == {2, 3}
    tab.redo()
    assert tab.store.state.points == moved


def test_a_press_on_another_point_takes_that_one(tab, four, drag):
    drag((2, 3))
    drag((-3, -3), (-4, -4))
    assert selected(tab) == {0}
    assert tab.store.state.points.xy[2].tolist() == [2, 3]
    assert tab.store.state.points.xy[0].tolist() == pytest.approx([-4, -4], abs=0.1)


def test_all_of_it_stays_on_the_canvas(tab, four, drag):
    press(tab, Qt.Key.Key_A, CONTROL)
    before = np.vstack([tab.store.state.points.xy, tab.store.state.questions])
    drag((2, 3), (9, 9))
    after = np.vstack([tab.store.state.points.xy, tab.store.state.questions])
    assert after.max(axis=0).tolist() == [6, 6]
    way = after - before
    assert np.ptp(way, axis=0) == pytest.approx([0, 0], abs=1e-12)  # moved as one


def test_undo_in_the_middle_of_a_drag_ends_it(qtbot, tab, four, at):
    viewport = tab.canvas.viewport()
    qtbot.mousePress(viewport, LEFT, NONE, at(2, 3))
    qtbot.mouseMove(viewport, at(4, 4))
    tab.undo()
    qtbot.mouseMove(viewport, at(5, 5))
    qtbot.mouseRelease(viewport, LEFT, NONE, at(5, 5))
    assert tab.store.state.points == four
    assert tab.store.journal.can_redo


def test_delete_and_undo(tab, four, drag):
    drag((-4, -4), (1, 1))
    press(tab, Qt.Key.Key_Delete)
    assert tab.store.state.points.xy.tolist() == [[2, 3], [3, 3]]
    assert tab.store.state.questions == ()
    assert selected(tab) == set()
    press(tab, Qt.Key.Key_Delete)  # nothing is selected, nothing goes
    assert len(tab.store.state.points) == 2
    tab.undo()
    assert tab.store.state.points == four
    assert tab.store.state.questions == ((0.0, 0.0),)


def test_relabel_by_key_and_by_button(tab, four, drag):
    drag((4, 4), (1, 1))
    press(tab, Qt.Key.Key_1)
    assert tab.store.state.points.labels.tolist() == [0, 0, 0, 0]
    assert tab.store.state.points.ids.tolist() == four.ids.tolist()
    QTest.mouseClick(tab.findChild(QToolButton, "network.ink.green"), LEFT)
    assert tab.store.state.points.labels.tolist() == [0, 0, 1, 1]
    assert tab.painter.label == 0  # what is painted with is as it was
    assert tab.findChild(QToolButton, "network.ink.red").isChecked()
    tab.undo()
    assert tab.store.state.points.labels.tolist() == [0, 0, 0, 0]


def test_a_question_that_is_answered_becomes_a_point_and_back(tab, four, drag):
    drag((0, 0))
    press(tab, Qt.Key.Key_2)
    state = tab.store.state
    assert state.questions == ()
    assert (state.points.xy[-1].tolist(), state.points.labels[-1]) == ([0, 0], 1)
    assert selected(tab) == {4}
    press(tab, Qt.Key.Key_3)
    assert tab.store.state.questions == ((0.0, 0.0),)
    assert tab.store.state.points == four
    assert selected(tab) == {"?"}


def test_what_is_like_that_already_says_so_and_is_not_trained_anew(tab, ready, four, drag):
    before = tab.store.state
    for mark, key, other in (((0, 0), "3", "2"), ((-3, -3), "1", "2")):
        drag(mark)
        ready.sent.clear()
        QTest.keyClicks(tab.canvas, key)
        assert tab.banner.text == SAME
        assert tab.store.state is before
        assert ready.sent == []
        QTest.keyClicks(tab.canvas, other)
        assert tab.banner.text == ""
        tab.undo()
        assert tab.store.state is before


def test_jitter_moves_each_a_little(tab, four):
    press(tab, Qt.Key.Key_A, CONTROL)
    press(tab, Qt.Key.Key_J)
    ways = tab.store.state.points.xy - four.xy
    assert (ways != 0).all()
    assert np.abs(ways).max() < 1.0
    assert len(np.unique(ways)) == ways.size
    assert tab.store.state.questions != ((0.0, 0.0),)
    tab.undo()
    assert tab.store.state.points == four


def test_duplicate_lies_beside_and_is_selected(tab, four, drag):
    drag((4, 4), (1, 1))
    press(tab, Qt.Key.Key_D, CONTROL)
    points = tab.store.state.points
    assert points.labels.tolist() == [0, 0, 1, 1, 1, 1]
    assert points.xy[4:] == pytest.approx(points.xy[2:4] + np.array([0.4, -0.4]))
    assert selected(tab) == {4, 5}
    press(tab, Qt.Key.Key_D, CONTROL)
    assert len(tab.store.state.points) == 8


def test_duplicates_in_a_corner_lie_beside_too(tab, at):
    tab.store.replace_points(Painted(Points.of([(6, -6)], [0])))
    tab.painter.select_all()
    press(tab, Qt.Key.Key_D, CONTROL)
    assert tab.store.state.points.xy.tolist() == pytest.approx(np.array([[6, -6], [5.6, -5.6]]))


def test_there_is_an_end_to_duplicating(tab):
    tab.store.replace_points(Painted(Points.of(np.zeros((MOST_POINTS, 2)), np.zeros(MOST_POINTS))))
    tab.painter.select_all()
    press(tab, Qt.Key.Key_D, CONTROL)
    assert len(tab.store.state.points) == MOST_POINTS
    assert "no room" in tab.banner.text


def test_arrow_keys_move_what_is_selected_and_nothing_else(tab, ready, four, drag):
    press(tab, Qt.Key.Key_Right)
    assert tab.store.state.points == four
    drag((2, 3))
    for key, modifier in ((Qt.Key.Key_Right, NONE), (Qt.Key.Key_Up, NONE), (Qt.Key.Key_Left, SHIFT)):
        press(tab, key, modifier)
    assert tab.store.state.points.xy[2] == pytest.approx([2 + 0.1 - 1.0, 3.1])
    assert "StepBatch" not in ready.kinds()
    assert StepEpoch not in map(type, ready.sent)
    for _ in range(3):
        tab.undo()
    assert tab.store.state.points == four


def test_an_arrow_key_held_down_is_one_step_of_undo(tab, four, drag):
    drag((2, 3))
    QTest.keyPress(tab.canvas, Qt.Key.Key_Right)
    for _ in range(4):
        event = _repeat(Qt.Key.Key_Right)
        QGuiApplication.sendEvent(tab.canvas, event)
    QTest.keyRelease(tab.canvas, Qt.Key.Key_Right)
    assert tab.store.state.points.xy[2] == pytest.approx([2.5, 3])
    tab.undo()
    assert tab.store.state.points == four


def _repeat(key):
    return QKeyEvent(QEvent.Type.KeyPress, key, NONE, "", True)


def test_painting_and_erasing_leave_the_selection_to_the_same_points(tab, four):
    tab.painter.select_all()
    tab.store.edit(points=tab.store.state.points.kept(np.array([False, True, True, True])).added((5, 5), 0))
    assert selected(tab) == {0, 1, 2, "?"}  # of those that were selected, the ones that are left


def test_another_data_set_is_not_selected(tab, four):
    tab.painter.select_all()
    tab.store.replace_points(Painted(four.moved(0, (1, 1))))
    assert selected(tab) == set()


def test_moves_reach_the_training_that_goes_on(qtbot, tab, ready, four, drag):
    tab.play_pause()
    runs = tab.bridge._run
    drag((2, 3), (5, -5))
    qtbot.waitUntil(lambda: "SetPoints" in ready.kinds())
    qtbot.waitUntil(lambda: ready.last(SetPoints).points == tab.store.state.points)
    assert tab.store.state.points.xy[2] == pytest.approx([5, -5], abs=0.1)
    assert tab.bridge.running
    assert tab.bridge._run == runs


def test_values_are_given_in_regression(tab, four, drag):
    tab.store.change(network=NetworkSpec(head="linear"), value_range=(0.0, 10.0))
    drag((4, 4), (1, 1))
    tab.painter.set_value(7.5)
    QTest.mouseClick(tab.findChild(QToolButton, "network.selection.give_value"), LEFT)
    assert tab.store.state.points.values[2:].tolist() == [7.5, 7.5]
    assert tab.store.state.points.labels[2:].tolist() == [1, 1]


def test_the_selection_is_drawn_apart_and_moves_without_drawing_it_anew(tab, four, drag):
    drag((4, 4), (1, 1))
    assert len(tab.canvas._selected_dots._xy) == 2
    assert len(tab.canvas._dots._xy) == 2
    tab.canvas.viewport().repaint()
    layer = tab.canvas._selected_dots._stamped
    tab.painter.selected.shift((0.5, 0.25))
    tab.canvas.viewport().repaint()
    assert tab.canvas._selected_dots._stamped is layer


def test_what_was_moved_is_seen_where_it_is(qtbot, tab, four, drag):
    """The same picture whether points were moved there or put there."""
    drag((2, 3), (3, -3))
    press(tab, Qt.Key.Key_Escape)
    moved = tab.canvas.viewport().grab().toImage()
    place = tab.canvas.place_of(3, -3).toPoint()
    color = moved.pixelColor(place)
    assert color.green() > 200 > color.red()
    empty = moved.pixelColor(tab.canvas.place_of(2, 3).toPoint())
    assert empty.lightness() < 40


def test_a_selected_mistake_looks_selected(qtbot, tab, ready, a_frame, four, drag):
    """Its halo is seen around the ring, where that of another mistake has none."""
    qtbot.waitUntil(lambda: tab.bridge.sent.points is tab.store.state.points)
    ready.on_event(a_frame(tab.bridge._run, predictions=np.array([1, 1, 1, 1], np.float32)))
    mistakes = next(part for part in tab.parts if isinstance(part, Mistakes))
    qtbot.waitUntil(lambda: mistakes.wrong.tolist() == [0, 1])
    drag((-3, -3), (-3, -3))
    assert selected(tab) == {0}
    picture, accent = tab.canvas.viewport().grab().toImage(), QColor(tab.look.theme.accent)
    size = mark_size(side=tab.canvas.getViewBox().width(), look=tab.look)

    def has_halo(x, y):
        place = tab.canvas.place_of(x, y).toPoint()
        beside = [picture.pixelColor(place.x(), place.y() - round(HALO * size) + by) for by in (-1, 0, 1)]
        return any(
            max(abs(mine - theirs) for mine, theirs in zip(each.getRgb(), accent.getRgb(), strict=True)) < 30
            for each in beside
        )

    assert has_halo(-3, -3)
    assert not has_halo(-2, -3)
