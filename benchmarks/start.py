"""From the start of the process until the window is painted and answers its events, against a window with one empty
pyqtgraph plot started the same way; seven pairs in turn after one that does not count, the median of their ratios. The
time starts in the parent, so that it holds the interpreter and all imports.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from benchmarks.result import Result

PAIRS = 7
USABLE = """
from PySide6.QtCore import QTimer
def usable():
    print("usable", flush=True)
    app.exit(0)
def look():  # Qt paints the whole window as it is exposed
    exposed = window.windowHandle().isExposed()
    QTimer.singleShot(0 if exposed else 1, usable if exposed else look)
QTimer.singleShot(0, look)
app.exec()
import os
os._exit(0)
"""
EMPTY = """
import pyqtgraph as pg
app = pg.mkQApp()
window = pg.PlotWidget()
window.resize(1280, 720)
window.show()
"""
PROGRAM = """
from gdviz.cli import import_app
app, window = import_app().build(["gdviz"])
window.resize(1280, 720)
window.show()
"""


def seconds(program: str) -> float:
    """How long until the program says it is usable."""
    begin = time.perf_counter()
    with subprocess.Popen([sys.executable, "-c", program + USABLE], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        taken = time.perf_counter() - begin
        process.wait()
    if line.strip() != "usable":
        raise RuntimeError("the window did not open")
    return taken


def measure() -> list[Result]:
    """Ours over the empty one's."""
    pairs = [(seconds(PROGRAM), seconds(EMPTY)) for _ in range(PAIRS + 1)][1:]
    ratio = statistics.median(ours / empty for ours, empty in pairs)
    ours, empty = (1000 * statistics.median(column) for column in zip(*pairs, strict=True))
    return [
        Result(
            "window usable", "1.5x", f"{ratio:.2f}x an empty plot window ({ours:.0f} ms, {empty:.0f} ms)", ratio <= 1.5
        )
    ]
