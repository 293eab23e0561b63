"""The pages beside the curves: confusion matrices and gradient norms."""

import itertools
import math

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest

from gdviz.gui.network.metrics.confusion import Confusion
from gdviz.gui.network.metrics.confusion_matrix import ConfusionMatrix
from gdviz.gui.network.metrics.gradients_page import norms
from gdviz.gui.network.metrics.part import MetricsPart
from gdviz.gui.network.state import Painted
from gdviz.gui.numbers import short
from gdviz.network.points import Points
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import GoTo
from tests.windows import pixel_of

answers = st.lists(st.tuples(st.integers(0, 1), st.floats(0, 1, width=32)), min_size=1, max_size=60)


@given(answers)
def test_counts_are_those_of_a_clerk(given_answers):
    labels = np.array([label for label, _ in given_answers], np.int8)
    predictions = np.array([probability for _, probability in given_answers], np.float32)
    made = Confusion.of(labels, predictions)
    for label in (0, 1):
        for said in (0, 1):
            counted = sum(1 for each, p in given_answers if each == label and (p > 0.5) == (said == 1))
            assert made.counts[label][said] == counted
    right = sum(1 for label, p in given_answers if (p > 0.5) == (label == 1))
    assert made.accuracy == right / len(given_answers)
    called = [label for label, p in given_answers if p > 0.5]
    green = [p for label, p in given_answers if label == 1]
    if called:
        assert made.precision == sum(called) / len(called)
    if green:
        assert made.recall == sum(p > 0.5 for p in green) / len(green)


def test_what_is_not_defined_is_not_a_number():
    nothing = Confusion(0, 0, 0, 0)
    assert all(math.isnan(value) for value in (nothing.accuracy, nothing.precision, nothing.recall))
    assert Confusion(3, 0, 2, 0).recall == 0.0
    assert math.isnan(Confusion(3, 0, 2, 0).precision)


@pytest.fixture
def part(tab):
    return next(part for part in tab.parts if isinstance(part, MetricsPart))


@pytest.fixture
def send(qtbot, tab, ready, a_frame):
    """Sends a frame of the present run and waits until the tab has it."""

    def frame(**fields):
        with qtbot.waitSignal(tab.bridge.frame):
            ready.on_event(a_frame(tab.bridge._run, **fields))

    return frame


@pytest.fixture
def six(tab, ready):
    """Three red and three green points; the last two are for the test."""
    tab.store.replace_points(Painted(Points.of(np.zeros((6, 2)) + np.arange(6)[:, None] / 10, [0, 0, 1, 1, 0, 1])))
    return np.array([4, 5])


def said(*probabilities):
    return np.array(probabilities, np.float32)


# Confusion ----------------------------------------------------------------------------------------------------------


def test_the_matrices_count_training_and_test_points(tab, part, six, send):
    tab.lower_pages.show_page("confusion")
    assert part.confusion.words is not None
    send(predictions=said(0.1, 0.7, 0.9, 0.4, 0.2, 0.8), test_indices=six)
    assert part.confusion.words is None
    assert part.confusion.train.confusion == Confusion(1, 1, 1, 1)
    assert part.confusion.test.confusion == Confusion(1, 0, 0, 1)
    spoken = part.confusion.train.accessibleDescription()
    assert "1 green point called red" in spoken
    assert "accuracy 50.0 %" in spoken


def test_it_counts_only_while_it_is_seen(tab, part, six, send):
    tab.lower_pages.show_page("curves")
    send(predictions=said(*[0.9] * 6), test_indices=six)
    assert part.confusion.train.confusion.total == 0
    tab.lower_pages.show_page("confusion")
    assert part.confusion.train.confusion == Confusion(0, 2, 0, 2)


