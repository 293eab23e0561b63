"""The maps of basins and of rates, against races computed one by one."""

from __future__ import annotations

import time
from itertools import pairwise

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtTest import QTest

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.basins import BasinMap
from gdviz.descent.rate_momentum import RateMomentumMap
from gdviz.descent.spec import SurfaceSpec
from gdviz.descent.stopping import Outcome
from gdviz.descent.trajectory import race
from gdviz.gui.descent.maps.basin_colors import BANDS, SHADES, _shades, basin_image
from gdviz.gui.descent.maps.basins_view import BasinsView
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import DARK, WHITE
from tests.windows import pixel_of


@pytest.fixture
def session(qtbot):
    made = DescentSession()
    made.set_surface(SurfaceSpec("himmelblau"))
    qtbot.waitUntil(lambda: made.race.spec == made.spec and made.race.whole)
    yield made
    made.close()


@pytest.fixture
def view(qtbot, look, session):
    made = BasinsView(session, look)
    qtbot.addWidget(made)
    look.dress(made)
    made.resize(500, 400)
    with qtbot.waitExposed(made):
        made.show()
    with qtbot.waitActive(made):
        made.activateWindow()
    qtbot.waitUntil(lambda: made._complete, timeout=20_000)
    yield made
    made.close_view()


def choose_rates(view, qtbot):
    view.map_box.setFocus()
    qtbot.keyClick(view.map_box, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: view._complete and isinstance(view._found, RateMomentumMap), timeout=20_000)


def test_map_is_what_races_come_to(view, session):
    found, spec = view._found, session.spec
    assert found.basin.shape == (256, 256)
    assert found.complete == 1.0
    reach = 0.02 * session.surface.bounds.diagonal
    for row, column in [(10, 20), (200, 31), (77, 230), (128, 128), (250, 250), (3, 140)]:
        start = (found.w0[column], found.w1[row])
        end = race(session.surface, [spec.racers[0].optimizer], start, spec.steps)[0]
        basin = found.basin[row, column]
        if end.outcome is Outcome.DIVERGED:
            assert basin == -2
        else:
            distances = [np.hypot(*(np.array(minimum.w) - end.positions[-1])) for minimum in found.minima]
            assert basin == int(np.argmin(distances))
            assert min(distances) < reach
            near = np.hypot(*(end.positions - np.array(found.minima[basin].w)).T) < reach
            assert near[found.steps[row, column] :].all()


def test_without_racers_it_says_so_whenever_it_is_looked_at(view, session, qtbot):
    while session.spec.racers:
        session.remove_racer(0)
    assert "add one" in view.readout.text()
    assert len(view.plot._ring.data) == 0
    fresh = BasinsView(session, view.look)
    qtbot.addWidget(fresh)
    with qtbot.waitExposed(fresh):
        fresh.show()
    assert "add one" in fresh.readout.text()
    assert not fresh.cancel_button.isEnabled()
    fresh.hide()
    fresh.close_view()
    session.undo()
    qtbot.waitUntil(lambda: len(view.plot._ring.data) == 1 and "add one" not in view.readout.text())


def test_first_picture_is_there_at_once(view, session, qtbot):
    pictures = []
    view._work.made.connect(lambda found: pictures.append((time.perf_counter(), found)))
    begun = time.perf_counter()
    session.set_optimizer(0, OptimizerSpec("adam", {"learning_rate": 0.1}))
    qtbot.waitUntil(lambda: len(pictures) > 0)
    assert pictures[0][0] - begun < 1.0  # 0.1 on a machine that does nothing else; see docs/performance.md
    assert pictures[0][1].complete < 0.1
    qtbot.waitUntil(lambda: view._complete, timeout=20_000)
    assert pictures[-1][1].complete == 1.0


def test_click_starts_there(view, session, qtbot):
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(view.plot, -2.0, 3.0))
    assert session.spec.start == pytest.approx((-2.0, 3.0), abs=0.05)
    assert view._complete  # the map does not depend on it
    assert view.plot._ring_at == session.spec.start


