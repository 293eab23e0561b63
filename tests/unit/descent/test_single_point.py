"""Rules in Python's own numbers, against the same rules in arrays, which are held against Keras and the papers."""

import math

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.optimizers import rule_of
from gdviz.descent.rules import Line, Rule, State, Stepper
from gdviz.descent.single_point import descent_of

IN_ARRAYS = ("ftrl", "newton", "gradient_descent_line_search", "bfgs")
UNUSUAL = (
    *({}, {"clipnorm": 0.3}, {"clipvalue": 0.2, "weight_decay": 0.05}, {"epsilon": 0.0}, {"amsgrad": True}),
    *({"centered": True, "momentum": 0.6}, {"nesterov": True, "momentum": 0.5}, {"initial_accumulator_value": 0.0}),
)


def specs():
    for key, declaration in OPTIMIZERS.items():
        names = {parameter.name for parameter in declaration.parameters}
        yield from (OptimizerSpec(key, each) for each in UNUSUAL if each.keys() <= names and key not in IN_ARRAYS)


def alone(rule, values, w, gradients, rates):
    """Positions behind each step and states at each row, in Python's numbers."""
    record, initial = [], rule.initial(values, np.array([w]))
    state = [number for each in rule.states for number in initial[each.name][0].tolist()]
    descend = descent_of(rule, tuple(values))
    descent = descend(enumerate(rates, 1), record.append, w, state, **values)
    assert next(descent) == w
    return [descent.send(tuple(g)) for g in gradients], record


def in_arrays(rule, values, w, gradients, rates):
    stepper = Stepper(rule, SURFACES["bowl"], values, np.array([w]))
    positions, record = [], [stepper.states]
    with np.errstate(all="ignore"):
        for g, rate in zip(gradients, rates, strict=True):
            stepper.advance(np.array([g]), learning_rate=np.array([[rate]]))
            positions.append(stepper.w[0])
            record.append(stepper.states)
    return positions, [[number for each in rule.states for number in row[each.name][0]] for row in record]


numbers = st.floats(-10, 10) | st.sampled_from([0.0, -0.0, 1e-200, -1e200, math.inf, -math.inf, math.nan, 5e-324])


@pytest.mark.parametrize("spec", list(specs()), ids=lambda spec: f"{spec.key}-{spec.settings}")
@settings(max_examples=25)
@given(
    w=st.tuples(st.floats(-10, 10), st.floats(-10, 10)),
    steps=st.lists(st.tuples(numbers, numbers, st.floats(1e-6, 10)), min_size=1, max_size=12),
)
@example(w=(1.0, -2.0), steps=[(0.0, 0.0, 0.1)] * 3)
@example(w=(1.0, -2.0), steps=[(0.0, 3.0, 0.1), (0.0, -3.0, 0.1), (1e200, -1e-200, 0.1)])
def test_to_the_last_bit_what_arrays_give(spec, w, steps):
    rule, values = rule_of(spec), spec.values()
    gradients, rates = [step[:2] for step in steps], [step[2] for step in steps]
    positions, states = alone(rule, values, w, gradients, rates)
    expected_positions, expected_states = in_arrays(rule, values, w, gradients, rates)
    np.testing.assert_array_equal(positions, expected_positions)
    np.testing.assert_array_equal(states, expected_states)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_only_what_needs_arrays_is_left_to_them(key):
    spec = OptimizerSpec(key)
    assert (descent_of(rule_of(spec), tuple(spec.values())) is None) == (key in IN_ARRAYS)


@pytest.mark.parametrize(
    "code",
    ["hessian(w)", "w - g**3", "w - g**learning_rate", "w if momentum else g", "cos(g)", "w[0]", "(w + g)**2"],
)
def test_what_python_would_compute_otherwise_is_left_to_arrays(code):
    rule = Rule((), (Line("w", code, ""),))
    assert descent_of(rule, ("learning_rate", "momentum")) is None


def test_a_line_sees_what_the_other_parameter_was_before_it():
    rule = Rule((State("s", "", "vector"),), (Line("s", "s + norm(s) + 1", ""), Line("w", "w - s", "")))
    positions, record = alone(rule, {"learning_rate": 1.0}, (0.0, 0.0), [(0.0, 0.0)] * 2, [1.0, 1.0])
    assert record == [(0, 0), (1, 1), (2 + math.sqrt(2), 2 + math.sqrt(2))]
    assert positions == [(-1, -1), (-3 - math.sqrt(2), -3 - math.sqrt(2))]
