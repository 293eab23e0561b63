"""A slider that goes to where one clicks."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QProxyStyle, QSlider, QStyle, QStyleHintReturn, QStyleOption, QWidget


class _AtOnce(QProxyStyle):
    """The style in force, but for what the left button does in a groove."""

    def styleHint(
        self,
        hint: QStyle.StyleHint,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
        data: QStyleHintReturn | None = None,
    ) -> int:
        """The left button sets a slider to where it is clicked, rather than a page nearer."""
        if hint == QStyle.StyleHint.SH_Slider_AbsoluteSetButtons:
            return Qt.MouseButton.LeftButton.value
        return super().styleHint(hint, option, widget, data)


class ScrubSlider(QSlider):
    """A lying slider to scrub with: a click in its groove goes there, and a drag goes on from there."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        style = _AtOnce()
        style.setParent(self)
        self.setStyle(style)
