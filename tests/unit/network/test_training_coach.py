"""What the coach says of trainings whose course is known beforehand."""

import itertools
import math
import re

import hypothesis.strategies as st
import numpy as np
import pytest
from hypothesis import given

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.datasets import DATASETS
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec, check
from gdviz.network.straight import straightness
from gdviz.network.training_coach import Facts, advise, draws_lines_only

LINEAR = NetworkSpec((Layer(8, "linear"),))
RATE = 0.01


def course(train, test=None, epochs=None):
    """Rows of a history from losses."""
    train = np.asarray(train, float)
    epochs = np.arange(len(train), dtype=float) if epochs is None else epochs
    test = np.full(len(train), math.nan) if test is None else np.asarray(test, float)
    return np.column_stack([epochs, train, np.full(len(train), 0.9), test, np.full(len(train), 0.8)])


def falling(count=400, floor=0.02, span=40.0):
    return floor + 0.7 * np.exp(-np.arange(count) / span)


NETWORK, TRAINING, NO_ROWS = NetworkSpec(), TrainingSpec(), course([])


def told(network=NETWORK, training=TRAINING, rows=NO_ROWS, points=100, **facts):
    """Everything that the coach says; what it says is short, and its buttons do what is allowed."""
    said = advise(Facts(network, training, rows, points, **facts))
    for advice in said:
        check(advice.network or network, advice.training or training)
        assert bool(advice.action) == (advice.network is not None or advice.training is not None or advice.anew)
        assert 1 <= len(re.findall(r"[a-z%\d]\.(?= |$)", advice.sentence)) <= 2, advice.sentence
    return said


def kinds(*facts, **more):
    return [advice.kind for advice in told(*facts, **more)]


def only(*facts, **more):
    (advice,) = told(*facts, **more)
    return advice


def test_a_training_that_goes_well_is_left_alone():
    losses = falling()
    assert kinds(rows=course(losses, losses * 1.1 + 0.01)) == []
    assert kinds() == []


def test_a_failure_is_all_that_counts():
    reason = "The loss grew beyond all numbers in epoch 3."
    said = only(network=LINEAR, rows=course(falling()), failure=reason, flat=(np.ones(8, bool),))
    assert (said.kind, said.sentence, said.anew) == ("failed", reason, True)


def test_a_test_loss_beyond_all_numbers():
    test = falling()
    test[-30:] = math.inf
    assert kinds(rows=course(falling(), test)) == ["not_finite"]
    assert kinds(rows=course(falling())) == []  # no test points at all


# Neurons ------------------------------------------------------------------------------------------------------------


def weights(network, draw):
    """Kernels and biases of a network on two inputs."""
    sizes = [2, *(layer.units for layer in network.hidden), 1]
    return [each for a, b in itertools.pairwise(sizes) for each in (draw((a, b)), np.zeros(b))]


@pytest.mark.parametrize("draw", [np.zeros, np.ones])
def test_neurons_with_the_same_weights_stay_the_same(draw):
    network = NetworkSpec((Layer(4, initializer="zeros"), Layer(3, initializer="zeros")), initializer="zeros")
    said = only(network, weights=weights(network, draw))
    assert said.kind == "symmetric"
    assert "layer 1" in said.sentence
    assert {layer.initializer for layer in said.network.hidden} | {said.network.initializer} == {"glorot_uniform"}


def test_random_weights_on_either_side_break_the_symmetry():
    """Their gradients are products with what is on the other side."""
    network, draw = NetworkSpec((Layer(4),)), np.random.default_rng(0).normal
    for first, second in ((np.zeros((2, 4)), draw(size=(4, 1))), (draw(size=(2, 4)), np.zeros((4, 1)))):
        assert kinds(network, weights=[first, np.zeros(4), second, np.zeros(1)]) == []
    assert kinds(NetworkSpec((Layer(1),)), weights=weights(NetworkSpec((Layer(1),)), np.zeros)) == []


