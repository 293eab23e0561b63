"""Everything that is set in the tab can be taken back: points, layers, how it is trained."""

from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLineEdit, QToolButton

from gdviz.gui.network.state import Source
from gdviz.training.messages import Configure, Reset, SetTraining


def keys(tab, *pressed):
    tab.setFocus()
    for key in pressed:
        QTest.keyClick(tab, key)


def type_into(field, text):
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, text)


def test_layers_and_points_are_taken_back_in_their_order(tab, ready):
    before = tab.store.state
    keys(tab, Qt.Key.Key_L)
    QTest.mouseClick(tab.findChild(QToolButton, "network.layer1.more"), Qt.MouseButton.LeftButton)
    tab.load(Source.usual("xor").painted())
    after = tab.store.state
    assert [layer.units for layer in after.network.hidden] == [9, 8, 8]
    tab.undo()
    assert tab.store.state.points == before.points
    assert [layer.units for layer in tab.store.state.network.hidden] == [9, 8, 8]
    tab.undo()
    assert [layer.units for layer in tab.store.state.network.hidden] == [8, 8, 8]
    tab.undo()
    assert tab.store.state == before
    assert ready.last(Configure).network == before.network
    for _ in range(3):
        tab.redo()
    assert tab.store.state == after
    assert not tab.store.journal.can_redo


def test_the_digits_of_a_number_are_one_step_and_another_setting_is_the_next(tab, ready):
    before = tab.store.state.training
    field = tab.findChild(QLineEdit, "network.setting.learning_rate")
    type_into(field, "0.125")
    QTest.keyClick(field, Qt.Key.Key_Return)
    typed = tab.store.state.training
    box = tab.findChild(QComboBox, "network.optimizer")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    assert tab.store.state.training.optimizer.key != before.optimizer.key
    tab.undo()
    assert tab.store.state.training == typed
    assert typed.optimizer.learning_rate == 0.125
    tab.undo()
    assert tab.store.state.training == before
    assert ready.last(SetTraining).training == before


def test_values_taken_back_bring_back_the_output_that_there_was(tab, ready):
    box = tab.findChild(QComboBox, "network.head")
    box.setFocus()
    QTest.keyClick(box, Qt.Key.Key_Down)
    softmax = tab.store.state
    assert softmax.network.head == "softmax"
    tab.load(Source.usual("grade").painted())
    assert tab.store.state.network.regression
    tab.undo()
    assert tab.store.state == softmax


def test_a_seed_taken_back_begins_anew_from_it(tab, ready):
    seed = tab.store.state.training.seed
    keys(tab, Qt.Key.Key_N)
    assert tab.store.state.training.seed != seed
    ready.sent.clear()
    tab.undo()
    assert tab.store.state.training.seed == seed
    assert ready.kinds() == ["SetTraining", "Reset"]
    assert ready.last(Reset).seed is None
