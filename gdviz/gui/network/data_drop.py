"""Files and texts dropped onto the tab."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QMimeData, QObject, QRect, Qt, Signal
from PySide6.QtGui import QColor, QDragEnterEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QLabel

from gdviz.gui.widgets.plot import with_alpha

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab

MODEL_SUFFIX = ".keras"


def dropped(mime: QMimeData) -> Path | str | None:
    """The file that is dragged (the first of many), or the text; None where there is neither."""
    paths = [url.toLocalFile() for url in mime.urls() if url.isLocalFile()]
    if paths:
        return Path(paths[0])
    return mime.text() if mime.hasText() and not mime.hasUrls() and mime.text().strip() else None


class DropArea(QObject):
    """Takes what is dropped anywhere on the tab; while it hovers, the canvas says what a drop would do.

    Signals:
        points_dropped(object): the Path of a table.
        model_dropped(str): the path of a .keras file.
        text_dropped(str): a text.
    """

    points_dropped = Signal(object)
    model_dropped = Signal(str)
    text_dropped = Signal(str)

    def __init__(self, tab: NetworkTab) -> None:
        super().__init__(tab)
        self._tab = tab
        self._hint = QLabel(tab)
        self._hint.setObjectName("network.drop_hint")
        self._hint.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._hint.setWordWrap(True)
        self._hint.setTextFormat(Qt.TextFormat.PlainText)
        self._hint.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._hint.hide()
        tab.setAcceptDrops(True)
        tab.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """What is dragged over the tab."""
        match event:
            case QDragEnterEvent():  # the most special first: each is also one of those below
                return self._enter(event)
            case QDragMoveEvent():
                event.acceptProposedAction()
                return True
            case QDropEvent():
                return self._drop(event)
        if event.type() == QEvent.Type.DragLeave:
            self._hint.hide()
        return False

    def _enter(self, event: QDragEnterEvent) -> bool:
        what = dropped(event.mimeData())
        if what is None or event.source() is not None:  # nothing from within the program is meant for here
            return False
        self._show(what)
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        return True

    def _drop(self, event: QDropEvent) -> bool:
        self._hint.hide()
        what = dropped(event.mimeData())
        if what is None:
            return False
        event.setDropAction(Qt.DropAction.CopyAction)
        event.accept()
        if isinstance(what, str):
            self.text_dropped.emit(what)
        elif what.suffix.lower() == MODEL_SUFFIX:
            self.model_dropped.emit(str(what))
        else:
            self.points_dropped.emit(what)
        return True

    def _show(self, what: Path | str) -> None:
        look, area = self._tab.look, self._tab.view_area
        if isinstance(what, str):
            text = "Drop the text: its points replace those that are here"
        elif what.suffix.lower() == MODEL_SUFFIX:
            text = f"Drop {what.name}: go on with this model"
        else:
            text = f"Drop {what.name}: its points replace those that are here"
        panel: QColor = with_alpha(look.theme.panel, 0.85)
        self._hint.setText(text)
        self._hint.setFont(look.font(1.15))
        self._hint.setStyleSheet(
            f"QLabel {{ color: {look.theme.text}; background: {panel.name(QColor.NameFormat.HexArgb)};"
            f" border: {max(2, look.pixels(0.375))}px dashed {look.theme.accent};"
            f" border-radius: {look.pixels(1)}px; padding: {look.pixels(2)}px }}"
        )
        self._hint.setGeometry(QRect(area.mapTo(self._tab, area.rect().topLeft()), area.size()))
        self._hint.show()
        self._hint.raise_()