def test_dropout_breaks_it_too():
    network = NetworkSpec((Layer(4, dropout=0.2),))
    assert kinds(network, weights=weights(network, np.zeros)) == []


def flat(*shares):
    return tuple(np.arange(8) < count for count in shares)


def test_dead_relus_are_counted_by_layer():
    network = NetworkSpec((Layer(8, "relu"), Layer(8, "relu")))
    said = only(network, flat=flat(0, 5))
    assert said.kind == "dead"
    assert said.sentence.startswith("5 of 8 neurons of layer 2")
    assert [layer.activation for layer in said.network.hidden] == ["relu", "leaky_relu"]
    assert said.anew
    alone = only(NetworkSpec((Layer(1, "relu"),)), flat=(np.ones(1, bool),))
    assert alone.sentence.startswith("The only neuron of layer 1 gives 0")
    some = only(NetworkSpec((Layer(2, "relu"),)), flat=(np.array([True, False]),))
    assert some.sentence.startswith("1 of 2 neurons of layer 1 gives 0")


def test_dead_relus_of_zeros_are_drawn_anew_as_a_leak_of_nothing_is_nothing():
    layers = (Layer(8, "relu"), Layer(4, "relu", 0.2, "zeros"))
    said = only(NetworkSpec(layers), flat=flat(0, 4))
    assert said.kind == "dead"
    assert said.network.hidden[0] == layers[0]
    assert said.network.hidden[1].activation == "relu"
    assert said.network.hidden[1].initializer == "glorot_uniform"
    assert "at random" in said.sentence
    assert "leaky" not in said.sentence


def test_a_single_dead_neuron_among_many_and_others_than_relu_are_no_matter():
    assert kinds(NetworkSpec((Layer(8, "relu"),)), flat=flat(1)) == []
    assert kinds(NetworkSpec((Layer(8, "tanh"),)), flat=flat(8)) == []
    assert kinds(NetworkSpec((Layer(8, "relu"),)), flat=flat(8), points=1) == []  # one point is the same for all
    assert kinds(NetworkSpec((Layer(8, "relu"), Layer(8, "relu"))), flat=()) == []


# Bending ------------------------------------------------------------------------------------------------------------


def converged(network, key):
    points = DATASETS[key].make()
    return kinds(
        network, rows=course(falling(floor=0.4)), straight=straightness(points.xy, points.labels.astype(float))
    )


@pytest.mark.parametrize("network", [LINEAR, NetworkSpec(())])
@pytest.mark.parametrize(
    ("key", "expected"),
    [
        *((key, ["straight"]) for key in ("moons", "circle", "xor", "spiral", "checkerboard", "e_portfolio")),
        *((key, []) for key in ("gaussians", "linear", "overfit")),
    ],
)
def test_networks_that_cannot_bend_are_told_on_curved_sets_alone(network, key, expected):
    assert converged(network, key) == expected
    assert converged(NetworkSpec(), key) == []


def test_it_waits_until_training_has_settled():
    points = DATASETS["xor"].make()
    straight = straightness(points.xy, points.labels.astype(float))
    assert kinds(LINEAR, rows=course(falling(30)), straight=straight) == []
    assert kinds(LINEAR, rows=course([0.7]), straight=straight) == []
    assert kinds(LINEAR, rows=course(falling(300, 0.6)), straight=None) == []


@pytest.mark.parametrize(
    ("network", "bends"),
    [
        (NetworkSpec(()), False),
        (LINEAR, False),
        (NetworkSpec((Layer(8, "linear"), Layer(8, "linear"))), False),
        (NetworkSpec((Layer(8, "linear"), Layer(8, "relu"))), True),
        (NetworkSpec((), features=("x1", "x2", "x1_x2")), True),
        (NetworkSpec((), features=("x1",)), False),
    ],
)
def test_what_bends(network, bends):
    assert draws_lines_only(network) == (not bends)


