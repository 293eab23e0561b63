"""A lecturer trains three networks at once: with and without a bend, and then too small, right and too large."""

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QToolButton

from gdviz.gui.network.boundary_item import half_lines
from gdviz.gui.network.compare.part import ComparePart

LOADING, LEARNING = 180_000, 180_000  # milliseconds, on a busy machine
CONTROL = Qt.KeyboardModifier.ControlModifier


def bend(frame) -> float:
    """How wide the boundary's longest piece is across, as a share of how long it is: 0 is a straight line."""
    pieces = half_lines(boundary=frame.boundary, extent=frame.extent)
    if not pieces:
        return 0.0
    piece = max(pieces, key=len)
    long, wide = np.linalg.svd(piece - piece.mean(axis=0), compute_uv=False)
    return float(wide / long)


def test_lecturer_compares_linear_and_non_linear_networks(qtbot, window, hands):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    hands.choose("network.dataset", "circle")
    part = next(each for each in tab.parts if isinstance(each, ComparePart))

    # She opens the comparison with the key, and trains all three with another; TensorFlow may still be loading.
    qtbot.keyClick(window, Qt.Key.Key_P, CONTROL)
    panels = part.page.panels
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    qtbot.waitUntil(
        lambda: all(panel.frame is not None and panel.frame.epoch > 0 for panel in panels), timeout=LEARNING
    )
    first = [panel.frame.epoch for panel in panels]
    qtbot.waitUntil(
        lambda: all(panel.frame.epoch > before for panel, before in zip(panels, first, strict=True)), timeout=LEARNING
    )
    assert all(panel.frame.state == "running" for panel in panels)  # at once, not one after the other

    # The bent one learns the circle. The others have had as long by then, and cannot.
    qtbot.waitUntil(lambda: panels[2].frame.metrics.accuracy > 0.95, timeout=LEARNING)
    qtbot.waitUntil(lambda: all(panel.frame.epoch >= 30 for panel in panels), timeout=LEARNING)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: all(panel.frame.state == "paused" for panel in panels), timeout=LEARNING)
    linear, layers, bent = (panel.frame for panel in panels)
    assert linear.metrics.accuracy < 0.75
    assert layers.metrics.accuracy < 0.75
    assert bent.metrics.accuracy > 0.9
    assert bent.metrics.test_accuracy > 0.9
    assert bend(linear) < 0.02
    assert bend(layers) < 0.02
    assert bend(bent) > 0.1
    assert panels[2].text("accuracy") == f"{100 * bent.metrics.accuracy:.1f} %"
    assert tab.epoch == 0  # the tab's own network has been waiting

    # The same again from the same weights.
    qtbot.keyClick(window, Qt.Key.Key_R, CONTROL)
    qtbot.waitUntil(
        lambda: all(panel.frame is not None and panel.frame.epoch == 0 for panel in panels), timeout=LEARNING
    )
    start = [panel.frame.weights for panel in panels]
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: all(panel.frame.epoch == 1 for panel in panels), timeout=LEARNING)
    qtbot.keyClick(window, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: all(panel.frame.epoch == 0 for panel in panels), timeout=LEARNING)
    for panel, weights in zip(panels, start, strict=True):
        assert all(np.array_equal(now, then) for now, then in zip(panel.frame.weights, weights, strict=True))

    # She goes on with the last one alone.
    network = panels[2].state.network
    qtbot.mouseClick(tab.findChild(QToolButton, "network.compare.3.take"), Qt.MouseButton.LeftButton)
    assert tab.store.state.network == network
    tab.canvas.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: tab.epoch == 1, timeout=LEARNING)


def test_lecturer_shows_what_overfitting_is(qtbot, window, hands):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    part = next(each for each in tab.parts if isinstance(each, ComparePart))
    qtbot.keyClick(window, Qt.Key.Key_P, CONTROL)
    hands.choose("network.compare.preset", "fit")
    hands.click("network.compare.data")
    panels = part.page.panels
    hands.click("network.compare.play")

    # Too small stays wrong; too large learns by heart, and fails where it was not taught.
    def parted() -> bool:
        if any(panel.frame is None or panel.frame.epoch < 100 for panel in panels):
            return False
        under, right, over = (panel.frame.metrics for panel in panels)
        return over.loss < 0.7 * right.loss and right.test_loss < 0.8 * min(under.test_loss, over.test_loss)

    qtbot.waitUntil(parted, timeout=LEARNING)
    hands.click("network.compare.play")
    qtbot.waitUntil(lambda: all(panel.frame.state == "paused" for panel in panels), timeout=LEARNING)
    under, right, over = (panel.frame.metrics for panel in panels)
    assert under.accuracy < right.accuracy < over.accuracy
