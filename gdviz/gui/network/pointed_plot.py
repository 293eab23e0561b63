"""A plot on which mouse, finger and pen are the same: they press, drag and let go."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import (
    QEventPoint,
    QInputDevice,
    QMouseEvent,
    QPointingDevice,
    QTabletEvent,
    QTouchEvent,
    QWheelEvent,
)

from gdviz.gui.network.geometry import Position, inside, to_canvas
from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import Plot
from gdviz.training.messages import Extent

SHIFT, CONTROL = Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier


@dataclass(frozen=True, slots=True)
class Contact:
    """Where mouse, finger or pen is, and how it is held.

    Attributes:
        at: canvas units; while dragging maybe beyond the canvas.
        right: the right button, or the one of a pen.
        shift, control: the keys held down with it.
        pressure: of a pen, 0 to 1; None of what knows none.
        eraser: the other end of a pen.
        coarse: a finger, which hides what it points at.
    """

    at: Position
    right: bool = False
    shift: bool = False
    control: bool = False
    pressure: float | None = None
    eraser: bool = False
    coarse: bool = False


class PointedPlot(Plot):
    """Tells where it is painted on; pyqtgraph's own panning and menus stay out of it.

    Signals:
        pressed(object): a Contact within the extent began.
        dragged(object): the Contact moved.
        released(): it ended.
        pointed(object): where the pointer is, a QPointF in pixels of the viewport; None when it left.
        sized(int): the wheel asks for a brush larger (+1) or smaller (-1).
    """

    pressed = Signal(object)
    dragged = Signal(object)
    released = Signal()
    pointed = Signal(object)
    sized = Signal(int)

    def __init__(self, name: str, title: str, look: Look) -> None:
        super().__init__(name, title, look)
        self._extent: Extent = (0.0, 1.0, 0.0, 1.0)
        self._held: object = None  # the button, pen or finger that the stroke began with
        self.box.setMouseEnabled(x=False, y=False)
        self.setMouseTracking(True)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_AcceptTouchEvents)
        self.viewport().setAttribute(Qt.WidgetAttribute.WA_TabletTracking)
        self.box.setDefaultPadding(0.0)

    @property
    def extent(self) -> Extent:
        """What the plot covers."""
        return self._extent

    def view_at(self, position: QPointF) -> tuple[float, float]:
        """x1 and x2 at a pixel of the viewport."""
        place = self.box.mapSceneToView(self.viewportTransform().inverted()[0].map(position))
        return place.x(), place.y()

    def units_at(self, position: QPointF) -> Position:
        """The place at a pixel of the viewport in canvas units, on the canvas or beyond."""
        x, y = to_canvas(xy=np.array(self.view_at(position)), extent=self._extent)
        return float(x), float(y)

    def is_inside(self, position: QPointF) -> bool:
        """Whether a pixel of the viewport shows a place within the extent."""
        return bool(inside(xy=np.array([self.view_at(position)]), extent=self._extent)[0])

    # All devices alike

    def _press(self, held: object, position: QPointF, contact: Contact) -> None:
        if self._held == held:
            self._release(held)  # it came up where we were not told: the window had lost it
        if self._held is None and self.is_inside(position):
            self._held = held
            self.setFocus(Qt.FocusReason.MouseFocusReason)
            self.pressed.emit(contact)

    def _drag(self, held: object, position: QPointF, contact: Contact) -> None:
        self.pointed.emit(position)
        if self._held is not None and self._held == held:
            self.dragged.emit(contact)

    def _release(self, held: object) -> None:
        if self._held is not None and self._held == held:
            self._held = None
            self.released.emit()

    # The mouse

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A stroke begins with the left or right button."""
        if isinstance(self._held, Qt.MouseButton) and not event.buttons() & self._held:
            self._release(self._held)  # the same of another button
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._press(event.button(), event.position(), self._mouse(event, event.button()))
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """The brush follows; with the button down it paints."""
        self._drag(
            self._held if isinstance(self._held, Qt.MouseButton) else Qt.MouseButton.NoButton,
            event.position(),
            self._mouse(event, self._held),
        )
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """The stroke ends with the button that began it."""
        self._release(event.button())
        event.accept()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """A quick second click is a click."""
        self.mousePressEvent(event)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel sizes the brush."""
        turn = event.angleDelta().y()
        if turn:
            self.sized.emit(1 if turn > 0 else -1)
        event.accept()

    def leaveEvent(self, event: QEvent) -> None:
        """Nothing is under the cursor any more."""
        super().leaveEvent(event)
        self.pointed.emit(None)

    def _mouse(self, event: QMouseEvent, button: object) -> Contact:
        keys = event.modifiers()
        return Contact(
            self.units_at(event.position()),
            right=button == Qt.MouseButton.RightButton,
            shift=bool(keys & SHIFT),
            control=bool(keys & CONTROL),
        )

    # Fingers and pens

    def viewportEvent(self, event: QEvent) -> bool:
        """A finger works as the left button; a pen tells its pressure, and its other end erases."""
        if isinstance(event, QTouchEvent):
            self._touch(event)
        elif isinstance(event, QTabletEvent):
            self._pen(event)
        else:
            return bool(super().viewportEvent(event))
        event.accept()
        return True

    def _touch(self, event: QTouchEvent) -> None:
        """The first finger paints; others do not count until it is lifted."""
        ended = event.type() in (QEvent.Type.TouchEnd, QEvent.Type.TouchCancel)
        if event.type() != QEvent.Type.TouchUpdate and isinstance(self._held, tuple):
            self._release(self._held)  # no finger is left, or none was
        for point in event.points():
            finger = ("finger", point.id())
            contact = Contact(self.units_at(point.position()), coarse=True)
            if ended:
                self.pointed.emit(None)
            elif point.state() == QEventPoint.State.Released:
                self._release(finger)
            elif point.state() == QEventPoint.State.Pressed:
                if event.type() == QEvent.Type.TouchBegin:
                    self._press(finger, point.position(), contact)
            elif self._held == finger:
                self._drag(finger, point.position(), contact)

    def _pen(self, event: QTabletEvent) -> None:
        knows = event.pointingDevice().capabilities() & QInputDevice.Capability.Pressure
        contact = Contact(
            self.units_at(event.position()),
            right=bool(event.buttons() & Qt.MouseButton.RightButton),
            shift=bool(event.modifiers() & SHIFT),
            control=bool(event.modifiers() & CONTROL),
            pressure=event.pressure() if knows else None,
            eraser=event.pointerType() == QPointingDevice.PointerType.Eraser,
        )
        match event.type():
            case QEvent.Type.TabletPress:
                self._press("pen", event.position(), contact)
            case QEvent.Type.TabletRelease:
                self._release("pen")
            case _:
                self._drag("pen", event.position(), contact)
