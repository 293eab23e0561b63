"""Colours for Python: keywords, texts, numbers and comments."""

from __future__ import annotations

import keyword
import re

from PySide6.QtGui import QColor, QSyntaxHighlighter, QTextCharFormat, QTextDocument

from gdviz.gui.theme import Look

_WORDS = re.compile(
    r"""(?P<comment>\#.*)
      | (?P<text>[rbf]?(?:\"\"\".*?(?:\"\"\"|$)|"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'))
      | (?P<keyword>\b(?:"""
    + "|".join(keyword.kwlist)
    + r""")\b)
      | (?P<number>(?<![\w.])-?\d[\d_]*\.?\d*(?:e[+-]?\d+)?\b)""",
    re.VERBOSE,
)


class PythonHighlighter(QSyntaxHighlighter):
    """Colours a document; texts over several lines are coloured on their first one only."""

    def __init__(self, document: QTextDocument, look: Look) -> None:
        super().__init__(document)
        self._look = look

    def highlightBlock(self, text: str) -> None:
        """Colour one line."""
        theme = self._look.theme
        _, green = self._look.labels
        colors = {
            "comment": QColor(theme.muted),
            "text": green,
            "keyword": QColor(theme.accent),
            "number": QColor(theme.warning),
        }
        for found in _WORDS.finditer(text):
            kind = found.lastgroup or "text"
            style = QTextCharFormat()
            style.setForeground(colors[kind])
            style.setFontItalic(kind == "comment")
            self.setFormat(found.start(), found.end() - found.start(), style)
