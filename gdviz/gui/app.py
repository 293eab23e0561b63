"""The application: one QApplication, its look, its window, and what happens when something goes wrong."""

from __future__ import annotations

import signal
import sys
import traceback
from collections.abc import Sequence
from functools import partial
from types import TracebackType

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QApplication

from gdviz.gui.main_window import MainWindow
from gdviz.gui.prepare import prepare
from gdviz.gui.settings import read_float, read_text
from gdviz.gui.theme import Look
from gdviz.gui.widgets.garbage import collect_between_events
from gdviz.resources import resource_folder


def build(argv: Sequence[str], *, theme: str | None = None) -> tuple[QApplication, MainWindow]:
    """The application and its window, not yet shown.

    Args:
        argv: the program's name and arguments for Qt.
        theme: "dark" or "white"; the remembered one where it is None.
    """
    existing = QApplication.instance()
    if existing is None:
        prepare()
    app = existing if isinstance(existing, QApplication) else QApplication(list(argv))
    if app is not existing:
        collect_between_events(app)
    app.setApplicationName("gdviz")
    app.setStyle("Fusion")
    app.setWindowIcon(QIcon(str(resource_folder() / "icons" / "gdviz.svg")))
    look = Look(
        app,
        theme=theme or read_text("look/theme", "dark"),
        scale=read_float("look/scale", 1.0),
        pair=read_text("look/pair", "red_green"),
    )
    look.set_surface_map(read_text("look/surface_map", "theme"))
    return app, MainWindow(look)


def run_window(*, full_screen: bool = False, theme: str | None = None) -> int:
    """Open the window and stay until it is closed.

    Returns:
        the exit status.
    """
    app, window = build(sys.argv[:1], theme=theme)
    sys.excepthook = partial(_report, window)
    signal.signal(signal.SIGINT, lambda *_: window.close())  # when Python gets to run: it looks for garbage soon
    window.show()
    if full_screen:
        window.toggle_full_screen()
    return app.exec()


def _report(window: MainWindow, kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
    """An error nobody caught: written down, and said in the window; the program goes on."""
    sys.stderr.write("".join(traceback.format_exception(kind, error, trace)))
    window.say(f"Something went wrong ({kind.__name__}: {error}). The program goes on; its state may be incomplete.")
