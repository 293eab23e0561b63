"""Writing files so that a reader finds the old one or the new one, never half of it."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path


def write_atomically(path: Path, content: str | bytes) -> None:
    """Write a file in full, or leave what was there.

    Args:
        path: where to; its folder must exist.
        content: text, written as UTF-8 with its line ends as they are, or bytes.

    Raises:
        OSError: the folder is missing or the file cannot be written; the message says which.
    """
    data = content.encode() if isinstance(content, str) else content
    # A link is written through, not replaced by a file.
    target = path.resolve()
    if not target.parent.is_dir():
        raise FileNotFoundError(f"cannot write {path}: there is no folder {target.parent}")
    if target.is_dir():
        raise IsADirectoryError(f"cannot write {path}: it is a folder")
    try:
        _replace(target, data)
    except OSError as error:
        raise OSError(f"cannot write {path}: {error.strerror or error}") from error


def _replace(target: Path, data: bytes) -> None:
    # In the same folder, because only within one file system is a rename atomic.
    descriptor, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        Path(name).chmod(_mode(target))
        Path(name).replace(target)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _mode(target: Path) -> int:
    """The permissions that an ordinary write would leave; a temporary file is for its owner alone."""
    if target.exists():
        return target.stat().st_mode & 0o777
    umask = os.umask(0)
    os.umask(umask)
    return 0o666 & ~umask
