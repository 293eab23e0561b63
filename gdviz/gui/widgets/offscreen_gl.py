"""A 3-D view that draws off the screen and shows the picture.

One QOpenGLWidget anywhere in a window makes Qt compose the whole window with OpenGL. Without a GPU that costs every
other view 10 to 15 ms a frame too, and adding one later makes the window flicker. Reading a picture back costs 1 ms.
"""

from __future__ import annotations

from typing import Any

from OpenGL import GL
from pyqtgraph.opengl.GLViewWidget import GLViewMixin
from PySide6.QtCore import QRect, QSize
from PySide6.QtGui import (
    QImage,
    QOffscreenSurface,
    QOpenGLContext,
    QPainter,
    QPaintEvent,
    QResizeEvent,
    QSurfaceFormat,
)
from PySide6.QtOpenGL import QOpenGLFramebufferObject, QOpenGLFramebufferObjectFormat
from PySide6.QtWidgets import QWidget

SAMPLES = 4
"""Samples a pixel, for smooth edges. Without a GPU they double the time of a frame."""

SOFTWARE = ("llvmpipe", "softpipe", "swrast", "swiftshader", "gdi generic", "basic render")


class OpenGLError(RuntimeError):
    """3-D cannot be drawn here; the message says why, for people."""


class OffscreenGLView(GLViewMixin, QWidget):
    """pyqtgraph's 3-D scene in a plain widget; OpenGLError where there is no OpenGL."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._stale = True
        self._picture = QImage()
        self._buffers: dict[int, QOpenGLFramebufferObject] = {}
        self._hurried = False
        self._context, self._surface = _context()
        super().__init__(parent)
        self.makeCurrent()
        self.initializeGL()
        renderer = bytes(GL.glGetString(GL.GL_RENDERER) or b"").decode(errors="replace").lower()
        self.software = any(name in renderer for name in SOFTWARE)

    def hurry(self, hurried: bool) -> None:
        """While something moves, a computer without a GPU draws rough edges; when it stands still, smooth ones."""
        self._hurried = hurried
        self.update()

    def isValid(self) -> bool:
        """Always: without OpenGL there is no such view."""
        return True

    def context(self) -> QOpenGLContext:
        """The context everything is drawn in."""
        return self._context

    def makeCurrent(self) -> None:
        """OpenGL calls from now on go to this view."""
        self._context.makeCurrent(self._surface)

    def addItem(self, item: Any) -> None:
        """Add an item to the scene."""
        self.makeCurrent()
        super().addItem(item)

    def update(self, *area: Any) -> None:
        """Draw the scene anew as soon as it is seen."""
        self._stale = True
        super().update(*area)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Draw the scene in the new size."""
        super().resizeEvent(event)
        self._stale = True

    def paintEvent(self, event: QPaintEvent) -> None:
        """Show the picture; draw it first where the scene has changed."""
        if self.width() < 2 or self.height() < 2:
            return
        if self._stale:
            self._stale = False
            self._picture = self._drawn()
        painter = QPainter(self)
        painter.drawImage(QRect(0, 0, self.width(), self.height()), self._picture)
        self.draw_over(painter)
        painter.end()

    def draw_over(self, painter: QPainter) -> None:
        """Draw on top of the scene, in the widget's pixels; for subclasses."""

    def release(self) -> None:
        """Give back what OpenGL holds; nothing is drawn afterwards."""
        self.makeCurrent()
        self._buffers.clear()
        self._context.doneCurrent()

    def _drawn(self) -> QImage:
        self.makeCurrent()
        size = QSize(self.deviceWidth(), self.deviceHeight())
        samples = 0 if self.software and self._hurried else SAMPLES
        buffer = self._buffers.get(samples)
        if buffer is None or buffer.size() != size:
            layout = QOpenGLFramebufferObjectFormat()
            layout.setAttachment(QOpenGLFramebufferObject.Attachment.CombinedDepthStencil)
            layout.setSamples(samples)
            buffer = self._buffers[samples] = QOpenGLFramebufferObject(size, layout)
        buffer.bind()
        GL.glViewport(0, 0, size.width(), size.height())
        GL.glEnable(GL.GL_DEPTH_TEST)
        self.paintGL()
        buffer.release()
        return buffer.toImage()


def _context() -> tuple[QOpenGLContext, QOffscreenSurface]:
    context = QOpenGLContext()
    # pyqtgraph compiles its shaders once for all views, so that all views have to share them.
    shared = QOpenGLContext.globalShareContext()
    if shared is not None:
        context.setShareContext(shared)
    if not context.create():
        raise OpenGLError("this screen offers no OpenGL")
    surface = QOffscreenSurface()
    surface.setFormat(context.format())
    surface.create()
    if not context.makeCurrent(surface):
        raise OpenGLError("this screen's OpenGL does not start")
    version = context.format().version()
    if version < (2, 1) and context.format().renderableType() != QSurfaceFormat.RenderableType.OpenGLES:
        raise OpenGLError(f"OpenGL {version[0]}.{version[1]} is too old; 2.1 is needed")
    return context, surface
