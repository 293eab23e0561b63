"""Where the 3-D view is looked at from."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QToolButton

from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import set_look_icon


@dataclass(frozen=True, slots=True)
class Camera:
    """A preset: angles in degrees, distance in half widths of the surface."""

    title: str
    elevation: float
    azimuth: float
    distance: float = 3.6

    @property
    def position(self) -> dict[str, float]:
        """As ``setCameraPosition`` takes it."""
        return {"elevation": self.elevation, "azimuth": self.azimuth, "distance": self.distance}


CAMERAS = {
    "corner": Camera("From a corner", 36, -62),
    "above": Camera("From above", 90, -90, 2.9),
    "w0": Camera("Along w1, w0 to the right", 8, -90, 3.2),
    "w1": Camera("Along w0, w1 to the right", 8, 0, 3.2),
    "low": Camera("From below the rim", 14, -45, 3.2),
}
CENTRE = (0.0, 0.0, -0.14)


class CameraButton(QToolButton):
    """A menu of the presets, and whether the camera follows the selected racer.

    Signals:
        chosen(str): a key of ``CAMERAS``.
        followed(bool): follow, or stand.
    """

    chosen = Signal(str)
    followed = Signal(bool)

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("descent.camera")
        self.setAccessibleName("Camera")
        self.setToolTip("Where the surface is looked at from; drag rotates, wheel zooms, middle button pans")
        self.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        set_look_icon(self, "camera", look)
        menu = QMenu(self)
        for key, camera in CAMERAS.items():
            action = menu.addAction(camera.title)
            action.setObjectName(f"descent.camera.{key}")
            action.triggered.connect(partial(self._choose, key))
        menu.addSeparator()
        self._follow = QAction("Follow the selected racer", menu)
        self._follow.setObjectName("descent.camera.follow")
        self._follow.setCheckable(True)
        self._follow.toggled.connect(self.followed)
        menu.addAction(self._follow)
        self.setMenu(menu)

    def show_followed(self, followed: bool) -> None:
        """Show whether it follows, without emitting."""
        self._follow.blockSignals(True)
        self._follow.setChecked(followed)
        self._follow.blockSignals(False)

    def _choose(self, key: str) -> None:
        self.show_followed(False)
        self.chosen.emit(key)