def test_answers_about_other_points_leave_it_alone(tab, part, six, send):
    tab.lower_pages.show_page("confusion")
    send(predictions=said(*[0.9] * 6), test_indices=six)
    tab.store.paint(tab.store.state.points.added((1.0, 1.0), 0))
    send(number=2, predictions=said(*[0.1] * 6), test_indices=six)
    assert part.confusion.train.confusion == Confusion(0, 2, 0, 2)
    send(number=3, predictions=said())  # a worker that says nothing
    assert part.confusion.train.confusion == Confusion(0, 2, 0, 2)


def test_values_have_no_classes(tab, part, six, send):
    tab.lower_pages.show_page("confusion")
    tab.store.change(network=NetworkSpec(head="linear"))
    send(predictions=said(*[3.5] * 6), test_indices=six)
    assert "Values" in part.confusion.words.text()
    tab.store.change(network=NetworkSpec())
    send(number=2, predictions=said(*[0.9] * 6), test_indices=six)
    assert part.confusion.words is None


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_large_numbers_are_drawn_within_their_cells(tab, part, six, look, scale):
    look.set_scale(scale)
    tab.lower_pages.show_page("confusion")
    for confusion in (Confusion(0, 0, 0, 0), Confusion(123_456, 7, 0, 5000)):
        part.confusion.train.show_confusion(confusion)
        part.confusion._stack.setCurrentIndex(1)
        assert not part.confusion.train.grab().isNull()
    look.set_scale(1.0)


@pytest.mark.parametrize("size", [(180, 196), (180, 120), (420, 300)])
def test_axes_are_named_and_texts_stay_apart_however_little_room_there_is(qtbot, look, monkeypatch, size):
    write, places = ConfusionMatrix._write, []

    def noted(self, painter, place, where, text, size, **style):
        write(self, painter, place, where, text, size, **style)
        places.append((text, painter.boundingRect(place, int(where), text)))

    monkeypatch.setattr(ConfusionMatrix, "_write", noted)
    matrix = ConfusionMatrix("matrix", "train", look)
    qtbot.addWidget(matrix)
    matrix.resize(*size)
    matrix.show_confusion(Confusion(100, 0, 0, 100))
    matrix.grab()
    texts = [text for text, _ in places]
    assert {"train", "are", "network says", "accuracy", "precision", "recall"} <= set(texts)
    assert texts.count("100.0 %") == 3
    assert texts.count("50.0 %") == (0 if size == (180, 120) else 2)  # shares of cells go first
    for (_, first), (_, second) in itertools.combinations(places, 2):
        assert not first.adjusted(0, 2, 0, -2).intersects(second)
    scores = [place for text, place in places if text == "100.0 %"]
    for left, right in itertools.pairwise(scores):
        assert right.left() - left.right() >= 3


# Gradients ----------------------------------------------------------------------------------------------------------


def gradients(*sizes):
    """Kernel and bias of layers whose norm is the size: a 3-4-5 triangle."""
    return tuple(np.array(each, np.float32) for size in sizes for each in ([[0.6 * size, 0.0]], [0.0, 0.8 * size]))


def test_a_layer_s_norm_is_that_of_kernel_and_bias_together():
    assert norms(gradients(5.0, 0.1)) == pytest.approx([5.0, 0.1])
    rng = np.random.default_rng(0)
    kernel, bias = rng.normal(size=(3, 4)).astype(np.float32), rng.normal(size=4).astype(np.float32)
    expected = math.sqrt(sum(float(value) ** 2 for value in [*kernel.ravel(), *bias]))
    assert norms([kernel, bias]) == pytest.approx([expected])


