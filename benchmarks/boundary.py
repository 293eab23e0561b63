"""The network tab in a window of 1280x720 trains 2-8-8-1 tanh on 250 points, batch 10, SGD, as fast as it can;
boundaries of 200x200 that reached the screen, and epochs, over five seconds.
"""

from __future__ import annotations

import time
from dataclasses import replace

from benchmarks.playback import Paints
from benchmarks.qt import let_run, open_window, wait
from benchmarks.result import Result
from gdviz.declared.optimizers import OptimizerSpec
from gdviz.gui.main_window import MainWindow
from gdviz.gui.network.state import Source
from gdviz.network.spec import TrainingSpec


def show_network(window: MainWindow, *, points: int = 250) -> None:
    """Bring the tab to the front, set up as the budget says, TensorFlow loaded."""
    tab = window.network
    window.descent.session.pause()
    window.tabs.setCurrentWidget(tab)
    wait(lambda: tab.ready)
    source = Source.usual("circle")
    tab.load(replace(source, samples=points).painted())
    training = TrainingSpec(OptimizerSpec("sgd", {"learning_rate": 0.03}), batch_size=10, test_fraction=0.0)
    tab.store.change(training=training)
    wait(lambda: tab.frame is not None)


def measure() -> list[Result]:
    """Frames and epochs a second."""
    _, window = open_window()
    tab = window.network
    show_network(window)
    tab.play_pause()
    wait(lambda: tab.frame is not None and tab.frame.compiled and tab.epoch > 500)
    let_run(3.0)  # what frames show is compiled next
    paints = Paints(tab.canvas.viewport())
    drawn = []
    tab.bridge.frame.connect(lambda frame: drawn.append(frame.number))
    epoch, begin = tab.epoch, time.perf_counter()
    let_run(5.0)
    seconds = time.perf_counter() - begin
    frames = min(len(drawn), paints.count) / seconds
    epochs = (tab.epoch - epoch) / seconds
    window.close()
    return [
        Result(
            "boundary at 200x200 while training at full speed", "60 frames/s", f"{frames:.0f} frames/s", frames >= 59
        ),
        Result("training meanwhile", "1,000 epochs/s", f"{epochs:,.0f} epochs/s", epochs >= 1000),
    ]
