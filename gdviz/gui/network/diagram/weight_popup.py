"""A weight or bias, changed by hand: a number and a slider over the window, beside the link."""

from __future__ import annotations

import math

from PySide6.QtCore import QEvent, QPoint, QRect, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import Bias, Link, title_of
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import icon_button, muted
from gdviz.gui.widgets.keyed_slider import KeyedSlider
from gdviz.gui.widgets.number_field import NumberField

WEIGHT = Parameter("weight", 0.0, "Enter sets it, Escape leaves it as it was", minimum=-1e6, maximum=1e6)
NOTCHES = 200
LEAST_REACH = 4.0
"""The slider goes from minus to plus this, or farther where the weight is larger."""

_OWN_KEYS = (
    Qt.Key.Key_Escape,
    Qt.Key.Key_Left,
    Qt.Key.Key_Right,
    Qt.Key.Key_Up,
    Qt.Key.Key_Down,
    Qt.Key.Key_Home,
    Qt.Key.Key_End,
    Qt.Key.Key_PageUp,
    Qt.Key.Key_PageDown,
    Qt.Key.Key_Space,
)


class WeightPopup(QFrame):
    """Changes one weight: at once with the slider, with Enter from the field.

    Signals:
        weight_set(object, float): a Link or Bias, and what it is to be.
        closed(): it is gone.
    """

    weight_set = Signal(object, float)
    closed = Signal()

    def __init__(self, look: Look, parent: QWidget) -> None:
        super().__init__(parent)
        self._over = parent
        self.setObjectName("network.weight")
        self.setProperty("role", "panel")
        self.setAccessibleName("Change a weight")
        app = QApplication.instance()
        assert app is not None
        self._look = look
        self._app = app
        self.spot: Link | Bias | None = None
        self.opened = 0
        self.before = self._now = 0.0
        self._reach = LEAST_REACH
        self._slid = False
        self._title = QLabel()
        self._gradient = muted()
        self.field = NumberField(WEIGHT)
        self.field.setObjectName("network.weight.value")
        self.field.returnPressed.connect(self._take)
        self.field.edited.connect(lambda value: self._show_slider(float(value)))
        tip = "Changes the weight at once; Escape takes it back"
        self.slider = KeyedSlider(
            "network.weight.slider", "Weight", tip, first=-NOTCHES, last=NOTCHES, page=NOTCHES // 10
        )
        self.slider.valueChanged.connect(self._slide)
        close = icon_button("network.weight.close", "remove", "Close", look, flat=True)
        close.clicked.connect(self.close_popup)
        head = QHBoxLayout()
        head.addWidget(self._title, 1)
        head.addWidget(close)
        self._rows = rows = QVBoxLayout(self)
        rows.addLayout(head)
        for widget in (self.field, self.slider, self._gradient):
            rows.addWidget(widget)
        look.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def ask(self, spot: Link | Bias, shown: Shown, beside: QRect) -> None:
        """Open for a weight, below a rectangle of the screen; not before there are weights."""
        value = shown.number(shown.weights, spot)
        if value is None or not math.isfinite(value):
            return
        self.spot, self.before, self._now, self._slid = spot, value, value, False
        self.opened += 1
        self._reach = max(LEAST_REACH, 1.5 * abs(value))
        self._title.setText(title_of(shown.network, spot))
        self.field.set_value(_readable(value))
        self._show_slider(value)
        self.show_numbers(shown)
        self._rows.activate()  # the row of the title does not hear by itself that it is longer
        self.adjustSize()
        parent = self._over
        at = parent.mapFromGlobal(beside.center())
        x = min(max(at.x() - self.width() // 2, 0), max(0, parent.width() - self.width()))
        y = at.y() + self._look.pixels(1.5)
        if y + self.height() > parent.height():
            y = max(0, at.y() - self._look.pixels(1.5) - self.height())
        self.move(QPoint(x, y))
        self.raise_()
        self.show()
        self.field.setFocus(Qt.FocusReason.PopupFocusReason)
        self.field.selectAll()
        self._app.installEventFilter(self)

    def show_numbers(self, shown: Shown) -> None:
        """The gradient, and the weight until a person changes it: both change while the popup is open."""
        if self.spot is not None:
            now = shown.number(shown.weights, self.spot)
            self._now = self._now if now is None else now
            if self._untouched and math.isfinite(self._now):
                self._follow(self._now)
            gradient = shown.number(shown.gradients, self.spot)
            self._gradient.setText("" if gradient is None else f"gradient {short(gradient)}")

    @property
    def _untouched(self) -> bool:
        """Whether a person changed neither field nor slider, nor went into the field to do so."""
        begun = self.field.hasFocus() and self.field.selectedText() != self.field.text()
        changed = self.field.isModified() or self.field.value != _readable(self.before)
        return not (self._slid or begun or changed)

    def _follow(self, weight: float) -> None:
        """Show what training made of the weight."""
        self.before = weight
        self._reach = max(self._reach, abs(weight))
        is_selected = self.field.hasSelectedText()
        self.field.set_value(_readable(weight))
        self._show_slider(weight)
        if is_selected:
            self.field.selectAll()

    def close_popup(self) -> None:
        """Close; the weight stays as it is now."""
        if self.spot is not None:
            self.spot = None
            self._app.removeEventFilter(self)
            self.hide()
            self.closed.emit()

    def event(self, event: QEvent) -> bool:
        """Keep keys of field and slider from the window's shortcuts."""
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and event.key() in _OWN_KEYS:
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape takes back what the slider did, and closes; Enter on the slider closes."""
        if event.key() == Qt.Key.Key_Escape:
            spot, before, slid = self.spot, self.before, self._slid
            self.close_popup()
            if slid and spot is not None:
                self.weight_set.emit(spot, before)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.slider.hasFocus():
                self.close_popup()
        else:
            super().keyPressEvent(event)

    def eventFilter(self, watched: object, event: QEvent) -> bool:
        """A click elsewhere closes it."""
        if (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(watched, QWidget)
            and watched is not self
            and not self.isAncestorOf(watched)
        ):
            self.close_popup()
        return False

    def _take(self) -> None:
        """Set what was typed; what is not allowed gives way to the weight as it is."""
        try:
            value = float(WEIGHT.parse(self.field.text()))
        except ValueError:
            self.field.set_value(_readable(self._now))
            return
        spot, untouched = self.spot, self._untouched
        self.close_popup()
        if spot is not None and not untouched:  # training may have moved the weight since
            self.weight_set.emit(spot, value)

    def _slide(self, notch: int) -> None:
        if self.spot is not None:
            value = round(notch / NOTCHES * self._reach, 4)
            self._slid = True
            self.field.set_value(value)
            self.weight_set.emit(self.spot, value)

    def _show_slider(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(round(min(max(value / self._reach, -1.0), 1.0) * NOTCHES))

    def _restyle(self) -> None:
        theme, pixels = self._look.theme, self._look.pixels
        self.setStyleSheet(
            f"WeightPopup {{ border: 1px solid {theme.accent}; border-radius: {pixels(0.5)}px; "
            f"background: {theme.panel}; }}"
        )
        self.setMinimumWidth(pixels(30))


def _readable(value: float) -> float:
    """A weight with as many digits as single precision has."""
    return float(f"{value:.6g}")