def test_norms_are_collected_unseen_and_drawn_when_seen(tab, part, send):
    tab.lower_pages.show_page("curves")
    for epoch in (1, 2, 3):
        send(number=epoch, epoch=epoch, history=np.array([[epoch, 1.0, 1, 1, 1]]), gradients=gradients(1.0, epoch))
    assert part.gradients.history.rows() == pytest.approx(np.array([[1, 1, 1], [2, 1, 2], [3, 1, 3]]))
    tab.lower_pages.show_page("gradients")
    x, y = part.gradients.plot._raw[1].getData()
    assert x.tolist() == [1, 2, 3]
    assert y == pytest.approx(np.log10([1, 2, 3]), abs=1e-6)
    assert part.gradients._numbers[1].text() == short(3.0, 3)
    names = [name.text() for name in part.gradients._names]
    assert len(names) == 2
    assert "layer 1" in names[0]
    assert "output" in names[1]


def test_hovering_reads_norms_and_a_click_goes_there(qtbot, tab, ready, part, send):
    tab.lower_pages.show_page("gradients")
    for epoch in (5, 10, 15):
        rows = np.array([[epoch, 1.0, 1, 1, 1]])
        send(number=epoch, epoch=epoch, history=rows, gradients=gradients(1.0, epoch), kept=np.arange(epoch + 1))
    part.gradients.draw()
    plot = part.gradients.plot
    place = pixel_of(plot, 10.0, np.mean(plot.getViewBox().viewRange()[1]))
    QTest.mouseMove(plot.viewport(), place)
    qtbot.waitUntil(lambda: part.gradients._numbers[1].text() == short(10.0, 3))
    assert plot.pointer.epoch == 10.0
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert ready.last(GoTo).epoch == 10


def test_looking_back_forgets_nothing_and_going_on_does(tab, part, send):
    for epoch in range(1, 6):
        send(number=epoch, epoch=epoch, history=np.array([[epoch, 1.0, 1, 1, 1]]), gradients=gradients(epoch))
    send(number=6, epoch=2, history=np.empty((0, 5)), state="paused", gradients=gradients(2.0))
    assert part.gradients.history.last == 5
    send(number=7, epoch=3, history=np.array([[3, 1.0, 1, 1, 1]]), gradients=gradients(30.0))
    assert part.gradients.history.rows()[:, 0].tolist() == [1, 2, 3]
    assert part.gradients.history.rows()[-1, 1] == pytest.approx(30.0)


def test_a_batch_in_the_past_ends_the_curves_that_came_after_it(tab, part, send):
    for epoch in range(1, 6):
        send(number=epoch, epoch=epoch, history=np.array([[epoch, 1.0, 1, 1, 1]]), gradients=gradients(epoch))
    nothing = np.empty((0, 5))
    send(number=6, epoch=2, kept=np.arange(6), history=nothing, state="paused", gradients=gradients(2.0))
    assert tab.curves.shown == 2.0
    assert tab.curves.history.last == 5
    send(number=7, epoch=2, batch=1, kept=np.arange(3), history=nothing, state="paused", gradients=gradients(2.0))
    assert tab.curves.history.rows()[:, 0].tolist() == [1, 2]
    assert part.gradients.history.rows()[:, 0].tolist() == [1, 2]
    assert tab.curves.shown is None  # the newest there is


def test_another_network_has_other_layers(tab, part, send):
    tab.lower_pages.show_page("gradients")
    send(gradients=gradients(1.0, 2.0))
    tab.network_panel.add_layer()
    assert len(part.gradients.history.rows()) == 0
    send(number=2, gradients=gradients(1.0, 2.0, 3.0))
    assert len(part.gradients._numbers) == 3


def test_a_gradient_of_nothing_has_no_place_on_the_axis(tab, part, send):
    tab.lower_pages.show_page("gradients")
    send(gradients=gradients(0.0, 1.0))
    part.gradients.draw()
    assert np.isnan(part.gradients.plot._raw[0].getData()[1]).all()
    assert part.gradients._numbers[0].text() == short(0.0, 3)
    assert np.isfinite(part.gradients.plot.getViewBox().viewRange()).all()


def test_frames_without_gradients_are_borne(tab, part, send):
    tab.lower_pages.show_page("gradients")
    send(gradients=())
    part.gradients.draw()
    assert part.gradients._numbers == []
