"""Views of the result: chosen, shown, hovered, with networks whose outputs NumPy computes apart."""

import math

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QVector3D
from PySide6.QtWidgets import QApplication

from gdviz.gui.network.top_bar import VIEWS
from gdviz.gui.network.views.part import ViewsPart
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec
from gdviz.training.messages import SetView
from tests.gui.network import nets
from tests.windows import turn_wheel

LEFT = Qt.MouseButton.LeftButton
EXTENT = (-6.0, 6.0, -6.0, 6.0)
TWO = NetworkSpec(hidden=(Layer(3), Layer(2)))
POINTS = Points.of([(-3, -3), (-2, 3), (2, -3), (3, 3), (0.5, 0.2)], [0, 0, 1, 1, 0])


@pytest.fixture
def views(tab) -> ViewsPart:
    return next(part for part in tab.parts if isinstance(part, ViewsPart))


@pytest.fixture
def show(tab, ready, a_frame, qtbot):
    """Shows a network's output, as if the training process had sent it; gives its weights and what the frame had."""

    def shown(network, weights=None, points=POINTS, samples=41, **fields):
        tab.store.change(points=points)
        if network != tab.store.state.network:
            tab.store.change(network=network)
        tab.bridge._send_differences()
        weights = nets.random_weights(network, seed=3) if weights is None else weights
        given = nets.frame_fields(network, weights, samples=samples)
        _, outputs = nets.forward(network, weights, nets.inputs_at(network, *points.xy.T))
        given["predictions"] = outputs[-1][:, -1].astype(np.float32)
        layer = tab.bridge._view.hidden_layer
        if layer >= 0:
            given["hidden"] = outputs[layer].astype(np.float32)
        frame = a_frame(tab.bridge._run, **(given | fields))
        ready.on_event(frame)
        qtbot.waitUntil(lambda: tab.frame is frame)
        return weights, frame

    return shown


def choose(tab, qtbot, key):
    """With the V key, as often as it takes."""
    for _ in VIEWS:
        if tab.top.view.currentData() == key:
            return
        qtbot.keyClick(tab, Qt.Key.Key_V)
    assert tab.top.view.currentData() == key


def under(tab):
    """What the panel says is under the cursor."""
    texts = [label.text().replace("−", "-") for label in tab.paint_panel._place]
    return [float(text) if text != "–" else math.nan for text in texts]


def test_v_goes_round_all_views_and_shift_v_back(tab, views, qtbot):
    seen = []
    for _ in VIEWS:
        seen.append(views.view)
        assert tab.top.view.currentData() == views.view
        qtbot.keyClick(tab, Qt.Key.Key_V)
    assert seen == list(VIEWS)
    assert views.view == "soft"
    qtbot.keyClick(tab, Qt.Key.Key_V, Qt.KeyboardModifier.ShiftModifier)
    assert views.view == "slice"


def test_box_chooses_with_keys_and_each_view_bears_that_there_is_no_frame(tab, views, qtbot):
    box = tab.top.view
    box.setFocus()
    for key in list(VIEWS)[1:]:
        qtbot.keyClick(box, Qt.Key.Key_Down)
        assert views.view == key
        QApplication.processEvents()
        assert tab.canvas.isVisible() == (key in ("soft", "hard", "contours"))


def test_painting_goes_on_in_contours(tab, views, qtbot, at):
    choose(tab, qtbot, "contours")
    QApplication.processEvents()
    qtbot.keyClick(tab, Qt.Key.Key_P)
    qtbot.mouseClick(tab.canvas.viewport(), LEFT, pos=at(2.0, 1.0))
    assert len(tab.store.state.points) == 1


# Contours


def test_contours_are_drawn_at_typed_levels_and_labelled(tab, views, show, qtbot):
    choose(tab, qtbot, "contours")
    show(NetworkSpec(hidden=()), [np.array([[1.0], [0.5]]), np.array([0.2])])
    assert views.labels.texts == ["0.1", "0.25", "0.5", "0.75", "0.9"]
    field = views.field
    qtbot.mouseClick(field, LEFT)
    qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(field, "0.3 0.6")
    assert views.labels.texts == ["0.3", "0.6"]
    for level, (piece,) in tab.canvas.boundary_item.lines:
        distance = (piece @ [1.0, 0.5] + 0.2 - math.log(level / (1 - level))) / math.hypot(1.0, 0.5)
        assert np.abs(distance).max() < 0.01


