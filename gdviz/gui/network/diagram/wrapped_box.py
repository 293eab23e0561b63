"""A combo box for a narrow column: what does not fit in one line takes two."""

from __future__ import annotations

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPaintEvent, QPalette
from PySide6.QtWidgets import QComboBox, QStyle, QStyleOptionComboBox, QStylePainter


class WrappedBox(QComboBox):
    """As high as its words need; ``fit`` tells it its width."""

    _wraps = False

    def fit(self, width: int) -> None:
        """Take as many lines as the words need at this width."""
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        option.rect = QRect(0, 0, width, self.height())
        metrics = self.fontMetrics()
        self._wraps = metrics.horizontalAdvance(self.currentText()) > self._room(option).width()
        self.setFixedHeight(self.sizeHint().height() + (metrics.lineSpacing() if self._wraps else 0))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the words in as many lines."""
        if not self._wraps:
            super().paintEvent(event)
            return
        option = QStyleOptionComboBox()
        self.initStyleOption(option)
        words, option.currentText = option.currentText, ""
        painter = QStylePainter(self)
        painter.drawComplexControl(QStyle.ComplexControl.CC_ComboBox, option)
        painter.setPen(self.palette().color(QPalette.ColorRole.Text))
        where = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(self._room(option), Qt.TextFlag.TextWordWrap | where, words)

    def _room(self, option: QStyleOptionComboBox) -> QRect:
        part = QStyle.SubControl.SC_ComboBoxEditField
        return self.style().subControlRect(QStyle.ComplexControl.CC_ComboBox, option, part, self)
