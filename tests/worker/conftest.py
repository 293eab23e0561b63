"""Tests that need TensorFlow; it is imported once, and one training process serves all that do not break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, Queue

import numpy as np
import pytest

from gdviz.network.points import Points
from gdviz.training.client import TrainingClient
from gdviz.training.messages import Acknowledge, Event, Frame, Ready
from gdviz.training.runtime import start_tensorflow

_TIMEOUT = 60.0


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Keras's own, when it turns a variable into a NumPy array.
    for item in items:
        item.add_marker(pytest.mark.filterwarnings("ignore:__array__ implementation:DeprecationWarning"))


@pytest.fixture(scope="session", autouse=True)
def tensorflow() -> None:
    start_tensorflow()


@pytest.fixture
def points() -> Points:
    """46 points, so that batches of ten leave six for the last."""
    rng = np.random.default_rng(3)
    xy = rng.uniform(-5, 5, (46, 2))
    return Points.of(xy, xy[:, 0] * xy[:, 1] > 0)


class Listener:
    """A client whose events can be waited for."""

    def __init__(self) -> None:
        self.events: Queue[Event] = Queue()
        self.exits: Queue[str] = Queue()
        self.client = TrainingClient(self.events.put, self.exits.put)

    def next(self, kind: type[Event] = Frame, *, timeout: float = _TIMEOUT) -> Event:
        """The next event; it has to be of that kind. Frames may come at any time: XLA has compiled, say."""
        event = self.events.get(timeout=timeout)
        while isinstance(event, Frame) and kind is not Frame:
            self.client.send(Acknowledge(event.number))
            event = self.events.get(timeout=timeout)
        assert isinstance(event, kind), event
        return event

    def frame(self, until: Callable[[Frame], bool] = lambda _: True) -> Frame:
        """Acknowledge frames until one is as wanted; that one is acknowledged too."""
        while True:
            frame = self.next(Frame)
            assert isinstance(frame, Frame)
            self.client.send(Acknowledge(frame.number))
            if until(frame):
                return frame

    def drained(self) -> list[Event]:
        """Whatever is there."""
        events = []
        while True:
            try:
                events.append(self.events.get_nowait())
            except Empty:
                return events


@pytest.fixture(scope="session")
def started() -> Iterator[Listener]:
    listener = Listener()
    listener.client.start()
    listener.next(Ready)
    yield listener
    listener.client.stop()
