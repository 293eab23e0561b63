"""The transport bar: the same at the bottom of every tab, worked by the same keys."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QToolButton, QVBoxLayout, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, icon_button, set_look_icon
from gdviz.gui.widgets.flow import FlowLayout
from gdviz.gui.widgets.scrub_slider import ScrubSlider

SLIDER_WIDTH = 12
"""The least width of the slider in grid units; it takes what its row leaves."""


class TransportBar(QFrame):
    """Buttons to play and step, a slider to scrub, and more widgets of the tab; in more rows where the text is large.

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
        self,
        prefix: str,
        look: Look,
        *,
        play_title: str = "Play",
        position_template: str,
        note_template: str = "",
        scrub: bool = True,
    ) -> None:
        """Lay the bar out.

        Args:
            prefix: of object names (``descent`` gives ``descent.play``).
            look: to follow.
            play_title: words on the button that plays.
            position_template: the widest text of the position.
            note_template: the widest text of a quiet line below it; without one there is no such line.
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
        self.slider = ScrubSlider()
        self.slider.setObjectName(f"{prefix}.scrub")
        self.slider.setAccessibleName("Position")
        self.slider.setToolTip("Drag to go to any step")
        self.slider.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.slider.valueChanged.connect(self._slid)
        self.position = SteadyLabel(position_template, name=f"{prefix}.position", role="number")
        self.note = SteadyLabel(note_template, name=f"{prefix}.position_note", role="muted")
        self.note.setVisible(bool(note_template))
        self._quiet = False
        self._row = FlowLayout(self, margins=(8, 6, 8, 6), spacing=6)
        for button in (self.to_start_button, self.step_back_button, self.play_button, self.step_forward_button):
            self._row.addWidget(button)
        self._row.addWidget(self.to_end_button)
        place = QWidget()
        lines = QVBoxLayout(place)
        lines.setContentsMargins(0, 0, 0, 0)
        lines.setSpacing(0)
        lines.addWidget(self.position)
        lines.addWidget(self.note)
        self._row.addWidget(place)
        self._row.addWidget(self.slider)
        for widget in (self.step_back_button, self.to_end_button, self.slider):
            widget.setVisible(scrub)
        look.changed.connect(self._restyle)
        self._restyle()
        self.set_playing(False)

    def add(self, widget: QWidget) -> None:
        """Put another widget at the right end."""
        self._row.addWidget(widget)

    def add_step(self, button: QToolButton) -> None:
        """Put another way to step beside the button that steps forward."""
        self._row.insert_widget(self._row.indexOf(self.step_forward_button) + 1, button)

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
        self._fit()

    def set_position(self, position: int, last: int, text: str, note: str = "") -> None:
        """Show a position, and a note below it, without emitting ``scrubbed``."""
        self._quiet = True
        self.slider.setMaximum(last)
        self.slider.setValue(position)
        self._quiet = False
        self.position.setText(text)
        self.note.setText(note)

    def _restyle(self) -> None:
        self.note.setFont(self._look.font(0.88))
        self.slider.setMinimumWidth(self._look.pixels(SLIDER_WIDTH))
        self._fit()

    def _fit(self) -> None:
        """Keep the width of the button whatever it says."""
        metrics = self.play_button.fontMetrics()
        widest = max(metrics.horizontalAdvance(text) for text in ("Pause", self._play_title))
        self.play_button.setMinimumWidth(widest + self.play_button.iconSize().width() + self._look.pixels(4))

    def _slid(self, position: int) -> None:
        if not self._quiet:
            self.scrubbed.emit(position)
