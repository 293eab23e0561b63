"""A lecturer has the network learn grades in place of colours: the error falls, the surface goes through the data."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdviz.network.datasets import dataset

LOADING, LEARNING = 180_000, 120_000  # milliseconds, on a busy machine
LEFT = Qt.MouseButton.LeftButton


def test_a_lecturer_shows_how_values_are_learned(qtbot, window, hands):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    box = hands.find("network.dataset")
    box.setFocus()
    hands.choose("network.dataset", "grade")
    qtbot.waitUntil(lambda: tab.store.state.network.head == "linear")
    state = tab.store.state
    assert state.value_range == (1.0, 6.0)
    assert hands.find("network.value_count").text().startswith("250 values, ")
    hands.choose("network.scaling", "standard")

    # The mean squared error begins at about that of a wild guess and falls far below that of the best single number.
    spread = float(state.points.values.var())
    qtbot.mouseClick(tab.transport.play_button, LEFT)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.epoch > 0, timeout=LEARNING)
    qtbot.waitUntil(lambda: tab.frame.metrics.loss < 0.15 * spread, timeout=LEARNING)

    # What it says at a place is near the mean of the grades around that place.
    points = tab.store.state.points
    for place in ((1.5, 3.0), (4.5, 3.0)):
        near = np.hypot(*(points.xy - place).T) < 0.7
        assert near.sum() >= 5
        mean = float(points.values[near].mean())
        qtbot.waitUntil(lambda place=place, mean=mean: abs(_said(tab, place) - mean) < 0.5, timeout=LEARNING)

    # More noise while it trains: other points, the same weights, a larger error.
    epoch, loss = tab.epoch, tab.frame.metrics.loss
    slider = hands.find("network.data.noise_slider")
    slider.setFocus()
    QTest.keyClick(slider, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: tab.store.state.source.noise == 0.5)
    assert tab.store.state.points == dataset("grade").make(250, 0.5, 0)
    qtbot.waitUntil(lambda: tab.frame.metrics.loss > 2.0 * loss and tab.epoch > epoch, timeout=LEARNING)

    # A worst grade painted where the best are pulls the surface down there.
    qtbot.mouseClick(tab.transport.play_button, LEFT)
    hands.type("network.ink.value", "1")
    qtbot.keyClick(tab.canvas, Qt.Key.Key_P)
    count = len(tab.store.state.points)
    qtbot.mouseClick(tab.canvas.viewport(), LEFT, pos=tab.canvas.place_of(4.0, 4.0).toPoint())
    assert len(tab.store.state.points) == count + 1
    assert tab.store.state.points.values[-1] == 1.0

    # Back to colours: the output is a probability again.
    hands.choose("network.dataset", "circle")
    qtbot.waitUntil(lambda: tab.store.state.network.head == "sigmoid")
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.run == tab.bridge._run, timeout=LEARNING)
    assert 0.0 <= tab.frame.boundary.min() <= tab.frame.boundary.max() <= 1.0


def _said(tab, place) -> float:
    """What the network says at a place."""
    left, right, below, above = tab.frame.extent
    boundary = tab.frame.boundary
    row = int((place[1] - below) / (above - below) * boundary.shape[0])
    column = int((place[0] - left) / (right - left) * boundary.shape[1])
    return float(boundary[row, column])
