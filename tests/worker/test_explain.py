"""A point's way through the network and back is what Keras and its tape say."""

from __future__ import annotations

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.forward import fits, output_at
from gdviz.network.points import Points
from gdviz.network.spec import ACTIVATIONS, HEAD_LOSSES, Layer, NetworkSpec, TrainingSpec, loss_of
from gdviz.training.compiler import Compiler
from gdviz.training.explain import Chain
from gdviz.training.messages import Explanation
from gdviz.training.session import Session

SGD = OptimizerSpec("sgd", {"learning_rate": 0.1})
HEADS = [(head, loss) for head, losses in HEAD_LOSSES.items() for loss in losses]
XY = (0.7, -1.3)
CROSS_ENTROPIES = ("binary_crossentropy", "categorical_crossentropy")


def explained(network: NetworkSpec, loss: str, target: float, *, compiled: bool = False) -> tuple[Session, Explanation]:
    """Of a network that has learned a little, so that biases are not 0."""
    points = Points.of([(1, 1), (-2, 0), (0, -1), (2, -2)], [0, 1, 1, 0], [0.5, -3.0, 2.0, 1.0])
    compiler = Compiler()
    training = TrainingSpec(SGD, loss, test_fraction=0.0)
    session = Session(network, training, points, compiler)
    session.advance(3)
    if compiled:
        compiler.now(Chain.of(network, training))
    return session, session.explain(XY, target)


def assert_is_keras_s(session: Session, explanation: Explanation) -> None:
    """Against layers written down one by one, each sum and each output apart, and a tape over all of them."""
    network, target = session.network, explanation.target
    activations = [*(layer.activation for layer in network.hidden), network.head]
    x = tf.constant([explanation.inputs])
    softmax = network.head == "softmax"
    y = tf.constant([[1.0 - target, target]] if softmax else [[target]], tf.float32)
    weights, sums, outputs, variables = session.weights, [], [], []
    with tf.GradientTape() as tape:
        tape.watch(x)
        a = x
        for number, activation in enumerate(activations):
            kernel, bias = weights[2 * number : 2 * number + 2]
            dense = keras.layers.Dense(kernel.shape[1])
            dense.build(a.shape)
            dense.set_weights([kernel, bias])
            variables += [dense.kernel.value, dense.bias.value]
            sums.append(dense(a))
            a = keras.layers.Activation(activation)(sums[-1])
            outputs.append(a)
        loss = getattr(keras.losses, loss_of(network, session.training))(y, a)[0]
    d_x, d_sums, d_outputs, d_weights = tape.gradient(loss, (x, sums, outputs, variables))

    def same(ours: tuple[np.ndarray, ...], theirs: list[tf.Tensor], *, drop: bool) -> None:
        for mine, other in zip(ours, theirs, strict=True):
            if other is not None:  # cross-entropy is computed from the sums: no tape sees the last outputs
                assert_allclose(mine, other[0] if drop else other, rtol=1e-4, atol=1e-6)

    same(explanation.sums, sums, drop=True)
    same(explanation.outputs, outputs, drop=True)
    assert explanation.loss == pytest.approx(float(loss), rel=1e-5)
    assert_allclose(explanation.d_inputs, d_x[0], rtol=1e-4, atol=1e-6)
    same(explanation.d_sums, d_sums, drop=True)
    same(explanation.d_outputs, d_outputs, drop=True)
    same(explanation.d_weights, d_weights, drop=False)
    assert [each.shape for each in explanation.d_weights] == [each.shape for each in weights]


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_every_activation(activation: str) -> None:
    network = NetworkSpec((Layer(4, activation, dropout=0.5), Layer(3, activation)))
    assert_is_keras_s(*explained(network, "", 1.0))


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize(("head", "loss"), HEADS)
def test_every_head_and_loss(head: str, loss: str, target: float) -> None:
    network = NetworkSpec((Layer(4), Layer(3, "relu")), head, l1=0.1)
    assert_is_keras_s(*explained(network, loss, target if head != "linear" else 4.5 * target))


@pytest.mark.parametrize(("head", "loss"), HEADS)
def test_compiled_is_uncompiled(head: str, loss: str) -> None:
    network = NetworkSpec((Layer(4, "swish"),), head)
    assert_is_keras_s(*explained(network, loss, 1.0, compiled=True))


