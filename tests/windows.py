"""Fixtures for tests that open windows: the look, the program's window, and a way to point at a plot."""

from __future__ import annotations

import gc
import multiprocessing
import sys

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from gdviz.gui.prepare import prepare
from gdviz.gui.theme import Look


@pytest.fixture(scope="session")
def qapp_args():
    """Asked for by pytest-qt before it makes the QApplication."""
    prepare()
    gc.disable()  # as the program does: see gdviz.gui.widgets.garbage
    return ["gdviz"]


@pytest.fixture
def look(qapp):
    made = Look(qapp)
    yield made
    made.deleteLater()


@pytest.fixture(scope="session")
def fork_with_tensorflow() -> None:
    """Have the process that is forked import TensorFlow now: until it has, whoever asks it to fork waits."""
    multiprocessing.set_forkserver_preload(["tensorflow", "keras"])
    first = multiprocessing.get_context("forkserver").Process(target=int)
    first.start()
    first.join()
    first.close()


@pytest.fixture
def start_method(request: pytest.FixtureRequest) -> str:
    """How windows start their training process: forked, where that is safe, from one that has TensorFlow imported.

    Importing it anew takes most of the time of a test with a window. What tests starting itself overrides this.
    """
    if sys.platform != "linux":
        return "spawn"
    request.getfixturevalue("fork_with_tensorflow")
    return "forkserver"


@pytest.fixture
def open_window(qtbot, qapp, start_method, monkeypatch):
    """Opens the program's window, active and on the screen; closed again at the end."""
    from gdviz.gui.app import build

    monkeypatch.setattr("gdviz.training.client.START_METHOD", start_method)

    windows = []

    def made():
        _, window = build(["gdviz"])
        qtbot.addWidget(window)
        with qtbot.waitExposed(window):
            window.show()
        with qtbot.waitActive(window):  # without a window manager, only a window that is there can be made active
            window.activateWindow()
        windows.append(window)
        return window

    yield made
    for window in windows:
        window.close()
        window.look.deleteLater()


@pytest.fixture
def window(open_window):
    return open_window()


def pixel_of(plot, x: float, y: float) -> QPoint:
    """The pixel of a plot's viewport that shows a point of its axes."""
    return plot.mapFromScene(plot.getViewBox().mapViewToScene(QPointF(x, y)))


def turn_wheel(
    widget: QWidget,
    place: QPoint,
    angle: int = -120,
    modifiers: Qt.KeyboardModifier = Qt.KeyboardModifier.NoModifier,
) -> bool:
    """Turn the mouse wheel over a place of a widget by eighths of a degree, and tell whether the widget used it."""
    turn = QWheelEvent(
        QPointF(place),
        QPointF(widget.mapToGlobal(place)),
        QPoint(),
        QPoint(0, angle),
        Qt.MouseButton.NoButton,
        modifiers,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(widget, turn)
    return turn.isAccepted()
