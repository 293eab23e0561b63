"""Points imported by drop, file and clipboard: bad lines told, others loaded if one agrees."""

import threading

import numpy as np
import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent, QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QLabel, QListWidget, QPushButton

from gdviz.gui.network.state import Painted, Source
from gdviz.network.points import Points
from gdviz.network.points_table import read_table
from gdviz.network.spec import NetworkSpec
from gdviz.training.messages import Configure, LoadModel, SetPoints

COPY = Qt.DropAction.CopyAction
LEFT, NO_KEY = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
HALF_BAD = "hours,preparation,passed\n1,2,no\n3,4,yes\noops,5,yes\n6,7\n8,9,no\n"


class Drag:
    """Something dragged from elsewhere over the canvas of a tab."""

    def __init__(self, tab):
        self.view = tab.canvas.viewport()
        self.mime = QMimeData()

    @classmethod
    def of_files(cls, tab, *paths):
        drag = cls(tab)
        drag.mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        return drag

    @classmethod
    def of_text(cls, tab, text):
        drag = cls(tab)
        drag.mime.setText(text)
        return drag

    def enter(self):
        entered = QDragEnterEvent(QPoint(40, 40), COPY, self.mime, LEFT, NO_KEY)
        QApplication.sendEvent(self.view, entered)
        moved = QDragMoveEvent(QPoint(60, 60), COPY, self.mime, LEFT, NO_KEY)
        QApplication.sendEvent(self.view, moved)
        return entered.isAccepted()

    def leave(self):
        QApplication.sendEvent(self.view, QDragLeaveEvent())

    def drop(self):
        assert self.enter()
        QApplication.sendEvent(self.view, QDropEvent(QPointF(60, 60), COPY, self.mime, LEFT, NO_KEY))


@pytest.fixture
def board(qapp):
    board = QGuiApplication.clipboard()
    board.clear()
    yield board
    board.clear()


