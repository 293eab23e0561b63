"""What the tab remembers, imports, exports, says, and how it shares out its room."""

import numpy as np
import pytest
from PySide6.QtCore import QRect, QSettings, Qt
from PySide6.QtGui import QAction
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractButton, QComboBox, QFileDialog, QLineEdit, QSlider, QToolButton

from gdviz.gui.network.boundary_item import half_lines
from gdviz.gui.network.columns import usual_widths
from gdviz.gui.network.painting import USUAL_SIZE
from gdviz.gui.network.state import Painted
from gdviz.network.points import Points
from gdviz.network.points_file import read_points
from gdviz.training.messages import SetView


@pytest.fixture
def store(tmp_path):
    return QSettings(str(tmp_path / "settings.ini"), QSettings.Format.IniFormat)


@pytest.fixture
def choose_file(qapp, qtbot):
    """Types a path into the dialog that is open, and accepts it."""
    qapp.setAttribute(Qt.ApplicationAttribute.AA_DontUseNativeDialogs)

    def choose(tab, name, path):
        dialog = tab.findChild(QFileDialog, name)
        with qtbot.waitExposed(dialog):
            pass
        field = dialog.findChild(QLineEdit, "fileNameEdit")
        field.setText(str(path))
        QTest.keyClick(field, Qt.Key.Key_Return)
        with qtbot.waitActive(tab):  # without a window manager nobody gives the keys back
            tab.activateWindow()

    return choose


def test_remembers_tool_brush_and_axis(tab, store):
    tab.painter.set_tool("eraser")
    tab.painter.set_size(5)
    tab.curves.set_logarithmic(True)
    tab.save_state(store)
    tab.painter.set_tool("brush")
    tab.painter.set_size(0)
    tab.curves.set_logarithmic(False)
    tab.restore_state(store)
    assert (tab.painter.tool, tab.painter.size, tab.curves.logarithmic) == ("eraser", 5, True)
    assert tab.findChild(QToolButton, "network.tool.eraser").isChecked()


@pytest.mark.parametrize("damage", ["", "nonsense", "-7", "1e99", b"\x00\xff", 4.5, ["a", "b"]])
def test_refuses_damaged_memories(tab, store, damage):
    for key in ("tool", "brush", "logarithmic", "upright", "columns"):
        store.setValue(f"network/{key}", damage)
    tab.restore_state(store)
    assert tab.painter.tool == "brush"
    assert tab.painter.size in (0, USUAL_SIZE)
    assert not tab.curves.logarithmic
    assert tab.canvas.width() > 200


def test_exports_and_imports_points(qtbot, tab, ready, tmp_path, choose_file):
    far = Points.of([(0.5, 1.25), (40.0, -3.0)], [0, 1])
    tab.store.replace_points(Painted(far))
    QTest.keyClick(tab.canvas, Qt.Key.Key_E, Qt.KeyboardModifier.ControlModifier)
    path = tmp_path / "mine.csv"
    with qtbot.waitSignal(tab.files.written):
        choose_file(tab, "network.export_dialog", path)
    assert read_points(path) == far
    tab.clear()
    QTest.keyClick(tab.canvas, Qt.Key.Key_I, Qt.KeyboardModifier.ControlModifier)
    with qtbot.waitSignal(tab.files.read):
        choose_file(tab, "network.import_dialog", path)
    assert tab.store.state.points == far
    assert tab.canvas.extent[1] > 40.0
    assert ready.last(SetView).extent == tab.canvas.extent


def test_a_file_that_cannot_be_read_is_told(qtbot, tab, tmp_path):
    path = tmp_path / "bad.csv"
    path.write_text("Dear students,\ntomorrow there is no lecture.\n")
    with qtbot.waitSignal(tab.files.failed):
        tab.files.read_file(path)
    assert tab.banner.text.startswith("bad.csv was not imported: there are no two columns of numbers")
    with qtbot.waitSignal(tab.files.failed):
        tab.files.read_file(tmp_path / "none.csv")
    assert "none.csv was not imported" in tab.banner.text


def test_every_control_has_a_name_a_description_and_a_tool_tip(tab):
    for kind in (QAbstractButton, QComboBox, QLineEdit, QSlider):
        for control in tab.findChildren(kind):
            if control.objectName().startswith("qt_") or isinstance(control.parent(), QComboBox):
                continue
            if control.objectName() == "network.banner.action":  # has its words while there is a message
                continue
            assert control.objectName().startswith("network."), control
            assert control.accessibleName() or control.text(), control.objectName()
            assert control.toolTip(), control.objectName()


def test_object_names_and_keys_are_unique(tab):
    named = [child.objectName() for child in tab.findChildren(QAbstractButton) if child.objectName()]
    named = [name for name in named if not name.startswith("qt_")]
    assert len(named) == len(set(named))
    keys = [action.shortcut().toString() for action in tab.findChildren(QAction) if not action.shortcut().isEmpty()]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize(("size", "scale"), [((1280, 640), 1.0), ((1920, 1000), 1.0), ((1920, 1000), 1.5)])
