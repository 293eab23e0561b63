"""Reading the views of tab 1, and getting the numbers out."""

from __future__ import annotations

import csv
import io

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QFileDialog

from gdviz.descent.spec import SurfaceSpec
from gdviz.gui.descent.racers.table import COLUMNS
from gdviz.gui.descent.views.scene_axes import loss_values
from gdviz.gui.theme import SURFACE_MAPS
from gdviz.gui.widgets.gl_scene import nice_values
from tests.windows import pixel_of, turn_wheel


def whole(qtbot, tab):
    qtbot.waitUntil(lambda: tab.session.race.spec == tab.session.spec and tab.session.race.whole)


def test_click_on_a_trajectory_goes_to_that_step(tab, qtbot):
    whole(qtbot, tab)
    trajectory = tab.session.race.trajectories[1]
    tab.session.go_to(60)
    start = tab.session.spec.start
    where = pixel_of(tab.contours, *trajectory.positions[12])
    qtbot.mouseClick(tab.contours.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert tab.session.spec.start == start
    assert tab.session.selected == 1
    assert tab.session.step == pytest.approx(12, abs=1)


def test_click_beside_a_trajectory_goes_to_that_step_and_one_farther_away_moves_the_start(tab, qtbot):
    session, contours = tab.session, tab.contours
    while len(session.spec.racers) > 1:
        session.remove_racer(1)
    whole(qtbot, tab)
    tab.to_end()
    start, positions = session.spec.start, session.race.trajectories[0].positions
    ends = [pixel_of(contours, *positions[row]) for row in (2, 4)]
    x, y = (ends[1] - ends[0]).toTuple()
    aside = QPointF(-y, x) * 7 / np.hypot(x, y)
    beside = (QPointF(pixel_of(contours, *positions[3])) + aside).toPoint()
    qtbot.mouseClick(contours.viewport(), Qt.MouseButton.LeftButton, pos=beside)
    assert session.spec.start == start
    assert session.step == pytest.approx(3, abs=1)
    far = contours.mapFromScene(contours.box.sceneBoundingRect().bottomLeft()) + QPoint(30, -30)
    qtbot.mouseClick(contours.viewport(), Qt.MouseButton.LeftButton, pos=far)
    assert session.spec.start != start


def test_saddle_points_are_marked_on_demand(tab, qtbot):
    tab.session.set_surface(SurfaceSpec("himmelblau"))
    tab.session.set_start((-4.5, 4.5))
    marks = tab.contours.flat_points
    qtbot.waitUntil(lambda: len(marks.getData()[0]) == 8)  # four minima and four saddle points
    whole(qtbot, tab)
    tab.session.go_to(0)
    assert marks.isVisible()
    surface, view = tab.session.surface, tab.surface_view
    qtbot.waitUntil(lambda: view._relief.bounds == surface.bounds)
    w = np.array([place for mark in marks.marks for place in mark.places])
    assert np.hypot(*surface.gradient(w).T).max() < 1e-4
    places = view.pixels_of(w, surface.value(w)).round().astype(int)
    assert len(places) == 8

    def seen():
        picture = view.grab().toImage()
        return [
            [picture.pixel(int(x) + dx, int(y) + dy) for dx in range(-8, 9) for dy in range(-8, 9)] for x, y in places
        ]

    with_marks = seen()
    qtbot.keyClick(tab, Qt.Key.Key_M)
    assert not marks.isVisible()
    assert all(before != after for before, after in zip(with_marks, seen(), strict=True))  # each one in 3-D, too


def test_hovering_the_surface_tells_what_is_there(tab, qtbot):
    view, surface = tab.surface_view, tab.session.surface
    w = np.array([[0.5, -1.0]])
    ((x, y),) = view.pixels_of(w, surface.value(w))
    QTest.mouseMove(view, QPoint(round(x), round(y)))
    qtbot.waitUntil(lambda: "loss" in view._readout.text())
    words = view._readout.text().replace("−", "-").split()
    assert float(words[1]) == pytest.approx(0.5, abs=0.1)
    assert float(words[3]) == pytest.approx(-1.0, abs=0.1)
    assert float(words[5]) == pytest.approx(
        float(surface.value(np.array([float(words[1]), float(words[3])]))), abs=1e-3
    )


def test_camera_presets_and_following(tab, qtbot):
    view = tab.surface_view
    view.findChild(QAction, "descent.camera.above").trigger()
    assert view.opts["elevation"] == 90
    view.findChild(QAction, "descent.camera.follow").trigger()
    tab.session.go_to(10)
    first = view.opts["center"]
    tab.session.go_to(40)
    assert view.opts["center"] != first
    tab.reset_view()
    assert not view.followed
    assert view.opts["elevation"] == 36


@pytest.mark.parametrize("key", list(SURFACE_MAPS))
def test_colour_maps(tab, key):
    tab.look.set_surface_map(key)
    assert tab.look.surface_map_key == key
    assert not tab.contours.grab().isNull()
    tab.look.set_surface_map("theme")


@pytest.mark.parametrize(("low", "high"), [(-2, 2), (0, 6.3), (-10, 10), (-1.1, 1.1), (1e-6, 2e-6), (-78.3, 250)])
def test_values_at_an_axis_are_round_and_inside(low, high):
    values = nice_values(low, high)
    assert 2 <= len(values) <= 7
    assert values[0] >= low - 1e-9
    assert values[-1] <= high + 1e-9
    np.testing.assert_allclose(np.diff(values), values[1] - values[0])


def test_values_at_the_loss_axis_are_true(tab):
    for scale in (tab.contours.whole.scale,):
        for share, text in loss_values(scale):
            assert float(scale.from_unit(np.array(share))) == pytest.approx(
                float(text), abs=1e-6 + 0.05 * abs(float(text))
            )


def test_table_sorts_by_a_column_and_keeps_the_selection(tab, qtbot):
    whole(qtbot, tab)
    tab.session.go_to(5)
    header = tab.table.horizontalHeader()
    loss = COLUMNS.index("loss")
    place = QPoint(header.sectionViewportPosition(loss) + 20, header.height() // 2)
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    model = tab.table.model()
    shown = [float(model.data(model.index(row, loss)).replace("−", "-")) for row in range(model.rowCount())]
    assert shown == sorted(shown)
    assert model.order[tab.table.currentIndex().row()] == tab.session.selected
    qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
    shown = [float(model.data(model.index(row, loss)).replace("−", "-")) for row in range(model.rowCount())]
    assert shown == sorted(shown, reverse=True)


def rows_of(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text)))


