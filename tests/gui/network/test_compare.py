"""Three networks side by side: what is sent to their seats, drawn, painted and taken."""

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLabel, QPushButton, QToolButton

from gdviz.gui.network.compare.part import ComparePart
from gdviz.gui.network.compare.presets import PRESETS
from gdviz.gui.network.state import NetworkState
from gdviz.network.points import Points
from gdviz.training.messages import (
    Acknowledge,
    At,
    Configure,
    Failed,
    GoTo,
    Leave,
    Metrics,
    Pause,
    Ready,
    Reset,
    Run,
    SetPoints,
    SetQuestions,
    StepEpoch,
)

CONTROL = Qt.KeyboardModifier.ControlModifier
SEATS = (1, 2, 3)


@pytest.fixture
def part(tab):
    return next(part for part in tab.parts if isinstance(part, ComparePart))


def at(client, seat, kind=object):
    """What was sent to a seat."""
    orders = [each.command for each in client.sent if isinstance(each, At) and each.seat == seat]
    return [order for order in orders if isinstance(order, kind)]


@pytest.fixture
def compared(qtbot, tab, ready, part, some_points):
    """The client, once the three are compared on some points."""
    tab.store.edit(points=some_points)
    qtbot.keyClick(tab, Qt.Key.Key_P, CONTROL)
    qtbot.waitUntil(lambda: all(at(ready, seat, Configure) for seat in SEATS))
    return ready


@pytest.fixture
def show(qtbot, part, a_frame):
    """Has the process send a frame of a seat, and waits until it is shown."""

    def shown(client, seat, number=100, **fields):
        run = at(client, seat, (Configure, Reset))[-1].run
        client.on_event(a_frame(run, number, seat=seat, **fields))
        qtbot.waitUntil(lambda: part.page.panels[seat - 1].frame is not None)
        qtbot.waitUntil(lambda: part.page.panels[seat - 1].frame.number == number)

    return shown


def test_each_seat_is_configured_with_the_same_points_and_its_own_network(tab, part, compared, some_points):
    networks = [at(compared, seat, Configure)[-1].network for seat in SEATS]
    assert networks[0].hidden == ()
    assert {layer.activation for layer in networks[1].hidden} == {"linear"}
    assert {layer.activation for layer in networks[2].hidden} == {"tanh"}
    for seat in SEATS:
        told = at(compared, seat, Configure)[-1]
        assert told.points is tab.store.state.points
        assert told.training.seed == tab.store.state.training.seed
    assert not tab.view_area.isVisible()
    assert not tab.transport.isVisible()
    assert all(panel.canvas.isVisible() for panel in part.page.panels)


def test_one_key_trains_pauses_and_resets_all(qtbot, tab, part, compared):
    compared.sent.clear()
    qtbot.mouseClick(part.page.transport.play_button, Qt.MouseButton.LeftButton)
    assert part.running
    assert part.page.transport.play_button.text() == "Pause"
    tab.reset()
    tab.play_pause()
    tab.step_forward()
    for seat in SEATS:
        kinds = [type(order) for order in at(compared, seat) if not isinstance(order, Acknowledge)]
        assert kinds == [Run, Reset, Run, Pause, StepEpoch]
    assert part.page.transport.play_button.text() == "Train all"
    assert [order for order in compared.sent if not isinstance(order, At)] == []


def test_what_is_said_lies_over_the_canvases_and_no_control_is_covered(qtbot, tab, part, compared):
    def place(widget):
        return QRect(widget.mapTo(tab, QPoint()), widget.size())

    tab.banner.say("Something went wrong. " * 6)
    canvases = [place(panel.canvas_frame) for panel in part.page.panels]
    over = QRect(canvases[0].topLeft(), canvases[-1].bottomRight())
    qtbot.waitUntil(lambda: tab.banner.height() >= tab.banner.minimumSizeHint().height())
    assert over.contains(place(tab.notices))
    others = [each for each in (*tab.findChildren(QAbstractButton), *tab.findChildren(QComboBox)) if each.isVisible()]
    covered = [each for each in others if place(each).intersects(place(tab.notices))]
    assert [each.objectName() for each in covered] == ["network.banner.action"]


def plates(part):
    return [panel.findChild(QLabel, f"{panel.objectName()}.unprepared") for panel in part.page.panels]


