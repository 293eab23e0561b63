"""Real mouse events on the canvas, and what they leave."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QSlider, QToolButton

from gdviz.gui.network.painting import DENSITIES, MOST_POINTS, SIZES, USUAL_DENSITY
from gdviz.gui.network.state import Painted
from gdviz.network.points import Points
from tests.windows import turn_wheel

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def stroke(qtbot, tab, at):
    """Draws a stroke through places in canvas units."""

    def draw(*places, button=LEFT, modifier=Qt.KeyboardModifier.NoModifier):
        viewport = tab.canvas.viewport()
        qtbot.mousePress(viewport, button, modifier, at(*places[0]))
        for place in places[1:]:
            qtbot.mouseMove(viewport, at(*place))
        qtbot.mouseRelease(viewport, button, modifier, at(*places[-1]))

    return draw


def press(tab, name):
    button = tab.findChild(QToolButton, name)
    QTest.mouseClick(button, LEFT)


def test_left_paints_red_right_and_shift_paint_green(tab, stroke):
    stroke((-3, 0))
    assert set(tab.store.state.points.labels.tolist()) == {0}
    reds = len(tab.store.state.points)
    stroke((3, 0), button=RIGHT)
    stroke((3, 3), modifier=Qt.KeyboardModifier.ShiftModifier)
    labels = tab.store.state.points.labels
    assert set(labels[:reds].tolist()) == {0}
    assert set(labels[reds:].tolist()) == {1}


def test_the_left_button_paints_the_chosen_colour_the_right_one_the_other(tab, stroke):
    press(tab, "network.tool.point")
    press(tab, "network.ink.green")
    stroke((0, 0))
    stroke((1, 1), button=RIGHT)
    QTest.keyClick(tab.canvas, Qt.Key.Key_R)
    stroke((2, 2))
    stroke((3, 3), modifier=Qt.KeyboardModifier.ShiftModifier)
    assert tab.store.state.points.labels.tolist() == [1, 0, 0, 1]


def test_a_colour_is_painted_with_after_erasing(tab, stroke):
    QTest.keyClick(tab.canvas, Qt.Key.Key_E)
    QTest.keyClick(tab.canvas, Qt.Key.Key_2)
    stroke((0, 0))
    assert set(tab.store.state.points.labels.tolist()) == {1}


def test_a_denser_brush_sprays_more(tab, stroke):
    counts = []
    for key in (Qt.Key.Key_Home, Qt.Key.Key_End):
        tab.clear()
        slider = tab.findChild(QSlider, "network.brush_density")
        slider.setFocus()
        QTest.keyClick(slider, key)
        stroke((-4, 0), (4, 0))
        counts.append(len(tab.store.state.points))
    assert counts[1] == pytest.approx(counts[0] * DENSITIES[-1] / DENSITIES[0], rel=0.25)
    QTest.keyClicks(tab.canvas, "{")
    assert tab.painter.density == len(DENSITIES) - 2


def test_where_there_is_no_room_a_stroke_says_so(tab, stroke):
    tab.store.replace_points(Painted(Points.of(np.zeros((MOST_POINTS, 2)), np.zeros(MOST_POINTS))))
    stroke((0, 0))
    assert len(tab.store.state.points) == MOST_POINTS
    assert "no room" in tab.banner.text


def test_remembers_how_dense_the_spray_is_and_whether_mistakes_are_ringed(tab, tmp_path):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    tab.painter.set_density(1)
    tab.paint_panel.mistakes.setChecked(False)
    tab.save_state(store)
    tab.painter.set_density(4)
    tab.paint_panel.mistakes.setChecked(True)
    tab.restore_state(store)
    assert (tab.painter.density, tab.paint_panel.mistakes.isChecked()) == (1, False)
    store.setValue("network/density", "dense")
    store.setValue("network/mistakes", 4.5)
    tab.restore_state(store)
    assert tab.painter.density == USUAL_DENSITY


def test_single_points_are_where_the_mouse_was(tab, stroke):
    press(tab, "network.tool.point")
    stroke((1, 2))
    stroke((-4, -5), button=RIGHT)
    pixel = 12.0 / tab.canvas.getViewBox().width()
    assert np.abs(tab.store.state.points.xy - [(1, 2), (-4, -5)]).max() <= pixel


def test_a_drag_sprays_evenly_however_fast_the_mouse_is(tab, stroke):
    stroke((-5, 2), (5, 2))
    fast = len(tab.store.state.points)
    tab.clear()
    stroke(*((x, 2) for x in np.linspace(-5, 5, 60)))
    slow = len(tab.store.state.points)
    assert fast > 30
    assert abs(fast - slow) <= 2


def test_points_stay_on_the_canvas(tab, stroke):
    stroke((-5.9, -5.9), (-9, -5.9), (-9, 9), (0, 9), (5.9, 5.9))
    assert len(tab.store.state.points)
    assert np.abs(tab.store.state.points.xy).max() <= 6.0


def test_a_press_beside_the_plot_paints_nothing(qtbot, tab):
    qtbot.mouseClick(tab.canvas.viewport(), LEFT, pos=QPoint(3, 3))
    assert len(tab.store.state.points) == 0


def test_a_stroke_is_one_step_of_undo(qtbot, tab, stroke):
    stroke((-4, 0), (0, 0), (4, 0))
    once = tab.store.state.points
    stroke((-4, 3), (4, 3))
    twice = tab.store.state.points
    press(tab, "network.undo")
    assert tab.store.state.points == once
    press(tab, "network.undo")
    assert len(tab.store.state.points) == 0
    assert not tab.findChild(QToolButton, "network.undo").isEnabled()
    press(tab, "network.redo")
    press(tab, "network.redo")
    assert tab.store.state.points == twice
    assert not tab.findChild(QToolButton, "network.redo").isEnabled()


def test_the_eraser_leaves_no_gaps_and_can_be_undone(tab, stroke):
    stroke((-4, 0), (4, 0))
    painted = tab.store.state.points
    QTest.keyClick(tab.canvas, Qt.Key.Key_E)
    tab.painter.set_size(len(SIZES) - 1)
    stroke((-5, 0), (5, 0))
    assert len(tab.store.state.points) == 0
    tab.undo()
    assert tab.store.state.points == painted


def test_an_erasing_stroke_that_hits_nothing_is_no_step(tab, stroke):
    stroke((-4, -4))
    QTest.keyClick(tab.canvas, Qt.Key.Key_E)
    stroke((4, 4))
    tab.undo()
    assert len(tab.store.state.points) == 0


def test_the_wheel_and_brackets_size_the_brush(tab, at):
    before = tab.painter.size
    turn(tab, at(0, 0), 120)
    assert tab.painter.size == before + 1
    QTest.keyClick(tab.canvas, Qt.Key.Key_BracketLeft)
    QTest.keyClick(tab.canvas, Qt.Key.Key_BracketLeft)
    assert tab.painter.size == before - 1
    assert tab.paint_panel.size_slider.value() == before - 1
    for _ in range(20):
        turn(tab, at(0, 0), -120)
    assert tab.painter.size == 0


def test_neither_wheel_nor_drag_moves_the_view(tab, stroke, at):
    before = tab.canvas.getViewBox().viewRange()
    turn(tab, at(0, 0), 120)
    for button in (LEFT, RIGHT, Qt.MouseButton.MiddleButton):
        stroke((0, 0), (3, 3), button=button)
    assert tab.canvas.getViewBox().viewRange() == before
    assert QApplication.activePopupWidget() is None


def test_hover_tells_the_place(qtbot, tab, at):
    with qtbot.waitSignal(tab.canvas.hovered) as told:
        qtbot.mouseMove(tab.canvas.viewport(), at(2, -1))
    x1, x2, chance = told.args[0]
    assert (x1, x2) == (pytest.approx(2, abs=0.05), pytest.approx(-1, abs=0.05))
    assert chance is None


def test_the_empty_canvas_says_what_to_do(tab, stroke):
    assert tab.canvas_frame._hint.isVisible()
    stroke((0, 0))
    assert not tab.canvas_frame._hint.isVisible()
    press(tab, "network.clear")
    assert tab.canvas_frame._hint.isVisible()


def turn(tab, place, angle):
    turn_wheel(tab.canvas.viewport(), place, angle)
