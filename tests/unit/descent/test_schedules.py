"""Learning-rate schedules, against Keras's own, and races that follow them."""

import os
import warnings

os.environ.update(TF_CPP_MIN_LOG_LEVEL="3", CUDA_VISIBLE_DEVICES="-1")

import msgspec
import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # third-party imports deprecate each other
    import keras
    import tensorflow as tf

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.schedules import SCHEDULES, ScheduleSpec, schedule
from gdviz.descent.catalog import SURFACES
from gdviz.descent.schedules import rate
from gdviz.descent.trajectory import StoppingRule, extend, fork, race

FOR_EVER = StoppingRule(tolerance=0.0, far_outside=np.inf)
TWO_WELLS = SURFACES["two_wells"]
STEPS = 400
OF_KERAS = [
    ScheduleSpec("step", {"every": 30, "factor": 0.3}),
    ScheduleSpec("step", {"every": 1, "factor": 0.99}),
    ScheduleSpec("step"),
    ScheduleSpec("exponential"),
    ScheduleSpec("exponential", {"decay_steps": 37, "decay_rate": 0.8, "staircase": True}),
    ScheduleSpec("exponential", {"decay_steps": 50, "decay_rate": 1.1}),
    ScheduleSpec("cosine", {"decay_steps": 150}),
    ScheduleSpec("cosine", {"decay_steps": 150, "alpha": 0.2}),
    ScheduleSpec("cosine", {"decay_steps": 150, "alpha": 0.2, "warmup_target": 0.3, "warmup_steps": 40}),
    ScheduleSpec("cosine", {"decay_steps": 150, "warmup_target": 0.02, "warmup_steps": 0}),
    ScheduleSpec("cosine", {"decay_steps": 150, "warmup_steps": 40}),
    ScheduleSpec("inverse_time", {"decay_steps": 25, "decay_rate": 0.7}),
    ScheduleSpec("inverse_time", {"decay_steps": 25, "decay_rate": 0.7, "staircase": True}),
]
NAMES = [f"{spec.key}-{spec.settings}" for spec in OF_KERAS]


@pytest.fixture
def double_precision(monkeypatch: pytest.MonkeyPatch):
    """Keras in float64 throughout; left alone it takes Python floats through float32."""
    cast, convert = keras.src.ops.cast, keras.src.ops.convert_to_tensor
    wide = lambda x: np.float64(x) if isinstance(x, float) else x  # noqa: E731
    monkeypatch.setattr(keras.src.ops, "cast", lambda x, dtype: cast(wide(x), dtype))
    monkeypatch.setattr(keras.src.ops, "convert_to_tensor", lambda x, *more, **most: convert(wide(x), *more, **most))
    keras.config.set_floatx("float64")
    yield
    keras.config.set_floatx("float32")


def in_keras(spec, learning_rate):
    return getattr(keras.optimizers.schedules, spec.declaration.keras_name)(
        **spec.keras_arguments(learning_rate, STEPS)
    )


@pytest.mark.parametrize("spec", OF_KERAS, ids=NAMES)
def test_rates_are_those_of_keras(spec, double_precision):
    theirs = tf.function(in_keras(spec, 0.1), autograph=False)  # 400 pieces of a schedule take long one by one
    expected = [float(theirs(tf.constant(step, dtype=tf.int64))) for step in range(STEPS)]
    np.testing.assert_allclose(rate(spec, 0.1, np.arange(STEPS)), expected, rtol=1e-12, atol=1e-17)


