"""The samples of a loss made of data, worked with mouse and keys."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QLabel, QToolTip

from gdviz.descent.races import compute, data_loss_of, surface_of
from gdviz.descent.spec import Noise, SurfaceSpec
from gdviz.descent.surface import Bounds
from gdviz.gui.descent.data.fits import boundary, line
from gdviz.gui.descent.data.samples import FEWEST, batch_at, batch_relief_lines, place_of, samples_of, touched
from gdviz.gui.descent.data.view import NONE_CHOSEN, TOO_FEW, DataView
from gdviz.gui.descent.session import DescentSession
from tests.windows import pixel_of

KEYS = ("line_mse", "perceptron_bce")
NOISY = (Noise("all"), Noise("batch", 5, 3), Noise("batch", 50, 3), Noise("single", 4, 7))


@pytest.fixture
def session(qtbot):
    made = DescentSession()
    made.set_surface(SurfaceSpec("line_mse"))
    wait(qtbot, made)
    yield made
    made.close()


@pytest.fixture
def view(qtbot, look, session):
    made = DataView(session, look)
    qtbot.addWidget(made)
    look.dress(made)
    made.resize(500, 400)
    with qtbot.waitExposed(made):
        made.show()
    with qtbot.waitActive(made):  # without a window manager, only a window that is there can be made active
        made.activateWindow()
    yield made
    made.close_view()


def wait(qtbot, session):
    """Until the whole race of the spec is there."""
    qtbot.waitUntil(
        lambda: session.race.spec == session.spec and session.race.whole and len(session.race.trajectories) > 0
    )


def drag(qtbot, plot, start, end):
    """Drag with the left button from a point of the axes to another."""
    first, last = pixel_of(plot, *start), pixel_of(plot, *end)
    QTest.mousePress(plot.viewport(), Qt.MouseButton.LeftButton, pos=first)
    for share in np.linspace(0.1, 1.0, 8):
        QTest.mouseMove(plot.viewport(), first + (last - first) * float(share))
        qtbot.wait(1)
    QTest.mouseRelease(plot.viewport(), Qt.MouseButton.LeftButton, pos=last)


def with_noise(session, noise):
    session.change(msgspec.structs.replace(session.spec, noise=noise))


def test_a_sample_dragged_moves_surface_and_line(view, qtbot):
    session = view.session
    before, old = session.spec, surface_of(session.spec.surface)
    samples = samples_of(session.spec.surface)
    drag(qtbot, view.plot, place_of(session.spec.surface, samples[3]), (1.5, 5.0))
    moved = samples_of(session.spec.surface)
    assert place_of(session.spec.surface, moved[3]) == pytest.approx((1.5, 5.0), abs=0.05)
    assert moved[:3] + moved[4:] == samples[:3] + samples[4:]
    wait(qtbot, session)
    w = np.array([0.5, 0.5])
    assert float(session.race.surface.value(w)) != float(old.value(w))
    hours, grades = np.array([place_of(session.spec.surface, sample) for sample in moved]).T
    least_squares = np.polynomial.polynomial.polyfit(hours, grades, 1)
    np.testing.assert_allclose(session.race.surface.minima[0].w, least_squares, atol=1e-9)
    session.go_to(session.last_step)
    ends = session.race.trajectories[session.selected]
    assert np.abs(ends.gradients[-1]).max() < 1e-3
    shown = view.plot._lines._lines[-1].points  # the selected racer's, drawn on top
    np.testing.assert_allclose(shown[:, 1], least_squares[0] + least_squares[1] * shown[:, 0], atol=0.02)
    session.undo()
    assert session.spec == before


def test_what_is_told_covers_no_sample_under_the_cursor(view, qtbot):
    plot, readout = view.plot, view.plot.findChild(QLabel, "descent.data.readout")
    (left, right), (low, high) = plot.box.viewRange()
    for across, up in ((0.9, 0.95), (0.1, 0.95), (0.9, 0.05)):
        to = (left + across * (right - left), low + up * (high - low))
        drag(qtbot, plot, tuple(plot.places[3]), to)
        assert readout.isVisible()
        assert not readout.geometry().contains(pixel_of(plot, *to))


def test_what_is_told_covers_no_samples_while_another_corner_is_free(view, qtbot):
    plot, readout = view.plot, view.plot.findChild(QLabel, "descent.data.readout")
    QTest.mouseMove(plot.viewport(), pixel_of(plot, 3.0, 3.0))
    qtbot.waitUntil(readout.isVisible)
    assert not any(readout.geometry().contains(pixel_of(plot, *place)) for place in plot.places.tolist())


def test_residuals_reach_from_the_samples_to_the_line(view, qtbot):
    session = view.session
    session.go_to(9)
    x, y = view.plot._residuals.getData()
    w = session.race.trajectories[0].positions[9]
    places = np.array([place_of(session.spec.surface, sample) for sample in samples_of(session.spec.surface)])
    np.testing.assert_array_equal(np.column_stack([x, y])[::2], places)
    np.testing.assert_allclose(y[1::2], w[0] + w[1] * x[1::2])
    # Their mean square is the loss.
    assert np.mean((y[1::2] - y[::2]) ** 2) == pytest.approx(session.race.trajectories[0].losses[9])


def test_double_click_adds_and_right_click_removes(view, qtbot):
    session, viewport = view.session, view.plot.viewport()
    count = len(samples_of(session.spec.surface))
    pos = pixel_of(view.plot, 4.0, 2.6)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=pos)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=pos)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=pos)
    assert len(samples_of(session.spec.surface)) == count + 1
    assert place_of(session.spec.surface, samples_of(session.spec.surface)[-1]) == pytest.approx((4.0, 2.6), abs=0.05)
    qtbot.mouseClick(viewport, Qt.MouseButton.RightButton, pos=pos)
    assert len(samples_of(session.spec.surface)) == count
    session.undo()
    assert len(samples_of(session.spec.surface)) == count + 1
    session.undo()
    assert len(samples_of(session.spec.surface)) == count


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("press", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_removes_the_sample_that_was_clicked(tab, qtbot, key, press):
    session = tab.session
    tab.choose_side("data")
    session.set_surface(SurfaceSpec(key))
    wait(qtbot, session)
    (view,) = tab.findChildren(DataView)
    viewport, before = view.plot.viewport(), samples_of(session.spec.surface)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=pixel_of(view.plot, *view.plot.places[3]))
    assert len(view.plot._chosen.data) == 1  # it is seen which one
    qtbot.keyClick(tab, press)
    assert samples_of(session.spec.surface) == before[:3] + before[4:]
    assert len(view.plot._chosen.data) == 0
    qtbot.keyClick(tab, press)  # no other one goes with it
    assert samples_of(session.spec.surface) == before[:3] + before[4:]
    assert tab.banner.text == NONE_CHOSEN
    session.undo()
    assert samples_of(session.spec.surface) == before
    assert tab.banner.text == ""


def test_what_is_typed_stays_when_delete_is_pressed_in_a_field(tab, qtbot):
    session = tab.session
    tab.choose_side("data")
    session.set_surface(SurfaceSpec("line_mse"))
    (view,) = tab.findChildren(DataView)
    view.in_numbers.setChecked(True)
    before = len(samples_of(session.spec.surface))
    view.row.first.setFocus()
    qtbot.keyClick(view.row.first, Qt.Key.Key_Backspace)
    assert len(samples_of(session.spec.surface)) == before
    view.plot.setFocus()
    qtbot.keyClick(view.plot, Qt.Key.Key_Delete)  # of the one that is shown in numbers
    assert len(samples_of(session.spec.surface)) == before - 1


@pytest.mark.parametrize("index", [1, 12])
def test_added_sample_has_the_label_of_the_chosen_one(view, qtbot, index):
    session, viewport = view.session, view.plot.viewport()
    session.set_surface(SurfaceSpec("perceptron_bce"))
    view.plot.repaint()
    chosen = samples_of(session.spec.surface)[index]
    pos = pixel_of(view.plot, *place_of(session.spec.surface, chosen))
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=pos)
    assert view._chosen == index
    pos = pixel_of(view.plot, -1.5, 1.5)
    qtbot.mouseClick(viewport, Qt.MouseButton.LeftButton, pos=pos)
    qtbot.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=pos)
    qtbot.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=pos)
    assert samples_of(session.spec.surface)[-1] == (
        pytest.approx(-1.5, abs=0.05),
        pytest.approx(1.5, abs=0.05),
        chosen[2],
    )


def test_two_samples_stay(view, qtbot):
    session = view.session
    view.in_numbers.setChecked(True)
    told = []
    view.refused.connect(told.append)
    for _ in range(20):
        place = place_of(session.spec.surface, samples_of(session.spec.surface)[0])
        qtbot.mouseClick(view.plot.viewport(), Qt.MouseButton.RightButton, pos=pixel_of(view.plot, *place))
    assert len(samples_of(session.spec.surface)) == FEWEST
    assert set(told) == {TOO_FEW}
    told.clear()
    view.remove_chosen()
    assert told == [TOO_FEW]
    assert not view.row.remove_button.isEnabled()
    wait(qtbot, session)


def test_keyboard_moves_adds_and_removes(view, qtbot):
    session = view.session
    qtbot.keyClick(view.in_numbers, Qt.Key.Key_Space)
    assert view.row.isVisible()
    view.row.number.setFocus()
    view.row.number.selectAll()
    qtbot.keyClicks(view.row.number, "3")
    view.row.second.setFocus()
    view.row.second.selectAll()
    qtbot.keyClicks(view.row.second, "4.25")
    assert samples_of(session.spec.surface)[2] == (1.0, 0.0, 4.25)
    for field, name in ((view.row.first, "t"), (view.row.second, "grade")):
        field.setFocus()
        field.selectAll()
        qtbot.keyClicks(field, "nan")
        qtbot.keyClick(field, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda name=name: QToolTip.text().startswith(f"{name} is nan; allowed is a number"))
    count = len(samples_of(session.spec.surface))
    qtbot.keyClick(view.row.add_button, Qt.Key.Key_Space)
    assert len(samples_of(session.spec.surface)) == count + 1
    assert view.row.number.value == count + 1
    qtbot.keyClick(view.row.remove_button, Qt.Key.Key_Space)
    assert len(samples_of(session.spec.surface)) == count


def test_label_of_a_perceptron_s_sample(view, qtbot):
    session = view.session
    session.set_surface(SurfaceSpec("perceptron_bce"))
    view.in_numbers.setChecked(True)
    assert view.row.label_box.isVisible()
    assert samples_of(session.spec.surface)[0][2] == 0.0
    view.row.label_box.setFocus()
    qtbot.keyClick(view.row.label_box, Qt.Key.Key_Down)
    assert samples_of(session.spec.surface)[0][2] == 1.0
    assert data_loss_of(session.spec.surface).targets[0] == 1.0


def test_perceptron_shows_probability_and_boundaries(view, qtbot):
    session = view.session
    session.set_surface(SurfaceSpec("perceptron_bce"))
    wait(qtbot, session)
    session.go_to(12)
    w = session.race.trajectories[0].positions[12]
    (left, right), (low, high) = view.plot.box.viewRange()
    image = view.plot._probability.image
    rows, columns = image.shape
    for row, column in ((0, 0), (rows // 2, columns - 1), (rows - 1, columns // 3)):
        x1 = left + (column + 0.5) / columns * (right - left)
        x2 = low + (row + 0.5) / rows * (high - low)
        assert image[row, column] == pytest.approx(1 / (1 + np.exp(-(w[0] * x1 + w[1] * x2))), rel=1e-4)
    for stroke in view.plot._lines._lines:
        assert min(
            np.abs(stroke.points @ trajectory.positions[12]).max() for trajectory in session.race.trajectories
        ) == pytest.approx(0.0, abs=1e-9)
    assert view.plot._probability.isVisible()


@pytest.mark.parametrize("noise", NOISY)
@pytest.mark.parametrize("key", KEYS)
def test_a_step_s_batch_is_the_one_that_its_gradient_is_made_of(session, qtbot, key, noise):
    session.set_surface(SurfaceSpec(key))
    with_noise(session, noise)
    wait(qtbot, session)
    spec, loss = session.spec, data_loss_of(session.spec.surface)
    trajectory = session.race.trajectories[0]
    for step in (0, 1, 2, 3, 5, 17, 40):
        batch = batch_at(spec, step)
        w = trajectory.positions[step]
        np.testing.assert_allclose(loss.sample_gradients(w)[batch].mean(axis=0), trajectory.gradients[step], rtol=1e-9)
    for step in (0, 1, 4, 30):
        assert touched(session.race, 0, step) == sum(len(batch_at(spec, earlier)) for earlier in range(step))


def test_same_seed_same_noise(session):
    def path(seed):
        spec = msgspec.structs.replace(session.spec, noise=Noise("batch", 3, seed), steps=60)
        return compute(spec).trajectories[0].positions

    np.testing.assert_array_equal(path(5), path(5))
    assert not np.array_equal(path(5), path(6))


def test_noise_is_chosen_with_keys_and_its_cost_told(view, qtbot):
    session, bar = view.session, view.noise
    assert not bar.batch.isVisible()
    bar.kind_box.setFocus()
    qtbot.keyClick(bar.kind_box, Qt.Key.Key_Down)
    assert session.spec.noise.kind == "batch"
    assert bar.batch.isVisible()
    bar.batch.setFocus()
    bar.batch.selectAll()
    qtbot.keyClicks(bar.batch, "5")
    assert session.spec.noise == Noise("batch", 5, 0)
    wait(qtbot, session)
    session.go_to(3)  # 5 + 5 + 2 of the 12
    assert view.cost.text() == "12 samples touched: 1.0 times all 12"
    inside = [size == view.look.pixels(1.6) for size in view.plot._samples.data["size"]]
    assert np.flatnonzero(inside).tolist() == sorted(batch_at(session.spec, 3))
    qtbot.mouseClick(bar.new_seed, Qt.MouseButton.LeftButton)
    assert session.spec.noise.seed != 0
    seed = session.spec.noise.seed
    assert bar.seed.value == seed
    session.undo()
    assert session.spec.noise.seed == 0
    assert bar.of_samples.text() == "of 12"
    bar.batch.setFocus()
    bar.batch.selectAll()
    qtbot.keyClicks(bar.batch, "99")
    assert bar.of_samples.text() == "all 12 are used"
    view.in_numbers.setChecked(True)
    qtbot.keyClick(view.row.remove_button, Qt.Key.Key_Space)
    assert bar.of_samples.text() == "all 11 are used"


def test_ghosts_are_the_contours_of_the_batch(session):
    with_noise(session, Noise("batch", 4, 1))
    bounds = Bounds((-1.0, 6.0), (-0.6, 1.6))
    lines = batch_relief_lines(session.spec, 6, bounds)
    points = lines[~np.isnan(lines[:, 0])]
    assert len(points) > 100
    batch = data_loss_of(session.spec.surface).batch(batch_at(session.spec, 6)).surface
    height = np.ptp(points[:, 2])
    np.testing.assert_allclose(batch.value(points[:, :2]), points[:, 2], atol=0.01 * height)
    assert np.isnan(lines[-1, 0])
    other = batch_relief_lines(session.spec, 7, bounds)
    assert other.shape != lines.shape or not np.array_equal(other, lines, equal_nan=True)
    assert not len(batch_relief_lines(msgspec.structs.replace(session.spec, surface=SurfaceSpec("bowl")), 0, bounds))


def test_other_surfaces_offer_the_two_that_are_made_of_data(view, qtbot):
    session = view.session
    for key in KEYS:
        session.set_surface(SurfaceSpec("bowl"))
        assert not view.plot.isVisible()
        button = view.findChild(QAbstractButton, f"descent.data.choose_{key}")
        assert button.isVisible()
        qtbot.keyClick(button, Qt.Key.Key_Space)
        assert session.spec.surface.key == key
        assert view.plot.isVisible()


def test_it_rests_while_hidden_and_catches_up(view, qtbot):
    session = view.session
    session.go_to(2)
    view.hide()
    session.go_to(8)
    before = view.cost.text()
    assert before == "24 samples touched: 2.0 times all 12"
    view.show()
    assert view.cost.text() == "96 samples touched: 8.0 times all 12"


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("theme", ["dark", "white"])
@pytest.mark.parametrize("scale", [0.75, 2.0])
def test_samples_are_drawn_in_every_look(view, qtbot, key, theme, scale):
    session = view.session
    session.set_surface(SurfaceSpec(key))
    view.look.set_theme(theme)
    view.look.set_scale(scale)
    wait(qtbot, session)
    picture = view.plot.grab().toImage()
    sample = samples_of(session.spec.surface)[-1]
    color = view.look.labels[int(sample[2])].getRgb() if key == "perceptron_bce" else None
    seen = picture.pixelColor(pixel_of(view.plot, *place_of(session.spec.surface, sample))).getRgb()
    assert color is None or max(abs(a - b) for a, b in zip(seen, color, strict=True)) < 30


def test_every_control_has_a_name_a_title_and_a_tip(view):
    view.in_numbers.setChecked(True)
    controls = [*view.findChildren(QAbstractButton), view.noise.kind_box, view.noise.batch, view.noise.seed]
    controls += [view.row.number, view.row.first, view.row.second, view.row.label_box, view.plot]
    for control in controls:
        if control.objectName().startswith("qt_"):
            continue
        assert control.objectName().startswith("descent.data.")
        assert control.accessibleName()
        assert control.toolTip()


@pytest.mark.parametrize("slope", [0.0, 1e-12, 0.3, -4.0, 1e9])
def test_line_stays_near_the_plot_and_on_itself(slope):
    stroke = line(np.array([2.0, slope]), (0.0, 6.0), (1.0, 5.0))
    np.testing.assert_allclose(stroke[:, 1], 2.0 + slope * stroke[:, 0], rtol=1e-6)
    assert np.abs(stroke).max() < 20.0


def test_what_cannot_be_drawn_is_left_out():
    assert np.isnan(line(np.array([1e9, 1.0]), (0.0, 6.0), (1.0, 5.0))).all()
    assert np.isnan(line(np.array([np.nan, 1.0]), (0.0, 6.0), (1.0, 5.0))).all()
    assert np.isnan(boundary(np.zeros(2), (0.0, 6.0), (1.0, 5.0))).all()