def check_csv(text, trajectory):
    header, *rows = rows_of(text)
    assert header == ["step", "w0", "w1", "loss", "g0", "g1"]
    assert len(rows) == trajectory.steps + 1
    for step in (0, 7, trajectory.steps):
        numbers = [float(cell) for cell in rows[step]]
        expected = [step, *trajectory.positions[step], trajectory.losses[step], *trajectory.gradients[step]]
        assert numbers == expected  # to the last bit


def test_trajectory_is_copied(tab, qtbot):
    whole(qtbot, tab)
    tab.session.select(2)
    QApplication.clipboard().clear()
    tab.table.setFocus()
    qtbot.keyClick(tab.table, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: QApplication.clipboard().text().startswith("step"))
    check_csv(QApplication.clipboard().text(), tab.session.race.trajectories[2])
    assert "copied" in tab.results.verdict.text()


def test_trajectory_is_saved_through_the_dialog(tab, qtbot, tmp_path):
    whole(qtbot, tab)
    qtbot.keyClick(tab, Qt.Key.Key_S, Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier)
    dialog = tab.findChild(QFileDialog, "descent.save_dialog")
    assert dialog.isVisible()
    dialog.fileSelected.emit(str(tmp_path / "path.csv"))
    dialog.close()
    qtbot.waitUntil(lambda: (tmp_path / "path.csv").exists())
    check_csv((tmp_path / "path.csv").read_text(), tab.session.race.trajectories[0])


