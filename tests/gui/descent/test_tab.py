"""Tab 1 worked with mouse and keys."""

from __future__ import annotations

import re

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QLineEdit, QSlider, QWidget

from gdviz.declared.optimizers import OPTIMIZERS, OptimizerSpec
from gdviz.descent.catalog import SURFACES
from gdviz.descent.spec import FORMULA, SurfaceSpec
from gdviz.gui.descent.formula.own_surfaces import OwnSurface, OwnSurfaces
from gdviz.gui.descent.racers.table import COLUMNS
from gdviz.gui.descent.step_card.curve_arrows import CurveArrows
from tests.windows import pixel_of


def choose(qtbot, box: QComboBox, key: str) -> None:
    """Choose from a combo box with the keyboard."""
    box.setFocus()
    steps = box.findData(key) - box.currentIndex()
    for _ in range(abs(steps)):
        qtbot.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert box.currentData() == key


def test_opens_with_a_race_already_running(qtbot, look):
    from gdviz.gui.descent.tab import DescentTab

    tab = DescentTab(look)
    qtbot.addWidget(tab)
    look.dress(tab)
    tab.show()
    tab.begin()
    qtbot.waitUntil(lambda: tab.session.playing and tab.session.step > 2)
    assert len(tab.session.race.trajectories) >= 3
    qtbot.waitUntil(lambda: tab.surface_view is not None)
    tab.close_tab()


def test_click_on_the_contours_chooses_the_start(tab, qtbot):
    with qtbot.waitSignal(tab.session.race_changed):
        qtbot.mouseClick(tab.contours.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(tab.contours, -0.5, 0.75))
    assert tab.session.spec.start == pytest.approx((-0.5, 0.75), abs=0.02)
    shown = tab.findChild(QLineEdit, "descent.race.w0").text()
    assert float(shown) == tab.session.spec.start[0]


def test_drag_moves_the_start_and_is_one_undo(tab, qtbot):
    before = tab.session.spec.start
    viewport = tab.contours.viewport()
    start, end = pixel_of(tab.contours, *before), pixel_of(tab.contours, -1.0, -1.0)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    for share in np.linspace(0.1, 1.0, 8):
        QTest.mouseMove(viewport, start + (end - start) * float(share))
        qtbot.wait(1)
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=end)
    assert tab.session.spec.start == pytest.approx((-1.0, -1.0), abs=0.05)
    tab.undo()
    assert tab.session.spec.start == before


def test_wheel_zooms_and_a_key_shows_the_whole_surface_again(tab, qtbot):
    tab.contours.getViewBox().scaleBy((0.2, 0.2))
    (left, right), _ = tab.contours.getViewBox().viewRange()
    assert right - left < 2.0
    qtbot.waitUntil(lambda: tab.contours.relief.bounds.w0[1] - tab.contours.relief.bounds.w0[0] < 2.0)
    qtbot.keyClick(tab, Qt.Key.Key_0)
    (left, right), _ = tab.contours.getViewBox().viewRange()
    assert left <= -2.0
    assert right >= 2.0


def test_every_surface_can_be_raced_on(tab, qtbot):
    for key in SURFACES:
        if key != tab.session.spec.surface.key:
            tab.session.set_surface(SurfaceSpec(key))
        qtbot.waitUntil(lambda key=key: tab.session.race.spec.surface.key == key)
        qtbot.waitUntil(lambda key=key: tab.contours.whole is not None and tab.contours._whole_of[0].key == key)
        assert tab.session.last_step > 0
        tab.to_end()
        assert not re.findall(r"\b[xy]\b", tab.top.formula.text())
        assert np.isfinite(tab.contours.relief.loss).any()


