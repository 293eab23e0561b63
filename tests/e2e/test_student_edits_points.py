"""A student moves, relabels, copies and deletes points while the network learns, and takes it all back."""

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from gdviz.gui.network.geometry import to_canvas

LOADING, LEARNING = 120_000, 60_000  # milliseconds, on a busy machine
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
CONTROL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def board(qapp):
    board = QGuiApplication.clipboard()
    board.clear()
    yield board
    board.clear()


def test_a_student_edits_points_while_the_network_learns(qtbot, window, board):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    canvas = tab.canvas.viewport()
    qtbot.waitUntil(canvas.isVisible)

    def drag(*places, button=LEFT):
        pixels = [tab.canvas.place_of(*place).toPoint() for place in places]
        qtbot.mousePress(canvas, button, pos=pixels[0])
        for pixel in pixels[1:]:
            qtbot.mouseMove(canvas, pixel)
        qtbot.mouseRelease(canvas, button, pos=pixels[-1])

    def points():
        return tab.store.state.points

    def units(label):
        """Where the points of a label are, on the canvas."""
        state = tab.store.state
        return to_canvas(xy=state.points.xy[state.points.labels == label], extent=state.extent)

    def chance(x, y):
        """What the panel says of the probability at a place of the canvas."""
        qtbot.mouseMove(canvas, tab.canvas.place_of(x, y).toPoint())
        text = tab.findChild(object, "network.under.p").text()
        return float(text.replace("−", "-")) if text != "–" else 0.5

    # A red blob at the lower left, a green one at the upper right; Train.
    qtbot.mouseClick(tab.paint_panel.clear_button, LEFT)
    drag((-4, -4), (-2, -2), (-3.5, -2), (-2, -3.5))
    drag((4, 4), (2, 2), (3.5, 2), (2, 3.5), button=RIGHT)
    red, green = int((points().labels == 0).sum()), int((points().labels == 1).sum())
    assert red > 10
    assert green > 10
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    qtbot.waitUntil(lambda: chance(-3, -3) < 0.2 and chance(3, 3) > 0.8, timeout=LEARNING)
    painted = points()

    # She drags a rubber band around the green blob, and the blob into the lower right corner. The network follows.
    qtbot.keyClick(window, Qt.Key.Key_S)
    drag((5.8, 5.8), (0.5, 0.5))
    assert tab.findChild(object, "network.selected").text() == f"{green} selected"
    epoch = tab.epoch
    held = units(1)[0]
    drag(held, (held[0], held[1] - 6))
    assert units(1)[:, 1].max() < 0
    assert points().ids.tolist() == painted.ids.tolist()
    qtbot.waitUntil(lambda: chance(3, -3) > 0.8 and chance(-3, -3) < 0.2, timeout=LEARNING)
    assert tab.bridge.running
    qtbot.waitUntil(lambda: tab.epoch > epoch + 1, timeout=LEARNING)

    # All of it red: the network has nothing left to tell apart. She takes that back.
    qtbot.keyClick(window, Qt.Key.Key_1)
    assert (points().labels == 0).all()
    qtbot.waitUntil(lambda: "red" in tab.top.status.text(), timeout=LEARNING)
    qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    qtbot.waitUntil(lambda: tab.top.status.text().startswith("training"), timeout=LEARNING)

    # Copied into a spreadsheet, pasted, jittered, deleted.
    qtbot.keyClick(window, Qt.Key.Key_C, CONTROL)
    table = [line.split("\t") for line in board.text().splitlines()]
    assert table[0] == ["x", "y", "label"]
    assert [row[2] for row in table[1:]] == ["green"] * green
    qtbot.keyClick(window, Qt.Key.Key_V, CONTROL)
    assert int((points().labels == 1).sum()) == 2 * green
    before = points().xy
    qtbot.keyClick(window, Qt.Key.Key_J)
    assert np.array_equal(points().xy[: red + green], before[: red + green])
    assert not np.array_equal(points().xy, before)
    qtbot.keyClick(window, Qt.Key.Key_Delete)
    assert len(points()) == red + green

    # Undone to the end: the blobs are where they were painted, and the network goes back to them, all in one run.
    for _ in range(4):
        qtbot.keyClick(window, Qt.Key.Key_Z, CONTROL)
    assert points() == painted
    qtbot.waitUntil(lambda: chance(3, 3) > 0.8 and chance(-3, -3) < 0.2, timeout=LEARNING)
    assert tab.bridge.running
    assert tab.epoch > epoch
