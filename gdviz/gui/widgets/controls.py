"""Small controls built the same way everywhere: named, described, and reachable by keyboard."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import TypeVar

from PySide6.QtCore import QEvent, QMargins, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QWheelEvent
from PySide6.QtWidgets import (
    QComboBox,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QSizePolicy,
    QStyle,
    QStyleOptionComboBox,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gdviz.gui.icons import set_icon
from gdviz.gui.theme import Look
from gdviz.gui.widgets.wheel_guard import WheelGuard

Box = TypeVar("Box", bound=QComboBox)


def icon_button(
    name: str,
    icon: str,
    title: str,
    look: Look,
    *,
    tip: str = "",
    checkable: bool = False,
    primary: bool = False,
    flat: bool = False,
    text: bool = False,
) -> QToolButton:
    """A button with an icon of the set, that follows the look.

    Args:
        name: object name, such as ``descent.play``.
        icon: a key of ``gdviz.gui.icons.NAMES``.
        title: accessible name, and the words beside the icon where ``text`` is set.
        look: whose colours and sizes it follows.
        tip: tool tip; the title where it is empty.
        checkable: whether it stays pressed.
        primary: the one button of its bar that matters most.
        flat: without a frame.
        text: whether the title stands beside the icon.
    """
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(title)
    button.setToolTip(tip or title)
    button.setCheckable(checkable)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    if primary or flat:
        button.setProperty("role", "primary" if primary else "flat")
    if text:
        button.setText(title)
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    set_look_icon(button, icon, look)
    return button


def set_look_icon(button: QToolButton, icon: str, look: Look) -> None:
    """Give a button an icon that follows the look from now on; call again to change it."""
    first = button.property("icon_name") is None
    button.setProperty("icon_name", icon)
    set_icon(button, icon, look)
    if first:
        look.changed.connect(_LookIcon(button, look).draw)


class _LookIcon(QObject):
    """Draws a button's icon anew; unlike a function, it is asked no more once the button is gone."""

    def __init__(self, button: QToolButton, look: Look) -> None:
        super().__init__(button)
        self._button, self._look = button, look

    def draw(self) -> None:
        """In the present colours and sizes."""
        set_icon(self._button, self._button.property("icon_name"), self._look)


class ChoiceBox(QComboBox):
    """A combo box that tells a choice from a step past others: keys and wheel go from one to the next.

    A choice that it has no room for ends in an ellipsis.

    Attributes:
        gesture: its own name while a key or the wheel steps, as steps in a row are one gesture; "" for a choice.
    """

    gesture = ""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """A key goes to the next choice, or opens the list."""
        self.gesture = self.objectName()
        super().keyPressEvent(event)
        self.gesture = ""

    def wheelEvent(self, event: QWheelEvent) -> None:
        """The wheel goes to the next choice."""
        self.gesture = self.objectName()
        super().wheelEvent(event)
        self.gesture = ""

    def initStyleOption(self, option: QStyleOptionComboBox) -> None:
        """What the style is to draw; it would cut a long text off between two letters, or words."""
        super().initStyleOption(option)
        room = self.style().subControlRect(
            QStyle.ComplexControl.CC_ComboBox, option, QStyle.SubControl.SC_ComboBoxEditField, self
        )
        option.currentText = option.fontMetrics.elidedText(
            option.currentText, Qt.TextElideMode.ElideRight, room.width() - 2
        )


def choice_box(name: str, title: str, choices: Mapping[str, str], *, tip: str = "") -> ChoiceBox:
    """A combo box of keys and titles; ``currentData()`` is the key."""
    return fill_choices(ChoiceBox(), name, title, choices, tip=tip)


def fill_choices(box: Box, name: str, title: str, choices: Mapping[str, str], *, tip: str = "") -> Box:
    """Make a combo box one of keys and titles."""
    box.setObjectName(name)
    box.setAccessibleName(title)
    box.setToolTip(tip or title)
    box.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
    box.installEventFilter(WheelGuard(box))
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(min(12, max(len(text) for text in choices.values())))
    for key, text in choices.items():
        box.addItem(text, key)
    return box


def choose(box: QComboBox, key: str) -> None:
    """Show the choice of that key without emitting ``activated``."""
    box.setCurrentIndex(box.findData(key))


def heading(text: str) -> QLabel:
    """A heading of a group of controls."""
    label = QLabel(text)
    label.setProperty("role", "heading")
    return label


def muted(text: str = "") -> QLabel:
    """A quiet label."""
    label = QLabel(text)
    label.setProperty("role", "muted")
    return label


