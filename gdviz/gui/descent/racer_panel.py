"""The racers: which optimizers, and how each is set."""

from __future__ import annotations

import msgspec
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QButtonGroup,
    QFrame,
    QHBoxLayout,
    QMenu,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from gdviz.declared.optimizers import OPTIMIZERS
from gdviz.declared.parameter import Parameter
from gdviz.descent.spec import MAX_RACERS, MAX_STEPS, telling_optimizer
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import choice_box, choose, heading, icon_button, muted
from gdviz.gui.widgets.form import SettingsForm
from gdviz.gui.widgets.number_field import NumberField

STEPS = Parameter("steps", 1000, "the most steps that are computed", kind="integer", minimum=1, maximum=MAX_STEPS)
TOLERANCE = Parameter("tolerance", 1e-6, "a gradient norm below it means converged", minimum=0.0, logarithmic=True)
START = (
    Parameter("w0", 0.0, "where all racers start"),
    Parameter("w1", 0.0, "where all racers start"),
)


class ColorButton(QToolButton):
    """A racer's name and colour; pressed while it is the selected one."""

    def __init__(self, look: Look, index: int) -> None:
        super().__init__()
        self._look = look
        self.color = 0
        self.setObjectName(f"descent.racer{index}")
        self.setProperty("role", "flat")
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(self.sizePolicy().Policy.Expanding, self.sizePolicy().Policy.Fixed)

    def paintEvent(self, event: QPaintEvent) -> None:
        """The name, with a bar of the racer's colour before it; bold while selected."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        look, theme = self._look, self._look.theme
        box = self.rect().adjusted(1, 1, -1, -1)
        radius = look.pixels(0.5)
        painter.setPen(look.racer(self.color) if self.isChecked() or self.hasFocus() else Qt.PenStyle.NoPen)
        painter.setBrush(
            self.palette().color(self.palette().ColorRole.Base) if self.isChecked() else Qt.BrushStyle.NoBrush
        )
        painter.drawRoundedRect(box, radius, radius)
        side = look.pixels(1.5)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(look.racer(self.color))
        painter.drawEllipse(look.pixels(1), (self.height() - side) // 2, side, side)
        painter.setPen(self.palette().color(self.palette().ColorRole.WindowText) if self.isEnabled() else theme.muted)
        painter.setFont(look.font(bold=self.isChecked()))
        painter.drawText(box.adjusted(look.pixels(3), 0, 0, 0), Qt.AlignmentFlag.AlignVCenter, self.text())


class RacerRow(QWidget):
    """One racer: its name, its learning rate, and a way out."""

    def __init__(self, look: Look, session: DescentSession, index: int) -> None:
        super().__init__()
        self.index = index
        self.button = ColorButton(look, index)
        self.button.clicked.connect(lambda: session.select(index))
        self.rate = NumberField(OPTIMIZERS["sgd"].parameter("learning_rate"))
        self.rate.setObjectName(f"descent.racer{index}.learning_rate")
        self.rate.setMaximumWidth(look.pixels(10))
        self.rate.edited.connect(self._set_rate)
        remove = icon_button(f"descent.racer{index}.remove", "remove", "Remove this racer", look, flat=True)
        remove.clicked.connect(lambda: session.remove_racer(index))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(4)
        layout.addWidget(self.button, 1)
        layout.addWidget(self.rate)
        layout.addWidget(remove)
        self._session, self._look = session, look

    def show_racer(self) -> None:
        """Take name, colour and learning rate from the session's spec."""
        racer = self._session.spec.racers[self.index]
        title = racer.optimizer.declaration.title
        self.button.color = racer.color
        self.button.setText(title)
        self.button.setAccessibleName(f"Racer {self.index + 1}: {title}")
        self.button.setToolTip(f"{title}: {racer.optimizer.declaration.meaning}")
        self.button.setChecked(self.index == self._session.selected)
        self.button.setMinimumHeight(self._look.pixels(3.5))
        self.rate.setMaximumWidth(self._look.pixels(9))
        self.rate.set_value(racer.optimizer.learning_rate)
        self.button.update()

    def _set_rate(self, value: object) -> None:
        racer = self._session.spec.racers[self.index]
        assert isinstance(value, float)
        optimizer = racer.optimizer.with_setting("learning_rate", value)
        self._session.set_optimizer(self.index, optimizer, gesture=f"learning_rate{self.index}")


