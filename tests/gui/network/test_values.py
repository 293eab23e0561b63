"""Regression: points have values, painted, drawn and told."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit, QSlider, QToolButton

from gdviz.gui.network.points_item import COLORS, color_of
from gdviz.gui.network.state import Painted, Source
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def values(tab):
    tab.store.change(network=NetworkSpec(head="linear"), value_range=(2.0, 6.0), value_axis="grade")
    QTest.keyClick(tab.canvas, Qt.Key.Key_P)
    return tab


def click(tab, x, y, button=LEFT):
    QTest.mouseClick(tab.canvas.viewport(), button, pos=tab.canvas.place_of(x, y).toPoint())


def test_left_paints_the_value_right_its_counterpart(values):
    field = values.findChild(QLineEdit, "network.ink.value")
    QTest.mouseClick(field, LEFT)
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "3.5")
    click(values, -1, 0)
    click(values, 1, 0, RIGHT)
    points = values.store.state.points
    assert points.values.tolist() == [3.5, 4.5]
    assert points.labels.tolist() == [0, 1]


def test_the_slider_covers_the_range(values):
    slider = values.findChild(QSlider, "network.ink.slider")
    slider.setFocus()
    for key, value in ((Qt.Key.Key_End, 6.0), (Qt.Key.Key_Home, 2.0)):
        QTest.keyClick(slider, key)
        click(values, 0, 0)
        assert values.store.state.points.values[-1] == value


def test_keys_paint_the_ends(values):
    for key, value in ((Qt.Key.Key_2, 6.0), (Qt.Key.Key_1, 2.0)):
        QTest.keyClick(values.canvas, key)
        click(values, 0, 0)
        assert values.store.state.points.values[-1] == value


def test_colours_give_way_to_values_and_come_back(values):
    assert not values.findChild(QToolButton, "network.ink.red").isVisible()
    assert values.findChild(QSlider, "network.ink.slider").isVisible()
    assert values.findChild(QToolButton, "network.ink.question").isVisible()
    values.store.change(network=NetworkSpec())
    assert values.findChild(QToolButton, "network.ink.red").isVisible()
    assert not values.findChild(QSlider, "network.ink.slider").isVisible()


def test_the_value_stays_on_the_scale(values):
    values.painter.set_value(5.5)
    values.store.change(value_range=(0.0, 1.0))
    assert values.painter.value == 1.0
    assert values.findChild(QLineEdit, "network.ink.value").text() == "1"


def test_labels_painted_have_the_values_of_the_ends(values):
    values.store.change(network=NetworkSpec())
    click(values, -1, 0)
    click(values, 1, 0, RIGHT)
    points = values.store.state.points
    assert (points.labels.tolist(), points.values.tolist()) == ([0, 1], [2.0, 6.0])


def test_points_have_the_colours_of_their_values(values, look):
    values.store.replace_points(
        Painted(Points.of([(-3, 0), (0, 0), (3, 0)], [0, 0, 1], [2.0, 4.0, 6.0]), value_range=(2.0, 6.0))
    )
    picture = values.canvas.viewport().grab().toImage()
    for x, share in ((-3, 0.0), (3, 1.0)):
        seen = picture.pixelColor(values.canvas.place_of(x, 0).toPoint())
        meant = look.boundary_map().map(share, mode="qcolor")
        assert [seen.red(), seen.green(), seen.blue()] == pytest.approx(
            [meant.red(), meant.green(), meant.blue()], abs=12
        )


def test_values_beyond_the_ends_have_the_colours_of_the_ends():
    assert color_of(np.array([-9.0, 2.0, 6.0, 99.0]), (2.0, 6.0)).tolist() == [0, 0, COLORS - 1, COLORS - 1]
    assert color_of(np.array([1.0]), (1.0, 1.0)).tolist() == [COLORS // 2]


def test_a_scale_beside_the_canvas_says_what_the_colours_stand_for(values, look):
    scale = values.canvas_frame.scale
    assert scale.isVisible()
    assert scale.texts == ("2", "4", "6")
    assert "grade" in scale.toolTip()
    assert scale.geometry().left() >= values.canvas.geometry().right()
    for theme in ("white", "dark"):
        look.set_theme(theme)
        image = scale.grab().toImage()
        x, height = look.pixels(1), scale.height()
        below, above = (image.pixelColor(x, y) for y in (height - look.pixels(3), look.pixels(3)))
        assert below.red() > below.green()
        assert above.green() > above.red()
    before = scale.width()
    look.set_scale(2.0)
    assert scale.width() > 1.5 * before
    look.set_scale(1.0)
    values.store.change(value_range=(0.0, 1.0))
    assert scale.texts == ("0", "0.5", "1")
    values.store.change(network=NetworkSpec())
    assert not scale.isVisible()


def test_under_the_cursor_values_have_the_name_of_their_axis(tab):
    panel = tab.paint_panel
    assert [name.text() for name in panel._names] == ["x1", "x2", "probability of green"]
    tab.load(Source.usual("grade").painted())
    assert panel._names[-1].text() == panel._names[-1].toolTip() == "grade (6 is best)"
    tab.load(Source.usual("moons").painted())
    assert panel._names[-1].text() == "probability of green"