def test_what_cannot_be_saved_is_said(tab, qtbot, tmp_path):
    whole(qtbot, tab)
    tab.results.out.save(tab.session.race.trajectories[0], tmp_path / "missing" / "path.csv")
    qtbot.waitUntil(lambda: "was not saved" in tab.banner.text)


def test_winner_is_said_at_the_end(tab, qtbot):
    whole(qtbot, tab)
    tab.session.go_to(3)
    assert tab.results.verdict.text() == ""
    tab.to_end()
    finals = [trajectory.losses[-1] for trajectory in tab.session.race.trajectories]
    title = tab.session.race.trajectories[int(np.argmin(finals))].optimizer.declaration.title
    assert tab.results.verdict.text().startswith("Lowest loss")
    assert title in tab.results.verdict.toolTip()


def test_racers_that_the_table_tells_apart_are_only_called_equal_to_some_share(tab, qtbot):
    noise = msgspec.structs.replace(tab.session.spec.noise, kind="batch", batch_size=2, seed=7)
    tab.session.set_surface(SurfaceSpec("line_mse"))
    tab.session.change(msgspec.structs.replace(tab.session.spec, noise=noise))
    whole(qtbot, tab)
    tab.to_end()
    assert tab.results.verdict.text().startswith("Lowest loss, to 0.1 % of the way down: RMSprop and Adam.")


def test_the_first_row_of_the_table_is_whole_wherever_it_is_scrolled_to(tab, qtbot):
    for key in ("nesterov", "adagrad", "lion", "nadam", "adamax"):
        tab.session.add_racer(key)
    whole(qtbot, tab)
    scroll, table = tab.table.verticalScrollBar(), tab.table
    qtbot.waitUntil(lambda: scroll.maximum() > 0 and table.rowAt(0) > 0)  # the last racer is selected
    for value in (scroll.maximum(), 1, 0):
        scroll.setValue(value)
        assert table.rowViewportPosition(table.rowAt(0)) == 0
        assert value or scroll.value() == 0


def test_the_table_is_as_before_once_large_text_has_folded_it_away(tab, qtbot):
    header, look = tab.table.horizontalHeader(), tab.look
    before, widths = header.font(), [header.sectionSize(column) for column in range(len(COLUMNS))]
    height = tab.table.rowHeight(0)
    tab.resize(1280, 640)
    for _ in range(6):
        look.larger()
    qtbot.waitUntil(lambda: not tab.table.isVisible() or tab.table.height() < 10)
    look.set_scale(1.0)
    qtbot.waitUntil(lambda: tab.table.isVisible() and tab.table.height() > 50)
    assert header.font().pointSizeF() == before.pointSizeF()
    assert tab.table.rowHeight(0) == height
    assert [header.sectionSize(column) for column in range(len(COLUMNS) - 1)] == widths[:-1]


def test_a_racer_that_is_added_is_seen_in_the_table(tab, qtbot):
    tab.resize(1280, 640)
    tab.card.set_open(True)  # leaves the table so little room that it scrolls both ways
    table = tab.table
    for key in ("bfgs", "gradient_descent_line_search"):
        tab.session.add_racer(key)
        whole(qtbot, tab)
    qtbot.waitUntil(lambda: table.horizontalScrollBar().maximum() > 0)
    assert table.currentIndex().row() == 5
    qtbot.waitUntil(lambda: table.viewport().rect().contains(table.visualRect(table.currentIndex()).center()))


