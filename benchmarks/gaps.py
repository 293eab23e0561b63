"""A timer beats every millisecond on the GUI thread of a window of 1280x720; the gaps between beats, 99th percentile.
First from the moment the window is shown until TensorFlow is loaded, a race playing in both views; then for five
seconds while the network tab trains at full speed and shows every boundary.
"""

from __future__ import annotations

import numpy as np

from benchmarks.boundary import show_network
from benchmarks.qt import Heart, let_run, open_window, wait
from benchmarks.result import Result

BUDGET = 16.0


def measure() -> list[Result]:
    """Milliseconds, while loading and while training."""
    _, window = open_window()
    tab = window.network
    wait(lambda: window.descent.surface_view is not None)
    heart = Heart()
    wait(lambda: tab.ready)
    loading = heart.gaps()
    show_network(window)
    tab.play_pause()
    wait(lambda: tab.frame is not None and tab.frame.compiled and tab.epoch > 500)
    heart.gaps()
    let_run(5.0)
    training = heart.gaps()
    window.close()
    return [_result("TensorFlow loads, a race plays", loading), _result("the network trains", training)]


def _result(when: str, gaps: np.ndarray) -> Result:
    high = float(np.percentile(gaps, 99))
    return Result(
        f"GUI thread kept from its events while {when}, p99",
        f"{BUDGET:g} ms",
        f"{high:.1f} ms (longest {gaps.max():.0f} ms)",
        high <= BUDGET,
    )
