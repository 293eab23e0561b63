"""A student paints two blobs and sees the accuracy rise above 95 %; another paints 5,000 points while it trains."""

from PySide6.QtCore import Qt

LOADING, LEARNING = 120_000, 60_000  # milliseconds, on a busy machine


def test_a_student_paints_two_blobs_and_sees_accuracy_rise(qtbot, window):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    canvas = tab.canvas.viewport()
    qtbot.waitUntil(canvas.isVisible)

    def scribble(button, centre_x, centre_y):
        places = [tab.canvas.place_of(centre_x + x, centre_y + y).toPoint() for x, y in _ZIGZAG]
        qtbot.mousePress(canvas, button, pos=places[0])
        for place in places[1:]:
            qtbot.mouseMove(canvas, place)
        qtbot.mouseRelease(canvas, button, pos=places[-1])

    # While TensorFlow is loading the student clears the canvas and paints.
    qtbot.mouseClick(tab.paint_panel.clear_button, Qt.MouseButton.LeftButton)
    assert len(tab.store.state.points) == 0
    scribble(Qt.MouseButton.LeftButton, -3.0, -2.5)
    scribble(Qt.MouseButton.RightButton, 3.0, 2.5)
    points = tab.store.state.points
    reds, greens = points.xy[points.labels == 0], points.xy[points.labels == 1]
    assert len(reds) > 30
    assert len(greens) > 30
    assert reds[:, 0].max() < greens[:, 0].min()

    # Train may be pressed before it is loaded.
    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    qtbot.waitUntil(lambda: tab.epoch > 0, timeout=LEARNING)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.metrics.accuracy > 0.95, timeout=LEARNING)
    assert float(tab.readouts.text("accuracy").removesuffix(" %")) > 95.0

    # The boundary says so too: red at the red blob, green at the green one.
    qtbot.waitUntil(lambda: _chance(qtbot, tab, -3.0, -2.5) < 0.2, timeout=LEARNING)
    qtbot.waitUntil(lambda: _chance(qtbot, tab, 3.0, 2.5) > 0.8, timeout=LEARNING)

    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.frame.state == "paused", timeout=LEARNING)
    trained = tab.epoch
    qtbot.mouseClick(tab.transport.step_forward_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.epoch == trained + 1, timeout=LEARNING)
    assert tab.transport.position.text().startswith("epoch")
    assert tab.curves.history.rows()[-1, 0] == trained + 1

    # Reset goes back to the same weights, which know nothing.
    qtbot.mouseClick(tab.transport.to_start_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.epoch == 0, timeout=LEARNING)
    assert tab.transport.play_button.text() == "Train"


def test_a_student_paints_five_thousand_points_while_it_trains(qtbot, window, hands):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    hands.click("network.clear")
    for name in ("network.brush_size", "network.brush_density"):
        hands.find(name).setFocus()
        qtbot.keyClick(hands.find(name), Qt.Key.Key_End)
    canvas = tab.canvas.viewport()
    counts = [0]

    def scribble(button, side):
        """Up and down over one half of the canvas; each move leaves points at once."""
        places = [
            tab.canvas.place_of(side * x, y).toPoint() for x in (1.5, 3.0, 4.5) for y in (-5.0, -2.5, 0.0, 2.5, 5.0)
        ]
        qtbot.mousePress(canvas, button, pos=places[0])
        for place in places[1:]:
            before = len(tab.store.state.points)
            qtbot.mouseMove(canvas, place)
            assert len(tab.store.state.points) > before
        qtbot.mouseRelease(canvas, button, pos=places[-1])
        counts.append(len(tab.store.state.points))

    scribble(Qt.MouseButton.LeftButton, -1)
    scribble(Qt.MouseButton.RightButton, 1)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    hands.click("network.play")
    qtbot.waitUntil(lambda: tab.epoch > 0, timeout=LEARNING)
    while counts[-1] < 5000:
        epoch = tab.epoch
        scribble(Qt.MouseButton.LeftButton, -1)
        scribble(Qt.MouseButton.RightButton, 1)
        qtbot.waitUntil(lambda epoch=epoch: tab.epoch > epoch, timeout=LEARNING)

    # The network goes on with the new points, and gets them right.
    points = tab.store.state.points
    qtbot.waitUntil(lambda: tab.bridge.sent.points is points, timeout=LEARNING)
    epoch = tab.epoch
    share = tab.store.state.training.test_fraction
    qtbot.waitUntil(
        lambda: tab.epoch > epoch and abs(len(tab.frame.test_indices) - share * len(points)) < 0.1 * len(points),
        timeout=LEARNING,
    )
    qtbot.waitUntil(lambda: tab.frame.metrics.accuracy > 0.9, timeout=LEARNING)

    # Each stroke is one step back.
    for count in counts[-2::-1]:
        qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert len(tab.store.state.points) == count


_ZIGZAG = [(x / 4.0, 1.0 if x % 2 else -1.0) for x in range(-6, 7)]


def _chance(qtbot, tab, x, y):
    """What the panel says of the probability at a place."""
    qtbot.mouseMove(tab.canvas.viewport(), tab.canvas.place_of(x, y).toPoint())
    text = tab.paint_panel.findChild(object, "network.under.p").text()
    return float(text.replace("−", "-")) if text != "–" else 0.5
