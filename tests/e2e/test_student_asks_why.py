"""A student asks why the network says so: points, pins, walks forward and back, then turns a weight by hand."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from gdviz.gui.network.diagram.part import DiagramPart
from gdviz.gui.network.diagram.spots import Link, Neuron, place_of
from gdviz.network.features import inputs_of

LOADING, LEARNING = 120_000, 60_000  # milliseconds, on a busy machine


def test_a_student_asks_why_and_changes_a_weight(qtbot, window):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    canvas, diagram = tab.canvas.viewport(), tab.network_panel.board.diagram
    part = next(part for part in tab.parts if isinstance(part, DiagramPart))
    page = part.why
    qtbot.waitUntil(canvas.isVisible)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.metrics.accuracy > 0.8, timeout=LEARNING)
    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.frame.state == "paused", timeout=LEARNING)

    # Every neuron has its heatmap, computed by the process that trains.
    qtbot.waitUntil(lambda: Neuron(2, 7) in diagram.heatmaps.images, timeout=LEARNING)
    qtbot.waitUntil(lambda: Neuron(3, 0) in diagram.heatmaps.images, timeout=LEARNING)

    # The point under the mouse is explained; K pins it, and the mouse may leave.
    qtbot.mouseMove(canvas, tab.canvas.place_of(1.0, 1.5).toPoint() + QPoint(3, 3))
    qtbot.mouseMove(canvas, tab.canvas.place_of(1.0, 1.5).toPoint())
    qtbot.waitUntil(lambda: _explained(tab, part), timeout=LEARNING)
    qtbot.keyClick(window, Qt.Key.Key_K)
    place = part.probe.place
    qtbot.mouseMove(canvas, tab.canvas.place_of(-4.0, -4.0).toPoint())
    qtbot.waitUntil(lambda: _explained(tab, part), timeout=LEARNING)
    told, weights = tab.frame.explanation, tab.frame.weights
    assert told.xy == pytest.approx(place)

    # Forward: what Keras says is what one computes by hand from the weights that are shown.
    network = tab.store.state.network
    value = np.array(inputs_of(*np.array(place), network.features, tab.frame.scaling))
    for layer in range(len(network.hidden) + 1):
        sums = value @ weights[2 * layer] + weights[2 * layer + 1]
        assert told.sums[layer] == pytest.approx(sums, rel=1e-4, abs=1e-5)
        value = np.tanh(sums) if layer < len(network.hidden) else 1.0 / (1.0 + np.exp(-sums))
        assert told.outputs[layer] == pytest.approx(value, rel=1e-4, abs=1e-5)
    chance = told.outputs[-1][0]
    assert told.loss == pytest.approx(-np.log(chance if told.target else 1.0 - chance), rel=1e-3, abs=1e-5)

    # Page Down goes through it step by step, and the diagram shows which links it is about.
    qtbot.keyClick(window, Qt.Key.Key_PageDown)
    qtbot.waitUntil(lambda: page.shown_steps == 1 and len(page.steps) > 1)
    while page.shown_steps < len(page.steps):
        qtbot.keyClick(window, Qt.Key.Key_PageDown)  # where there is little room, it may first read a step to its end
        assert diagram.lit == page.steps[page.shown_steps - 1].lit
    slopes = [step for step in page.steps if step.title.startswith("The weight")]
    assert len(slopes) == 3
    for step in slopes:
        link = next(spot for spot in step.lit if isinstance(spot, Link))
        tensor, index = place_of(network, link)
        layer = link.column - 1
        handed_on = told.inputs if layer == 0 else told.outputs[layer - 1]
        outer, slope = told.d_outputs[layer][link.unit], told.d_sums[layer][link.unit]
        bend = slope / outer  # how the activation bends there
        assert outer * bend * handed_on[index[0]] == pytest.approx(step.lines[1].result, rel=1e-3, abs=1e-7)
        assert step.lines[1].result == told.d_weights[tensor][index]

    # The slope is true: a weight that is made a little larger changes the loss by so much.
    link = next(spot for spot in slopes[0].lit if isinstance(spot, Link))
    tensor, index = place_of(network, link)
    before, loss, slope = float(weights[tensor][index]), told.loss, float(told.d_weights[tensor][index])
    _type_weight(qtbot, diagram, part, link, before + 0.01)
    qtbot.waitUntil(lambda: abs(tab.frame.weights[tensor][index] - before - 0.01) < 1e-5, timeout=LEARNING)
    qtbot.waitUntil(lambda: _explained(tab, part), timeout=LEARNING)
    assert tab.frame.explanation.loss - loss == pytest.approx(0.01 * slope, rel=0.1, abs=2e-5)

    # And a large change is seen in the boundary.
    boundary = tab.frame.boundary.copy()
    _type_weight(qtbot, diagram, part, link, before + 3.0)
    qtbot.waitUntil(lambda: abs(tab.frame.weights[tensor][index] - before - 3.0) < 1e-4, timeout=LEARNING)
    assert np.abs(tab.frame.boundary - boundary).max() > 0.05

    # Training goes on from there.
    trained = tab.epoch
    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: tab.epoch > trained + 5, timeout=LEARNING)
    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)


def _explained(tab, part) -> bool:
    """Whether the frame that is shown explains the point that is asked for."""
    told, place = tab.frame.explanation, part.probe.place
    return told is not None and place is not None and told.xy == pytest.approx(place)


def _type_weight(qtbot, diagram, part, link, value):
    """Click the link where nothing is nearer, type, Enter."""
    line = diagram.plan.line(link)
    for share in np.linspace(0.05, 0.95, 91):
        x, y = line[:2] + share * (line[2:] - line[:2])
        place = QPoint(round(x), round(y))
        if diagram.spot_at(place) == link:
            break
    qtbot.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=place)
    popup = part.weight_popup
    qtbot.waitUntil(lambda: popup.isVisible() and popup.field.hasFocus())
    assert popup.spot == link
    qtbot.keyClick(popup.field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(popup.field, f"{value:.6f}")
    qtbot.keyClick(popup.field, Qt.Key.Key_Return)
    assert not popup.isVisible()
