"""A logarithmic slider beside a field: the slider covers the usual range, the field takes any positive number."""

from __future__ import annotations

import math

from PySide6.QtCore import Signal

from gdviz.gui.widgets.keyed_slider import KeyedSlider

LOWEST, HIGHEST = 1e-5, 10.0
NOTCHES = 120
"""Twenty to a power of ten."""


class RateSlider(KeyedSlider):
    """Chooses a positive number between ``LOWEST`` and ``HIGHEST``, equal ratios being equal ways.

    Signals:
        chosen(float): a person moved it to this value, rounded to two digits.
    """

    chosen = Signal(float)

    def __init__(self, name: str, title: str) -> None:
        tip = f"{title}, {LOWEST:g} to {HIGHEST:g}, logarithmic; the field takes any positive number"
        super().__init__(name, title, tip, last=NOTCHES, page=NOTCHES // 6)
        self._quiet = False
        self.valueChanged.connect(self._moved)

    def set_value(self, value: float) -> None:
        """Show a value; one beyond the ends is shown at the end."""
        share = math.log(min(max(value, LOWEST), HIGHEST) / LOWEST) / math.log(HIGHEST / LOWEST)
        self._quiet = True
        self.setValue(round(NOTCHES * share))
        self._quiet = False

    def _moved(self, notch: int) -> None:
        if not self._quiet:
            value = LOWEST * (HIGHEST / LOWEST) ** (notch / NOTCHES)
            self.chosen.emit(float(f"{value:.2g}"))
