"""The keys of tab 2, each an action that the window's menu shows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


def add_keys(tab: NetworkTab) -> None:
    """Give a tab its actions; their keys work while it is in front and no field takes them as text."""
    painter, panel = tab.painter, tab.network_panel
    for name, title, key, do in (
        ("brush", "Brush", "B", lambda: painter.set_tool("brush")),
        ("point", "Single point", "P", lambda: painter.set_tool("point")),
        ("eraser", "Eraser", "E", lambda: painter.set_tool("eraser")),
        ("larger_brush", "Larger brush", "]", lambda: painter.resize(1)),
        ("smaller_brush", "Smaller brush", "[", lambda: painter.resize(-1)),
        ("clear", "Remove all points", "Ctrl+Backspace", tab.clear),
        ("import", "Import points…", "Ctrl+I", tab.files.ask_to_read),
        ("export", "Export points…", "Ctrl+E", tab.export_points),
        ("step_batch", "Train one batch", "Shift+Right", tab.step_batch),
        ("new_seed", "New seed", "N", tab.new_seed),
        ("more_layers", "One layer more", "L", panel.add_layer),
        ("fewer_layers", "One layer fewer", "Shift+L", panel.remove_layer),
        ("view", "Soft or hard view", "V", tab.top.next_view),
        ("loss_scale", "Other loss axis", "G", tab.curves.toggle_scale),
        ("fold_left", "Fold the data panel", "F7", lambda: tab.columns.toggle(0)),
        ("fold_right", "Fold the network panel", "F8", lambda: tab.columns.toggle(2)),
    ):
        action = QAction(title, tab)
        action.setObjectName(f"network.action.{name}")
        action.setShortcut(QKeySequence(key))
        action.setShortcutContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
        action.triggered.connect(lambda _=False, do=do: do())
        tab.addAction(action)
