"""The steps of an explanation, against a network computed by hand and its finite differences."""

import math
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.gui.network.diagram.arithmetic import arithmetic
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import KEYS, Bias, Link, Neuron, exists, place_of
from gdviz.gui.network.explain.chain import explained
from gdviz.gui.network.explain.latex import number
from gdviz.gui.network.explain.paths import exists_on, path_through
from gdviz.gui.widgets.formula_label import Ask, pieces, typeset
from gdviz.network.spec import Layer, NetworkSpec
from gdviz.training.messages import Frame, Metrics
from tests.gui.network.nets import explanation, forward, frame_fields, inputs_at, random_weights

LOSS = {"sigmoid": "binary_crossentropy", "softmax": "categorical_crossentropy", "linear": "mean_squared_error"}

networks = st.builds(
    lambda layers, head, features: NetworkSpec(
        tuple(Layer(units, activation) for units, activation in layers),
        head,
        features=tuple(key for key in KEYS if key in features),
    ),
    st.lists(st.tuples(st.integers(1, 6), st.sampled_from(["tanh", "relu", "sigmoid", "linear"])), max_size=3),
    st.sampled_from(["sigmoid", "softmax", "linear"]),
    st.sets(st.sampled_from(KEYS[:5]), min_size=1),
)
places = st.tuples(st.floats(-2, 2), st.floats(-2, 2))


def shown_at(network, xy, target=1.0, seed=0, weights=None):
    weights = random_weights(network, seed) if weights is None else weights
    fields = frame_fields(network, weights, samples=2)
    fields["explanation"] = explanation(network, weights, xy, target, LOSS[network.head])
    frame = Frame(1, 1, 0, 0, "paused", "", True, 0.0, Metrics(0, 0.0, 0.0, 0.0, 0.0), np.zeros((0, 5)), **fields)
    return Shown(network, frame), weights


def steps_of(shown, spot=None):
    path = path_through(shown, spot)
    return explained(shown, path, LOSS[shown.network.head]), path


def value(latex):
    """What a product or sum of numbers in LaTeX comes to."""
    text = latex.replace(r"\left", "").replace(r"\right", "").replace(r"\cdot", "*")
    text = re.sub(r"10\^\{(-?\d+)\}", r"10.0**(\1)", text)
    assert re.fullmatch(r"[-+*().\d\s]*", text), latex
    return eval(text)  # digits and signs alone


@settings(max_examples=40)
@given(network=networks, xy=places, target=st.sampled_from([0.0, 1.0]), seed=st.integers(0, 99))
def test_every_equation_of_numbers_holds(network, xy, target, seed):
    shown, _ = shown_at(network, xy, target, seed)
    for step in steps_of(shown)[0]:
        for line in step.lines:
            sides = [side.strip() for side in line.numbers.split("=") if side.strip()]
            known = [
                value(side) for side in sides if "\\mathrm" not in side and "sigma" not in side and "ldots" not in side
            ]
            assert known[-1] == pytest.approx(line.result, rel=6e-3, abs=6e-5)
            for each in known:  # four digits a factor
                assert each == pytest.approx(line.result, rel=6e-3, abs=3e-3)


@settings(max_examples=40)
@given(network=networks, xy=places, target=st.sampled_from([0.0, 1.0]), seed=st.integers(0, 99))
def test_the_weights_slopes_are_those_of_finite_differences(network, xy, target, seed):
    """Three factors, each from another field of the explanation, multiply to what the loss does."""
    shown, _ = shown_at(network, xy, target, seed)
    told = shown.explanation
    steps, path = steps_of(shown)
    slopes = [step for step in steps if step.title.startswith("The weight")]
    assert len(slopes) == len(path) - 1
    for step, layer in zip(slopes, range(len(path) - 1, 0, -1), strict=True):
        link = next(spot for spot in step.lit if isinstance(spot, Link))
        tensor, place = place_of(network, link)
        inner, chain, bias = step.lines
        assert chain.result == told.d_weights[tensor][place]
        assert bias.result == told.d_weights[tensor + 1][place[1]]
        handed_on = told.inputs if layer == 1 else told.outputs[layer - 2]
        assert inner.result == handed_on[place[0]]
        product = float(told.d_sums[layer - 1][place[1]]) * inner.result
        assert product == pytest.approx(chain.result, rel=1e-3, abs=1e-6)