@pytest.mark.parametrize("network", [LINEAR, NetworkSpec(())])
def test_its_button_makes_it_bend(network):
    points = DATASETS["xor"].make()
    straight = straightness(points.xy, points.labels.astype(float))
    said = only(network, rows=course(falling(floor=0.6)), straight=straight)
    assert not draws_lines_only(said.network)
    assert f"{100 * straight.line:.0f} %" in said.sentence


# The test loss ------------------------------------------------------------------------------------------------------


def valley(lowest, count=800, slope=0.001):
    """A test loss that falls to an epoch and rises evenly from there."""
    epochs = np.arange(count, dtype=float)
    return np.where(epochs < lowest, 0.3 + 0.4 * (1 - epochs / lowest) ** 2, 0.3 + slope * (epochs - lowest))


@given(st.integers(60, 500), st.integers(0, 1000))
def test_overfitting_is_told_with_the_epoch_from_which_the_test_loss_rose(lowest, seed):
    noise = np.random.default_rng(seed).normal(0, 0.004, 800)
    said = only(rows=course(falling(800, 0.005, 100.0), valley(lowest) + noise))
    assert said.kind == "overfitting"
    since = int(re.search(r"since epoch (\d+)", said.sentence)[1])
    assert abs(since - lowest) <= 60
    assert said.training.patience > 0
    assert said.anew


@given(st.integers(0, 10_000))
def test_noise_around_a_level_is_not_overfitting(seed):
    rng = np.random.default_rng(seed)
    test = 0.3 + 0.4 * np.exp(-np.arange(600) / 40) + rng.normal(0, 0.05, 600)
    assert "overfitting" not in kinds(rows=course(falling(600), test))


def test_it_takes_a_rise_that_is_clear_and_a_training_loss_that_falls():
    lowest = 200
    clear = valley(lowest)
    assert kinds(rows=course(falling(800, 0.005, 100.0), clear)) == ["overfitting"]
    assert kinds(rows=course(falling(800, 0.005, 100.0), valley(lowest, slope=0.00002))) == []
    both_rise = np.where(np.arange(800) < lowest, falling(800), clear)
    assert "overfitting" not in kinds(rows=course(both_rise, clear))
    assert kinds(rows=course(falling(210, 0.005, 100.0), clear[:210])) == []  # too soon to tell


def test_it_suggests_what_is_not_in_use_yet():
    rows = course(falling(800, 0.005, 100.0), valley(200))
    plain = only(rows=rows)
    assert all(word in plain.sentence for word in ("early stopping", "dropout", "L2", "more points", "fewer neurons"))
    network = NetworkSpec((Layer(8, dropout=0.3),), l2=0.01)
    much = only(network, TrainingSpec(patience=500), rows)
    assert not any(word in much.sentence for word in ("early stopping", "dropout", "L2"))
    assert not much.action
    assert kinds(network, TrainingSpec(patience=50), rows, stopped=True) == []  # the best weights are back


def test_thinned_rows_say_the_same():
    rows = course(falling(8000, 0.005, 1000.0), np.interp(np.arange(8000) / 10, np.arange(800), valley(300)))
    assert kinds(rows=rows[::64]) == ["overfitting"]


# The learning rate --------------------------------------------------------------------------------------------------


def descent(rate, curvature=1.0, start=3.0, steps=60, floor=0.0):
    """Losses of gradient descent on a parabola: it jumps from side to side where rate * curvature is beyond 1."""
    w = start * (1.0 - rate * curvature) ** np.arange(steps)
    return 0.5 * curvature * w**2 + floor


def rate_of(rate):
    return TrainingSpec(optimizer=OptimizerSpec("sgd", {"learning_rate": rate}))


