"""A student asks the network whether her presentation will be a good one, and sees the answer form while it learns."""

from PySide6.QtCore import Qt

from gdviz.gui.network.questions import Questions

LOADING, LEARNING = 120_000, 60_000  # milliseconds, on a busy machine
LEFT = Qt.MouseButton.LeftButton


def test_a_student_asks_whether_she_will_get_a_good_grade(qtbot, window):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    canvas = tab.canvas.viewport()
    qtbot.waitUntil(canvas.isVisible)
    shown = next(part for part in tab.parts if isinstance(part, Questions))

    def click(x, y):
        qtbot.mouseClick(canvas, LEFT, pos=tab.canvas.place_of(x, y).toPoint())

    def answers():
        return [float(text.removesuffix(" %")) for text in shown.texts if text != "–"]

    def chance(x, y):
        """What the panel says of the probability at a place."""
        qtbot.mouseMove(canvas, tab.canvas.place_of(x, y).toPoint())
        text = tab.findChild(object, "network.under.p").text()
        return float(text.replace("−", "-")) if text != "–" else 9.0

    # The lecture's data set is there; two presentations are put in question before TensorFlow is loaded.
    before = tab.store.state.points
    qtbot.mouseClick(tab.findChild(object, "network.ink.question"), LEFT)
    click(-0.5, 4.5)  # well prepared
    click(4.5, -5.5)  # long, and hardly prepared
    assert len(tab.store.state.questions) == 2
    assert tab.store.state.points == before
    assert shown.texts == ["–", "–"] or tab.ready

    # The untrained network answers, but knows nothing; the trained one does.
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    qtbot.waitUntil(lambda: len(answers()) == 2, timeout=LEARNING)
    untrained = answers()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: answers()[0] > 90 and answers()[1] < 10, timeout=LEARNING)
    assert answers() != untrained

    # What it says is what is under the question.
    qtbot.keyClick(window, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: tab.frame.state == "paused", timeout=LEARNING)
    for place, answer in zip(((-0.5, 4.5), (4.5, -5.5)), tab.frame.answers, strict=True):
        qtbot.waitUntil(lambda place=place, answer=answer: abs(chance(*place) - answer) < 0.05, timeout=LEARNING)

    # She prepares better: the question is dragged upwards, and the answer follows, though nothing is trained.
    qtbot.keyClick(window, Qt.Key.Key_S)
    start, end = (tab.canvas.place_of(x, y).toPoint() for x, y in ((4.5, -5.5), (0.0, 5.0)))
    qtbot.mousePress(canvas, LEFT, pos=start)
    qtbot.mouseMove(canvas, end)
    qtbot.mouseRelease(canvas, LEFT, pos=end)
    qtbot.waitUntil(lambda: answers()[1] > 90, timeout=LEARNING)
    assert tab.frame.state == "paused"

    # Taken back: the move, then the questions themselves.
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: answers()[1] < 10, timeout=LEARNING)
    for left in (1, 0):
        qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        assert len(tab.store.state.questions) == left
    assert shown.texts == []
    assert tab.store.state.points == before