def test_a_surface_of_one_parameter_is_shown_with_one(tab, qtbot):
    session, table = tab.session, tab.table
    session.set_surface(SurfaceSpec("double_well"))
    qtbot.waitUntil(lambda: session.race.surface.key == "double_well" and session.race.whole)
    assert tab.findChild(QLineEdit, "descent.race.w1") is None
    assert table.isColumnHidden(COLUMNS.index("w1"))
    session.select(3)
    tab.card.set_open(True)
    while session.substep < len(session.substeps):
        qtbot.keyClick(tab, Qt.Key.Key_PageDown)
    assert tab.card._where.text.startswith("w = 1.6000 ")
    (arrows,) = (item for item in tab.views._sides["cut"].plot.items() if isinstance(item, CurveArrows))
    qtbot.waitUntil(lambda: [arrow.name for arrow in arrows.drawn.arrows] == ["g", "m", "w"])
    assert [len(squares.areas) for squares in arrows.drawn.squares] == [1]
    assert not any("pmatrix" in block.explained.numbers for block in tab.card.blocks)
    tab.card.copy()
    assert "w = 1.6\n" in QGuiApplication.clipboard().text()
    tab.card.set_open(False)
    session.set_surface(SurfaceSpec("two_wells"))
    qtbot.waitUntil(lambda: session.race.surface.key == "two_wells")
    assert tab.findChild(QLineEdit, "descent.race.w1") is not None
    assert not table.isColumnHidden(COLUMNS.index("w1"))


@pytest.mark.parametrize("side", ["cut", "rates"])
def test_minima_are_marked_on_demand_on_curves_too(tab, qtbot, side):
    tab.session.set_surface(SurfaceSpec("parabola"))
    tab.views.choose_view("both")
    qtbot.keyClick(tab, Qt.Key.Key_M)
    tab.choose_side(side)
    view = tab.views._sides[side]
    plots = [view.plot] if side == "cut" else [panel.plot for panel in view.panels]
    qtbot.waitUntil(lambda: all(len(plot._minima.data) == 1 for plot in plots))
    assert not any(plot._minima.isVisible() for plot in (*plots, tab.views._sides["cut"].plot))
    qtbot.keyClick(tab, Qt.Key.Key_M)
    assert all(plot._minima.isVisible() for plot in plots)


def test_from_above_a_surface_of_one_parameter_has_no_second(tab, qtbot):
    session, contours = tab.session, tab.contours
    session.set_surface(SurfaceSpec("parabola"))
    tab.views.choose_side("surface")
    tab.views.choose_view("both")
    qtbot.waitUntil(lambda: tab.surface_view._relief.dimensions == 1)
    axis = contours.getAxis("left")
    assert axis.labelText == "no second parameter"
    assert not axis.style["showValues"]
    names = [tick.text for tick in tab.surface_view._axes.ticks if tick.is_name]
    assert names == ["w0", "loss"]
    qtbot.waitUntil(lambda: contours.box.viewRange()[0][0] <= -2.0)
    QTest.mouseMove(contours.viewport(), pixel_of(contours, 1.0, 0.5))
    readout = contours.findChild(QLabel, "descent.readout")
    qtbot.waitUntil(lambda: readout.text().startswith("w0"))
    assert [len(line.split()) for line in readout.text().split("\n")] == [2, 2, 2]
    w1 = session.spec.start[1]
    with qtbot.waitSignal(session.race_changed):
        qtbot.mouseClick(contours.viewport(), Qt.MouseButton.LeftButton, pos=pixel_of(contours, 1.0, 0.5))
    assert session.spec.start == (pytest.approx(1.0, abs=0.05), w1)
    qtbot.keyClick(tab, Qt.Key.Key_N)
    assert session.spec.start[1] == w1
    session.set_surface(SurfaceSpec("two_wells"))
    assert axis.labelText == "w1"
    assert axis.style["showValues"]


def test_columns_are_as_wide_as_their_numbers(tab, qtbot):
    session, table = tab.session, tab.table
    session.set_surface(SurfaceSpec(FORMULA, "-99*(x^2 + y^2)"))
    session.set_start((9.0, 4.0))
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    model = table.model()
    assert model.index(0, COLUMNS.index("loss")).data() == "−9603.0000"
    for column in range(1, 6):
        assert table.columnWidth(column) >= table.sizeHintForColumn(column)


