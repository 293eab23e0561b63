"""What tab 2 remembers from one start to the next; damaged values are refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QByteArray, QSettings

from gdviz.gui.network.painting import TOOLS, USUAL_SIZE

if TYPE_CHECKING:
    from gdviz.gui.network.tab import NetworkTab


def save(tab: NetworkTab, settings: QSettings) -> None:
    """Write tool, size of the brush, scale of the loss axis, and the layout where a person changed it."""
    settings.setValue("network/tool", tab.painter.tool)
    settings.setValue("network/brush", tab.painter.size)
    settings.setValue("network/logarithmic", tab.curves.logarithmic)
    settings.setValue("network/upright", tab.columns.upright.saveState())
    if tab.columns.moved:
        settings.setValue("network/columns", tab.columns.saveState())
    else:
        settings.remove("network/columns")


def restore(tab: NetworkTab, settings: QSettings) -> None:
    """Read them back."""
    tool = settings.value("network/tool")
    if tool in TOOLS:
        tab.painter.set_tool(str(tool))
    try:
        tab.painter.set_size(int(str(settings.value("network/brush", USUAL_SIZE))))
    except ValueError:
        tab.painter.set_size(USUAL_SIZE)
    tab.curves.set_logarithmic(str(settings.value("network/logarithmic", "false")).lower() == "true")
    upright, columns = settings.value("network/upright"), settings.value("network/columns")
    if isinstance(upright, QByteArray):
        tab.columns.upright.restoreState(upright)
    if isinstance(columns, QByteArray):
        tab.columns.moved = tab.columns.restoreState(columns)
