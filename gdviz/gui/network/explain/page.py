"""The page that tells why the network says what it says of a point: forward, then backpropagation, step by step."""

from __future__ import annotations

import math

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent, QShowEvent
from PySide6.QtWidgets import QComboBox, QFrame, QLabel, QScrollArea, QVBoxLayout, QWidget

from gdviz.gui.network.diagram.shown import Shown
from gdviz.gui.network.diagram.spots import Spot
from gdviz.gui.network.explain.block import WhyBlock
from gdviz.gui.network.explain.chain import Step, explained
from gdviz.gui.network.explain.paths import Path, exists_on, path_through
from gdviz.gui.network.explain.probe import TARGETS, Probe
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, choice_box, choose, icon_button
from gdviz.gui.widgets.flow import FlowLayout, side_by_side
from gdviz.gui.widgets.formula_label import Formulas
from gdviz.gui.widgets.timers import one_shot

READABLE_MILLISECONDS = 100
"""While it trains or the mouse moves, numbers change at most ten times a second."""

STEADY_MILLISECONDS = 300
"""Numbers that have not changed for so long are typeset."""

NO_POINT = "Move over the canvas: the point under the mouse is explained. K pins it, Page Down goes on step by step."


class WhyPage(QFrame):
    """Walks through an explanation.

    Attributes:
        steps: all of them.
        shown_steps: how many are told so far; 0 before the first.

    Signals:
        lit(object): what the newest step is about, Spots.
        pin_asked(): pin the point, or let it follow the mouse again.
        pick_toggled(bool): a click on the canvas is to pin a point.
        target_chosen(str): a key of ``probe.TARGETS``.
    """

    lit = Signal(object)
    pin_asked = Signal()
    pick_toggled = Signal(bool)
    target_chosen = Signal(str)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.why")
        self.setProperty("role", "panel")
        self.setAccessibleName("Why the network says so, step by step")
        self._look = look
        self.formulas = Formulas(self)
        self.steps: tuple[Step, ...] = ()
        self.shown_steps = 0
        self._read = 0  # pixels of the newest step that have been scrolled out of view
        self._shown = Shown()
        self._loss = ""
        self._spot: Spot | None = None
        self._path: Path = ()
        self.blocks: list[WhyBlock] = []
        self._refresh = one_shot(self, READABLE_MILLISECONDS, self._show)
        self._steady = one_shot(self, STEADY_MILLISECONDS, lambda: self._show_blocks(fast=False))
        self._to_newest = one_shot(self, 0, self._scroll_to_newest)
        self._lay_out()
        look.changed.connect(self._restyle)
        self._restyle()

    def _lay_out(self) -> None:
        look = self._look
        self.pin = icon_button(
            "network.why.pin", "pin", "Pin the point", look, tip="Pin the point, or let it follow (K)", checkable=True
        )
        self.pin.clicked.connect(self.pin_asked)
        self.pick = icon_button(
            "network.why.pick",
            "minima",
            "Pick a point",
            look,
            tip="A click on the canvas pins a point (Shift+K)",
            checkable=True,
        )
        self.pick.toggled.connect(self.pick_toggled)
        self.target = choice_box("network.why.target", "It should be", TARGETS, tip="What the output should be there")
        self.target.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self.target.activated.connect(lambda _: self.target_chosen.emit(self.target.currentData()))
        self.back = icon_button("network.why.back", "step_back", "One step back", look, tip="One step back (Page Up)")
        self.next = icon_button(
            "network.why.next", "step_forward", "Next step", look, tip="Next step (Page Down)", primary=True
        )
        self.back.clicked.connect(self.step_back)
        self.next.clicked.connect(self.step_on)
        self._count = SteadyLabel("00 of 00", name="network.why.count")
        bar = QWidget()
        flow = FlowLayout(bar, margins=(0, 0, 0, 0), spacing=8)
        for widgets in (
            (self.back, self._count, self.next),
            (self.pin, self.pick),
            (self.target,),
        ):
            flow.addWidget(side_by_side(*widgets))
        policy = bar.sizePolicy()
        policy.setHeightForWidth(True)
        bar.setSizePolicy(policy)
        self._hint = QLabel(NO_POINT)
        self._hint.setObjectName("network.why.hint")
        self._hint.setProperty("role", "muted")
        self._hint.setWordWrap(True)
        inside = QWidget()
        self._column = QVBoxLayout(inside)
        self._column.addWidget(self._hint)
        self._column.addStretch(1)
        self._scroll = QScrollArea()
        self._scroll.setWidgetResizable(True)
        self._scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self._scroll.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._scroll.setWidget(inside)
        # Formulas get their height when they have been typeset.
        self._scroll.verticalScrollBar().rangeChanged.connect(self._to_newest.start)
        self._scroll.verticalScrollBar().valueChanged.connect(self._enable_next)
        self._rows = QVBoxLayout(self)
        self._rows.addWidget(bar)
        self._rows.addWidget(self._scroll, 1)

    # What is explained

    def show_probe(self, probe: Probe, *, regression: bool) -> None:
        """Show which point it is, and what its output should be."""
        self.pin.setChecked(probe.pinned)
        self.pin.setEnabled(probe.place is not None)
        choose(self.target, probe.choice)
        self.target.setEnabled(not regression)

    def show_shown(self, shown: Shown, loss: str) -> None:
        """Explain with these numbers, under this loss; soon, where they change many times a second."""
        told, before = shown.explanation, self._shown.explanation
        new = shown.network != self._shown.network or loss != self._loss or (told is None) != (before is None)
        self._shown, self._loss = shown, loss
        if new and self.isVisible():
            self._show()
        elif self.isVisible() and not self._refresh.isActive() and not _same(told, before):
            self._refresh.start()

    def go_through(self, spot: Spot | None) -> None:
        """Explain the way through what is selected; None leaves it to the gradient."""
        if spot is not None:
            self._spot, self._path = spot, ()
            if self.isVisible():
                self._show()

    def step_on(self) -> None:
        """Tell the rest of the newest step, where not all of it is in view; then one step more."""
        if self._rest:
            self._read_on(self._rest)
        elif not self.steps or self.shown_steps < len(self.steps):
            self._go(self.shown_steps + 1)

    def step_back(self) -> None:
        """Back to the beginning of the newest step, where that is not in view; then take it back."""
        if self._read:
            self._read_on(-self._read)
        else:
            self._go(self.shown_steps - 1)

    def restart(self) -> None:
        """Another network: begin anew."""
        self._path, self._spot = (), None

    def showEvent(self, event: QShowEvent) -> None:
        """Explain the newest."""
        super().showEvent(event)
        self._show()

    def hideEvent(self, event: QHideEvent) -> None:
        """Nothing is explained any more."""
        super().hideEvent(event)
        self.lit.emit(())

    def close_page(self) -> None:
        """End timers and the thread."""
        for timer in (self._refresh, self._steady, self._to_newest):
            timer.stop()
        self.formulas.close()

    @property
    def _newest(self) -> WhyBlock | None:
        return self.blocks[self.shown_steps - 1] if 0 < self.shown_steps <= len(self.blocks) and self.steps else None

    @property
    def _rest(self) -> int:
        """So many pixels of the newest step are below what is in view, once it has its place."""
        block = self._newest
        if block is None or self._to_newest.isActive():
            return 0
        seen = self._scroll.verticalScrollBar().value() + self._scroll.viewport().height()
        margin = self._look.pixels(0.5)
        return max(block.y() + block.height() - margin - seen, 0)

    def _read_on(self, pixels: int) -> None:
        """Scroll by so much, or by an equal share of it where it is more than is seen at once."""
        at_once = max(self._scroll.viewport().height() - self._look.pixels(1), 1)
        shares = math.ceil(abs(pixels) / at_once)
        self._read += math.ceil(pixels / shares)
        self._scroll_to_newest()

    def _go(self, count: int) -> None:
        self._read = 0
        # Asked for before there is an explanation, the first step is told as soon as there is one.
        self.shown_steps = min(max(count, 0), len(self.steps) or 1)
        self._show_blocks(fast=self._steady.isActive())
        self._to_newest.start()

    def _show(self) -> None:
        """Write the steps anew."""
        self._refresh.stop()
        shown = self._shown
        if shown.explanation is None:
            self.steps = ()
        else:
            if not exists_on(shown, self._path):
                self._path = path_through(shown, self._spot)
            self.steps = explained(shown, self._path, self._loss)
        self.shown_steps = min(self.shown_steps, len(self.steps) or self.shown_steps)
        self._show_blocks(fast=True)
        self._steady.start()

    def _show_blocks(self, *, fast: bool) -> None:
        told = self.steps[: self.shown_steps]
        while len(self.blocks) < len(told):
            block = WhyBlock(len(self.blocks), self.formulas, self._look)
            self._column.insertWidget(len(self.blocks), block)
            self.blocks.append(block)
        if not fast:
            self.formulas.forget_waiting()
        for number, block in enumerate(self.blocks):
            block.setVisible(number < len(told))
            if number < len(told):
                block.show_step(told[number], newest=number == len(told) - 1, fast=fast)
        count = len(self.steps)
        self._count.setText(f"{len(told)} of {count}")
        self.back.setEnabled(bool(told))
        self._enable_next()
        self._hint.setText(self._words(len(told)))
        self.lit.emit(told[-1].lit if told else ())

    def _words(self, told: int) -> str:
        explanation = self._shown.explanation
        if explanation is None:
            return NO_POINT
        if told == len(self.steps):
            return ""
        further = f"Page Down: {self.steps[told].title}"
        if told:
            return further
        place = ", ".join(short(value, 2) for value in explanation.xy)
        output = ", ".join(short(float(value)) for value in explanation.outputs[-1])
        return (
            f"At ({place}) the network says {output}; it should say {explanation.target:g}: "
            f"the loss is {short(explanation.loss)}.\n{further}"
        )

    def _scroll_to_newest(self) -> None:
        block = self._newest
        if block is None:
            return
        bottom = block.y() + block.height() + self._look.pixels(5) - self._scroll.viewport().height()
        self._scroll.verticalScrollBar().setValue(min(max(bottom, 0), block.y()) + self._read)
        self._enable_next()

    def _enable_next(self) -> None:
        self.next.setEnabled(self.shown_steps < len(self.steps) or self._rest > 0)

    def _restyle(self) -> None:
        pixels = self._look.pixels
        self._rows.setContentsMargins(pixels(1.5), pixels(1), pixels(1), pixels(1))
        self._rows.setSpacing(pixels(0.75))
        self._column.setContentsMargins(0, 0, pixels(0.5), 0)
        self._column.setSpacing(pixels(0.75))


def _same(first: object, second: object) -> bool:
    """Whether two explanations say the same, so that nothing has to be written anew."""
    if first is second:
        return True
    loss = getattr(first, "loss", math.nan), getattr(second, "loss", math.nan)
    place = getattr(first, "xy", None), getattr(second, "xy", None)
    return loss[0] == loss[1] and place[0] == place[1]
