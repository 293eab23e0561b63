"""What stands above the curves: the numbers, how much is smoothed, and the scale of the loss."""

from __future__ import annotations

from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtWidgets import QMenu, QToolButton, QWidget

from gdviz.gui.network.metrics.readout import CurveReadout
from gdviz.gui.theme import Look
from gdviz.gui.widgets.flow import FlowLayout, side_by_side

SPANS = {0: "raw", 10: "~10", 100: "~100", 1000: "~1k", 10_000: "~10k"}
"""Epochs over which curves can be smoothed."""


class CurveHead(QWidget):
    """The legend with its numbers, and two choices.

    Signals:
        changed(): curves have to be drawn otherwise.
    """

    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self.readout = CurveReadout(look)
        self._scale = _button("network.loss_scale", "Logarithmic loss axis", "Logarithmic loss axis (G)")
        self._scale.setText("log")
        self._scale.setCheckable(True)
        self._scale.clicked.connect(lambda _: self.changed.emit())
        self._span = 0
        self._smoothing = _button(
            "network.smoothing",
            "Smoothing",
            "Smooth the curves over so many epochs, as an exponential moving average (Shift+G)",
        )
        self._smoothing.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(self._smoothing)
        for span, title in SPANS.items():
            menu.addAction(title if not span else f"{title} epochs", partial(self.set_span, span))
        self._smoothing.setMenu(menu)
        flow = FlowLayout(self, margins=(8, 2, 8, 2), spacing=4)
        flow.addWidget(self.readout)
        flow.addWidget(side_by_side(self._smoothing, self._scale, spacing=4))
        look.changed.connect(self._fit)
        self._fit()
        self.set_span(0)

    @property
    def logarithmic(self) -> bool:
        """Whether the loss axis is."""
        return self._scale.isChecked()

    @property
    def span(self) -> int:
        """Epochs over which the curves are smoothed; 0 is not at all."""
        return self._span

    def set_logarithmic(self, logarithmic: bool) -> None:
        """Make the loss axis logarithmic, or linear."""
        self._scale.setChecked(logarithmic)
        self.changed.emit()

    def set_span(self, span: int) -> None:
        """Smooth over one of ``SPANS``; others do nothing."""
        if span in SPANS:
            self._span = span
            self._smoothing.setText(SPANS[span])
            self.changed.emit()

    def next_span(self) -> None:
        """Smooth more, and after the most not at all."""
        spans = list(SPANS)
        self.set_span(spans[(spans.index(self.span) + 1) % len(spans)])

    def changeEvent(self, event: QEvent) -> None:
        """Another font needs other room."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.StyleChange):
            self._fit()

    def _fit(self) -> None:
        """Keep the width of the button whatever it says."""
        metrics = self._smoothing.fontMetrics()
        widest = max(metrics.horizontalAdvance(title) for title in SPANS.values())
        self._smoothing.setMinimumWidth(widest + self._look.pixels(2.5))


def _button(name: str, title: str, tip: str) -> QToolButton:
    button = QToolButton()
    button.setObjectName(name)
    button.setAccessibleName(title)
    button.setToolTip(tip)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    return button
