"""The diagram with the controls of each layer above its column; scrolled where there are many layers."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, QSize, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QVBoxLayout, QWidget

from gdviz.gui.network.diagram.diagram import Diagram
from gdviz.gui.network.diagram.heads import LEAST_WIDTH, MOST_WIDTH, ColumnHead, InputHead, LayerHead, OutputHead
from gdviz.gui.network.diagram.spots import Spot
from gdviz.gui.theme import Look
from gdviz.gui.widgets.tab_order import order_parts
from gdviz.network.spec import NetworkSpec

DIAGRAM_HEIGHT, COLUMN_WIDTH = 14, 7
"""In grid units: where less would be left for the diagram, or a column, the settings of the layers fold away."""


class HeadStrip(QWidget):
    """The heads, each above its column.

    Signals:
        edited(object): another NetworkSpec.
        changed(): the heads need other room.
    """

    edited = Signal(object)
    changed = Signal()

    def __init__(self, look: Look) -> None:
        super().__init__()
        self._look = look
        self._folded = True
        self._inputs, self._output = InputHead(look), OutputHead(look)
        self._layers: list[LayerHead] = []  # made when they are first needed
        self._heads: list[ColumnHead] = [self._inputs, self._output]
        for head in self._heads:
            self._take(head)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        look.changed.connect(self._restyle)

    def show_network(self, network: NetworkSpec) -> None:
        """Show a network without emitting."""
        count = len(network.hidden)
        while len(self._layers) < count:
            self._layers.append(LayerHead(self._look, len(self._layers)))
            self._take(self._layers[-1])
        self._heads = [self._inputs, *self._layers[:count], self._output]
        for index, layer in enumerate(self._layers):
            layer.setVisible(index < count)
        for head in self._heads:
            head.show_network(network)
        order_parts(self, self._heads)
        self._arrange()
        self.changed.emit()

    def set_folded(self, folded: bool) -> None:
        """Hide or show dropout and initial weights."""
        self._folded = folded
        for head in (self._inputs, *self._layers, self._output):
            head.set_folded(folded)
        self._arrange()

    def sizeHint(self) -> QSize:
        """As high as the highest head."""
        return QSize(self.least_width, max(head.height_for(self._each) for head in self._heads))

    def minimumSizeHint(self) -> QSize:
        """The same."""
        return self.sizeHint()

    @property
    def least_width(self) -> int:
        """What all columns together need, in pixels."""
        return self.width_for(LEAST_WIDTH)

    def width_for(self, each: float) -> int:
        """What columns of so many grid units need together, in pixels."""
        return len(self._heads) * self._look.pixels(each)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep each above its column."""
        super().resizeEvent(event)
        self._arrange()

    def _take(self, head: ColumnHead) -> None:
        head.setParent(self)
        head.edited.connect(self.edited)
        head.set_folded(self._folded)

    def _restyle(self) -> None:
        for head in (self._inputs, *self._layers, self._output):
            head.restyle()
        self._arrange()

    def _arrange(self) -> None:
        self.updateGeometry()
        each, air, width = self.width() / len(self._heads), self._air, self._each
        for index, head in enumerate(self._heads):
            left = round(index * each) + air
            if index:  # the names of the inputs begin at the left, the other columns have their cells in the middle
                left += round((each - width) / 2) - air
            head.setGeometry(left, 0, width, head.height_for(width))

    @property
    def _air(self) -> int:
        return self._look.pixels(0.25)

    @property
    def _each(self) -> int:
        """The width of a head."""
        room = round(self.width() / len(self._heads)) - 2 * self._air
        return max(1, min(room, self._look.pixels(MOST_WIDTH)))


class Board(QScrollArea):
    """Heads and diagram; as wide as the heads need, and no narrower than there is room.

    Where there is too little room for both, the heads fold away until there is more, or until a person asks for them.
    Where not even the columns alone would fit, both are scrolled.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.board")
        self._look = look
        self._tuned = False
        self.heads = HeadStrip(look)
        self.diagram = Diagram(look)
        content = QWidget()
        self._rows = QVBoxLayout(content)
        self._rows.setContentsMargins(0, 0, 0, 0)
        self._rows.setSpacing(4)
        self._rows.addWidget(self.heads)
        self.heads.changed.connect(self._share_room)
        self._rows.addWidget(self.diagram, 1)
        self._content = content
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.diagram.chosen.connect(self._follow)
        look.changed.connect(self._restyle)
        self._restyle()

    def tune(self, on: bool) -> None:
        """Show all settings of the layers, whatever room they take; or the usual ones, where there is room."""
        self._tuned = on
        self.heads.set_folded(not on)
        self._share_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Heads and diagram, or the diagram alone."""
        super().resizeEvent(event)
        self._share_room()

    def rect_of(self, spot: Spot) -> QRect:
        """Where a spot is on the screen, as far as it is in view."""
        rect = self.diagram.rect_of(spot).toAlignedRect()
        seen = rect.intersected(self.diagram.visibleRegion().boundingRect())
        rect = seen if seen.isValid() else rect
        return QRect(self.diagram.mapToGlobal(rect.topLeft()), rect.size())

    def _restyle(self) -> None:
        self.setMinimumSize(self._look.pixels(16), self._look.pixels(8))
        self._share_room()

    def _share_room(self) -> None:
        needed = self.heads.sizeHint().height() + self._rows.spacing() + self._look.pixels(DIAGRAM_HEIGHT)
        high = self.height() >= needed
        wide = self.width() >= self.heads.least_width or self.width() < self.heads.width_for(COLUMN_WIDTH)
        self.heads.setVisible(self._tuned or (high and wide))

    def _follow(self, spot: Spot | None) -> None:
        """Bring what was reached with the arrow keys into view."""
        if spot is None:
            return
        place = self.diagram.mapTo(self._content, self.diagram.place_of(spot).toPoint())
        margin = self.diagram.plan.columns[0].width / 2
        self.ensureVisible(place.x(), QPoint(place).y(), round(margin), 0)
