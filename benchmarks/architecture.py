"""In the network tab, training paused for two seconds: layers are changed to what was never compiled before, and Train
is pressed at once; from then until the first boundary with trained weights is painted. Median of six architectures.
"""

from __future__ import annotations

import statistics
import time

import msgspec

from benchmarks.boundary import show_network
from benchmarks.qt import let_run, open_window, wait
from benchmarks.result import Result
from gdviz.network.spec import Layer


def measure() -> list[Result]:
    """Milliseconds from Train to the boundary."""
    _, window = open_window()
    tab = window.network
    show_network(window)
    let_run(2.0)
    times = []
    for units in (5, 6, 7, 9, 10, 11):
        network = msgspec.structs.replace(tab.store.state.network, hidden=(Layer(units), Layer(8), Layer(units)))
        tab.store.change(network=network)
        begin = time.perf_counter()
        tab.play_pause()
        wait(lambda: tab.frame is not None and (tab.frame.epoch, tab.frame.batch) > (0, 0))
        window.network.canvas.viewport().repaint()
        times.append(1000 * (time.perf_counter() - begin))
        wait(lambda: tab.frame is not None and tab.frame.compiled)
        tab.play_pause()
        wait(lambda: tab.frame is not None and tab.frame.state == "paused")
        let_run(2.0)  # until all that frames show is compiled
    window.close()
    middle = statistics.median(times)
    return [
        Result(
            "Play after a change of architecture to the first new boundary", "300 ms", f"{middle:.0f} ms", middle <= 300
        )
    ]
