"""Too low, just right, too high: three panels that play together."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QSize, Qt
from PySide6.QtTest import QTest

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.spec import SurfaceSpec
from gdviz.descent.stopping import Outcome
from gdviz.descent.trajectory import race
from gdviz.gui.descent.curves.rates_view import RatesView
from gdviz.gui.descent.curves.three_rates import CURVES, RIGHT, TOO_HIGH, TOO_LOW, RatesSpec, three_rates
from gdviz.gui.descent.session import DescentSession
from tests.windows import pixel_of


@pytest.fixture
def session(qtbot):
    made = DescentSession()
    made.compute()
    yield made
    made.close()


@pytest.fixture
def view(qtbot, look, session):
    made = RatesView(session, look)
    qtbot.addWidget(made)
    look.dress(made)
    made.resize(500, 400)
    with qtbot.waitExposed(made):
        made.show()
    wait(qtbot, made)
    yield made
    made.close_view()


def wait(qtbot, view):
    """Until the panels show what is asked for, and the race is there."""
    qtbot.waitUntil(lambda: view.picture is not None and view.picture.spec == view.asked)
    qtbot.waitUntil(lambda: view.session.race.spec == view.session.spec and view.session.race.whole)


def ask(key="parabola", optimizer="sgd", rates=(None, None, None), start=None):
    surface = SURFACES[key]
    return RatesSpec(
        SurfaceSpec(key), OptimizerSpec(optimizer), ScheduleSpec(), start or surface.start, 1000, 1e-6, rates
    )


def test_rates_come_from_the_curvature_at_the_minimum():
    assert three_rates(ask()).rates == (0.05, 0.45, 1.05)  # x² has a second derivative of 2
    curvature = 12 * SURFACES["double_well"].minima[1].w[0] ** 2 - 4  # the minimum next to the start
    np.testing.assert_allclose(three_rates(ask("double_well")).rates, np.array([0.1, 0.9, 2.1]) / curvature, rtol=5e-3)


def test_verdicts_are_those_of_the_lecture():
    low, right, high = three_rates(ask()).verdicts
    assert (low.word, right.word, high.word) == (TOO_LOW, RIGHT, TOO_HIGH)
    # 1.7 · 0.9ⁿ · 2 is below 1e-6 from n = 143 on; and it has left for good where 1.7 · 1.1ⁿ > 1000 diagonals.
    assert low.sentence == f"crawls: converged after {int(np.ceil(np.log(3.4e6) / -np.log(0.9)))} steps"
    assert right.sentence == "converged after 7 steps"
    outside = int(np.ceil(np.log(1000 * SURFACES["parabola"].bounds.diagonal / 1.7) / np.log(1.1)))
    assert high.sentence == f"diverged after {outside} steps"


@pytest.mark.parametrize("key", CURVES)
@pytest.mark.parametrize("optimizer", OPTIMIZERS)
def test_trajectories_are_those_of_a_race_with_these_rates(key, optimizer):
    picture = three_rates(ask(key, optimizer))
    assert len(picture.rates) == 3
    assert picture.rates[0] < picture.rates[1] < picture.rates[2]
    assert picture.verdicts[1].word == RIGHT
    for rate, trajectory in zip(picture.rates, picture.trajectories, strict=True):
        alone = race(SURFACES[key], [OptimizerSpec(optimizer, {"learning_rate": rate})], SURFACES[key].start, 1000)[0]
        np.testing.assert_array_equal(trajectory.positions, alone.positions)
        assert trajectory.outcome is alone.outcome


def test_a_verdict_follows_the_rate_and_not_the_panel():
    picture = three_rates(ask(rates=(1.05, 0.45, 0.001)))
    assert [verdict.word for verdict in picture.verdicts] == [TOO_HIGH, RIGHT, TOO_LOW]
    assert picture.trajectories[2].outcome is Outcome.RUNNING
    assert "away after 1000 steps" in picture.verdicts[2].sentence


def test_zig_zag_that_arrives_late_is_too_high():
    assert three_rates(ask(rates=(None, None, 0.97))).verdicts[2].sentence.startswith("zig-zags: converged")


def test_local_minimum_is_told():
    assert "in the local minimum" in three_rates(ask("double_well")).verdicts[0].sentence
    assert "local" not in three_rates(ask("double_well", start=(-1.6, 0.0))).verdicts[0].sentence


def test_panels_play_together_at_the_session_s_step(view, qtbot):
    session = view.session
    for step in (0, 3, 20):
        session.go_to(step)
        for panel, trajectory in zip(view.panels, view.picture.trajectories, strict=True):
            row = min(step, trajectory.steps)
            x, y = panel.plot._balls.getData()
            assert (x[0], y[0]) == (trajectory.positions[row, 0], trajectory.losses[row])
    session.clock.speed = 500.0
    session.play()
    qtbot.waitUntil(lambda: session.step > 40)
    session.pause()
    x, _ = view.panels[0].plot._balls.getData()
    assert x[0] == view.picture.trajectories[0].positions[session.step, 0]


def test_divergence_leaves_the_picture(view, qtbot):
    before = [panel.plot.box.viewRange() for panel in view.panels]
    assert before[0][1] == before[1][1] == before[2][1]
    view.session.go_to(30)
    assert [panel.plot.box.viewRange() for panel in view.panels] == before
    _, loss = view.panels[2].plot._balls.getData()
    assert loss[0] > before[2][1][1]


def test_a_rate_is_typed_and_stepped(view, qtbot):
    field = view.panels[1].rate
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "0.2")
    wait(qtbot, view)
    assert view.picture.rates == (0.05, 0.2, 1.05)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    wait(qtbot, view)
    assert view.picture.rates[1] == 0.5
    qtbot.mouseClick(view.derive_button, Qt.MouseButton.LeftButton)
    wait(qtbot, view)
    assert view.picture.rates == (0.05, 0.45, 1.05)


def test_bad_rate_is_refused(view, qtbot):
    field = view.panels[0].rate
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "-1")
    assert field.property("invalid")
    assert view.asked.rates == (None, None, None)


def test_own_curve_where_the_surface_is_one(view, qtbot):
    assert view.curve_box.isVisible()
    view.curve_box.setFocus()
    qtbot.keyClick(view.curve_box, Qt.Key.Key_Down)
    wait(qtbot, view)
    assert view.picture.surface.key == "double_well"
    view.session.set_surface(SurfaceSpec("parabola"))
    wait(qtbot, view)
    assert not view.curve_box.isVisible()
    assert view.picture.surface.key == "parabola"
    view.session.set_start((1.5, 0.0))
    wait(qtbot, view)
    assert all(trajectory.positions[0, 0] == 1.5 for trajectory in view.picture.trajectories)


def test_click_chooses_the_start_of_all_three(view, qtbot):
    before = view.session.spec.start
    for surface in ("two_wells", "parabola"):
        view.session.set_surface(SurfaceSpec(surface))
        wait(qtbot, view)
        plot = view.panels[1].plot
        qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(plot, 1.2, 3.0))
        wait(qtbot, view)
        starts = [trajectory.positions[0, 0] for trajectory in view.picture.trajectories]
        assert starts == [pytest.approx(1.2, abs=0.05)] * 3
        if surface == "two_wells":
            assert view.session.spec.start == before
        else:
            assert view.session.spec.start[0] == starts[0]


def test_the_selected_racer_s_optimizer_descends(view, qtbot):
    keys = [racer.optimizer.key for racer in view.session.spec.racers]
    view.session.select(keys.index("adam"))
    wait(qtbot, view)
    assert {trajectory.optimizer.key for trajectory in view.picture.trajectories} == {"adam"}
    assert view.title.text().startswith("Adam")
    assert "trying" in view.derive_button.toolTip()


@pytest.mark.parametrize("theme", ["dark", "white"])
@pytest.mark.parametrize("scale", [0.75, 2.0])
def test_panels_keep_room_for_the_curve_in_every_look(view, qtbot, theme, scale):
    view.look.set_theme(theme)
    view.look.set_scale(scale)
    for width, height in ((500, 400), (318, 337)):  # the second is what 1280 x 720 leaves beside the step card
        size = QSize(width, height) * max(1.0, scale)
        view.resize(size)
        qtbot.waitUntil(lambda size=size: view.size() == size)
        qtbot.waitUntil(lambda size=size: view.panels[2].plot.box.height() > 0.5 * size.height())
        assert len({panel.plot.box.height() for panel in view.panels}) == 1
    for panel in view.panels:
        assert panel.word.text()
        assert panel.sentence.isVisible()
        assert panel.sentence.width() <= panel.plot.width()


@pytest.mark.parametrize("width", [318, 400, 500, 640, 760, 900])
def test_words_and_numbers_are_whole_at_every_width(view, qtbot, width):
    view.resize(width, 500)
    view.session.reach(80)
    view.session.go_to(80)
    qtbot.waitUntil(lambda: view.panels[2].numbers[0].text().startswith("w0 −"))

    def is_whole(label):
        return label.width() >= label.fontMetrics().horizontalAdvance(label.text())

    for panel in view.panels:
        for label in (panel.word, panel.rate, *panel.numbers):
            qtbot.waitUntil(lambda label=label: is_whole(label))


def test_the_sentence_does_not_cover_the_ball(view, qtbot):
    def is_free(panel):
        x, y = (rows[0] for rows in panel.plot._balls.getData())
        return not panel.sentence.geometry().contains(pixel_of(panel.plot, x, y))

    view.resize(318, 337)
    for step in (0, 3, 10, 30, 100):
        view.session.go_to(step)
        qtbot.waitUntil(lambda: all(is_free(panel) for panel in view.panels))
        assert all(panel.sentence.isVisible() for panel in view.panels)


def test_the_sentence_is_clear_of_the_mark_at_the_edge_when_first_shown_at_a_late_step(request, qtbot, session):
    qtbot.waitUntil(lambda: session.race.whole and session.last_step > 150)
    session.go_to(150)
    panel = request.getfixturevalue("view").panels[2]  # shown only now
    plot, sentence = panel.plot, panel.sentence
    qtbot.waitUntil(lambda: len(plot._away.data) == 1)
    x, y = (rows[0] for rows in plot._away.getData())
    qtbot.waitUntil(lambda: sentence.geometry().top() > pixel_of(plot, x, y).y())


def test_an_arrowhead_points_to_a_ball_outside(view, qtbot):
    plot = view.panels[2].plot
    view.session.go_to(0)
    assert not len(plot._away.data)
    view.session.go_to(30)
    (x, y), ((left, right), (low, high)) = (rows[0] for rows in plot._away.getData()), plot.box.viewRange()
    assert left < x < right
    assert low < y < high
    assert plot._away.data["symbol"][0] == "t1"  # upwards
    plot.show_frame(-1e4, 1e4, -1.0, 1e8)
    assert not len(plot._away.data)


def test_words_go_before_the_plots_do(view, qtbot):
    view.resize(414, 240)
    view.look.set_scale(1.5)  # what a projector of 1280 x 720 leaves
    panel = view.panels[0]
    qtbot.waitUntil(lambda: not panel.sentence.isVisible() and not panel.numbers[0].isVisible())
    assert panel.word.isVisible()
    assert panel.word.toolTip().startswith(view.picture.verdicts[0].sentence)
    view.look.set_scale(1.0)
    qtbot.waitUntil(lambda: panel.sentence.isVisible() and panel.numbers[0].isVisible())


def test_the_sentence_makes_nothing_paler_beside_its_words(view, qtbot):
    view.resize(1500, 500)
    qtbot.waitUntil(lambda: all(panel.plot.width() > 400 for panel in view.panels))
    for panel in view.panels:
        words = panel.sentence.fontMetrics().horizontalAdvance(panel.sentence.text())
        qtbot.waitUntil(lambda panel=panel, words=words: words < panel.sentence.width() < words + 20)
        assert panel.sentence.height() < 2 * panel.sentence.fontMetrics().lineSpacing()  # in one line
        middle = panel.plot.layout().contentsRect().center().x()
        assert panel.sentence.geometry().center().x() == pytest.approx(middle, abs=2)


def test_the_sentence_makes_way_for_what_is_told_under_the_cursor(view, qtbot):
    panel = view.panels[1]
    QTest.mouseMove(panel.plot.viewport(), pixel_of(panel.plot, 1.0, 2.0))
    qtbot.waitUntil(lambda: "slope 2" in panel.plot._readout.text())
    assert not panel.sentence.isVisible()
    QTest.mouseMove(view.title)
    qtbot.waitUntil(panel.sentence.isVisible)
    assert not panel.plot._readout.isVisible()


def test_it_plays_on_to_the_end_of_the_longest(view, session, qtbot):
    session.set_surface(SurfaceSpec("parabola"))
    while len(session.spec.racers) > 1:
        session.remove_racer(1)
    wait(qtbot, view)
    longest = max(trajectory.steps for trajectory in view.picture.trajectories)
    assert longest > session.race.last_step
    session.go_to(10_000)
    assert session.step == longest
    view.hide()
    assert session.step == session.last_step == session.race.last_step
