"""The 3-D view, where there can be one; otherwise why there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QLabel, QVBoxLayout

from gdviz.gui.network.views.cursor_label import CursorLabel
from gdviz.gui.network.views.result import Result, ResultView
from gdviz.gui.numbers import short
from gdviz.gui.theme import Look
from gdviz.gui.widgets.controls import icon_button, in_corner

if TYPE_CHECKING:
    from gdviz.gui.network.views.height_scene import HeightScene


class ReliefView(ResultView):
    """The output as height over x1 and x2.

    Attributes:
        scene: what is drawn; None without OpenGL.
    """

    def __init__(self, look: Look) -> None:
        super().__init__()
        self.setObjectName("network.relief")
        self.scene, reason = _make_scene(look)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        if self.scene is None:
            self._lack = QLabel(f"no 3-D: {reason}")
            self._lack.setObjectName("network.relief.lack")
            self._lack.setWordWrap(True)
            self._lack.setAlignment(Qt.AlignmentFlag.AlignCenter)
            column.addWidget(self._lack)
            return
        self._label = CursorLabel("network.relief.readout", look, self.scene)
        reset = icon_button(
            "network.relief.reset",
            "reset_view",
            "Look at it as at first",
            look,
            tip="Look at it as at first (0); left button rotates, right one moves, wheel zooms",
        )
        reset.clicked.connect(self.reset_view)
        in_corner(self.scene, reset, left=True)
        self.scene.painted.connect(self.painted)
        self.scene.hovered.connect(self._tell)
        column.addWidget(self.scene)

    def show_result(self, result: Result) -> None:
        """Draw another surface, or other points."""
        if self.scene is not None:
            self.scene.show_result(result)
        else:
            self.painted.emit()

    def reset_view(self) -> None:
        """See all of it, from a corner."""
        if self.scene is not None:
            self.scene.look_as_at_first()

    def close_view(self) -> None:
        """Give back what OpenGL holds."""
        if self.scene is not None:
            self.scene.release()

    def _tell(self, place: tuple[float, float, float] | None, at: QPointF | None) -> None:
        self.hovered.emit(place)
        if place is None or at is None:
            self._label.hide()
        else:
            self._label.say(short(place[2], 3), at)


def _make_scene(look: Look) -> tuple[HeightScene | None, str]:
    """The scene, or None and the reason, for people. Loads OpenGL, which takes a tenth of a second."""
    if QGuiApplication.platformName() in ("offscreen", "minimal", "vnc"):
        return None, f"the {QGuiApplication.platformName()} platform has no OpenGL"
    try:
        from gdviz.gui.network.views.height_scene import HeightScene
        from gdviz.gui.widgets.offscreen_gl import OpenGLError
    except (ImportError, OSError, AttributeError) as error:  # PyOpenGL without the system's library raises any of them
        return None, f"OpenGL cannot be loaded ({error})"
    try:
        return HeightScene(look), ""
    except OpenGLError as error:
        return None, str(error)
