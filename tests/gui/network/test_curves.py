"""What the curves show, what they tell under the mouse, and what a click on them asks for."""

import itertools

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QSettings, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPolygonF
from PySide6.QtTest import QTest

from gdviz.gui.network.metrics.curve_rows import loss_range, on_axis, seen, smooth_rows
from gdviz.gui.network.metrics.series_plot import Line, SeriesPlot
from gdviz.gui.network.metrics.words_apart import free_height, stacked
from gdviz.gui.numbers import percent, short, whole
from gdviz.gui.widgets.log_ticks import log_ticks
from gdviz.network.spec import NetworkSpec, TrainingSpec
from gdviz.training.messages import GoTo, Metrics
from tests.windows import pixel_of


def course(first, last):
    """Epochs whose four values tell them apart."""
    epochs = np.arange(first, last + 1, dtype=float)
    return np.column_stack([epochs, 1 / (1 + epochs), 1 - 1 / (2 + epochs), 2 / (1 + epochs), 1 - 1 / (1 + epochs)])


@pytest.fixture
def send(qtbot, tab, ready, a_frame):
    """Sends a frame at an epoch with the rows up to it, and waits until the tab has it."""

    def frame(epoch, rows=None, **fields):
        history = course(epoch - 9, epoch) if rows is None else rows
        metrics = Metrics(*(history[-1] if len(history) else course(epoch, epoch)[0]))
        made = a_frame(tab.bridge._run, **({"epoch": epoch, "history": history, "metrics": metrics} | fields))
        with qtbot.waitSignal(tab.bridge.frame):
            ready.on_event(made)

    return frame


@pytest.fixture
def trained(send, tab):
    """Fifty epochs, drawn."""
    for epoch in range(10, 51, 10):
        send(epoch)
    tab.curves.draw()
    return tab.curves


def move(plot, epoch):
    """The real mouse, over an epoch."""
    low, high = plot.getViewBox().viewRange()[1]
    place = pixel_of(plot, epoch, (low + high) / 2)
    QTest.mouseMove(plot.viewport(), place)
    return place


def drawn(plot, index=0):
    """x and y of a curve."""
    return plot._raw[index].getData()


def shown(curves):
    readout = curves.head.readout
    return [readout.text(key) for key in ("epoch", "train_loss", "train_accuracy", "test_loss", "test_accuracy")]


def told(row):
    return [whole(row[0]), short(row[1], 3), percent(row[2]), short(row[3], 3), percent(row[4])]


# The mouse ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["loss", "accuracy"])
def test_hovering_reads_the_nearest_epoch_in_both_plots(qtbot, trained, name):
    plot = getattr(trained, name)
    move(plot, 20.2)
    qtbot.waitUntil(lambda: trained.loss.pointer.epoch == 20.0)
    assert trained.accuracy.pointer.epoch == 20.0
    assert trained.loss.pointer.words == "20"
    assert shown(trained) == told(course(20, 20)[0])


def test_leaving_goes_back_to_the_newest(qtbot, tab, trained):
    move(trained.loss, 20.0)
    qtbot.waitUntil(lambda: trained.loss.pointer.epoch == 20.0)
    QTest.mouseMove(tab.canvas.viewport(), tab.canvas.viewport().rect().center())
    qtbot.waitUntil(lambda: trained.loss.pointer.epoch is None)
    assert shown(trained) == told(course(50, 50)[0])


def test_the_readout_keeps_its_width(trained, send, qtbot):
    before = trained.head.readout.size()
    for epoch in (3, 30, 47):

        def pointed(epoch=epoch):
            move(trained.loss, epoch + 0.4)
            move(trained.loss, epoch)  # pyqtgraph drops moves that come too fast
            return trained.loss.pointer.epoch == epoch

        qtbot.waitUntil(pointed)
        assert trained.head.readout.size() == before


