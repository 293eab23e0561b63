"""Modules that take long to import, imported beside the GUI thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from gdviz.gui.widgets.timers import once

log = logging.getLogger(__name__)


def after_import(owner: QObject, module: str, do: Callable[[], object]) -> None:
    """Import a module on a thread of its own, then do something on the GUI thread.

    It is done, too, where the module cannot be imported: the import in what is done says why.

    Args:
        owner: nothing is done once it is gone.
        module: the full name.
        do: what waits for it.
    """
    _imports().begin(owner, module, do)


class _Imports(QObject):
    """Who waits for which module. Only the GUI thread knows of them: the other threads say names."""

    over = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self._waiting: dict[str, list[tuple[QObject, Callable[[], object]]]] = {}
        self._turn = threading.Lock()  # two imports at once would only wait for each other
        self.over.connect(self._let_go)

    def begin(self, owner: QObject, module: str, do: Callable[[], object]) -> None:
        is_new = module not in self._waiting
        self._waiting.setdefault(module, []).append((owner, do))
        if is_new:
            threading.Thread(target=self._import, args=(module,), name=f"import of {module}", daemon=True).start()

    def _import(self, module: str) -> None:
        with self._turn:
            try:
                import_module(module)
            except Exception:
                log.debug("%s cannot be imported", module, exc_info=True)
        with suppress(RuntimeError):  # Qt has ended meanwhile, and nobody waits any more
            self.over.emit(module)

    def _let_go(self, module: str) -> None:
        for owner, do in self._waiting.pop(module):
            if isValid(owner):
                once(owner, 0, do)  # each on its own: an error in one does not stop the others


@cache
def _imports() -> _Imports:
    """The one of this process: it outlives every thread that speaks to it."""
    return _Imports()
