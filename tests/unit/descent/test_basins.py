"""Maps of basins and of learning rate and momentum, against race()."""

import time

import numpy as np
import pytest

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.basins import DIVERGED, RUNNING, STUCK, basins
from gdviz.descent.catalog import SURFACES
from gdviz.descent.formula import formula_surface
from gdviz.descent.rate_momentum import momentum_parameter, rate_momentum_map
from gdviz.descent.spec import telling_optimizer
from gdviz.descent.surface import Bounds
from gdviz.descent.trajectory import Outcome, StoppingRule, race

CASES = [
    ("two_wells", "adam", {"learning_rate": 0.06}, StoppingRule()),
    ("two_wells", "sgd", {"learning_rate": 0.2}, StoppingRule()),
    ("himmelblau", "sgd", {"learning_rate": 0.01}, StoppingRule(1e-4)),
    ("himmelblau", "momentum", {"learning_rate": 0.02}, StoppingRule(1e-4, 5.0)),
    ("six_hump_camel", "rmsprop", {"learning_rate": 0.02}, StoppingRule(1e-3)),
    ("six_hump_camel", "newton", {}, StoppingRule()),
    ("rosenbrock", "bfgs", {}, StoppingRule()),
    ("saddle", "sgd", {"learning_rate": 0.1}, StoppingRule(1e-6, 2.0)),
]


def last(pictures):
    *_, picture = pictures
    return picture


def by_racing(surface, spec, points, steps, rule, reach=0.01):
    """The same map in plain Python: for each start a code and the steps it took."""
    near = reach * surface.bounds.diagonal
    codes, arrived = [], []
    for trajectory in race(surface, [spec] * len(points), points, steps, rule):
        end = trajectory.positions[-1]
        distances = [np.hypot(*(end - minimum.w)) for minimum in surface.minima]
        if trajectory.outcome is Outcome.DIVERGED:
            code = DIVERGED
        elif distances and min(distances) <= near:
            code = int(np.argmin(distances))
        elif trajectory.outcome is Outcome.CONVERGED:
            code = STUCK
            assert np.linalg.eigvalsh(surface.hessian(end))[0] < 0
        else:
            code = RUNNING
        steps_needed = trajectory.steps
        if code >= 0:
            away = np.hypot(*(trajectory.positions - surface.minima[code].w).T) > near
            steps_needed = int(np.flatnonzero(away)[-1]) + 1 if away.any() else 0
        codes.append(code)
        arrived.append(steps_needed)
    return codes, arrived


@pytest.mark.parametrize(("key", "optimizer", "settings", "rule"), CASES)
def test_as_if_each_start_had_raced(key, optimizer, settings, rule):
    surface, spec = SURFACES[key], OptimizerSpec(optimizer, settings)
    picture = last(basins(surface, spec, samples=15, steps=120, rule=rule))
    codes, arrived = by_racing(surface, spec, surface.bounds.grid(15)[2].reshape(-1, 2), 120, rule)
    np.testing.assert_array_equal(picture.basin.ravel(), codes)
    np.testing.assert_array_equal(picture.steps.ravel(), arrived)
    assert picture.minima == surface.minima
    assert picture.complete == 1


