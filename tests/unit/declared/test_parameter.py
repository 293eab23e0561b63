"""Declared hyper-parameters: what is allowed, and what is said of the rest."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec, optimizer
from gdviz.declared.parameter import Parameter

RATE = Parameter("learning_rate", 0.01, "how far one step goes", minimum=0.0, open_minimum=True)
SHARE = Parameter("beta_1", 0.9, "share", minimum=0.0, maximum=1.0, open_maximum=True)
COUNT = Parameter("epochs", 10, "how many", kind="integer", minimum=1, maximum=10**9)
FLAG = Parameter("nesterov", False, "look ahead", kind="flag")
CHOICE = Parameter("head", "sigmoid", "output", kind="choice", choices=("sigmoid", "softmax"))


@pytest.mark.parametrize(
    ("parameter", "text", "value"),
    [
        (RATE, " 1e-3 ", 0.001),
        (SHARE, "0", 0.0),
        (COUNT, "12", 12),
        (COUNT, "1e3", 1000),
        (FLAG, "True", True),
        (FLAG, "off", False),
        (CHOICE, "softmax", "softmax"),
    ],
)
def test_parse(parameter, text, value):
    parsed = parameter.parse(text)
    assert parsed == value
    assert type(parsed) is type(value)


@pytest.mark.parametrize(
    ("parameter", "text"),
    [
        (RATE, "0"),
        (RATE, "-1"),
        (RATE, "nan"),
        (RATE, "inf"),
        (RATE, "1e999"),
        (RATE, ""),
        (RATE, "fast"),
        (SHARE, "1"),
        (COUNT, "1.5"),
        (COUNT, "0"),
        (COUNT, "inf"),
        (FLAG, "perhaps"),
        (CHOICE, "Softmax"),
    ],
)
def test_what_is_not_allowed_is_named_with_what_is(parameter, text):
    with pytest.raises(ValueError, match=parameter.name) as caught:
        parameter.parse(text)
    assert f"allowed is {parameter.allowed}" in str(caught.value)


def test_words_for_what_is_allowed():
    assert RATE.allowed == "a number above 0"
    assert SHARE.allowed == "a number at least 0 and below 1"
    assert COUNT.allowed == "a whole number at least 1 and at most 1,000,000,000"
    assert FLAG.allowed == "true or false"
    assert CHOICE.allowed == "one of sigmoid, softmax"


def test_a_flag_is_not_a_number_and_a_number_is_not_a_flag():
    for parameter, value in ((RATE, True), (COUNT, True), (FLAG, 1), (RATE, "0.1"), (CHOICE, 1)):
        with pytest.raises(ValueError, match="allowed is"):
            parameter.check(value)


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_checked_number_is_in_range_and_reads_back(value):
    for parameter in (RATE, SHARE):
        try:
            checked = parameter.check(value)
        except ValueError:
            assert not (parameter.minimum < value < parameter.maximum)
        else:
            assert checked == value
            assert parameter.parse(repr(checked)) == checked


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_declarations_allow_their_own_defaults(key):
    declaration = optimizer(key)
    assert OptimizerSpec(key).values() == {p.name: p.check(p.default) for p in declaration.parameters}
    assert declaration.parameters[0].name == "learning_rate"
    assert all(p.meaning for p in declaration.parameters)
    assert math.isfinite(OptimizerSpec(key).learning_rate)


def test_unknown_names_are_answered_with_those_there_are():
    with pytest.raises(ValueError, match="adamw"):
        optimizer("adamm")
    with pytest.raises(ValueError, match="beta_1"):
        OptimizerSpec("adam", {"beta1": 0.5}).values()


def test_a_number_may_have_a_decimal_comma():
    number = Parameter("rate", 1.0, "", minimum=0.0, maximum=10.0)
    assert number.parse("1,5") == number.parse("1.5") == 1.5
    for text in ("1,000.5", "1,2,3", ","):
        with pytest.raises(ValueError, match="allowed is"):
            number.parse(text)
