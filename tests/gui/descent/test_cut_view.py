"""One dimension: the curve, its tangent and what lies on it, worked with mouse and keys."""

from __future__ import annotations

from functools import partial
from itertools import product

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gdviz.descent.catalog import SURFACES
from gdviz.descent.races import compute, surface_of
from gdviz.descent.spec import Fan, SurfaceSpec, first_race
from gdviz.gui.descent.curves.cut_curve import DIRECTIONS, cut_picture
from gdviz.gui.descent.curves.cut_view import CutView
from gdviz.gui.descent.session import DescentSession
from tests.windows import pixel_of


@pytest.fixture
def session(qtbot):
    made = DescentSession()
    made.compute()
    qtbot.waitUntil(lambda: computed(made))
    yield made
    made.close()


@pytest.fixture
def view(qtbot, look, session):
    made = CutView(session, look)
    qtbot.addWidget(made)
    look.dress(made)
    made.resize(500, 400)
    yield made
    made.close_view()


def computed(session):
    return session.race.spec == session.spec and session.race.whole and len(session.race.trajectories) > 0


def show(qtbot, view, key, step=5):
    """Show the cut of a surface at a step."""
    view.session.set_surface(SurfaceSpec(key))
    qtbot.waitUntil(lambda: computed(view.session))
    view.session.go_to(step)
    if not view.isVisible():
        with qtbot.waitExposed(view):
            view.show()
    wait(qtbot, view)


def is_laid_out(plot):
    """Whether the axis is as wide as its numbers: it becomes so once they were drawn."""
    before = plot.box.sceneBoundingRect()
    plot.grab()
    QApplication.processEvents()
    return plot.box.sceneBoundingRect() == before


def wait(qtbot, view):
    """Until the picture is that of the session, and the plot shows it."""
    qtbot.waitUntil(
        lambda: (
            view.picture is not None
            and view.picture.race is view.session.race
            and view.picture.step == view.session.step
            and view.picture.selected == view.session.selected
        )
    )


def choose(qtbot, view, direction):
    view.direction_box.setFocus()
    steps = view.direction_box.findData(direction) - view.direction_box.currentIndex()
    for _ in range(abs(steps)):
        qtbot.keyClick(view.direction_box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: view.picture.cut.direction == direction)


def test_what_is_cut_is_called_as_in_the_table(view, qtbot):
    show(qtbot, view, "two_wells")
    view.session.fork(0, view.session.spec.racers[0].optimizer)
    qtbot.waitUntil(lambda: computed(view.session))
    wait(qtbot, view)
    qtbot.waitUntil(lambda: view.title.text().endswith("through SGD 0.02 from 5"))


def test_a_fan_runs_along_the_curve(view, qtbot):
    show(qtbot, view, "double_well", step=3)
    assert len(view.plot._fan.data) == 0
    view.session.change(msgspec.structs.replace(view.session.spec, fan=Fan("grid", 9)))
    qtbot.waitUntil(lambda: len(view.plot._fan.data) == 9)
    for step in (3, 0):
        view.session.go_to(step)
        wait(qtbot, view)
        x, loss = view.plot._fan.getData()
        np.testing.assert_array_equal(x, [run.positions[step, 0] for run in view.session.race.fan])
        np.testing.assert_allclose(loss, x**4 - 2 * x**2 + 0.3 * x)
    view.session.undo()
    qtbot.waitUntil(lambda: len(view.plot._fan.data) == 0)


@pytest.mark.parametrize("key", ["parabola", "double_well"])
def test_curve_of_one_parameter_with_ball_tangent_and_next_step(view, qtbot, key):
    show(qtbot, view, key)
    surface, picture = SURFACES[key], view.picture
    x, loss = view.plot._curve.getData()
    np.testing.assert_allclose(loss, surface.value(np.column_stack([x, np.zeros_like(x)])), rtol=1e-12)
    assert x[0] <= -2.0
    assert x[-1] >= 2.0
    trajectory = view.session.race.trajectories[0]
    here, after = trajectory.positions[5], trajectory.positions[6]
    (place, slope), arrow = view.plot.marks.tangent, view.plot.marks.arrow
    assert place == (here[0], trajectory.losses[5])
    assert slope == pytest.approx(surface.gradient(here)[0], rel=1e-12)
    assert arrow == (place, (after[0], trajectory.losses[6]))
    assert len(picture.balls) == len(view.session.race.trajectories)
    for ball, of in zip(picture.balls, view.session.race.trajectories, strict=True):
        assert (ball.x, ball.loss) == (of.positions[5, 0], of.losses[5])
        np.testing.assert_array_equal(ball.visited[:, 0], of.positions[:5, 0])
    texts = [label.text() for label in view.numbers]
    assert texts[2] == f"slope {slope:.4f}".replace("-", "−")
    np.testing.assert_array_equal(picture.minima[:, 0], [minimum.w[0] for minimum in surface.minima])


