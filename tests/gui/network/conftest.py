"""A tab with a training process that only pretends, so that each test says what it trains."""

from collections.abc import Iterator

import numpy as np
import pytest
from PySide6.QtCore import QPoint

from gdviz.gui.network.state import Painted
from gdviz.gui.network.tab import NetworkTab
from gdviz.gui.theme import Look
from gdviz.network.points import Points
from gdviz.training.messages import Acknowledge, Frame, Metrics, Ready

BOUNDARY = np.linspace(0.0, 1.0, 200, dtype=np.float32)[None].repeat(200, axis=0)


class FakeClient:
    """Keeps what is sent; the test speaks for the process."""

    def __init__(self, on_event, on_exit):
        self.on_event, self.on_exit = on_event, on_exit
        self.sent = []
        self.life = []
        self.pid = None

    def start(self):
        self.life.append("start")

    def restart(self):
        self.life.append("restart")

    def stop(self):
        self.life.append("stop")

    def send(self, command):
        self.sent.append(command)

    def kinds(self):
        """Names of what was sent, acknowledgements apart."""
        return [type(command).__name__ for command in self.sent if not isinstance(command, Acknowledge)]

    def last(self, kind):
        """The last command of this kind."""
        return next(command for command in reversed(self.sent) if isinstance(command, kind))


@pytest.fixture
def a_frame():
    """Makes a frame of a run, with a boundary that grows from left to right."""
    return _frame


def _frame(run, number=1, **fields):
    given = {
        "epoch": 3,
        "batch": 0,
        "state": "running",
        "reason": "",
        "compiled": True,
        "epochs_per_second": 1234.0,
        "metrics": Metrics(3, 0.25, 0.9, 0.5, 0.8),
        "history": np.array([[1, 0.6, 0.5, 0.7, 0.5], [2, 0.4, 0.7, 0.6, 0.6], [3, 0.25, 0.9, 0.5, 0.8]]),
        "weights": (),
        "boundary": BOUNDARY,
        "neurons": (),
        "extent": (-6.0, 6.0, -6.0, 6.0),
    }
    return Frame(run=run, number=number, **(given | fields))


@pytest.fixture
def tab(qtbot, look: Look) -> Iterator[NetworkTab]:
    """A tab on the screen whose process is not ready yet, without any points."""
    tab = NetworkTab(look, make_client=FakeClient)
    qtbot.addWidget(tab)
    look.dress(tab)
    tab.resize(1280, 700)
    with qtbot.waitExposed(tab):
        tab.show()
    with qtbot.waitActive(tab):  # keys go to the active window only
        tab.activateWindow()
    tab.begin()
    qtbot.waitUntil(lambda: tab.bridge._client.life == ["start"])
    tab.store.replace_points(Painted(Points()))
    tab.store.journal.__init__()
    yield tab
    tab.close_tab()


@pytest.fixture
def client(tab: NetworkTab) -> FakeClient:
    return tab.bridge._client


@pytest.fixture
def ready(qtbot, tab: NetworkTab, client: FakeClient) -> FakeClient:
    """The client, once the process is ready."""
    with qtbot.waitSignal(tab.bridge.ready):
        client.on_event(Ready("2", "3", 4.0))
    return client


@pytest.fixture
def at(tab: NetworkTab):
    """Where a place in canvas units is, in pixels of the canvas."""

    def place(x: float, y: float) -> QPoint:
        return tab.canvas.place_of(x, y).toPoint()

    return place


@pytest.fixture
def some_points() -> Points:
    return Points.of([(-3, -3), (-2, -3), (2, 3), (3, 3)], [0, 0, 1, 1])