@pytest.fixture
def table(tmp_path):
    def write(text, name="mine.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_axes_with_names_of_their_own_cover_what_the_points_do(qtbot, tab, table):
    Drag.of_files(tab, table("hours;prep;passed\n1.5;2;no\n3;2.5;yes\n")).drop()
    qtbot.waitUntil(lambda: len(tab.store.state.points) == 2)
    left, right, below, above = tab.store.state.extent
    assert 0 <= left < 1.5 < 3 < right < 4
    assert 0 <= below < 2 < 2.5 < above < 4


def test_what_was_said_of_an_import_goes_with_its_points(qtbot, tab, table):
    another = Source.usual("moons").painted()
    for other_points in (lambda: tab.load(another), lambda: (tab.undo(), tab.undo()), tab.clear):
        Drag.of_files(tab, table("hours;prep;passed\n1.5;2;no\n3;2.5;yes\n")).drop()
        qtbot.waitUntil(lambda: tab.banner.text.startswith("2 points from mine.csv."))
        tab.store.edit(questions=((1.0, 1.0),))
        assert tab.banner.text
        other_points()
        assert not tab.banner.text


@pytest.mark.parametrize("given_up", [True, False])
def test_a_table_that_takes_long_says_so_and_can_be_given_up(qtbot, tab, table, monkeypatch, given_up):
    go_on = threading.Event()

    def slowly(path):
        go_on.wait(20)
        return read_table(path)

    monkeypatch.setattr("gdviz.gui.network.files.read_table", slowly)
    before = tab.store.state.points
    Drag.of_files(tab, table("x1;x2;label\n1.5;2;red\n3;2.5;green\n")).drop()
    qtbot.waitUntil(lambda: tab.banner.text == "Reading mine.csv …")
    if given_up:
        QTest.mouseClick(tab.findChild(QPushButton, "network.banner.action"), Qt.MouseButton.LeftButton)
        assert not tab.banner.text
    with qtbot.waitSignal(tab.files._reading.done):
        go_on.set()
    if given_up:
        assert tab.store.state.points is before
    else:
        assert len(tab.store.state.points) == 2
        assert tab.banner.text.startswith("2 points from mine.csv.")


def test_plain_axes_keep_the_usual_square(qtbot, tab, table):
    Drag.of_files(tab, table("x1;x2;label\n1.5;2;red\n3;2.5;green\n")).drop()
    qtbot.waitUntil(lambda: len(tab.store.state.points) == 2)
    assert tab.store.state.extent == (-6.0, 6.0, -6.0, 6.0)


def dialog_of(tab):
    return tab.findChild(object, "network.import_problems")


def click(tab, name):
    QTest.mouseClick(tab.findChild(QPushButton, name), LEFT)


def test_a_dropped_file_is_loaded(qtbot, tab, table):
    Drag.of_files(tab, table("hours,preparation,passed\n1,2,no\n13,4,yes\n")).drop()
    qtbot.waitUntil(lambda: len(tab.store.state.points) == 2)
    state = tab.store.state
    assert state.points == Points.of([(1, 2), (13, 4)], [0, 1])
    assert state.axes == ("hours", "preparation")
    assert state.extent[0] < 1 < 13 < state.extent[1]
    assert tab.banner.text.startswith("2 points from mine.csv. 'yes' became green, 'no' became red.")
    assert dialog_of(tab) is None


def test_bad_lines_are_listed_and_the_others_loaded_if_one_agrees(qtbot, tab, table, some_points):
    tab.store.replace_points(Painted(some_points))
    Drag.of_files(tab, table(HALF_BAD)).drop()
    qtbot.waitUntil(lambda: dialog_of(tab) is not None and dialog_of(tab).isVisible())
    assert not dialog_of(tab).isModal()
    listed = tab.findChild(QListWidget, "network.import_problems.list")
    lines = [listed.item(row).text() for row in range(listed.count())]
    assert [line.split(":")[0] for line in lines] == ["line 4", "line 5"]
    assert "'oops' is not a number" in lines[0]
    assert tab.store.state.points == some_points  # nothing has been done yet
    assert tab.findChild(QPushButton, "network.import_problems.load").text() == "Load the other 3"
    click(tab, "network.import_problems.load")
    assert tab.store.state.points == Points.of([(1, 2), (3, 4), (8, 9)], [0, 1, 0])
    qtbot.waitUntil(lambda: dialog_of(tab) is None)
    tab.undo()
    assert tab.store.state.points == some_points


def test_who_does_not_agree_keeps_what_is_there(qtbot, tab, table, some_points):
    tab.store.replace_points(Painted(some_points))
    for _ in range(2):
        Drag.of_files(tab, table(HALF_BAD)).drop()
        qtbot.waitUntil(lambda: dialog_of(tab) is not None and dialog_of(tab).isVisible())
        QTest.keyClick(dialog_of(tab), Qt.Key.Key_Escape)
        qtbot.waitUntil(lambda: dialog_of(tab) is None)
    assert tab.store.state.points == some_points


def test_another_import_takes_the_place_of_the_question(qtbot, tab, table):
    Drag.of_files(tab, table(HALF_BAD)).drop()
    qtbot.waitUntil(lambda: dialog_of(tab) is not None)
    Drag.of_text(tab, "1 2 red\n3 4 green\n").drop()
    qtbot.waitUntil(lambda: len(tab.store.state.points) == 2)
    qtbot.waitUntil(lambda: dialog_of(tab) is None)


def test_the_canvas_says_what_a_drop_would_do(qtbot, tab, table):
    hint = tab.findChild(QLabel, "network.drop_hint")
    assert not hint.isVisible()
    drag = Drag.of_files(tab, table("1,2,red"))
    assert drag.enter()
    assert hint.isVisible()
    assert "mine.csv" in hint.text()
    assert hint.geometry().contains(tab.canvas.mapTo(tab, tab.canvas.rect().center()))
    drag.leave()
    assert not hint.isVisible()


def test_what_is_neither_file_nor_text_is_not_taken(tab):
    drag = Drag(tab)
    drag.mime.setData("image/png", b"...")
    assert not drag.enter()
    elsewhere = Drag(tab)
    elsewhere.mime.setUrls([QUrl("https://example.org/points.csv")])
    assert not elsewhere.enter()


def test_a_dropped_text_is_a_table(qtbot, tab):
    Drag.of_text(tab, "1\t2\tred\n3\t4\tgreen\n").drop()
    qtbot.waitUntil(lambda: tab.store.state.points == Points.of([(1, 2), (3, 4)], [0, 1]))
    Drag.of_text(tab, "no table").drop()
    qtbot.waitUntil(lambda: tab.banner.text.startswith("The dropped text holds no points: "))


def test_a_dropped_model_is_loaded(tab, ready, tmp_path):
    path = tmp_path / "mine.KERAS"
    Drag.of_files(tab, path).drop()
    assert ready.last(LoadModel).path == str(path)


def test_values_make_it_regression_and_labels_classification_again(qtbot, tab, ready, table):
    Drag.of_files(tab, table("hours;preparation;grade\n1,5;2;1,7\n3;4;2,3\n1;2;5\n")).drop()
    qtbot.waitUntil(lambda: len(tab.store.state.points) == 3)
    state = tab.store.state
    assert state.network.head == "linear"
    assert (state.value_axis, state.value_range) == ("grade", (1.7, 5.0))
    assert state.points.values.tolist() == [1.7, 2.3, 5.0]
    assert "learns values" in tab.banner.text
    sent = ready.last(Configure)
    assert sent.network.head == "linear"
    assert sent.points == state.points
    Drag.of_text(tab, "1 2 red\n3 4 green\n").drop()
    qtbot.waitUntil(lambda: len(tab.store.state.points) == 2)
    assert tab.store.state.network.head == "sigmoid"
    assert ready.last(Configure).network.head == "sigmoid"
    tab.undo()
    assert tab.store.state.network.head == "linear"
    assert tab.store.state.points == state.points
    tab.redo()
    assert tab.store.state.network.head == "sigmoid"


def test_a_loss_that_does_not_fit_values_is_given_up(tab, ready):
    tab.training_panel._edit(loss="hinge")
    tab.load(Source.usual("grade").painted())
    assert tab.store.state.training.loss == ""
    assert ready.last(Configure).training.loss == ""


def test_a_file_copied_in_a_file_manager_is_pasted_as_one(qtbot, tab, board, table):
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(table("1,2,red\n3,4,green\n")))])
    board.setMimeData(mime)
    QTest.keyClick(tab.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: len(tab.store.state.points) == 2)
    board.clear()
    QTest.keyClick(tab.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: tab.banner.text.startswith("The clipboard holds no points: "))


