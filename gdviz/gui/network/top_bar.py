"""The bar at the top of tab 2: which data, which view, and how training is getting on."""

from __future__ import annotations

from collections.abc import Collection

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QStandardItemModel
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, choice_box, choose, icon_button, muted
from gdviz.gui.widgets.flow import FlowLayout, side_by_side
from gdviz.network.datasets import DATASETS

VIEWS = {
    "soft": ("soft", "The probability, in all colours between red and green"),
    "hard": ("hard", "Which side a place is on: the classes"),
    "contours": ("contours", "Lines where the probability is one of a few you choose"),
    "relief": ("3-D", "The output as height over x1 and x2"),
    "warped": ("warped", "The plane as two neurons of a hidden layer see it: bent"),
    "slice": ("slice", "The output along x1, at one x2, as a curve"),
}
"""Title and meaning of each view of the result, by key."""


class TopBar(QFrame):
    """Data set, import and export, view, panels, status.

    Signals:
        dataset_chosen(str): a key of ``DATASETS``.
        import_asked(), export_asked(): a button was clicked.
        view_chosen(str): a key of ``VIEWS``.
        folded(int): fold that column away, or bring it back.
    """

    dataset_chosen = Signal(str)
    import_asked = Signal()
    export_asked = Signal()
    view_chosen = Signal(str)
    folded = Signal(int)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.top")
        self.setProperty("role", "bar")
        titles = {key: entry.title for key, entry in DATASETS.items()}
        self.dataset = choice_box("network.dataset", "Data set", titles, tip="Data set; choosing one begins anew")
        self.dataset.setPlaceholderText("own points")
        self.dataset.activated.connect(lambda _: self.dataset_chosen.emit(self.dataset.currentData()))
        for index, entry in enumerate(DATASETS.values()):
            self.dataset.setItemData(index, entry.meaning, Qt.ItemDataRole.ToolTipRole)
        views = {key: title for key, (title, _) in VIEWS.items()}
        self.view = choice_box("network.view", "View", views, tip="How the result is shown (V, back with Shift+V)")
        for index, (_, meaning) in enumerate(VIEWS.values()):
            self.view.setItemData(index, meaning, Qt.ItemDataRole.ToolTipRole)
        self._offered: Collection[str] = VIEWS
        self.view.activated.connect(lambda _: self.view_chosen.emit(self.view.currentData()))
        controls = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        controls.setSizePolicy(policy)
        flow = FlowLayout(controls, margins=(0, 0, 0, 0), spacing=8)
        read = icon_button(
            "network.import", "import", "Import points", look, tip="Points from a table: CSV, text (Ctrl+I)"
        )
        write = icon_button("network.export", "save", "Export points", look, tip="Points into a CSV file (Ctrl+E)")
        read.clicked.connect(self.import_asked)
        write.clicked.connect(self.export_asked)
        left = icon_button("network.fold_left", "panel_left", "Data panel", look, tip="Fold the data panel (F7)")
        right = icon_button(
            "network.fold_right", "panel_right", "Network panel", look, tip="Fold the network panel (F8)"
        )
        left.clicked.connect(lambda: self.folded.emit(0))
        right.clicked.connect(lambda: self.folded.emit(2))
        for widget in (
            side_by_side(muted("data"), self.dataset, spacing=8),
            side_by_side(read, write),
            side_by_side(muted("view"), self.view, spacing=8),
            side_by_side(left, right),
        ):
            flow.addWidget(widget)
        self.status = ElidedLabel("network.status")
        self.status.setAlignment(Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft)
        self._flow = flow
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(controls)
        row.addWidget(self.status, 1)

    def add(self, widget: QWidget) -> None:
        """Put another widget at the end of the controls."""
        self._flow.addWidget(widget)

    def show_source(self, key: str) -> None:
        """Show which data set the points began as; "" for none."""
        if key:
            choose(self.dataset, key)
        else:
            self.dataset.setCurrentIndex(-1)

    def next_view(self, steps: int = 1) -> None:
        """So many views on, round and round, among those that are offered."""
        keys = [key for key in VIEWS if key in self._offered or key == self.view.currentData()]
        self.show_view(keys[(keys.index(self.view.currentData()) + steps) % len(keys)])

    def offer_views(self, keys: Collection[str]) -> None:
        """Let only these keys of ``VIEWS`` be chosen."""
        self._offered = keys
        model = self.view.model()
        assert isinstance(model, QStandardItemModel)
        for index, key in enumerate(VIEWS):
            model.item(index).setEnabled(key in keys)

    def show_view(self, key: str) -> None:
        """Choose a key of ``VIEWS``."""
        choose(self.view, key)
        self.view_chosen.emit(key)

    def say(self, text: str) -> None:
        """Show how training is getting on."""
        if self.status.text() != text:
            self.status.setText(text)
            self.status.setAccessibleName(text)
