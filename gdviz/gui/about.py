"""The About box: what this is, and the versions of its parts."""

from __future__ import annotations

import platform

from PySide6.QtCore import Qt, qVersion
from PySide6.QtWidgets import QMessageBox, QWidget

from gdviz import __version__

_PARTS = ("PySide6-Essentials", "pyqtgraph", "numpy", "tensorflow", "keras", "contourpy")


def versions() -> dict[str, str]:
    """The version of gdviz and of each part, by name; read from metadata, so nothing heavy is imported."""
    from importlib.metadata import PackageNotFoundError, version  # 20 ms that no start has to wait for

    found = {"gdviz": __version__, "Python": platform.python_version(), "Qt": qVersion()}
    for part in _PARTS:
        try:
            found[part] = version(part)
        except PackageNotFoundError:
            found[part] = "not found"
    return found


def about_box(parent: QWidget) -> QMessageBox:
    """The box, not yet shown; its text can be selected and copied."""
    rows = "".join(f"<tr><td>{name}&nbsp;&nbsp;</td><td>{number}</td></tr>" for name, number in versions().items())
    box = QMessageBox(parent)
    box.setObjectName("about")
    box.setWindowTitle("About gdviz")
    box.setText("<b>gdviz</b><br>Gradient descent on loss surfaces, and on a Keras network trained on your points.")
    box.setInformativeText(f"<table>{rows}</table><p>MIT licence. What it animates is what Keras computes.</p>")
    box.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
    box.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    return box
