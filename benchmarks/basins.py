"""The basins of 256x256 starts, 200 steps of Adam each, on the surfaces whose gradients cost least and on `two_wells`,
against the same arithmetic as bare NumPy in pieces of 4,096 points; nine pairs in turn, the median of their ratios.
"""

from __future__ import annotations

import statistics
import time

import numpy as np

from benchmarks.result import Result
from gdviz.declared.optimizers import OptimizerSpec
from gdviz.descent.basins import basins
from gdviz.descent.catalog import SURFACES
from gdviz.descent.spec import telling_optimizer
from gdviz.descent.surface import Surface

KEYS = ("bowl", "rosenbrock", "two_wells")
PIECE = 4096
PAIRS = 9


def bare(surface: Surface, optimizer: OptimizerSpec) -> None:
    """Adam on every start of the map, and nothing else."""
    starts = surface.bounds.grid(256)[2].reshape(-1, 2)
    with np.errstate(all="ignore"):
        for w in np.split(starts, len(starts) // PIECE):
            m, v = np.zeros_like(w), np.zeros_like(w)
            for t in range(1, 201):
                g = surface.gradient(w)
                m = 0.9 * m + 0.1 * g
                v = 0.999 * v + 0.001 * g**2
                w = w - optimizer.learning_rate * np.sqrt(1 - 0.999**t) / (1 - 0.9**t) * m / (np.sqrt(v) + 1e-7)


def measure() -> list[Result]:
    """Ours over bare NumPy, and milliseconds to the first picture."""
    results = []
    for key in KEYS:
        surface = SURFACES[key]
        optimizer = telling_optimizer("adam", surface)
        ratios, firsts = [], []
        for _ in range(PAIRS):
            begin = time.perf_counter()
            pictures = basins(surface, optimizer)
            next(pictures)
            firsts.append(1000 * (time.perf_counter() - begin))
            for _ in pictures:
                pass
            middle = time.perf_counter()
            bare(surface, optimizer)
            ratios.append((middle - begin) / (time.perf_counter() - middle))
        ratio, first = statistics.median(ratios), statistics.median(firsts)
        what = f"basins of `{key}` against bare NumPy, and the first picture"
        results.append(Result(what, "1.5x, 100 ms", f"{ratio:.2f}x, {first:.0f} ms", ratio <= 1.5 and first <= 100))
    return results
