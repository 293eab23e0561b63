"""A weight changed by hand: by mouse, by keyboard, while training and while it is paused."""

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLabel

from gdviz.gui.network.diagram.part import DiagramPart
from gdviz.gui.network.diagram.spots import KEYS, Bias, Link, Neuron, title_of
from gdviz.network.spec import Layer, NetworkSpec
from gdviz.training.messages import SetWeight
from tests.gui.network.nets import frame_fields, random_weights

NETWORK = NetworkSpec((Layer(3), Layer(2)), features=("x1", "x2", "x1_x2"))
LINK = Link(1, KEYS.index("x1_x2"), 1)


@pytest.fixture
def part(tab):
    return next(part for part in tab.parts if isinstance(part, DiagramPart))


@pytest.fixture
def popup(part):
    return part.weight_popup


@pytest.fixture
def diagram(tab):
    return tab.network_panel.board.diagram


@pytest.fixture
def weights(qtbot, tab, ready, a_frame, diagram):
    tab.store.change(network=NETWORK)
    made = random_weights(NETWORK)
    frame = a_frame(tab.bridge._run, 1, **frame_fields(NETWORK, made, extent=tab.store.state.extent))
    ready.on_event(frame)
    qtbot.waitUntil(lambda: diagram.shown.frame is frame)
    return made


def click(diagram, spot):
    line = diagram.plan.line(spot) if isinstance(spot, Link) else None
    place = diagram.place_of(spot).toPoint()
    if line is not None:  # near its end no other link is as close
        place = QPoint(round(line[0] + 0.9 * (line[2] - line[0])), round(line[1] + 0.9 * (line[3] - line[1])))
    QTest.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=place)