@pytest.mark.parametrize("direction", DIRECTIONS)
@pytest.mark.parametrize("key", ["two_wells", "himmelblau"])
def test_slope_along_the_line_is_that_of_the_surface(view, qtbot, key, direction):
    show(qtbot, view, key)
    choose(qtbot, view, direction)
    trajectory, picture = view.session.race.trajectories[0], view.picture
    w, made = trajectory.positions[5], picture.cut
    gradient = SURFACES[key].gradient(w)
    np.testing.assert_allclose(made.w_at(picture.ball.x), w, atol=1e-12)
    expected = {
        "w0": gradient[0],
        "w1": gradient[1],
        "gradient": -np.hypot(*gradient),
        "step": gradient @ (trajectory.positions[6] - w) / np.hypot(*(trajectory.positions[6] - w)),
        "minimum": gradient @ made.line.direction,
    }
    assert picture.slope == pytest.approx(expected[direction], rel=1e-9)
    if direction == "minimum":
        nearest = min(SURFACES[key].minima, key=lambda minimum: np.hypot(*(minimum.w - w)))
        assert nearest.value in picture.minima[:, 1]
    if direction in ("gradient", "step"):  # plain gradient descent steps straight against it
        assert picture.next[1] == trajectory.losses[6]
    shown = [ball.index for ball in picture.balls]
    for index, other in enumerate(view.session.race.trajectories):
        off = made.line.points(made.line.position(other.positions[5])) - other.positions[5]
        assert (index in shown) == (np.hypot(*off) <= 1e-3 * SURFACES[key].bounds.diagonal)
    assert 1 <= len(shown) < len(view.session.race.trajectories)


@pytest.mark.parametrize("direction", ["w0", "gradient"])
def test_where_it_is_cut_is_read_in_a_narrow_view(view, qtbot, direction):
    show(qtbot, view, "two_wells")
    view.session.select(1)  # momentum, a longer name
    choose(qtbot, view, direction)
    view.resize(490, 380)  # as beside the contours in a window of 1280 pixels
    w0, w1 = view.session.race.trajectories[1].positions[5]
    numbers = f"w1 = {w1:.4f}" if direction == "w0" else f"({w0:.2f}, {w1:.2f})"

    def seen():
        title = view.title
        return title.fontMetrics().elidedText(title.text(), Qt.TextElideMode.ElideRight, title.width())

    qtbot.waitUntil(lambda: numbers.replace("-", "−") in seen())


def test_title_says_what_is_cut(view, qtbot):
    show(qtbot, view, "two_wells")
    w1 = view.session.race.trajectories[0].positions[5, 1]
    assert view.title.text() == f"at w1 = {w1:.4f} through SGD"
    choose(qtbot, view, "w1")
    assert view.plot.getAxis("bottom").labelText == "w1"
    assert "w0 = " in view.title.text()


def test_where_the_gradient_is_zero_it_says_so_and_cuts_along_w0(session, qtbot):
    session.set_surface(SurfaceSpec("bowl"))
    session.set_start((0.0, 0.0))
    qtbot.waitUntil(lambda: computed(session))
    for direction in ("gradient", "minimum", "step"):
        picture = cut_picture(session.race, 0, 0, direction)
        assert picture.cut.direction == "w0"
        assert picture.cut.note


@pytest.mark.parametrize("key", SURFACES)
def test_every_surface_can_be_cut(key):
    race = compute(first_race(surface_of(SurfaceSpec(key))))
    for direction, step in product(DIRECTIONS, (0, 3, 10**6)):
        picture = cut_picture(race, step, 0, direction)
        assert np.isfinite(picture.loss).any()
        assert picture.frame[2] < picture.frame[3]


