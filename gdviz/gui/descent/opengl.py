"""Whether 3-D can be drawn here, found out before a widget depends on it."""

from __future__ import annotations

from PySide6.QtGui import QGuiApplication, QOffscreenSurface, QOpenGLContext


def opengl_problem() -> str:
    """Why 3-D cannot be drawn, for people; "" where it can."""
    if QGuiApplication.platformName() in ("offscreen", "minimal", "vnc"):
        return f"the {QGuiApplication.platformName()} platform has no OpenGL"
    try:
        import OpenGL.GL  # noqa: F401  # finds the system's library
        import pyqtgraph.opengl  # noqa: F401
    except (ImportError, OSError, AttributeError) as error:
        return f"OpenGL cannot be loaded ({error})"
    context = QOpenGLContext()
    if not context.create():
        return "this screen offers no OpenGL"
    surface = QOffscreenSurface()
    surface.create()
    if not context.makeCurrent(surface):
        return "this screen's OpenGL does not start"
    version = context.format().version()
    context.doneCurrent()
    surface.destroy()
    if version < (2, 1):
        return f"OpenGL {version[0]}.{version[1]} is too old; 2.1 is needed"
    return ""
