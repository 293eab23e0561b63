"""The coach's line: what it says, for how long, and what its buttons do."""

from html import escape

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel, QPushButton, QToolButton

from gdviz.gui.network.metrics.coach_line import LEAST_SECONDS, CoachLine
from gdviz.gui.network.metrics.coach_part import CoachPart
from gdviz.gui.network.metrics.few_lines import FewLines
from gdviz.gui.numbers import whole
from gdviz.network.datasets import DATASETS
from gdviz.network.spec import Layer, NetworkSpec
from gdviz.network.training_coach import Advice
from gdviz.training.messages import Configure, Metrics, Reset

OVERFITTING = Advice("overfitting", "The test loss has risen. Try dropout.")
DEAD = Advice("dead", "5 of 8 neurons are dead. Try leaky ReLU.", "Use Leaky ReLU", network=NetworkSpec(()))


class Clock:
    """A clock that stands still until it is moved."""

    seconds = 100.0

    def __call__(self):
        return self.seconds


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def line(qtbot, look, clock):
    made = CoachLine(look, now=clock)
    qtbot.addWidget(made)
    look.dress(made)
    yield made
    made.close_line()


def test_says_the_most_important_and_is_silent_without_any(line, clock):
    assert line.isHidden()
    line.say([DEAD, OVERFITTING])
    assert line.text == DEAD.sentence
    assert not line.isHidden()
    clock.seconds += LEAST_SECONDS + 1
    line.say([])
    assert line.isHidden()
    assert line.text == ""


def test_what_is_said_stays_until_it_could_be_read(qtbot, line, clock):
    line.say([DEAD])
    clock.seconds += 0.5 * LEAST_SECONDS
    line.say([])
    line.say([OVERFITTING])
    assert line.text == DEAD.sentence
    clock.seconds += LEAST_SECONDS  # the line's own timer looks again
    qtbot.waitUntil(lambda: line.text == OVERFITTING.sentence)


def test_a_cause_that_comes_back_at_once_does_not_flicker(line, clock):
    line.say([DEAD])
    clock.seconds += 0.5
    line.say([])
    line.say([DEAD])
    clock.seconds += 10.0
    line.say([DEAD])
    assert line.text == DEAD.sentence


def test_dismissing_is_for_one_kind_and_one_run(line, clock):
    line.say([DEAD, OVERFITTING])
    line.dismiss()
    assert line.text == OVERFITTING.sentence
    line.dismiss()
    assert line.isHidden()
    line.say([DEAD, OVERFITTING])
    assert line.isHidden()
    line.clear()
    line.say([DEAD])
    assert line.text == DEAD.sentence


def test_epochs_have_spaces_between_thousands(line):
    line.say([Advice("overfitting", "The test loss has risen since epoch 12000.")])
    line.resize(800, 60)
    assert f"epoch {whole(12_000)}." in line.findChild(FewLines).text()


