"""A window beside the tab in which the axes are named and their ranges set."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from gdviz.declared.parameter import Parameter
from gdviz.gui.network.axes import Axis
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import muted
from gdviz.gui.widgets.number_field import NumberField

KEYS = ("x1", "x2", "value")
LONGEST_NAME = 80
_ENDS = {"from": "where the axis begins", "to": "where the axis ends"}


class AxisRow:
    """The fields of one axis."""

    def __init__(self, key: str, grid: QGridLayout) -> None:
        self._title = QLabel(key)
        self.name = QLineEdit()
        self.name.setObjectName(f"network.axes.{key}")
        self.name.setAccessibleName(f"Name of {key}")
        self.name.setToolTip("What it means, with its unit: preparation (h)")
        self.name.setPlaceholderText("name (unit)")
        self.name.setMaxLength(LONGEST_NAME)
        self._title.setBuddy(self.name)
        self.ends = {word: NumberField(Parameter(f"{key}_{word}", 0.0, meaning)) for word, meaning in _ENDS.items()}
        for word, field in self.ends.items():
            field.setObjectName(f"network.axes.{key}_{word}")
            field.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)  # the name has the room
        self.wrong = QLabel()
        self.wrong.setObjectName(f"network.axes.{key}_wrong")
        self.wrong.setProperty("role", "error")
        self._widgets = (self._title, self.name, *self.ends.values(), self.wrong)
        row = 2 * KEYS.index(key) + 1
        for column, widget in enumerate(self._widgets[:-1]):
            grid.addWidget(widget, row, column)
        grid.addWidget(self.wrong, row + 1, 1, 1, 3)

    @property
    def axis(self) -> Axis:
        """What the fields say; an end that is no number is NaN."""
        return Axis(self.name.text(), *(_number(field) for field in self.ends.values()))

    def show_axis(self, axis: Axis) -> None:
        """Show an axis."""
        self.name.setText(axis.name)
        self.name.setCursorPosition(0)  # or a long one would be seen from its end
        shown = axis.rounded
        for field, end in zip(self.ends.values(), (shown.low, shown.high), strict=True):
            field.set_value(end)
        self.check()

    def check(self) -> str:
        """Say what is wrong; "" where nothing is."""
        wrong = self.axis.wrong
        self.wrong.setText(wrong)
        return wrong

    def set_visible(self, seen: bool) -> None:
        """Show the row, or hide it."""
        for widget in self._widgets:
            widget.setVisible(seen)


class AxesDialog(QDialog):
    """Edits the axes of x1 and x2, and in regression that of the value; may stay open.

    Signals:
        applied(object): the three axes, as they are wanted.
    """

    applied = Signal(object)

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("network.axes")
        self.setWindowTitle("Axes")
        grid = QGridLayout()
        grid.setHorizontalSpacing(look.pixels(1))
        for column, title in enumerate(("", "name and unit", *_ENDS)):
            grid.addWidget(muted(title), 0, column)
        grid.setColumnStretch(1, 2)
        for column in (2, 3):
            grid.setColumnStretch(column, 1)
        self.rows = {key: AxisRow(key, grid) for key in KEYS}
        self._said = muted()
        self._said.setObjectName("network.axes.said")
        self._said.setWordWrap(True)
        self.apply_button = self._button("apply", "Apply", "Show the axes like this (Enter)")
        self.apply_button.setDefault(True)
        self.apply_button.clicked.connect(self._apply)
        close = self._button("close", "Close", "Close this window (Escape)")
        close.clicked.connect(self.reject)
        buttons = QHBoxLayout()
        buttons.addStretch(1)
        buttons.addWidget(self.apply_button)
        buttons.addWidget(close)
        column_ = QVBoxLayout(self)
        column_.addLayout(grid)
        column_.addWidget(self._said)
        column_.addStretch(1)
        column_.addLayout(buttons)
        for row in self.rows.values():
            for field in (row.name, *row.ends.values()):
                field.textChanged.connect(self._check)
        self.setMinimumWidth(look.pixels(64))

    def show_axes(self, axes: tuple[Axis, Axis, Axis], *, values: bool) -> None:
        """Show the axes as they are; the last one only where values are learned."""
        for row, axis in zip(self.rows.values(), axes, strict=True):
            row.show_axis(axis)
        self.rows["value"].set_visible(values)

    def say(self, text: str) -> None:
        """Tell what came of it."""
        self._said.setText(text)

    def _check(self) -> None:
        self._said.setText("")
        wrong = [row.check() for key, row in self.rows.items() if key != "value" or not row.name.isHidden()]
        self.apply_button.setEnabled(not any(wrong))

    def _apply(self) -> None:
        x1, x2, value = (row.axis for row in self.rows.values())
        self.applied.emit((x1, x2, value))

    def _button(self, name: str, title: str, tip: str) -> QPushButton:
        button = QPushButton(title)
        button.setObjectName(f"network.axes.{name}")
        button.setToolTip(tip)
        return button


def _number(field: NumberField) -> float:
    try:
        return float(field.parameter.parse(field.text()))
    except ValueError:
        return float("nan")