def replace_text(popup, text):
    QTest.keyClick(popup.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClick(popup.field, Qt.Key.Key_Backspace)
    QTest.keyClicks(popup.field, text)


def sent(ready):
    return [command for command in ready.sent if isinstance(command, SetWeight)]


def test_a_click_on_a_link_asks_for_its_weight_and_enter_sets_it(qtbot, ready, popup, diagram, weights):
    click(diagram, LINK)
    qtbot.waitUntil(popup.isVisible)
    assert popup.spot == LINK
    assert popup.field.value == pytest.approx(weights[0][2, 1], rel=1e-5)
    qtbot.waitUntil(popup.field.hasFocus)
    replace_text(popup, "-1.25")
    assert sent(ready) == []
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert sent(ready) == [SetWeight(0, (2, 1), -1.25)]
    assert not popup.isVisible()
    assert diagram.hasFocus()


@pytest.mark.parametrize(("gradient", "said"), [(-0.0, "0.0000"), (-3e-6, "−3.00e−06"), (0.5, "0.5000")])
def test_a_small_gradient_is_not_said_to_be_nothing(qtbot, popup, diagram, weights, gradient, said):
    click(diagram, LINK)
    qtbot.waitUntil(popup.isVisible)
    gradients = tuple(np.full_like(tensor, gradient) for tensor in weights)
    popup.show_numbers(replace(diagram.shown, frame=replace(diagram.shown.frame, gradients=gradients)))
    assert f"gradient {said}" in [label.text() for label in popup.findChildren(QLabel)]


def test_escape_leaves_it_as_it_was(qtbot, tab, ready, popup, diagram, weights):
    click(diagram, Bias(2, 1))
    qtbot.waitUntil(popup.field.hasFocus)
    replace_text(popup, "9")
    QTest.keyClick(popup.field, Qt.Key.Key_Escape)
    assert sent(ready) == []
    assert not popup.isVisible()


def test_the_slider_changes_it_at_once_and_escape_takes_that_back(qtbot, ready, popup, diagram, weights):
    click(diagram, Bias(2, 1))
    qtbot.waitUntil(popup.isVisible)
    before = np.float32(weights[3][1])
    slider = popup.slider
    slider.setFocus()
    for _ in range(3):
        QTest.keyClick(slider, Qt.Key.Key_Right)
    told = sent(ready)
    assert [(command.tensor, command.place) for command in told] == [(3, (1,))] * 3
    steps = np.diff([before, *(command.value for command in told)])
    assert all(steps[1:] > 0)
    assert popup.field.value == told[-1].value
    QTest.keyClick(slider, Qt.Key.Key_Escape)
    assert sent(ready)[-1] == SetWeight(3, (1,), pytest.approx(before))
    assert not popup.isVisible()


def test_a_click_elsewhere_closes_and_keeps(qtbot, tab, ready, popup, diagram, weights):
    click(diagram, Bias(2, 1))
    qtbot.waitUntil(popup.isVisible)
    popup.slider.setFocus()
    QTest.keyClick(popup.slider, Qt.Key.Key_Left)
    QTest.mouseClick(tab.network_panel.more, Qt.MouseButton.LeftButton)
    assert not popup.isVisible()
    assert len(sent(ready)) == 1
    assert len(tab.store.state.network.hidden) == 3


def test_the_keyboard_does_it_all(qtbot, ready, popup, diagram, weights):
    diagram.setFocus()
    keys = Qt.Key
    for key in (keys.Key_Right, keys.Key_Left, keys.Key_Down, keys.Key_Down, keys.Key_Return):
        QTest.keyClick(diagram, key)
    assert diagram.selected == Link(1, KEYS.index("x1_x2"), 0)
    qtbot.waitUntil(popup.field.hasFocus)
    replace_text(popup, "2")
    QTest.keyClick(popup.field, keys.Key_Return)
    assert sent(ready) == [SetWeight(0, (2, 0), 2.0)]
    for key in (keys.Key_Right, keys.Key_Return):  # on to the neuron, and its bias
        QTest.keyClick(diagram, key)
    assert diagram.selected == Neuron(1, 0)
    qtbot.waitUntil(popup.field.hasFocus)
    assert popup.spot == Bias(1, 0)


@pytest.mark.parametrize("text", ["", "abc", "1e999", "nan"])
def test_what_is_no_number_is_not_sent(qtbot, ready, popup, diagram, weights, text):
    click(diagram, Bias(2, 1))
    qtbot.waitUntil(popup.field.hasFocus)
    replace_text(popup, text)
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert sent(ready) == []
    assert popup.isVisible()
    assert popup.field.value == pytest.approx(weights[3][1], rel=1e-5)


def test_arrow_keys_in_the_popup_do_not_train(qtbot, ready, popup, diagram, weights):
    click(diagram, Bias(2, 1))
    qtbot.waitUntil(popup.isVisible)
    popup.slider.setFocus()
    count = len(ready.sent)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_Space):
        QTest.keyClick(popup.slider, key)
    assert {type(command).__name__ for command in ready.sent[count:]} == {"SetWeight"}


def test_there_is_nothing_to_change_before_there_are_weights(tab, popup, diagram):
    click(diagram, LINK)
    assert not popup.isVisible()


def test_works_while_it_trains(qtbot, tab, ready, a_frame, popup, diagram, weights):
    tab.play_pause()
    click(diagram, LINK)
    qtbot.waitUntil(popup.field.hasFocus)
    replace_text(popup, "0.5")
    other = [weight + 1.0 for weight in weights]
    frame = a_frame(tab.bridge._run, 2, **frame_fields(NETWORK, other, extent=tab.store.state.extent))
    ready.on_event(frame)
    qtbot.waitUntil(lambda: tab.frame is frame)
    assert popup.field.text() == "0.5"  # what is being typed is not overwritten
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert sent(ready) == [SetWeight(0, (2, 1), 0.5)]


def values(ready):
    return [command.value for command in sent(ready)]