def test_levels_that_cannot_be_drawn_are_said_and_the_last_ones_stay(tab, views, show, qtbot):
    choose(tab, qtbot, "contours")
    show(NetworkSpec(hidden=()))
    field, said = views.field, tab.findChild(object, "network.levels_said")
    qtbot.mouseClick(field, LEFT)
    qtbot.keyClick(field, Qt.Key.Key_End)
    qtbot.keyClicks(field, ", 2")
    assert said.text() == "2 is not between 0 and 1"
    assert said.toolTip() == "2 is not between 0 and 1; allowed are 1 to 9 numbers between 0 and 1"
    assert field.property("invalid")
    assert views.labels.texts[-1] == "0.9"
    qtbot.keyClick(field, Qt.Key.Key_Return)  # says what to do, and leaves it there to be done
    assert tab.banner.text == f"Contours: {said.toolTip()}."
    assert field.text() == "0.1, 0.25, 0.5, 0.75, 0.9, 2"
    assert field.hasFocus()
    qtbot.keyClicks(field, "\b\b\b")
    assert (tab.banner.text, said.text(), field.property("invalid")) == ("", "", False)
    qtbot.keyClick(field, Qt.Key.Key_Return)
    assert tab.canvas.hasFocus()


def test_escape_takes_back_levels_that_cannot_be_drawn_and_leaves_the_field(tab, views, show, qtbot):
    choose(tab, qtbot, "contours")
    show(NetworkSpec(hidden=()))
    field = views.field
    qtbot.mouseClick(field, LEFT)
    qtbot.keyClicks(field, "v")
    assert field.property("invalid")
    qtbot.keyClick(field, Qt.Key.Key_Escape)
    assert (field.text(), field.property("invalid")) == ("0.1, 0.25, 0.5, 0.75, 0.9", False)
    assert tab.canvas.hasFocus()


def test_the_line_in_the_middle_is_the_thick_one(tab, views, show, qtbot):
    choose(tab, qtbot, "contours")
    show(NetworkSpec(hidden=()), [np.array([[1.0], [0.0]]), np.array([0.0])])
    text = QColor(tab.look.theme.text)

    def width(level):
        """Pixels of the line of a level in one row of the picture, by how bright they are."""
        x1 = math.log(level / (1 - level))
        picture = tab.canvas.viewport().grab().toImage()
        place = tab.canvas.place_of(x1, -5.3).toPoint()
        ground = picture.pixelColor(place - QPoint(6, 0)).lightnessF()
        bright = [picture.pixelColor(place + QPoint(dx, 0)).lightnessF() - ground for dx in range(-5, 6)]
        return sum(max(0.0, each) for each in bright) / (text.lightnessF() - ground)

    assert width(0.5) > 1.3 * width(0.75)


# Regression


GRADES = NetworkSpec(hidden=(), head="linear")


@pytest.fixture
def grades(tab, ready):
    """Values from 1 to 6."""
    tab.store.change(value_range=(1.0, 6.0), value_axis="grade", network=GRADES)


def test_values_are_coloured_over_their_range_and_clipped_beyond(tab, grades, show, qtbot):
    """Two sides of the canvas lie beyond the range: they have the colours of its ends."""
    points = Points.of([(0, 0)], [0], [3.5])
    show(GRADES, [np.array([[2.0], [0.0]]), np.array([3.5])], points)
    picture = tab.canvas.viewport().grab().toImage()

    def color(x1):
        return picture.pixelColor(tab.canvas.place_of(x1, 4.0).toPoint()).getRgb()[:3]

    colors = tab.look.boundary_map()
    for x1, share in ((-5.0, 0.0), (-0.625, 0.25), (5.0, 1.0)):
        assert np.abs(np.subtract(color(x1), colors.map(share, mode="byte")[:3])).max() <= 6
    (level, (piece,)), *others = tab.canvas.boundary_item.lines
    assert (level, others) == (3.5, [])
    assert np.abs(piece[:, 0]).max() < 0.01


def test_contours_of_values_are_values(tab, views, grades, show, qtbot):
    choose(tab, qtbot, "contours")
    show(GRADES, [np.array([[0.4], [0.0]]), np.array([3.5])], Points.of([(0, 0)], [0], [3.5]))
    assert views.labels.texts == ["1.5", "2.25", "3.5", "4.75", "5.5"]
    tab.store.change(network=NetworkSpec(hidden=()))
    assert views.field.text() == "0.1, 0.25, 0.5, 0.75, 0.9"


