"""Icons, all from one set (Material Design Icons), in the colours of the theme."""

from __future__ import annotations

import os
import sys
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QAbstractButton

from gdviz.gui.theme import Look
from gdviz.gui.widgets.imports import after_import
from gdviz.gui.widgets.timers import settled

if TYPE_CHECKING:
    from qtawesome import IconicFont

os.environ.setdefault("QT_API", "pyside6")  # what the set asks for when it is imported
SOON_MILLISECONDS = 200

NAMES = {
    "play": "play",
    "pause": "pause",
    "step_forward": "step-forward",
    "step_back": "step-backward",
    "to_start": "skip-previous",
    "to_end": "skip-next",
    "loop": "repeat",
    "replay": "movie-open-play-outline",
    "take": "playlist-check",
    "add": "plus",
    "remove": "close",
    "copy": "content-copy",
    "undo": "undo",
    "redo": "redo",
    "eraser": "eraser",
    "brush": "brush",
    "point": "circle-medium",
    "select": "select-drag",
    "duplicate": "content-duplicate",
    "paste": "content-paste",
    "jitter": "scatter-plot-outline",
    "fill": "format-color-fill",
    "clear": "delete-outline",
    "import": "folder-open-outline",
    "save": "content-save-outline",
    "seed": "dice-multiple-outline",
    "random": "dice-multiple-outline",
    "reset_view": "fit-to-screen-outline",
    "minus": "minus",
    "batch": "debug-step-over",
    "reset": "restart",
    "fork": "source-fork",
    "tune": "tune-variant",
    "camera": "video-outline",
    "table": "table-arrow-down",
    "formula": "function-variant",
    "code": "code-braces",
    "minima": "crosshairs-gps",
    "panel_left": "dock-left",
    "panel_right": "dock-right",
    "warning": "alert-outline",
    "expand": "arrow-expand-all",
    "pin": "pin-outline",
    "compare": "view-parallel-outline",
    "ghost": "ghost-outline",
}


def icon(name: str, color: str, on: str | None = None) -> QIcon:
    """An icon of ``NAMES`` in a colour, and in another while its button is checked or pressed."""
    made: QIcon = _font().icon(f"mdi6.{NAMES[name]}", color=color, color_on=on or color)
    return made


@cache
def _font() -> IconicFont:
    """The one set that is used here; ``qtawesome.icon`` reads a dozen, and keeps the GUI thread for that long."""
    import qtawesome

    folder = Path(qtawesome.__file__).parent / "fonts"
    (font,), (names,) = (sorted(folder.glob(f"materialdesignicons6-webfont*.{end}")) for end in ("ttf", "json"))
    return qtawesome.IconicFont(("mdi6", font.name, names.name, str(folder)))


def set_icon(button: QAbstractButton, name: str, look: Look) -> None:
    """Give a button its icon, in the colours of the look in force, sized with the text.

    The set takes a tenth of a second to import: the window opens without waiting for that.
    """
    side = look.pixels(2.25)
    button.setIconSize(QSize(side, side))
    if "qtawesome" in sys.modules:
        _draw(button, name, look)
    else:
        draw = partial(_draw_named, button, name, look)
        settled(button, SOON_MILLISECONDS, partial(after_import, button, "qtawesome", draw))


def _draw_named(button: QAbstractButton, name: str, look: Look) -> None:
    """The icon may have become another one since."""
    _draw(button, button.property("icon_name") or name, look)


def _draw(button: QAbstractButton, name: str, look: Look) -> None:
    theme = look.theme
    primary = button.property("role") == "primary"
    button.setIcon(icon(name, theme.on_accent if primary else theme.text, theme.on_accent))
