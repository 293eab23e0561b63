"""A 3-D view that draws off the screen and shows the picture.

One QOpenGLWidget anywhere in a window makes Qt compose the whole window with OpenGL. Without a GPU that costs every
other view 10 to 15 ms a frame too, and adding one later makes the window flicker. Reading a picture back costs 1 ms.

What stands still is drawn once, with its depths, and copied beneath what moves: without a GPU that is most of the work.
"""

from __future__ import annotations

from typing import Any

from OpenGL import GL
from pyqtgraph.opengl.GLGraphicsItem import GLGraphicsItem
from pyqtgraph.opengl.GLViewWidget import GLViewMixin
from PySide6.QtCore import QRect, QSize, Qt
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
        self._buffers: dict[tuple[str, int], QOpenGLFramebufferObject] = {}
        self.items: list[GLGraphicsItem] = []
        self._still: list[GLGraphicsItem] = []
        self._still_drawn: dict[int, object] = {}  # as what was seen, by samples a pixel
        self._hurried = False
        self._context, self._surface = _context()
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # the picture covers what would be painted beneath
        self.makeCurrent()
        self.initializeGL()
        renderer = bytes(GL.glGetString(GL.GL_RENDERER) or b"").decode(errors="replace").lower()
        self.software = any(name in renderer for name in SOFTWARE)
        self._copies = QOpenGLFramebufferObject.hasOpenGLFramebufferBlit()

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

    def addItem(self, item: GLGraphicsItem) -> None:
        """Add an item to the scene."""
        self.makeCurrent()
        super().addItem(item)

    def add_still(self, item: GLGraphicsItem) -> None:
        """Add an item that seldom changes, beneath all others; whoever changes it says so with ``redraw_still``."""
        self._still.append(item)
        self.addItem(item)

    def redraw_still(self) -> None:
        """Draw anew what stands still."""
        self._still_drawn.clear()
        self.update()

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
        self.setProjection(self.getViewport(), self.getViewport())
        self.setModelview()
        still, moving = self._still, [item for item in self.items if item not in self._still]
        picture = self._buffer("picture")
        if not still or not self._copies:
            self._draw([*still, *moving], picture, clear=True)
            return picture.toImage()
        beneath = self._buffer("beneath")
        camera = (*self.currentProjection().copyDataTo(), *self.currentModelView().copyDataTo())
        seen = (camera, self.opts["bgcolor"], beneath.size())
        if seen != self._still_drawn.get(self._samples):
            self._draw(still, beneath, clear=True)
            self._still_drawn[self._samples] = seen
        area = QRect(0, 0, picture.width(), picture.height())
        what = GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT
        QOpenGLFramebufferObject.blitFramebuffer(picture, area, beneath, area, what)
        self._draw(moving, picture, clear=False)
        return picture.toImage()

    def _draw(self, items: list[GLGraphicsItem], buffer: QOpenGLFramebufferObject, *, clear: bool) -> None:
        buffer.bind()
        GL.glViewport(0, 0, buffer.width(), buffer.height())
        GL.glEnable(GL.GL_DEPTH_TEST)
        if clear:
            GL.glClearColor(*self.opts["bgcolor"])
            GL.glClear(GL.GL_COLOR_BUFFER_BIT | GL.GL_DEPTH_BUFFER_BIT)
        GL.glColorMask(True, True, True, False)  # the picture stays opaque where what is drawn on it is not
        everything, self.items = self.items, items
        self.drawItemTree()
        self.items = everything
        GL.glColorMask(True, True, True, True)
        buffer.release()

    @property
    def _samples(self) -> int:
        return 0 if self.software and self._hurried else SAMPLES

    def _buffer(self, name: str) -> QOpenGLFramebufferObject:
        """A buffer of the view's size, with smooth edges or, in a hurry, rough ones."""
        size, samples = QSize(self.deviceWidth(), self.deviceHeight()), self._samples
        buffer = self._buffers.get((name, samples))
        if buffer is None or buffer.size() != size:
            layout = QOpenGLFramebufferObjectFormat()
            layout.setAttachment(QOpenGLFramebufferObject.Attachment.CombinedDepthStencil)
            layout.setSamples(samples)
            buffer = self._buffers[name, samples] = QOpenGLFramebufferObject(size, layout)
        return buffer


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