def test_the_cursor_and_the_ring_do_not_keep_clicks_to_themselves(view, session, qtbot):
    for place in ((1.0, 1.5), session.surface.minima[1].w):
        pos = pixel_of(view.plot, *place)
        QTest.mouseMove(view.plot.viewport(), pos)
        qtbot.waitUntil(lambda: "start" in view.readout.text() and view.plot._cell is not None)
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pos)
        assert session.spec.start == pytest.approx(place, abs=0.05)
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pos)  # now on the ring


def test_click_moves_the_start_of_a_racer_that_has_its_own(view, session, qtbot):
    session.set_own_start(0, (1.0, 1.0))
    before = session.spec.start
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(view.plot, -2.0, 3.0))
    assert session.spec.start == before
    assert session.spec.racers[0].start == pytest.approx((-2.0, 3.0), abs=0.05)


def test_hover_says_where_a_start_ends_and_after_how_many_steps(view, qtbot):
    QTest.mouseMove(view.plot.viewport(), pixel_of(view.plot, 3.0, 3.0))
    qtbot.waitUntil(lambda: "in minimum 1" in view.readout.text())
    cell = view.plot.cell_at(3.0, 3.0)
    assert f"after {view._found.steps[cell]} steps" in view.readout.text()


def test_hover_promises_nothing_of_a_start_that_has_not_arrived(view, session, qtbot):
    """More steps need not help: with too large a learning rate it would go to and fro for ever."""
    session.change(msgspec.structs.replace(session.spec, steps=3))
    qtbot.waitUntil(lambda: view._complete and session.spec.steps == 3, timeout=20_000)
    QTest.mouseMove(view.plot.viewport(), pixel_of(view.plot, -1.0, 1.0))
    qtbot.waitUntil(lambda: "not settled after 3 steps. Loss" in view.readout.text())


def test_keys_do_what_the_mouse_does(view, session, qtbot):
    view.plot.setFocus()
    before = session.spec.start
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Up, Qt.Key.Key_Up):
        qtbot.keyClick(view.plot, key)
    row, column = view.plot._cell
    qtbot.keyClick(view.plot, Qt.Key.Key_Return)
    assert session.spec.start == pytest.approx((view._found.w0[column], view._found.w1[row]))
    assert session.spec.start != before


def test_legend_names_the_minima_and_their_shares(view, qtbot):
    text = view.legend.text()
    for number, minimum in enumerate(view._found.minima, start=1):
        share = float(np.mean(view._found.basin == number - 1))
        assert f"{number}: {100 * share:.1f} %" in text
        assert f"{minimum.w[0]:.4f}".replace("-", "−") in text
    view.resize(319, 337)  # what 1280 x 720 leaves beside the step card: the map has the width, the legend lies below
    qtbot.waitUntil(lambda: view.legend.y() > view.plot.y() and view.plot.box.width() > 0.8 * view.width())
    qtbot.waitUntil(lambda: not view.legend.verticalScrollBar().isVisible())
    view.resize(500, 400)
    qtbot.waitUntil(lambda: view.legend.x() > view.plot.x() and view.legend.y() == view.plot.y())


def test_escape_and_the_button_stop_it(view, session, qtbot):
    endless = OptimizerSpec("sgd", {"learning_rate": 1e-7})
    session.change(type(session.spec)(session.spec.surface, session.spec.racers, session.spec.start, 100_000, 0.0))
    session.set_optimizer(0, endless)
    qtbot.waitUntil(lambda: view._work.running)
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert not view._work.running
    assert view.cancel_button.accessibleName() == "Compute the map"
    qtbot.mouseClick(view.cancel_button, Qt.MouseButton.LeftButton)
    assert view._work.running
    assert view.cancel_button.accessibleName() == "Stop computing"
    qtbot.mouseClick(view.cancel_button, Qt.MouseButton.LeftButton)
    assert not view._work.running
    begun = time.perf_counter()
    session.set_optimizer(0, OptimizerSpec("sgd", {"learning_rate": 0.01}))
    view.hide()
    assert time.perf_counter() - begun < 0.5


