"""The coach: every number that it says, against brute force."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.analytic import surface_of
from gdviz.descent.catalog import SURFACES
from gdviz.descent.coach import diagnose
from gdviz.descent.formula import formula_surface
from gdviz.descent.races import compute
from gdviz.descent.spec import DescentSpec, Noise, Racer, SurfaceSpec
from gdviz.descent.stability import stability_limit
from gdviz.descent.surface import Bounds
from gdviz.descent.trajectory import StoppingRule, fork, race

FOR_EVER = StoppingRule(tolerance=0.0, far_outside=np.inf)
LIMITED = [
    ("sgd", {}),
    ("sgd", {"momentum": 0.6}),
    ("sgd", {"momentum": 0.6, "nesterov": True}),
    ("sgd", {"nesterov": True}),
    ("sgd", {"weight_decay": 0.7}),
    ("sgd", {"momentum": 0.6, "nesterov": True, "weight_decay": 0.7}),
    ("momentum", {}),
    ("momentum", {"momentum": 0.5, "weight_decay": 0.7}),
    ("momentum", {"momentum": 0.0}),
    ("nesterov", {}),
    ("nesterov", {"momentum": 0.3}),
    ("nesterov", {"momentum": 0.0, "weight_decay": 0.3}),
    ("qhm", {}),
    ("qhm", {"beta": 0.5, "nu": 1.0}),
    ("qhm", {"beta": 0.9, "nu": 0.2}),
    ("qhm", {"beta": 0.9, "nu": 0.0}),
    ("newton", {}),
    ("newton", {"damping": 3.0}),
]
ADAPTIVE = {
    "adagrad": {},
    "adadelta": {},
    "rmsprop": {"centered": True, "epsilon": 0.1},
    "adam": {"beta_1": 0.0},
    "amsgrad": {"beta_1": 0.0},
    "adamw": {"beta_1": 0.0, "weight_decay": 0.0, "amsgrad": True},
    "adamax": {"beta_1": 0.0},
    "qhadam": {"nu_1": 0.0},
}


def parabola(first, second):
    """A quadratic with these curvatures along its axes, turned by 30 degrees."""
    turn = np.array([[np.sqrt(3), -1], [1, np.sqrt(3)]]) / 2
    a, b, _, d = (turn @ np.diag([first, second]) @ turn.T).ravel()
    return surface_of(
        value=lambda x, y: (a * x * x + 2 * b * x * y + d * y * y) / 2,
        gradient=lambda x, y: (a * x + b * y, b * x + d * y),
        hessian=lambda x, y: (a, b, d),
        key="parabola",
        title="",
        formula="",
        bounds=Bounds.square(2.0),
    )


def descended(surface, key, options, start=(1.0, 0.7), steps=400, rule=FOR_EVER, **more):
    (trajectory,) = race(surface, [OptimizerSpec(key, options)], start, steps, rule, **more)
    return trajectory


@pytest.mark.parametrize(("key", "options"), LIMITED)
@settings(max_examples=4, deadline=None)
@given(steepest=st.floats(0.05, 200), ratio=st.floats(0.1, 1.0))
def test_the_limit_separates_settling_from_diverging(key, options, steepest, ratio):
    surface = parabola(steepest, steepest * ratio)
    limit = stability_limit(OptimizerSpec(key, options), steepest)
    steps = 12_000 if (key, options) == ("qhm", {}) else 3000  # its average goes back a thousand steps
    rates = (limit * factor for factor in (0.985, 1.015))
    racers = [OptimizerSpec(key, {**options, "learning_rate": rate}) for rate in rates]
    below, above = race(surface, racers, (1.0, 0.7), steps, FOR_EVER)
    began, settled = np.hypot(*below.positions[[0, -1]].T)
    assert settled < 0.9 * began
    # The loss of one that diverged is not finite any more, and its last row is before that.
    assert above.steps < steps or np.hypot(*above.positions[-1]) > 1e3
    advice = diagnose(surface, below, 0)
    assert advice.limit == pytest.approx(limit, rel=1e-9)
    assert advice.largest_stable_rate == pytest.approx(2 / steepest, rel=1e-9)
    assert advice.condition == pytest.approx(1 / ratio, rel=1e-6)
    np.testing.assert_allclose(advice.eigenvalues, (steepest * ratio, steepest), rtol=1e-9)


def test_limit_formulas_say_what_is_computed():
    for key, options in LIMITED:
        spec = OptimizerSpec(key, options)
        advice = diagnose(SURFACES["valley"], descended(SURFACES["valley"], key, options, steps=1), 0)
        assert eval(advice.limit_formula, {}, {**spec.values(), "curvature": 2.0}) == pytest.approx(advice.limit)


@pytest.mark.parametrize("key", ADAPTIVE)
@pytest.mark.parametrize("schedule", [ScheduleSpec(), ScheduleSpec("exponential", {"decay_steps": 10})])
def test_effective_rates_are_what_the_gradient_is_multiplied_with(key, schedule):
    surface = SURFACES["two_wells"]
    trajectory = descended(
        surface, key, {**ADAPTIVE[key], "learning_rate": 0.05}, surface.start, 40, schedules=[schedule]
    )
    for step in (0, 1, 20, 39):
        moved = trajectory.positions[step] - trajectory.positions[step + 1]
        advice = diagnose(surface, trajectory, step)
        np.testing.assert_allclose(advice.effective_rates, moved / trajectory.gradients[step], rtol=1e-5)
        assert advice.rate == trajectory.learning_rates[step]
        assert advice.limit is None


@pytest.mark.parametrize("key", OPTIMIZERS)
@pytest.mark.parametrize("surface_key", ["two_wells", "rosenbrock", "easom", "saddle", "parabola", "perceptron_bce"])
def test_has_something_to_say_everywhere(key, surface_key):
    surface = SURFACES[surface_key]
    for rate in (1e-4, 0.05, 3.0):
        trajectory = descended(surface, key, {"learning_rate": rate}, surface.start, 60, StoppingRule())
        for step in {0, trajectory.steps // 2, trajectory.steps}:
            advice = diagnose(surface, trajectory, step)
            assert re.fullmatch(r"[A-Z].*\.", advice.sentence)
            assert not re.search(r"nan|\binf\b|None", advice.sentence), advice.sentence


def suggested(sentence):
    return float(re.search(r"try (?:a learning rate of )?([0-9.e+-]*[0-9])", sentence).group(1))


@pytest.mark.parametrize("surface_key", ["bowl", "valley", "rosenbrock", "booth", "line_mse"])
@pytest.mark.parametrize("key", ["sgd", "momentum", "nesterov"])
def test_why_it_diverges_and_what_helps(surface_key, key):
    surface = SURFACES[surface_key]
    hessian = np.linalg.eigvalsh(surface.hessian(np.array(surface.start)))
    rate = 8 * stability_limit(OptimizerSpec(key), hessian[1])
    options = {"learning_rate": rate}
    trajectory = descended(surface, key, options, surface.start, 2000, StoppingRule())
    assert trajectory.outcome.value == "diverged"
    for step in (0, trajectory.steps // 2, trajectory.steps):
        advice = diagnose(surface, trajectory, step)
        assert advice.state == "diverging"
        said = re.match(r"The learning rate (\S+) (?:is|was) above .* = (\S+) (?:here|at step 0)", advice.sentence)
        assert float(said[1]) == pytest.approx(rate, rel=1e-5)
        assert float(said[2]) == pytest.approx(rate / 8, rel=1e-2)
        better = descended(
            surface, key, {"learning_rate": suggested(advice.sentence)}, surface.start, 5000, StoppingRule()
        )
        assert better.outcome.value != "diverged"
        assert better.losses.min() < trajectory.losses[0]


def test_a_later_cliff_is_named():
    surface = formula_surface("(x*y)^2 - x")
    trajectory = descended(surface, "sgd", {"learning_rate": 0.3}, (1.0, 0.5), 200, StoppingRule())
    assert trajectory.outcome.value == "diverged"
    row = int(re.search(r"at step (\d+)", diagnose(surface, trajectory, 0).sentence)[1])
    steepest = np.linalg.eigvalsh(surface.hessian(trajectory.positions))[:, 1]
    assert row == np.flatnonzero(steepest > 2 / 0.3)[0] > 0


def test_falling_for_ever_is_no_overshooting():
    surface = SURFACES["saddle"]
    trajectory = descended(surface, "sgd", {"learning_rate": 0.1}, (1.0, 0.1), 2000, StoppingRule())
    advice = diagnose(surface, trajectory, 3)
    assert (advice.state, advice.sentence[:16]) == ("diverging", "Nothing stops it")


def test_crawling():
    surface = SURFACES["valley"]
    trajectory = descended(surface, "sgd", {"learning_rate": 1e-5}, surface.start, 20)
    advice = diagnose(surface, trajectory, 10)
    assert advice.state == "crawling"
    length = np.hypot(*(trajectory.positions[11] - trajectory.positions[10]))
    distance = np.hypot(*trajectory.positions[10])
    said = re.search(r"The nearest minimum is (\S+) such steps away", advice.sentence)
    assert float(said[1].replace(",", "")) == pytest.approx(distance / length, rel=0.05)
    better = descended(
        surface, "sgd", {"learning_rate": suggested(advice.sentence)}, surface.start, 1000, StoppingRule()
    )
    assert better.outcome.value == "converged"


def test_an_ill_conditioned_valley_is_named():
    surface = SURFACES["rosenbrock"]
    trajectory = descended(surface, "sgd", {"learning_rate": 0.0005}, surface.start, 30)
    advice = diagnose(surface, trajectory, 5)
    assert advice.state == "crawling"
    values = np.linalg.eigvalsh(surface.hessian(trajectory.positions[5]))
    said = float(re.search(r"is (\S+) times steeper", advice.sentence)[1].replace(",", ""))
    assert said == pytest.approx(values[1] / values[0], rel=1e-3)


def test_oscillating():
    surface = SURFACES["valley"]
    trajectory = descended(surface, "sgd", {"learning_rate": 0.9}, surface.start, 40)
    advice = diagnose(surface, trajectory, 20)
    assert advice.state == "oscillating"
    assert "turned round 19 times in 20 steps" in advice.sentence
    assert "times λmax is 1.8," in advice.sentence
    calm = descended(surface, "sgd", {"learning_rate": suggested(advice.sentence)}, surface.start, 40)
    assert diagnose(surface, calm, 20).state != "oscillating"
    rolling = descended(surface, "momentum", {"learning_rate": 0.3, "momentum": 0.95}, surface.start, 60)
    assert "momentum of 0.95" in diagnose(surface, rolling, 40).sentence


def test_where_it_rests():
    two_wells, hills = SURFACES["two_wells"], SURFACES["hills"]
    local = descended(two_wells, "sgd", {"learning_rate": 0.01}, (1.2, 0.1), 5000, StoppingRule())
    advice = diagnose(two_wells, local, local.steps)
    assert advice.state == "local minimum"
    assert "the loss is -1.093, and the lowest known is -5.032" in advice.sentence
    best = descended(two_wells, "sgd", {"learning_rate": 0.01}, (-1.2, 0.1), 5000, StoppingRule())
    assert diagnose(two_wells, best, best.steps).state == "minimum"
    saddle = descended(SURFACES["saddle"], "sgd", {"learning_rate": 0.1}, (1.0, 0.0), 500, StoppingRule())
    advice = diagnose(SURFACES["saddle"], saddle, saddle.steps)
    assert advice.state == "saddle"
    assert "along (0, 1) the surface bends down (curvature -2)" in advice.sentence
    assert (advice.condition, advice.largest_stable_rate) == (None, 1)
    top = descended(formula_surface("-x^2 - 3*y^2"), "sgd", {}, (0.0, 0.0), 5)
    advice = diagnose(formula_surface("-x^2 - 3*y^2"), top, 0)
    assert (advice.state, advice.limit, advice.limit_formula) == ("maximum", None, "")
    assert diagnose(formula_surface("3"), descended(formula_surface("3"), "sgd", {}), 0).state == "flat"
    assert diagnose(hills, descended(hills, "adam", {}, (-1.0, 0.03), 3), 0).state == "maximum"


def test_a_schedule_and_a_fork_are_heeded():
    surface = SURFACES["bowl"]
    plan = ScheduleSpec("step", {"every": 10, "factor": 0.1})
    first = descended(surface, "sgd", {"learning_rate": 1.05}, steps=30, schedules=[plan])
    assert "is above 2/λmax = 1 here" in diagnose(surface, first, 3).sentence
    assert diagnose(surface, first, 12).rate == pytest.approx(0.105)
    forked = fork(surface, first, 20, OptimizerSpec("momentum"), 10, FOR_EVER)
    assert diagnose(surface, forked, 25).limit == pytest.approx(1.9)
    assert diagnose(surface, forked, 15).limit == pytest.approx(1.0)


def test_one_parameter_has_one_curvature():
    surface = SURFACES["parabola"]
    advice = diagnose(surface, descended(surface, "sgd", {"learning_rate": 0.1}, (1.0, 0.0), 5), 0)
    np.testing.assert_array_equal(advice.eigenvalues, (2, 2))
    assert (advice.condition, advice.limit) == (1, 1)
    assert "2/f″ = 1" in advice.sentence
    for rate in (0.7, 1.5):
        spec = descended(surface, "sgd", {"learning_rate": rate}, (1.0, 0.0), 20)
        sentences = [diagnose(surface, spec, step).sentence for step in (0, 10, spec.steps)]
        assert not any("λ" in sentence for sentence in sentences)


def test_a_step_that_is_not_there():
    with pytest.raises(ValueError, match="step is 6; allowed is a whole number from 0 to 5"):
        diagnose(SURFACES["bowl"], descended(SURFACES["bowl"], "sgd", {}, steps=5), 6)


def test_just_at_the_limit_it_is_told_to_go_to_and_fro():
    surface = SURFACES["bowl"]
    advice = diagnose(surface, descended(surface, "sgd", {"learning_rate": 1.0}, (1.7, 0.0), steps=10), 0)
    assert advice.limit == 1.0
    assert "to and fro" in advice.sentence
    assert "try 0.5" in advice.sentence


def test_where_the_surface_ends_the_loss_does_not_fall_on_and_on():
    surface = formula_surface("log(x) + y^2")
    trajectory = descended(surface, "sgd", {"learning_rate": 0.1}, (1.0, 0.5), steps=100)
    sentence = diagnose(surface, trajectory, trajectory.steps).sentence
    assert "not finite" in sentence
    assert "on and on" not in sentence


ADVISED_ONCE = [
    ("two_wells", "sgd", 1e-5, (0.7, 1.5)),
    ("two_wells", "sgd", 0.06, (0.7, 1.5)),
    ("two_wells", "sgd", 0.1, (0.7, 1.5)),
    ("two_wells", "sgd", 0.2, (0.7, 1.5)),
    ("two_wells", "momentum", 0.2, (0.7, 1.5)),
    ("easom", "sgd", 1.2, (3.0, 4.0)),
    ("hills", "momentum", 1e-5, None),
    ("rastrigin", "sgd", 0.05, None),
    ("rastrigin", "momentum", 0.2, None),
    ("himmelblau", "momentum", 0.2, (1.0, 1.0)),
    ("styblinski_tang", "momentum", 1e-5, None),
    ("double_well", "sgd", 1e-5, None),
]


@pytest.mark.parametrize(("key", "optimizer", "rate", "start"), ADVISED_ONCE)
def test_following_its_advice_once_is_enough(key, optimizer, rate, start):
    surface = SURFACES[key]
    begun = descended(surface, optimizer, {"learning_rate": rate}, start or surface.start, 1000, StoppingRule())
    assert begun.outcome.value != "converged"
    for step in {begun.steps // 2, begun.steps}:
        advice = diagnose(surface, begun, step)
        assert "all is well" not in advice.sentence
        options = {"learning_rate": suggested(advice.sentence)}
        better = descended(surface, optimizer, options, start or surface.start, 2000, StoppingRule())
        assert better.outcome.value == "converged", advice.sentence
        assert diagnose(surface, better, better.steps).state in ("minimum", "local minimum")


def test_a_racer_that_never_settles_is_not_well():
    surface, start = SURFACES["two_wells"], (0.7, 1.5)
    jumping = descended(surface, "sgd", {"learning_rate": 0.2}, start, 1000, StoppingRule())
    limits = [2 / np.linalg.eigvalsh(surface.hessian(np.array(minimum.w)))[1] for minimum in surface.minima]
    jumps = 0
    for step in range(50, 1001, 50):
        advice = diagnose(surface, jumping, step)
        assert "all is well" not in advice.sentence
        assert suggested(advice.sentence) < max(limits)
        said = re.match(r"The loss jumps up and down between (\S+) and (\S+) and does not fall", advice.sentence)
        if said:
            jumps += 1
            assert advice.state == "oscillating"
            recent = jumping.losses[step - 50 : step + 1]
            assert [float(said[1]), float(said[2])] == pytest.approx([recent.min(), recent.max()], rel=1e-2)
    assert jumps > 15


def test_what_passes_a_steeper_place_and_settles_is_well():
    surface = SURFACES["two_wells"]
    settled = descended(surface, "sgd", {"learning_rate": 0.04}, (0.7, 1.5), 1000, StoppingRule())
    assert settled.outcome.value == "converged"
    for step in range(settled.steps):
        sentence = diagnose(surface, settled, step).sentence
        assert not re.search("jumps|cannot settle|could not settle.*try", sentence)


def test_what_all_samples_allow_is_not_said_to_be_well_for_single_batches():
    surface = SURFACES["line_mse"]
    trajectory = descended(surface, "sgd", {"learning_rate": 0.03}, surface.start, 5)
    assert diagnose(surface, trajectory, 0).sentence.endswith("here: all is well.")
    told = diagnose(surface, trajectory, 0, in_batches=True).sentence
    assert told == "The learning rate 0.03 is below 2/λmax = 0.0843 of all samples here; a batch may allow less."


def test_to_and_fro_between_batches_is_not_blamed_on_the_optimizer():
    spec = DescentSpec(
        SurfaceSpec("line_mse"),
        (Racer(OptimizerSpec("adam", {"learning_rate": 0.3})),),
        SURFACES["line_mse"].start,
        steps=200,
        noise=Noise("single", seed=1),
    )
    (trajectory,) = compute(spec).trajectories
    told = [diagnose(SURFACES["line_mse"], trajectory, step, in_batches=True) for step in range(100, 200)]
    to_and_fro = [advice.sentence for advice in told if "turned round" in advice.sentence]
    assert to_and_fro
    assert all("the samples of each step pull another way" in sentence for sentence in to_and_fro)