def test_each_panel_draws_its_own_frames_and_acknowledges_them(qtbot, tab, part, compared, show):
    qtbot.waitUntil(lambda: all(plate.text() == "preparing …" and plate.isVisible() for plate in plates(part)))
    for seat in SEATS:
        boundary = np.full((120, 120), 0.1 * seat, np.float32)
        show(compared, seat, number=200 + seat, boundary=boundary, metrics=Metrics(seat, 0.1 * seat, 0.5, 0.7, 0.6))
        assert plates(part)[seat - 1].isHidden()
    for seat, panel in zip(SEATS, part.page.panels, strict=True):
        assert panel.canvas.boundary_item.boundary[0, 0] == pytest.approx(0.1 * seat)
        assert panel.text("loss") == f"{0.1 * seat:.3f}"
        assert panel.text("epoch") == "3"
        qtbot.waitUntil(lambda seat=seat: at(compared, seat, Acknowledge) == [Acknowledge(200 + seat)])
    assert tab.frame is None  # the tab's own network is another one


def test_a_seat_that_nobody_sits_in_is_not_drawn(qtbot, tab, ready, a_frame):
    ready.on_event(a_frame(tab.bridge._run, seat=2))
    ready.on_event(Failed("Run", "of a seat", 2))
    QTest.qWait(1)
    assert tab.frame is None
    assert tab.banner.text == ""


def test_painting_in_any_of_them_paints_all(qtbot, tab, part, compared, some_points):
    for panel in part.page.panels:
        before = len(tab.store.state.points)
        place = panel.canvas.place_of(0.0, 0.0).toPoint()
        qtbot.mouseClick(panel.canvas.viewport(), Qt.MouseButton.RightButton, pos=place)
        points = tab.store.state.points
        assert len(points) > before
        assert points.labels[-1] == 1
        assert np.abs(points.xy[before:]).max() < 1.5
    for seat in SEATS:
        qtbot.waitUntil(
            lambda seat=seat: (
                bool(at(compared, seat, SetPoints))
                and at(compared, seat, SetPoints)[-1].points is tab.store.state.points
            )
        )
    tab.undo()
    assert len(tab.store.state.points) == before


def test_a_selection_is_shown_and_dragged_in_any_of_them(qtbot, tab, part, compared, some_points):
    tab.painter.set_tool("select")
    canvas = part.page.panels[1].canvas
    start, end = canvas.place_of(2.0, 3.0).toPoint(), canvas.place_of(0.0, -1.0).toPoint()
    qtbot.mouseClick(canvas.viewport(), Qt.MouseButton.LeftButton, pos=start)
    assert len(tab.painter.selected) == 1
    qtbot.mousePress(canvas.viewport(), Qt.MouseButton.LeftButton, pos=start)
    for share in (0.5, 1.0):
        QTest.mouseMove(canvas.viewport(), start + QPoint(*(np.array((end - start).toTuple()) * share).astype(int)))
    qtbot.mouseRelease(canvas.viewport(), Qt.MouseButton.LeftButton, pos=end)
    moved = tab.store.state.points.xy
    assert np.abs(moved[2] - (0.0, -1.0)).max() < 0.2
    assert np.array_equal(np.delete(moved, 2, axis=0), np.delete(some_points.xy, 2, axis=0))


@pytest.mark.parametrize("key", PRESETS)
def test_every_preset_can_be_chosen_and_begins_anew(qtbot, tab, part, compared, key):
    box = tab.findChild(QComboBox, "network.compare.preset")
    box.setCurrentIndex(box.findData(key))
    compared.sent.clear()
    box.activated.emit(box.currentIndex())
    titles = [panel.title.text() for panel in part.page.panels]
    assert titles == [contender.title for contender in PRESETS[key].contenders]
    for seat in SEATS:
        assert at(compared, seat, (Configure, Reset))
    assert tab.findChild(QPushButton, "network.compare.data").isVisible() == (key == "fit")


def test_three_rates_are_of_the_present_network(tab):
    state = tab.store.state
    states = PRESETS["rates"].states(state)
    rate = state.training.optimizer.learning_rate
    assert [each.training.optimizer.learning_rate for each in states] == pytest.approx([rate / 10, rate, rate * 10])
    assert {each.network for each in states} == {state.network}
    assert isinstance(states[1], NetworkState)