def test_choosing_a_surface_in_the_box(tab, qtbot):
    choose(qtbot, tab.top.surface_box, "himmelblau")
    qtbot.waitUntil(lambda: tab.session.race.spec.surface.key == "himmelblau")
    (left, right), _ = tab.contours.getViewBox().viewRange()
    assert left <= -5.0
    assert right >= 5.0


def test_kept_surfaces_are_in_the_box_by_their_names(tab, qtbot):
    box, session = tab.top.surface_box, tab.session
    store = OwnSurfaces()

    def offered():
        return [box.itemText(index) for index in range(len(SURFACES), box.count()) if box.itemText(index)]

    assert offered() == ["Your own formula …"]
    for name, formula in (("broken", "x^2 +"), ("steep", "x^2 + 9*y^2"), ("Mine", "x^4 + y^2")):
        store.add(OwnSurface(name, formula, (-1.0, 1.0, -2.0, 2.0)))
    qtbot.keyClick(tab, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    dialog = tab.top.dialog
    assert offered() == ["broken", "steep", "Mine", "Your own formula …"]
    entries = dialog.list.list
    entries.setCurrentRow(2)
    qtbot.waitUntil(lambda: dialog._fresh() is not None)
    with qtbot.waitSignal(dialog.chosen):
        qtbot.keyClick(dialog.field, Qt.Key.Key_Return)
    with qtbot.waitActive(tab.window()):
        tab.activateWindow()
    assert box.currentText() == "Mine"
    choose(qtbot, box, "own:steep")
    assert session.spec.surface == store.all()[1].spec
    session.undo()
    assert box.currentText() == "Mine"
    store.rename("Mine", "Yours")
    dialog.list.reload()
    assert box.currentText() == "Yours"
    store.remove("Yours")
    dialog.list.reload()
    assert (box.currentText(), session.spec.surface.formula) == ("Your own formula …", "x^4 + y^2")
    box.setCurrentIndex(box.findData("own:broken"))
    box.activated.emit(box.currentIndex())
    assert tab.banner.text.startswith("broken cannot be descended: the formula 'x^2 +' is not complete")
    assert box.currentText() == "Your own formula …"


def test_views_alone_and_together(tab, qtbot):
    assert tab.contours.isVisible()
    assert tab.surface_view.isVisible()
    qtbot.keyClick(tab, Qt.Key.Key_V)
    assert (tab.contours.isVisible(), tab.surface_view.isVisible()) == (True, False)
    qtbot.keyClick(tab, Qt.Key.Key_V)
    assert (tab.contours.isVisible(), tab.surface_view.isVisible()) == (False, True)
    qtbot.keyClick(tab, Qt.Key.Key_V)
    assert (tab.contours.isVisible(), tab.surface_view.isVisible()) == (True, True)


def test_logarithmic_levels_are_closer_together_at_the_bottom(tab, qtbot):
    linear = np.diff(tab.contours.relief.scale.levels())
    qtbot.keyClick(tab, Qt.Key.Key_L)
    qtbot.waitUntil(lambda: tab.contours.relief.scale.logarithmic)
    logarithmic = np.diff(tab.contours.relief.scale.levels())
    np.testing.assert_allclose(linear, linear[0])
    np.testing.assert_allclose(logarithmic[1:] / logarithmic[:-1], logarithmic[1] / logarithmic[0])
    assert logarithmic[0] < logarithmic[-1]


def test_table_shows_the_numbers_of_the_trajectory(tab, qtbot):
    tab.session.go_to(7)
    model = tab.table.model()
    for row, trajectory in enumerate(tab.session.race.trajectories):
        cells = {name: model.index(row, column).data().replace("−", "-") for column, name in enumerate(COLUMNS)}
        assert (cells["step"], cells["state"]) == ("7", "running")
        assert float(cells["w0"]) == pytest.approx(trajectory.positions[7, 0], abs=1e-3)
        assert float(cells["w1"]) == pytest.approx(trajectory.positions[7, 1], abs=1e-3)
        assert float(cells["loss"]) == pytest.approx(trajectory.losses[7], abs=1e-3)
        assert float(cells["‖gradient‖"]) == pytest.approx(np.hypot(*trajectory.gradients[7]), abs=1e-3)


def test_state_column_says_how_it_ended_and_why(tab, qtbot):
    field = tab.findChild(QLineEdit, "descent.racer0.learning_rate")
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "5")
    qtbot.waitUntil(lambda: tab.session.race.spec is tab.session.spec)
    tab.to_end()
    model = tab.table.model()
    index = model.index(0, model.columnCount() - 1)
    assert model.data(index) == "diverged"
    assert model.data(index, Qt.ItemDataRole.ToolTipRole)


