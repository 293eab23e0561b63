"""The 3-D view, where there can be one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QGuiApplication

from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look

if TYPE_CHECKING:
    from gdviz.gui.descent.views.surface_view import SurfaceView


def make_surface_view(session: DescentSession, look: Look) -> tuple[SurfaceView | None, str]:
    """The 3-D view, or None and the reason, for people. Loads OpenGL, which takes a tenth of a second."""
    if QGuiApplication.platformName() in ("offscreen", "minimal", "vnc"):
        return None, f"the {QGuiApplication.platformName()} platform has no OpenGL"
    try:
        from gdviz.gui.descent.views.surface_view import SurfaceView
        from gdviz.gui.widgets.offscreen_gl import OpenGLError
    except (ImportError, OSError, AttributeError) as error:  # PyOpenGL without the system's library raises any of them
        return None, f"OpenGL cannot be loaded ({error})"
    try:
        return SurfaceView(session, look), ""
    except OpenGLError as error:
        return None, str(error)