def test_contour_lines_follow_the_view(tab, qtbot):
    """Their picture was kept while the view was resized: lines lay beside the colours they belong to."""
    tab.session.go_to(0)
    tab.contours.mark_flat_points(False)

    def picture():
        qtbot.waitUntil(lambda: not tab.contours._settle.isActive())
        qtbot.waitUntil(lambda: tab.contours.relief.bounds.w0 == tuple(tab.contours.getViewBox().viewRange()[0]))
        return tab.contours.grab().toImage()

    tab.resize(900, 700)
    picture()
    tab.resize(1250, 760)
    resized = picture()
    tab.contours._lines.set_lines(tab.contours.relief.lines[:, :2], tab.contours._lines._pen)  # draws them anew
    assert picture() == resized


def test_contours_keep_their_share_whatever_stands_beside_them(tab, qtbot):
    half = tab.contours.width()
    assert half == pytest.approx(tab.views.width() / 2, rel=0.1)
    for _ in range(tab.top.side_box.count()):
        qtbot.keyClick(tab, Qt.Key.Key_D)
        assert tab.contours.width() == pytest.approx(half, rel=0.1)
    assert tab.views.side == "surface"


def test_hovering_the_loss_curves_reads_them(tab, qtbot):
    whole(qtbot, tab)
    tab.session.select(3)
    low, high = tab.losses.getViewBox().viewRange()[1]
    QTest.mouseMove(tab.losses.viewport(), pixel_of(tab.losses, 200, (low + high) / 2))
    qtbot.waitUntil(lambda: tab.losses._readout.text().startswith("step"))
    first, *rest = tab.losses._readout.text().replace("−", "-").split("\n")
    step = int(first.split()[1])
    assert step == pytest.approx(200, abs=5)
    told = {line.split()[0]: float(line.split()[1]) for line in rest[:-2]}
    selected = tab.session.race.trajectories[3]
    place, gradient = ([float(word.strip(",")) for word in line.split()[-2:]] for line in rest[-2:])
    np.testing.assert_allclose(place, selected.positions[step], atol=1e-3)
    np.testing.assert_allclose(gradient, selected.gradients[step], rtol=1e-2, atol=1e-3)
    for trajectory in tab.session.race.trajectories:
        if trajectory.steps >= step:
            title = trajectory.optimizer.declaration.title
            assert told[title] == pytest.approx(trajectory.losses[step], abs=1e-3)


@pytest.mark.parametrize(  # with the step card in a window of 1280 pixels, and without
    ("width", "shares"), [(230, (0.02, 0.98)), (350, (0.02, 0.2, 0.45, 0.55, 0.8, 0.98))]
)
def test_what_is_told_on_the_loss_curves_leaves_those_at_the_cursor_to_be_seen(tab, qtbot, width, shares):
    whole(qtbot, tab)
    readout, box = tab.losses._readout, tab.losses.getViewBox()
    tab.below.setSizes([width, sum(tab.below.sizes()) - width])
    qtbot.waitUntil(lambda: tab.losses.width() == width)
    (_, last), (low, high) = box.viewRange()
    for share in shares:
        place = pixel_of(tab.losses, share * last, (low + high) / 2)
        QTest.mouseMove(tab.losses.viewport(), place)
        qtbot.waitUntil(lambda place=place: tab.losses._pointed is not None and tab.losses._pointed.x() == place.x())
        plate = readout.geometry()
        assert readout.isVisible()
        assert not plate.left() <= place.x() <= plate.right()
        assert tab.losses.rect().contains(plate)


