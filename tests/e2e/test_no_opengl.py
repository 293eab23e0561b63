"""The program starts on a screen without OpenGL, says so quietly, and everything else works."""

from __future__ import annotations

import os
import subprocess
import sys

PROGRAM = """
import sys
from PySide6.QtCore import QTimer
from gdviz.gui.app import build

app, window = build(["gdviz"])
window.show()
tab = window.descent

def look():
    if tab.session.step < 3 or tab.contours.whole is None or not (tab.views.problem or tab.surface_view):
        return
    timer.stop()
    print("3-D:", tab.surface_view)
    print("note:", tab.top.no_surface_view.text() if tab.top.no_surface_view.isVisible() else "")
    print("view:", tab.top.view_box.isEnabled(), tab.contours.isVisible())
    print("step:", tab.session.step)
    window.close()

timer = QTimer()
timer.timeout.connect(look)
timer.start(20)
QTimer.singleShot(60_000, app.quit)
sys.exit(app.exec())
"""


def run(program: str, **environment: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-c", program],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    return dict(line.split(": ", 1) for line in done.stdout.splitlines() if ": " in line)


def check(said: dict[str, str]) -> None:
    assert said["3-D"] == "None"
    assert said["note"].startswith("no 3-D: ")
    assert said["view"] == "False True"
    assert int(said["step"]) >= 3


def test_screen_without_opengl():
    """Qt without its OpenGL integration is what a broken driver looks like."""
    check(run(PROGRAM, QT_XCB_GL_INTEGRATION="none", LIBGL_ALWAYS_SOFTWARE="1"))


def test_platform_without_opengl():
    check(run(PROGRAM, QT_QPA_PLATFORM="offscreen"))


def test_opengl_library_that_does_not_load():
    breaking = "import sys; sys.modules['OpenGL.GL'] = None\n"
    check(run(breaking + PROGRAM))
