"""Ten different optimizers, 1,000 steps each, on `two_wells`, no racer stopped early; median of 15."""

from __future__ import annotations

import statistics
import time

from benchmarks.result import Result
from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.catalog import surface
from gdviz.descent.trajectory import StoppingRule, race

KEYS = ("sgd", "momentum", "nesterov", "adagrad", "adadelta", "rmsprop", "adam", "adamax", "nadam", "lion")


def measure() -> list[Result]:
    """Milliseconds to compute the race."""
    two_wells, never = surface("two_wells"), StoppingRule(tolerance=0.0)
    racers = [OptimizerSpec(key) for key in KEYS]
    times = []
    for _ in range(15):
        begin = time.perf_counter()
        race(two_wells, racers, two_wells.start, 1000, never)
        times.append(1000 * (time.perf_counter() - begin))
    middle = statistics.median(times)
    return [Result("10 racers x 1,000 steps computed", "100 ms", f"{middle:.0f} ms", middle <= 100)]
