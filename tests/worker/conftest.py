"""Tests that need TensorFlow; it is imported once, and one training process serves all that do not break it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from queue import Empty, Queue

import numpy as np
import pytest

from gdviz.declared.optimizers import OptimizerSpec
from gdviz.network.datasets import dataset
from gdviz.network.points import Points
from gdviz.network.spec import Layer, NetworkSpec, TrainingSpec
from gdviz.training.client import TrainingClient
from gdviz.training.messages import (
    Acknowledge,
    At,
    Command,
    Configure,
    Event,
    Frame,
    Leave,
    Pause,
    Ready,
    SetProbe,
    SetQuestions,
    SetView,
)
from gdviz.training.runtime import start_tensorflow

NETWORK = NetworkSpec((Layer(8), Layer(8)))
TRAINING = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.05}))
CIRCLE = dataset("circle").make(100)
SMALL = SetView(samples=40)

_TIMEOUT = 60.0
_runs = iter(range(1, 10_000))


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

    def send(self, *commands: Command, seat: int = 0) -> None:
        """Send commands for a seat."""
        for command in commands:
            self.client.send(At(seat, command) if seat else command)

    def next(self, kind: type[Event] = Frame, *, timeout: float = _TIMEOUT) -> Event:
        """The next event; it has to be of that kind. Frames may come at any time: XLA has compiled, say."""
        event = self.events.get(timeout=timeout)
        while isinstance(event, Frame) and kind is not Frame:
            self.acknowledge(event)
            event = self.events.get(timeout=timeout)
        assert isinstance(event, kind), event
        return event

    def acknowledge(self, frame: Frame) -> None:
        """A frame was drawn."""
        self.send(Acknowledge(frame.number), seat=frame.seat)

    def frame(self, until: Callable[[Frame], bool] = lambda _: True, *, seat: int = 0) -> Frame:
        """Acknowledge frames until one of the seat is as wanted; that one is acknowledged too."""
        while True:
            frame = self.next(Frame)
            assert isinstance(frame, Frame)
            self.acknowledge(frame)
            if frame.seat == seat and until(frame):
                return frame

    def configured(
        self,
        network: NetworkSpec = NETWORK,
        training: TrainingSpec = TRAINING,
        points: Points = CIRCLE,
        weights: tuple[np.ndarray, ...] | None = None,
        *,
        seat: int = 0,
    ) -> Frame:
        """A new run, and its first frame."""
        run = next_run()
        self.send(Configure(run, network, training, points, weights), seat=seat)
        return self.frame(lambda frame: frame.run == run, seat=seat)

    def drained(self) -> list[Event]:
        """Whatever is there."""
        events = []
        while True:
            try:
                events.append(self.events.get_nowait())
            except Empty:
                return events


def next_run() -> int:
    return next(_runs)


def same(a: tuple[np.ndarray, ...], b: tuple[np.ndarray, ...]) -> bool:
    return len(a) == len(b) and all(map(np.array_equal, a, b))


@pytest.fixture(scope="session")
def started() -> Iterator[Listener]:
    listener = Listener()
    listener.client.start()
    listener.next(Ready)
    yield listener
    listener.client.stop()


@pytest.fixture
def window(started: Listener) -> Iterator[Listener]:
    """A client whose process has just been configured, at rest at epoch 0, its first frame acknowledged."""
    started.send(Pause(), SMALL, SetQuestions(np.empty((0, 2))), SetProbe(None))
    started.configured()
    yield started
    for seat in range(1, 8):
        started.send(Leave(), seat=seat)
    assert started.exits.empty()
