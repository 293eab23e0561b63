"""Shows the Keras script of what is on the screen, to read, copy and save."""

from __future__ import annotations

import re
from functools import partial
from pathlib import Path

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QFont, QFontDatabase, QGuiApplication, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QPlainTextEdit,
    QPushButton,
    QStyle,
    QVBoxLayout,
    QWidget,
)

from gdviz.files import write_atomically
from gdviz.gui.network.code.highlighter import PythonHighlighter
from gdviz.gui.network.state import NetworkState
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import ElidedLabel, muted
from gdviz.gui.widgets.latest import Latest
from gdviz.network.keras_script import POINTS_FILE, keras_script, points_beside
from gdviz.network.points_file import write_points
from gdviz.network.script.layout import COLUMNS

FILTER = "Python (*.py)"
ROWS = 40
"""What the window shows at once, where the screen has room for it."""

SHARE = 0.9
"""Of the screen it takes at most: window frames need the rest."""

MODEL = re.compile(r"^model = ", re.MULTILINE)
"""Where the network begins in a script; before it come the points."""


def script_of(state: NetworkState, epochs: int, note: str = "") -> str:
    """The script of a state, with a note at its head; or, where there can be none, a comment that says why."""
    try:
        return keras_script(
            state.network,
            state.training,
            state.points,
            epochs=epochs,
            axes=state.axes,
            value_axis=state.value_axis,
            note=note,
        )
    except ValueError as error:
        return f"# {error}\n"


def save_script(path: Path, script: str, state: NetworkState) -> tuple[Path, ...]:
    """Write a script, and beside it the points where it reads them from a file.

    Returns:
        What was written.

    Raises:
        ValueError: a file cannot be written, and why.
    """
    beside = points_beside(state.training, state.points)
    table = path.with_name(POINTS_FILE)
    try:
        if beside is not None:
            write_points(table, beside, values=state.network.regression)
        write_atomically(path, script.encode())
    except OSError as error:
        raise ValueError(f"{path.name} was not saved: {error.strerror or error}") from error
    return (path,) if beside is None else (path, table)


class CodeDialog(QDialog):
    """A window of its own that may stay open: it follows what is on the screen.

    Signals:
        closed(): it was closed.
    """

    closed = Signal()

    def __init__(self, look: Look, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("network.code")
        self.setWindowTitle("Keras code")
        self._look = look
        self._state = NetworkState()
        self._sized = False
        self._unmoved = 0  # where the script is scrolled to unless someone has scrolled
        self.text = QPlainTextEdit()
        self.text.setObjectName("network.code.text")
        self.text.setAccessibleName("The Keras script of what is on the screen")
        self.text.setToolTip("Runs as it stands, with Keras and NumPy")
        self.text.setReadOnly(True)
        self.text.setLineWrapMode(QPlainTextEdit.LineWrapMode.NoWrap)
        self.text.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self._highlighter = PythonHighlighter(self.text.document(), look)
        self.note = muted("")
        self.note.setObjectName("network.code.note")
        self.note.setWordWrap(True)
        self.note.hide()
        self.status = ElidedLabel("network.code.status")
        self.copy_button = self._button("copy", "Copy", "Copy the whole script (Ctrl+Shift+C)", "Ctrl+Shift+C")
        self.save_button = self._button("save", "Save …", "Save the script as a file (Ctrl+S)", "Ctrl+S")
        self.copy_button.clicked.connect(self.copy)
        self.save_button.clicked.connect(self.ask_where)
        self._making, self._saving = Latest("keras script", self), Latest("script file", self)
        self._making.done.connect(self._show)
        self._saving.done.connect(lambda paths: self.status.setText(f"saved {', '.join(map(str, paths))}"))
        self._saving.failed.connect(self.status.setText)
        row = QHBoxLayout()
        row.addWidget(self.status, 1)
        row.addWidget(self.copy_button)
        row.addWidget(self.save_button)
        self._column = QVBoxLayout(self)
        self._column.addWidget(self.note)
        self._column.addWidget(self.text, 1)
        self._column.addLayout(row)
        look.changed.connect(self._restyle)
        self._restyle()

    @property
    def script(self) -> str:
        """What is shown."""
        return self.text.toPlainText()

    def showEvent(self, event: QShowEvent) -> None:
        """Begin with nothing said; the next script is shown from the model on."""
        super().showEvent(event)
        if not event.spontaneous():
            self.status.setText("")
            self._unmoved = self.text.verticalScrollBar().value()

    def show_state(self, state: NetworkState, epochs: int, note: str = "") -> None:
        """Show the script of a state that was trained for so many epochs, and what there is to note."""
        self._state = state
        self.note.setText(note)
        self.note.setVisible(bool(note))
        self._making.request(partial(script_of, state, epochs, note))

    def copy(self) -> None:
        """Copy the whole script."""
        QGuiApplication.clipboard().setText(self.script)
        self.status.setText(f"copied {len(self.script.splitlines())} lines")

    def ask_where(self) -> None:
        """Let a person choose a file, and save."""
        dialog = QFileDialog(self, "Save the Keras script", "network.py", FILTER)
        dialog.setObjectName("network.code.save_dialog")
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix("py")
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(lambda path: self.save_to(Path(path)))
        dialog.open()

    def save_to(self, path: Path) -> None:
        """Save to this file."""
        self._saving.request(partial(save_script, path, self.script, self._state))

    def done(self, result: int) -> None:
        """The window is closed; what made it stays for the next time."""
        super().done(result)
        self.closed.emit()

    def close_dialog(self) -> None:
        """End threads."""
        self._making.close()
        self._saving.close()

    def _button(self, name: str, title: str, tip: str, key: str) -> QPushButton:
        button = QPushButton(title)
        button.setObjectName(f"network.code.{name}")
        button.setAccessibleName(title)
        button.setToolTip(tip)
        button.setShortcut(key)
        button.setAutoDefault(False)
        return button

    def _show(self, script: str) -> None:
        bar, found = self.text.verticalScrollBar(), MODEL.search(script)
        before = bar.value()
        if script != self.script:
            self.status.setText("")  # what was copied or saved is another one
            self.text.setPlainText(script)
            bar.setValue(before)
        if found is not None and before == self._unmoved:  # nobody has scrolled
            bar.setValue(self.text.document().findBlock(found.start()).blockNumber())
            self._unmoved = bar.value()

    def _restyle(self) -> None:
        font = QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont)
        font.setPointSizeF(self._look.font().pointSizeF())
        font.setStyleHint(QFont.StyleHint.Monospace)
        self.text.setFont(font)
        self._highlighter.rehighlight()
        if not self._sized:
            self._sized = True
            self._fit()

    def _fit(self) -> None:
        """As large as the longest lines and many rows need, and no larger than the screen with a frame around."""
        metrics, room = self.text.fontMetrics(), self.screen().availableSize() * SHARE
        beside = 2 * self.text.frameWidth() + self.text.document().documentMargin() * 2
        beside += self.style().pixelMetric(QStyle.PixelMetric.PM_ScrollBarExtent)
        margins = self._column.contentsMargins()
        width = COLUMNS * metrics.horizontalAdvance("0") + round(beside) + margins.left() + margins.right()
        self.resize(QSize(width, ROWS * metrics.height()).boundedTo(room))
