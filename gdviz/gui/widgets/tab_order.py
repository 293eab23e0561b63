"""Where the tab key goes, in widgets whose parts come late."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget


def order_parts(whole: QWidget, parts: Sequence[QWidget]) -> None:
    """Let the tab key go through the parts of a widget in this order, where the widget is.

    Qt puts a part that comes late after everything else in the window.
    """
    stops = [each for part in parts for each in (part, *part.findChildren(QWidget)) if _is_stop(each, whole)]
    for first, second in pairwise([*_stop_before(whole), *stops]):
        QWidget.setTabOrder(first, second)


def _stop_before(whole: QWidget) -> list[QWidget]:
    """Where the tab key stops before it comes to the widget; empty where it comes there first."""
    before = whole.previousInFocusChain()
    while before is not None and before is not whole and not _is_stop(before, whole):
        before = before.previousInFocusChain()
    return [] if before is None or before is whole or whole.isAncestorOf(before) else [before]


def _is_stop(widget: QWidget, whole: QWidget) -> bool:
    """Lists that open below a box are windows of their own."""
    return bool(widget.focusPolicy() & Qt.FocusPolicy.TabFocus) and widget.window() is whole.window()
