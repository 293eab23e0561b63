"""A student trains, scrubs back, sees boundary, numbers and slider agree, plays it again, and goes on from there."""

import numpy as np
from PySide6.QtCore import Qt

from gdviz.gui.network.state import Source

LOADING, LEARNING = 180_000, 120_000  # milliseconds, on a busy machine


def same(first, second):
    """Whether two boundaries are the same but for the rounding of a picture that is drawn uncompiled at first."""
    return np.allclose(first, second, atol=1e-5)


def test_a_student_goes_back_to_an_earlier_epoch_and_on_from_there(qtbot, window):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    tab.load(Source.usual("circle").painted())
    # Compiled and uncompiled steps agree but for rounding, which a long training would make larger.
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.compiled, timeout=LEARNING)

    # One epoch at a time with the key, then many at once.
    tab.canvas.setFocus()
    seen = {}
    for epoch in range(1, 6):
        qtbot.keyClick(window, Qt.Key.Key_Right)
        qtbot.waitUntil(lambda epoch=epoch: tab.epoch == epoch and tab.frame.state == "paused", timeout=LEARNING)
        seen[epoch] = (tab.frame.boundary, tab.frame.metrics.loss)
    tab.train_more(200)
    qtbot.waitUntil(lambda: tab.epoch == 205 and tab.frame.state == "paused", timeout=LEARNING)
    newest = tab.frame.boundary

    # Back with the slider: the boundary and the loss are those of then.
    assert tab.transport.slider.maximum() == len(tab.travel.kept) - 1
    index = int(np.searchsorted(tab.travel.kept, 3))
    tab.transport.slider.setValue(index)
    qtbot.waitUntil(lambda: tab.epoch == 3, timeout=LEARNING)
    boundary, loss = seen[3]
    assert same(tab.frame.boundary, boundary)
    assert abs(tab.frame.metrics.loss - loss) < 1e-5
    assert tab.transport.position.text() == "epoch 3"
    assert tab.readouts.text("loss") == f"{loss:.3f}"

    # A step on, to the end, and to the start.
    qtbot.keyClick(window, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: tab.epoch == 4, timeout=LEARNING)
    assert same(tab.frame.boundary, seen[4][0])
    qtbot.keyClick(window, Qt.Key.Key_End)
    qtbot.waitUntil(lambda: tab.epoch == 205, timeout=LEARNING)
    assert same(tab.frame.boundary, newest)
    qtbot.keyClick(window, Qt.Key.Key_Home)
    qtbot.waitUntil(lambda: tab.epoch == 0, timeout=LEARNING)

    # Played again, it ends where training ended.
    tab.travel.speed.set_speed(200)
    qtbot.mouseClick(tab.travel.replay_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: not tab.travel.replaying and tab.epoch == 205, timeout=LEARNING)
    assert same(tab.frame.boundary, newest)

    # On from an earlier epoch: with nothing changed, the same training once more.
    tab.travel.go_to(5)
    qtbot.waitUntil(lambda: tab.epoch == 5, timeout=LEARNING)
    tab.train_more(200)
    qtbot.waitUntil(lambda: tab.epoch == 205 and tab.frame.state == "paused", timeout=LEARNING)
    assert same(tab.frame.boundary, newest)
    epochs = tab.curves.history.rows()[:, 0]
    assert (np.diff(epochs) > 0).all()
    assert epochs[-1] == 205
