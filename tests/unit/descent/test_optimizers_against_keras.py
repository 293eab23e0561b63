"""Every update rule that Keras has, against Keras itself in double precision."""

import os
import warnings

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # third-party imports deprecate each other
    import keras
    import tensorflow as tf

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.trajectory import StoppingRule, race

STEPS = 500
START = (1.7, -1.3)
FOR_EVER = StoppingRule(tolerance=0.0, far_outside=np.inf)
OF_KERAS = [key for key, declaration in OPTIMIZERS.items() if declaration.keras_name]
COMMON = [{"weight_decay": 0.05}, {"clipnorm": 0.3}, {"clipvalue": 0.2}, {"clipvalue": 0.1, "weight_decay": 0.01}]
ADAM = [{"beta_1": 0.7}, {"beta_2": 0.95}, {"epsilon": 0.01}, {"beta_1": 0.0, "beta_2": 0.5}]
UNUSUAL = {
    "sgd": [{"momentum": 0.8}, {"momentum": 0.8, "nesterov": True}, {"nesterov": True}, {"momentum": 1.0}],
    "momentum": [{"momentum": 0.5}, {"momentum": 0.0}],
    "nesterov": [{"momentum": 0.5}, {"momentum": 0.0}],
    "adagrad": [{"initial_accumulator_value": 0.0}, {"initial_accumulator_value": 2.0}, {"epsilon": 0.3}],
    "adadelta": [{"rho": 0.5}, {"epsilon": 1e-3}],
    "rmsprop": [
        {"rho": 0.6},
        {"momentum": 0.7},
        {"epsilon": 0.01},
        {"centered": True, "epsilon": 1e-3},
        {"centered": True, "momentum": 0.5, "epsilon": 1e-3},
    ],
    "adam": [*ADAM, {"amsgrad": True}],
    "amsgrad": ADAM,
    "adamw": [*ADAM, {"amsgrad": True}, {"weight_decay": 0.0}],
    "adamax": ADAM,
    "nadam": ADAM,
    "ftrl": [
        {"learning_rate_power": -0.3},
        {"learning_rate_power": 0.0},
        {"initial_accumulator_value": 1.5},
        {"l1_regularization_strength": 0.2},
        {"l2_regularization_strength": 0.2},
        {"l2_shrinkage_regularization_strength": 0.1},
        {"beta": 0.5},
    ],
    "lion": [{"beta_1": 0.5}, {"beta_2": 0.8}],
    "lamb": ADAM,
    "adafactor": [
        {"beta_2_decay": -0.5},
        {"clip_threshold": 0.4},
        {"epsilon_1": 0.01},
        {"epsilon_2": 3.0},
        {"learning_rate": 2.0},
    ],
}
CASES = [(key, settings) for key in OF_KERAS for settings in ({}, *UNUSUAL[key], *COMMON)]

# The same gradients for both, wherever they stand: fed back through a surface, a rounding error can grow into another
# path (Adamax with a short memory does so), and then the rules would not be what is compared.
GRADIENTS = np.random.default_rng(7).normal(size=(STEPS + 1, 2)) * np.geomspace(3, 0.01, STEPS + 1)[:, np.newaxis]


@pytest.fixture(autouse=True)
def double_precision(monkeypatch: pytest.MonkeyPatch):
    """Keras with float64 throughout: left alone, its cast takes a Python float (beta_1 = 0.9) through float32."""
    cast = keras.src.ops.cast
    monkeypatch.setattr(
        keras.src.ops, "cast", lambda x, dtype: cast(np.float64(x) if isinstance(x, float) else x, dtype)
    )
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx("float32")


def positions_in_keras(key, settings, gradient):
    """A descent by ``keras.optimizers``, shape (STEPS + 1, 2); gradient(w, step) is written in TensorFlow."""
    declaration = OPTIMIZERS[key]
    values = {**declaration.check(settings), **(declaration.fixed or {})}
    switched_off = [name for name in ("clipnorm", "clipvalue", "weight_decay") if not values[name]]
    arguments = {
        name: value
        for name, value in values.items()
        if name not in switched_off or (key == "adamw" and name == "weight_decay")
    }
    if "weight_decay" in arguments:
        arguments["weight_decay"] = np.float64(arguments["weight_decay"])  # cast by TensorFlow itself
    optimizer = getattr(keras.optimizers, declaration.keras_name)(**arguments)
    variable = keras.Variable(np.array(START), dtype="float64")
    optimizer.build([variable])

    @tf.function(autograph=False)
    def descend():
        def step(number, positions):
            optimizer.apply([gradient(variable.value, number)], [variable])
            return number + 1, positions.write(number, variable.value)

        positions = tf.TensorArray(tf.float64, STEPS)
        return tf.while_loop(lambda number, _: number < STEPS, step, (0, positions))[1].stack()

    return np.concatenate([[START], descend().numpy()])


@pytest.mark.parametrize(("key", "settings"), CASES, ids=[f"{key}-{settings}" for key, settings in CASES])
def test_steps_as_keras_does(key, settings):
    settings = {"learning_rate": 0.03, **settings}

    (ours,) = race(
        SURFACES["bowl"], [OptimizerSpec(key, settings)], START, STEPS, FOR_EVER, lambda w, step: GRADIENTS[[step]]
    )
    theirs = positions_in_keras(key, settings, lambda w, step: tf.constant(GRADIENTS)[step])
    np.testing.assert_allclose(ours.positions, theirs, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("key", OF_KERAS)
def test_descends_as_keras_does_by_default(key):
    def gradient_of_booth(w, step):
        x, y = w[0], w[1]
        return tf.stack([10 * x + 8 * y - 34, 8 * x + 10 * y - 38])

    (ours,) = race(SURFACES["booth"], [OptimizerSpec(key)], START, STEPS, FOR_EVER)
    theirs = positions_in_keras(key, {}, gradient_of_booth)
    np.testing.assert_allclose(ours.positions, theirs, rtol=1e-9, atol=1e-12)


def test_every_declared_setting_is_varied():
    for key in OF_KERAS:
        varied = {name for case_key, settings in CASES if case_key == key for name in settings}
        assert varied | {"learning_rate"} == {parameter.name for parameter in OPTIMIZERS[key].parameters}


@pytest.mark.parametrize("key", OF_KERAS)
def test_defaults_are_those_of_keras(key):
    declaration = OPTIMIZERS[key]
    config = getattr(keras.optimizers, declaration.keras_name)().get_config()
    for parameter in declaration.parameters:
        if key in ("momentum", "nesterov") and parameter.name == "momentum":
            continue  # the key's very point
        assert parameter.default == pytest.approx(config[parameter.name] or 0.0, rel=1e-7)
