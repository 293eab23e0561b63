"""Asks what to do about a table some lines of which cannot be read."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtWidgets import QDialog, QHBoxLayout, QLabel, QListWidget, QPushButton, QVBoxLayout, QWidget

from gdviz.gui.network.files import Incoming
from gdviz.gui.numbers import whole


class ProblemsDialog(QDialog):
    """Lists the lines that were left out, each with its reason; the others are loaded if a person agrees.

    Signals:
        agreed(object): the Incoming, to be loaded without those lines.
    """

    agreed = Signal(object)

    def __init__(self, incoming: Incoming, parent: QWidget) -> None:
        super().__init__(parent)
        self.setObjectName("network.import_problems")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Import points")
        self._incoming = incoming
        table = incoming.table
        left, rest = table.left_out, len(table.points) + len(table.questions)
        said = QLabel(
            f"{whole(left)} line{'' if left == 1 else 's'} of {incoming.name} cannot be read. "
            "Load the others, or correct the table and import it again?"
        )
        said.setTextFormat(Qt.TextFormat.PlainText)
        said.setWordWrap(True)
        problems = QListWidget()
        problems.setObjectName("network.import_problems.list")
        problems.setAccessibleName("Lines that cannot be read")
        problems.setToolTip("Lines that cannot be read, and why")
        problems.setWordWrap(True)
        problems.addItems(table.problems)
        self.load_button = self._button("load", f"Load the other {whole(rest)}", "Load all lines but these")
        self.load_button.setDefault(True)
        self.load_button.clicked.connect(self.accept)
        cancel = self._button("cancel", "Cancel", "Keep the points that are there (Escape)")
        cancel.clicked.connect(self.reject)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self.load_button)
        row.addWidget(cancel)
        column = QVBoxLayout(self)
        column.addWidget(said)
        column.addWidget(problems, 1)
        column.addLayout(row)
        self.load_button.setFocus()

    def sizeHint(self) -> QSize:
        """Room for a dozen lines, whatever the size of the text."""
        metrics = self.fontMetrics()
        return QSize(64 * metrics.averageCharWidth(), 20 * metrics.height())

    def accept(self) -> None:
        """Load the others."""
        super().accept()
        self.agreed.emit(self._incoming)

    def _button(self, name: str, title: str, tip: str) -> QPushButton:
        button = QPushButton(title)
        button.setObjectName(f"network.import_problems.{name}")
        button.setAccessibleName(title)
        button.setToolTip(tip)
        return button
