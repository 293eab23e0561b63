"""Keras code on the screen, and models as files: what is shown, copied, saved and loaded."""

import ast
from functools import partial

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.declared.schedules import ScheduleSpec
from gdviz.gui.network.code.part import CodePart
from gdviz.gui.network.state import Source
from gdviz.network.features import Scaling
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.messages import Configure, Loaded, LoadModel, Saved, SaveModel


@pytest.fixture
def part(tab):
    return next(part for part in tab.parts if isinstance(part, CodePart))


@pytest.fixture
def shown(qtbot, tab, part, some_points):
    """The dialog, opened with the key, once it shows a script."""
    tab.store.edit(points=some_points)
    qtbot.keyClick(tab.canvas, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: part.dialog is not None and "keras.Sequential" in part.dialog.script)
    return part.dialog


def test_the_script_is_python_and_follows_what_is_set(qtbot, tab, shown):
    ast.parse(shown.script)
    assert "relu" not in shown.script
    tab.store.change(network=NetworkSpec((Layer(3, "relu"),)))
    qtbot.waitUntil(lambda: "relu" in shown.script)
    ast.parse(shown.script)


def test_it_says_what_was_changed_while_it_trained(qtbot, tab, part, ready, shown, a_frame):
    def trained(epoch, kept=()):
        with qtbot.waitSignal(tab.bridge.frame):
            made = a_frame(tab.bridge._run, epoch, epoch=epoch, state="paused", kept=np.array(kept, int))
            ready.on_event(made)

    tab.training_panel._set("learning_rate", 0.02)
    assert shown.note.text() == ""  # nothing was trained yet
    trained(100)
    tab.training_panel._set_training("epochs", 500)
    assert shown.note.text() == ""  # it only trains for longer
    tab.training_panel._set("learning_rate", 0.1)
    trained(200)
    tab.training_panel._set_network("l2", 0.01)
    tab.training_panel._set("learning_rate", 0.2)
    tab.store.edit(points=tab.store.state.points.added((1.0, 1.0), 1))
    changes = "learning rate from epoch 100, L2 from epoch 200, points from epoch 200"
    qtbot.waitUntil(lambda: f"Changed while it trained: {changes}." in shown.note.text())
    qtbot.waitUntil(lambda: shown.note.text() in shown.script.replace("\n# ", " "))
    ast.parse(shown.script)
    trained(50, kept=(50, 100, 200))
    trained(60, kept=(50, 60))  # training went on from there, with what is set now
    tab.training_panel._set("learning_rate", 0.3)
    changes = "learning rate from epoch 50, L2 from epoch 50, points from epoch 50"
    qtbot.waitUntil(lambda: changes in shown.note.text())
    tab.reset()
    tab.training_panel._set("learning_rate", 0.1)
    assert shown.note.text() == ""
    assert shown.note.isHidden()


def test_without_points_it_says_so(qtbot, tab, shown):
    tab.store.edit(points=Points())
    qtbot.waitUntil(lambda: shown.script.startswith("# There are no points"))


def test_copy_and_save(qtbot, shown, tmp_path):
    qtbot.mouseClick(shown.copy_button, Qt.MouseButton.LeftButton)
    assert QGuiApplication.clipboard().text() == shown.script
    assert shown.status.text().startswith("copied")
    qtbot.mouseClick(shown.save_button, Qt.MouseButton.LeftButton)
    dialog = shown.findChild(QFileDialog, "network.code.save_dialog")
    path = tmp_path / "mine.py"
    dialog.fileSelected.emit(str(path))
    dialog.close()
    qtbot.waitUntil(lambda: shown.status.text().startswith("saved"))
    assert path.read_text(encoding="utf-8") == shown.script
    shown.save_to(tmp_path / "missing" / "mine.py")
    qtbot.waitUntil(lambda: "was not saved" in shown.status.text())


def test_many_points_go_into_a_file_beside_it(qtbot, tab, shown, tmp_path):
    rng = np.random.default_rng(1)
    tab.store.edit(points=Points.of(rng.uniform(-6, 6, (3000, 2)), rng.integers(0, 2, 3000)))
    qtbot.waitUntil(lambda: "points.csv" in shown.script)
    shown.save_to(tmp_path / "mine.py")
    qtbot.waitUntil(lambda: shown.status.text().startswith("saved"))
    assert len((tmp_path / "points.csv").read_text(encoding="utf-8").splitlines()) == 3001


def test_it_can_be_closed_and_opened_again(qtbot, tab, part, shown):
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    assert not shown.isVisible()
    tab.store.change(network=NetworkSpec((Layer(5, "gelu"),)))
    part.show_code()
    qtbot.waitUntil(lambda: "gelu" in shown.script)


@pytest.mark.parametrize("theme", ["dark", "white"])
def test_it_follows_the_look(tab, shown, theme):
    tab.look.set_theme(theme)
    tab.look.set_scale(2.0)
    assert shown.text.font().pointSizeF() == pytest.approx(tab.look.font().pointSizeF())
    tab.look.set_scale(1.0)


