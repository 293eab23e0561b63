"""What Qt, pyqtgraph and Python have to be told before there is a QApplication."""

from __future__ import annotations

import sys

import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

SWITCH_SECONDS = 0.001
"""How soon a computing thread hands the interpreter to the GUI thread; Python's own 5 ms is a third of a frame."""


def prepare() -> None:
    """Set what can no longer be set once there is a QApplication."""
    # pyqtgraph compiles its shaders once for all views, so that all views have to share them.
    QApplication.setAttribute(Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    # Without the limit: pyqtgraph drops a move that comes soon after another, and a readout stays behind the mouse.
    pg.setConfigOptions(imageAxisOrder="row-major", antialias=True, mouseRateLimit=0)
    sys.setswitchinterval(SWITCH_SECONDS)
