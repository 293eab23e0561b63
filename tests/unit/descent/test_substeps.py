"""Updates taken apart: the step card's numbers are the trajectory's."""

import time

import numpy as np
import pytest

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.data_losses import HOURS_AND_GRADES
from gdviz.descent.substeps import substeps
from gdviz.descent.trajectory import StoppingRule, extend, fork, race

FOR_EVER = StoppingRule(tolerance=0.0, far_outside=np.inf)
TWO_WELLS = SURFACES["two_wells"]
COSINE = ScheduleSpec("cosine", {"decay_steps": 40, "warmup_target": 0.05, "warmup_steps": 7, "alpha": 0.1})
VARIANTS = [
    *[(key, {}) for key in OPTIMIZERS],
    ("sgd", {"momentum": 0.8, "nesterov": True, "clipnorm": 0.3, "weight_decay": 0.1}),
    ("rmsprop", {"centered": True, "momentum": 0.5, "clipvalue": 0.2}),
    ("adam", {"amsgrad": True}),
    ("adadelta", {"learning_rate": 1.0}),
    ("ftrl", {"l1_regularization_strength": 0.1, "l2_shrinkage_regularization_strength": 0.1, "beta": 0.2}),
]
SHAPES = {"scalar": (), "matrix": (2, 2)}


def assert_explains(surface, trajectory, steps=None):
    for step in range(trajectory.steps) if steps is None else steps:
        card = substeps(surface, trajectory, step)
        by_name = {each.name: each for each in card}
        np.testing.assert_array_equal(by_name["w"].value, trajectory.positions[step + 1])
        maker = trajectory.maker(step)
        for name, rows in maker.state.items():
            if len(rows) > step + 1:
                expected = rows[step + 1]
                np.testing.assert_array_equal(by_name[name].value, expected[0] if expected.shape == (1,) else expected)


@pytest.mark.parametrize(("key", "settings"), VARIANTS)
@pytest.mark.parametrize("schedule", [ScheduleSpec(), COSINE])
def test_numbers_are_the_trajectorys_to_the_last_bit(key, settings, schedule):
    others = [OptimizerSpec(key), OptimizerSpec(key, settings), OptimizerSpec("sgd")]
    _, trajectory, _ = race(
        TWO_WELLS, others, TWO_WELLS.start, 300, FOR_EVER, schedules=[ScheduleSpec(), schedule, ScheduleSpec()]
    )
    assert_explains(TWO_WELLS, trajectory, [0, 1, 2, 7, 8, 48, 255, 256, 299])


@pytest.mark.parametrize(("key", "settings"), VARIANTS)
def test_kinds_fit_their_values(key, settings):
    (trajectory,) = race(TWO_WELLS, [OptimizerSpec(key, settings)], TWO_WELLS.start, 10, FOR_EVER)
    card = substeps(TWO_WELLS, trajectory, 6)
    assert (card[0].code, card[0].kind) == ("g = gradient(w)", "gradient")
    for each in card:
        assert each.value.shape == SHAPES.get(each.kind, (2,)), each.code
        assert (each.kind == "step") == (each.name == "w")
        if each.kind == "accumulator":
            assert (each.value >= 0).all()
        if each.kind == "step":
            assert each.before is not None
    (last,) = (each for each in card if each.kind == "step" and each is [s for s in card if s.kind == "step"][-1])
    went = last.value - trajectory.positions[6]
    for each in card:
        if each.kind == "direction" and each.name != "velocity":
            assert (each.value * went >= 0).all(), each.code
        if each.kind == "gradient" and each.name in ("direction", "m_hat", "mean") and key != "nadam":
            assert (each.value * went <= 0).all(), each.code


def test_uses_what_stands_in_the_line():
    (trajectory,) = race(TWO_WELLS, [OptimizerSpec("adam")], TWO_WELLS.start, 10, FOR_EVER)
    m = next(each for each in substeps(TWO_WELLS, trajectory, 4) if each.name == "m")
    assert m.uses.keys() == {"beta_1", "m", "g"}
    np.testing.assert_array_equal(m.uses["m"], trajectory.state["m"][4])
    np.testing.assert_array_equal(m.before, trajectory.state["m"][4])
    np.testing.assert_array_equal(m.value, trajectory.state["m"][5])
    alpha = next(each for each in substeps(TWO_WELLS, trajectory, 4) if each.name == "alpha")
    assert alpha.uses["t"] == 5
    assert alpha.before is None


def test_the_hessian_is_there_for_newton():
    (trajectory,) = race(TWO_WELLS, [OptimizerSpec("newton")], TWO_WELLS.start, 3, FOR_EVER)
    direction = substeps(TWO_WELLS, trajectory, 1)[1]
    np.testing.assert_array_equal(direction.uses["hessian"], TWO_WELLS.hessian(trajectory.positions[1]))


def test_a_schedule_is_explained_before_the_rule():
    (trajectory,) = race(TWO_WELLS, [OptimizerSpec("sgd")], TWO_WELLS.start, 30, FOR_EVER, schedules=[COSINE])
    for step in (0, 3, 7, 20):
        card = substeps(TWO_WELLS, trajectory, step)
        rate = [each for each in card if each.name == "learning_rate"][-1]
        assert rate.value == trajectory.learning_rates[step]
        assert card[-1].uses["learning_rate"] == rate.value
        assert {each.kind for each in card[1:-1]} == {"scalar"}


def test_forks_are_explained_by_who_made_them():
    source = HOURS_AND_GRADES.mini_batches(4, seed=2)
    surface = HOURS_AND_GRADES.surface
    (first,) = race(surface, [OptimizerSpec("adam")], surface.start, 40, FOR_EVER, source)
    faster = fork(surface, first, 20, OptimizerSpec("adam", {"learning_rate": 0.1}), 30, FOR_EVER, source)
    other = fork(surface, faster, 35, OptimizerSpec("momentum"), 30, FOR_EVER, source, COSINE)
    longer = extend(surface, other, 30, FOR_EVER, source)
    back = fork(surface, longer, 30, OptimizerSpec("rmsprop"), 10, FOR_EVER, source)
    for trajectory in (first, faster, other, longer, back):
        assert_explains(surface, trajectory)
    assert [longer.maker(row).optimizer.key for row in (0, 20, 34, 35, 90)] == ["adam"] * 3 + ["momentum"] * 2
    assert longer.maker(20) is faster
    assert back.maker(29) is faster
    assert longer.forked_at == 35


def test_the_last_row_shows_the_step_that_was_not_taken():
    (part,) = race(TWO_WELLS, [OptimizerSpec("adam")], TWO_WELLS.start, 10, FOR_EVER)
    whole = extend(TWO_WELLS, part, 1, FOR_EVER)
    np.testing.assert_array_equal(substeps(TWO_WELLS, part, 10)[-1].value, whole.positions[11])


def test_a_step_that_is_not_there():
    (trajectory,) = race(TWO_WELLS, [OptimizerSpec("adam")], TWO_WELLS.start, 10, FOR_EVER)
    with pytest.raises(ValueError, match="step is 11; allowed is a whole number from 0 to 10"):
        substeps(TWO_WELLS, trajectory, 11)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_fast_enough_for_every_frame(key):
    (trajectory,) = race(TWO_WELLS, [OptimizerSpec(key)], TWO_WELLS.start, 50, FOR_EVER, schedules=[COSINE])
    times = []
    for step in range(20):
        began = time.perf_counter()
        substeps(TWO_WELLS, trajectory, step)
        times.append(time.perf_counter() - began)
    assert min(times) < 2e-3
