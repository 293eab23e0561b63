"""A student keeps a run as a ghost, trains another one, compares them, and takes the first one's settings again."""

import msgspec
import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QTableView

from gdviz.gui.network.boundary_item import half_lines
from gdviz.gui.network.compare.runs_part import RunsPart
from gdviz.gui.network.state import Source
from gdviz.network.spec import Layer

LOADING, LEARNING = 180_000, 120_000  # milliseconds, on a busy machine
CONTROL = Qt.KeyboardModifier.ControlModifier


def test_a_student_compares_a_run_with_a_ghost_of_the_one_before(qtbot, window, hands):
    tab = window.network
    window.tabs.setCurrentWidget(tab)
    qtbot.waitUntil(lambda: tab.ready, timeout=LOADING)
    tab.load(Source.usual("moons").painted())
    part = next(each for each in tab.parts if isinstance(each, RunsPart))

    def train(epochs):
        tab.train_more(epochs)
        qtbot.waitUntil(lambda: tab.epoch == epochs and tab.frame.state == "paused", timeout=LEARNING)

    # A first run; the key keeps it.
    train(30)
    first, line = tab.frame, half_lines(boundary=tab.frame.boundary, extent=tab.frame.extent)
    tab.canvas.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_G, CONTROL)
    (ghost,) = part.ghosts.lines.lines
    assert all(np.array_equal(kept, seen) for kept, seen in zip(ghost.pieces, line, strict=True))
    assert "run 1 at epoch 30: 8, 8 tanh" in tab.findChild(QLabel, "network.ghosts").text()

    # A reset begins from the same weights, and comes to the same place: the new line lies on the ghost.
    qtbot.keyClick(window, Qt.Key.Key_R, CONTROL)
    train(30)
    assert np.allclose(tab.frame.boundary, first.boundary, atol=1e-5)

    # Another network; the ghost stays where it was.
    tab.network_panel.edited.emit(msgspec.structs.replace(tab.store.state.network, hidden=(Layer(2, "relu"),)))
    train(20)
    assert part.ghosts.lines.lines == (ghost,)
    assert not np.allclose(tab.frame.boundary, first.boundary, atol=0.05)

    # The table tells the three runs apart.
    tab.lower_pages.show_page("runs")
    table = tab.findChild(QTableView, "network.runs.table")
    model = table.model()
    heads = [model.headerData(index, Qt.Orientation.Horizontal) for index in range(model.columnCount())]

    def column(head):
        return [model.index(row, heads.index(head)).data() for row in range(model.rowCount())]

    qtbot.waitUntil(lambda: column("epochs") == ["30", "30", "20"])
    one, same, other = column("what")
    assert one.startswith("8, 8 tanh · adam 0.01")
    assert same == one
    assert other.startswith("2 relu · adam 0.01")
    one, same, other = (float(loss) for loss in column("train\nloss"))
    assert one == same == pytest.approx(first.metrics.loss, abs=1e-4)
    assert other != one

    # The first one's settings again, from its row; the ghost of it goes.
    place = table.visualRect(model.index(0, 1)).center()
    qtbot.mouseClick(table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    hands.click("network.runs.take")
    assert tab.store.state.network.hidden == (Layer(8), Layer(8))
    train(30)
    assert np.allclose(tab.frame.boundary, first.boundary, atol=1e-5)
    hands.click("network.runs.remove")
    assert part.ghosts.lines.lines == ()