def test_inputs_are_the_features_that_the_network_sees() -> None:
    network = NetworkSpec((Layer(2),), features=("x2", "x1_squared"), scaling="range")
    session, explanation = explained(network, "", 0.0)
    assert_is_keras_s(session, explanation)
    x1, x2 = (np.array(XY) - session.scaling.shift) * session.scaling.factor
    assert_allclose(explanation.inputs, [x2, x1**2], rtol=1e-6)
    assert (explanation.xy, explanation.target) == (XY, 0.0)


def test_without_hidden_layers() -> None:
    assert_is_keras_s(*explained(NetworkSpec(()), "", 1.0))


def cross_entropy(loss: str, target: float, output: np.ndarray) -> float:
    red, green = (1.0 - output[0], output[0]) if loss == "binary_crossentropy" else output
    return float(-(1.0 - target) * np.log(red) - target * np.log(green))


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize(("head", "loss"), [case for case in HEADS if case[1] in CROSS_ENTROPIES])
def test_the_last_outputs_of_cross_entropy_follow_its_formula(head: str, loss: str, target: float) -> None:
    """No tape sees them, so finite differences of -y ln(p) - (1 - y) ln(1 - p) do."""
    _, explanation = explained(NetworkSpec((Layer(3),), head), loss, target)
    output = explanation.outputs[-1].astype(np.float64)
    assert explanation.loss == pytest.approx(cross_entropy(loss, target, output), rel=1e-4)
    for index in range(len(output)):
        ends = []
        for change in (1e-6, -1e-6):
            moved = output.copy()
            moved[index] += change
            ends.append(cross_entropy(loss, target, moved))
        assert explanation.d_outputs[-1][index] == pytest.approx((ends[0] - ends[1]) / 2e-6, rel=1e-3, abs=1e-5)


@pytest.mark.parametrize("target", [0.0, 1.0])
@pytest.mark.parametrize("odds", [-30.0, -3.0, 0.0, 3.0, 30.0])
def test_the_chain_rule_holds_where_the_output_is_saturated(odds: float, target: float) -> None:
    session, _ = explained(NetworkSpec(()), "", target)
    session.set_weight(1, (0,), odds - float(session.weights[0][:, 0] @ XY))
    explanation = session.explain(XY, target)
    slope = 1.0 / (1.0 + np.exp(-odds)) / (1.0 + np.exp(odds))
    assert explanation.d_sums[-1][0] == pytest.approx(1.0 / (1.0 + np.exp(-odds)) - target, rel=1e-4, abs=1e-12)
    assert explanation.d_outputs[-1][0] * slope == pytest.approx(explanation.d_sums[-1][0], rel=1e-4, abs=1e-7)


@pytest.mark.parametrize("activation", ["tanh", "gelu", "softplus"])
def test_derivatives_are_slopes_of_the_loss(activation: str) -> None:
    """Finite differences of the explained loss itself, weight by weight."""
    network = NetworkSpec((Layer(3, activation),), "linear")
    session, explanation = explained(network, "huber", -0.4)
    for tensor, gradient in enumerate(explanation.d_weights):
        for place in np.ndindex(gradient.shape):
            before, ends = float(session.weights[tensor][place]), []
            for change in (1e-2, -1e-2):
                session.set_weight(tensor, place, before + change)
                ends.append(session.explain(XY, -0.4).loss)
            session.set_weight(tensor, place, before)
            assert gradient[place] == pytest.approx((ends[0] - ends[1]) / 2e-2, rel=2e-2, abs=2e-3)


@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("head", HEAD_LOSSES)
def test_numpy_s_output_is_keras_s(activation: str, head: str) -> None:
    network = NetworkSpec((Layer(3, activation), Layer(2, activation)), head, scaling="standard")
    session, explanation = explained(network, HEAD_LOSSES[head][0], 1.0)
    assert fits(network, session.weights)
    output = output_at(network, session.weights, *XY, session.scaling)
    assert_allclose(output, explanation.outputs[-1][-1], rtol=1e-4, atol=1e-6)