def test_its_data_set_begins_anew_for_all(qtbot, tab, part, compared):
    part.choose("fit")
    compared.sent.clear()
    qtbot.mouseClick(tab.findChild(QPushButton, "network.compare.data"), Qt.MouseButton.LeftButton)
    assert tab.store.state.source == PRESETS["fit"].data
    for seat in SEATS:
        kinds = [type(order) for order in at(compared, seat)]
        assert kinds.index(SetPoints) < kinds.index(Reset)


def test_a_new_seed_is_one_for_all(qtbot, tab, part, compared):
    compared.sent.clear()
    qtbot.mouseClick(part.page.new_seed, Qt.MouseButton.LeftButton)
    seed = tab.store.state.training.seed
    for seat in SEATS:
        kinds = [type(order).__name__ for order in at(compared, seat)]
        assert kinds == ["SetTraining", "Reset"]
        assert at(compared, seat)[0].training.seed == seed
    assert str(seed) in part.page._seed.text()


def test_back_and_forth_in_time(tab, part, compared, show):
    for seat in SEATS:
        show(compared, seat, epoch=7, kept=np.array([0, 3, 7, 9]))
    compared.sent.clear()
    tab.step_back()
    tab.to_start()
    tab.to_end()
    for seat in SEATS:
        assert at(compared, seat, GoTo) == [GoTo(6), GoTo(0), GoTo(9)]


def test_one_is_taken_into_the_tab(qtbot, tab, part, compared):
    network = at(compared, 2, Configure)[-1].network
    take = tab.findChild(QToolButton, "network.compare.2.take")
    qtbot.mouseClick(take, Qt.MouseButton.LeftButton)
    assert tab.store.state.network == network
    assert compared.last(Configure).network == network
    assert not part.is_open
    assert tab.view_area.isVisible()


def test_what_the_one_taken_has_learned_is_taken_with_it(qtbot, tab, part, compared, show):
    show(compared, 2, epoch=7)
    frame = part.page.panels[1].frame
    assert frame.epoch == 7
    qtbot.mouseClick(tab.findChild(QToolButton, "network.compare.2.take"), Qt.MouseButton.LeftButton)
    sent = compared.last(Configure)
    assert all(np.array_equal(ours, theirs) for ours, theirs in zip(sent.weights, frame.weights, strict=True))


def test_it_can_be_left_and_entered_again(qtbot, tab, part, compared, show):
    show(compared, 1)
    sizes = tab.columns.sizes()
    compared.sent.clear()
    qtbot.mouseClick(tab.findChild(QToolButton, "network.compare.leave"), Qt.MouseButton.LeftButton)
    seated = [each for each in compared.sent if isinstance(each, At)]
    assert [(each.seat, type(each.command)) for each in seated] == [(seat, Leave) for seat in SEATS]
    assert tab.transport.isVisible()
    tab.play_pause()
    assert type(compared.sent[-1]) is Run
    qtbot.mouseClick(part.button, Qt.MouseButton.LeftButton)
    assert "Pause" in compared.kinds()  # the tab's own
    qtbot.waitUntil(lambda: all(at(compared, seat, Configure) for seat in SEATS))
    assert tab.columns.sizes() == sizes
    part.enter()
    assert len(at(compared, 1, Configure)) == 1


def test_a_restarted_process_is_told_everything_again(qtbot, tab, part, compared):
    with qtbot.waitSignal(tab.bridge.ended):
        compared.on_exit("killed")
    compared.sent.clear()
    tab.play_pause()
    assert not [each for each in compared.sent if isinstance(each, At)]
    compared.on_event(Ready("2", "3", 4.0))
    qtbot.waitUntil(lambda: all(at(compared, seat, Run) for seat in SEATS))
    assert all(at(compared, seat, Configure) for seat in SEATS)


def test_before_tensorflow_is_ready_it_waits(qtbot, tab, client, part):
    part.enter()
    tab.play_pause()
    assert client.sent == []
    client.on_event(Ready("2", "3", 4.0))
    qtbot.waitUntil(lambda: all(at(client, seat, Run) for seat in SEATS))