def test_output_that_is_not_finite_is_borne_in_every_view(tab, views, show, qtbot):
    for key in VIEWS:
        choose(tab, qtbot, key)
        for boundary in (np.full((200, 200), np.nan), np.full((200, 200), np.inf), np.tri(200) * np.nan):
            show(TWO, boundary=boundary.astype(np.float32), hidden=np.full((len(POINTS), 2), np.nan, np.float32))
            QApplication.processEvents()
            tab.view_area.grab()


# 3-D


@pytest.fixture
def scene(tab, views, qtbot):
    choose(tab, qtbot, "relief")
    QApplication.processEvents()
    assert views.shown.scene is not None
    return views.shown.scene


def test_3d_tells_the_output_under_the_cursor(tab, scene, show, qtbot):
    weights, _ = show(TWO)
    vertices = scene.heights.vertices()
    for x, y in ((0.5, -0.5), (-0.4, 0.2), (0.0, -0.8)):
        index = int(((vertices[:, :2] - [x, y]) ** 2).sum(axis=1).argmin())
        (pixel,), _ = scene.seen_at(vertices[index : index + 1])
        qtbot.mouseMove(scene, QPointF(*pixel).toPoint())
        qtbot.waitUntil(lambda: not math.isnan(under(tab)[2]))
        x1, x2, output = under(tab)
        _, outputs = nets.forward(TWO, weights, nets.inputs_at(TWO, x1, x2))
        assert abs(output - outputs[-1][0]) < 0.03
        assert scene.parent().findChild(object, "network.relief.readout").isVisible()
        qtbot.mouseMove(scene, QPoint(3, scene.height() - 3))
        qtbot.waitUntil(lambda: math.isnan(under(tab)[2]))


def test_3d_rings_mistakes(tab, scene, show, qtbot):
    points = Points.of(POINTS.xy, [1, 1, 1, 1, 0])
    _, frame = show(TWO, points=points)
    wrong = (frame.predictions > 0.5) != (points.labels == 1)
    assert 0 < wrong.sum() < len(points)
    drawn = [tuple(place) for place in scene._dots.pos[wrong]]
    assert [tuple(place) for place in scene._rings.pos] == drawn
    tab.paint_panel.mistakes.click()
    qtbot.waitUntil(lambda: not len(scene._rings.pos))


def test_3d_heights_are_the_outputs(tab, scene, show):
    _, frame = show(TWO)
    heights = scene.heights
    assert heights.output.shape == (50, 50)
    for row, column in ((0, 0), (49, 49), (20, 31)):
        x1, x2, output = heights.place(row * 50 + column)
        i, j = round((x2 + 6) / 12 * 100 - 0.5), round((x1 + 6) / 12 * 100 - 0.5)
        assert output == frame.boundary[i, j]
        assert heights.vertices()[row * 50 + column, 2] == pytest.approx(output - 0.5)


def test_3d_rotates_pans_zooms_and_0_resets(tab, scene, show, qtbot):
    show(TWO)
    before = scene.opts | {"center": QVector3D(scene.opts["center"])}
    middle = scene.rect().center()

    def drag(button):
        qtbot.mousePress(scene, button, pos=middle)
        qtbot.mouseMove(scene, middle + QPoint(60, 25))
        qtbot.mouseRelease(scene, button, pos=middle + QPoint(60, 25))

    qtbot.mouseMove(scene, middle)
    QApplication.processEvents()
    drag(LEFT)
    assert scene.opts["azimuth"] != before["azimuth"]
    assert scene.opts["elevation"] != before["elevation"]
    centre = QVector3D(scene.opts["center"])
    drag(Qt.MouseButton.RightButton)
    assert scene.opts["center"] != centre
    turn_wheel(scene, middle, 240)
    assert scene.opts["distance"] < before["distance"]
    qtbot.keyClick(tab, Qt.Key.Key_0)
    assert [scene.opts[key] for key in ("azimuth", "elevation", "distance", "center")] == [
        before[key] for key in ("azimuth", "elevation", "distance", "center")
    ]


def test_3d_says_where_there_is_no_opengl(tab, views, show, qtbot, monkeypatch):
    monkeypatch.setattr("gdviz.gui.network.views.relief_view._make_scene", lambda look: (None, "no driver"))
    choose(tab, qtbot, "relief")
    QApplication.processEvents()
    lack = tab.findChild(object, "network.relief.lack")
    assert lack.isVisible()
    assert lack.text() == "no 3-D: no driver"
    show(TWO)