def test_click_and_drag_move_the_start_in_one_undo(view, qtbot):
    show(qtbot, view, "parabola", step=0)
    qtbot.waitUntil(partial(is_laid_out, view.plot))
    before, viewport = view.session.spec.start, view.plot.viewport()
    start, end = pixel_of(view.plot, before[0], 2.0), pixel_of(view.plot, 1.25, 1.0)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for share in np.linspace(0.1, 1.0, 6):
        QTest.mouseMove(viewport, start + (end - start) * float(share))
        qtbot.wait(1)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    assert view.session.spec.start == (pytest.approx(1.25, abs=0.01), before[1])
    qtbot.waitUntil(lambda: view.picture.ball.x == view.session.spec.start[0])
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=pixel_of(view.plot, -0.5, 1.0))
    assert view.session.spec.start[0] == pytest.approx(-0.5, abs=0.01)
    view.session.undo()
    assert view.session.spec.start[0] == pytest.approx(1.25, abs=0.01)
    view.session.undo()
    assert view.session.spec.start == before


def test_click_on_a_ball_is_a_click_on_the_plot(view, qtbot):
    show(qtbot, view, "parabola", step=4)
    ball = view.picture.balls[-1]
    pos = pixel_of(view.plot, ball.x, ball.loss)
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pos)
    assert view.session.spec.start[0] == pytest.approx(ball.x, abs=0.02)


def test_drag_on_a_cut_moves_the_ball_along_the_line(view, qtbot):
    show(qtbot, view, "two_wells", step=7)
    choose(qtbot, view, "gradient")
    line = view.picture.cut.line
    viewport = view.plot.viewport()
    start, end = pixel_of(view.plot, 0.0, 1.0), pixel_of(view.plot, 0.8, 1.0)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for share in np.linspace(0.1, 1.0, 6):
        QTest.mouseMove(viewport, start + (end - start) * float(share))
        qtbot.wait(20)
        assert view.picture.cut.line is line
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    assert view.session.step == 0
    np.testing.assert_allclose(view.session.spec.start, line.points(0.8), atol=0.02)
    qtbot.waitUntil(lambda: tuple(view.picture.cut.line.point) == view.session.spec.start)


def test_a_racer_with_a_start_of_its_own_keeps_that_to_itself(view, qtbot):
    view.session.set_surface(SurfaceSpec("parabola"))
    view.session.set_own_start(0, (0.5, 0.0))
    before = view.session.spec.start
    show(qtbot, view, "parabola", step=0)
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(view.plot, 1.0, 1.0))
    assert view.session.spec.start == before
    assert view.session.spec.racers[0].start == (pytest.approx(1.0, abs=0.01), 0.0)


def test_what_is_drawn_in_pixels_covers_the_view(view, qtbot):
    """Qt leaves out what lies outside its bounds, and these have to follow the view."""
    show(qtbot, view, "double_well", step=2)
    view.plot.repaint()
    for item in (view.plot.marks, view.plot._dots):
        assert item.boundingRect().contains(view.plot.box.viewRect().adjusted(1e-6, 1e-6, -1e-6, -1e-6))


def test_it_rests_while_hidden_and_catches_up(view, qtbot):
    show(qtbot, view, "two_wells", step=3)
    view.hide()
    view.session.go_to(9)
    qtbot.wait(50)
    assert view.picture.step == 3
    view.show()
    wait(qtbot, view)
    assert view.picture.step == 9


def test_it_follows_step_and_selection(view, qtbot):
    show(qtbot, view, "two_wells", step=3)
    view.session.select(2)
    wait(qtbot, view)
    view.session.step_by(4)
    wait(qtbot, view)
    assert tuple(view.picture.cut.line.point) == tuple(view.session.race.trajectories[2].positions[7])


def test_the_plot_stands_still_while_it_plays_along_w0(view, qtbot):
    show(qtbot, view, "two_wells", step=3)
    before = view.plot.box.viewRange()
    for _ in range(3):
        view.session.step_by(1)
        wait(qtbot, view)
        assert view.plot.box.viewRange() == before