def test_a_click_asks_for_the_epoch_and_the_tab_goes_there(qtbot, trained, ready):
    place = move(trained.loss, 30.0)
    with qtbot.waitSignal(trained.asked_for) as asked:
        qtbot.mouseClick(trained.loss.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked.args == [30]
    assert ready.last(GoTo).epoch == 30


def test_a_drag_asks_for_one_epoch_after_the_other(qtbot, trained):
    asked = []
    trained.asked_for.connect(asked.append)
    view = trained.accuracy.viewport()
    qtbot.mousePress(view, Qt.MouseButton.LeftButton, pos=move(trained.accuracy, 10.0))
    for epoch in (20.0, 30.0, 40.0):
        move(trained.accuracy, epoch)
    qtbot.mouseRelease(view, Qt.MouseButton.LeftButton, pos=move(trained.accuracy, 40.0))
    assert asked == sorted(asked)
    assert asked[-1] == 40


def test_without_a_history_nothing_is_asked_for(qtbot, tab):
    asked = []
    tab.curves.asked_for.connect(asked.append)
    place = move(tab.curves.loss, 5.0)
    qtbot.mouseClick(tab.curves.loss.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert asked == []
    assert set(shown(tab.curves)) == {"–"}


def test_the_readout_says_the_same_as_the_transport_bar(tab, trained, send):
    rows = course(1, 40_000)  # thinned: not every epoch is kept
    send(40_000, rows)
    missing = next(epoch for epoch in range(10, 40_000) if epoch not in trained.history.rows()[:, 0])
    now = Metrics(missing, 0.404, 0.8, 0.396, 0.9)
    send(missing, np.empty((0, 5)), metrics=now, state="paused")
    assert shown(trained) == told(np.array([missing, 0.404, 0.8, 0.396, 0.9]))
    assert tab.transport.position.text() == f"epoch {shown(trained)[0]}"
    numbers = ("loss", "accuracy", "test_loss", "test_accuracy")
    assert shown(trained)[1:] == [tab.readouts.text(key) for key in numbers]


def test_an_edit_of_the_weights_is_read_at_once_and_the_curve_where_one_points(qtbot, tab, trained, send):
    send(50, np.empty((0, 5)), metrics=Metrics(50, 3.963, 0.5, 4.0, 0.4), state="paused")
    assert shown(trained) == ["50", "3.963", "50.0 %", "4.000", "40.0 %"]
    move(trained.loss, 50.0)
    qtbot.waitUntil(lambda: trained.loss.pointer.epoch == 50.0)
    assert shown(trained) == told(course(50, 50)[0])  # what was measured before the edit
    send(50, np.empty((0, 5)), metrics=Metrics(50, 5.0, 0.5, 4.0, 0.4), state="paused")
    assert shown(trained) == told(course(50, 50)[0])
    QTest.mouseMove(tab.canvas.viewport(), tab.canvas.viewport().rect().center())
    qtbot.waitUntil(lambda: trained.loss.pointer.epoch is None)
    assert shown(trained)[1] == "5.000"


def test_after_early_stopping_both_readouts_say_whose_weights_these_are(qtbot, tab, trained, send):
    widths = [widget.width() for widget in (tab.transport.note, tab.transport.position, trained.head.readout)]
    place = tab.transport.position.pos()
    best = course(30, 30)[0]
    send(60, course(51, 60), metrics=Metrics(60, *best[1:]), state="stopped", best_epoch=30, restored=30)
    assert (tab.transport.position.text(), tab.transport.note.text()) == ("epoch 60", "weights of 30")
    assert trained.head.readout._caption.text() == "weights"
    assert shown(trained) == ["of 30", *told(best)[1:]]
    qtbot.waitUntil(lambda: tab.transport.note.isVisible())
    assert widths == [widget.width() for widget in (tab.transport.note, tab.transport.position, trained.head.readout)]
    assert tab.transport.position.pos() == place
    send(61, course(61, 61))
    assert (tab.transport.note.text(), trained.head.readout._caption.text()) == ("", "epoch")


# Time ---------------------------------------------------------------------------------------------------------------


def test_an_earlier_epoch_is_marked_and_read(trained, send):
    nothing = np.empty((0, 5))
    send(20, nothing, state="paused")
    assert trained.shown == 20.0
    assert trained.loss.shown.words == "shown: 20"
    assert shown(trained) == told(course(20, 20)[0])
    assert trained.history.last == 50.0
    send(50, nothing, state="paused")
    assert trained.shown is None


def test_training_on_from_an_earlier_epoch_forgets_the_later_ones(trained, send):
    send(20, np.empty((0, 5)), state="paused")
    send(21, course(21, 21))
    assert trained.shown is None
    assert trained.history.rows()[:, 0].tolist() == list(range(1, 22))


def test_the_first_epoch_does_not_wipe_out_the_others(trained, send):
    send(0, np.empty((0, 5)), state="paused")
    assert trained.history.last == 50.0
    assert trained.shown == 0.0


def test_truncating_keeps_what_came_before(trained):
    trained.truncate(30.0)
    assert trained.history.last == 30.0
    assert drawn(trained.loss)[0].tolist() == list(range(1, 31))


def test_early_stopping_shows_where_it_stopped_and_where_its_weights_are_from(tab, trained, send):
    tab.store.change(training=TrainingSpec(patience=20))
    send(60, best_epoch=40)
    assert (trained.loss.best.epoch, trained.loss.stopped.epoch) == (40.0, None)
    send(62, course(61, 62), best_epoch=42, state="stopped", reason="No better loss for 20 epochs.")
    for plot in (trained.loss, trained.accuracy):
        assert (plot.best.epoch, plot.stopped.epoch) == (42.0, 62.0)
        assert plot.patience.isVisible()
        assert (plot.patience.rect().left(), plot.patience.rect().right()) == (42.0, 62.0)
    assert (trained.loss.best.words, trained.loss.stopped.words) == ("best 42", "stopped 62")
    tab.reset()
    assert trained.loss.best.epoch is None
    assert not trained.loss.patience.isVisible()


def test_without_patience_there_are_no_marks(trained, send):
    send(60, best_epoch=40, state="stopped", reason="All 60 epochs are done.")
    assert trained.loss.best.epoch is None
    assert trained.loss.stopped.epoch is None


def test_words_of_early_stopping_give_way_to_the_curves_and_to_each_other(qtbot, look):
    plot = SeriesPlot("plot", "Plot", look, "accuracy")
    qtbot.addWidget(plot)
    plot.set_lines([Line(QColor("red")), Line(QColor("blue"))])
    plot.resize(300, 260)
    plot.box.setYRange(0.0, 1.02, padding=0.0)
    with qtbot.waitExposed(plot):
        plot.show()
    epochs = np.arange(63.0)
    plot.set_last(62.0)
    for level in (0.98, 0.9, 0.75, 0.5, 0.3):
        plot.draw(epochs, np.column_stack([np.full(63, level), level - 0.2 * (epochs % 2)]))
        plot.show_stopping(50.0, 62.0)
        plot.grab()  # words have their place once they are painted
        places = [mark.label.mapRectToItem(plot.box, mark.label.boundingRect()) for mark in (plot.best, plot.stopped)]
        assert not places[0].intersects(places[1])
        for each, values in plot.curves:
            curve = QPolygonF([plot.box.mapFromView(QPointF(*point)) for point in zip(each, values, strict=True)])
            for place in places:
                assert not any(place.contains(point) for point in curve)


@pytest.mark.parametrize(
    ("best", "stopped"),
    [(174.0, 204.0), (204.0, 204.0), (0.0, 0.0), (0.0, 5.0), (95.0, 110.0)],
    ids=["right", "at the right edge", "at the left edge", "left", "middle"],
)
def test_words_of_early_stopping_are_apart_though_curves_leave_no_room(qtbot, look, best, stopped):
    plot = SeriesPlot("plot", "Plot", look, "loss")
    qtbot.addWidget(plot)
    plot.set_lines([Line(QColor("red"))])
    plot.resize(260, 240)
    plot.box.setYRange(0.0, 1.0, padding=0.0)
    with qtbot.waitExposed(plot):
        plot.show()
    epochs = np.arange(205.0)
    plot.set_last(204.0)
    plot.draw(epochs, (epochs % 2)[:, None])  # up and down all over the plot
    plot.show_stopping(best, stopped)
    plot.grab()  # words have their place once they are painted
    places = [mark.label.mapRectToItem(plot.box, mark.label.boundingRect()) for mark in (plot.best, plot.stopped)]
    assert not places[0].intersects(places[1])
    for place in places:
        assert 0.0 <= place.left() < place.right() <= plot.box.width()
        assert 0.0 <= place.top() < place.bottom() <= plot.box.height()


@pytest.mark.parametrize("last", [3, 10, 97, 1_234, 8_400, 38_636, 250_000, 7_000_000])
@pytest.mark.parametrize("width", [150, 260, 900])
def test_epochs_on_the_axis_never_touch(qtbot, look, width, last):
    plot = SeriesPlot("plot", "Plot", look, "loss")
    qtbot.addWidget(plot)
    plot.resize(width, 160)
    with qtbot.waitExposed(plot):
        plot.show()
    plot.set_last(float(last))
    image = QImage(plot.size(), QImage.Format.Format_ARGB32)
    axis = plot.getAxis("bottom")
    with QPainter(image) as painter:
        painter.setFont(axis.style["tickFont"] or axis.font())
        _, ticks, texts = axis.generateDrawSpecs(painter)
    assert len(ticks) >= 2
    places = [rect for rect, _, _ in texts]
    for left, right in itertools.pairwise(places):
        assert right.left() - left.right() >= 4
    assert len({text for _, _, text in texts}) == len(texts)


# Drawing ------------------------------------------------------------------------------------------------------------


def test_smoothing_draws_smooth_curves_before_faint_raw_ones(tab, trained):
    assert not trained.loss._smooth[0].isVisible()
    raw = drawn(trained.loss)[1].copy()
    strong = trained.loss._raw[0].opts["pen"].color().alphaF()
    tab.curves.head.set_span(10)
    assert trained.loss._smooth[0].isVisible()
    assert np.array_equal(drawn(trained.loss)[1], raw)
    assert trained.loss._raw[0].opts["pen"].color().alphaF() < 0.6 * strong
    smooth = trained.loss._smooth[0].getData()[1]
    assert np.abs(np.diff(smooth)).max() < np.abs(np.diff(raw)).max()
    tab.curves.head.set_span(0)
    assert not trained.loss._smooth[0].isVisible()
    assert trained.loss._raw[0].opts["pen"].color().alphaF() == strong


def test_keys_change_smoothing_and_scale(tab, trained):
    QTest.keyClick(tab.canvas, Qt.Key.Key_G, Qt.KeyboardModifier.ShiftModifier)
    assert trained.head.span == 10
    QTest.keyClick(tab.canvas, Qt.Key.Key_G)
    assert trained.logarithmic
    assert drawn(trained.loss)[1] == pytest.approx(np.log10(course(1, 50)[:, 1]))
    assert drawn(trained.accuracy)[1] == pytest.approx(course(1, 50)[:, 2])  # always linear
    QTest.keyClick(tab.canvas, Qt.Key.Key_G)
    assert drawn(trained.loss)[1] == pytest.approx(course(1, 50)[:, 1])


def test_buttons_change_smoothing_and_scale(qtbot, tab, trained):
    qtbot.mouseClick(tab.curves.head._scale, Qt.MouseButton.LeftButton)
    assert trained.logarithmic
    menu = tab.curves.head._smoothing.menu()
    menu.actions()[2].trigger()
    assert (trained.head.span, tab.curves.head._smoothing.text()) == (100, "~100")


def test_remembers_the_smoothing(tab, tmp_path):
    store = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    tab.curves.head.set_span(1000)
    tab.save_state(store)
    tab.curves.head.set_span(0)
    tab.restore_state(store)
    assert tab.curves.head.span == 1000
    for damage in ("", "nonsense", "-7", "17", b"\xff", ["a", "b"]):
        store.setValue("network/smoothing", damage)
        tab.restore_state(store)
        assert tab.curves.head.span == 1000


def test_ghosts_are_drawn_behind_until_they_are_removed(trained):
    longer = course(1, 90)
    trained.add_ghost("first", longer, "#c39bff", "tanh")
    curves = [item for item in trained.loss._ghosts if hasattr(item, "getData")]
    for curve, column in zip(curves, (1, 3), strict=True):
        epochs, values = curve.getData()  # as many of the rows as there is room for
        assert values.tolist() == longer[np.isin(longer[:, 0], epochs), column].tolist()
        assert epochs[-1] == 90
    assert all(curve.opts["pen"].style() != Qt.PenStyle.SolidLine for curve in curves)
    assert all(curve.zValue() < trained.loss._raw[0].zValue() for curve in curves)
    assert 90.0 <= trained.loss.getViewBox().viewRange()[0][1] <= 94.0
    trained.set_logarithmic(True)
    epochs, values = trained.loss._ghosts[0].getData()
    assert values == pytest.approx(np.log10(longer[np.isin(longer[:, 0], epochs), 1]))
    trained.clear()
    assert len(trained.loss._ghosts) == 3  # a new run leaves kept ones where they are
    trained.add_ghost("first", longer[:20], "#4cc2ff", "tanh")
    assert len(trained.loss._ghosts) == 3
    trained.remove_ghost("first")
    trained.remove_ghost("first")
    assert trained.loss._ghosts == []


def test_names_of_ghosts_do_not_cover_each_other(trained):
    ends = (20, 49, 50, 50, 50)
    for epoch in ends:
        trained.add_ghost(str(len(trained._kept)), course(1, epoch), "#c39bff", f"run {epoch}")
    trained.grab()  # lays the plots out
    for plot in (trained.loss, trained.accuracy):
        for width in (400, 200):
            trained.resize(width, 400)
            trained.grab()
            places = [name.mapRectToScene(name.boundingRect()) for name in plot._names]
            room = plot.box.sceneBoundingRect().adjusted(-1, -1, 1, 1)
            assert len(places) == len(ends)
            assert all(room.contains(place) for place in places)
            assert not any(
                first.adjusted(0.5, 0.5, -0.5, -0.5).intersects(second)
                for first, second in itertools.combinations(places, 2)
            )


def test_words_move_down_only_where_there_is_no_more_room_above():
    left = np.zeros(4)
    laid = stacked(left, left + 30, np.array([80.0, 85.0, -5.0, 84.0]), high=10.0, room=100.0)
    assert laid.tolist() == [70.0, 90.0, 0.0, 80.0]
    apart = stacked(np.array([0.0, 50.0]), np.array([30.0, 80.0]), np.full(2, 20.0), high=10.0, room=100.0)
    assert apart.tolist() == [20.0, 20.0]


def test_an_empty_ghost_is_nothing(trained):
    trained.add_ghost("empty", np.empty((0, 5)), "#ffffff", "empty")
    assert 50.0 <= trained.loss.getViewBox().viewRange()[0][1] <= 52.0


def test_regression_gives_the_room_of_the_accuracy_to_the_loss(qtbot, tab, trained):
    before = trained.loss.height() * trained.loss.width()
    tab.store.change(network=NetworkSpec(head="linear"))
    qtbot.waitUntil(lambda: trained.loss.height() * trained.loss.width() > 1.5 * before)
    assert not trained.accuracy.isVisible()
    assert trained.loss.measure == "squared error"
    assert not trained.head.readout._labels["train_accuracy"].isVisible()
    assert tab.readouts._labels["accuracy"].isHidden()
    tab.store.change(network=NetworkSpec(), training=TrainingSpec(loss="hinge"))
    assert trained.accuracy.isVisible()
    assert trained.loss.getAxis("bottom").labelText == "hinge loss by epoch"


def test_a_loss_with_penalties_says_so_and_the_tool_tip_tells_the_parts(tab, trained, send):
    tip = tab.readouts._labels["loss"].toolTip
    assert tip() == "Loss on the training points: cross-entropy"
    tab.store.change(network=NetworkSpec((), l1=0.1, l2=0.01))
    assert trained.loss.measure == "cross-entropy + L1L2"
    label = trained.loss.getAxis("bottom").label
    assert label.toPlainText().startswith("cross-entropy + L1L2")
    margin = label.document().documentMargin()
    place = label.mapRectToScene(label.boundingRect()).adjusted(margin, 0.0, -margin, 0.0)
    assert 0.0 <= place.left() < place.right() <= trained.loss.width()
    weights = (np.array([[2.0], [-1.0]], np.float32), np.array([5.0], np.float32))  # 0.1 * 3 + 0.01 * 5; no bias
    send(60, metrics=Metrics(60, 0.6, 0.9, 0.75, 0.8), weights=weights)
    assert tip() == "Loss on the training points: cross-entropy 0.250 + L1L2 penalty 0.350"
    assert tab.readouts._labels["test_loss"].toolTip().endswith("cross-entropy 0.400 + L1L2 penalty 0.350")
    tab.store.change(network=NetworkSpec((), head="linear", l2=0.01))
    assert trained.loss.measure == "squared error + L2"
    tab.store.change(network=NetworkSpec(()))
    assert trained.loss.measure == "cross-entropy"
    assert tip() == "Loss on the training points: cross-entropy"


def test_values_that_are_not_finite_are_gaps(trained, send):
    rows = course(51, 60)
    rows[3:5, 1:] = np.nan, np.inf, -np.inf, np.nan
    send(60, rows)
    trained.draw()
    assert np.isnan(drawn(trained.loss)[1]).sum() == 2
    assert np.isfinite(trained.loss.getViewBox().viewRange()).all()


def test_follows_the_theme(trained, look):
    before = trained.loss._raw[0].opts["pen"].color()
    look.set_theme("white")
    assert trained.loss._raw[0].opts["pen"].color() != before
    look.set_theme("dark")


# Numbers alone ------------------------------------------------------------------------------------------------------


def test_few_points_are_drawn_and_both_ends_are_among_them():
    for count in (1, 2, 499, 500, 501, 4096):
        some = seen(*course(1, count)[:, :2].T, 500)
        assert len(some) <= 502
        assert (some[0], some[-1]) == (0, count - 1)
        assert (np.diff(some) > 0).all()
    assert seen(np.empty(0), np.empty(0), 500).shape == (0,)


def test_lowest_and_highest_of_a_noisy_curve_are_drawn_and_stay():
    epochs = np.arange(1.0, 20_001.0)
    noise = np.random.default_rng(3).exponential(size=len(epochs))
    final = seen(epochs[:12_700], noise[:12_700], 100)
    for count in range(6_500, 12_700, 37):  # of one width of cell, 256 epochs
        drawn = seen(epochs[:count], noise[:count], 100)
        assert len(drawn) <= 102
        assert {noise[:count].argmax(), noise[:count].argmin()} <= set(drawn.tolist())
        complete = count // 256 * 256 - 1
        assert drawn[drawn < complete].tolist() == final[final < complete].tolist()


def test_a_gap_is_drawn_however_short():
    values = np.ones(5_000)
    values[1_234] = np.nan
    values[3_000] = np.inf
    assert {1_234, 3_000} <= set(seen(np.arange(5_000.0), values, 100).tolist())
    assert len(seen(np.arange(5_000.0), np.full(5_000, np.nan), 100))


def test_smoothing_looks_at_all_rows_not_only_at_those_drawn():
    rows = course(1, 4000)
    rows[1::2, 1] += 1.0  # every second one, none of which might be drawn
    smooth = smooth_rows(rows, 1000)
    assert smooth_rows(rows, 0) is None
    assert smooth_rows(np.empty((0, 5)), 10) is None
    assert smooth[-1, 1] == pytest.approx(0.5, abs=0.05)


def test_the_range_of_losses_holds_them_all():
    losses = [np.array([0.5, 2.0, np.nan]), np.array([np.inf])]
    assert loss_range(losses, False) == (0.0, pytest.approx(2.12))
    low, high = loss_range(losses, True)
    assert low < np.log10(0.5) < np.log10(2.0) < high
    for logarithmic in (False, True):
        for nothing in ([], [np.empty((0, 2))], [np.array([np.nan])], [np.zeros(3)]):
            low, high = loss_range(nothing, logarithmic)
            assert low < high
    assert on_axis(np.zeros(1), True)[0] == -12.0


@pytest.mark.parametrize("low", [-12.0, -3.3, -0.5, 0.1, 5.0])
@pytest.mark.parametrize("span", [0.05, 0.4, 1.0, 3.0, 30.0])
@pytest.mark.parametrize("most", [2, 4, 9])
def test_a_logarithmic_axis_has_ticks_that_fit(low, span, most):
    ticks = log_ticks(low, low + span, most)
    assert len(ticks) <= most
    assert (np.diff(ticks) > 0).all()
    assert ((low <= ticks) & (ticks <= low + span)).all()
    for tick in ticks:  # numbers of at most two digits
        assert float(f"{10.0**tick:.2g}") == pytest.approx(10.0**tick, rel=1e-6)
    assert len(ticks) or span < 0.1


def test_words_stay_where_they_are_while_they_may_and_otherwise_cover_the_least():
    heights, none = (0.7, 0.9, 0.5), np.empty((0, 2))
    assert free_height([], none, 0.1, heights) == 0.7
    assert free_height([np.array([[0.0, 0.55]])], none, 0.1, heights) == 0.7
    assert free_height([np.array([[0.65, 0.75]])], none, 0.1, heights) == 0.9
    assert free_height([np.array([[0.65, 0.75]])], np.array([[0.95, 0.99]]), 0.1, heights) == 0.5
    assert free_height([np.array([[0.4, 0.95]])], none, 0.1, heights) == 0.9
    assert free_height([np.array([[0.0, 0.95]])], np.array([[0.85, 0.95]]), 0.1, heights) == 0.7