def test_a_frame_is_acknowledged_once_it_is_drawn_whatever_view_shows_it(tab, ready, show, qtbot):
    for number, key in enumerate(VIEWS, start=1):
        choose(tab, qtbot, key)
        QApplication.processEvents()
        show(TWO, number=number)
        qtbot.waitUntil(lambda number=number: not tab.bridge._drawing)


# Warped


@pytest.fixture
def warped(tab, views, ready, qtbot):
    tab.store.change(network=TWO)
    choose(tab, qtbot, "warped")
    QApplication.processEvents()
    return views.shown


def test_warped_asks_for_what_it_draws_only_while_it_is_seen(tab, views, warped, ready, qtbot):
    seen = ready.last(SetView)
    assert (seen.hidden_layer, seen.neuron_samples >= 32) == (1, True)
    choose(tab, qtbot, "soft")
    assert ready.last(SetView).hidden_layer == -1


def test_warped_points_and_grid_are_the_outputs_of_the_two_neurons(tab, warped, show, qtbot):
    for key, pair in ((None, (0, 1)), (Qt.Key.Key_Down, (1, 0))):
        if key is not None:  # the same neuron twice is none: they change places
            warped.bar.across.setFocus()
            qtbot.keyClick(warped.bar.across, key)
        assert warped.bar.pair == pair
        weights, _ = show(TWO)
        _, outputs = nets.forward(TWO, weights, nets.inputs_at(TWO, *POINTS.xy.T))
        np.testing.assert_allclose(warped.points._xy, outputs[1][:, list(pair)], atol=1e-6)
        _, outputs = nets.forward(TWO, weights, nets.inputs_at(TWO, *nets.plane(EXTENT, 41)))
        np.testing.assert_allclose(warped._samples, outputs[1][..., list(pair)], atol=1e-6)


def test_in_the_plane_of_the_last_two_neurons_the_line_is_straight_and_the_colours_are_the_output(tab, warped, show):
    weights = nets.random_weights(TWO, seed=3)
    weights[4], weights[5] = np.array([[2.0], [-3.0]]), np.array([0.3])
    show(TWO, weights)
    ((level, (piece,)),) = warped.background.lines
    assert level == 0.5
    assert np.abs(piece @ [2.0, -3.0] + 0.3).max() < 1e-2
    left, right, low, high = warped.plot.extent
    assert low < -1.0 < 1.0 < high  # tanh
    centre = warped.background.boundary[50, 50]
    a, b = left + 0.505 * (right - left), low + 0.505 * (high - low)
    assert centre == pytest.approx(1 / (1 + math.exp(-(2 * a - 3 * b + 0.3))), abs=1e-5)


def test_softmax_colours_green_by_the_difference_of_both_sums(tab, warped, show):
    network = msgspec.structs.replace(TWO, head="softmax")
    tab.store.change(network=network)
    weights, _ = show(network)
    left, right, low, high = warped.plot.extent
    a, b = left + 0.105 * (right - left), low + 0.905 * (high - low)
    sums = np.array([a, b]) @ weights[4] + weights[5]
    green = np.exp(sums[1]) / np.exp(sums).sum()
    assert warped.background.boundary[90, 10] == pytest.approx(green, abs=1e-5)


def test_other_layers_have_no_colours_and_any_two_neurons(tab, warped, ready, show, qtbot):
    warped.bar.layer_box.setFocus()
    qtbot.keyClick(warped.bar.layer_box, Qt.Key.Key_Up)
    assert ready.last(SetView).hidden_layer == 0
    warped.bar.upwards.setFocus()
    qtbot.keyClick(warped.bar.upwards, Qt.Key.Key_Down)
    assert (warped.bar.layer, warped.bar.pair) == (0, (0, 2))
    weights, _ = show(TWO)
    _, outputs = nets.forward(TWO, weights, nets.inputs_at(TWO, *POINTS.xy.T))
    np.testing.assert_allclose(warped.points._xy, outputs[0][:, [0, 2]], atol=1e-6)
    assert warped.background.boundary is None


def test_warped_says_what_to_do_where_there_is_no_plane(tab, warped, show, qtbot):
    for hidden, said in (((), "There is no hidden layer: add one (L)"), ((Layer(1),), "Layer 1 has one neuron")):
        network = NetworkSpec(hidden=hidden)
        tab.store.change(network=network)
        show(network)
        QApplication.processEvents()
        assert warped.lack.isVisible()
        assert warped.lack.text().startswith(said)
        assert warped.bar.isVisible() == bool(network.hidden)  # where there is a layer to choose
        assert not warped.bar.note.isVisible()
    show(TWO)
    QApplication.processEvents()
    assert warped.plot.isVisible()
    assert warped.bar.note.isVisible()
    assert not warped.lack.isVisible()