def test_many_places_without_a_label_are_refused(qtbot, tab, board, some_points):
    tab.store.replace_points(Painted(some_points))
    board.setText("\n".join(f"{x} {x * x}" for x in range(31)))
    QTest.keyClick(tab.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: "add a third column" in tab.banner.text)
    assert tab.store.state.points == some_points
    assert tab.store.state.questions == ()


def test_the_canvas_grows_around_questions(qtbot, tab, board, some_points):
    tab.store.replace_points(Painted(some_points))
    board.setText("1 50")
    QTest.keyClick(tab.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: tab.store.state.questions == ((1.0, 50.0),))
    assert tab.store.state.extent[3] > 50.0
    tab.undo()
    assert tab.store.state.extent[3] == 6.0


def test_values_are_exported_in_regression(qtbot, tab, tmp_path):
    points = Points.of([(0, 0), (1, 1)], [0, 1], [0.25, 0.75])
    tab.store.replace_points(Painted(points))
    tab.store.change(network=NetworkSpec(head="linear"))
    path = tmp_path / "values.csv"
    with qtbot.waitSignal(tab.files.written):
        tab.files.write_file(path, tab.store.state.points, values=True)
    assert path.read_text(encoding="utf-8").splitlines()[0] == "x,y,value"
    tab.export_points()
    dialog = tab.findChild(object, "network.export_dialog")
    with qtbot.waitSignal(tab.files.written):
        dialog.fileSelected.emit(str(path))
    assert path.read_text(encoding="utf-8").splitlines()[1:] == ["0.0,0.0,0.25", "1.0,1.0,0.75"]
    dialog.close()


def test_many_points_are_read_while_the_window_goes_on(qtbot, tab, board):
    rng = np.random.default_rng(0)
    rows = [f"{x:.3f}\t{y:.3f}\t{'ab'[int(x > y)]}" for x, y in rng.normal(size=(5000, 2))]
    board.setText("\n".join(rows))
    QTest.keyClick(tab.canvas, Qt.Key.Key_V, Qt.KeyboardModifier.ControlModifier)
    assert len(tab.store.state.points) == 0  # not yet: a thread reads them
    qtbot.waitUntil(lambda: len(tab.store.state.points) == 5000)


def test_training_goes_on_with_what_was_imported(qtbot, tab, ready, table):
    tab.play_pause()
    Drag.of_files(tab, table("1,2,red\n3,4,green\n")).drop()
    qtbot.waitUntil(lambda: len(tab.store.state.points) == 2)
    assert ready.last(SetPoints).points == tab.store.state.points
    assert ready.kinds()[-2:] == ["Reset", "Run"]


def test_a_refusal_goes_with_the_next_edit(qtbot, tab, table):
    Drag.of_files(tab, table("")).drop()
    qtbot.waitUntil(lambda: tab.banner.text.startswith("mine.csv was not imported"))
    tab.store.edit(questions=((1.0, 1.0),))
    assert not tab.banner.text