@pytest.mark.parametrize(
    ("key", "spec"),
    [*(("adam", spec) for spec in OF_KERAS), ("sgd", OF_KERAS[0]), ("momentum", OF_KERAS[8])],
    ids=[*NAMES, "sgd", "momentum"],
)
def test_descends_as_keras_does_with_it(key, spec, double_precision):
    declaration = OPTIMIZERS[key]
    settings = {"momentum": 0.9} if key == "momentum" else {}
    optimizer = getattr(keras.optimizers, declaration.keras_name)(in_keras(spec, 0.05), **settings)
    variable = keras.Variable(np.array((1.7, -1.3)), dtype="float64")
    optimizer.build([variable])

    @tf.function(autograph=False)
    def descend():
        def step(number, positions):
            x, y = variable.value[0], variable.value[1]
            optimizer.apply([tf.stack([x / 5, 3 * y])], [variable])
            return number + 1, positions.write(number, variable.value)

        positions = tf.TensorArray(tf.float64, STEPS)
        return tf.while_loop(lambda number, _: number < STEPS, step, (0, positions))[1].stack()

    theirs = descend().numpy()
    (ours,) = race(
        SURFACES["bowl"],
        [OptimizerSpec(key, {"learning_rate": 0.05})],
        (1.7, -1.3),
        STEPS,
        FOR_EVER,
        lambda w, step: w * (0.2, 3.0),
        [spec],
    )
    np.testing.assert_allclose(ours.positions[1:], theirs, rtol=1e-9, atol=1e-12)


def test_one_cycle_rises_along_a_line_and_falls_along_a_cosine():
    spec = ScheduleSpec("one_cycle", {"total_steps": 100, "rise": 0.25, "start_divisor": 10.0, "end_divisor": 1000.0})
    rates = rate(spec, 0.5, np.arange(131))
    np.testing.assert_allclose(rates[:26], np.linspace(0.05, 0.5, 26), rtol=1e-14)
    fall = (np.arange(25, 101) - 25) / 75
    np.testing.assert_allclose(rates[25:101], 0.0005 + 0.4995 * (1 + np.cos(np.pi * fall)) / 2, rtol=1e-12)
    assert (rates[100:] == rates[100]).all()
    assert rate(ScheduleSpec("one_cycle", {"rise": 0.0}), 0.5, 0) == 0.5


def test_constant_is_constant():
    np.testing.assert_array_equal(rate(ScheduleSpec(), 0.3, np.arange(5)), [0.3] * 5)
    assert rate(ScheduleSpec(), 0.3, 7).shape == ()


@pytest.mark.parametrize("key", SCHEDULES)
def test_a_rate_does_not_depend_on_what_is_asked_beside_it(key):
    spec, steps = ScheduleSpec(key), np.arange(1500)
    together = rate(spec, 0.1, steps)
    np.testing.assert_array_equal(together, [rate(spec, 0.1, [step])[0] for step in steps])
    np.testing.assert_array_equal(together[37:900], rate(spec, 0.1, steps[37:900]))


@pytest.mark.parametrize("spec", [*OF_KERAS, ScheduleSpec("one_cycle", {"total_steps": 90})], ids=str)
def test_trajectories_record_their_rates_and_can_be_extended(spec):
    adam = OptimizerSpec("adam", {"learning_rate": 0.02})
    (whole,) = race(TWO_WELLS, [adam], TWO_WELLS.start, 330, FOR_EVER, schedules=[spec])
    np.testing.assert_array_equal(whole.learning_rates, rate(spec, 0.02, np.arange(331)))
    for steps in (0, 1, 41, 256, 257):
        (part,) = race(TWO_WELLS, [adam], TWO_WELLS.start, steps, FOR_EVER, schedules=[spec])
        longer = extend(TWO_WELLS, part, 330 - steps, FOR_EVER)
        for name in ("positions", "learning_rates", "losses"):
            np.testing.assert_array_equal(getattr(longer, name), getattr(whole, name))
        assert (longer.schedule, longer.forked_from) == (spec, None)