def test_warped_tells_which_place_is_under_the_cursor(tab, warped, show, qtbot):
    weights, _ = show(TWO)
    QApplication.processEvents()
    _, outputs = nets.forward(TWO, weights, nets.inputs_at(TWO, 0.0, 0.0))
    (pixel,) = warped.plot.pixels_of(outputs[1][None])
    qtbot.mouseMove(warped.plot.viewport(), QPointF(*pixel).toPoint())
    qtbot.waitUntil(lambda: not math.isnan(under(tab)[2]))
    x1, x2, output = under(tab)
    _, there = nets.forward(TWO, weights, nets.inputs_at(TWO, x1, x2))
    (seen,) = warped.plot.pixels_of(there[1][None])
    assert np.hypot(*(seen - pixel)) < 4
    assert output == pytest.approx(there[2][0], abs=0.02)


# Slice


@pytest.fixture
def sliced(tab, views, ready, qtbot):
    choose(tab, qtbot, "slice")
    QApplication.processEvents()
    return views.shown


def test_slice_is_the_output_along_x1(tab, sliced, show, qtbot):
    weights, _ = show(TWO)
    for x2 in (0.0, 2.5):
        if x2:
            field = sliced.bar.field
            qtbot.mouseClick(field, LEFT)
            qtbot.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
            qtbot.keyClicks(field, str(x2))
        x1, output = sliced.curve
        _, outputs = nets.forward(TWO, weights, nets.inputs_at(TWO, x1, np.full_like(x1, x2)))
        np.testing.assert_allclose(output, outputs[-1][:, 0], atol=2e-3)
    near = np.abs(POINTS.xy[:, 1] - 2.5) <= 0.6
    np.testing.assert_allclose(
        sliced.points._xy, np.column_stack([POINTS.xy[near, 0], POINTS.labels[near].astype(float)])
    )


def test_slider_and_0_move_the_slice(tab, sliced, show, qtbot):
    show(TWO)
    sliced.bar.slider.setFocus()
    qtbot.keyClick(sliced.bar.slider, Qt.Key.Key_Up)
    qtbot.keyClick(sliced.bar.slider, Qt.Key.Key_Up)
    assert sliced.bar.x2 == pytest.approx(0.6)
    assert sliced.bar.field.value == pytest.approx(0.6)
    qtbot.keyClick(tab, Qt.Key.Key_0)
    assert sliced.bar.x2 == 0.0


def test_a_click_on_the_slice_takes_the_keyboard_from_its_field(tab, sliced, show, qtbot):
    show(TWO)
    sliced.bar.field.setFocus()
    qtbot.mouseClick(sliced.plot.viewport(), LEFT)
    assert sliced.plot.hasFocus()


def test_slice_tells_the_output_under_the_cursor(tab, sliced, show, qtbot):
    weights, _ = show(TWO)
    (pixel,) = sliced.plot.pixels_of(np.array([[1.5, 0.9]]))
    qtbot.mouseMove(sliced.plot.viewport(), QPointF(*pixel).toPoint())
    qtbot.waitUntil(lambda: not math.isnan(under(tab)[2]))
    x1, x2, output = under(tab)
    assert (x1, x2) == (pytest.approx(1.5, abs=0.05), 0.0)
    _, outputs = nets.forward(TWO, weights, nets.inputs_at(TWO, x1, x2))
    assert output == pytest.approx(outputs[-1][0], abs=0.01)


def test_a_network_that_sees_x1_alone_has_one_curve_for_all_points(tab, grades, sliced, show, qtbot):
    """The lecture's grade against hours: each point at its value, the fitted line through them."""
    network = NetworkSpec(hidden=(), head="linear", features=("x1",))
    points = Points.of([(-4, -5), (0, 0), (4, 5)], [0, 0, 1], [2.0, 3.0, 5.5])
    show(network, [np.array([[0.4]]), np.array([3.5])], points)
    np.testing.assert_allclose(sliced.points._xy, [(-4, 2.0), (0, 3.0), (4, 5.5)])
    x1, output = sliced.curve
    np.testing.assert_allclose(output, 0.4 * x1 + 3.5, atol=1e-5)
    assert not sliced.bar.slider.isEnabled()
    assert "does not see x2" in sliced.bar.note.text()
    assert sliced.plot.getAxis("left").labelText == "grade"