def test_a_model_is_saved_and_loaded(qtbot, tab, ready, part, tmp_path):
    part.save_model(str(tmp_path / "a.keras"))
    assert ready.last(SaveModel).path == str(tmp_path / "a.keras")
    ready.on_event(Saved(str(tmp_path / "a.keras")))
    qtbot.waitUntil(lambda: "a.keras" in tab.banner.text)
    part.load_model("b.keras")
    assert ready.last(LoadModel).path == "b.keras"
    network = NetworkSpec((Layer(3, "relu"),))
    weights = tuple(np.ones(shape, np.float32) for shape in ((2, 3), (3,), (3, 1), (1,)))
    ready.on_event(Loaded("b.keras", network, None, weights))
    qtbot.waitUntil(lambda: tab.store.state.network == network)
    assert ready.last(Configure).weights is weights
    assert ready.last(Configure).run == tab.bridge._run


def test_its_weights_are_taken_back_and_come_again_with_it(qtbot, tab, ready, some_points):
    tab.store.edit(points=some_points)
    before = tab.store.state
    weights = tuple(np.ones(shape, np.float32) for shape in ((2, 8), (8,), (8, 8), (8,), (8, 1), (1,)))
    scaling = Scaling((1.0, 2.0), (0.5, 0.5))
    ready.on_event(Loaded("b.keras", before.network, None, weights, scaling=scaling))  # the architecture that there is
    qtbot.waitUntil(lambda: tab.store.state.given is not None)
    press = partial(QTest.keyClick, tab.canvas)
    one_layer_more = partial(press, Qt.Key.Key_L)
    for do, given in ((tab.undo, None), (tab.redo, weights), (one_layer_more, None), (tab.undo, weights)):
        runs = tab.bridge._run
        do()
        assert tab.bridge._run == runs + 1
        assert ready.last(Configure).weights is given
    press(Qt.Key.Key_N)
    seed = tab.store.state.training.seed
    one_layer_more()
    tab.undo()
    told = ready.last(Configure)
    assert (told.weights, told.scaling, told.seed) == (weights, scaling, before.training.seed)
    assert told.training.seed == seed != told.seed


@pytest.mark.parametrize("regression", [True, False])
def test_a_model_of_the_other_kind_says_what_became_of_the_points(qtbot, tab, ready, regression):
    tab.load(Source.usual("moons" if regression else "grade").painted())
    before = tab.store.state
    network = NetworkSpec((), "linear" if regression else "sigmoid")
    ready.on_event(Loaded("b.keras", network, None, (np.ones((2, 1), np.float32), np.ones(1, np.float32))))
    qtbot.waitUntil(lambda: tab.store.state.network == network)
    assert ("show their values" if regression else "are green") in tab.banner.text
    tab.undo()
    assert tab.store.state == before
    assert tab.banner.text == ""


def test_a_model_says_how_it_is_trained_and_leaves_the_split_and_the_goals(qtbot, tab, ready, part):
    before = msgspec.structs.replace(tab.store.state.training, test_fraction=0.4, split_seed=55, patience=9, seed=3)
    tab.store.edit(training=before)
    made = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.5}), "hinge", schedule=ScheduleSpec("cosine"))
    weights = tuple(np.ones(shape, np.float32) for shape in ((2, 3), (3,), (3, 1), (1,)))
    ready.on_event(Loaded("b.keras", NetworkSpec((Layer(3, "relu"),)), made, weights))
    qtbot.waitUntil(lambda: tab.store.state.training != before)
    now = tab.store.state.training
    assert (now.optimizer, now.loss, now.schedule) == (made.optimizer, made.loss, made.schedule)
    assert (now.test_fraction, now.split_seed, now.patience, now.seed) == (0.4, 55, 9, 3)


def test_before_tensorflow_is_ready_it_says_to_try_again(tab, part):
    part.load_model("b.keras")
    assert "still loading" in tab.banner.text


def test_it_opens_at_the_model_within_the_screen_and_without_an_old_message(qtbot, tab, part, shown):
    rng = np.random.default_rng(1)
    tab.store.edit(points=Points.of(rng.uniform(-6, 6, (250, 2)), rng.integers(0, 2, 250)))
    qtbot.mouseClick(shown.copy_button, Qt.MouseButton.LeftButton)
    qtbot.keyClick(shown, Qt.Key.Key_Escape)
    tab.store.change(network=NetworkSpec((Layer(5, "gelu"),)))
    part.show_code()
    qtbot.waitUntil(lambda: "gelu" in shown.script)
    assert shown.status.text() == ""
    model = shown.text.document().findBlock(shown.script.index("model = keras.Sequential"))
    top = shown.text.blockBoundingGeometry(model).translated(shown.text.contentOffset())
    assert 0 <= top.top() < top.bottom() < shown.text.viewport().height() / 2
    room = shown.screen().availableSize()
    assert shown.frameGeometry().width() <= room.width()
    assert shown.frameGeometry().height() <= room.height()
    longest = max(shown.script.splitlines(), key=len)
    assert shown.text.viewport().width() >= shown.text.fontMetrics().horizontalAdvance(longest)


def test_a_message_is_about_the_script_that_is_shown(qtbot, tab, shown):
    qtbot.mouseClick(shown.copy_button, Qt.MouseButton.LeftButton)
    tab.store.change(network=NetworkSpec((Layer(3, "relu"),)))
    qtbot.waitUntil(lambda: "relu" in shown.script)
    assert shown.status.text() == ""
