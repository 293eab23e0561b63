"""Data sets made anew while sliders move, the split, and the axes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QLineEdit, QPushButton, QSlider, QStyle, QStyleOptionSlider, QToolButton

from gdviz.gui.network.axes import Axis, with_axes
from gdviz.gui.network.data_slider import notches
from gdviz.gui.network.state import AXES, EXTENT, Painted, Source
from gdviz.network.datasets import DATASETS, dataset
from gdviz.network.points import Points
from gdviz.network.spec import PARAMETERS
from gdviz.network.split import test_mask as mask_of
from gdviz.training.messages import SetPoints, SetTraining, SetView

LEFT = Qt.MouseButton.LeftButton
CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def moons(tab):
    tab.load(Source("moons", 250, 0.1).painted())
    tab.store.journal.__init__()
    return tab


def handle(slider) -> QPoint:
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    style = slider.style()
    return style.subControlRect(
        QStyle.ComplexControl.CC_Slider, option, QStyle.SubControl.SC_SliderHandle, slider
    ).center()


def retype(tab, name, text):
    field = tab.findChild(QLineEdit, name)
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, CONTROL)
    QTest.keyClicks(field, text)
    return field


def test_points_follow_the_noise_while_it_slides_and_weights_are_kept(qtbot, moons, ready):
    moons.play_pause()
    slider = moons.findChild(QSlider, "network.data.noise_slider")
    grip, commands = handle(slider), len(ready.sent)
    QTest.mousePress(slider, LEFT, pos=grip)
    seen = set()
    for pixels in (10, 20, 30):
        QTest.mouseMove(slider, grip + QPoint(pixels, 0))
        noise = notches(dataset("moons").noise)[slider.value()]
        qtbot.waitUntil(lambda noise=noise: moons.store.state.source.noise == noise)
        assert moons.store.state.points == dataset("moons").make(250, noise, 0)
        seen.add(noise)
    QTest.mouseRelease(slider, LEFT, pos=grip + QPoint(30, 0))
    assert len(seen) == 3
    qtbot.waitUntil(lambda: ready.last(SetPoints).points is moons.store.state.points)
    sent = {type(command).__name__ for command in ready.sent[commands:]}
    assert not sent & {"Configure", "Reset", "Pause"}
    moons.undo()  # one step, however far it was dragged
    assert moons.store.state.source == Source("moons", 250, 0.1)
    assert not moons.store.journal.can_undo
    moons.redo()
    assert moons.store.state.source.noise == noise


def test_keys_move_the_slider_and_are_one_step_of_undo(qtbot, moons):
    slider = moons.findChild(QSlider, "network.data.samples_slider")
    slider.setFocus()
    for _ in range(4):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: len(moons.store.state.points) == notches(dataset("moons").samples)[slider.value()])
    assert len(moons.store.state.points) > 250
    moons.undo()
    assert len(moons.store.state.points) == 250


def test_the_slider_has_its_keys_before_the_window_has_them(window):
    window.tabs.setCurrentWidget(window.network)
    slider = window.findChild(QSlider, "network.data.noise_slider")
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    for key, value in ((Qt.Key.Key_Home, 0), (Qt.Key.Key_Right, 1), (Qt.Key.Key_Left, 0), (Qt.Key.Key_End, 50)):
        QTest.keyClick(slider, key)
        assert slider.value() == value
    assert window.network.epoch == 0


def test_undo_in_the_middle_of_a_gesture_stays_undone(qtbot, moons):
    slider = moons.findChild(QSlider, "network.data.samples_slider")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    moons.undo()
    part = next(part for part in moons.parts if hasattr(part, "live"))
    qtbot.waitUntil(lambda: not part.live._idle.isActive() and not part.live._between.isActive())
    assert len(moons.store.state.points) == 250


def test_painting_after_sliding_is_a_step_of_its_own(moons):
    slider = moons.findChild(QSlider, "network.data.noise_slider")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_Right)
    slid = moons.store.state.points
    QTest.keyClick(moons.canvas, Qt.Key.Key_P)
    QTest.mouseClick(moons.canvas.viewport(), LEFT, pos=moons.canvas.place_of(5, 5).toPoint())
    assert len(moons.store.state.points) == 251
    moons.undo()
    assert moons.store.state.points == slid
    moons.undo()
    assert moons.store.state.source.noise == 0.1


def test_samples_are_typed(qtbot, moons):
    field = retype(moons, "network.data.samples", "1200")
    qtbot.waitUntil(lambda: len(moons.store.state.points) == 1200)
    QTest.keyClicks(field, "0")  # more than there may be
    assert len(moons.store.state.points) == 1200
    assert field.property("invalid")


def test_dice_draw_other_points_and_other_test_points(moons):
    before = moons.store.state
    QTest.mouseClick(moons.findChild(QToolButton, "network.data.dice"), LEFT)
    after = moons.store.state
    assert after.points == dataset("moons").make(250, 0.1, after.source.seed)
    assert after.points != before.points
    QTest.keyClick(moons.canvas, Qt.Key.Key_N, SHIFT)
    assert moons.store.state.source.seed != after.source.seed
    moons.undo()
    moons.undo()
    assert moons.store.state.points == before.points
    QTest.mouseClick(moons.findChild(QToolButton, "network.split.dice"), LEFT)
    assert moons.store.state.training.split_seed != before.training.split_seed
    split = moons.store.state.training.split_seed
    QTest.keyClick(moons.canvas, Qt.Key.Key_N, CONTROL | SHIFT)
    assert moons.store.state.training.split_seed != split
    assert moons.store.state.training.seed == before.training.seed


def test_the_split_is_slid_and_counted(qtbot, moons, ready):
    slider = moons.findChild(QSlider, "network.split.test_fraction_slider")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    training = moons.store.state.training
    assert training.test_fraction == 0.9
    assert ready.last(SetTraining).training == training
    kept = mask_of(moons.store.state.points.ids, 0.9, training.split_seed).sum()
    text = moons.findChild(QLabel, "network.test_count").text()
    assert text == f"hollow: {kept} of 250 kept for the test"


def test_another_data_set_begins_anew(moons, ready):
    moons.top.dataset_chosen.emit("grade")
    assert moons.store.state.network.head == "linear"
    assert ready.kinds()[-2:] == ["Configure", "SetQuestions"]
    assert moons.findChild(QLabel, "network.value_count").text().startswith("250 values, ")
    assert not moons.findChild(QLabel, "network.red_count").isVisible()
    moons.top.dataset_chosen.emit("circle")
    assert moons.store.state.network.head == "sigmoid"
    assert moons.findChild(QLabel, "network.red_count").isVisible()


def test_axes_stay_when_all_points_are_removed(tab):
    tab.load(Source.usual("e_portfolio").painted())
    before = tab.store.state
    tab.clear()
    now = tab.store.state
    assert (now.axes, now.extent) == (before.axes, before.extent) != (AXES, EXTENT)
    assert (len(now.points), now.questions, now.source) == (0, (), None)


def test_values_keep_their_meaning_when_all_points_are_removed(tab):
    tab.load(Source.usual("grade").painted())
    tab.clear()
    state = tab.store.state
    assert (state.value_axis, state.value_range) == ("grade (6 is best)", (1.0, 6.0))
    assert state.network.head == "linear"
    QTest.keyClick(tab.canvas, Qt.Key.Key_2)
    QTest.keyClick(tab.canvas, Qt.Key.Key_P)
    QTest.mouseClick(tab.canvas.viewport(), LEFT, pos=tab.canvas.place_of(0, 0).toPoint())
    assert tab.store.state.points.values.tolist() == [6.0]


def test_what_is_painted_has_no_noise_to_set(tab):
    assert not tab.findChild(QSlider, "network.data.noise_slider").isVisible()
    assert tab.findChild(QSlider, "network.split.test_fraction_slider").isVisible()


@pytest.mark.parametrize("parameter", [DATASETS["moons"].samples, DATASETS["moons"].noise, PARAMETERS["test_fraction"]])
def test_a_slider_stops_at_allowed_values_from_end_to_end(parameter):
    stops = notches(parameter)
    assert (stops[0], stops[-1]) == (parameter.minimum, parameter.maximum)
    assert np.all(np.diff(stops) > 0)
    for stop in stops:
        parameter.check(stop)
        assert parameter.default in stops or parameter.kind == "integer"


# Axes


def axes_dialog(tab):
    QTest.keyClick(tab.canvas, Qt.Key.Key_X)
    return tab.findChild(object, "network.axes")


def test_axes_are_named_and_ranged_and_it_is_taken_back(moons, ready):
    dialog = axes_dialog(moons)
    assert dialog.isVisible()
    assert not moons.findChild(QLineEdit, "network.axes.value").isVisible()
    retype(moons, "network.axes.x1", "temperature (K)")
    retype(moons, "network.axes.x1_to", "20")
    retype(moons, "network.axes.x2_from", "-8.5")
    QTest.mouseClick(moons.findChild(QPushButton, "network.axes.apply"), LEFT)
    state = moons.store.state
    assert state.axes == ("temperature (K)", "x2")
    assert state.extent == (-6.0, 20.0, -8.5, 6.0)
    assert ready.last(SetView).extent == state.extent
    assert moons.canvas.getAxis("bottom").labelText == "x1: temperature (K)"
    moons.undo()
    assert moons.store.state.axes == ("x1", "x2")
    assert moons.store.state.extent == (-6.0, 6.0, -6.0, 6.0)
    assert moons.findChild(QLineEdit, "network.axes.x1").text() == "x1"  # the window follows
    dialog.close()


@pytest.mark.parametrize(
    ("extent", "shown"),
    [
        ((-0.30000000000000004, 6.300000000000018, 1.0, 2.0), ("-0.3", "6.3")),
        ((1 / 3, 2 / 3, 1.0, 2.0), ("0.3333333", "0.6666667")),
        ((1e-9, 3.1234567890123e-7, 1.0, 2.0), ("1e-09", "3.123457e-07")),
        ((1990.0, 2024.123456789, 1.0, 2.0), ("1990", "2024.12346")),
    ],
)
def test_ends_of_axes_are_short_numbers(moons, extent, shown):
    moons.store.edit(extent=extent)
    dialog = axes_dialog(moons)
    ends = [moons.findChild(QLineEdit, f"network.axes.x1_{end}").text() for end in ("from", "to")]
    assert ends == list(shown)
    dialog.close()


@pytest.mark.parametrize(("low", "high"), [("3", "3"), ("4", "-4"), ("1e300", "2e300"), ("1", "1.0000001")])
def test_impossible_ranges_are_refused(moons, low, high):
    dialog = axes_dialog(moons)
    retype(moons, "network.axes.x2_from", low)
    retype(moons, "network.axes.x2_to", high)
    assert not moons.findChild(QPushButton, "network.axes.apply").isEnabled()
    assert moons.findChild(QLabel, "network.axes.x2_wrong").text()
    dialog.close()


def test_a_range_grows_to_hold_all_points_and_that_is_said(moons):
    dialog = axes_dialog(moons)
    retype(moons, "network.axes.x1_to", "0.5")
    QTest.keyClick(moons.findChild(QLineEdit, "network.axes.x1_to"), Qt.Key.Key_Return)
    state = moons.store.state
    assert state.extent[1] == state.points.xy[:, 0].max() > 0.5
    assert "x1" in moons.findChild(QLabel, "network.axes.said").text()
    dialog.close()


def test_the_value_axis_is_named_and_ranged_in_regression(tab):
    tab.load(Source.usual("grade").painted())
    dialog = axes_dialog(tab)
    retype(tab, "network.axes.value", "points")
    retype(tab, "network.axes.value_to", "20")
    QTest.mouseClick(tab.findChild(QPushButton, "network.axes.apply"), LEFT)
    state = tab.store.state
    assert (state.value_axis, state.value_range) == ("points", (1.0, 20.0))
    assert (state.points.labels == (state.points.values > 10.5)).all()
    tab.undo()
    assert tab.store.state.value_range == (1.0, 6.0)
    dialog.close()


NUMBERS = st.floats(-1e6, 1e6)
RANGES = st.tuples(NUMBERS, NUMBERS).filter(lambda ends: ends[0] < ends[1])


@given(RANGES, RANGES, RANGES, st.lists(st.tuples(NUMBERS, NUMBERS, NUMBERS), max_size=6), st.booleans())
def test_axes_hold_what_is_painted_wherever_it_is(x1, x2, value, rows, values):
    xyz = np.array(rows).reshape(-1, 3)
    painted = Painted(Points.of(xyz[:, :2], np.zeros(len(xyz)), xyz[:, 2]), questions=((3.0, -4.0),))
    axes = (Axis("a", *x1), Axis("b", *x2), Axis("c", *value))
    now, grown = with_axes(painted, axes, values=values)
    places = np.concatenate([xyz[:, :2], [(3.0, -4.0)]])
    for number, name in enumerate(("x1", "x2")):
        low, high = now.extent[2 * number : 2 * number + 2]
        assert low <= min(axes[number].low, places[:, number].min())
        assert high >= max(axes[number].high, places[:, number].max())
        assert (name in grown) == ((low, high) != (axes[number].low, axes[number].high))
    assert np.array_equal(now.points.xy, painted.points.xy)
    assert np.array_equal(now.points.ids, painted.points.ids)
    assert now.value_range == (painted.value_range if not values else now.value_range)
