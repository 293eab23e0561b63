"""The selected racer's learning rate against the step, drawn small."""

from __future__ import annotations

import numpy as np

from gdviz.descent.schedules import rate
from gdviz.descent.spec import Change
from gdviz.gui.descent.session import DescentSession
from gdviz.gui.theme import Look
from gdviz.gui.widgets.rate_curve import RateCurve

SAMPLES = 200


class ScheduleCurve(RateCurve):
    """Draws the learning rate from where the optimizer took over to the last step, and where the race stands."""

    def __init__(self, session: DescentSession, look: Look) -> None:
        super().__init__("descent.schedule_curve", look)
        self._session = session
        self._since = 0
        session.step_changed.connect(self._show_step)

    def show_change(self, change: Change, since: int) -> None:
        """Draw these settings; the optimizer took over at step ``since``."""
        self._since = since
        last = max(self._session.spec.steps - 1 - since, 1)
        grid = np.unique(np.linspace(0, last, SAMPLES).astype(int))
        self.show_rates(rate(change.schedule, change.optimizer.learning_rate, grid), since, since + last)
        self._show_step()

    def _show_step(self) -> None:
        left = max(self._session.spec.steps - self._since, 1)
        self.show_share(max(0.0, (self._session.step - self._since) / left))
