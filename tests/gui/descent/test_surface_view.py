"""The 3-D view: what stands still is copied beneath what moves, and nobody can tell the difference."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from gdviz.descent.spec import SurfaceSpec
from gdviz.gui.widgets.gl_scene import FARTHEST, NEAREST, draw_ticks
from gdviz.gui.widgets.offscreen_gl import OffscreenGLView
from tests.windows import turn_wheel

ROUNDED = 1e-4
"""Share of the pixels that may be others: where a line just touches the surface, depths are rounded otherwise."""


def pixels(picture: QImage) -> np.ndarray:
    picture = picture.convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(picture.constBits(), np.uint8).reshape(picture.height(), picture.width(), 4).astype(int)


def shown_and_drawn_whole(view: OffscreenGLView) -> tuple[np.ndarray, np.ndarray]:
    """The view's scene as it shows it, and drawn whole, as if nothing could be copied."""
    view.update()
    view.grab()
    shown = pixels(view._picture)
    copies, view._copies = view._copies, False
    whole = pixels(view._drawn())
    view._copies = copies
    return shown, whole


def other_surface(tab, qtbot):
    relief = tab.surface_view._relief
    tab.session.set_surface(SurfaceSpec("himmelblau"))
    qtbot.waitUntil(lambda: tab.session.race.spec == tab.session.spec and tab.surface_view._relief is not relief)
    tab.session.pause()


CHANGES = {
    "a step": lambda tab, qtbot: tab.session.go_to(25),
    "a step back": lambda tab, qtbot: tab.session.go_to(5),
    "another camera": lambda tab, qtbot: tab.surface_view.orbit(40, 15),
    "nearer": lambda tab, qtbot: tab.surface_view.setCameraPosition(distance=1.5),
    "another theme": lambda tab, qtbot: tab.look.set_theme("white"),
    "other colours": lambda tab, qtbot: tab.look.set_surface_map("viridis"),
    "another surface": other_surface,
    "another size": lambda tab, qtbot: tab.resize(1000, 640),
}


def test_it_shows_what_a_scene_drawn_whole_shows(tab, qtbot):
    view, before = tab.surface_view, None
    if not view._copies:
        pytest.skip("this OpenGL copies no pictures")
    tab.session.go_to(15)
    for name, change in CHANGES.items():
        change(tab, qtbot)
        for hurried in (True, False):
            view.hurry(hurried)
            shown, whole = shown_and_drawn_whole(view)
            assert (shown != whole).any(axis=2).mean() < ROUNDED, name
        assert before is None or before.shape != shown.shape or (before != shown).any(), f"{name}: nothing changed"
        before = shown


def test_its_picture_is_opaque(tab, qtbot):
    for hurried in (True, False):
        tab.surface_view.hurry(hurried)
        assert (shown_and_drawn_whole(tab.surface_view)[0][..., 3] == 255).all()


class Recorder(QPainter):
    """Keeps where texts are written."""

    def __init__(self, picture):
        super().__init__(picture)
        self.boxes = []

    def drawText(self, place, text):  # noqa: N802  # Qt's
        self.boxes.append(self.fontMetrics().boundingRect(text).translated(place.toPoint()))


def test_what_is_written_at_the_axes_never_piles_up(tab, qtbot):
    view = tab.surface_view
    picture = QPixmap(view.size())
    for distance, fewest in ((NEAREST, 0), (1.5, 1), (3.6, 10), (FARTHEST, 3)):
        view.setCameraPosition(distance=distance)
        recorder = Recorder(picture)
        draw_ticks(recorder, view._axes.ticks, view.to_widget(), tab.look, view.size())
        recorder.end()
        assert len(recorder.boxes) >= fewest
        for one, other in combinations(recorder.boxes, 2):
            assert not one.adjusted(1, 1, -1, -1).intersects(other.adjusted(1, 1, -1, -1))
    view.reset_view()


def test_zooming_never_loses_the_scene(tab):
    view = tab.surface_view
    for modifier in (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ControlModifier):
        for angle, limit in ((12_000, NEAREST), (-24_000, FARTHEST)):
            assert turn_wheel(view, view.rect().center(), angle, modifier)
            assert view.opts["distance"] == limit
    view.reset_view()
    seen = view.seen_at(np.array([[x, y, 0.0] for x in (-1.0, 1.0) for y in (-1.0, 1.0)]))[0]
    assert (seen > 0).all()
    assert (seen < (view.width(), view.height())).all()