def test_what_is_told_on_the_loss_curves_is_seen_and_is_that_of_the_present_race(tab, qtbot):
    readout, box = tab.losses._readout, tab.loss_box
    while len(tab.session.spec.racers) < 10:
        tab.session.add_racer("adam")
    whole(qtbot, tab)
    tab.losses.parentWidget().setSizes([380, 1000])
    QTest.mouseMove(tab.losses.viewport(), pixel_of(tab.losses, 2, 0.0))
    qtbot.waitUntil(lambda: readout.isVisible() and "more" in readout.text())  # not all ten are told in this room
    qtbot.waitUntil(lambda: readout.size() == readout.sizeHint() and tab.losses.rect().contains(readout.geometry()))
    children = tab.losses.children()
    assert children.index(readout) > children.index(box)  # above it
    before = readout.text()
    tab.session.set_surface(SurfaceSpec("line_mse"))
    whole(qtbot, tab)
    assert readout.text() != before
    QTest.mouseMove(box)
    qtbot.waitUntil(lambda: not readout.isVisible())
    bottom = tab.losses.getAxis("bottom")
    qtbot.waitUntil(lambda: box.y() > tab.losses.getAxis("top").sceneBoundingRect().bottom() - 4)
    middle = bottom.label.sceneBoundingRect().center().x()
    assert middle == pytest.approx(bottom.sceneBoundingRect().center().x(), abs=1)


def test_what_is_told_stays_inside_when_the_step_card_takes_room(tab, qtbot):
    whole(qtbot, tab)
    tab.resize(1280, 640)
    for plot, readout in ((tab.losses, tab.losses._readout), (tab.contours, tab.contours._readout)):
        tab.card.set_open(False)
        (left, right), (low, high) = plot.getViewBox().viewRange()
        QTest.mouseMove(plot.viewport(), pixel_of(plot, 0.9 * left + 0.1 * right, 0.8 * low + 0.2 * high))
        qtbot.waitUntil(readout.isVisible)
        before = plot.width()
        tab.card.set_open(True)
        qtbot.waitUntil(lambda plot=plot, before=before: plot.width() < before)
        assert not readout.isVisible() or plot.rect().contains(readout.geometry())


def test_cost_stands_above_the_loss_curve_of_a_loss_made_of_data(tab, qtbot):
    assert not tab.losses.getAxis("top").isVisible()
    tab.session.set_surface(SurfaceSpec("line_mse"))
    top = tab.losses.getAxis("top")
    assert top.isVisible()
    assert top.scale == 12  # all samples at every step
    header = tab.table.model().headerData
    tips = [header(column, Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole) for column in range(7)]
    assert all(tips)
    assert "samples" not in tips[COLUMNS.index("loss")]
    noise = msgspec.structs.replace(tab.session.spec.noise, kind="single", seed=7)
    tab.session.change(msgspec.structs.replace(tab.session.spec, noise=noise))
    assert top.scale == 1
    whole(qtbot, tab)
    of_the_loss, of_the_gradient = (
        header(COLUMNS.index(name), Qt.Orientation.Horizontal, Qt.ItemDataRole.ToolTipRole)
        for name in ("loss", "‖gradient‖")
    )
    assert "of all samples" in of_the_loss
    assert "of this step's batch" in of_the_gradient


def test_the_wheel_never_loses_the_surface(tab, qtbot):
    upright = tab.contours.getAxis("left")
    usual = upright.width()
    size = tab.session.surface.bounds.diagonal
    viewport = tab.contours.viewport()
    for angle, least, most in ((1200, 0.0, 1e-5 * size), (-1200, size, 30 * size)):
        for _ in range(40):
            turn_wheel(viewport, viewport.rect().center(), angle)
        for low, high in tab.contours.getViewBox().viewRange():
            assert least <= high - low <= most
            assert high > low
        near = angle > 0  # where numbers are long
        qtbot.waitUntil(lambda near=near: (upright.width() > usual) == near)
    qtbot.waitUntil(lambda: tab.contours.relief.bounds.diagonal > size)
    assert len(tab.contours.relief.lines)  # some contours are seen even from afar
    tab.reset_view()
    assert upright.width() == usual
    (left, right), (low, high) = tab.contours.getViewBox().viewRange()
    bounds = tab.session.surface.bounds
    assert left <= bounds.w0[0] < bounds.w0[1] <= right
    assert low <= bounds.w1[0] < bounds.w1[1] <= high


