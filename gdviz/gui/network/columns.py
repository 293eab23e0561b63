"""How tab 2 shares out its room: data left, canvas in the middle, network and curves right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QSplitter, QWidget

from gdviz.gui.network.views.area import ViewArea
from gdviz.gui.theme import Look
from gdviz.gui.widgets.pages import Pages
from gdviz.gui.widgets.timers import once

LEFT, RIGHT, CANVAS = 30.0, 48.0, 0.32
"""Usual width of the panels in grid units, and the least share of the width for the canvas."""

LOWER_WIDTH, LOWER_HEIGHT = 192, 96
"""The least that is left for what is below the network, in pixels: large text would ask for more than there is."""

LOW, BESIDE = 44.0, 52.0
"""In grid units: where the columns are lower than that, network and curves stand beside each other in that width."""

UPRIGHT_SHARES = [1300, 900]

CROWDED = 0.7
"""Where both panels would take more than this share of the width, as large text does, the left one folds away."""


def usual_widths(*, width: int, square: int, left: int, right: int) -> list[int]:
    """Widths of the three columns.

    Args:
        width: of all three.
        square: width at which the canvas is square.
        left: what the left panels need.
        right: what the right panels need.

    Returns:
        The panels have what they need unless too little is left for the canvas; the canvas is no wider than its square,
        and what remains goes to the right.
    """
    least = round(width * CANVAS)
    if left + right > width - least:
        shrunk = (width - least) / (left + right)
        left, right = int(left * shrunk), int(right * shrunk)
    canvas = min(square, width - left - right)
    return [left, canvas, width - left - canvas]


class SettingsScroll(QScrollArea):
    """Panels above each other, or beside each other where there is room; scrolled where there is not.

    Signals:
        widened(): for the first time there is room to have them beside each other.
    """

    widened = Signal()

    def __init__(self, name: str, look: Look, *panels: QWidget) -> None:
        super().__init__()
        self.setObjectName(name)
        self._look = look
        self._panels = panels
        self._was_wide = False
        content = QWidget()
        self._layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, content)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(8)
        for each in panels:
            self._layout.addWidget(each)
        self._layout.addStretch(1)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)

    @property
    def needed(self) -> int:
        """The width at which nothing has to be scrolled sideways."""
        widest = max(each.minimumSizeHint().width() for each in self._panels)
        return widest + self.verticalScrollBar().sizeHint().width() + self._look.pixels(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Beside each other, or above."""
        super().resizeEvent(event)
        wide = len(self._panels) > 1 and self.width() >= self._look.pixels(39) * len(self._panels)
        self._layout.setDirection(QBoxLayout.Direction.LeftToRight if wide else QBoxLayout.Direction.TopToBottom)
        for index in range(len(self._panels)):
            self._layout.setStretch(index, 1 if wide else 0)
        self._layout.setStretch(len(self._panels), 0 if wide else 1)
        if wide and not self._was_wide:
            self._was_wide = True
            self.widened.emit()


class Columns(QSplitter):
    """The three columns, at their usual widths until a person moves a handle."""

    def __init__(self, look: Look, *, left: SettingsScroll, canvas: ViewArea, right: Pages, lower: Pages) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setObjectName("network.columns")
        self._look = look
        self._canvas = canvas
        self._left = left
        self._lower = lower
        self._right = right
        self._folds_itself = True  # until a person decides
        self._shared = False  # between network and curves, by a person
        self.moved = False
        self.upright = QSplitter(Qt.Orientation.Vertical)
        self.upright.setObjectName("network.upright")
        self.upright.addWidget(right)
        self.upright.addWidget(lower)
        self.upright.setChildrenCollapsible(True)
        lower.setMinimumSize(LOWER_WIDTH, LOWER_HEIGHT)
        for index, stretch in enumerate((13, 9)):
            self.upright.setStretchFactor(index, stretch)
        self.upright.setSizes(UPRIGHT_SHARES)
        for widget in (left, canvas, self.upright):
            self.addWidget(widget)
        for splitter in (self, self.upright):
            splitter.setHandleWidth(8)
        self.setCollapsible(1, False)
        self.setStretchFactor(1, 1)
        self.splitterMoved.connect(self._note_move)
        self.upright.splitterMoved.connect(self._note_share)
        look.changed.connect(self.arrange)

    def arrange(self) -> None:
        """Give every column its usual width, unless a person chose otherwise."""
        look = self._look
        left = max(look.pixels(LEFT), self._left.needed)
        right = max(look.pixels(RIGHT), self._right.minimumSizeHint().width())
        low = self.height() < look.pixels(LOW)
        if low:
            right = max(right, look.pixels(BESIDE))
        if self._folds_itself:
            crowded = left + right > CROWDED * self.width()
            self._left.setVisible(not crowded)
        if not self.moved:
            square = self._canvas.width_for(self.height())
            width = self.width() - 2 * self.handleWidth()
            left = 0 if self._left.isHidden() else left
            self.setSizes(usual_widths(width=width, square=square, left=left, right=right))
        self._turn(beside=low and self.upright.width() >= look.pixels(BESIDE))
        if self.upright.orientation() == Qt.Orientation.Horizontal and not self._shared:
            width = self.upright.width() - self.upright.handleWidth()
            titles = self._lower.tabBar().minimumSizeHint().width()
            curves = min(max(width // 2, titles), width - look.pixels(BESIDE / 2))
            self.upright.setSizes([width - curves, curves])

    def toggle(self, index: int) -> None:
        """Fold a column away, or bring it back."""
        self._folds_itself = False
        widget = self.widget(index)
        if widget is not None:
            widget.setVisible(widget.isHidden())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the canvas square."""
        super().resizeEvent(event)
        self.arrange()

    def showEvent(self, event: QShowEvent) -> None:
        """Arrange once the panels know their fonts."""
        super().showEvent(event)
        once(self, 0, self.arrange)

    def _turn(self, *, beside: bool) -> None:
        """Have network and curves beside each other, or above."""
        turned = Qt.Orientation.Horizontal if beside else Qt.Orientation.Vertical
        if turned != self.upright.orientation():
            self.upright.setOrientation(turned)
            self.upright.setSizes(UPRIGHT_SHARES)
            self._shared = False

    def _note_share(self) -> None:
        self._shared = True

    def _note_move(self) -> None:
        self.moved = True
