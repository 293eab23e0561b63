"""The learning-rate sweep, against race()."""

import numpy as np
import pytest

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.formula import formula_surface
from gdviz.descent.sweep import default_rates, sweep
from gdviz.descent.trajectory import Outcome, StoppingRule, race

LOG = formula_surface("x - log(x) + y^2")


def assert_as_raced(surface, specs, start, steps, rates, rule):
    result = sweep(surface, specs, start, steps, rates, rule)
    for row, spec in enumerate(specs):
        for column, rate in enumerate(rates):
            (alone,) = race(surface, [spec.with_setting("learning_rate", float(rate))], start, steps, rule)
            diverged, converged = alone.outcome is Outcome.DIVERGED, alone.outcome is Outcome.CONVERGED
            assert result.diverged[row, column] == diverged
            assert result.steps[row, column] == (alone.steps if converged else np.inf)
            np.testing.assert_array_equal(result.losses[row, column], np.nan if diverged else alone.losses[-1])


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_as_if_each_had_raced(key):
    surface = SURFACES["two_wells"]
    rates = np.logspace(-4, 1.3, 13)
    assert_as_raced(surface, [OptimizerSpec(key)], surface.start, 150, rates, StoppingRule(1e-4))


@pytest.mark.parametrize("surface", [SURFACES["rosenbrock"], SURFACES["saddle"], SURFACES["himmelblau"], LOG], ids=str)
def test_on_other_surfaces(surface):
    specs = [OptimizerSpec("sgd"), OptimizerSpec("momentum", {"clipnorm": 0.5}), OptimizerSpec("rmsprop")]
    for rule in (StoppingRule(1e-3), StoppingRule(0.0, np.inf), StoppingRule(1e-6, 2.0)):
        assert_as_raced(surface, specs, (1.3, 0.7), 90, default_rates()[::6], rule)


def test_default_rates():
    rates = default_rates()
    assert (len(rates), rates[0], rates[-1]) == (61, 1e-5, 10)
    np.testing.assert_allclose(np.diff(np.log10(rates)), 0.1, atol=3e-3)


def test_can_be_cancelled():
    asked = []
    surface = SURFACES["bowl"]
    assert sweep(surface, [OptimizerSpec()], (1, 1), 10**6, cancelled=lambda: len(asked) > 5 or asked.append(1)) is None


@pytest.mark.parametrize(
    ("start", "rates", "steps", "message"),
    [
        ((1, np.nan), [1], 1, "the start is"),
        ((1, 1), [0.0], 1, "learning_rate is 0.0"),
        ((1, 1), [1.0], -1, "steps is"),
    ],
)
def test_says_what_is_wrong(start, rates, steps, message):
    with pytest.raises(ValueError, match=message):
        sweep(SURFACES["bowl"], [OptimizerSpec()], start, steps, rates)


def test_the_best_rate_of_a_bowl_is_the_one_that_jumps_into_its_middle():
    bowl = SURFACES["bowl"]
    swept = sweep(bowl, [OptimizerSpec("sgd")], (1.0, 1.0), 500, rates=[1e-4, 0.1, 0.5, 0.9, 1.5])
    assert swept.best_rates() == [0.5]  # 1 / curvature; 1.5 diverges


def test_no_rate_is_the_best_where_all_diverge():
    swept = sweep(SURFACES["bowl"], [OptimizerSpec("sgd")], (1.0, 1.0), 500, rates=[1.5, 3.0])
    assert swept.best_rates() == [None]