def test_the_wheel_never_loses_what_stands_beside_the_contours(tab, qtbot):
    tab.session.set_surface(SurfaceSpec("line_mse"))
    whole(qtbot, tab)
    for side in ("cut", "data", "basins", "sweep"):
        tab.choose_side(side)
        view = tab.views._sides[side]
        plot = view.losses if side == "sweep" else view.plot
        qtbot.waitUntil(lambda plot=plot: plot.box._limits[0] > 0.0)  # what is seen at first has been computed
        before = plot.box.viewRange()[0]
        for angle in (1200, -1200):
            for _ in range(30):
                turn_wheel(plot.viewport(), plot.viewport().rect().center(), angle)
            share = np.ptp(plot.box.viewRange()[0]) / np.ptp(before)
            assert 1e-6 < share < 0.1 if angle > 0 else 2.0 < share < 50.0
            tab.reset_view()
            qtbot.waitUntil(
                lambda plot=plot, before=before: np.allclose(plot.box.viewRange()[0], before, atol=0.2 * np.ptp(before))
            )


def test_the_loss_curves_come_back_from_any_zoom(tab, qtbot):
    whole(qtbot, tab)
    viewport, box = tab.losses.viewport(), tab.losses.getViewBox()
    before, last = box.viewRange(), tab.session.last_step
    for angle in (1200, -1200):
        for _ in range(30):
            turn_wheel(viewport, viewport.rect().center(), angle)
        (left, right), _ = box.viewRange()
        assert -0.06 * last <= left < right <= 1.06 * last
        assert right - left > 4
        tab.reset_view()
        np.testing.assert_allclose(box.viewRange(), before, rtol=1e-6)


def test_many_marks_leave_the_surface_to_be_seen(tab, qtbot):
    tab.session.set_surface(SurfaceSpec("rastrigin"))
    whole(qtbot, tab)
    marks = tab.contours.flat_points
    qtbot.waitUntil(lambda: len(marks.getData()[0]) > 300)
    shown = tab.contours.grab().toImage()
    qtbot.keyClick(tab, Qt.Key.Key_M)
    hidden = tab.contours.grab().toImage()
    inside = tab.contours.box.sceneBoundingRect().toAlignedRect()
    dots = [(x, y) for x in range(inside.left(), inside.right()) for y in range(inside.top(), inside.bottom())]
    covered = sum(shown.pixel(*dot) != hidden.pixel(*dot) for dot in dots) / len(dots)
    assert 0.0 < covered < 0.15


def test_large_losses_at_the_axis_are_written_out(tab, qtbot):
    tab.session.set_surface(SurfaceSpec("himmelblau"))
    qtbot.waitUntil(lambda: tab.contours.whole.scale.logarithmic)
    losses = [text for _, text in loss_values(tab.contours.whole.scale)]
    assert float(losses[-1]) > 500
    assert not any("e+" in text for text in losses)


def test_the_table_follows_a_start_that_is_moved_and_a_racer_that_is_taken_away(tab, qtbot):
    session, model = tab.session, tab.table.model()
    told = []
    model.dataChanged.connect(lambda *_: told.append(session.race))
    tab.table.setFocus()
    for start in ((0.5, 1.0), (-0.5, 1.0)):
        session.set_start(start, gesture="start")
        qtbot.waitUntil(lambda: session.race.spec is session.spec and told[-1:] == [session.race])
        shown = [model.index(row, COLUMNS.index("w0")).data() for row in range(len(model.order))]
        assert {float(text.replace("−", "-")) for text in shown} == {start[0]}
    rows = len(model.order)
    with qtbot.waitSignal(session.race_changed):
        session.remove_racer(0)
    assert model.rowCount() == rows - 1  # at once: its numbers are nowhere any more
    assert model.index(rows - 2, 0).data() == session.race.names[-1]
