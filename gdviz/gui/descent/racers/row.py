"""One racer in the list: its name, its learning rate, and a way out."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QWidget

from gdviz.declared.optimizers import OPTIMIZERS
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import icon_button
from gdviz.gui.widgets.number_field import NumberField

SMALL = 0.8
"""Size of a long name's two lines, against the usual text."""


class ColorButton(QToolButton):
    """A racer's name and colour; pressed while it is the selected one."""

    def __init__(self, look: Look, index: int) -> None:
        super().__init__()
        self._look = look
        self._color = 0
        self.setObjectName(f"descent.racer{index}")
        self.setProperty("role", "flat")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(self.sizePolicy().Policy.Ignored, self.sizePolicy().Policy.Fixed)  # a long name is cut

    def show_color(self, color: int) -> None:
        """The number of the racer's colour in the theme."""
        if color != self._color:
            self._color = color
            self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """The name behind a disc of the racer's colour; framed and bold while selected."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, role = self._look, self.palette().ColorRole
        box = self.rect().adjusted(1, 1, -1, -1)
        radius = look.pixels(0.5)
        painter.setPen(look.racer(self._color) if self.isChecked() or self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(role.Base) if self.isChecked() else Qt.BrushStyle.NoBrush)
        painter.drawRoundedRect(box, radius, radius)
        side = look.pixels(1.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.racer(self._color))
        painter.drawEllipse(look.pixels(1), (self.height() - side) // 2, side, side)
        painter.setPen(self.palette().color(role.WindowText))
        painter.setFont(look.font(bold=self.isChecked()))
        room = box.adjusted(look.pixels(3), 0, 0, 0)
        lines = [self.text()]
        if painter.fontMetrics().horizontalAdvance(self.text()) > room.width():
            lines = in_two(self.text())
            painter.setFont(look.font(SMALL, bold=self.isChecked()))
        elided = painter.fontMetrics().elidedText
        text = "\n".join(elided(line, Qt.TextElideMode.ElideMiddle, room.width()) for line in lines)
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, text)


def in_two(name: str) -> list[str]:
    """A racer's long name in two lines: before the step from which it is a fork, or before its last word."""
    first, _, step = name.rpartition(" from ")
    if first:
        return [first, f"from {step}"]
    first, _, last = name.rpartition(" ")
    return [first, last] if first else [last]


class RacerRow(QWidget):
    """Shows one racer of the session's spec.

    Signals:
        rate_edited(int, float): another learning rate for the racer of this index.
    """

    rate_edited = Signal(int, float)

    def __init__(self, look: Look, session: DescentSession, index: int) -> None:
        super().__init__()
        self.index = index
        self._session, self._look = session, look
        self._shown: tuple[object, ...] = ()
        self.button = ColorButton(look, index)
        self.button.clicked.connect(lambda: session.select(index))
        self.rate = NumberField(OPTIMIZERS["sgd"].parameter("learning_rate"))
        self.rate.setObjectName(f"descent.racer{index}.learning_rate")
        self.rate.edited.connect(lambda value: self.rate_edited.emit(index, value))
        self.rate.editingFinished.connect(self._left)
        remove = icon_button(f"descent.racer{index}.remove", "remove", "Remove this racer", look, flat=True)
        remove.clicked.connect(lambda: session.remove_racer(index))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button, 1)
        layout.addWidget(self.rate)
        layout.addWidget(remove)

    def _left(self) -> None:
        if self.index < len(self._session.spec.racers):  # not removed meanwhile
            self.show_racer()

    def show_racer(self) -> None:
        """Take its name, its colour and the learning rate in force at this step."""
        racer = self._session.spec.racers[self.index]
        # What is being typed stays until the field is left, even where it comes too late to have an effect.
        now = racer.at(self._session.step if self.rate.hasFocus() else self._session.step_in_force(self.index))
        name = self._session.name_of(self.index)
        shown = (racer.color, now, name, self.index == self._session.selected, self._look.pixels(1))
        if shown == self._shown:  # most changes are others, as those of a drag
            return
        self._shown = shown
        optimizer = now.optimizer
        title = optimizer.declaration.title
        self.button.show_color(racer.color)
        since = f" from step {now.step} on" if now.step else ""
        self.button.setText(name)
        self.button.setAccessibleName(f"Racer {self.index + 1}: {name}")
        self.button.setToolTip(f"{title}{since}: {optimizer.declaration.meaning}")
        self.button.setChecked(self.index == self._session.selected)
        self.button.setMinimumHeight(self._look.pixels(4 if " " in name else 3.5))
        self.rate.set_value(optimizer.learning_rate)
        needed = self.rate.fontMetrics().horizontalAdvance(self.rate.text()) + self._look.pixels(2.5)  # with its edges
        self.rate.setFixedWidth(max(self._look.pixels(9), needed))
