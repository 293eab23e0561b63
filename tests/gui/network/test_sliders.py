"""Sliders in panels that scroll: a wheel turned over one of them in passing changes no setting."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QStyle, QStyleOptionSlider

from gdviz.gui.theme import SCALES
from gdviz.gui.widgets.keyed_slider import KeyedSlider
from tests.windows import turn_wheel


def turn(widget, degrees):
    """Turn the wheel over a widget; tells whether it was used there, rather than left to what lies around."""
    return turn_wheel(widget, widget.rect().center(), 8 * degrees)


def test_the_wheel_over_a_slider_without_the_focus_is_left_to_the_panel(tab):
    sliders = tab.findChildren(KeyedSlider)
    assert len(sliders) >= 6
    for slider in sliders:
        before = slider.value()
        slider.clearFocus()
        assert not any(turn(slider, degrees) for degrees in (15, -15, -15)), slider.objectName()
        assert slider.value() == before, slider.objectName()


def test_a_slider_with_the_focus_heeds_the_wheel(tab):
    slider = tab.paint_panel.size_slider
    slider.setFocus(Qt.FocusReason.TabFocusReason)
    before = slider.value()
    assert turn(slider, -15)
    assert slider.value() == before - 1


@pytest.mark.parametrize("scale", SCALES)
def test_handles_are_round_at_every_size_of_text(tab, look, scale):
    look.set_scale(scale)
    slider = tab.paint_panel.size_slider
    option = QStyleOptionSlider()
    slider.initStyleOption(option)
    part = QStyle.SubControl.SC_SliderHandle
    handle = slider.style().subControlRect(QStyle.ComplexControl.CC_Slider, option, part, slider)
    picture = slider.grab().toImage()
    corner, middle = (picture.pixelColor(place) for place in (handle.topLeft(), handle.center()))
    assert middle == QColor(look.theme.text)
    assert corner != middle
