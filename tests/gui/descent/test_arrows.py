"""Arrows and squares: they are what the step computes, and they are seen."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.catalog import surface
from gdviz.descent.races import compute
from gdviz.descent.spec import DescentSpec, Racer, SurfaceSpec, telling_optimizer
from gdviz.descent.substeps import substeps
from gdviz.gui.descent.step_card.arrows import square_sides
from gdviz.gui.descent.step_card.marks import NOTHING, mark_color, marks_of
from tests.windows import pixel_of

WELLS = surface("two_wells")


def whole_step(optimizer: OptimizerSpec, step: int = 3):
    """A trajectory on two wells, one of its steps, and all marks of that."""
    trajectory = compute(
        DescentSpec(SurfaceSpec("two_wells"), (Racer(optimizer),), WELLS.start, steps=50)
    ).trajectories[0]
    step = min(step, trajectory.steps - 1)
    update = substeps(WELLS, trajectory, step)
    return trajectory, step, update, marks_of(trajectory, step, update, len(update), WELLS.bounds)


@pytest.mark.parametrize("key", OPTIMIZERS)
def test_steps_end_at_the_next_point_and_gradients_point_uphill(key):
    trajectory, step, update, marks = whole_step(telling_optimizer(key, WELLS))
    steps = [arrow for arrow in marks.arrows if arrow.kind == "step"]
    np.testing.assert_array_equal(steps[0].start, trajectory.positions[step])
    np.testing.assert_array_equal(steps[-1].end, trajectory.positions[step + 1])
    assert steps[-1].factor == 1.0
    gradient = marks.arrows[0]
    assert gradient.name == "g"
    np.testing.assert_allclose(gradient.end - gradient.start, gradient.factor * trajectory.gradients[step], atol=1e-12)
    assert len({arrow.factor for arrow in marks.arrows if arrow.kind == "gradient"}) == 1
    drawn = {sub.name for sub in update if sub.kind == "accumulator"}
    assert {squares.name for squares in marks.squares} == drawn


def test_velocity_is_true_to_scale():
    trajectory, step, _, marks = whole_step(telling_optimizer("momentum", WELLS))
    velocity = next(arrow for arrow in marks.arrows if arrow.kind == "direction")
    np.testing.assert_allclose(velocity.end, trajectory.positions[step + 1], atol=1e-15)


def test_weight_decay_and_step_follow_one_another():
    trajectory, step, _, marks = whole_step(OptimizerSpec("adamw", {"learning_rate": 0.06, "weight_decay": 0.1}))
    decay, last = (arrow for arrow in marks.arrows if arrow.kind == "step")
    np.testing.assert_array_equal(decay.end, last.start)
    np.testing.assert_array_equal(last.end, trajectory.positions[step + 1])


@pytest.mark.parametrize("step", [0, 7, 40])
def test_areas_of_squares_are_the_values(step):
    trajectory, step, _, marks = whole_step(telling_optimizer("adam", WELLS), step)
    squares = marks.squares[0]
    largest = trajectory.state["v"].max()
    np.testing.assert_allclose(squares.areas, trajectory.state["v"][step + 1] / largest)
    sides = np.array(square_sides(squares, 32.0))
    np.testing.assert_allclose(sides**2, 32.0**2 * squares.areas)


def test_arrows_stay_readable_and_say_their_scale():
    for key in ("two_wells", "rosenbrock", "beale", "easom"):
        where = surface(key)
        spec = DescentSpec(SurfaceSpec(key), (Racer(telling_optimizer("adam", where)),), where.start, steps=300)
        trajectory = compute(spec).trajectories[0]
        for step in range(0, trajectory.steps, 50):
            update = substeps(where, trajectory, step)
            marks = marks_of(trajectory, step, update, len(update), where.bounds)
            lengths = [np.hypot(*(arrow.end - arrow.start)) for arrow in marks.arrows if arrow.kind == "gradient"]
            assert 0.03 <= max(lengths) / where.bounds.diagonal <= 0.25
            factor = marks.arrows[0].factor
            assert factor == 1.0 or f"gradients drawn at {factor:g}×" in marks.scale_text


def test_numbers_beyond_all_bounds_are_no_error():
    spec = DescentSpec(
        SurfaceSpec("beale"), (Racer(OptimizerSpec("sgd", {"learning_rate": 5.0})),), (4.0, 4.0), steps=9
    )
    race = compute(spec)
    trajectory = race.trajectories[0]
    for step in range(trajectory.steps + 1):
        update = substeps(race.surface, trajectory, step)
        marks_of(trajectory, step, update, len(update), race.surface.bounds)


def test_arrows_build_up_with_the_keys_and_go_with_the_card(tab, qtbot):
    tab.session.select(3)
    tab.session.go_to(5)
    marks = tab.card.marks
    qtbot.keyClick(tab, Qt.Key.Key_S)
    assert marks.marks is NOTHING
    built = []
    for _ in range(len(tab.session.substeps)):
        qtbot.keyClick(tab, Qt.Key.Key_PageDown)
        built.append(([arrow.name for arrow in marks.marks.arrows], len(marks.marks.squares)))
    assert built == [(["g"], 0), (["g", "m"], 0), (["g", "m"], 1), (["g", "m"], 1), (["g", "m", "w"], 1)]
    qtbot.keyClick(tab, Qt.Key.Key_S)
    assert marks.marks is NOTHING


@pytest.mark.parametrize("theme", ["dark", "white"])
def test_the_gradient_is_seen_in_both_views(tab, qtbot, theme):
    tab.look.set_theme(theme)
    tab.session.set_start((0.0, 1.0))
    qtbot.waitUntil(lambda: tab.session.race.spec == tab.session.spec and tab.session.race.whole)
    tab.card.set_open(True)
    qtbot.keyClick(tab, Qt.Key.Key_PageDown)
    arrow = tab.card.marks.marks.arrows[0]
    middle = (arrow.start + arrow.end) / 2
    color = mark_color("gradient", "g", tab.look).rgb()
    assert tab.contours.grab().toImage().pixel(pixel_of(tab.contours, *middle)) == color
    points = middle.reshape(1, 2)
    x, y = tab.surface_view.pixels_of(points, tab.session.surface.value(points))[0]
    assert tab.surface_view.grab().toImage().pixel(round(x), round(y)) == color


def test_balls_do_not_hide_a_short_step(tab, qtbot):
    tab.session.select(0)
    whole_ball, (_, whole_reach) = tab.contours._balls.opts["size"], tab.surface_view.ball_pixels()
    tab.card.set_open(True)
    for _ in tab.session.substeps:
        qtbot.keyClick(tab, Qt.Key.Key_PageDown)
    step = tab.card.marks.marks.arrows[-1]
    start, tip = (pixel_of(tab.contours, *place) for place in (step.start, step.end))
    ball, (_, reach) = tab.contours._balls.opts["size"], tab.surface_view.ball_pixels()
    assert ball / 2 < np.hypot(tip.x() - start.x(), tip.y() - start.y()) < whole_ball
    assert reach < whole_reach
    qtbot.keyClick(tab, Qt.Key.Key_PageDown)  # there: no arrows
    assert tab.contours._balls.opts["size"] == whole_ball
    assert tab.surface_view.ball_pixels()[1] == whole_reach


def test_the_longest_arrows_never_decide_what_is_in_view(tab, qtbot):
    before = tab.contours.getViewBox().viewRange()
    tab.session.set_optimizer(0, tab.session.spec.racers[0].optimizer.with_setting("learning_rate", 50.0))
    qtbot.waitUntil(lambda: tab.session.race.spec == tab.session.spec)
    tab.session.go_to(0)
    tab.card.set_open(True)
    for _ in range(5):
        qtbot.keyClick(tab, Qt.Key.Key_PageDown)
        tab.contours.grab()
        tab.surface_view.grab()
    (left, right), _ = tab.contours.getViewBox().viewRange()
    assert right - left <= (before[0][1] - before[0][0]) * 1.5


def test_arrows_that_no_view_has_made_room_for_are_not_painted(tab, qtbot):
    """Played from the end on, the first gradient was painted beside what is erased, and stayed for the whole race."""
    tab.session.select(0)
    tab.card.set_open(True)
    tab.to_end()
    tab.contours.grab()
    qtbot.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    assert (tab.session.playing, tab.session.step) == (True, 0)
    gradient = tab.card.marks.marks.arrows[0]
    color = mark_color("gradient", "g", tab.look).rgb()
    place = pixel_of(tab.contours, *(gradient.start + gradient.end) / 2)
    assert tab.contours.grab().toImage().pixel(place) != color
