"""A student overfits a few noisy points, is warned, reads curves and confusion matrix, and stops early next time."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gdviz.gui.numbers import percent, short, whole
from tests.windows import pixel_of

LOADING, LEARNING = 180_000, 120_000  # milliseconds, on a busy machine
PATIENCE = 50


@pytest.fixture
def told(window):
    """Epochs that the training process told of in the present run, as it measured them: not all where it hurries."""
    epochs: dict[int, np.ndarray] = {}
    bridge = window.network.bridge
    bridge.frame.connect(lambda frame: epochs.update({int(row[0]): row for row in frame.history}))
    bridge.run_began.connect(epochs.clear)
    return epochs


def test_a_student_is_warned_of_overfitting_and_reads_how_it_came(qtbot, window, hands, told):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    hands.choose("network.dataset", "overfit")
    hands.press(Qt.Key.Key_L)  # one layer more than it takes
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    hands.press(Qt.Key.Key_Space)
    words = hands.window.findChild(object, "network.coach.words")
    qtbot.waitUntil(lambda: words.isVisible() and "overfitting" in words.text(), timeout=LEARNING)
    hands.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: tab.frame.state == "paused", timeout=LEARNING)

    # The epoch that it names is near the one with the lowest test loss, and the training loss has fallen since.
    since = int(re.search(r"since epoch ([\d\u00a0]+)", words.text())[1].replace("\u00a0", ""))
    newest = max(told)
    epochs = np.array(sorted(told))
    lowest = epochs[np.argsort(abs(epochs - since))[:10]]  # batches make both go up and down
    (train_then, test_then), (train_now, test_now) = (
        np.mean([told[epoch][[1, 3]] for epoch in some], axis=0) for some in (lowest, epochs[-10:])
    )
    assert test_now > test_then
    assert train_now < train_then

    # The curve read where the mouse is: what the process measured at that epoch.
    loss = hands.find("network.loss_curves")
    asked = newest // 2

    def pointed() -> bool:
        hands.move(loss.viewport(), pixel_of(loss, asked, np.mean(loss.getViewBox().viewRange()[1])))
        return loss.pointer.epoch is not None and abs(loss.pointer.epoch - asked) <= 0.02 * newest + 2

    qtbot.waitUntil(pointed)  # its axes may still follow what came last
    row = told[int(loss.pointer.epoch)]
    for name, text in (
        ("epoch", whole(row[0])),
        ("train_loss", short(row[1], 3)),
        ("train_accuracy", percent(row[2])),
        ("test_loss", short(row[3], 3)),
        ("test_accuracy", percent(row[4])),
    ):
        assert hands.find(f"network.curve_readout.{name}").text() == text

    # The confusion matrix counts what accuracy times points says.
    bar = tab.lower_pages.tabBar()
    index = [bar.tabText(each) for each in range(bar.count())].index("Confusion")
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(index).center())
    frame, points = tab.frame, tab.store.state.points
    test = np.isin(np.arange(len(points)), frame.test_indices)
    for name, mask, accuracy in (
        ("train", ~test, frame.metrics.accuracy),
        ("test", test, frame.metrics.test_accuracy),
    ):
        confusion = hands.find(f"network.confusion_{name}").confusion
        assert confusion.total == mask.sum()
        assert confusion.red_as_red + confusion.green_as_green == round(accuracy * mask.sum())
        assert sum(confusion.counts[1]) == points.labels[mask].sum()

    # One click, and the next run stops when the test loss has not fallen for long; its best weights come back.
    hands.click("network.coach.try")
    assert tab.store.state.training.patience == PATIENCE
    hands.press(Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.state == "stopped", timeout=LEARNING)
    best, stopped = int(tab.curves.loss.best.epoch), int(tab.curves.loss.stopped.epoch)
    assert stopped - best == PATIENCE
    assert best == min(told, key=lambda epoch: told[epoch][3])
    assert tab.frame.metrics.test_loss == pytest.approx(told[best][3], rel=1e-5)

    # A click on the curve goes back to that epoch.
    qtbot.mouseClick(bar, Qt.MouseButton.LeftButton, pos=bar.tabRect(0).center())
    viewport = hands.find("network.loss_curves").viewport()

    def gone_back() -> bool:
        place = pixel_of(loss, best // 2, np.mean(loss.getViewBox().viewRange()[1]))
        qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=place)
        return tab.curves.shown is not None and abs(tab.curves.shown - best // 2) <= 3

    qtbot.waitUntil(gone_back, timeout=LEARNING)  # where the page was just shown, it is laid out a moment later
    assert tab.epoch == tab.curves.shown
