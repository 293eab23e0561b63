"""A small label beside the cursor."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtWidgets import QLabel, QWidget

from gdviz.gui.theme import Look
from gdviz.gui.widgets.plot import with_alpha


class CursorLabel(QLabel):
    """Follows the cursor over a widget, within it, and lets the mouse through."""

    def __init__(self, name: str, look: Look, over: QWidget) -> None:
        super().__init__(over)
        self.setObjectName(name)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._look, self._over = look, over
        look.changed.connect(self._restyle)
        self._restyle()
        self.hide()

    def say(self, text: str, at: QPointF) -> None:
        """Show a text below and right of a pixel of the widget, or where there is room; "" hides it."""
        if not text:
            self.hide()
            return
        if text != self.text():
            self.setText(text)
            self.adjustSize()
        away = self._look.pixels(1.5)
        right, below = self._over.width() - self.width(), self._over.height() - self.height()
        x = at.x() + away if at.x() + away <= right else at.x() - away - self.width()
        y = at.y() + away if at.y() + away <= below else at.y() - away - self.height()
        self.move(round(max(x, 0.0)), round(max(y, 0.0)))
        self.show()
        self.raise_()

    def _restyle(self) -> None:
        theme = self._look.theme
        color = with_alpha(theme.panel, 0.9).name(with_alpha(theme.panel, 0.9).NameFormat.HexArgb)
        pad = self._look.pixels(0.5)
        self.setFont(self._look.font(0.9, bold=True))
        self.setStyleSheet(f"color: {theme.text}; background: {color}; border-radius: {pad}px; padding: {pad}px")
        self.adjustSize()