def test_bad_learning_rate_is_refused_with_what_is_allowed(tab, qtbot):
    field = tab.findChild(QLineEdit, "descent.racer0.learning_rate")
    before = tab.session.spec
    field.setFocus()
    field.selectAll()
    qtbot.keyClicks(field, "-3")
    assert tab.session.spec == before
    assert field.property("invalid")
    assert "above 0" in field.toolTip()
    tab.panel.setFocus()
    field.clearFocus()
    assert float(field.text()) == before.racers[0].optimizer.learning_rate


def test_arrow_keys_step_a_learning_rate(tab, qtbot):
    field = tab.findChild(QLineEdit, "descent.racer0.learning_rate")
    field.setFocus()
    field.set_value(0.01)
    qtbot.keyClick(field, Qt.Key.Key_Up)
    assert tab.session.spec.racers[0].optimizer.learning_rate == 0.02
    qtbot.keyClick(field, Qt.Key.Key_Down)
    qtbot.keyClick(field, Qt.Key.Key_Down)
    assert tab.session.spec.racers[0].optimizer.learning_rate == 0.005


def test_every_hyper_parameter_can_be_edited(tab, qtbot):
    for key, declaration in OPTIMIZERS.items():
        tab.session.set_optimizer(0, OptimizerSpec(key))
        tab.panel.settings._more.setChecked(True)
        for parameter in declaration.parameters:
            assert tab.findChild(QWidget, f"descent.setting.{parameter.name}") is not None


def test_racers_come_and_go(tab, qtbot):
    count = len(tab.session.spec.racers)
    menu = tab.findChild(QAbstractButton, "descent.add_racer").menu()
    next(action for action in menu.actions() if action.objectName() == "descent.add_racer.lion").trigger()
    assert tab.session.spec.racers[-1].optimizer.key == "lion"
    assert tab.session.selected == count
    qtbot.mouseClick(tab.findChild(QAbstractButton, f"descent.racer{count}.remove"), Qt.MouseButton.LeftButton)
    assert len(tab.session.spec.racers) == count