def test_zoom_is_kept_until_the_view_is_reset(view, qtbot):
    show(qtbot, view, "two_wells", step=3)
    whole = view.plot.box.viewRange()
    view.plot.box.scaleBy((0.3, 0.3))
    view.plot.box.sigRangeChangedManually.emit((True, True))
    near = view.plot.box.viewRange()
    view.session.step_by(1)
    wait(qtbot, view)
    assert view.plot.box.viewRange() == near
    view.reset_view()
    qtbot.waitUntil(lambda: np.allclose(view.plot.box.viewRange()[0], whole[0]))


def test_without_racers_it_says_what_to_do(view, qtbot):
    show(qtbot, view, "two_wells")
    while view.session.spec.racers:
        view.session.remove_racer(0)
    qtbot.waitUntil(lambda: "Add a racer" in view.title.text())
    view.session.add_racer("sgd")
    wait(qtbot, view)


@pytest.mark.parametrize("theme", ["dark", "white"])
@pytest.mark.parametrize("scale", [0.75, 2.0])
def test_ball_is_drawn_in_its_colour_in_every_look(view, qtbot, theme, scale):
    show(qtbot, view, "parabola", step=2)
    view.look.set_theme(theme)
    view.look.set_scale(scale)
    qtbot.wait(50)
    picture = view.plot.grab().toImage()
    seen = picture.pixelColor(pixel_of(view.plot, view.picture.ball.x, view.picture.ball.loss))
    assert max(abs(a - b) for a, b in zip(seen.getRgb(), view.look.racer(0).getRgb(), strict=True)) < 30


def test_hovering_tells_loss_and_slope(view, qtbot):
    show(qtbot, view, "parabola", step=2)
    QTest.mouseMove(view.plot.viewport(), pixel_of(view.plot, 1.0, 2.0))
    qtbot.waitUntil(lambda: "slope" in view.plot._readout.text())
    numbers = [float(line.split()[1].replace("−", "-")) for line in view.plot._readout.text().splitlines()]
    assert numbers[1] == pytest.approx(numbers[0] ** 2, abs=1e-3)
    assert numbers[2] == pytest.approx(2 * numbers[0], abs=1e-3)


def test_a_racer_far_outside_is_said_to_be_there_and_seen_again_earlier(qtbot, view, session):
    show(qtbot, view, "rosenbrock", 0)
    session.set_optimizer(0, session.spec.racers[0].optimizer.with_setting("learning_rate", 0.5))
    qtbot.waitUntil(lambda: computed(session))
    session.select(0)
    session.go_to(session.race.trajectories[0].steps)
    qtbot.waitUntil(lambda: "far outside the surface" in view.title.text())
    session.go_to(0)
    wait(qtbot, view)
    assert "through" in view.title.text()


def test_the_line_is_told_while_it_is_seen_and_follows_the_racer(view, qtbot):
    told = []
    view.line_changed.connect(told.append)
    show(qtbot, view, "two_wells")
    choose(qtbot, view, "step")
    wait(qtbot, view)
    qtbot.waitUntil(lambda: view.picture.cut.direction == "step")
    racer = view.session.race.trajectories[0].positions
    for step in (5, 6):
        view.session.go_to(step)
        wait(qtbot, view)
        assert view.picture.cut.holds(racer[step : step + 2]).all()
        np.testing.assert_allclose(told[-1], view.picture.cut.w_at(view.plot.box.viewRange()[0]))
    view.hide()
    assert told[-1] is None
    show(qtbot, view, "parabola")
    assert told[-1] is None  # there is nothing to it but the curve


def test_while_steps_are_explained_the_next_point_is_not_told_before_it(view, qtbot):
    session = view.session
    show(qtbot, view, "parabola", step=0)
    assert view.plot.marks.arrow is not None
    session.explain(True)
    assert len(view.plot._ring.data) == 0
    assert not view.numbers[-1].isVisible()
    for _ in session.substeps:
        session.next_substep()
    assert view.plot.marks.arrow is None  # the step card's stands there
    np.testing.assert_allclose(np.ravel(view.plot._ring.getData()), view.picture.next)
    assert view.numbers[-1].text().startswith("step")
    session.explain(False)
    assert view.plot.marks.arrow is not None
