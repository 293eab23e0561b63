"""Long runs, of one network and of several: as much memory at the end as at the start."""

from __future__ import annotations

from collections.abc import Callable

import psutil
import pytest

from gdviz.network.datasets import dataset
from gdviz.network.spec import TrainingSpec
from gdviz.training.messages import Frame, GoTo, Run, SetProbe, SetView
from tests.worker.conftest import SMALL, TRAINING, Listener

EPOCHS = 30 * 60 * 60
"""Half an hour of an epoch a picture."""

FEW = dataset("circle").make(20)
ONE_BATCH = TrainingSpec(TRAINING.optimizer, batch_size=20)
MANY = 500


@pytest.mark.parametrize(("seats", "length"), [(1, EPOCHS), (3, EPOCHS // 10)])
def test_memory_of_the_process_stays_flat(window: Listener, seats: int, length: int) -> None:
    """Snapshots are counted in: it is measured from when there are as many as there ever will be."""
    for seat in range(seats):
        window.send(SMALL, SetView(samples=40, neuron_samples=8), SetProbe((1.0, 1.0)), seat=seat)
        window.configured(training=ONE_BATCH, points=FEW, seat=seat)
        window.send(Run(), seat=seat)
    process = psutil.Process(window.client.pid)
    newest: dict[int, Frame] = {}

    def until_all(reached: Callable[[Frame], bool]) -> None:
        while len(newest) < seats or not all(map(reached, newest.values())):
            frame = window.next(Frame)
            window.acknowledge(frame)
            newest[frame.seat] = frame

    until_all(lambda frame: len(frame.kept) >= MANY)
    before, epochs = process.memory_info().rss, {seat: frame.epoch for seat, frame in newest.items()}
    until_all(lambda frame: frame.epoch >= epochs[frame.seat] + length)
    assert process.memory_info().rss - before < seats * 8_000_000
    for seat in range(seats):
        window.send(GoTo(length // 2), seat=seat)
    until_all(lambda frame: frame.state == "paused")
    assert all(0 < frame.epoch <= length // 2 for frame in newest.values())
    assert all(len(frame.kept) <= 600 for frame in newest.values())
