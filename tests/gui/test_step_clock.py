"""Wall time as steps, on a watch that the test sets."""

from __future__ import annotations

import time

import pytest

from gdviz.gui.widgets.step_clock import StepClock


@pytest.fixture
def watch(monkeypatch):
    """What time it is, in seconds; a list of one number to be set."""
    now = [100.0]
    monkeypatch.setattr(time, "perf_counter", lambda: now[0])
    return now


@pytest.fixture
def clock(qtbot):
    clock = StepClock()
    yield clock
    clock.run(False)


def test_it_has_moved_by_the_time_that_has_passed_however_often_it_ticked(qtbot, watch, clock):
    clock.speed, clock.position = 50.0, 3.0
    clock.run(True)
    for seconds in (0.1, 2.0, 0.001):  # a computer that was busy meanwhile loses nothing
        watch[0] += seconds
        with qtbot.waitSignal(clock.moved):
            pass
    assert clock.position == pytest.approx(3.0 + 50.0 * 2.101)
    clock.speed = 1.0  # from here on
    watch[0] += 4.0
    with qtbot.waitSignal(clock.moved):
        pass
    assert clock.position == pytest.approx(3.0 + 50.0 * 2.101 + 4.0)


def test_held_time_does_not_count(qtbot, watch, clock):
    clock.speed = 10.0
    clock.hold(True)
    clock.run(True)
    assert clock.running
    watch[0] += 60.0
    clock.hold(False)
    watch[0] += 1.0
    with qtbot.waitSignal(clock.moved):
        pass
    assert clock.position == pytest.approx(10.0)
    clock.run(False)
    assert not clock.running
