"""A student drops her own table onto the window, agrees to leave two bad lines out, and trains on the rest."""

import numpy as np
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QApplication

LOADING, LEARNING = 120_000, 60_000  # milliseconds, on a busy machine
COPY, LEFT, NO_KEY = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


def own_table() -> str:
    """Hours of sleep and of exercise as a spreadsheet of her country writes them; lines 40 and 90 are bad."""
    rng = np.random.default_rng(5)
    hours = rng.uniform((4, 0), (10, 14), (120, 2))
    lines = ["sleep (h);exercise (h);rested"]
    lines += [f"{a:.2f};{b:.2f};{'yes' if a - 7 + (b - 7) / 3 > 0 else 'no'}".replace(".", ",") for a, b in hours]
    lines[39] = "8,5;many;yes"
    lines[89] = "7,5"
    return "\n".join(lines)


def test_a_student_drops_a_table_with_two_bad_lines_and_trains(qtbot, window, hands, tmp_path):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    hands.find("network.canvas")
    path = tmp_path / "sleep.csv"
    path.write_text(own_table(), encoding="cp1252")

    # The canvas says what the drop will do.
    mime, canvas = QMimeData(), tab.canvas.viewport()
    mime.setUrls([QUrl.fromLocalFile(str(path))])
    QApplication.sendEvent(canvas, QDragEnterEvent(QPoint(50, 50), COPY, mime, LEFT, NO_KEY))
    assert "sleep.csv" in hands.find("network.drop_hint").text()
    before = tab.store.state.points
    QApplication.sendEvent(canvas, QDropEvent(QPointF(50, 50), COPY, mime, LEFT, NO_KEY))

    # Two lines are told, with their numbers and reasons; nothing happens until she agrees.
    problems = hands.find("network.import_problems.list")
    said = [problems.item(row).text() for row in range(problems.count())]
    assert said[0].startswith("line 40: ")
    assert "'many'" in said[0]
    assert said[1].startswith("line 90: ")
    assert tab.store.state.points == before
    assert hands.find("network.import_problems.load").text() == "Load the other 118"
    hands.click("network.import_problems.load")

    state = tab.store.state
    assert len(state.points) == 118
    assert state.axes == ("sleep (h)", "exercise (h)")
    assert state.extent[2] < 0.5 < 13.5 < state.extent[3]
    assert "'yes' became green" in tab.banner.text
    assert hands.find("network.green_count").text() == f"{int(state.points.labels.sum())} green"

    # Inputs as large as hours are brought to a common scale, which she can see; then she trains.
    hands.choose("network.scaling", "standard")
    qtbot.mouseClick(tab.transport.play_button, LEFT)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.metrics.accuracy > 0.95, timeout=LEARNING)
    assert "sees (x1 −" in hands.find("network.scaling_text").text()

    # More points kept for the test, other ones: training goes on with the same weights.
    run, epoch = tab.bridge._run, tab.epoch
    hands.type("network.split.test_fraction", "0.4")
    hands.click("network.split.dice")
    assert "of 118 kept for the test" in hands.find("network.test_count").text()
    qtbot.waitUntil(lambda: not np.isnan(tab.frame.metrics.test_accuracy), timeout=LEARNING)
    qtbot.waitUntil(lambda: tab.epoch > epoch, timeout=LEARNING)
    assert tab.bridge._run == run

    # All taken back, other test points, more of them, the scaling (two keys) and the table: the data set from before.
    tab.setFocus()
    for _ in range(5):
        assert tab.store.state.points != before
        qtbot.keyClick(tab, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert tab.store.state.points == before
