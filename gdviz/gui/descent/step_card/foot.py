"""The two ends of a descent: where it starts, and when it stops."""

from __future__ import annotations

import random

import msgspec
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from gdviz.declared.parameter import Parameter
from gdviz.descent.races import is_noisy
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.descent.step_card.text import seeded_start, verdict
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import SteadyLabel, icon_button, muted
from gdviz.gui.widgets.number_field import NumberField

TOLERANCE = Parameter("tolerance", 1e-6, "a gradient norm below it ends a descent", minimum=0.0, logarithmic=True)
SEED = Parameter(
    "seed", 17, "of the random start: the same one gives the same place", kind="integer", minimum=0, maximum=10**6
)


class StepCardFoot(QWidget):
    """Shows and changes the random start's seed and the stopping rule."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__()
        self._session, self._look = session, look
        self._start = muted()
        self.seed = NumberField(SEED)
        self.seed.setObjectName("descent.step_card.seed")
        self.seed.edited.connect(lambda _: self._go_to_start())
        self.seed.returnPressed.connect(self._go_to_start)
        self.another = icon_button(
            "descent.step_card.new_seed", "seed", "Random start from a new seed", look, tip="From a new seed (N)"
        )
        self.another.clicked.connect(self.random_start)
        self.tolerance = NumberField(TOLERANCE)
        self.tolerance.setObjectName("descent.step_card.tolerance")
        self.tolerance.edited.connect(self._set_tolerance)
        self._until = muted()
        self.verdict = SteadyLabel("‖g‖ = 0.00e−00: out of steps", name="descent.step_card.verdict", role="number")
        rows = QVBoxLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setSpacing(4)
        for widgets in ((self._start, self.seed, self.another), (self._until, self.tolerance)):
            row = QHBoxLayout()
            for widget in widgets:
                row.addWidget(widget)
            row.addStretch(1)
            rows.addLayout(row)
        rows.addWidget(self.verdict)
        look.changed.connect(self._resize)
        session.spec_changed.connect(self.show_spec)
        self._resize()

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up: nothing is computed while the card is folded away."""
        super().showEvent(event)
        self.show_spec()

    def random_start(self) -> None:
        """Let all racers start from the place of a new seed."""
        self.seed.set_value(random.randrange(1000))
        self._go_to_start()

    def show_spec(self) -> None:
        """Show the stopping rule, and whether the start is that of the seed."""
        if not self.isVisible():
            return
        spec = self._session.spec
        self.tolerance.set_value(spec.tolerance)
        by_seed = spec.start == seeded_start(round(self.seed.value), self._session.surface)
        # The gradient of a few samples may vanish anywhere, so it ends nothing.
        exact = not is_noisy(spec.surface, spec.noise)
        self._until.setText("4 repeat until ‖g‖ <" if exact else f"4 repeat {spec.steps} times: g is noisy")
        self.tolerance.setVisible(exact)
        self._start.setText("1 random start, seed" if by_seed else "1 chosen start; seed")

    def show_verdict(self) -> None:
        """Show whether the racer goes on."""
        self.verdict.setText(verdict(self._session))

    def _go_to_start(self) -> None:
        self._session.set_start(seeded_start(round(self.seed.value), self._session.surface), gesture="seed")

    def _set_tolerance(self, value: object) -> None:
        session = self._session
        session.change(msgspec.structs.replace(session.spec, tolerance=value), gesture="tolerance")

    def _resize(self) -> None:
        for field in (self.seed, self.tolerance):
            field.setFixedWidth(self._look.pixels(9))
