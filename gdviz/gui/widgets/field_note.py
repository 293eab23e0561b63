"""What is wrong with what was typed, said beside the field: nobody has to point at it with the mouse."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtWidgets import QLabel, QWidget
from shiboken6 import isValid

from gdviz.gui.widgets.timers import one_shot

PAUSE_MILLISECONDS = 300
"""So long a text may be wrong unsaid: 1e-3 is no number yet while it is 1e."""

WIDEST = 60
"""In average letters."""


class FieldNote(QLabel):
    """The note of a window: it stands below the field in use, or above it where there is no room, and follows it."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("note")
        self.setProperty("role", "refusal")
        self.setTextFormat(Qt.TextFormat.PlainText)  # it quotes what was typed
        self.setWordWrap(True)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._window = window
        self._field: QWidget | None = None
        self._moving: list[QWidget] = []
        self._soon = one_shot(self, PAUSE_MILLISECONDS, self._place)
        self.hide()

    def tell(self, field: QWidget, text: str) -> None:
        """Say what is wrong with a field's text, after a moment if nothing is said yet."""
        self.setText(text)
        if self._field is not field:
            self._watch(field)
        if not self._soon.isActive():
            self._place() if self.isVisible() else self._soon.start()

    def withdraw(self, field: QWidget) -> None:
        """Nothing is wrong with the field any more, or it is not in use."""
        if self._field is field:
            self._end()

    def _end(self) -> None:
        self._watch(None)
        self._soon.stop()
        self.hide()

    def _field_gone(self) -> None:
        if self._field is not None and not isValid(self._field):
            self._end()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside the field when it is moved or scrolled; go with it."""
        if event.type() in (QEvent.Type.Move, QEvent.Type.Resize) and not self._soon.isActive():
            self._place()
        elif event.type() in (QEvent.Type.Hide, QEvent.Type.FocusOut) and watched is self._field:
            self.withdraw(self._field)
        return False

    def _watch(self, field: QWidget | None) -> None:
        for widget in filter(isValid, self._moving):
            widget.removeEventFilter(self)
        if self._field is not None and isValid(self._field):
            self._field.destroyed.disconnect(self._field_gone)
        if field is not None:
            field.destroyed.connect(self._field_gone)
        self._field, self._moving = field, []
        while field is not None and field is not self._window:
            self._moving.append(field)
            field = field.parentWidget()
        for widget in (*self._moving, *([self._window] if self._moving else [])):
            widget.installEventFilter(self)

    def _place(self) -> None:
        field, window = self._field, self._window
        if field is None or field.visibleRegion().isEmpty():
            self.hide()
            return
        metrics, frame = self.fontMetrics(), self.minimumSizeHint().height() - self.fontMetrics().height()
        needed = metrics.horizontalAdvance(self.text()) + 2 * frame
        width = min(needed, WIDEST * metrics.averageCharWidth(), window.width())
        self.resize(width, self.heightForWidth(width))
        corner = field.mapTo(window, QPoint(0, field.height()))
        below = corner.y() + self.height() <= window.height()
        y = corner.y() if below else corner.y() - field.height() - self.height()
        self.move(max(0, min(corner.x(), window.width() - width)), y)
        self.show()
        self.raise_()


def note_of(field: QWidget) -> FieldNote:
    """The note of the window that a field is in."""
    window = field.window()
    made = window.findChild(FieldNote, options=Qt.FindChildOption.FindDirectChildrenOnly)
    return made if isinstance(made, FieldNote) else FieldNote(window)
