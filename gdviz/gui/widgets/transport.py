"""The transport bar: the same at the bottom of every tab, worked by the same keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSlider, QToolButton, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, icon_button, set_look_icon


class TransportBar(QFrame):
    """Buttons to play and step, a slider to scrub, and room for more widgets of the tab.

    Signals:
        play_toggled(), step_forward(), step_back(), to_start(), to_end(): a button was clicked.
        scrubbed(int): a person moved the slider to this position.
    """

    play_toggled = Signal()
    step_forward = Signal()
    step_back = Signal()
    to_start = Signal()
    to_end = Signal()
    scrubbed = Signal(int)

    def __init__(
        self, prefix: str, look: Look, *, play_title: str = "Play", position_template: str, scrub: bool = True
    ) -> None:
        """Lay the bar out.

        Args:
            prefix: of object names (``descent`` gives ``descent.play``).
            look: to follow.
            play_title: words on the button that plays.
            position_template: the widest text of the position.
            scrub: whether there is a way back: without it neither slider nor the buttons to step back and to the end.
        """
        super().__init__()
        self._look = look
        self._play_title = play_title
        self.setObjectName(f"{prefix}.transport")
        self.setProperty("role", "bar")
        self.play_button = icon_button(f"{prefix}.play", "play", play_title, look, primary=True, text=True)
        self.to_start_button = icon_button(
            f"{prefix}.to_start", "to_start", "To the start", look, tip="To the start (Home)"
        )
        self.step_back_button = icon_button(
            f"{prefix}.step_back", "step_back", "Step back", look, tip="Step back (Left)"
        )
        self.step_forward_button = icon_button(
            f"{prefix}.step_forward", "step_forward", "Step forward", look, tip="Step forward (Right)"
        )
        self.to_end_button = icon_button(f"{prefix}.to_end", "to_end", "To the end", look, tip="To the end (End)")
        for button, signal in (
            (self.play_button, self.play_toggled),
            (self.to_start_button, self.to_start),
            (self.step_back_button, self.step_back),
            (self.step_forward_button, self.step_forward),
            (self.to_end_button, self.to_end),
        ):
            button.clicked.connect(signal)
        for button in (self.step_back_button, self.step_forward_button):
            button.setAutoRepeat(True)
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setObjectName(f"{prefix}.scrub")
        self.slider.setAccessibleName("Position")
        self.slider.setToolTip("Drag to go to any step")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.setMinimumWidth(96)
        self.slider.valueChanged.connect(self._slid)
        self.position = SteadyLabel(position_template, name=f"{prefix}.position", role="number")
        self._quiet = False
        self._row = QHBoxLayout(self)
        self._row.setContentsMargins(8, 6, 8, 6)
        self._row.setSpacing(6)
        for button in (self.to_start_button, self.step_back_button, self.play_button, self.step_forward_button):
            self._row.addWidget(button)
        self._row.addWidget(self.to_end_button)
        self._row.addSpacing(8)
        self._row.addWidget(self.position)
        self._row.addWidget(self.slider, 1)
        for widget in (self.step_back_button, self.to_end_button, self.slider):
            widget.setVisible(scrub)
        self.set_playing(False)

    def add(self, widget: QWidget, stretch: int = 0) -> None:
        """Put another widget at the right end."""
        self._row.addWidget(widget, stretch)

    def add_step(self, button: QToolButton) -> None:
        """Put another way to step beside the button that steps forward."""
        self._row.insertWidget(self._row.indexOf(self.step_forward_button) + 1, button)

    def buttons(self) -> tuple[QToolButton, ...]:
        """The five buttons, from left to right."""
        return (
            self.to_start_button,
            self.step_back_button,
            self.play_button,
            self.step_forward_button,
            self.to_end_button,
        )

    def set_playing(self, playing: bool) -> None:
        """Show whether it plays; the button keeps its width."""
        title = "Pause" if playing else self._play_title
        set_look_icon(self.play_button, "pause" if playing else "play", self._look)
        self.play_button.setText(title)
        self.play_button.setAccessibleName(title)
        self.play_button.setToolTip(f"{title} (Space)")
        metrics = self.play_button.fontMetrics()
        widest = max(metrics.horizontalAdvance(text) for text in ("Pause", self._play_title))
        self.play_button.setMinimumWidth(widest + self.play_button.iconSize().width() + self._look.pixels(4))

    def set_position(self, position: int, last: int, text: str) -> None:
        """Show a position without emitting ``scrubbed``."""
        self._quiet = True
        self.slider.setMaximum(last)
        self.slider.setValue(position)
        self._quiet = False
        self.position.setText(text)

    def _slid(self, position: int) -> None:
        if not self._quiet:
            self.scrubbed.emit(position)