def test_racers_with_and_without_a_schedule_race_as_each_does_alone():
    specs = [OptimizerSpec(key) for key in (*OPTIMIZERS, "adam", "sgd")]
    schedules = [OF_KERAS[number % len(OF_KERAS)] if number % 3 else ScheduleSpec() for number in range(len(specs))]
    together = race(TWO_WELLS, specs, TWO_WELLS.start, 300, FOR_EVER, schedules=schedules)
    for spec, plan, each in zip(specs, schedules, together, strict=True):
        (alone,) = race(TWO_WELLS, [spec], TWO_WELLS.start, 300, FOR_EVER, schedules=[plan])
        np.testing.assert_array_equal(alone.positions, each.positions)
        np.testing.assert_array_equal(alone.learning_rates, each.learning_rates)
        if plan.key == "constant":
            (plain,) = race(TWO_WELLS, [spec], TWO_WELLS.start, 300, FOR_EVER)
            np.testing.assert_array_equal(plain.positions, each.positions)


def test_a_fork_goes_on_with_the_clock_or_starts_it_afresh():
    plan = ScheduleSpec("exponential", {"decay_steps": 10})
    (first,) = race(TWO_WELLS, [OptimizerSpec("sgd")], TWO_WELLS.start, 40, FOR_EVER, schedules=[plan])
    faster = fork(TWO_WELLS, first, 20, OptimizerSpec("sgd", {"learning_rate": 0.02}), 10, FOR_EVER)
    np.testing.assert_array_equal(faster.learning_rates[:20], first.learning_rates[:20])
    np.testing.assert_array_equal(faster.learning_rates[20:], rate(plan, 0.02, np.arange(20, 31)))
    other = fork(TWO_WELLS, first, 20, OptimizerSpec("adam"), 10, FOR_EVER)
    np.testing.assert_array_equal(other.learning_rates[20:], rate(plan, 0.001, np.arange(11)))
    steady = fork(TWO_WELLS, first, 20, OptimizerSpec("sgd"), 10, FOR_EVER, schedule=ScheduleSpec())
    assert (steady.learning_rates[20:] == 0.01).all()
    assert (steady.forked_from, steady.forked_at) == (first, 20)


def test_specs_say_what_is_wrong():
    with pytest.raises(ValueError, match="there is no schedule 'linear'; there are constant, step"):
        schedule("linear")
    with pytest.raises(ValueError, match="decay_steps is 0; allowed is a whole number at least 1"):
        ScheduleSpec("cosine").with_setting("decay_steps", 0)
    with pytest.raises(ValueError, match="constant has no setting 'x'; it has none"):
        ScheduleSpec("constant", {"x": 1}).values()
    with pytest.raises(ValueError, match="2 schedules but 1 optimizers"):
        race(TWO_WELLS, [OptimizerSpec()], (0, 0), 1, schedules=[ScheduleSpec()] * 2)
    with pytest.raises(ValueError, match="no schedule 'x'"):
        race(TWO_WELLS, [OptimizerSpec()], (0, 0), 1, schedules=[ScheduleSpec("x")])


def test_specs_are_saved_and_compared():
    spec = ScheduleSpec("step").with_setting("every", 50)
    assert msgspec.json.decode(msgspec.json.encode(spec), type=ScheduleSpec) == spec
    assert spec.values() == {"every": 50, "factor": 0.5}
    assert ScheduleSpec("one_cycle").keras_arguments(0.1, 10) == {}


@pytest.mark.parametrize("spec", OF_KERAS, ids=NAMES)
def test_all_settings_are_declared_as_keras_has_them(spec):
    assert in_keras(spec, 0.1).get_config()


def test_a_rate_that_grows_without_end_is_infinite():
    spec = ScheduleSpec("exponential", {"decay_steps": 1, "decay_rate": 10.0})
    assert rate(spec, 1.0, [0, 400]).tolist() == [1.0, np.inf]
    (trajectory,) = race(SURFACES["bowl"], [OptimizerSpec()], (1.0, 1.0), 500, FOR_EVER, schedules=[spec])
    assert trajectory.outcome.value == "diverged"