def test_the_preset_is_remembered_and_damage_refused(tab, part, tmp_path):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    part.enter()
    part.choose("rates")
    tab.save_state(store)
    assert not part.is_open
    part.choose("fit")
    tab.restore_state(store)
    assert part.preset == "rates"
    store.setValue("network/compare", "nonsense")
    tab.restore_state(store)
    assert part.preset == "rates"


def test_a_panel_says_why_it_does_not_train(qtbot, tab, part, compared, show):
    panel = part.page.panels[0]
    described = panel.what.text()
    show(compared, 1, state="stopped", reason="The loss is low enough.")
    assert panel.what.text() == "The loss is low enough."
    tab.reset()
    assert panel.what.text() == described
    compared.on_event(Failed("Run", "out of memory", 1))
    qtbot.waitUntil(lambda: panel.what.text() == "out of memory")
    assert tab.banner.text == ""


def test_the_status_is_that_of_the_comparison(tab, part, compared):
    tab.play_pause()
    assert tab.top.status.text() == "training"
    tab.play_pause()
    assert tab.top.status.text() == "ready to train"


def test_the_comparison_is_paused_once_something_was_trained(tab, compared, show):
    show(compared, 2, epoch=0, state="paused")
    assert tab.top.status.text() == "ready to train"
    show(compared, 2, 101, epoch=40, state="paused")
    assert tab.top.status.text() == "paused"
    tab.reset()
    show(compared, 2, 102, epoch=0, state="paused")
    assert tab.top.status.text() == "ready to train"


@pytest.mark.parametrize("theme", ["dark", "white"])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_is_on_the_screen(qtbot, tab, part, compared, theme, scale):
    tab.look.set_theme(theme)
    tab.look.set_scale(scale)
    tab.resize(1280, 700)
    qtbot.waitUntil(lambda: part.page.width() > 800)
    page = part.page

    def fits():
        for panel in page.panels:
            for child in (panel.title, panel.canvas, panel.what, *panel._labels.values()):
                corners = child.mapTo(page, QPoint(0, 0)), child.mapTo(page, child.rect().bottomRight())
                assert all(page.rect().contains(corner) for corner in corners), child.objectName()
            assert panel.canvas.width() > 150

    qtbot.waitUntil(fits)  # once all layouts have settled
    tab.look.set_scale(1.0)


def test_regression_has_no_accuracy(tab, part, compared):
    tab.load(tab.store.state.painted.__class__(Points.of([(0, 0), (1, 1)], [0, 1], [0.2, 0.8]), regression=True))
    assert tab.store.state.network.regression
    assert all(panel.state.network.regression for panel in part.page.panels)
    assert not part.page.panels[0]._labels["accuracy"].isVisible()


def test_panels_obey_view_and_rings_and_answer_questions(qtbot, tab, part, compared, show, some_points):
    tab.store.edit(questions=((1.0, 2.0),))
    qtbot.waitUntil(lambda: all(at(compared, seat, SetQuestions)[-1].xy.tolist() == [[1, 2]] for seat in SEATS))
    wrong_at_first = np.array([0.9, 0.1, 0.8, 0.9], np.float32)
    for seat in SEATS:
        show(compared, seat, predictions=wrong_at_first, answers=np.array([0.25], np.float32))
    panel = part.page.panels[2]
    assert panel._rings._xy.tolist() == some_points.xy[:1].tolist()
    assert panel._questions._answers == ("25 %",)
    tab.paint_panel.mistakes.click()
    assert not len(panel._rings._xy)

    def colors():
        image = panel.canvas.grab().toImage()
        box = panel.canvas.rect()
        return {image.pixelColor(x, box.height() // 3).rgb() for x in range(box.width() // 4, 3 * box.width() // 4)}

    soft = len(colors())
    qtbot.keyClick(tab, Qt.Key.Key_V)
    assert tab.top.view.currentData() == "hard"
    assert len(colors()) < soft / 3
    qtbot.keyClick(tab, Qt.Key.Key_V)
    assert tab.top.view.currentData() == "soft"  # there are no others here
    assert [tab.top.view.model().item(index).isEnabled() for index in range(tab.top.view.count())] == [
        True,
        True,
        False,
        False,
        False,
        False,
    ]
    part.leave()
    assert tab.top.view.model().item(3).isEnabled()
