"""Specs are checked before anything is built."""

import pytest

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.network.spec import HEAD_LOSSES, PARAMETERS, Layer, NetworkSpec, TrainingSpec, check, loss_of


@pytest.mark.parametrize("head", HEAD_LOSSES)
def test_every_loss_of_a_head_is_allowed(head: str) -> None:
    for loss in ("", *HEAD_LOSSES[head]):
        check(NetworkSpec(head=head), TrainingSpec(loss=loss))
    assert loss_of(NetworkSpec(head=head), TrainingSpec()) == HEAD_LOSSES[head][0]


@pytest.mark.parametrize("key", [key for key, declaration in OPTIMIZERS.items() if declaration.keras_name])
def test_every_optimizer_of_keras_is_allowed(key: str) -> None:
    check(NetworkSpec(()), TrainingSpec(OptimizerSpec(key)))


def test_defaults_of_declaration_and_spec_agree() -> None:
    for spec in (Layer(), NetworkSpec(), TrainingSpec()):
        for name in spec.__struct_fields__:
            if name in PARAMETERS:
                assert getattr(spec, name) == PARAMETERS[name].default


@pytest.mark.parametrize(
    ("network", "words"),
    [
        (NetworkSpec((Layer(),) * 9), "there are 9 hidden layers; allowed are 0 to 8"),
        (NetworkSpec((Layer(), Layer(0))), "hidden layer 2: units is 0; allowed is a whole number at least 1"),
        (NetworkSpec((Layer(65),)), "at most 64"),
        (NetworkSpec((Layer(activation="step"),)), "activation is 'step'; allowed is one of linear"),
        (NetworkSpec((Layer(dropout=1.0),)), "dropout is 1.0"),
        (NetworkSpec((Layer(initializer="magic"),)), "initializer is 'magic'"),
        (NetworkSpec(head="tanh"), "head is 'tanh'; allowed is one of sigmoid, softmax"),
        (NetworkSpec(initializer="magic"), "initializer is 'magic'"),
        (NetworkSpec(l1=-0.1), "l1 is -0.1"),
        (NetworkSpec(l2=float("inf")), "l2 is inf"),
    ],
)
def test_a_network_that_cannot_be_built_is_refused(network: NetworkSpec, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check(network, TrainingSpec())


@pytest.mark.parametrize(
    ("training", "words"),
    [
        (
            TrainingSpec(OptimizerSpec("newton")),
            "optimizer is 'newton', which Keras does not have; allowed is one of sgd",
        ),
        (TrainingSpec(OptimizerSpec("sgdd")), "there is no optimizer 'sgdd'"),
        (TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.0})), "learning_rate is 0.0"),
        (TrainingSpec(OptimizerSpec("sgd", {"beta_1": 0.5})), "no setting 'beta_1'"),
        (TrainingSpec(loss="categorical_crossentropy"), "with a sigmoid head allowed is one of binary_crossentropy"),
        (TrainingSpec(batch_size=-1), "batch_size is -1"),
        (TrainingSpec(test_fraction=1.0), "test_fraction is 1.0"),
        (TrainingSpec(patience=-1), "patience is -1"),
        (TrainingSpec(epochs=-1), "epochs is -1"),
        (TrainingSpec(seed=2**31), "seed is 2147483648"),
    ],
)
def test_a_training_that_cannot_be_done_is_refused(training: TrainingSpec, words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check(NetworkSpec(), training)
