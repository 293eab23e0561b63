"""The bar at the top of tab 2: which data, which view, and how training is getting on."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QSizePolicy, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, choice_box, choose, icon_button, muted
from gdviz.gui.widgets.flow import FlowLayout, side_by_side
from gdviz.network.datasets import DATASETS

VIEWS = {"soft": "soft", "hard": "hard"}


class TopBar(QFrame):
    """Data set, import and export, view, panels, status.

    Signals:
        dataset_chosen(str): a key of ``DATASETS``.
        import_asked(), export_asked(): a button was clicked.
        view_chosen(str): "soft" or "hard".
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
        self.view = choice_box(
            "network.view", "View", VIEWS, tip="Show the probability, or only which side a place is on (V)"
        )
        self.view.activated.connect(lambda _: self.view_chosen.emit(self.view.currentData()))
        controls = QWidget()
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        controls.setSizePolicy(policy)
        flow = FlowLayout(controls, margins=(0, 0, 0, 0), spacing=8)
        read = icon_button("network.import", "import", "Import points", look, tip="Points from a CSV file (Ctrl+I)")
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
        row = QHBoxLayout(self)
        row.setContentsMargins(8, 4, 8, 4)
        row.setSpacing(8)
        row.addWidget(controls)
        row.addWidget(self.status, 1)

    def show_source(self, key: str) -> None:
        """Show which data set the points began as; "" for none."""
        if key:
            choose(self.dataset, key)
        else:
            self.dataset.setCurrentIndex(-1)

    def next_view(self) -> None:
        """The other view."""
        self.view.setCurrentIndex(1 - self.view.currentIndex())
        self.view_chosen.emit(self.view.currentData())

    def say(self, text: str) -> None:
        """Show how training is getting on."""
        if self.status.text() != text:
            self.status.setText(text)
            self.status.setAccessibleName(text)