def test_nothing_is_computed_while_hidden(view, session, qtbot):
    view.hide()
    found = view._found
    session.set_optimizer(0, OptimizerSpec("adam", {"learning_rate": 0.1}))
    qtbot.wait(150)
    assert view._found is found
    assert not view._work.running
    view.show()
    qtbot.waitUntil(lambda: view._complete and view._found is not found, timeout=20_000)


def test_other_map_is_what_races_come_to_and_a_click_uses_its_settings(view, session, qtbot):
    session.select(1)  # momentum
    choose_rates(view, qtbot)
    found, spec = view._found, session.spec
    assert found.parameter == "momentum"
    for row, column in [(0, 10), (30, 60), (66, 40), (20, 118)]:
        optimizer = OptimizerSpec(
            "momentum", {"learning_rate": float(found.rates[column]), "momentum": float(found.momenta[row])}
        )
        end = race(session.surface, [optimizer], spec.start, spec.steps)[0]
        assert found.diverged[row, column] == (end.outcome is Outcome.DIVERGED)
        if end.outcome is not Outcome.DIVERGED:
            assert found.losses[row, column] == pytest.approx(end.losses[-1], rel=1e-6, abs=1e-9)
    place = QPointF(float(np.log10(found.rates[45])), float(found.momenta[30]))
    qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(view.plot, place.x(), place.y()))
    values = session.spec.racers[1].optimizer.values()
    assert values["learning_rate"] == pytest.approx(found.rates[45], rel=0.13)
    assert values["momentum"] == pytest.approx(found.momenta[30], abs=0.016)
    assert values["learning_rate"] in found.rates
    assert values["momentum"] in found.momenta
    qtbot.wait(100)
    assert view._found is found  # its own settings do not matter to this map


def test_optimizers_without_momentum_have_no_such_map(view, session, qtbot):
    session.set_optimizer(0, OptimizerSpec("adagrad"))
    view.map_box.setFocus()
    qtbot.keyClick(view.map_box, Qt.Key.Key_Down)
    qtbot.waitUntil(lambda: "nothing like a momentum" in view.readout.text())
    qtbot.keyClick(view.map_box, Qt.Key.Key_Up)
    qtbot.waitUntil(lambda: view._complete and isinstance(view._found, BasinMap), timeout=20_000)


def test_without_racers_it_says_so(view, session):
    for _ in range(len(session.spec.racers)):
        session.remove_racer(0)
    assert "no racer" in view.readout.text()


@pytest.mark.parametrize("theme", [DARK, WHITE])
@pytest.mark.parametrize("count", [2, 3, 4])
def test_basins_differ_in_lightness_alone(theme, count):
    """In grey, the darkest of a lighter basin is still lighter than the lightest of the next darker one."""
    weights = np.array([0.2126, 0.7152, 0.0722])
    grey = sorted(((_shades(n, count, theme) @ weights) for n in range(count)), key=lambda shades: shades[0])
    for darker, lighter in pairwise(grey):
        assert lighter.min() > darker.max()
    assert all(shades[0] - shades[-1] > 15 for shades in grey)


def test_more_basins_than_bands_differ_in_pattern(view):
    found = view._found
    many = BasinMap(
        found.w0, found.w1, np.repeat(np.arange(0, 8, 4), 128).astype(np.int16)[:, None].repeat(256, 1),
        np.full((256, 256), 10, np.int32), found.minima * 2, 1.0,
    )  # fmt: skip
    image = basin_image(many, DARK)
    assert BANDS == 4
    assert len(np.unique(image[:128].reshape(-1, 3), axis=0)) == 1
    assert len(np.unique(image[128:].reshape(-1, 3), axis=0)) == 2  # the second basin of a band is striped


def test_shading_tells_fast_from_slow(view):
    image = basin_image(view._found, DARK)
    inside = view._found.basin == 0
    steps, light = view._found.steps[inside], image[inside].sum(axis=1)
    assert light[steps <= np.percentile(steps, 10)].mean() > light[steps >= np.percentile(steps, 90)].mean()
    assert SHADES >= 16