class RacerPanel(QFrame):
    """Edits the racers of the session's spec, the start and the stopping rule.

    Signals:
        refused(str): something asked for is not possible, and why.
    """

    refused = Signal(str)

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.racers")
        self.setProperty("role", "panel")
        self._session, self._look = session, look
        self._rows: list[RacerRow] = []
        self._group = QButtonGroup(self)
        self._row_layout = QVBoxLayout()
        self._row_layout.setSpacing(2)
        self._add = icon_button("descent.add_racer", "add", "Add racer", look, text=True)
        self._add.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self._add.setMenu(self._optimizer_menu())
        titles = {key: declaration.title for key, declaration in OPTIMIZERS.items()}
        self._optimizer = choice_box("descent.optimizer", "Optimizer of the selected racer", titles)
        self._optimizer.activated.connect(lambda _: self._set_optimizer(self._optimizer.currentData()))
        self._meaning = muted()
        self._meaning.setWordWrap(True)
        self._form = SettingsForm("descent.setting")
        self._form.edited.connect(self._set_setting)
        self._more = icon_button(
            "descent.more_settings", "add", "More settings", look, checkable=True, flat=True, text=True
        )
        self._more.toggled.connect(lambda _: self._show())
        self._race_form = SettingsForm("descent.race")
        self._race_form.edited.connect(self._set_race)
        self._lay_out()
        session.spec_changed.connect(self._show)
        look.changed.connect(self._show)
        self._show()

    def _lay_out(self) -> None:
        inside = QWidget()
        layout = QVBoxLayout(inside)
        layout.setContentsMargins(10, 8, 10, 8)
        layout.setSpacing(8)
        layout.addWidget(heading("RACERS"))
        layout.addLayout(self._row_layout)
        layout.addWidget(self._add, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(8)
        layout.addWidget(heading("SELECTED RACER"))
        layout.addWidget(self._optimizer)
        layout.addWidget(self._meaning)
        layout.addWidget(self._form)
        layout.addWidget(self._more, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addSpacing(8)
        layout.addWidget(heading("START AND END"))
        layout.addWidget(self._race_form)
        layout.addStretch(1)
        scroll = QScrollArea()
        scroll.setWidgetResizable(True)
        scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        scroll.setWidget(inside)
        outer = QVBoxLayout(self)
        outer.setContentsMargins(0, 0, 0, 0)
        outer.addWidget(scroll)

    def _optimizer_menu(self) -> QMenu:
        menu = QMenu(self)
        menu.setToolTipsVisible(True)
        for key, declaration in OPTIMIZERS.items():
            action = menu.addAction(declaration.title)
            action.setObjectName(f"descent.add_racer.{key}")
            action.setToolTip(declaration.meaning)
            action.triggered.connect(lambda _=False, key=key: self._add_racer(key))
        return menu

    def _show(self) -> None:
        spec = self._session.spec
        while len(self._rows) > len(spec.racers):
            row = self._rows.pop()
            self._group.removeButton(row.button)
            self._row_layout.removeWidget(row)
            row.deleteLater()
        while len(self._rows) < len(spec.racers):
            row = RacerRow(self._look, self._session, len(self._rows))
            self._group.addButton(row.button)
            self._row_layout.addWidget(row)
            self._rows.append(row)
        for row in self._rows:
            row.show_racer()
        self._add.setEnabled(len(spec.racers) < MAX_RACERS)
        values = {"w0": spec.start[0], "w1": spec.start[1], "steps": spec.steps, "tolerance": spec.tolerance}
        self._race_form.show_parameters((*START, STEPS, TOLERANCE), values)
        self._show_selected()

    def _show_selected(self) -> None:
        there = bool(self._session.spec.racers)
        for widget in (self._optimizer, self._meaning, self._form, self._more):
            widget.setVisible(there)
        if not there:
            return
        optimizer = self._session.spec.racers[self._session.selected].optimizer
        declaration = optimizer.declaration
        choose(self._optimizer, declaration.key)
        self._meaning.setText(declaration.meaning)
        self._more.setVisible(any(parameter.advanced for parameter in declaration.parameters))
        shown = tuple(
            parameter for parameter in declaration.parameters if self._more.isChecked() or not parameter.advanced
        )
        self._form.show_parameters(shown, optimizer.values())

    def _add_racer(self, key: str) -> None:
        try:
            self._session.add_racer(key)
        except ValueError as error:
            self.refused.emit(str(error))

    def _set_optimizer(self, key: str) -> None:
        session = self._session
        session.set_optimizer(session.selected, telling_optimizer(key, session.surface))

    def _set_setting(self, name: str, value: object) -> None:
        index = self._session.selected
        optimizer = self._session.spec.racers[index].optimizer
        try:
            changed = optimizer.with_setting(name, value)  # type: ignore[arg-type]  # the form has checked its type
        except ValueError as error:  # two settings that exclude each other
            self.refused.emit(str(error))
            self._show_selected()
            return
        self._session.set_optimizer(index, changed, gesture=f"{name}{index}")

    def _set_race(self, name: str, value: object) -> None:
        session = self._session
        match name, value:
            case "w0", float():
                session.set_start((value, session.spec.start[1]), gesture="start")
            case "w1", float():
                session.set_start((session.spec.start[0], value), gesture="start")
            case "steps" | "tolerance", _:
                session.change(msgspec.structs.replace(session.spec, **{name: value}), gesture=name)