def test_of_many_steps_not_every_one_is_looked_at():
    surface, spec, rule = SURFACES["two_wells"], OptimizerSpec("sgd", {"learning_rate": 0.01}), StoppingRule()
    picture = last(basins(surface, spec, samples=9, steps=700, rule=rule))
    codes, arrived = by_racing(surface, spec, surface.bounds.grid(9)[2].reshape(-1, 2), 700, rule)
    np.testing.assert_array_equal(picture.basin.ravel(), codes)
    late = picture.steps.ravel() - arrived
    assert (late >= 0).all()
    assert late.max() <= -(-700 // 128)


def test_coarse_pictures_first_then_all_of_it():
    surface, spec = SURFACES["two_wells"], telling_optimizer("adam", SURFACES["two_wells"])
    pictures = list(basins(surface, spec, samples=100, steps=60))
    shares = [picture.complete for picture in pictures]
    assert shares == sorted(set(shares))
    assert shares[0] < 0.05
    assert shares[-1] == 1
    for picture in pictures:
        assert picture.basin.shape == picture.steps.shape == (100, 100)
        assert (picture.basin == pictures[-1].basin).mean() > 0.8
    again = list(basins(surface, spec, samples=100, steps=60))
    for one, other in zip(pictures, again, strict=True):
        np.testing.assert_array_equal(one.basin, other.basin)
        np.testing.assert_array_equal(one.steps, other.steps)


def test_a_start_means_the_same_in_a_coarse_and_in_a_fine_map():
    surface, spec = SURFACES["himmelblau"], telling_optimizer("adam", SURFACES["himmelblau"])
    fine, coarse = (last(basins(surface, spec, samples=samples)) for samples in (101, 11))
    np.testing.assert_array_equal(fine.basin[::10, ::10], coarse.basin)
    np.testing.assert_array_equal(fine.steps[::10, ::10], coarse.steps)


def test_other_bounds():
    surface, spec = SURFACES["two_wells"], OptimizerSpec("sgd", {"learning_rate": 0.01})
    picture = last(basins(surface, spec, Bounds((-1.2, -0.8), (-0.1, 0.3)), samples=8))
    assert (picture.w0[0], picture.w1[-1]) == (-1.2, 0.3)
    assert (picture.basin == 0).all()


def test_unknown_minima_are_found():
    waves = formula_surface("sin(2*x) + sin(2*y) + 0.02*(x^2 + y^2)", Bounds.square(6.0))
    picture = last(basins(waves, OptimizerSpec("sgd", {"learning_rate": 0.2}), samples=40, steps=400))
    assert len(picture.minima) == 25  # five along each axis, the first of them a little outside
    places = np.array([minimum.w for minimum in picture.minima])
    np.testing.assert_allclose(waves.gradient(places), 0, atol=1e-6)
    assert (np.linalg.eigvalsh(waves.hessian(places)) > 0).all()
    distances = np.hypot(*(places[:, np.newaxis] - places).transpose(2, 0, 1))
    assert distances[~np.eye(25, dtype=bool)].min() > 2
    for code in np.unique(picture.basin[picture.basin >= 0]):
        row, column = np.argwhere(picture.basin == code)[0]
        start = (picture.w0[column], picture.w1[row])
        (trajectory,) = race(waves, [OptimizerSpec("sgd", {"learning_rate": 0.2})], start, 400)
        assert np.hypot(*(trajectory.positions[-1] - places[code])) < 0.17


def test_minima_that_are_only_approached_are_found_as_well():
    surface = SURFACES["rastrigin"]
    picture = last(basins(surface, telling_optimizer("adam", surface), samples=40, steps=150))
    assert (picture.basin >= 0).mean() > 0.9
    places = np.array([minimum.w for minimum in picture.minima])
    np.testing.assert_allclose(surface.gradient(places), 0, atol=1e-9)
    np.testing.assert_allclose(places, np.round(places), atol=0.06)
    assert len(np.unique(np.round(places), axis=0)) == len(places)


def test_a_ring_of_minima_is_one():
    ring = formula_surface("(x^2 + y^2 - 1)^2")
    picture = last(basins(ring, OptimizerSpec("sgd", {"learning_rate": 0.05}), samples=31, steps=300))
    assert len(picture.minima) == 1
    assert picture.basin[15, 15] == STUCK
    assert np.count_nonzero(picture.basin == STUCK) == 1
    assert np.count_nonzero(picture.basin == 0) == 31**2 - 1


def test_one_parameter():
    surface = SURFACES["double_well"]
    picture = last(basins(surface, OptimizerSpec("sgd", {"learning_rate": 0.05}), samples=30, steps=300))
    assert set(np.unique(picture.basin)) == {0, 1}
    assert (picture.basin == picture.basin[:1]).all()


@pytest.mark.parametrize(("formula", "code"), [("3", STUCK), ("x^2 - y^2", STUCK), ("-x^2 - y^2", STUCK)])
def test_no_gradient_is_no_minimum(formula, code):
    surface = formula_surface(formula)
    picture = last(basins(surface, OptimizerSpec(), Bounds.square(1.0), samples=3, steps=0))
    assert picture.basin[1, 1] == code
    assert picture.minima == ()


def test_undefined_starts_diverge():
    surface = formula_surface("log(x) + y^2")
    picture = last(basins(surface, OptimizerSpec(), samples=10, steps=5))
    codes, arrived = by_racing(surface, OptimizerSpec(), surface.bounds.grid(10)[2].reshape(-1, 2), 5, StoppingRule())
    np.testing.assert_array_equal(picture.basin.ravel(), codes)
    np.testing.assert_array_equal(picture.steps.ravel(), arrived)
    assert (picture.basin[:, :5] == DIVERGED).all()
    assert (picture.basin[:, 6:] == RUNNING).all()


def test_cancelled_at_once():
    began = [np.inf]
    pictures = basins(
        SURFACES["two_wells"], OptimizerSpec("bfgs"), cancelled=lambda: time.perf_counter() > began[0] + 0.05
    )
    began[0] = time.perf_counter()
    list(pictures)
    assert time.perf_counter() - began[0] < 0.5


def test_fast_enough():
    """DESIGN: within 1.5 times the same arithmetic as bare NumPy, first picture within 100 ms; here with much slack."""
    surface = SURFACES["two_wells"]
    spec = telling_optimizer("adam", surface)
    began = time.perf_counter()
    times = [time.perf_counter() - began for _ in basins(surface, spec)]
    ours = times[-1]
    began = time.perf_counter()
    points = surface.bounds.grid(256)[2].reshape(-1, 2)
    for piece in np.split(points, 16):
        w, m, v = piece, np.zeros_like(piece), np.zeros_like(piece)
        for t in range(1, 201):
            g = surface.gradient(w)
            m = 0.9 * m + 0.1 * g
            v = 0.999 * v + 0.001 * g**2
            w = w - spec.learning_rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-7)
    bare = time.perf_counter() - began
    assert times[0] < 0.5
    assert ours < 4 * bare


