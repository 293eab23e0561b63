"""The step card: the selected racer's update, sub-step by sub-step, in words, formulas, numbers and Python."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAction, QGuiApplication, QHideEvent, QKeySequence, QShowEvent
from PySide6.QtWidgets import QFrame, QHBoxLayout, QScrollArea, QVBoxLayout, QWidget

from gdviz.descent.substeps import SubStep
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.step_card.block import SubStepBlock
from gdviz.gui.descent.step_card.foot import StepCardFoot
from gdviz.gui.descent.step_card.lines import PaintedLine
from gdviz.gui.descent.step_card.marks import StepMarks
from gdviz.gui.descent.step_card.phases import PhaseLine
from gdviz.gui.descent.step_card.text import as_text, explained, hint, phase, racer_name, where
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import heading, icon_button, muted
from gdviz.gui.widgets.formula_label import Formulas
from gdviz.gui.widgets.timers import one_shot

READABLE_MILLISECONDS = 100
"""While it plays, numbers change at most ten times a second."""

CARD_WIDTH = 42
"""In grid units."""

CARD_FROM_WIDTH = 1800
"""On a screen of so many pixels, times the text scale, the card is open from the start."""


class StepCard(QFrame):
    """Explains the step from the one shown to the next; the session explains sub-steps while the card is open.

    Signals:
        folded(bool): a person folded the card away, or opened it.
    """

    folded = Signal(bool)

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.step_card")
        self.setProperty("role", "panel")
        self.setAccessibleName("This step, explained")
        self._session, self._look = session, look
        self.formulas = Formulas(self)
        self.marks = StepMarks(session, self)
        self.blocks: list[SubStepBlock] = []
        self._lay_out()
        self._refresh = one_shot(self, READABLE_MILLISECONDS, self.show_step)
        self._to_newest = one_shot(self, 0, self._show_newest)
        # Formulas get their height when they have been typeset.
        self._scroll.verticalScrollBar().rangeChanged.connect(self._show_newest)
        for signal in (session.step_changed, session.substep_changed, session.race_changed):
            signal.connect(self._changed)
        session.spec_changed.connect(self.show_step)
        session.playing_changed.connect(lambda _: self.show_step())
        look.changed.connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        self._copy = icon_button(
            "descent.step_card.copy",
            "copy",
            "Copy this step as text",
            self._look,
            tip="Copy as text (Ctrl+C)",
            flat=True,
        )
        self._copy.clicked.connect(self.copy)
        close = icon_button("descent.step_card.fold", "remove", "Fold away", self._look, tip="Fold away (S)", flat=True)
        close.clicked.connect(lambda: self.set_open(False))
        action = QAction("Copy this step", self)
        action.setShortcut(QKeySequence(QKeySequence.StandardKey.Copy))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(self.copy)
        self.addAction(action)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self._racer = PaintedLine("descent.step_card.racer", self._look, 1.1, bold=True)
        self._where = PaintedLine("descent.step_card.where", self._look, 0.95)
        self._phases = PhaseLine(self._look)
        self._hint = muted()
        self._hint.setObjectName("descent.step_card.hint")
        self._hint.setWordWrap(True)
        self._scales = PaintedLine("descent.step_card.scales", self._look, 0.85, quiet=True)
        self.foot = StepCardFoot(self._session, self._look)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.addWidget(self._hint)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        head = QHBoxLayout()
        head.addWidget(heading("THIS STEP"))
        head.addStretch(1)
        head.addWidget(self._copy)
        head.addWidget(close)
        self._rows = QVBoxLayout(self)
        self._rows.addLayout(head)
        for widget in (self._racer, self._where, self._phases):
            self._rows.addWidget(widget)
        self._rows.addWidget(self._scroll, 1)
        self._rows.addWidget(self._scales)
        self._rows.addWidget(self.foot)

    def set_open(self, opened: bool) -> None:
        """Open the card, or fold it away."""
        if opened == self.isHidden():
            self.setVisible(opened)
            self.folded.emit(not opened)

    def copy(self) -> None:
        """Put the text that is selected, or else the whole step, on the clipboard."""
        selected = [block.code.selectedText() for block in self.blocks if block.code.hasSelectedText()]
        QGuiApplication.clipboard().setText(selected[0] if selected else as_text(self._session, self.marks.shown))

    def show_step(self) -> None:
        """Show the session's step and sub-steps."""
        self._refresh.stop()
        if self.isHidden():
            return
        session = self._session
        shown = self.marks.shown
        self._show_racer()
        self._phases.show_phase(phase(session))
        self.formulas.forget_waiting()
        self._show_blocks(shown, session.substeps)
        text = hint(session)
        if text != self._hint.text():
            self._hint.setText(text)
        self._scales.show_text(self.marks.marks.scale_text)
        self.foot.show_verdict()

    def close_card(self) -> None:
        """End timers and the thread."""
        self._refresh.stop()
        self._to_newest.stop()
        self.formulas.close()

    def showEvent(self, event: QShowEvent) -> None:
        """The card is open: steps are explained."""
        super().showEvent(event)
        self._session.explain(True)
        self.show_step()

    def hideEvent(self, event: QHideEvent) -> None:
        """It is folded: steps are whole again. Behind another tab, it stays as it is."""
        super().hideEvent(event)
        if self.isHidden():
            self._session.explain(False)

    def _changed(self) -> None:
        if not self._session.playing:
            self.show_step()
        elif not self._refresh.isActive():
            self._refresh.start()

    def _show_racer(self) -> None:
        session = self._session
        if session.selected >= len(session.race.trajectories):
            self._racer.show_text("")
            self._where.show_text("")
            return
        trajectory = session.race.trajectories[session.selected]
        row = min(session.step, trajectory.steps)
        color = self._look.racer(session.race.spec.racers[session.selected].color)
        step = f"step {row} to {row + 1}" if row < trajectory.steps else f"after {row} steps"
        self._racer.show_text(f"{racer_name(session, row)}, {step}", color)
        self._where.show_text(where(trajectory, row, session.race.surface.dimensions))

    def _show_blocks(self, shown: tuple[SubStep, ...], update: tuple[SubStep, ...]) -> None:
        while len(self.blocks) < len(update):
            block = SubStepBlock(len(self.blocks), self.formulas, self._look)
            self._column.insertWidget(len(self.blocks), block)
            self.blocks.append(block)
        playing, dimensions = self._session.playing, self._session.race.surface.dimensions
        for number, (block, sub) in enumerate(zip(self.blocks, shown, strict=False)):
            newest = number == len(shown) - 1 and not playing
            block.show_substep(explained(sub, numbers=not playing, dimensions=dimensions), newest=newest)
        for number, block in enumerate(self.blocks):
            block.setVisible(number < len(shown))
        if not playing:
            # What the next keys will show is typeset before they are pressed.
            for block, sub in zip(self.blocks[len(shown) :], update[len(shown) :], strict=False):
                block.prepare(explained(sub, dimensions=dimensions))
            self._to_newest.start()

    def _show_newest(self) -> None:
        """Scroll to the newest sub-step and what the next key does."""
        shown = len(self.marks.shown)
        if not self._session.playing and 0 < shown <= len(self.blocks):
            bar = self._scroll.verticalScrollBar()
            bar.setValue(min(bar.maximum(), self.blocks[shown - 1].y()))

    def _restyle(self) -> None:
        pixels = self._look.pixels
        self.setMinimumWidth(pixels(38))
        self._rows.setContentsMargins(pixels(1.5), pixels(1), pixels(1), pixels(1))
        self._rows.setSpacing(pixels(0.75))
        self._column.setContentsMargins(0, 0, pixels(0.5), 0)
        self._column.setSpacing(pixels(1))
        self._show_racer()
