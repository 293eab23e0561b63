"""The table of runs, and runs kept as ghosts."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QFontMetrics, QGuiApplication
from PySide6.QtWidgets import QLabel, QToolButton

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.gui.network.compare.ghosts import MOST
from gdviz.gui.network.compare.runs import MOST_RUNS, Recorder
from gdviz.gui.network.compare.runs_model import COLUMNS
from gdviz.gui.network.compare.runs_part import RunsPart
from gdviz.gui.network.compare.words import described, duration
from gdviz.gui.network.state import NetworkState
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.messages import Configure, Metrics, Reset

CONTROL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier
LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def part(tab):
    return next(part for part in tab.parts if isinstance(part, RunsPart))


@pytest.fixture
def page(tab, part):
    tab.lower_pages.show_page("runs")
    return part.page


@pytest.fixture
def train(qtbot, tab, ready, a_frame):
    """Has the process send a frame of the present run, and waits until it is shown."""
    numbers = iter(range(1, 10_000))

    def trained(epoch=3, **fields):
        number = next(numbers)
        ready.on_event(a_frame(tab.bridge._run, number, epoch=epoch, **fields))
        qtbot.waitUntil(lambda: tab.frame is not None and tab.frame.number == number)

    return trained


def cells(page, column):
    """The texts of a column, as they are shown."""
    model, index = page.table.model(), [each.title for each in COLUMNS].index(column)
    return [model.index(row, index).data() for row in range(model.rowCount())]


@pytest.mark.parametrize(
    ("network", "training", "words"),
    [
        (NetworkSpec(), TrainingSpec(), "8, 8 tanh, adam 0.01, batch 10"),
        (NetworkSpec(l2=0.01), TrainingSpec(), "8, 8 tanh, adam 0.01, batch 10, L2 0.01"),
        (NetworkSpec(()), TrainingSpec(batch_size=0), "no hidden layer, adam 0.01, all in a batch"),
        (
            NetworkSpec((Layer(4, "relu", 0.2), Layer(2)), features=("x1", "x2_squared"), scaling="standard"),
            TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.1, "momentum": 0.9}), "mean_squared_error"),
            "4 relu, 2 tanh, sgd 0.1 momentum 0.9, batch 10, dropout 0.2 0, inputs x1 x2², "
            "scaled to mean 0, deviation 1, mean squared error",
        ),
        (
            NetworkSpec((Layer(3, initializer="he_normal"),), "softmax", l1=0.001),
            TrainingSpec(patience=20, schedule=ScheduleSpec("step", {"every": 7})),
            "3 tanh, adam 0.01, batch 10, L1 0.001, softmax, he normal, steps every 7, patience 20",
        ),
    ],
)
def test_words_say_what_matters(network, training, words):
    assert described(network, training) == words


def test_durations_are_short():
    assert [duration(seconds) for seconds in (0.04, 3.21, 59.97, 125.2, 7261.0)] == [
        "0.0 s",
        "3.2 s",
        "1 min 00 s",
        "2 min 05 s",
        "2 h 01 min",
    ]


def test_the_recorder_counts_training_time_alone(a_frame):
    recorder, state = Recorder(), NetworkState()
    for now, epoch, doing in ((10.0, 0, "running"), (12.5, 4, "running"), (13.0, 5, "paused"), (99.0, 5, "paused")):
        recorder.take(a_frame(1, epoch=epoch, state=doing), state, now)
    assert recorder.present.seconds == 3.0
    assert recorder.present.epochs == 5
    recorder.begin()
    assert recorder.present is None
    assert [record.epochs for record in recorder.records] == [5]
    recorder.take(a_frame(2, epoch=0), state, 100.0)
    recorder.begin()
    assert len(recorder.records) == 1  # a run without an epoch is none


def test_going_back_in_time_leaves_the_run_as_it_was(a_frame):
    recorder, state = Recorder(), NetworkState()
    kept = np.array([0, 3, 9])
    recorder.take(a_frame(1, epoch=9, kept=kept, metrics=Metrics(9, 0.1, 1.0, 0.2, 1.0)), state, 0.0)
    recorder.take(a_frame(1, epoch=3, kept=kept, state="paused"), state, 1.0)
    assert (recorder.present.epochs, recorder.present.metrics.loss) == (9, 0.1)


def test_a_batch_in_the_past_ends_the_rows_that_came_after_it(a_frame):
    recorder, state = Recorder(), NetworkState()
    recorder.take(a_frame(1, epoch=3, kept=np.arange(4)), state, 0.0)
    recorder.take(a_frame(1, epoch=1, batch=1, kept=np.arange(2), history=np.empty((0, 5))), state, 1.0)
    assert recorder.present.epochs == 1
    assert recorder.present.rows[:, 0].tolist() == [1]


def test_the_oldest_runs_are_forgotten(a_frame):
    recorder, state = Recorder(), NetworkState()
    for run in range(MOST_RUNS + 5):
        recorder.take(a_frame(run), state, 0.0)
        recorder.begin()
    assert [recorder.records[index].number for index in (0, -1)] == [6, MOST_RUNS + 5]
    assert len(recorder.records) == MOST_RUNS


def test_each_run_has_its_row_and_the_present_one_follows(qtbot, tab, page, train):
    assert page.findChild(QLabel, "network.runs.empty").isVisible()
    train(epoch=3)
    qtbot.waitUntil(lambda: cells(page, "epochs") == ["3"])
    train(epoch=8)
    qtbot.waitUntil(lambda: cells(page, "epochs") == ["8"])
    tab.reset()
    train(epoch=0)
    assert cells(page, "run") == ["1"]
    train(epoch=5, metrics=Metrics(5, 0.125, 0.9, 0.5, 0.8))
    qtbot.waitUntil(lambda: cells(page, "epochs") == ["8", "5"])
    assert cells(page, "train loss") == ["0.2500", "0.1250"]
    assert cells(page, "test acc.") == ["80.0 %"] * 2
    assert cells(page, "what") == ["8, 8 tanh, adam 0.01, batch 10"] * 2
    assert cells(page, "seed") == [str(tab.store.state.training.seed)] * 2


def test_it_sorts_by_any_column_and_keeps_the_selection(qtbot, tab, page, train):
    for loss in (0.5, 0.1, float("nan"), 0.3):
        train(metrics=Metrics(3, loss, 0.5, 0.5, 0.5))
        tab.reset()
    page.select(2)
    header = page.table.horizontalHeader()
    index = [each.title for each in COLUMNS].index("train loss")
    place = header.sectionViewportPosition(index) + header.sectionSize(index) // 2
    qtbot.mouseClick(header.viewport(), LEFT, pos=header.viewport().rect().center().__class__(place, 5))
    assert cells(page, "run") == ["2", "4", "1", "3"]
    assert page.selected.number == 2
    qtbot.mouseClick(header.viewport(), LEFT, pos=header.viewport().rect().center().__class__(place, 5))
    assert cells(page, "run") == ["3", "1", "4", "2"]
    for column in range(len(COLUMNS)):
        page.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        assert sorted(cells(page, "run")) == ["1", "2", "3", "4"]


def test_the_key_keeps_the_present_run_and_its_line_and_curves_stay(qtbot, tab, part, page, train):
    half = np.linspace(0.0, 1.0, 200, dtype=np.float32)[None].repeat(200, axis=0)
    train(boundary=half)
    qtbot.keyClick(tab, Qt.Key.Key_G, CONTROL)
    (line,) = part.ghosts.lines.lines
    assert np.abs(np.concatenate(line.pieces)[:, 0]).max() < 0.05  # upright, in the middle of the canvas
    assert list(tab.curves._kept) == ["1"]
    assert np.array_equal(tab.curves._kept["1"].rows[:, 0], [1, 2, 3])
    legend = tab.findChild(QLabel, "network.ghosts")
    assert legend.isVisible()
    assert "run 1 at epoch 3: 8, 8 tanh, adam 0.01" in legend.text()
    tab.reset()
    train(epoch=6, boundary=half.T.copy(), history=np.array([[6, 0.2, 0.9, 0.4, 0.8]]))
    tab.look.set_scale(1.15)  # all is drawn anew
    tab.look.set_scale(1.0)
    assert np.array_equal(tab.curves._kept["1"].rows[:, 0], [1, 2, 3])
    (line,) = part.ghosts.lines.lines
    assert part.ghosts.lines.lines == (line,)
    qtbot.keyClick(tab, Qt.Key.Key_G, CONTROL)
    first, second = part.ghosts.lines.lines
    assert np.abs(np.concatenate(second.pieces)[:, 1]).max() < 0.05
    assert first.color != second.color
    qtbot.keyClick(tab, Qt.Key.Key_G, CONTROL | SHIFT)
    assert part.ghosts.lines.lines == ()
    assert not tab.curves._kept
    assert not legend.isVisible()


def test_a_ghost_is_not_shown_beside_another_loss_until_it_is_the_same_again(qtbot, tab, part, page, train):
    train(boundary=np.linspace(0.0, 1.0, 200, dtype=np.float32)[None].repeat(200, axis=0))
    part.keep()
    training = tab.store.state.training
    tab.store.edit(training=msgspec.structs.replace(training, loss="hinge"))
    assert part.ghosts.lines.lines == ()
    assert not tab.curves._kept
    tab.store.edit(training=training)
    assert len(part.ghosts.lines.lines) == 1
    assert list(tab.curves._kept) == ["1"]


def test_a_ghost_is_drawn_in_its_colour(qtbot, tab, part, page, train):
    train(boundary=np.linspace(0.0, 1.0, 200, dtype=np.float32)[None].repeat(200, axis=0))
    part.keep()
    train(epoch=4, boundary=np.full((200, 200), 0.5, np.float32))
    color = part.ghosts.lines.lines[0].color

    def drawn():
        picture = tab.canvas.viewport().grab().toImage()
        middle = tab.canvas.place_of(0.0, 0.0).toPoint()
        near = [picture.pixelColor(middle.x() + dx, middle.y() + dy) for dx in range(-3, 4) for dy in range(60)]
        return any(abs(each.red() - color.red()) + abs(each.blue() - color.blue()) < 20 for each in near)

    qtbot.waitUntil(drawn)


def test_a_run_that_is_kept_goes_on_in_its_row_and_its_ghost_stays(qtbot, tab, part, page, train):
    train(epoch=5)
    qtbot.keyClick(tab, Qt.Key.Key_G, CONTROL)
    train(epoch=9, metrics=Metrics(9, 0.125, 0.9, 0.5, 0.8), history=np.array([[9, 0.125, 0.9, 0.5, 0.8]]))
    qtbot.waitUntil(lambda: cells(page, "epochs") == ["9"])
    assert cells(page, "train loss") == ["0.1250"]
    assert list(part.ghosts.colors) == [1]
    assert part.ghosts._ghosts[1].record.epochs == 5
    assert "run 1 at epoch 5" in part.ghosts.legend.text()
    qtbot.keyClick(tab, Qt.Key.Key_G, CONTROL)  # once more: as it is now
    assert part.ghosts._ghosts[1].record.epochs == 9
    assert "run 1 at epoch 9" in part.ghosts.legend.text()
    tab.reset()
    train(epoch=2)
    qtbot.waitUntil(lambda: cells(page, "epochs") == ["9", "2"])


def test_with_other_settings_a_kept_run_goes_on_in_a_row_of_its_own(qtbot, tab, part, page, train):
    train(epoch=5)
    part.keep()
    before = tab.store.state.training
    tab.store.edit(training=msgspec.structs.replace(before, batch_size=20))
    train(epoch=5)  # nothing is trained with them yet
    tab.store.edit(training=before)  # and they are taken back
    train(epoch=7)
    qtbot.waitUntil(lambda: cells(page, "epochs") == ["7"])
    tab.store.edit(training=msgspec.structs.replace(before, batch_size=20))
    train(epoch=9, history=np.array([[9, 0.125, 0.9, 0.5, 0.8]]))
    qtbot.waitUntil(lambda: cells(page, "epochs") == ["7", "9"])
    assert ["batch 10" in what for what in cells(page, "what")] == [True, False]
    assert part.recorder.present.rows[:, 0].tolist() == [1, 2, 3, 9]  # from its very beginning
    assert list(part.ghosts.colors) == [1]


def test_the_first_columns_and_the_newest_run_are_in_view(qtbot, tab, page, train):
    for _ in range(30):
        train()
        tab.reset()
    train(epoch=4)
    table = page.table
    qtbot.waitUntil(lambda: len(cells(page, "run")) == 31)
    newest = table.model().index(30, 0)
    qtbot.waitUntil(lambda: table.viewport().rect().contains(table.visualRect(newest)))
    metrics = QFontMetrics(table.font())
    for index, column in enumerate(COLUMNS):
        if column.is_number:  # cells keep 3 pixels free at either side
            assert table.columnWidth(index) >= metrics.horizontalAdvance(column.widest) + 14
    for width in (1280, 1920):
        tab.resize(width, 700)
        last = [each.title for each in COLUMNS].index("time")

        def seen(last=last):
            return table.columnViewportPosition(last) + table.columnWidth(last) <= table.viewport().width()

        qtbot.waitUntil(seen)
    whole = "8, 8 tanh, adam 0.01, batch 10\nseed 7, own points"
    assert table.model().index(0, 1).data(Qt.ItemDataRole.ToolTipRole) == whole


def test_what_tells_runs_apart_is_said_first_and_words_that_are_long_have_two_lines(qtbot, tab, page, train):
    usual = tab.store.state.training
    train()
    qtbot.waitUntil(lambda: cells(page, "what") == ["8, 8 tanh, adam 0.01, batch 10"])
    for changes in ({"patience": 30}, {"batch_size": 1, "seed": 12}):
        tab.reset()
        tab.store.change(training=msgspec.structs.replace(usual, **changes))
        train()
    what = [
        "batch 10, seed 7 · 8, 8 tanh, adam 0.01",
        "patience 30, batch 10, seed 7 · 8, 8 tanh, adam 0.01",
        "batch 1, seed 12 · 8, 8 tanh, adam 0.01",
    ]
    qtbot.waitUntil(lambda: cells(page, "what") == what)
    table, line = page.table, QFontMetrics(page.table.font()).lineSpacing()
    qtbot.waitUntil(lambda: table.rowHeight(0) >= 2 * line)
    tab.resize(4000, 700)  # where it has the room, one line is enough
    tab.columns.setSizes([300, 400, 3300])
    qtbot.waitUntil(lambda: line < table.rowHeight(0) < 2 * line)


def test_with_nothing_trained_it_says_so(qtbot, tab, part, ready):
    qtbot.keyClick(tab, Qt.Key.Key_G, CONTROL)
    assert "nothing to keep" in tab.banner.text
    qtbot.keyClick(tab, Qt.Key.Key_G, CONTROL | SHIFT)


def test_at_most_eight_in_colours_of_their_own(tab, part, page, train):
    for _ in range(MOST + 1):
        train()
        part.keep()
        tab.reset()
    assert "remove one" in tab.banner.text
    colors = part.ghosts.colors
    assert list(colors) == list(range(1, MOST + 1))
    assert len({color.name() for color in colors.values()}) == MOST
    part.ghosts.remove(3)
    before = dict(part.ghosts.colors)
    page.select(MOST + 1)
    page.keep.click()
    assert part.ghosts.colors == {**before, MOST + 1: colors[3]}


def test_buttons_work_on_the_selected_run(qtbot, tab, part, page, train):
    train()
    tab.reset()
    train()
    assert not page.take.isEnabled()
    page.select(1)
    qtbot.mouseClick(page.keep, LEFT)
    assert list(part.ghosts.colors) == [1]
    assert page.table.model().index(0, 0).data(Qt.ItemDataRole.DecorationRole) is not None
    qtbot.mouseClick(page.remove, LEFT)
    assert not part.ghosts.colors
    assert not page.remove.isEnabled()


def test_settings_are_taken_again(qtbot, tab, ready, page, train):
    train()
    network, training = tab.store.state.network, tab.store.state.training
    tab.new_seed()
    tab.store.change(network=NetworkSpec((Layer(3, "relu"),)))
    train()
    qtbot.waitUntil(lambda: len(cells(page, "run")) == 2)
    page.select(1)
    ready.sent.clear()
    qtbot.mouseClick(page.take, LEFT)
    assert (tab.store.state.network, tab.store.state.training) == (network, training)
    assert ready.last(Configure).training == training
    assert ready.kinds()[-1] == Reset.__name__


def test_the_table_is_copied_as_text(qtbot, tab, page, train):
    train()
    tab.reset()
    train(epoch=12)
    qtbot.waitUntil(lambda: cells(page, "epochs") == ["3", "12"])
    page.table.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    qtbot.mouseClick(page.findChild(QToolButton, "network.runs.copy"), LEFT)
    head, *rows = [line.split("\t") for line in QGuiApplication.clipboard().text().splitlines()]
    assert head == [each.title for each in COLUMNS]
    assert [row[0] for row in rows] == ["2", "1"]
    assert [row[head.index("epochs")] for row in rows] == ["12", "3"]


def test_lines_belong_to_their_axes(tab, part, page, train):
    train()
    part.keep()
    assert part.ghosts.lines.lines
    axes = tab.store.state.axes
    tab.store.change(axes=("hours", "more hours"))
    assert not part.ghosts.lines.lines
    tab.store.change(axes=axes)
    assert part.ghosts.lines.lines


def test_ghosts_follow_the_look(tab, part, page, train):
    train()
    part.keep()
    dark = part.ghosts.colors[1].name()
    tab.look.set_theme("white")
    assert part.ghosts.colors[1].name() != dark
    assert part.ghosts.lines.lines[0].color == part.ghosts.colors[1] == tab.curves._kept["1"].color
    tab.look.set_theme("dark")


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_the_legend_of_ghosts_is_never_wider_than_the_canvas(qtbot, tab, part, page, train, scale):
    train()
    part.keep()
    tab.look.set_scale(scale)
    for width in (1280, 900, 1280):
        tab.resize(width, 700)
        legend = part.ghosts.legend
        qtbot.waitUntil(lambda legend=legend: legend.sizeHint().width() <= tab.canvas.width() - 16)
        assert "run 1 at epoch" in legend.text()


def test_every_action_has_a_key(tab, part):
    for name in ("keep_ghost", "remove_ghosts", "compare"):
        assert not tab.findChild(QAction, f"network.action.{name}").shortcut().isEmpty()


@pytest.mark.parametrize(("loss", "read"), [(2.19e-8, "2.2e−08"), (3.86e8, "3.9e+08"), (0.0159, "0.0159")])
def test_no_exponent_of_a_loss_is_cut_off(qtbot, tab, page, train, loss, read):
    train(metrics=Metrics(3, loss, 1.0, loss, 1.0))
    qtbot.waitUntil(lambda: cells(page, "test loss") == cells(page, "train loss") == [read])
    metrics = QFontMetrics(page.table.font())
    for index, column in enumerate(COLUMNS):
        if column.title in ("test loss", "train loss"):  # cells keep 3 pixels free at either side
            assert page.table.columnWidth(index) >= metrics.horizontalAdvance(read) + 6