@pytest.mark.parametrize(
    ("key", "name"),
    [("sgd", "momentum"), ("rmsprop", "momentum"), ("adam", "beta_1"), ("qhm", "beta"), ("adadelta", "rho")],
)
def test_what_counts_as_momentum(key, name):
    assert momentum_parameter(OptimizerSpec(key)) == name


@pytest.mark.parametrize("key", [key for key in OPTIMIZERS if momentum_parameter(OptimizerSpec(key))])
@pytest.mark.parametrize("surface_key", ["valley", "two_wells"])
def test_rate_and_momentum_as_if_each_had_raced(key, surface_key):
    surface, rule = SURFACES[surface_key], StoppingRule(1e-3)
    name = momentum_parameter(OptimizerSpec(key))
    rates, momenta = np.logspace(-3, -0.5, 6), [0.001 if key == "lion" else 0.0, 0.5, 0.9, 0.99]
    result = rate_momentum_map(surface, OptimizerSpec(key), surface.start, rates, momenta, 150, rule)
    assert result.parameter == name
    for row, momentum in enumerate(momenta):
        for column, rate in enumerate(rates):
            spec = OptimizerSpec(key, {"learning_rate": float(rate), name: momentum})
            (alone,) = race(surface, [spec], surface.start, 150, rule)
            diverged, converged = alone.outcome is Outcome.DIVERGED, alone.outcome is Outcome.CONVERGED
            assert result.diverged[row, column] == diverged
            assert result.steps[row, column] == (alone.steps if converged else np.inf)
            if not diverged:
                # NumPy's power of an array of exponents or bases differs in the last digit from that of a number.
                np.testing.assert_allclose(result.losses[row, column], alone.losses[-1], rtol=1e-6, atol=1e-9)


def test_log_losses_are_above_the_lowest():
    surface = SURFACES["bowl"]
    result = rate_momentum_map(surface, OptimizerSpec(), surface.start, [0.1, 0.5, 20.0], [0.0], 100)
    assert result.lowest == 0
    assert result.log_losses[0, 1] == -16
    assert np.isnan(result.log_losses[0, 2])
    assert rate_momentum_map(SURFACES["saddle"], OptimizerSpec(), (1, 1), [99.0], [0.0], 99).lowest is not None


def test_says_what_is_wrong():
    bowl = SURFACES["bowl"]
    with pytest.raises(ValueError, match="newton has no momentum"):
        rate_momentum_map(bowl, OptimizerSpec("newton"), (1, 1), [1.0], [0.5])
    with pytest.raises(ValueError, match=r"momentum is 1\.5; allowed is a number at least 0 and at most 1"):
        rate_momentum_map(bowl, OptimizerSpec(), (1, 1), [1.0], [1.5])
    with pytest.raises(ValueError, match="samples is 0"):
        basins(bowl, OptimizerSpec(), samples=0)
    with pytest.raises(ValueError, match="no optimizer 'x'"):
        basins(bowl, OptimizerSpec("x"))
    assert rate_momentum_map(bowl, OptimizerSpec(), (1, 1), [1.0], [0.5], cancelled=lambda: True) is None
