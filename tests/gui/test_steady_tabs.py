"""Tabs are drawn anew where something has changed, and nowhere else."""

import pytest
from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QLabel, QMainWindow, QVBoxLayout, QWidget

from gdviz.gui.widgets.steady_tabs import SteadyTabs


class Paints(QObject):
    """Counts how often a widget is drawn."""

    def __init__(self, widget):
        super().__init__(widget)
        self.count = 0
        widget.installEventFilter(self)

    def eventFilter(self, watched, event):  # noqa: N802
        self.count += event.type() == QEvent.Type.Paint
        return False


@pytest.fixture
def window(qtbot):
    made = QMainWindow()
    qtbot.addWidget(made)
    made.tabs, page = SteadyTabs(), QWidget()
    column = QVBoxLayout(page)
    made.label, made.beside = QLabel("9"), QWidget()
    made.label.setFixedHeight(30)
    column.addWidget(made.label)
    column.addWidget(made.beside, 1)
    made.paints = Paints(made.beside)
    made.tabs.addTab(page, "One")
    made.tabs.addTab(QWidget(), "Two")
    made.setCentralWidget(made.tabs)
    made.resize(500, 300)
    with qtbot.waitExposed(made):
        made.show()
    qtbot.waitUntil(lambda: made.paints.count > 0)
    return made


def test_a_number_that_grows_leaves_what_is_beside_it_alone(qtbot, window):
    before, label = window.paints.count, Paints(window.label)
    for number in ("1 000", "10 000", "100 000"):
        window.label.setText(number)
        qtbot.waitUntil(lambda count=label.count: label.count > count)
    assert window.paints.count == before


def test_a_page_that_needs_more_room_gets_it(qtbot, window):
    window.label.setText("far too long for a window as small as this one " * 3)
    qtbot.waitUntil(lambda: window.label.width() >= window.label.sizeHint().width())
    assert window.width() > 500


def test_titles_that_grow_are_laid_out_anew(qtbot, window):
    before = window.tabs.tabBar().width()
    window.tabs.setTabText(1, "A title that is much longer than it was")
    qtbot.waitUntil(lambda: window.tabs.tabBar().width() > before)
