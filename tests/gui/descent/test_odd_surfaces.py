"""Surfaces with holes, and one that is flat: they are drawn and raced on without an error."""

import msgspec
import numpy as np
import pytest

from gdviz.descent.formula import formula_surface
from gdviz.descent.spec import FORMULA, Fan, SurfaceSpec


def race_on(tab, qtbot, formula):
    session = tab.session
    session.set_surface(SurfaceSpec(FORMULA, formula))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    qtbot.waitUntil(lambda: tab.contours.whole is not None and tab.contours.whole.bounds == session.surface.bounds)
    return session


def test_a_start_in_a_hole_leaves_the_loss_axis_as_it_was(tab, qtbot):
    session = race_on(tab, qtbot, "sqrt(x)*y^2 + abs(x)")
    before = tab.losses.getViewBox().viewRange()[1]
    session.set_start((-1.0, 0.5))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert not np.isfinite(session.race.trajectories[0].losses).any()
    tab.losses.repaint()
    assert tab.losses.getViewBox().viewRange()[1] == before
    session.set_start((1.0, 0.5))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    assert np.isfinite(session.race.trajectories[0].losses[0])


def test_what_starts_in_a_hole_is_not_on_the_curve(tab, qtbot):
    session = race_on(tab, qtbot, "log(x*y) + x^2 + y^2")
    tab.choose_side("cut")
    plot = tab.views._sides["cut"].plot
    qtbot.waitUntil(lambda: len(plot._balls.data) > 0)
    session.change(msgspec.structs.replace(session.spec, fan=Fan("grid", 4)))
    session.set_start((-1.0, 0.5))
    qtbot.waitUntil(lambda: len(plot._balls.data) == 0)
    plot.repaint()  # a warning fails a test


@pytest.mark.parametrize("formula", ["5", "5 + x*y*1e-17"])
def test_a_flat_surface_has_the_one_value_on_its_axis(tab, qtbot, formula):
    session = race_on(tab, qtbot, formula)
    view = tab.surface_view
    qtbot.waitUntil(lambda: view.isVisible())
    view.repaint()
    assert session.race.trajectories[0].losses[0] == 5.0


@pytest.mark.parametrize("formula", ["sqrt(x)*y^2 + abs(x)", "log(x) + y^2", "sqrt(x*y)"])
def test_a_race_begins_where_there_is_a_slope(formula):
    surface = formula_surface(formula)
    assert np.isfinite(surface.value(np.array(surface.start)))
    assert np.isfinite(surface.gradient(np.array(surface.start))).all()
