"""A student trains a network on the lecture's points, and looks at what it learned in every view there is."""

import math

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QComboBox

from gdviz.gui.network.views.part import ViewsPart

LOADING, LEARNING = 120_000, 60_000  # milliseconds, on a busy machine


def test_a_student_looks_at_the_result_in_every_view(qtbot, window):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(tab.canvas.viewport().isVisible)
    views = next(part for part in tab.parts if isinstance(part, ViewsPart))

    def key(*keys):
        for each in keys:
            qtbot.keyClick(window, each)

    def find(name):
        return tab.findChild(object, name)

    def choose(name, index):
        box = find(name)
        assert isinstance(box, QComboBox)
        box.setFocus()
        while box.currentIndex() != index:
            qtbot.keyClick(box, Qt.Key.Key_Down if index > box.currentIndex() else Qt.Key.Key_Up)

    def said():
        """The output under the cursor, as the panel says it."""
        text = find("network.under.p").text()
        return float(text.replace("−", "-")) if text != "–" else math.nan

    def hover(view, place, least, most):
        """Move the mouse there until the panel says an output between these."""
        aside = [0]

        def told():
            aside[0] = 1 - aside[0]
            qtbot.mouseMove(view, place + QPointF(aside[0], 0).toPoint())
            return least <= said() <= most

        qtbot.waitUntil(told, timeout=LEARNING)

    # The lecture's data, learned.
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.metrics.accuracy > 0.93, timeout=LEARNING)

    # Contours while it goes on: a line for each level, labelled; one more is typed.
    key(Qt.Key.Key_V, Qt.Key.Key_V)
    qtbot.waitUntil(lambda: views.labels.texts == ["0.1", "0.25", "0.5", "0.75", "0.9"], timeout=LEARNING)
    field = views.field
    qtbot.mouseClick(field, Qt.MouseButton.LeftButton)
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "0.3, 0.7")
    qtbot.waitUntil(lambda: views.labels.texts == ["0.3", "0.7"], timeout=LEARNING)
    canvas = tab.canvas.viewport()
    hover(canvas, tab.canvas.place_of(-4.0, 4.0).toPoint(), 0.7, 1.0)
    hover(canvas, tab.canvas.place_of(4.5, -5.0).toPoint(), 0.0, 0.3)

    # 3-D follows the training, and tells the output.
    tab.setFocus()
    key(Qt.Key.Key_V)
    scene = views.shown.scene
    epoch = tab.epoch
    qtbot.waitUntil(lambda: scene.heights is not None and tab.epoch > epoch + 20, timeout=LEARNING)
    places = scene.heights.vertices()
    for x, y, least, most in ((-0.7, 0.7, 0.7, 1.0), (0.7, -0.8, 0.0, 0.3)):
        index = ((places[:, :2] - [x, y]) ** 2).sum(axis=1).argmin()
        (pixel,), _ = scene.seen_at(scene.heights.vertices()[index : index + 1])
        hover(scene, QPointF(*pixel).toPoint(), least, most)
    azimuth = scene.opts["azimuth"]
    middle = scene.rect().center()
    qtbot.mousePress(scene, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(scene, middle + QPointF(80, 0).toPoint())
    qtbot.mouseRelease(scene, Qt.MouseButton.LeftButton, pos=middle + QPointF(80, 0).toPoint())
    assert scene.opts["azimuth"] != azimuth
    key(Qt.Key.Key_0)
    assert scene.opts["azimuth"] == azimuth

    # Warped: of eight neurons two are seen; of a last layer of two, the straight line that parts the colours.
    key(Qt.Key.Key_V)
    warped = views.shown
    qtbot.waitUntil(lambda: len(warped.points._xy) == len(tab.store.state.points), timeout=LEARNING)
    assert warped.background.boundary is None
    choose("network.warped.upwards", 4)
    assert warped.bar.pair == (0, 4)
    for _ in range(6):
        qtbot.mouseClick(find("network.layer2.fewer"), Qt.MouseButton.LeftButton)
    assert tab.store.state.network.hidden[1].units == 2
    qtbot.waitUntil(
        lambda: warped.background.boundary is not None and tab.frame.metrics.accuracy > 0.93, timeout=2 * LEARNING
    )
    key(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: tab.frame.state == "paused", timeout=LEARNING)
    qtbot.waitUntil(lambda: not tab.bridge._drawing, timeout=LEARNING)
    ((level, pieces),) = warped.background.lines
    assert level == 0.5
    kernel, bias = tab.frame.weights[-2:]
    line = np.concatenate(pieces) @ kernel[:, 0] + bias[0]
    assert np.abs(line).max() < 0.05 * np.abs(kernel).max()
    inside = warped.points._xy @ kernel[:, 0] + bias[0] > 0
    green = tab.store.state.points.labels == 1
    assert (inside == green).mean() > 0.9

    # A slice through the middle: with three hours of preparation, neither a short nor a long presentation is good.
    key(Qt.Key.Key_V)
    sliced = views.shown
    x1, output = sliced.curve
    assert output[np.abs(x1 - 3.0).argmin()] > 0.5 > max(output[0], output[-1])
    (pixel,) = sliced.plot.pixels_of(np.array([[x1[5], 0.5]]))
    hover(sliced.plot.viewport(), QPointF(*pixel).toPoint(), output[5] - 0.05, output[5] + 0.05)

    # And back to where points are painted.
    key(Qt.Key.Key_V)
    assert tab.canvas.isVisible()