def test_the_canvas_is_square_and_large(qtbot, tab, look, size, scale):
    look.set_scale(scale)
    tab.resize(*size)
    qtbot.waitUntil(lambda: tab.columns.width() == size[0])
    box = tab.canvas.getViewBox()
    qtbot.waitUntil(lambda: box.width() == pytest.approx(box.height(), abs=2))
    assert box.height() > 0.6 * size[1]
    look.set_scale(1.0)


def test_panels_fold_away(qtbot, tab):
    before = tab.canvas_frame.width()
    QTest.keyClick(tab.canvas, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: tab.canvas_frame.width() > before)
    assert tab.canvas.visibleRegion().boundingRect().intersects(QRect(0, 0, 10, 10))
    QTest.keyClick(tab.canvas, Qt.Key.Key_F8)
    qtbot.waitUntil(lambda: tab.canvas_frame.width() == before)


def test_layers_from_none_to_eight(tab):
    for _ in range(10):
        tab.network_panel.remove_layer()
    assert tab.store.state.network.hidden == ()
    assert not tab.network_panel.fewer.isEnabled()
    for _ in range(10):
        tab.network_panel.add_layer()
    assert len(tab.store.state.network.hidden) == 8
    assert not tab.network_panel.more.isEnabled()
    more = tab.findChild(QToolButton, "network.layer8.more")
    QTest.mouseClick(more, Qt.MouseButton.LeftButton)
    assert tab.store.state.network.hidden[7].units == tab.store.state.network.hidden[0].units + 1


def test_usual_widths_fill_the_room():
    for width in (500, 1280, 1920, 3840):
        for scale in (0.75, 1, 2):
            widths = usual_widths(width=width, square=600, left=round(240 * scale), right=round(330 * scale))
            assert sum(widths) == width
            assert min(widths) > 0
            assert widths[1] >= min(600, 0.31 * width)


def test_the_half_line_is_straight_where_the_boundary_is_sharp():
    """The contour of a saturated probability would be a staircase of pixels."""
    centres = (np.arange(200) + 0.5) / 200 * 12.0 - 6.0
    x1, x2 = np.meshgrid(centres, centres)
    boundary = (1.0 / (1.0 + np.exp(-np.clip(30.0 * (x2 - 0.3 * x1), -80, 80)))).astype(np.float32)
    (line,) = half_lines(boundary=boundary, extent=(-6.0, 6.0, -6.0, 6.0))
    assert np.abs(line[:, 1] - 0.3 * line[:, 0]).max() < 0.01


def test_where_nothing_is_half_there_is_no_line():
    assert half_lines(boundary=np.full((200, 200), 0.7, np.float32), extent=(-6.0, 6.0, -6.0, 6.0)) == []


def test_training_on_one_colour_waits_and_says_for_what(qtbot, tab, ready):
    def click(button, place):
        QTest.mouseClick(tab.canvas.viewport(), button, pos=tab.canvas.place_of(*place).toPoint())

    QTest.keyClick(tab.canvas, Qt.Key.Key_P)
    click(Qt.MouseButton.LeftButton, (1, 1))
    QTest.mouseClick(tab.transport.play_button, Qt.MouseButton.LeftButton)
    waits = "All points are red: some green ones are needed too. Paint them, or choose another data set: "
    assert tab.banner.text == waits + "training waits for that."
    click(Qt.MouseButton.LeftButton, (2, 1))
    assert tab.banner.text.startswith(waits)
    click(Qt.MouseButton.RightButton, (2, 2))
    assert not tab.banner.text
    assert tab.bridge.running


@pytest.mark.parametrize("name", ["network.step_forward", "network.step_batch"])
def test_a_step_without_points_says_what_is_needed(tab, ready, name):
    QTest.mouseClick(tab.findChild(QToolButton, name), Qt.MouseButton.LeftButton)
    assert tab.banner.text.startswith("There are no points: red and green ones are needed.")
    assert "waits" not in tab.banner.text


def test_the_panel_names_what_is_under_the_cursor_as_the_axes_do(tab, look):
    first, second, output = tab.paint_panel._names
    assert (first.text(), second.text()) == ("x1", "x2")
    for scale in (1.0, 1.5):
        look.set_scale(scale)
        tab.store.change(axes=("hours", "duration of the presentation in the evening (h)"))
        assert first.text() == "hours"
        assert second.text().startswith("duration of")
        assert second.toolTip() == "duration of the presentation in the evening (h)"
        width = output.fontMetrics().horizontalAdvance("probability of green")
        assert second.fontMetrics().horizontalAdvance(second.text()) <= width
    look.set_scale(1.0)
