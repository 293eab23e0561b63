"""What the window remembers from one start to the next."""

from __future__ import annotations

from PySide6.QtCore import QSettings


def settings() -> QSettings:
    """The settings file of this user; damaged values are the reader's to refuse."""
    return QSettings(QSettings.Format.IniFormat, QSettings.Scope.UserScope, "gdviz", "gdviz")


def read_float(key: str, default: float) -> float:
    """A number from the settings; the default where there is none, or none that can be read."""
    try:
        return float(str(settings().value(key, default)))
    except ValueError:
        return default


def read_text(key: str, default: str) -> str:
    """A text from the settings; the default where there is none."""
    return str(settings().value(key, default))
