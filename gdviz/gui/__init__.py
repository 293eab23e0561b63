"""The window; Qt, never TensorFlow."""

import builtins

import PySide6.QtCore  # noqa: F401

# Once it is there, PySide reads the source of every module that is imported, to learn whether that might ask for other
# names of Qt's methods (``from __feature__ import snake_case``). Nothing here does, and it takes a sixth of the start.
builtins.__import__ = getattr(builtins, "__orig_import__", builtins.__import__)
