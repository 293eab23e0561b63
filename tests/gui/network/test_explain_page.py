"""The point under the mouse: followed, pinned, picked; and the page that explains it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QScrollArea, QToolButton

from gdviz.gui.network.diagram.part import DiagramPart
from gdviz.gui.network.diagram.spots import Link, Neuron, place_of
from gdviz.gui.widgets.formula_label import FormulaLabel
from gdviz.network.spec import Layer, NetworkSpec
from gdviz.training.messages import SetProbe
from tests.gui.network.nets import forward, frame_fields, inputs_at, random_weights

NETWORK = NetworkSpec((Layer(3), Layer(2)))


@pytest.fixture
def part(tab):
    return next(part for part in tab.parts if isinstance(part, DiagramPart))


@pytest.fixture
def page(part):
    return part.why


@pytest.fixture
def explain(qtbot, tab, ready, a_frame, part):
    """Answers the newest SetProbe, as the training process would; returns the weights."""
    tab.store.change(network=NETWORK)
    weights = random_weights(NETWORK)
    numbers = iter(range(1, 1000))

    def answer(changed=None, **fields):
        asked = ready.last(SetProbe)
        given = frame_fields(
            NETWORK, changed or weights, extent=tab.store.state.extent, xy=asked.xy, target=asked.target
        )
        frame = a_frame(tab.bridge._run, next(numbers), **(given | fields))
        ready.on_event(frame)
        qtbot.waitUntil(lambda: tab.frame is frame)
        return weights

    return answer


def hover(tab, at, *place):
    QTest.mouseMove(tab.canvas.viewport(), at(*place) + QPoint(2, 2))  # it may be there already
    QTest.mouseMove(tab.canvas.viewport(), at(*place))


def page_down_to(tab, page, number):
    """Press Page Down until the step is told; before that it reads to the end of the step before."""
    while page.shown_steps < number:
        QTest.keyClick(tab.canvas, Qt.Key.Key_PageDown)


def settle(qtbot, page):
    """Wait until all is typeset and stays in its place."""
    places = []

    def settled():
        QApplication.processEvents()
        labels = [label for label in page.findChildren(FormulaLabel) if label.isVisible()]
        waits = page._steady.isActive() or page._to_newest.isActive() or not all(label.complete for label in labels)
        places.append(None if waits else [block.geometry() for block in page.blocks])
        return places[-1] is not None and places[-3:] == [places[-1]] * 3

    qtbot.waitUntil(settled, timeout=30_000)


def read_to_the_end(qtbot, tab, page):
    settle(qtbot, page)
    while page.next.isEnabled():
        QTest.keyClick(tab.canvas, Qt.Key.Key_PageDown)


def probes(ready):
    return [command for command in ready.sent if isinstance(command, SetProbe)]


def test_the_point_follows_the_mouse_at_most_once_a_frame(qtbot, tab, ready, part, at):
    for x in np.linspace(-4.0, 4.0, 60):
        hover(tab, at, x, 1.0)
    qtbot.waitUntil(lambda: bool(probes(ready)) and probes(ready)[-1].xy[0] == pytest.approx(4.0, abs=0.1))
    xs = [command.xy[0] for command in probes(ready)]
    assert max(np.diff(xs, prepend=xs[0]) * -1) < 0.1  # in order, a pixel or two aside
    assert len(xs) <= 60


def test_it_stays_where_the_mouse_left_and_where_it_is_pinned(qtbot, tab, ready, part, at):
    hover(tab, at, 2.0, 1.0)
    qtbot.waitUntil(lambda: part.probe.place is not None)
    QTest.keyClick(tab.canvas, Qt.Key.Key_K)
    assert part.probe.pinned
    pinned = part.probe.place
    hover(tab, at, -3.0, -3.0)
    qtbot.waitUntil(lambda: part.probe._hovered[0] < 0)
    assert part.probe.place == pinned
    QTest.keyClick(tab.canvas, Qt.Key.Key_K)
    qtbot.waitUntil(lambda: part.probe.place[0] < 0)


def test_a_click_picks_a_point_and_paints_nothing(qtbot, tab, ready, part, page, at):
    tab.lower_pages.show_page("explain")
    hover(tab, at, -3.0, 3.0)
    QTest.mouseClick(page.pick, Qt.MouseButton.LeftButton)
    QTest.mouseClick(tab.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at(1.5, -2.0))
    assert part.probe.pinned
    assert float(tab.paint_panel._place[0].text()) == pytest.approx(1.5, abs=0.1)
    assert part.probe.place == pytest.approx((1.5, -2.0), abs=0.05)
    assert len(tab.store.state.points) == 0
    tab.canvas.show_output(None)  # it tells once more what is under the mouse
    part.probe.free()
    assert part.probe.place == pytest.approx((1.5, -2.0), abs=0.05)
    QTest.keyClick(tab.canvas, Qt.Key.Key_P)  # another tool
    assert not page.pick.isChecked()
    QTest.mouseClick(tab.canvas.viewport(), Qt.MouseButton.LeftButton, pos=at(0.0, 0.0))
    assert len(tab.store.state.points) == 1
    assert part.probe.place == pytest.approx((1.5, -2.0), abs=0.05)
    QTest.mouseClick(page.pick, Qt.MouseButton.LeftButton)  # the tab can be closed in the middle of it


def test_nothing_is_asked_for_while_nobody_looks(qtbot, tab, ready, part, at):
    tab.pages.show_page("training")
    hover(tab, at, 2.0, 1.0)
    qtbot.waitUntil(lambda: part.probe.place is not None)
    qtbot.waitUntil(lambda: not part.probe._soon.isActive())
    assert not any(command.xy for command in probes(ready))
    tab.pages.show_page("network")
    qtbot.waitUntil(lambda: bool(probes(ready)) and probes(ready)[-1].xy is not None)
    tab.pages.show_page("training")
    qtbot.waitUntil(lambda: probes(ready)[-1].xy is None)


def test_the_target_is_that_of_the_nearest_point_unless_it_is_chosen(qtbot, tab, ready, part, at, some_points):
    tab.store.change(points=some_points)
    tab.lower_pages.show_page("explain")
    part.probe.pin((2.5, 2.5))
    qtbot.waitUntil(lambda: bool(probes(ready)) and probes(ready)[-1] == SetProbe((2.5, 2.5), 1.0))
    part.probe.pin((-2.2, -2.5))
    qtbot.waitUntil(lambda: probes(ready)[-1] == SetProbe((-2.2, -2.5), 0.0))
    box = tab.findChild(QComboBox, "network.why.target")
    box.setFocus()
    for _ in range(2):
        QTest.keyClick(box, Qt.Key.Key_Down)
    assert box.currentText() == "green"
    qtbot.waitUntil(lambda: probes(ready)[-1] == SetProbe((-2.2, -2.5), 1.0))
    tab.store.change(network=NetworkSpec(head="linear"))
    assert not box.isEnabled()
    valued = some_points.of(some_points.xy, some_points.labels, [10.0, 20.0, 30.0, 40.0])
    tab.store.change(points=valued)
    qtbot.waitUntil(lambda: probes(ready)[-1] == SetProbe((-2.2, -2.5), 20.0))


def test_the_process_is_told_again_after_a_new_network(qtbot, tab, ready, part):
    part.probe.pin((1.0, 2.0))
    qtbot.waitUntil(lambda: len(probes(ready)) == 1)
    tab.store.change(network=NetworkSpec((Layer(3),)))
    qtbot.waitUntil(lambda: len(probes(ready)) == 2)
    assert ready.kinds().index("SetProbe", ready.kinds().index("SetProbe") + 1) > ready.kinds().index(
        "Configure", ready.kinds().index("SetProbe")
    )


def test_page_down_goes_forward_and_back_through_the_network(qtbot, tab, ready, part, page, at, explain):
    diagram = tab.network_panel.board.diagram
    hover(tab, at, 2.0, 1.0)
    qtbot.waitUntil(lambda: bool(probes(ready)) and probes(ready)[-1].xy == part.probe.place)
    weights = explain()
    QTest.keyClick(tab.canvas, Qt.Key.Key_PageDown)
    assert page.isVisible()
    assert part.probe.pinned  # what is explained must not run away
    qtbot.waitUntil(lambda: page.shown_steps == 1)
    place = ready.last(SetProbe).xy
    sums, _ = forward(NETWORK, weights, inputs_at(NETWORK, *place))
    neuron = next(spot for spot in diagram.lit if isinstance(spot, Neuron))
    assert neuron.column == 1
    block = page.blocks[0]
    assert block.step.lines[0].result == pytest.approx(sums[0][neuron.unit], rel=1e-5)
    assert f"layer 1, neuron {neuron.unit + 1}" in block.title.text()
    told = part.tab.frame.explanation
    for number in range(2, len(page.steps) + 1):
        page_down_to(tab, page, number)
        assert diagram.lit == page.steps[number - 1].lit
        assert page.blocks[number - 1].isVisible()
    read_to_the_end(qtbot, tab, page)
    assert not page.next.isEnabled()
    assert tab.findChild(QLabel, "network.why.count").text() == f"{number} of {number}"
    slopes = [step for step in page.steps if step.title.startswith("The weight")]
    for step in slopes:
        tensor, index = place_of(NETWORK, next(spot for spot in step.lit if isinstance(spot, Link)))
        assert step.lines[1].result == told.d_weights[tensor][index]
    while page.shown_steps == len(page.steps):
        QTest.keyClick(tab.canvas, Qt.Key.Key_PageUp)
    assert page.shown_steps == len(page.steps) - 1
    assert not page.blocks[-1].isVisible()
    tab.lower_pages.show_page("curves")
    assert diagram.lit == ()


def test_page_down_reads_a_step_to_its_end_where_there_is_little_room(qtbot, tab, ready, part, page, explain):
    tab.resize(1000, 600)
    tab.lower_pages.show_page("explain")
    part.probe.pin((1.0, 1.0))
    qtbot.waitUntil(lambda: bool(probes(ready)))
    explain()
    view, read_on = page.findChild(QScrollArea).viewport(), 0
    for number in range(1, len(page.steps) + 1):
        page_down_to(tab, page, number)
        settle(qtbot, page)
        block = page.blocks[number - 1]
        top = block.mapTo(view, QPoint()).y()
        assert top >= 0
        seen = view.height() - top
        while page.next.isEnabled() and seen < block.height() - 4:
            QTest.keyClick(tab.canvas, Qt.Key.Key_PageDown)
            assert page.shown_steps == number
            now_seen = view.height() - block.mapTo(view, QPoint()).y()
            assert seen < now_seen < seen + view.height()  # nothing is skipped
            seen, read_on = now_seen, read_on + 1
    assert read_on
    assert not page.next.isEnabled()
    QTest.keyClick(tab.canvas, Qt.Key.Key_PageDown)
    assert page.shown_steps == len(page.steps)
    assert view.height() - block.mapTo(view, QPoint()).y() == seen


def test_the_way_leads_through_the_neuron_that_is_clicked(qtbot, tab, ready, part, page, explain):
    diagram = tab.network_panel.board.diagram
    tab.lower_pages.show_page("explain")
    part.probe.pin((1.0, 1.0))
    qtbot.waitUntil(lambda: bool(probes(ready)))
    explain()
    for unit in (0, 2, 1):
        QTest.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=diagram.place_of(Neuron(1, unit)).toPoint())
        assert page.steps[0].lit[0] == Neuron(1, unit)
    diagram.select(Link(1, 1, 2))
    slopes = [step for step in page.steps if step.title.startswith("The weight")]
    assert Link(1, 1, 2) in slopes[-1].lit


def test_numbers_follow_the_training_as_text_and_are_typeset_at_rest(qtbot, tab, ready, part, page, explain):
    tab.lower_pages.show_page("explain")
    part.probe.pin((1.0, 1.0))
    qtbot.waitUntil(lambda: bool(probes(ready)))
    weights = explain()
    QTest.mouseClick(tab.findChild(QToolButton, "network.why.next"), Qt.MouseButton.LeftButton)
    first = page.blocks[0].step.lines[0].result
    explain([weight * 1.5 for weight in weights])
    qtbot.waitUntil(lambda: page.blocks[0].step.lines[0].result != first)
    numbers = page.blocks[0].lines[0][1]
    qtbot.waitUntil(lambda: numbers.latex == page.blocks[0].step.lines[0].numbers)
    qtbot.waitUntil(lambda: numbers.complete)


def test_another_network_begins_anew_and_errors_do_not(qtbot, tab, ready, part, page, explain):
    tab.lower_pages.show_page("explain")
    part.probe.pin((1.0, 1.0))
    qtbot.waitUntil(lambda: bool(probes(ready)))
    explain()
    page.step_on()
    page.step_on()
    tab.store.change(network=NetworkSpec((Layer(1),)))
    assert page.steps == ()
    assert "Move over the canvas" in tab.findChild(QLabel, "network.why.hint").text()
    tab.store.change(network=NETWORK)
    qtbot.waitUntil(lambda: probes(ready)[-1].xy is not None)
    explain()
    qtbot.waitUntil(lambda: len(page.steps) > 0)
    with np.errstate(all="ignore"):
        explain(weights=tuple(np.full_like(weight, np.nan, dtype=np.float32) for weight in random_weights(NETWORK)))
    assert page.isVisible()
