"""Where cells and links lie, what is at a place, and where arrow keys lead: geometry without a window."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.gui.network.diagram.plan import Sizes, column_at, plan, spot_at
from gdviz.gui.network.diagram.spots import KEYS, Bias, Link, Neuron, counts, exists, place_of
from gdviz.gui.network.diagram.walk import ARROWS, Stand, walked
from gdviz.network.spec import Layer, NetworkSpec

SIZES = Sizes(smallest=14.0, largest=112.0)
networks = st.builds(
    lambda units, head, features: NetworkSpec(
        tuple(Layer(count) for count in units), head, features=tuple(key for key in KEYS if key in features)
    ),
    st.lists(st.integers(1, 64), max_size=8),
    st.sampled_from(["sigmoid", "softmax", "linear"]),
    st.sets(st.sampled_from(KEYS), min_size=1),
)


def used(network):
    return np.array([key in network.features for key in KEYS])


def laid_out(network, width=900.0, height=400.0, **first):
    return plan(counts=counts(network), first=first, width=width, height=height, sizes=SIZES)


@given(network=networks, width=st.floats(900, 2000), height=st.floats(120, 1000))
def test_cells_lie_within_the_diagram_and_never_on_each_other(network, width, height):
    made = laid_out(network, width, height)
    assert len(made.columns) == len(network.hidden) + 2
    for index, column in enumerate(made.columns):
        assert column.shown >= 1
        assert column.left <= column.centre - column.side / 2
        assert column.centre + column.side / 2 <= column.left + column.width
        tops = [made.rect(Neuron(index, column.first + row))[1] for row in range(column.shown)]
        assert min(tops) >= 0.0
        assert max(tops) + column.side <= height
        assert all(np.diff(tops) >= column.side)
        if column.collapsed:  # even the smallest cells would not fit
            assert column.total * (SIZES.smallest + SIZES.gap) > height - 2 * SIZES.gap - 4


@given(network=networks, seed=st.integers(0, 1000))
def test_what_is_shown_at_a_place_is_found_there(network, seed):
    made = laid_out(network)
    rng = np.random.default_rng(seed)
    column = int(rng.integers(len(made.columns)))
    cells = made.columns[column]
    unit = cells.first + int(rng.integers(cells.shown))
    x, y, side, _ = made.rect(Neuron(column, unit))
    assert spot_at(made, used(network), x + 0.7 * side, y + 0.4 * side) == Neuron(column, unit)
    assert column_at(made, x + side / 2) == column
    if column:
        dot = made.bias(Bias(column, unit))
        assert spot_at(made, used(network), dot[0], dot[1]) == Bias(column, unit)


@given(network=networks, seed=st.integers(0, 1000), share=st.floats(0.25, 0.75))
def test_a_place_on_a_link_belongs_to_a_link_as_near(network, seed, share):
    made = laid_out(network)
    rng = np.random.default_rng(seed)
    column = int(rng.integers(1, len(made.columns)))
    before, behind = made.columns[column - 1], made.columns[column]
    sources = [each for each in range(before.shown) if column > 1 or used(network)[before.first + each]]
    if not sources:
        return
    wanted = Link(column, before.first + int(rng.choice(sources)), behind.first + int(rng.integers(behind.shown)))
    line = made.line(wanted)
    x, y = line[:2] + share * (line[2:] - line[:2])
    found = spot_at(made, used(network), x, y)
    assert isinstance(found, Link)
    assert found.column == column
    assert exists(network, found)
    left, top, right, bottom = made.line(found)
    height = top + (x - left) / (right - left) * (bottom - top)
    assert abs(height - y) <= 1e-6  # another link that crosses there, or the very same


def test_links_of_unused_features_are_not_there():
    network = NetworkSpec((Layer(3),), features=("x1",))
    made = laid_out(network)
    line = made.line(Link(1, 1, 0))
    assert not isinstance(spot_at(made, used(network), *(line[:2] + 0.1 * (line[2:] - line[:2]))), Link)
    assert not exists(network, Link(1, 1, 0))
    assert place_of(network, Link(1, 1, 0)) is None


def test_of_too_many_neurons_those_asked_for_are_shown():
    network = NetworkSpec((Layer(64),))
    made = plan(counts=counts(network), first={1: 30}, width=400, height=200, sizes=SIZES)
    column = made.columns[1]
    assert column.collapsed
    assert column.first == 30
    assert made.rect(Neuron(1, 29)) is None
    assert made.rect(Neuron(1, 30)) is not None
    assert made.line(Link(2, 29, 0)) is None
    far = plan(counts=counts(network), first={1: 1000}, width=400, height=200, sizes=SIZES).columns[1]
    assert far.first + far.shown == 64


def test_places_among_the_weights():
    network = NetworkSpec((Layer(4), Layer(3)), features=("x2", "x1_x2"))
    assert place_of(network, Link(1, KEYS.index("x1_x2"), 3)) == (0, (1, 3))
    assert place_of(network, Link(2, 3, 1)) == (2, (3, 1))
    assert place_of(network, Bias(3, 0)) == (5, (0,))
    assert not exists(network, Link(3, 3, 0))
    assert not exists(network, Bias(0, 0))
    assert not exists(network, None)


@settings(max_examples=200)
@given(network=networks, arrows=st.lists(st.sampled_from(ARROWS), max_size=60))
def test_arrow_keys_never_leave_the_network(network, arrows):
    stand = None
    for arrow in arrows:
        stand = walked(network, stand, arrow)
        assert exists(network, stand.spot), stand


@given(network=networks)
def test_arrow_keys_reach_every_column_and_come_back(network):
    stand = Stand(Neuron(0, KEYS.index(network.features[0])))
    seen = [stand.spot]
    for _ in range(2 * len(counts(network))):
        stand = walked(network, stand, "right")
        seen.append(stand.spot)
    last = Neuron(len(counts(network)) - 1, stand.spot.unit)
    assert stand.spot == last
    assert [spot.column for spot in seen if isinstance(spot, Neuron)][: len(counts(network))] == list(
        range(len(counts(network)))
    )
    for _ in range(2 * len(counts(network))):
        stand = walked(network, stand, "left")
    assert stand.spot.column == 0


def test_up_and_down_move_the_end_that_one_walks_to():
    network = NetworkSpec((Layer(4), Layer(4)))
    link = walked(network, Stand(Neuron(1, 2)), "right")
    assert link.spot == Link(2, 2, 2)
    assert walked(network, link, "down").spot == Link(2, 2, 3)
    back = walked(network, Stand(Neuron(2, 2)), "left")
    assert back.spot == Link(2, 2, 2)
    assert walked(network, back, "down").spot == Link(2, 3, 2)


@pytest.mark.parametrize("arrow", ARROWS)
def test_any_arrow_begins_at_the_first_neuron(arrow):
    assert walked(NetworkSpec(), None, arrow).spot == Neuron(1, 0)
    assert walked(NetworkSpec(hidden=()), None, arrow).spot == Neuron(1, 0)