class SteadyLabel(QLabel):
    """A label that is never narrower than its widest text so far would need, so that nothing jumps while it plays.

    Its size is fixed until a text needs more: otherwise every new number has all layouts above it think again, and the
    tabs then draw the whole window anew.
    """

    def __init__(self, template: str, *, name: str = "", role: str = "") -> None:
        """Args: template: a text as wide as it will get, such as ``epoch 00,000``."""
        self._widest = template
        super().__init__()
        self.setObjectName(name)
        if role:
            self.setProperty("role", role)
        self._fit()

    def setText(self, text: str) -> None:
        """Show another text."""
        metrics = self.fontMetrics()
        if metrics.horizontalAdvance(text) > metrics.horizontalAdvance(self._widest):
            self._widest = text
            self._fit()
        super().setText(text)

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        metrics = self.fontMetrics()
        self.setFixedSize(metrics.horizontalAdvance(self._widest) + 2, metrics.height() + 2)


class ElidedLabel(QLabel):
    """A quiet label that gives up room: lines that do not fit end in an ellipsis and are told by the tool tip."""

    def __init__(self, name: str, *, letters: int = 12) -> None:
        """Args: name: of the object; letters: it has room for so many at least."""
        self._letters = letters
        super().__init__()
        self._in_full = ""
        self.setObjectName(name)
        self.setProperty("role", "muted")
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Room for some letters; it takes more where there is more."""
        return QSize(self.fontMetrics().averageCharWidth() * self._letters, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    def tell(self, text: str, in_full: str) -> None:
        """Show a text that is short for another one, which the tool tip tells."""
        self._in_full = in_full
        self.setText(text)
        self.setToolTip(in_full)
        self.setAccessibleDescription(in_full)

    def paintEvent(self, event: QPaintEvent) -> None:
        """As much of the text as there is room for."""
        painter, elided = QPainter(self), self.fontMetrics().elidedText
        lines = (elided(line, Qt.TextElideMode.ElideRight, self.width()) for line in self.text().split("\n"))
        text = "\n".join(lines)
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        self.setToolTip(self._in_full or (self.text() if text != self.text() else ""))


def bar(name: str, widgets: Iterable[QWidget | int | None]) -> QFrame:
    """A slim horizontal bar: widgets side by side; None is a stretch, a number a space in pixels.

    An ``ElidedLabel`` takes the room that the others leave.
    """
    frame = QFrame()
    frame.setObjectName(name)
    frame.setProperty("role", "bar")
    layout = QHBoxLayout(frame)
    layout.setContentsMargins(8, 4, 8, 4)
    layout.setSpacing(8)
    for widget in widgets:
        if widget is None:
            layout.addStretch(1)
        elif isinstance(widget, int):
            layout.addSpacing(widget)
        else:
            layout.addWidget(widget, 1 if isinstance(widget, ElidedLabel) else 0)
    return frame


def in_corner(plot: QWidget, widget: QWidget, *, left: bool = False) -> None:
    """Lay a widget over the upper right corner of a plot, or the left one; each may be as wide as the plot."""
    layout = plot.layout()
    if not isinstance(layout, QGridLayout):
        layout = QGridLayout(plot)
        layout.setContentsMargins(8, 8, 8, 8)
        layout.setRowStretch(1, 1)
    side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
    layout.addWidget(widget, 0, 0, Qt.AlignmentFlag.AlignTop | side)


def free_corner(size: QSize, inside: QRect, marks: Sequence[QPointF], *, apart: float) -> QPoint:
    """The corner of a plot in which a plate covers none of its marks, or the fewest: the upper right one, if it may be.

    Args:
        size: of the plate.
        inside: the part of the plot that it may cover.
        marks: the places to leave free.
        apart: how far they reach.
    """
    room = inside.marginsRemoved(QMargins(8, 8, 8, 8))
    left, top = room.topLeft().toTuple()
    right, bottom = room.right() + 1 - size.width(), room.bottom() + 1 - size.height()
    corners = [QPoint(right, top), QPoint(left, top), QPoint(right, bottom), QPoint(left, bottom)]

    def covered(corner: QPoint) -> int:
        plate = QRectF(corner, size).adjusted(-apart, -apart, apart, apart)
        return sum(plate.contains(mark) for mark in marks)

    return min(corners, key=covered)  # among equals the first


class Readout(QLabel):
    """A plate over a plot that tells what is under the cursor, and lets the mouse through; none while it is empty."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setProperty("role", "readout")
        self.setTextFormat(Qt.TextFormat.PlainText)  # names are people's own
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def setText(self, text: str) -> None:
        """Tell it; "" takes the plate away."""
        super().setText(text)
        self.setVisible(bool(text))
        self.raise_()  # above what else is in the corners

    def clear(self) -> None:
        """Tell nothing."""
        self.setText("")


def panel(name: str) -> tuple[QFrame, QVBoxLayout]:
    """A panel of the theme and its vertical layout."""
    frame = QFrame()
    frame.setObjectName(name)
    frame.setProperty("role", "panel")
    layout = QVBoxLayout(frame)
    layout.setContentsMargins(12, 8, 12, 8)
    layout.setSpacing(6)
    return frame, layout
