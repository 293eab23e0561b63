"""Words in two lines at most: what does not fit is told by the tool tip, and by more lines for who asks for them."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy

MOST_LINES = 2


class FewLines(QLabel):
    """Cuts what it says at a word; a link after that unfolds all of it, and folds it again."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setTextFormat(Qt.TextFormat.RichText)
        self.setWordWrap(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        flags = Qt.TextInteractionFlag
        self.setTextInteractionFlags(
            flags.TextSelectableByMouse | flags.LinksAccessibleByMouse | flags.LinksAccessibleByKeyboard
        )
        self.linkActivated.connect(self._turn)
        self._words = ""
        self._unfolded = False

    def say(self, words: str) -> None:
        """Say something else, folded."""
        self._words, self._unfolded = words, False
        self._fit()

    def heightForWidth(self, width: int) -> int:
        """Of all words, or of the lines there may be."""
        if self._unfolded:
            return self._height(f"{self._words} less", width)
        return min(self._height(self._words, width), self._most)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """More words fit, or fewer."""
        super().resizeEvent(event)
        self._fit()

    @property
    def _most(self) -> int:
        return MOST_LINES * self.fontMetrics().lineSpacing()

    def _height(self, words: str, width: int) -> int:
        room = QRect(0, 0, max(1, width), 10**6)
        return self.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words).height()

    def _turn(self) -> None:
        self._unfolded = not self._unfolded
        self._fit()

    def _fit(self) -> None:
        """Leave out words until the lines hold the others with the link."""
        words, link = self._words, ""
        if self._height(words, self.width()) > self._most:
            link = "less" if self._unfolded else "more"
            while words and not self._unfolded and self._height(f"{words} … {link}", self.width()) > self._most:
                words = words.rpartition(" ")[0]
        folded = link == "more"
        shown = escape(f"{words} …" if folded else words)
        self.setText(f'{shown} <a href="{link}">{link}</a>' if link else shown)
        self.setToolTip(self._words if folded else "")
        self.updateGeometry()