def test_a_changed_weight_is_taken_back_before_what_was_done_earlier(qtbot, tab, ready, popup, diagram, weights):
    before = tab.store.state
    click(diagram, LINK)
    replace_text(popup, "-9")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    tab.undo()
    tab.redo()
    was = float(np.float32(weights[0][2, 1]))
    assert values(ready) == [-9.0, was, -9.0]
    assert tab.store.state is before


def test_the_way_of_the_slider_is_one_step_and_two_openings_are_two(qtbot, tab, ready, popup, diagram, weights):
    can_undo = tab.store.journal.can_undo
    for _ in range(2):
        click(diagram, Bias(1, 0))
        popup.slider.setFocus()
        for _ in range(3):
            QTest.keyClick(popup.slider, Qt.Key.Key_Right)
        QTest.keyClick(popup.slider, Qt.Key.Key_Return)
    ready.sent.clear()
    tab.undo()
    tab.undo()
    assert values(ready) == [float(np.float32(weights[1][0]))] * 2  # no frame told the popup of the first change
    assert tab.store.journal.can_undo == can_undo


def test_what_escape_took_back_is_no_step(tab, popup, diagram, weights):
    can_undo = tab.store.journal.can_undo
    click(diagram, LINK)
    popup.slider.setFocus()
    QTest.keyClick(popup.slider, Qt.Key.Key_Right)
    QTest.keyClick(popup.slider, Qt.Key.Key_Escape)
    assert tab.store.journal.can_undo == can_undo


def test_weights_of_a_network_that_is_gone_are_not_brought_back(tab, ready, popup, diagram, weights):
    tab.store.edit(network=NETWORK, training=tab.store.state.training.__class__(patience=3))
    click(diagram, LINK)
    replace_text(popup, "2")
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    tab.reset()
    ready.sent.clear()
    tab.undo()
    assert tab.store.state.training.patience == 0
    assert values(ready) == []


def test_enter_on_what_nobody_touched_leaves_the_weight_to_training(qtbot, ready, popup, diagram, weights):
    click(diagram, LINK)
    qtbot.waitUntil(popup.field.hasFocus)
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert not popup.isVisible()
    assert sent(ready) == []


def test_an_open_popup_follows_training_until_it_is_touched(qtbot, tab, ready, a_frame, popup, diagram, weights):
    click(diagram, LINK)
    qtbot.waitUntil(popup.field.hasFocus)

    def train_to(weight, number):
        now = tuple(tensor.copy() for tensor in weights)
        now[0][2, 1] = weight
        frame = a_frame(tab.bridge._run, number, **frame_fields(NETWORK, now, extent=tab.store.state.extent))
        ready.on_event(frame)
        qtbot.waitUntil(lambda: diagram.shown.frame is frame)

    train_to(5.0, 2)
    qtbot.waitUntil(lambda: popup.field.value == pytest.approx(5.0))
    assert popup.field.hasSelectedText()  # what is typed takes its place
    assert popup.slider.value() == popup.slider.maximum()
    QTest.keyClick(popup.field, Qt.Key.Key_Home)  # she is about to change it
    train_to(6.0, 4)
    assert popup.field.value == pytest.approx(5.0)
    QTest.keyClick(popup.field, Qt.Key.Key_Up)
    stepped = popup.field.value
    assert stepped > 5.0
    train_to(-1.0, 5)
    assert popup.field.value == stepped
    QTest.keyClick(popup.field, Qt.Key.Key_Return)
    assert sent(ready) == [SetWeight(0, (2, 1), stepped)]


def test_its_title_is_read_in_full_however_short_the_one_before_was(qtbot, popup, diagram, weights):
    for spot in (Bias(1, 1), Link(2, 2, 1)):
        click(diagram, spot)
        qtbot.waitUntil(popup.isVisible)
        title = next(label for label in popup.findChildren(QLabel) if title_of(NETWORK, spot) == label.text())
        qtbot.waitUntil(lambda title=title: title.width() >= title.sizeHint().width())
        assert popup.rect().contains(title.geometry())
        QTest.keyClick(popup.field, Qt.Key.Key_Escape)
