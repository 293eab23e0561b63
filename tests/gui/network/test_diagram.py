"""The diagram on the screen: heatmaps, links, hovering, walking, and what is asked of the training process for it."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QCursor
from PySide6.QtTest import QTest

from gdviz.gui.network.diagram.closeup import place_for
from gdviz.gui.network.diagram.heatmaps import colors_of, painted, range_of
from gdviz.gui.network.diagram.links import LEVELS
from gdviz.gui.network.diagram.part import DiagramPart
from gdviz.gui.network.diagram.spots import KEYS, Bias, Link, Neuron
from gdviz.network.spec import Layer, NetworkSpec
from gdviz.training.messages import SetProbe, SetView
from tests.gui.network.nets import forward, frame_fields, inputs_at, random_weights
from tests.windows import turn_wheel


@pytest.fixture
def part(tab):
    return next(part for part in tab.parts if isinstance(part, DiagramPart))


@pytest.fixture
def diagram(tab):
    return tab.network_panel.board.diagram


@pytest.fixture
def show(qtbot, tab, ready, a_frame, diagram):
    """Shows a network with the numbers that NumPy computes for it; returns its weights."""
    numbers = iter(range(1, 1000))

    def showing(network=None, *, weights=None, xy=None, target=1.0, **fields):
        if network is not None:
            tab.store.change(network=network)
        network = tab.store.state.network
        weights = random_weights(network) if weights is None else weights
        given = frame_fields(network, weights, extent=tab.store.state.extent, xy=xy, target=target) | fields
        frame = a_frame(tab.bridge._run, next(numbers), **given)
        ready.on_event(frame)
        qtbot.waitUntil(lambda: diagram.shown.frame is frame)
        return weights

    return showing


def hover(widget, place: QPoint) -> None:
    QTest.mouseMove(widget, place + QPoint(2, 2))  # it may be there already
    QTest.mouseMove(widget, place)


def at(diagram, spot) -> QPoint:
    return diagram.place_of(spot).toPoint()


def color_at(diagram, place: QPointF) -> QColor:
    picture = diagram.grab()
    return picture.toImage().pixelColor((place * picture.devicePixelRatioF()).toPoint())


def is_redder(color: QColor) -> bool:
    return color.red() > color.green()


# Heatmaps and links


def test_a_feature_is_red_where_it_is_low_and_green_where_it_is_high(diagram, show):
    show()
    rect = diagram.rect_of(Neuron(0, KEYS.index("x1")))
    quarter = QPointF(rect.width() * 0.3, 0)
    assert is_redder(color_at(diagram, rect.center() - quarter))
    assert not is_redder(color_at(diagram, rect.center() + quarter))
    rect = diagram.rect_of(Neuron(0, KEYS.index("x2")))
    quarter = QPointF(0, rect.height() * 0.3)
    assert is_redder(color_at(diagram, rect.center() + quarter))  # x2 grows upwards
    assert not is_redder(color_at(diagram, rect.center() - quarter))


def test_a_neuron_shows_its_own_output(diagram, show):
    network = NetworkSpec((Layer(2),))
    show(network, weights=[np.array([[1.0, -1.0], [0.0, 0.0]]), np.zeros(2), np.ones((2, 1)), np.zeros(1)])
    for unit, left_is_red in ((0, True), (1, False)):
        rect = diagram.rect_of(Neuron(1, unit))
        place = rect.center() - QPointF(rect.width() * 0.3, 0)
        assert is_redder(color_at(diagram, place)) is left_is_red


@pytest.mark.parametrize(
    ("activation", "ends"),
    [("tanh", (-1.0, 1.0)), ("sigmoid", (0.0, 1.0)), ("softsign", (-1.0, 1.0)), ("relu", (-5.0, 5.0))],
)
def test_colours_cover_the_range_of_the_activation(activation, ends):
    assert range_of(activation, np.array([[-2.0, 5.0]], np.float32)) == ends
    assert range_of("relu", np.zeros((2, 2), np.float32)) == (-1.0, 1.0)
    assert range_of("relu", np.full((2, 2), np.inf, np.float32)) == (-1e30, 1e30)


def test_pictures_have_low_values_below_and_nothing_where_there_is_no_number(look):
    colors = colors_of(look)
    values = np.array([[[-1.0, 1.0], [0.0, np.nan]]], np.float32)
    (image,) = painted(values, (-1.0, 1.0), colors)
    assert image.pixelColor(0, 1).rgb() == colors[0]
    assert image.pixelColor(1, 1).rgb() == colors[255]
    assert image.pixelColor(0, 0).rgb() == colors[128]
    assert image.pixelColor(1, 0).alpha() == 0


def test_links_are_as_thick_as_they_weigh_and_coloured_by_sign(diagram, show, look):
    network = NetworkSpec((Layer(2),))
    first = np.array([[5.0, -5.0], [0.01, 1.0]])
    show(network, weights=[first, np.zeros(2), np.zeros((2, 1)), np.zeros(1)])
    level = {}
    for batch in diagram.links.batches:
        for line in batch.lines:
            level[round(line.x1()), round(line.y1()), round(line.y2())] = batch.level, batch.positive

    def drawn(link):
        x, y, _, end = diagram.plan.line(link)
        return level[round(x), round(y), round(end)]

    assert drawn(Link(1, 0, 0)) == (LEVELS - 1, True)
    assert drawn(Link(1, 0, 1)) == (LEVELS - 1, False)
    assert drawn(Link(1, 1, 0)) == (0, True)
    assert 0 < drawn(Link(1, 1, 1))[0] < LEVELS - 1
    assert diagram.links.strongest == 5.0
    for link, label in ((Link(1, 0, 0), 1), (Link(1, 0, 1), 0)):
        x, y, end, below = diagram.plan.line(link)
        color = color_at(diagram, QPointF(x + 0.1 * (end - x), y + 0.1 * (below - y)))
        assert is_redder(color) is (label == 0)


def test_links_can_show_gradients(qtbot, tab, diagram, show):
    weights = show(NetworkSpec((Layer(2),)))
    gradients = tuple(np.full_like(weight, 1e-4, dtype=np.float32) for weight in weights)
    gradients[0][1, 1] = -1e-2
    show(weights=weights, gradients=gradients)
    QTest.keyClick(tab.canvas, Qt.Key.Key_W)
    assert diagram.links.strongest == pytest.approx(1e-2)
    strongest = diagram.links.batches[-1]
    assert (strongest.level, strongest.positive, len(strongest.lines)) == (LEVELS - 1, False, 1)
    QTest.keyClick(tab.canvas, Qt.Key.Key_W)
    assert diagram.links.strongest == pytest.approx(max(np.abs(each).max() for each in weights[::2]))


def test_of_very_many_links_the_strongest_are_drawn(diagram, show):
    weights = show(NetworkSpec((Layer(60),) * 6))
    assert diagram.links.hidden > 0
    drawn = sum(len(batch.lines) for batch in diagram.links.batches)
    assert drawn <= 250 < sum(weight.size for weight in weights[::2])


def test_dropout_and_dead_neurons_are_seen(diagram, show):
    network = NetworkSpec((Layer(3, dropout=0.5), Layer(2)))
    weights = show(network)
    plain = diagram.grab().toImage()
    none = np.zeros(3, bool), np.zeros(2, bool)
    one = np.array([False, True, False]), np.zeros(2, bool)
    for fields in ({"dark": one, "flat": none}, {"dark": none, "flat": one}):
        show(weights=weights, **fields)
        marked = diagram.grab().toImage()

        def differs(neuron, marked=marked):
            rect = diagram.rect_of(neuron).adjusted(-1, -1, 1, 1).toAlignedRect()
            return plain.copy(rect) != marked.copy(rect)

        assert differs(Neuron(1, 1))
        assert not differs(Neuron(1, 0))
        assert not differs(Neuron(2, 0))


@pytest.mark.parametrize("bad", [np.nan, np.inf, 1e38, -3e38])
def test_bears_numbers_that_are_none(diagram, show, bad):
    network = NetworkSpec((Layer(3, "relu"),))
    weights = random_weights(network)
    fields = frame_fields(network, weights)
    with np.errstate(all="ignore"):
        show(
            network,
            weights=weights,
            neurons=tuple(np.full_like(layer, bad) for layer in fields["neurons"]),
            boundary=np.full_like(fields["boundary"], bad),
            gradients=tuple(np.full_like(weight, bad) for weight in fields["gradients"]),
        )
    assert not diagram.grab().isNull()


def test_before_the_first_frame_and_between_networks_the_bare_network_is_drawn(tab, diagram, show):
    assert not diagram.grab().isNull()
    show(xy=(1.0, 1.0))
    tab.store.change(network=NetworkSpec((Layer(3), Layer(5), Layer(2)), "softmax"))
    assert diagram.shown.counts == (len(KEYS), 3, 5, 2, 2)
    assert diagram.shown.weights is None
    assert not diagram.grab().isNull()


def test_without_hidden_layers_inputs_go_straight_to_the_output(tab, diagram, show):
    show(NetworkSpec(()), xy=(1.0, 1.0))
    assert len(diagram.plan.columns) == 2
    assert sum(len(batch.lines) for batch in diagram.links.batches) == 2
    assert Neuron(1, 0) in diagram.heatmaps.images


# What the training process is asked for


def test_heatmaps_are_asked_for_only_while_they_are_seen(qtbot, tab, ready):
    assert ready.last(SetView).neuron_samples == 32
    tab.pages.show_page("training")
    assert ready.last(SetView).neuron_samples == 0
    tab.pages.show_page("network")
    assert ready.last(SetView).neuron_samples == 32
    tab.store.change(network=NetworkSpec((Layer(64), Layer(64), Layer(64), Layer(64))))
    assert ready.last(SetView).neuron_samples == 8
    tab.store.change(network=NetworkSpec(()))
    assert ready.last(SetView).neuron_samples == 0


def test_the_extent_stays_what_it_is_when_heatmaps_are_asked_for(tab, ready, some_points):
    far = some_points.added([(30.0, 30.0)], 1)
    tab.store.change(points=far, extent=(-40.0, 40.0, -40.0, 40.0))
    tab.pages.show_page("training")
    assert ready.last(SetView).extent == (-40.0, 40.0, -40.0, 40.0)


# The mouse


def test_a_click_takes_a_feature_in_and_out_and_one_stays(tab, diagram):
    for key, expected in (
        ("x1_x2", ("x1", "x2", "x1_x2")),
        ("x1", ("x2", "x1_x2")),
        ("x2", ("x1_x2",)),
        ("x1_x2", ("x1_x2",)),
    ):
        QTest.mouseClick(diagram, Qt.MouseButton.LeftButton, pos=at(diagram, Neuron(0, KEYS.index(key))))
        assert tab.store.state.network.features == expected
    assert tab.banner.text == "The network sees one input at least: take in another one before this goes."


def test_hovering_a_neuron_enlarges_it_and_shows_its_arithmetic(qtbot, tab, part, diagram, show):
    network = NetworkSpec((Layer(3), Layer(2)))
    weights = show(network, xy=(1.5, -0.5))
    hover(diagram, at(diagram, Neuron(2, 1)))
    qtbot.waitUntil(part.closeup.isVisible)
    sums, outputs = forward(network, weights, inputs_at(network, 1.5, -0.5))
    told = part.closeup.arithmetic
    assert [term.value for term in told.terms] == pytest.approx(outputs[0].tolist(), rel=1e-5)
    assert [term.weight for term in told.terms] == pytest.approx(weights[2][:, 1].tolist(), rel=1e-5)
    assert told.total == pytest.approx(sums[1][1], rel=1e-5)
    assert told.output == pytest.approx(outputs[1][1], rel=1e-5)
    assert not part.closeup.grab().isNull()
    board = tab.network_panel.board
    over = QRect(tab.mapFromGlobal(board.mapToGlobal(QPoint())), board.size())
    assert not part.closeup.geometry().intersects(over)  # links and settings stay within reach
    assert tab.rect().contains(part.closeup.geometry())


def test_a_closeup_waits_for_a_mouse_on_its_way_and_not_for_one_that_rests(
    qtbot, tab, part, diagram, show, monkeypatch
):
    show(NetworkSpec((Layer(3), Layer(2))), xy=(1.5, -0.5))
    monkeypatch.setattr(QCursor, "pos", lambda: diagram.mapToGlobal(seen[-1]))
    seen = [at(diagram, Neuron(2, 1))]
    hover(diagram, seen[-1])
    qtbot.waitUntil(part.closeup.isVisible)
    look_at = part._look_at
    seen.append(seen[-1] - QPoint(40, 0))
    hover(diagram, seen[-1])  # it leaves the neuron
    seen.append(seen[-1] - QPoint(20, 0))
    look_at._soon.timeout.emit()  # the time is over, but it came nearer
    assert part.closeup.isVisible()
    assert look_at._soon.isActive()
    qtbot.waitUntil(lambda: not part.closeup.isVisible())  # it rests


def test_a_closeup_has_room_for_arithmetic_that_comes_later(qtbot, tab, part, diagram, show):
    network = NetworkSpec((Layer(8), Layer(8)))
    show(network)
    hover(diagram, at(diagram, Neuron(2, 1)))
    qtbot.waitUntil(part.closeup.isVisible)
    assert part.closeup.arithmetic is None
    show(network, xy=(1.5, -0.5))
    assert part.closeup.arithmetic is not None
    assert part.closeup.size() == part.closeup.sizeHint()
    assert tab.rect().contains(part.closeup.geometry())


@pytest.mark.parametrize(
    ("board", "left_top"),
    [
        (QRect(700, 100, 300, 300), (399, 149)),
        (QRect(0, 100, 300, 300), (300, 149)),
        (QRect(100, 100, 800, 300), (349, 400)),
        (QRect(100, 350, 800, 350), (349, 149)),
        (QRect(100, 100, 900, 420), (399, 499)),
        (QRect(0, 0, 1000, 700), (188, 249)),
    ],
)
def test_a_closeup_covers_least_of_the_diagram(board, left_top):
    cell = QRect(board.center() - QPoint(10, 10), QSize(21, 21))
    place = place_for(size=QSize(301, 201), over=QRect(0, 0, 1000, 700), cell=cell, board=board)
    assert (place.left(), place.top()) == left_top
    assert not place.intersects(cell)


def test_the_mouse_over_the_large_heatmap_moves_the_point(qtbot, tab, ready, part, diagram, show):
    show(xy=(0.0, 0.0))
    hover(diagram, at(diagram, Neuron(1, 0)))
    qtbot.waitUntil(part.closeup.isVisible)
    heat = part.closeup.heat_rect
    QTest.mouseMove(part.closeup, heat.topLeft() + QPoint(round(heat.width() * 0.75), round(heat.height() * 0.25)))
    qtbot.waitUntil(lambda: any(isinstance(command, SetProbe) and command.xy for command in ready.sent))
    left, right, low, high = tab.store.state.extent
    place = left + 0.75 * (right - left), low + 0.75 * (high - low)
    qtbot.waitUntil(lambda: ready.last(SetProbe).xy == pytest.approx(place, abs=0.02 * (right - left)))
    QTest.mouseClick(part.closeup, Qt.MouseButton.LeftButton, pos=heat.center())
    assert part.probe.pinned
    QTest.mouseMove(part.closeup, heat.topLeft() + QPoint(3, 3))
    assert part.probe.place == pytest.approx(((left + right) / 2, (low + high) / 2), abs=0.1)
    QTest.mouseMove(diagram, QPoint(diagram.width() - 3, 3))
    qtbot.waitUntil(lambda: not part.closeup.isVisible())


def test_the_closeup_of_a_neuron_that_goes_is_closed(qtbot, tab, part, diagram, show):
    show(NetworkSpec((Layer(3),)))
    hover(diagram, at(diagram, Neuron(1, 2)))
    qtbot.waitUntil(part.closeup.isVisible)
    show(NetworkSpec((Layer(2),)))
    qtbot.waitUntil(lambda: not part.closeup.isVisible())


def test_resting_on_a_link_tells_its_numbers(diagram, show):
    weights = show()
    assert diagram.words_of(Neuron(1, 3)) == ""  # it is enlarged
    text = diagram.words_of(Link(1, 1, 3))
    assert text.startswith("x2 → layer 1, neuron 4")
    assert f"weight {weights[0][1, 3]:.4f}".replace("-", "−") in text
    assert "gradient" in text


# The keyboard


def test_arrow_keys_walk_and_do_not_train(qtbot, tab, ready, part, diagram, show):
    show(NetworkSpec((Layer(3), Layer(4))), xy=(1.0, 1.0))
    diagram.setFocus()
    sent = len(ready.sent)
    seen = []
    keys = Qt.Key
    for key in (keys.Key_Right, keys.Key_Down, keys.Key_Right, keys.Key_Up, keys.Key_Right, keys.Key_Left):
        QTest.keyClick(diagram, key)
        seen.append(diagram.selected)
    assert seen == [
        Neuron(1, 0),
        Neuron(1, 1),
        Link(2, 1, 2),
        Link(2, 1, 1),
        Neuron(2, 1),
        Link(2, 1, 1),
    ]
    assert not any(type(command).__name__ in ("StepEpoch", "GoTo") for command in ready.sent[sent:])
    QTest.keyClick(diagram, keys.Key_Right)
    qtbot.waitUntil(part.closeup.isVisible)  # as if the mouse were there
    QTest.keyClick(diagram, keys.Key_Escape)
    assert diagram.selected is None
    qtbot.waitUntil(lambda: not part.closeup.isVisible())


def test_enter_takes_a_feature_in(tab, diagram, show):
    show()
    diagram.setFocus()
    diagram.select(Neuron(0, KEYS.index("sin_x1")))
    QTest.keyClick(diagram, Qt.Key.Key_Return)
    assert tab.store.state.network.features == ("x1", "x2", "sin_x1")


def test_insert_and_delete_change_the_layers(tab, diagram, show):
    show(NetworkSpec((Layer(3), Layer(5))))
    diagram.setFocus()
    diagram.select(Neuron(1, 0))
    QTest.keyClick(diagram, Qt.Key.Key_Insert)
    assert [layer.units for layer in tab.store.state.network.hidden] == [3, 3, 5]
    diagram.select(Neuron(3, 0))
    QTest.keyClick(diagram, Qt.Key.Key_Delete)
    assert [layer.units for layer in tab.store.state.network.hidden] == [3, 3]


# Large networks


def test_eight_layers_of_64_are_scrolled_and_counted(qtbot, tab, diagram, show):
    show(NetworkSpec((Layer(64),) * 8), xy=(1.0, 1.0))
    board = tab.network_panel.board
    qtbot.waitUntil(lambda: board.horizontalScrollBar().maximum() > 0)
    column = diagram.plan.columns[3]
    assert column.collapsed
    turn_wheel(diagram, QPoint(round(column.centre), diagram.height() // 2))
    assert diagram.plan.columns[3].first == 1
    diagram.setFocus()
    diagram.select(Neuron(8, 63))
    assert diagram.plan.columns[8].row(63) is not None
    qtbot.waitUntil(lambda: diagram.visibleRegion().contains(at(diagram, Neuron(8, 63))))
    assert not diagram.grab().isNull()


def test_the_diagram_takes_the_room_of_the_canvas_and_gives_it_back(qtbot, tab, diagram, show):
    show()
    before = tab.columns.sizes()
    small = diagram.plan.columns[1].side
    QTest.keyClick(tab.canvas, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: diagram.width() > 0.6 * tab.width())
    assert diagram.plan.columns[1].side > small
    assert tab.canvas.isVisible()
    QTest.keyClick(tab.canvas, Qt.Key.Key_D)
    qtbot.waitUntil(lambda: tab.columns.sizes() == before)


@pytest.mark.parametrize("scale", [0.75, 1.0, 1.5, 2.0])
def test_is_drawn_at_every_text_scale_and_theme(qtbot, tab, look, diagram, show, scale):
    show(xy=(1.0, 1.0))
    look.set_scale(scale)
    look.set_theme("white")
    try:
        assert not diagram.grab().isNull()
        assert diagram.plan.columns[1].shown >= 1
        rect = diagram.rect_of(Neuron(0, 0))
        assert is_redder(color_at(diagram, rect.center() - QPointF(rect.width() * 0.3, 0)))
    finally:
        look.set_theme("dark")
        look.set_scale(1.0)


def test_a_bias_is_a_dot_at_its_cell(diagram, show):
    show(NetworkSpec((Layer(2),)), weights=[np.ones((2, 2)), np.array([2.0, -2.0]), np.ones((2, 1)), np.zeros(1)])
    assert not is_redder(color_at(diagram, diagram.place_of(Bias(1, 0))))
    assert is_redder(color_at(diagram, diagram.place_of(Bias(1, 1))))


def test_what_is_nothing_has_the_colour_of_no_sign(qtbot, tab, diagram, show, look):
    weights = show(NetworkSpec((Layer(2),)), weights=[np.ones((2, 2)), np.zeros(2), np.ones((2, 1)), np.zeros(1)])
    muted = QColor(look.theme.muted)
    assert color_at(diagram, diagram.place_of(Bias(1, 0))) == muted
    gradients = tuple(np.full_like(weight, -1.0, dtype=np.float32) for weight in weights)
    gradients[0][:, 1] = 0.0  # as of a dead neuron
    show(weights=weights, gradients=gradients)
    QTest.keyClick(tab.canvas, Qt.Key.Key_W)
    assert {(batch.positive, len(batch.lines)) for batch in diagram.links.batches} == {(None, 2), (False, 4)}
