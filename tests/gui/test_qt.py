"""What we need of the Qt binding, so that a broken release shows itself here and not in a lecture."""

from __future__ import annotations

import subprocess
import sys

from PySide6.QtCore import QPointF, QRect, Qt
from PySide6.QtGui import QColor, QImage, QPainter


def test_painting_keeps_the_references_to_none(qapp):
    """PySide6 6.12.0 loses one with each of these calls; Python 3.11 ends when all are gone."""
    picture = QImage(20, 20, QImage.Format.Format_ARGB32)
    painter = QPainter(picture)
    before = sys.getrefcount(None)
    for _ in range(500):
        painter.setPen(QColor("red"))
        painter.setFont(qapp.font())
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawEllipse(1, 1, 5, 5)
        painter.drawText(QPointF(1, 9), "w")
        painter.drawText(QRect(0, 0, 9, 9), Qt.AlignmentFlag.AlignLeft, "w")
        painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.end()
    assert sys.getrefcount(None) > before - 100


def test_pyside_does_not_read_every_module_that_is_imported():
    code = """if True:
        import inspect, sys
        import gdviz.gui
        inspect.getsource = lambda module: print("read", module.__name__)
        import gdviz.gui.app
        print(sys.modules["gdviz.gui.app"].__name__)
    """
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert result.stdout.split() == ["gdviz.gui.app"]