def test_long_advice_takes_two_lines_until_all_of_it_is_asked_for(qtbot, line):
    words = line.findChild(QLabel, "network.coach.words")
    two = 2 * words.fontMetrics().lineSpacing()
    line.resize(500, 40)
    line.show()
    line.say([Advice("long", "Every word counts & more than two lines of them cover the points. " * 4)])
    assert words.heightForWidth(words.width()) == two
    assert words.toolTip() == line.text
    assert "… <a" in words.text()
    places = (QPoint(x, words.height() * 3 // 4) for x in range(words.width(), 0, -10))
    while words.heightForWidth(words.width()) == two:  # the link is in the second line
        qtbot.mouseClick(words, Qt.MouseButton.LeftButton, pos=next(places))
    assert words.toolTip() == ""
    assert escape(line.text) in words.text()
    line.clear()
    line.say([DEAD])
    line.resize(1500, 40)
    assert words.text() == DEAD.sentence


# In the tab ---------------------------------------------------------------------------------------------------------


@pytest.fixture
def part(tab):
    return next(part for part in tab.parts if isinstance(part, CoachPart))


@pytest.fixture
def send(qtbot, tab, ready, a_frame):
    """Sends a frame of the present run and waits until the tab has it."""

    def frame(rows=None, **fields):
        rows = rows if rows is not None else np.array([[1, 0.5, 0.7, 0.5, 0.7]])
        given = {"epoch": int(rows[-1, 0]), "history": rows, "metrics": Metrics(*rows[-1])}
        with qtbot.waitSignal(tab.bridge.frame):
            ready.on_event(a_frame(tab.bridge._run, **(given | fields)))

    return frame


def overfitting(count=600, lowest=200):
    epochs = np.arange(1, count + 1, dtype=float)
    train = 0.01 + 0.6 * np.exp(-epochs / 100)
    test = np.where(epochs < lowest, 0.3 + 0.4 * (1 - epochs / lowest) ** 2, 0.3 + 0.001 * (epochs - lowest))
    return np.column_stack([epochs, train, 1 - train, test, 1 - test])


def points(tab, key):
    tab.store.change(points=DATASETS[key].make())


def press(tab, name, kind=QPushButton):
    QTest.mouseClick(tab.findChild(kind, name), Qt.MouseButton.LeftButton)


def test_warns_of_overfitting_and_starts_again_with_early_stopping(qtbot, tab, ready, part, send):
    points(tab, "overfit")
    send(overfitting())
    qtbot.waitUntil(lambda: "overfitting" in part.line.text)
    assert part.line.isVisible()
    ready.sent.clear()
    press(tab, "network.coach.try")
    assert tab.store.state.training.patience > 0
    assert ready.last(Reset)
    assert not part.line.isVisible()


def test_dead_relus_become_leaky_with_one_click(qtbot, tab, ready, part, send):
    points(tab, "moons")
    tab.store.change(network=NetworkSpec((Layer(4, "relu"), Layer(4, "tanh"))))
    send(flat=(np.array([True, True, False, True]), np.zeros(4, bool)))
    qtbot.waitUntil(lambda: part.line.text.startswith("3 of 4 neurons of layer 1"))
    press(tab, "network.coach.try")
    assert [layer.activation for layer in tab.store.state.network.hidden] == ["leaky_relu", "tanh"]
    assert ready.last(Configure).network == tab.store.state.network


@pytest.mark.parametrize(("key", "warns"), [("moons", True), ("gaussians", False)])
def test_a_straight_network_is_measured_off_the_gui_thread(qtbot, tab, part, send, key, warns):
    points(tab, key)
    tab.store.change(network=NetworkSpec(()))
    flat_line = np.column_stack([np.arange(1.0, 101.0), *[np.full(100, 0.4)] * 4])
    with qtbot.waitSignal(part._soon.timeout):
        send(flat_line)
    qtbot.waitUntil(lambda: part._straight is not None)
    assert part._straight.curved == warns
    if warns:
        qtbot.waitUntil(lambda: "cannot bend" in part.line.text)
        press(tab, "network.coach.try")
        assert tab.store.state.network.hidden
    else:
        part._look()
        assert part.line.text == ""


def test_a_failure_is_left_to_the_banner(qtbot, tab, part, send):
    points(tab, "overfit")
    send(overfitting(), state="failed", reason="The loss grew beyond all numbers in epoch 600.")
    with qtbot.waitSignal(part._soon.timeout):
        pass
    assert part.line.text == ""
    assert "beyond all numbers" in tab.banner.text


def test_a_failure_is_told_until_another_run_begins(qtbot, tab, part, send):
    points(tab, "overfit")
    before = tab.store.state.network
    tab.store.edit(network=msgspec.structs.replace(before, hidden=()))
    send(overfitting(), state="failed", reason="The loss grew beyond all numbers in epoch 600.")
    tab.store.edit(training=msgspec.structs.replace(tab.store.state.training, batch_size=20))
    assert "beyond all numbers" in tab.banner.text  # the run is still the one that failed
    tab.undo()
    assert "beyond all numbers" in tab.banner.text
    tab.undo()
    assert tab.store.state.network == before
    assert tab.banner.text == ""


def test_a_change_needs_new_evidence(qtbot, tab, part, send):
    points(tab, "overfit")
    send(overfitting())
    qtbot.waitUntil(lambda: "overfitting" in part.line.text)
    part.line._said_at -= LEAST_SECONDS  # it could be read
    tab.training_panel._set("learning_rate", 0.002)
    qtbot.waitUntil(lambda: part.line.text == "")


def test_earlier_epochs_are_judged_by_what_was_before_them(qtbot, tab, part, send):
    points(tab, "overfit")
    send(overfitting())
    qtbot.waitUntil(lambda: "overfitting" in part.line.text)
    part.line._said_at -= LEAST_SECONDS
    send(overfitting()[149:150], number=2, state="paused", history=np.empty((0, 5)))
    qtbot.waitUntil(lambda: part.line.text == "")


def test_dismiss_with_the_mouse(qtbot, tab, part, send):
    points(tab, "overfit")
    send(overfitting())
    qtbot.waitUntil(lambda: part.line.isVisible())
    press(tab, "network.coach.dismiss", QToolButton)
    assert not part.line.isVisible()


def test_a_key_silences_it_and_the_tab_remembers(qtbot, tab, part, send, tmp_path):
    points(tab, "overfit")
    send(overfitting())
    qtbot.waitUntil(lambda: part.line.isVisible())
    QTest.keyClick(tab.canvas, Qt.Key.Key_F9)
    assert not part.line.isVisible()
    action = tab.findChild(QAction, "network.action.coach")
    assert not action.isChecked()
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    tab.save_state(store)
    QTest.keyClick(tab.canvas, Qt.Key.Key_F9)
    qtbot.waitUntil(lambda: part.line.isVisible())
    tab.restore_state(store)
    assert not part.line.isVisible()
    assert not action.isChecked()


def test_nothing_moves_for_what_is_said(qtbot, tab, part, send):
    points(tab, "overfit")
    watched = (tab.canvas, tab.pages, tab.lower_pages, tab.transport)

    def places():
        return [QRect(each.mapTo(tab, QPoint()), each.size()) for each in watched]

    def is_laid_over(line):
        area = QRect(line.mapTo(tab, QPoint()), line.size())
        canvas = QRect(tab.view_area.mapTo(tab, QPoint()), tab.view_area.size())
        return line.isVisible() and line.height() >= line.minimumSizeHint().height() and canvas.contains(area)

    before = places()
    send(overfitting())
    qtbot.waitUntil(lambda: is_laid_over(part.line))
    words = part.line.findChild(QLabel, "network.coach.words")
    assert words.height() >= words.heightForWidth(words.width())  # in as many lines as it takes
    tab.banner.say("Something went wrong. " * 12)
    qtbot.waitUntil(lambda: is_laid_over(tab.banner))
    assert tab.banner.geometry().bottom() < part.line.geometry().top()
    assert places() == before
    tab.banner.clear()
    part.line.clear()
    qtbot.waitUntil(lambda: tab.notices.height() == 0)
    assert places() == before
    tab.resize(tab.width() + 100, tab.height() + 50)
    tab.banner.say("There is more room.")
    qtbot.waitUntil(lambda: is_laid_over(tab.banner))
    assert tab.notices.geometry().bottom() == tab.columns.geometry().bottom()


def test_a_new_run_is_judged_afresh(qtbot, tab, part, send):
    points(tab, "overfit")
    send(overfitting())
    qtbot.waitUntil(lambda: part.line.isVisible())
    tab.reset()
    assert not part.line.isVisible()


def test_what_it_says_of_the_one_network_is_not_said_over_three_others(qtbot, tab, ready, part, send):
    points(tab, "moons")
    tab.store.change(network=NetworkSpec((Layer(4, "relu"),)))
    send(flat=(np.array([True, False, False, False]),))
    qtbot.waitUntil(part.line.isVisible)
    QTest.keyClick(tab, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert not part.line.isVisible()
    send(flat=(np.array([True, True, False, False]),))
    qtbot.waitUntil(lambda: part.line.text.startswith("2 of 4"))
    assert not part.line.isVisible()
    QTest.keyClick(tab, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert part.line.isVisible()


@pytest.mark.parametrize(("setting", "warns"), [("learning_rate", True), ("l2", False)])
def test_a_loss_that_a_penalty_was_added_to_has_not_risen(qtbot, tab, part, send, setting, warns):
    points(tab, "moons")
    send(np.array([[epoch, 0.01, 1.0, 0.01, 1.0] for epoch in range(101)]))
    change = tab.training_panel._set_network if setting == "l2" else tab.training_panel._set
    change(setting, 0.02)
    send(np.array([[epoch, 2.33, 1.0, 2.33, 1.0] for epoch in range(101, 201)]), number=2)
    qtbot.waitUntil(lambda: not part._soon.isActive())
    assert ("above where it began" in part.line.text) is warns