def test_scrubbing_goes_to_the_step(tab, qtbot):
    slider = tab.findChild(QSlider, "descent.scrub")
    slider.setValue(slider.maximum() // 2)
    assert tab.session.step == slider.maximum() // 2


def test_click_on_the_loss_curve_goes_to_that_step(tab, qtbot):
    step = tab.session.last_step // 3
    low, high = tab.losses.getViewBox().viewRange()[1]
    pos = pixel_of(tab.losses, step, (low + high) / 2)
    qtbot.mouseClick(tab.losses.viewport(), Qt.MouseButton.LeftButton, pos=pos)
    assert tab.session.step == pytest.approx(step, abs=max(3, tab.session.last_step // 100))


def test_hovering_tells_loss_and_gradient(tab, qtbot):
    surface = tab.session.surface
    QTest.mouseMove(tab.contours.viewport(), pixel_of(tab.contours, 0.5, 0.5))
    qtbot.waitUntil(lambda: "loss" in tab.contours._readout.text())
    loss = float(tab.contours._readout.text().split("loss")[1].split()[0].replace("−", "-"))
    assert loss == pytest.approx(float(surface.value(np.array([0.5, 0.5]))), abs=0.1)
    (left, right), (low, high) = tab.contours.getViewBox().viewRange()
    for share in ((0.9, 0.9), (0.1, 0.9), (0.9, 0.1), (0.1, 0.1)):  # what is told covers neither the start nor a ball
        start = (left + share[0] * (right - left), low + share[1] * (high - low))
        tab.session.set_start(start)
        qtbot.waitUntil(lambda: tab.session.race.spec == tab.session.spec and tab.session.race.whole)
        cursor = pixel_of(tab.contours, *start) + QPoint(12, 6)
        QTest.mouseMove(tab.contours.viewport(), cursor)
        qtbot.waitUntil(lambda: tab.contours._readout.isVisible())
        plate = tab.contours._readout.geometry()
        assert tab.contours.rect().contains(plate)
        assert not plate.contains(cursor)
        assert not plate.contains(pixel_of(tab.contours, *start))


def test_the_start_is_marked_before_anything_is_changed(tab):
    x, y = tab.contours._start.getData()
    assert list(zip(x, y, strict=True)) == [tab.session.spec.start]


def test_balls_are_where_the_trajectories_are_and_the_selected_one_is_on_top(tab, qtbot):
    session = tab.session
    qtbot.waitUntil(lambda: session.race.spec == session.spec and session.race.whole)
    session.go_to(25)
    trajectories = session.race.trajectories
    for selected in (0, 2):
        session.select(selected)
        order = [*(index for index in range(len(trajectories)) if index != selected), selected]
        x, y = tab.contours._balls.getData()
        for place, index in enumerate(order):
            assert (x[place], y[place]) == tuple(trajectories[index].positions[25])
        steps, _ = tab.losses._balls.getData()
        assert len(steps) == len(order)
        color = tab.look.racer(session.spec.racers[selected].color)
        for lines in (tab.contours._trails, tab.losses._curves):
            assert lines._lines[-1].color == color
        assert tab.losses._balls.data["brush"][-1].color() == color
        if tab.surface_view is not None:
            top = tab.surface_view._balls
            np.testing.assert_allclose(top.color[-1][:3], color.getRgbF()[:3], atol=1e-5)
            np.testing.assert_allclose(top.pos[-1], tab.surface_view._ends[selected])


@pytest.mark.parametrize("theme", ["dark", "white"])
def test_ball_is_drawn_in_the_racer_s_colour(tab, qtbot, theme):
    tab.look.set_theme(theme)
    tab.session.go_to(40)
    picture = tab.contours.grab().toImage()
    last = len(tab.session.race.trajectories) - 1  # drawn on top
    position = tab.contours.mapTo(
        tab.contours, pixel_of(tab.contours, *tab.session.race.trajectories[last].positions[40])
    )
    color = picture.pixelColor(position)
    assert _distance(color, tab.look.racer(tab.session.race.spec.racers[last].color)) < 30


@pytest.mark.parametrize("jump", [False, True])
def test_trajectory_is_drawn_where_it_was(tab, qtbot, jump):
    """Whether it grew step by step or was jumped to: the picture is the same."""
    last = len(tab.session.race.trajectories) - 1
    tab.session.set_start((-1.5, 1.5))
    qtbot.waitUntil(lambda: tab.session.race.spec == tab.session.spec)
    for step in (60,) if jump else range(61):
        tab.session.go_to(step)
        tab.contours.grab()
    picture = tab.contours.grab().toImage()
    color = tab.look.racer(tab.session.race.spec.racers[last].color)
    points = tab.session.race.trajectories[last].positions[3:15]
    seen = [_distance(picture.pixelColor(pixel_of(tab.contours, *w)), color) < 60 for w in points]
    assert np.mean(seen) > 0.7


def colors_of(widget) -> set[int]:
    picture = widget.grab().toImage()
    return {picture.pixel(x, y) for x in range(0, picture.width(), 5) for y in range(0, picture.height(), 5)}


def test_every_racer_in_the_table_has_its_colour_the_selected_one_too(tab, qtbot):
    picture, model = tab.table.viewport().grab().toImage(), tab.table.model()
    assert tab.table.currentIndex().row() == model.order.index(tab.session.selected)
    for row, number in enumerate(model.order):
        cell = tab.table.visualRect(model.index(row, 0))
        colors = {picture.pixel(x, cell.center().y()) for x in range(cell.left(), cell.right())}
        assert tab.look.racer(tab.session.race.spec.racers[number].color).rgb() in colors


def test_surface_view_draws_the_surface(tab, qtbot):
    background = tab.look.theme.plot
    assert len(colors_of(tab.surface_view)) > 50
    assert QColor(background).rgb() in colors_of(tab.surface_view)


def test_ball_in_the_surface_view_has_the_racer_s_colour_and_moves(tab, qtbot):
    color = tab.look.racer(tab.session.race.spec.racers[tab.session.selected].color).rgb()  # drawn on top
    seen = []
    for step in (0, 30):
        tab.session.go_to(step)
        picture = tab.surface_view.grab().toImage()
        where = [
            (x, y) for x in range(picture.width()) for y in range(picture.height()) if picture.pixel(x, y) == color
        ]
        assert where
        seen.append(np.mean(where, axis=0))
    assert np.hypot(*(seen[1] - seen[0])) > 10


def test_drag_rotates_the_surface(tab, qtbot):
    view = tab.surface_view
    before = view.opts["azimuth"]
    middle = view.rect().center()
    QTest.mousePress(view, Qt.MouseButton.LeftButton, pos=middle)
    QTest.mouseMove(view, middle + QPoint(60, 0))
    QTest.mouseRelease(view, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, 0))
    qtbot.waitUntil(lambda: view.opts["azimuth"] != before)
    qtbot.keyClick(tab, Qt.Key.Key_0)
    assert view.opts["azimuth"] == before


@pytest.mark.parametrize("scale", [0.75, 2.0])
def test_text_scale_reaches_every_view(tab, qtbot, scale):
    tab.look.set_scale(scale)
    assert tab.font().pointSizeF() == pytest.approx(11 * scale)
    assert tab.contours.getAxis("left").style["tickFont"].pointSizeF() == pytest.approx(11 * scale * 0.85)
    tab.look.set_scale(1.0)


def test_every_control_has_a_name_a_title_and_a_tip(tab):
    for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider):
        for control in tab.findChildren(kind):
            if control.objectName().startswith("qt_") or not control.isVisible():
                continue
            assert control.objectName(), f"{control} has no object name"
            assert control.accessibleName(), f"{control.objectName()} has no accessible name"
            assert control.toolTip(), f"{control.objectName()} has no tool tip"


def _distance(first: QColor, second: QColor) -> int:
    return max(abs(a - b) for a, b in zip(first.getRgb(), second.getRgb(), strict=True))


def test_without_racers_there_is_no_trajectory_to_copy_or_save(tab, qtbot):
    while tab.session.spec.racers:
        tab.session.remove_racer(0)
    qtbot.waitUntil(lambda: not tab.session.race.trajectories)
    for key in ("descent.copy", "descent.save"):
        tab.results.verdict.setText("")
        qtbot.mouseClick(tab.findChild(QAbstractButton, key), Qt.MouseButton.LeftButton)
        assert tab.results.verdict.text() == "There is no trajectory: add a racer."


def test_drawn_lines_know_what_is_in_view(tab, qtbot):
    """Qt leaves out what it believes to be elsewhere: curves vanished when only a part of the plot was repainted."""
    for plot, item in ((tab.contours, tab.contours._trails), (tab.losses, tab.losses._curves)):
        plot.getViewBox().scaleBy((1.7, 1.7))
        qtbot.waitUntil(lambda item=item, plot=plot: item.boundingRect().contains(plot.getViewBox().viewRect()))


def test_the_loss_of_a_racer_that_only_rises_is_in_view(tab, qtbot):
    tab.session.set_surface(SurfaceSpec("parabola"))
    while len(tab.session.spec.racers) > 1:
        tab.session.remove_racer(1)
    optimizer = tab.session.spec.racers[0].optimizer
    tab.session.set_optimizer(0, optimizer.with_setting("learning_rate", 1.1))
    qtbot.waitUntil(lambda: tab.session.race.spec is tab.session.spec and tab.session.race.whole)
    low, high = tab.losses.getViewBox().viewRange()[1]
    assert low < 2.89 < high  # 1.7²
    assert np.isclose(high - low, 10 * 2.89, rtol=0.2)