def test_a_loss_that_grows_is_told():
    said = only(training=rate_of(0.1), rows=course(descent(2.05)))
    assert said.kind == "rate_high"
    assert said.training.optimizer.learning_rate == pytest.approx(0.03)
    assert "0.03" in said.sentence
    assert not said.anew


@pytest.mark.parametrize(
    ("key", "rate", "usual"), [("sgd", 1e6, 0.01), ("sgd", 3.0, 0.01), ("adam", 50.0, 0.001), ("adadelta", 1e9, 0.001)]
)
def test_from_an_absurd_rate_one_goes_back_to_keras_s_default(key, rate, usual):
    said = only(training=TrainingSpec(OptimizerSpec(key, {"learning_rate": rate})), rows=course(descent(2.05)))
    assert said.training.optimizer.learning_rate == usual
    assert said.action == f"Use {usual:g}"


def test_from_a_tiny_rate_one_goes_back_to_keras_s_default():
    said = only(training=rate_of(1e-9), rows=course(descent(0.0001, steps=200)))
    assert said.training.optimizer.learning_rate == 0.01


def test_a_loss_that_jumps_is_told():
    two_sides = np.where(np.arange(60) % 2, 0.9, 0.4)  # as steps across a valley that is not symmetric
    assert kinds(rows=course(np.concatenate([[1.0], two_sides]))) == ["rate_high"]


def test_small_jumps_at_the_bottom_are_no_matter():
    rng = np.random.default_rng(0)
    assert kinds(rows=course(falling(400, 0.0) + rng.uniform(0, 0.02, 400))) == []


def test_stable_descents_are_not_told_to_slow_down():
    for rate in (0.1, 0.5, 1.5, 1.9):
        assert "rate_high" not in kinds(rows=course(descent(rate, steps=200)))


def test_a_change_that_a_trained_network_has_to_learn_is_no_long_step():
    rows = course(0.1 + 0.02 * np.exp(-np.arange(200) / 50), epochs=np.arange(3000, 3200))
    rows[0, 1] = 0.01  # as it was trained; then a stroke was painted where it was wrong
    assert "rate_high" in kinds(rows=rows)
    assert "rate_high" not in kinds(rows=rows, untrained=0.7)


def test_a_loss_that_measures_more_than_it_did_has_not_risen():
    rows = course(2.33 + 0.001 * np.exp(-np.arange(200) / 50), epochs=np.arange(400, 600))
    rows[0, 1] = 0.01  # without the penalty that was added then
    assert "rate_high" in kinds(rows=rows, untrained=0.7)
    assert "rate_high" not in kinds(rows=rows, untrained=0.7, another_loss=True)
    assert "rate_high" in kinds(rows=course(2.33 + np.where(np.arange(200) % 2, 1.0, 0.0)), another_loss=True)


def test_a_loss_that_hardly_falls_is_told():
    said = only(training=rate_of(0.0001), rows=course(descent(0.0001, steps=200)))
    assert said.kind == "rate_low"
    assert said.training.optimizer.learning_rate == pytest.approx(0.0003)


def test_what_is_learned_need_not_fall():
    rows = course(1e-9 * descent(0.0001, steps=200))
    assert kinds(rows=rows) == ["rate_low"]
    rows[:, 2] = 1.0
    assert kinds(rows=rows) == []


def test_a_plateau_is_not_a_matter_of_the_rate():
    """It fell, and then no more: that is converged, or stuck, but not slow everywhere."""
    assert kinds(rows=course(0.65 + 0.05 * np.exp(-np.arange(300) / 20))) == []
    assert kinds(rows=course(np.full(300, 0.69))) == []


@given(st.lists(st.floats(allow_nan=True, allow_infinity=True), max_size=80), st.integers(0, 100))
def test_bears_any_history(losses, points):
    rows = course(losses, losses[::-1])
    kinds(rows=rows, points=points)
    kinds(LINEAR, rows=rows, points=points, straight=straightness(np.eye(2), np.array([0.0, 1.0])))
