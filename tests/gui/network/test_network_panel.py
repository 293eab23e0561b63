"""The architecture as the panel edits it: layers, neurons, inputs, scaling."""

import pytest
from PySide6.QtCore import QSettings, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QComboBox, QLabel, QLineEdit, QStyle, QStyleOptionComboBox, QToolButton

from gdviz.gui.network.network_panel import scaling_text
from gdviz.network.features import Scaling
from gdviz.network.spec import Layer, NetworkSpec


@pytest.fixture
def network(tab):
    return lambda: tab.store.state.network


def click(tab, name):
    QTest.mouseClick(tab.findChild(QToolButton, name), Qt.MouseButton.LeftButton)


def choose(tab, name, key):
    box = tab.findChild(QComboBox, name)
    box.setFocus()
    for _ in range(abs(steps := box.findData(key) - box.currentIndex())):
        QTest.keyClick(box, Qt.Key.Key_Down if steps > 0 else Qt.Key.Key_Up)
    assert box.currentData() == key


def test_buttons_above_each_column_add_and_remove_neurons(tab, network):
    click(tab, "network.layer2.more")
    click(tab, "network.layer1.fewer")
    click(tab, "network.layer1.fewer")
    assert [layer.units for layer in network().hidden] == [6, 9]
    field = tab.findChild(QLineEdit, "network.layer1.units")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    QTest.keyClicks(field, "64")
    assert network().hidden[0].units == 64
    click(tab, "network.layer1.more")
    assert network().hidden[0].units == 64


def test_each_layer_has_its_activation_dropout_and_initial_weights(tab, network):
    click(tab, "network.tune_layers")
    choose(tab, "network.layer2.activation", "relu")
    choose(tab, "network.layer1.initializer", "he_normal")
    choose(tab, "network.initializer", "zeros")
    field = tab.findChild(QLineEdit, "network.layer2.dropout")
    field.setFocus()
    QTest.keyClick(field, Qt.Key.Key_Up)
    assert network().hidden == (
        Layer(8, "tanh", 0.0, "he_normal"),
        Layer(8, "relu", 0.05, "glorot_uniform"),
    )
    assert network().initializer == "zeros"


def test_the_names_of_initial_weights_have_room_in_narrow_columns(qtbot, tab):
    click(tab, "network.tune_layers")
    boxes = [tab.findChild(QComboBox, f"network.{name}initializer") for name in ("layer1.", "layer2.", "")]
    qtbot.waitUntil(lambda: boxes[0].height() == boxes[2].height() > boxes[0].sizeHint().height())
    for box in boxes:
        option = QStyleOptionComboBox()
        box.initStyleOption(option)
        part = QStyle.SubControl.SC_ComboBoxEditField
        room = box.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, box)
        metrics = box.fontMetrics()
        assert metrics.horizontalAdvance(box.currentText()) > room.width()
        assert room.contains(metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, box.currentText()))
    choose(tab, "network.layer1.initializer", "zeros")
    assert boxes[0].height() < boxes[2].height()
    tab.resize(1900, 1000)
    qtbot.waitUntil(lambda: boxes[2].height() == boxes[0].height() == boxes[0].sizeHint().height())


def test_any_layer_can_be_removed(tab, network):
    tab.store.change(network=NetworkSpec((Layer(1), Layer(2), Layer(3))))
    click(tab, "network.tune_layers")
    click(tab, "network.layer2.remove")
    assert [layer.units for layer in network().hidden] == [1, 3]
    click(tab, "network.fewer_layers")
    click(tab, "network.fewer_layers")
    assert network().hidden == ()
    assert tab.findChild(QLabel, "network.layers").text() == "0 hidden layers"
    click(tab, "network.more_layers")
    assert len(network().hidden) == 1


def test_scaling_is_chosen_and_told(qtbot, tab, ready, a_frame, network):
    text = tab.findChild(QLabel, "network.scaling_text")
    assert not text.isVisible()
    choose(tab, "network.scaling", "standard")
    assert network().scaling == "standard"
    scaling = Scaling((3.0, -2.5), (0.5, 0.25))
    ready.on_event(a_frame(tab.bridge._run, scaling=scaling))
    qtbot.waitUntil(lambda: text.text() == scaling_text(scaling))
    assert text.isVisible()
    assert text.text() == "sees (x1 − 3.000) · 0.500, (x2 + 2.500) · 0.250"


def test_what_is_seldom_changed_is_folded_and_that_is_remembered(tab, tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    field = tab.findChild(QLineEdit, "network.layer1.dropout")
    assert not field.isVisible()
    click(tab, "network.tune_layers")
    assert field.isVisible()
    tab.save_state(settings)
    click(tab, "network.tune_layers")
    tab.restore_state(settings)
    assert field.isVisible()


def test_dropout_is_found_by_its_name_at_any_width(qtbot, tab):
    click(tab, "network.tune_layers")
    field = tab.findChild(QLineEdit, "network.layer1.dropout")
    assert "dropout" in field.accessibleName()
    assert field.toolTip().startswith("Dropout: share of neurons")
    label = next(label for label in field.parentWidget().findChildren(QLabel) if label.buddy() is field)
    for width, text in ((1280, "p"), (2400, "dropout")):
        tab.resize(width, tab.height())
        qtbot.waitUntil(lambda text=text: label.text() == text)


def test_controls_stand_above_their_columns_at_any_width(qtbot, tab):
    board = tab.network_panel.board
    for units in ((8, 8), (8,) * 8, ()):
        tab.store.change(network=NetworkSpec(tuple(Layer(count) for count in units)))
        qtbot.waitUntil(lambda: len(board.diagram.plan.columns) == len(tab.store.state.network.hidden) + 2)
        qtbot.waitUntil(lambda: board.heads.width() == board.diagram.width())
        for index in range(1, len(units) + 1):
            head = tab.findChild(QLineEdit, f"network.layer{index}.units").parentWidget().parentWidget()
            middle = head.geometry().center().x()
            assert middle == pytest.approx(board.diagram.plan.columns[index].centre, abs=4)


def test_the_wide_diagram_is_not_what_is_remembered(qtbot, tab, tmp_path):
    settings = QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)
    click(tab, "network.wide_diagram")
    qtbot.waitUntil(lambda: tab.network_panel.width() > 0.6 * tab.width())
    tab.save_state(settings)
    assert not settings.contains("network/columns")
    assert not tab.network_panel.wide.isChecked()


def test_that_one_input_has_to_stay_is_said_until_something_else_is_done(tab, network):
    tab.network_panel.toggle_feature("x1")
    tab.network_panel.toggle_feature("x2")
    assert network().features == ("x2",)
    assert "input" in tab.banner.text
    tab.network_panel.toggle_feature("x1_x2")
    assert network().features == ("x2", "x1_x2")
    assert not tab.banner.text