@given(network=networks, xy=places, seed=st.integers(0, 99))
def test_forward_says_what_the_network_computes(network, xy, seed):
    shown, weights = shown_at(network, xy, seed=seed)
    steps, path = steps_of(shown)
    sums, outputs = forward(network, weights, inputs_at(network, *xy))
    for layer, step in enumerate(steps[: len(path) - 1]):
        linear, bent = step.lines
        assert linear.result == pytest.approx(sums[layer][path[layer + 1]], rel=1e-5, abs=1e-6)
        assert bent.result == pytest.approx(outputs[layer][path[layer + 1]], rel=1e-5, abs=1e-6)
        assert not step.backward
    assert steps[len(path) - 1].lines[0].result == pytest.approx(shown.explanation.loss)
    assert all(step.backward for step in steps[len(path) :])


@given(network=networks, xy=places, data=st.data())
def test_the_way_leads_through_what_is_selected(network, xy, data):
    shown, _ = shown_at(network, xy)
    sizes = shown.counts
    column = data.draw(st.integers(1, len(sizes) - 1))
    unit = data.draw(st.integers(0, sizes[column] - 1))
    path = path_through(shown, Neuron(column, unit))
    assert exists_on(shown, path)
    assert path[column] == unit
    source = data.draw(st.integers(0, sizes[column - 1] - 1))
    if exists(network, Link(column, source, unit)):
        path = path_through(shown, Link(column, source, unit))
        assert exists_on(shown, path)
        assert path[column - 1 : column + 1] == (source, unit)
    assert exists_on(shown, path_through(shown, None))
    assert exists_on(Shown(network), path_through(Shown(network), Bias(column, unit)))


@pytest.mark.parametrize("head", ["sigmoid", "softmax", "linear"])
def test_every_formula_can_be_typeset(head):
    network = NetworkSpec((Layer(5, "leaky_relu"), Layer(12, "tanh")), head, features=KEYS, scaling="standard")
    weights = random_weights(network)
    plain = NetworkSpec((Layer(5, "relu"), Layer(12, "tanh")), head, features=KEYS, scaling="standard")
    shown, _ = shown_at(plain, (0.5, -1.5), weights=weights)
    shown = Shown(network, shown.frame)
    steps, _ = steps_of(shown)
    for line in (line for step in steps for line in step.lines):
        for piece in (*pieces(line.formula), *pieces(line.numbers)):
            assert typeset(Ask(piece, 20.0, "#000000", 1.0)).width > 0


def test_without_an_explanation_there_are_no_steps():
    shown, _ = shown_at(NetworkSpec(), (0.0, 0.0))
    assert explained(Shown(NetworkSpec()), (0, 0, 0, 0), "binary_crossentropy") == ()
    other = Shown(NetworkSpec((Layer(3),)), shown.frame)  # of another network
    assert other.explanation is None
    assert other.weights is None


def test_a_gradient_that_is_nothing_at_once_is_told_as_nothing():
    network = NetworkSpec((Layer(2, "relu"),))
    weights = [np.full((2, 2), -1.0), np.full(2, -1.0), np.zeros((2, 1)), np.zeros(1)]
    shown, _ = shown_at(network, (1.0, 1.0), weights=weights)
    steps, _ = steps_of(shown)
    assert all(math.isfinite(line.result) for step in steps for line in step.lines)
    assert not any("NaN" in line.numbers for step in steps for line in step.lines)


@pytest.mark.parametrize(
    ("given_value", "text"),
    [(0.0, "0.0000"), (-0.0, "0.0000"), (-2.5, "-2.5000"), (1.25e-5, r"1.25 \cdot 10^{-5}"), (math.inf, r"\infty")],
)
def test_numbers_in_latex(given_value, text):
    assert number(given_value) == text


@given(units=st.integers(1, 40), xy=places, seed=st.integers(0, 99))
def test_the_arithmetic_of_a_neuron_adds_up(units, xy, seed):
    network = NetworkSpec((Layer(units), Layer(2)))
    shown, weights = shown_at(network, xy, seed=seed)
    sums, outputs = forward(network, weights, inputs_at(network, *xy))
    told = arithmetic(shown, Neuron(2, 1))
    assert len(told.terms) + told.others == units
    assert len(told.terms) <= 8
    added = sum(term.product for term in told.terms) + told.rest + told.bias
    assert added == pytest.approx(told.total, rel=1e-4, abs=1e-4)
    assert told.total == pytest.approx(sums[1][1], rel=1e-5, abs=1e-6)
    assert told.output == pytest.approx(outputs[1][1], rel=1e-5, abs=1e-6)
    assert arithmetic(shown, Neuron(0, 0)) is None
    assert arithmetic(Shown(network), Neuron(1, 0)) is None