# All together


def test_both_themes_and_large_text_in_every_view(tab, views, show, qtbot):
    for key in VIEWS:
        choose(tab, qtbot, key)
        show(TWO)
        for theme, scale in (("white", 2.0), ("dark", 1.0)):
            tab.look.set_theme(theme)
            tab.look.set_scale(scale)
            QApplication.processEvents()
            tab.view_area.grab()


def test_the_view_is_remembered_and_damaged_memories_are_refused(tab, views, qtbot, tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    choose(tab, qtbot, "slice")
    views.save(settings)
    choose(tab, qtbot, "soft")
    views.restore(settings)
    assert views.view == tab.top.view.currentData() == "slice"
    settings.setValue("network/view", "inside out")
    views.restore(settings)
    assert views.view == "slice"


def test_what_is_told_under_a_resting_mouse_follows_the_training(tab, views, show, qtbot):
    for key in ("relief", "slice"):
        choose(tab, qtbot, key)
        QApplication.processEvents()
        show(NetworkSpec(hidden=()), [np.array([[0.0], [0.0]]), np.array([0.0])])
        seen = views.shown.scene if key == "relief" else views.shown.plot.viewport()
        qtbot.mouseMove(seen, seen.rect().center())
        qtbot.waitUntil(lambda: under(tab)[2] == 0.5)
        show(NetworkSpec(hidden=()), [np.array([[0.0], [0.0]]), np.array([0.1])])
        assert under(tab)[2] == pytest.approx(1 / (1 + math.exp(-0.1)), abs=1e-3)


def test_panel_and_views_tell_one_output_where_it_is_steep(tab, views, show, qtbot):
    """Between two pixels of the boundary the output goes from nearly 0 to nearly 1."""
    network = NetworkSpec(hidden=(Layer(2),))
    weights = [np.array([[9.0, 0.5], [0.5, 9.0]]), np.array([0.3, -0.2]), np.array([[40.0], [30.0]]), np.array([0.4])]

    def exact(x1, x2):
        return nets.forward(network, weights, nets.inputs_at(network, x1, x2))[1][-1][..., 0]

    told = []
    for key in VIEWS:
        choose(tab, qtbot, key)
        QApplication.processEvents()
        show(network, weights, samples=41)
        slot = tab.canvas.hovered.connect(told.append)
        seen, *pixels = _where(views, tab, weights, key)
        for pixel in pixels:
            told.clear()

            def heard(seen=seen, pixel=pixel):
                for place in (QPoint(2, 2), pixel):  # again, where the screen's own pointer has left the new view
                    qtbot.mouseMove(seen, place)
                return bool(told) and told[-1] is not None

            qtbot.waitUntil(heard)
            x1, x2, output = told[-1]
            assert output == pytest.approx(exact(x1, x2), abs=1e-5), key
            assert under(tab)[2] == pytest.approx(exact(x1, x2), abs=5e-4), key
        tab.canvas.hovered.disconnect(slot)


def _where(views, tab, weights, key):
    """The widget that is pointed at, and pixels of it where there is an output."""
    if views.shown is None:
        return tab.canvas.viewport(), *(tab.canvas.place_of(x, 0.02).toPoint() for x in (-0.21, -0.03, 0.0, 0.13))
    if key == "relief":
        scene = views.shown.scene
        if scene is None:
            pytest.skip("no OpenGL")
        vertices = scene.heights.vertices()
        near, _ = scene.seen_at(vertices[[len(vertices) // 2, len(vertices) // 2 + 1]])
        return scene, *(QPointF(*pixel).toPoint() for pixel in near)
    plot = views.shown.plot
    places = np.array([[-0.21, 0.5], [0.13, 0.5]]) if key == "slice" else views.shown._samples[8, 7:9]
    return plot.viewport(), *(QPointF(*pixel).toPoint() for pixel in plot.pixels_of(places))


def test_warped_has_room_for_what_it_says(tab, warped, show):
    show(TWO)
    warped.bar.show_exact(False)
    QApplication.processEvents()
    note = warped.bar.note
    assert note.fontMetrics().horizontalAdvance(note.text()) <= note.width()


def test_v_goes_on_round_the_views_when_one_of_them_has_the_keys(tab, views, show, qtbot):
    show(TWO)
    tab.activateWindow()
    tab.canvas.setFocus()
    seen = []
    for _ in VIEWS:
        seen.append(views.view)
        qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_V)
    assert seen == list(VIEWS)
    assert views.view == "soft"
